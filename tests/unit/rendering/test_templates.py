"""Template files: a user's over ours, and mistakes with file and line."""

from pathlib import Path
from typing import Any

import pytest

from digestbot.domain.card import Block, Paragraph, Text
from digestbot.errors import BrokenFiles, Problem
from digestbot.rendering.templates import Templates


def folder(path: Path, **files: str) -> Path:
    """A folder of templates; `__` in a name is a slash."""
    for name, source in files.items():
        file = path / f"{name.replace('__', '/')}.md.j2"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source, encoding="utf-8")
    return path


def paragraph(text: str) -> tuple[Block, ...]:
    return (Paragraph((Text(text),)),)


def problems(templates: Templates, name: str, **values: Any) -> list[Problem]:  # noqa: ANN401  # any value
    with pytest.raises(BrokenFiles) as broken:
        templates.blocks(name, values)
    return list(broken.value.problems)


def test_a_users_file_lies_over_ours_and_ours_stays_reachable(tmp_path: Path) -> None:
    ours = folder(tmp_path / "ours", card="ours", part__a="part", digest="digest")
    user = folder(tmp_path / "user", card='mine, not {% include "default:card.md.j2" %}')
    templates = Templates(ours, [user])
    assert templates.blocks("card", {}) == paragraph("mine, not ours")
    assert templates.blocks("digest", {}) == paragraph("digest")


def test_the_last_of_several_folders_lies_on_top(tmp_path: Path) -> None:
    first, second = folder(tmp_path / "a", card="first"), folder(tmp_path / "b", card="second")
    assert Templates(folder(tmp_path / "ours", card="ours"), [first, second]).blocks("card", {}) == paragraph("second")


def test_a_block_of_ours_may_be_replaced(tmp_path: Path) -> None:
    ours = folder(tmp_path / "ours", card="a {% block middle %}{{ x }}{% endblock %} c")
    source = '{% extends "default:card.md.j2" %}{% block middle %}({{ super() }}){% endblock %}'
    assert Templates(ours, [folder(tmp_path / "user", card=source)]).blocks("card", {"x": "*b*"}) == paragraph(
        "a (*b*) c"
    )


def test_names_are_those_of_whole_cards(tmp_path: Path) -> None:
    templates = Templates(folder(tmp_path, card="", mine="", parts__a="", replies__help="", web__page=""))
    assert templates.names == ("card", "mine")
    assert templates.parts == ("parts/a", "replies/help", "web/page")


def test_files_are_read_once(tmp_path: Path) -> None:
    templates = Templates(folder(tmp_path, card="before"))
    folder(tmp_path, card="after")
    assert templates.blocks("card", {}) == paragraph("before")


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert Templates(folder(tmp_path / "ours", card="a"), [tmp_path / "none"]).names == ("card",)


def test_a_file_that_is_no_text_is_reported(tmp_path: Path) -> None:
    (tmp_path / "card.md.j2").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BrokenFiles, match="cannot be read as UTF-8 text"):
        Templates(tmp_path)


def test_a_syntax_error_has_its_line(tmp_path: Path) -> None:
    templates = Templates(folder(tmp_path, card="one\n{% if %}\n"))
    assert problems(templates, "card")[0].path == str(tmp_path / "card.md.j2")
    assert problems(templates, "card")[0].line == 2


def test_an_unknown_filter_is_reported_where_it_stands(tmp_path: Path) -> None:
    templates = Templates(folder(tmp_path, card='a\n{% include "part/a.md.j2" %}', part__a="b\nc\n{{ 'x' | shout }}"))
    (problem,) = problems(templates, "card")
    assert (problem.path, problem.line, problem.message) == (
        str(tmp_path / "part/a.md.j2"),
        3,
        "No filter named 'shout'.",
    )


def test_an_undefined_variable_is_reported_where_it_stands(tmp_path: Path) -> None:
    part = "{% if true %}\n\n{{ story.headlin }}\n{% endif %}"
    templates = Templates(folder(tmp_path, card='a\n{% include "part/a.md.j2" %}', part__a=part))
    (problem,) = problems(templates, "card", story={"headline": "x"})
    assert (problem.path, problem.line) == (str(tmp_path / "part/a.md.j2"), 3)
    assert "headlin" in problem.message


def test_a_missing_partial_is_reported_where_it_is_included(tmp_path: Path) -> None:
    (problem,) = problems(Templates(folder(tmp_path, card='a\nb\n{% include "parts/none.md.j2" %}')), "card")
    assert (problem.path, problem.line) == (str(tmp_path / "card.md.j2"), 3)
    assert problem.message == "there is no template ‘parts/none.md.j2’"


def test_an_unknown_template_is_reported_by_name(tmp_path: Path) -> None:
    assert problems(Templates(tmp_path), "none") == [Problem("none.md.j2", 0, 0, "there is no template ‘none.md.j2’")]


def test_a_template_that_includes_itself_is_reported(tmp_path: Path) -> None:
    (problem,) = problems(Templates(folder(tmp_path, card='{% include "card.md.j2" %}')), "card")
    assert (problem.path, problem.message) == (str(tmp_path / "card.md.j2"), "the template includes itself without end")


def test_unknown_markdown_is_reported_at_the_line_that_wrote_it(tmp_path: Path) -> None:
    card = """{# a comment #}
# {{ title }}
{% for row in rows %}
- {{ row }}
{% endfor %}

{% if rows %}
{% include "parts/a.md.j2" %}
{% endif %}

::: box
:::
"""
    templates = Templates(folder(tmp_path, card=card, parts__a="Part\n\n`code` {{ title }}\n"))
    found = problems(templates, "card", title="T\nitle", rows=["a", "b", "c"])
    assert [(Path(problem.path).name, problem.line, problem.message) for problem in found] == [
        ("a.md.j2", 3, "cards have no code"),
        ("card.md.j2", 11, "there is no container ‘box’, only spoiler, actions, small, notice"),
    ]


def test_a_mistake_in_a_filters_value_is_reported_where_it_stands(tmp_path: Path) -> None:
    (problem,) = problems(Templates(folder(tmp_path, card="a\n\n{{ 'x' | number }}")), "card", locale="en", zone="UTC")
    assert (problem.line, problem.message.split(":")[0]) == (3, "InvalidOperation")
