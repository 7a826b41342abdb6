"""The page about Slack says what the code says."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from digestbot.platforms.slack import door, oauth
from digestbot.platforms.slack.scopes import REASONS

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "slack.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    """The cells of the table in a part of the page, without its head."""
    (part,) = re.findall(rf"(?ms)^## {heading}\n(.*?)(?=^## |\Z)", PAGE)
    lines = [line for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def texts() -> Iterator[str]:
    """Every string in the package."""
    for path in (ROOT / "digestbot").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def test_every_scope_is_there_with_its_reason() -> None:
    assert {scope.strip("`"): reason for scope, reason in rows("What it asks for")} == dict(REASONS)


def test_what_somebody_sees_when_something_goes_wrong_is_what_digestbot_says() -> None:
    seen = [match[1] for row in rows("When something goes wrong") if (match := re.fullmatch(r"`(.+)`", row[0]))]
    assert len(seen) > 10
    said = "\n".join(texts())
    assert [words for words in seen if words not in said] == []


def test_the_paths_for_a_proxy_are_those_that_are_served() -> None:
    named = set(re.findall(r"(?m)^ +\| `(/slack/\w+)` \|", PAGE))
    assert named == {*door.PATHS, *oauth.PATHS}
