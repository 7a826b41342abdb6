"""The check of templates: every problem is found at start-up."""

from pathlib import Path

import pytest

from digestbot import content
from digestbot.errors import BrokenFiles
from digestbot.rendering.check import check_templates
from digestbot.rendering.templates import Templates


def problems(tmp_path: Path, **files: str) -> list[tuple[str, int, str]]:
    """What the check says of a user's files over ours; `__` in a name is a slash."""
    for name, source in files.items():
        file = tmp_path / f"{name.replace('__', '/')}.md.j2"
        file.parent.mkdir(exist_ok=True)
        file.write_text(source, encoding="utf-8")
    with pytest.raises(BrokenFiles) as broken:
        check_templates(Templates(content.templates(), [tmp_path]))
    return [(Path(p.path).name, p.line, p.message) for p in broken.value.problems]


def test_ours_are_good() -> None:
    check_templates(Templates(content.templates()))


def test_every_problem_of_every_file_is_reported_once(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        card="fine\n\n{{ nonsense }}",
        mine="{% if %}",
        parts__quote="> {{ quote.txt }}\n",
        replies__help="{{ 'x' | shout }}",
        winners="```\n{{ event.name }}\n```\n",
    )
    assert [(name, line) for name, line, _ in found] == [
        ("card.md.j2", 3),
        ("mine.md.j2", 1),
        ("quote.md.j2", 1),
        ("help.md.j2", 1),
        ("winners.md.j2", 1),
    ]


@pytest.mark.parametrize(
    "source",
    [
        "{{ story.event.name }}",
        "{{ story.quote.text }}",
        "{{ story.source.name }}",
        "{{ story.image.url }}",
        "{{ story.correction.note }}",
        "{{ event.name }}",
    ],
)
def test_what_only_some_stories_have_must_be_asked_for_first(tmp_path: Path, source: str) -> None:
    assert [name for name, *_ in problems(tmp_path, card=source)] == ["card.md.j2"]


def test_a_missing_template_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(BrokenFiles, match=r"digest.md.j2:0:0: this template is missing"):
        check_templates(Templates(tmp_path))


def test_replies_are_compiled_without_their_values(tmp_path: Path) -> None:
    (tmp_path / "replies").mkdir()
    (tmp_path / "replies" / "mine.md.j2").write_text("{{ whatever.comes }}", encoding="utf-8")
    check_templates(Templates(content.templates(), [tmp_path]))
