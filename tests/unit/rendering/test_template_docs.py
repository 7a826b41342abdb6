"""docs/templates.md: it names everything that a template can use, and its example works."""

import re
from pathlib import Path

import pytest

from digestbot import content
from digestbot.domain.card import Card
from digestbot.ports import Setting
from digestbot.rendering.check import check_templates
from digestbot.rendering.markdown import CONTAINERS
from digestbot.rendering.samples import FULL_EVENT, MAXIMAL
from digestbot.rendering.sandbox import FUNCTIONS, Sandbox
from digestbot.rendering.templates import Templates
from digestbot.rendering.views import View, context

PAGE = (Path(__file__).parents[3] / "docs" / "templates.md").read_text(encoding="utf-8")
CODE = " ".join(re.findall(r"`([^`\n]+)`", PAGE))


def keys(view: object) -> set[str]:
    """Every key of the dicts in a view."""
    if isinstance(view, list):
        return set().union(*map(keys, view))
    return set(view) | set().union(*map(keys, view.values())) if isinstance(view, dict) else set()


def everything() -> View:
    return context([MAXIMAL], FULL_EVENT, Setting())


@pytest.mark.parametrize("name", sorted(keys(everything())))
def test_every_variable_is_documented(name: str) -> None:
    assert re.search(rf"\b{name}\b", CODE)


@pytest.mark.parametrize("name", sorted({*FUNCTIONS, *Sandbox(Templates(content.templates())._files).filters}))
def test_every_filter_and_function_is_documented(name: str) -> None:
    assert re.search(rf"\b{name}\b", CODE)


@pytest.mark.parametrize("name", CONTAINERS)
def test_every_container_is_documented(name: str) -> None:
    assert f"`::: {name}`" in PAGE


def test_the_example_is_a_good_template(tmp_path: Path) -> None:
    example, *_ = [code for code in re.findall(r"```jinja\n(.*?)```", PAGE, re.DOTALL) if "short.md.j2" in code]
    addition, *_ = [code for code in re.findall(r"```jinja\n(.*?)```", PAGE, re.DOTALL) if "default:" in code]
    (tmp_path / "short.md.j2").write_text(example, encoding="utf-8")
    (tmp_path / "card.md.j2").write_text(addition, encoding="utf-8")
    templates = Templates(content.templates(), [tmp_path])
    check_templates(templates)
    card = Card(blocks=templates.blocks("short", context([MAXIMAL], None, Setting())))
    assert card.title == MAXIMAL.headline
