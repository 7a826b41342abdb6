"""What readers can see of a text from outside."""

import pytest

from digestbot.domain.visible import in_rows, shows


@pytest.mark.parametrize(
    ("text", "seen"), [("a", True), ("\u0301", True), ("", False), (" \u00a0\n\u200b\u202e", False)]
)
def test_white_space_and_the_invisible_show_nothing(text: str, seen: bool) -> None:  # noqa: FBT001  # parametrized
    assert shows(text) is seen


def test_line_feeds_are_the_only_breaks() -> None:
    assert in_rows("a\r\nb\u2028c\x85d\x0be\u200b") == "a \nb c d e"
