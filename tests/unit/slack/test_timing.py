"""Timing: `when` apart and together again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.commands.verbs import BY_NAME, option_of
from digestbot.domain.schedule import DAYS as DAY_NAMES
from digestbot.domain.schedule import parse_cadence
from digestbot.platforms.slack.inputs import state_of, text_in
from digestbot.platforms.slack.timing import PARTS, composed, decomposed, timing_blocks, timing_faults
from tests.unit.slack.test_inputs import TEXTS

WHEN = option_of(BY_NAME["subscribe"], "when")


def filled(text: str | None, *, keeps: bool = True) -> dict[str, str]:
    """What the inputs hold that nobody touched."""
    assert WHEN
    blocks = timing_blocks(WHEN, text, keeps=keeps)
    found = {block["block_id"]: text_in(state_of(block["element"]), ",") for block in blocks}
    assert tuple(found) == PARTS
    return found


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("instant", {"when": "instant"}),
        ("Daily 09:00", {"when": "daily", "when.at": "09:00"}),
        ("weekly mon,thu 18:30", {"when": "weekly", "when.days": "mon,thu", "when.at": "18:30"}),
        ("daily 09:00; daily 18:00", {"when": "text", "when.text": "daily 09:00; daily 18:00"}),
        ("0 9 * * mon-fri", {"when": "text", "when.text": "0 9 * * mon-fri"}),
        ("daily 25:00", {"when": "text", "when.text": "daily 25:00"}),
        ("weekly someday 09:00", {"when": "text", "when.text": "weekly someday 09:00"}),
    ],
)
def test_a_text_is_taken_apart(text: str, parts: dict[str, str]) -> None:
    assert decomposed(text) == parts
    assert {**parts, "when.at": parts.get("when.at", "09:00")}.items() <= filled(text).items()


@given(
    st.sampled_from(["instant", "daily 00:00", "daily 23:59", "0 9 * * mon-fri", "daily 09:00; weekly sat 10:00"])
    | st.builds(
        lambda days, hour, minute: f"weekly {','.join(sorted(days, key=DAY_NAMES.index))} {hour:02}:{minute:02}",
        st.sets(st.sampled_from(DAY_NAMES), min_size=1, max_size=6),
        st.integers(0, 23),
        st.integers(0, 59),
    )
)
def test_whatever_a_subscription_stands_at_comes_back_as_it_was(text: str) -> None:
    cadence = str(parse_cadence(text))
    assert composed(filled(cadence)) == cadence
    assert timing_faults(filled(cadence), filled(cadence)) == {}


@given(TEXTS.filter(str.strip))
def test_any_other_text_stands_as_it_was_given(text: str) -> None:
    if len(text) <= 1000:
        assert composed(filled(text)) == text.strip()


def test_without_a_text_it_stays_as_it_stands_or_is_at_once() -> None:
    assert composed(filled(None)) == ""
    assert composed(filled(None, keeps=False)) == "instant"


@pytest.mark.parametrize(
    ("parts", "faults"),
    [
        ({"when": "daily"}, {"when.at": "Pick a time."}),
        ({"when": "weekly", "when.at": "09:00"}, {"when.days": "Pick at least one day."}),
        ({"when": "weekly"}, {"when.at": "Pick a time.", "when.days": "Pick at least one day."}),
        ({"when": "text"}, {"when.text": "Write when, such as 0 9 * * mon-fri."}),
        (
            {"when": "instant", "when.text": "0 9 * * *"},
            {"when": "You wrote something under “Anything else”: pick “As written below”, or empty that line."},
        ),
        ({"when": "keep", "when.text": "as it was"}, {}),
        ({"when": "instant"}, {}),
        ({"when": "daily", "when.at": "09:00"}, {}),
    ],
)
def test_what_is_missing_is_named_with_its_input(parts: dict[str, str], faults: dict[str, str]) -> None:
    assert timing_faults(parts, {"when.text": "as it was"}) == faults
    if faults and "when" not in faults:
        assert composed(parts) == ""
