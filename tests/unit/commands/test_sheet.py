from dataclasses import replace
from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.commands.sheet import scalar, sheet_of
from digestbot.commands.sheet_reading import read_sheet
from digestbot.commands.wishes import parse_what
from digestbot.domain.schedule import QuietHours
from digestbot.domain.subscription import Doubt, Look, Spoilers, State, TenantSettings
from digestbot.errors import BrokenFiles
from digestbot.notation.yaml_loader import load
from tests.unit.commands.world import DAILY, INSTANT

ALL_OF_IT = replace(
    INSTANT,
    id="k3v9qd",
    filter=parse_what("topic:music, -topic:politics"),
    quiet=QuietHours(time(22), time(7)),
    catch_up=timedelta(days=2),
    zone="Asia/Tokyo",
    look=Look(
        template="compact",
        layout="embed",
        spoilers=Spoilers.HIDE,
        spoiler_hours=24,
        locale="pt_BR",
        zone="Asia/Tokyo",
        mention="@music",
        pictures=False,
    ),
    doubt=Doubt.RESEND,
    limit=10,
    empty=True,
    state=State.PAUSED,
)

SHEET = """\
# What digestbot posts here. Change it and give it to `/news import`: nothing happens before `apply:yes`.
# An option that a subscription leaves out is what `settings` say, else what `/news subscribe` starts with.

settings:
  timezone: Europe/Paris
  locale: en
  spoilers: show

subscriptions:
  - id: daily2
    channel: c1  # news
    what: all
    when: daily 09:00

  - id: k3v9qd
    channel: c2  # music room
    what: topic:music, -topic:politics
    when: instant
    timezone: Asia/Tokyo
    template: compact
    layout: embed
    spoilers: hide 24h
    mention: "@music"
    locale: pt_BR
    catchup: 2d
    quiet: 22:00-07:00
    limit: 10
    empty: yes
    doubt: resend
    pictures: no
    state: paused
"""


def problems_of(text: str) -> list[str]:
    try:
        sheet = read_sheet(text)
        sheet.check()
    except BrokenFiles as broken:
        return [f"{each.line}:{each.column} {each.message}" for each in broken.problems]
    return []


def test_a_sheet_says_what_differs_from_the_defaults_by_channel_with_the_channels_names() -> None:
    text = sheet_of(TenantSettings(zone="Europe/Paris"), [ALL_OF_IT, DAILY], {"c1": "news", "c2": "music\nroom"})
    assert text == SHEET


def test_a_sheet_without_subscriptions_can_be_read_back() -> None:
    text = sheet_of(TenantSettings(), [], {})
    assert text.endswith("\nsubscriptions: []\n")
    assert read_sheet(text).entries == ()


def test_a_channel_s_name_cannot_write_into_the_sheet() -> None:
    text = sheet_of(TenantSettings(), [DAILY], {"c1": "x\n    what: topic:evil\u2028y\x07\u0085"})
    assert "    channel: c1  # x what: topic:evil y\n" in text
    assert read_sheet(text).entries[0].texts["what"] == "all"


def test_only_what_would_be_read_otherwise_stands_in_quotes() -> None:
    plain = ["daily 09:00", "topic:a, -topic:b", "0 9 * * mon-fri", "<@&123>", "no", "1024", "fête"]
    assert [scalar(text) for text in plain] == plain
    quoted = ["@music", "*/5 * * * *", "null", "~", "a: b", "a #b", "a:", "a ", "", 'a "b"', "#a", "[a]"]
    assert [scalar(text)[0] for text in quoted] == ['"'] * len(quoted)


@given(st.text(st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff")))
def test_every_text_is_read_back_as_it_was(text: str) -> None:
    assert load(f"- {scalar(text)}\n") == [text]


def test_every_fault_of_the_form_is_told_at_once_with_its_place() -> None:
    text = """\
settings:
  timezon: Europe/Paris
  locale:
subscriptions:
  - waht: all
    channel: [c1]
  - just words
  - channel: c1
    what: all
    limit: {}
more: 1
"""
    assert problems_of(text) == [
        "2:3 There is no key “timezon” here. Did you mean ‘timezone’?",
        "3:3 “locale” is empty: write it, or take it out.",
        "5:5 There is no key “waht” here. Did you mean ‘what’?",
        "5:5 “what” is missing: say which stories it gets, such as `all` or `topic:music`.",
        "6:14 “channel” must be one text: put it in quotes if it begins with a bracket or a brace.",
        "7:5 A subscription must be lines of “key: value”.",
        "10:12 “limit” must be one text: put it in quotes if it begins with a bracket or a brace.",
        "11:1 There is no key “more” here. The keys are settings, subscriptions.",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "1:1 The file must be lines of “key: value”."),
        ("settings: {}", "1:1 “subscriptions” is missing: add it, with “[]” if there are none."),
        (
            "subscriptions: all",
            "1:16 “subscriptions” must be a list, each beginning with “- ”; “[]” if there are none.",
        ),
        (
            "subscriptions: []\nsubscriptions: []",
            "2:1 “subscriptions” was already said on line 1: keep one of the two.",
        ),
        (
            "subscriptions: [&a {channel: c1, what: all}, *a]",
            "1:17 A text that begins with “&” must stand in quotes (aliases, anchors and tags of YAML are not read).",
        ),
        (
            f"subscriptions: {'[' * 13}{']' * 13}",
            "1:27 Lists and mappings go 12 deep at most: take this one out of the others.",
        ),
        ("subscriptions: [\x00]", "1:17 The control character U+0000 stands here: take it out."),
        ("subscriptions: [\ud800]", "1:17 The control character U+D800 stands here: take it out."),
        (
            f"subscriptions: [{{channel: c1, what: {'a' * 2001}}}]",
            "1:37 “what” is too long: it has at most 2,000 characters.",
        ),
        ("#" * 65_537, "0:0 The file is larger than 64 KiB: make it shorter."),
        ("é" * 32_769, "0:0 The file is larger than 64 KiB: make it shorter."),
    ],
)
def test_what_is_no_sheet_is_refused_with_a_sentence(text: str, problem: str) -> None:
    assert problems_of(text) == [problem]


def test_tens_of_thousands_of_brackets_end_no_process() -> None:
    assert len(problems_of("[" * 60_000)) == 1
