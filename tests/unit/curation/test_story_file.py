import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.curation.story_file import StoryFile, parse_events, parse_story
from digestbot.domain.story import (
    Award,
    AwardStatus,
    Category,
    Correction,
    Event,
    Evidence,
    Importance,
    Picture,
    Quote,
    Result,
    Source,
    Status,
    Story,
    Winner,
)
from digestbot.errors import Problem
from tests.unit.curation.pages import page

PACIFIC = timezone(timedelta(hours=-7))
WHOLE = """---
headline: John Legend dedicates “Never Break” to Chrissy Teigen
event: {id: bbma-2020, name: 2020 Billboard Music Awards, date: 2020-10-14, venue: Dolby Theatre, city: Los Angeles}
published: 2020-10-15T09:00:00-07:00
embargo: 2020-10-15 18:00:00Z
status: published
topics: [music, awards, music]
importance: high
result: official
source: {name: Example News, url: "https://example.org/a?b=c#d"}
quotes:
  - {text: This is for Chrissy, speaker: John Legend, when: before the song, key: true}
  - text: Something like that
    verbatim: false
    evidence: {source: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef, start: 5, end: 25}
winners:
  - name: Post Malone
    total: 9
    awards: [Top Artist, {category: Top Rap Album, work: A Title, note: shared, status: tied}]
  - {name: 1917}
performers: [John Legend, NO, 12:30]
image: {url: http://example.org/p.png, alt: A piano}
corrections:
  - {at: 2020-10-15T12:00:00.5-07:00, note: The name of a category}
---

Legend had *not* played since.

Two paragraphs.
"""


def problems(keys: str) -> list[str]:
    found = parse_story("x.md", "x", page(keys).encode())
    assert (found.story is None) == bool(found.problems)
    return [f"{problem.line}:{problem.column} {problem.message}" for problem in found.problems]


def whole_file(data: bytes, stem: str = "x") -> list[str]:
    return [str(problem) for problem in parse_story("x.md", stem, data).problems]


def test_a_whole_story_is_read() -> None:
    assert parse_story("stories/x.md", "x", WHOLE.encode()) == StoryFile(
        path="stories/x.md",
        id="x",
        story=Story(
            id="x",
            headline="John Legend dedicates “Never Break” to Chrissy Teigen",
            event=Event(
                id="bbma-2020",
                name="2020 Billboard Music Awards",
                starts=date(2020, 10, 14),
                venue="Dolby Theatre",
                city="Los Angeles",
            ),
            published=datetime(2020, 10, 15, 9, tzinfo=PACIFIC),
            embargo=datetime(2020, 10, 15, 18, tzinfo=UTC),
            status=Status.PUBLISHED,
            topics=("music", "awards"),
            importance=Importance.HIGH,
            result=Result.OFFICIAL,
            source=Source(name="Example News", url="https://example.org/a?b=c#d"),
            quotes=(
                Quote(text="This is for Chrissy", speaker="John Legend", when="before the song", key=True),
                Quote(
                    text="Something like that",
                    verbatim=False,
                    evidence=Evidence(source="0123456789abcdef" * 4, start=5, end=25),
                ),
            ),
            winners=(
                Winner(
                    name="Post Malone",
                    total=9,
                    awards=(
                        Award(category="Top Artist"),
                        Award(category="Top Rap Album", work="A Title", note="shared", status=AwardStatus.TIED),
                    ),
                ),
                Winner(name="1917"),
            ),
            performers=("John Legend", "NO", "12:30"),
            image=Picture(url="http://example.org/p.png", alt="A piano"),
            corrections=(
                Correction(at=datetime(2020, 10, 15, 12, 0, 0, 500000, PACIFIC), note="The name of a category"),
            ),
            summary="Legend had *not* played since.\n\nTwo paragraphs.",
        ),
    )


def test_a_story_needs_a_headline_and_a_time_only() -> None:
    found = parse_story("x.md", "x", b"---\nheadline: H\npublished: 2020-10-15T09:00Z\n---\n")
    assert found.story == Story(id="x", headline="H", published=datetime(2020, 10, 15, 9, tzinfo=UTC))


def test_keys_left_empty_are_as_good_as_absent() -> None:
    assert problems("event:\ntopics:\nquotes: ~\nimage: null\nembargo:\nsource:") == []


def test_an_event_may_be_named_only() -> None:
    found = parse_story("x.md", "x", page("event: bbma-2020").encode())
    assert found.story is not None
    assert (found.reference, found.event, found.story.event) == ("bbma-2020", "bbma-2020", None)


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    plain = parse_story("x.md", "x", WHOLE.encode())
    assert parse_story("x.md", "x", b"\xef\xbb\xbf" + WHOLE.replace("\n", "\r\n").encode()) == plain
    assert parse_story("x.md", "x", WHOLE.replace("\n", "\r").encode()) == plain


def revision(text: str) -> str:
    story = parse_story("x.md", "x", text.encode()).story
    assert story
    return story.revision


def test_white_space_and_the_order_of_keys_do_not_change_the_revision() -> None:
    one = "---\nheadline: A  b\nstatus: draft\npublished: 2020-10-15T09:00:00Z\n---\nIn short."
    other = (
        "---\n# a remark\npublished: 2020-10-15T02:00:00-07:00\nstatus:   'draft'\nheadline: >-\n  A\n  b\n---\n"
        "\nIn\nshort.\n"
    )
    third = one.replace("A  b", "A  c")
    assert revision(one) == revision(other) != revision(third)


def test_a_text_of_one_line_is_folded_and_a_quote_keeps_its_lines() -> None:
    found = parse_story(
        "x.md", "x", page("quotes:\n  - text: |\n      a\n      b\n    when: |\n      c\n      d").encode()
    )
    assert found.story
    assert found.story.quotes == (Quote(text="a\nb", when="c d"),)


ID_RULE = "use a-z, 0-9 and inner hyphens, 64 at most"
ZONE = "write one like Europe/Paris or America/Los_Angeles."
WRITE_TIME = "2020-10-15T09:00:00-07:00"
AWARD_STATUSES = "won, tied, shared, declined, posthumous, vacated, not_awarded"
KEYS = (
    "The keys are headline, event, published, embargo, status, topics, importance, result, source, quotes, winners,"
    " performers, image, corrections."
)
FAULTS = {
    # keys
    "typing error": ("headlin: x", ["5:1 There is no key “headlin” here. Did you mean “headline”?"]),
    "other word": ("tags: [x]", ["5:1 There is no key “tags” here. Did you mean “topics”?"]),
    "upper case": ("Embargo: x", ["5:1 There is no key “Embargo” here. Did you mean “embargo”?"]),
    "unknown": ("foo: x", [f"5:1 There is no key “foo” here. {KEYS}"]),
    "id": ("id: x", ["5:1 The id of a story is its file's name: take this line out."]),
    "summary": ("summary: x", ["5:1 The summary goes below the second “---”: take this key out."]),
    "twice": ("headline: x", ["5:1 “headline” was already said on line 2: keep one of the two."]),
    "unprintable": ('"\u202efoo": x', [f"5:1 There is no key “�foo” here. {KEYS}"]),
    # times
    "naive": (
        "embargo: 2020-10-15T09:00:00",
        [f"5:10 The time has no offset from UTC: add an offset, e.g. {WRITE_TIME}."],
    ),
    "day": ("embargo: 2020-10-15", [f"5:10 The time of day is missing: write e.g. {WRITE_TIME}."]),
    "no time": ("embargo: tomorrow", [f"5:10 “tomorrow” is no time: write one like {WRITE_TIME}."]),
    "time in a list": ("embargo: [x]", [f"5:10 Write a time, e.g. {WRITE_TIME}, and nothing else here."]),
    "month 13": (
        "embargo: 2020-13-01T09:00:00Z",
        ["5:10 “2020-13-01T09:00:00Z” does not exist: check the month, the day, the hour and the offset."],
    ),
    "offset 25": (
        "embargo: 2020-12-01T09:00:00+25:00",
        ["5:10 “2020-12-01T09:00:00+25:00” does not exist: check the month, the day, the hour and the offset."],
    ),
    "year 1": ("embargo: 0001-01-01T00:00:00Z", ["5:10 The year 1 cannot be right: years go from 1000 to 2999."]),
    "unix time": ("embargo: 1602777600", [f"5:10 “1602777600” is no time: write one like {WRITE_TIME}."]),
    # lists of words
    "status": (
        "importance: Hihg",
        ["5:13 “Hihg” is not among low, normal, high, urgent. Did you mean “high”?"],
    ),
    "no importance": ("importance:", ["5:1 Write one of low, normal, high, urgent."]),
    "importances": ("importance: [low]", ["5:13 Write one of low, normal, high, urgent, and nothing else here."]),
    "result": ("result: x", ["5:9 “x” is not among projected, announced, official, disputed, vacated."]),
    # texts
    "empty": ("performers: [a, ' ']", ["5:17 Item 2 of “performers” is empty: write it, or take it out."]),
    "nothing": ("performers:\n  - a\n  -\n  - b", ["7:4 Item 2 of “performers” is empty: write it, or take it out."]),
    "too long": (
        f"performers: [{'x' * 201}]",
        ["5:14 Item 1 of “performers” has 201 characters, and 200 are the most: shorten it."],
    ),
    "mapping as text": (
        "performers: [{a: b}]",
        ["5:14 Item 1 of “performers” must be one text: put it in quotes if it begins with a bracket or a brace."],
    ),
    "control": ('performers: ["a\\u0007"]', ["5:14 This text holds the control character U+0007: take it out."]),
    "one topic": (
        "topics: music",
        ["5:9 “topics” must be a list: put it between “[” and “]”, or each item on a line after “- ”."],
    ),
    "topic of marks": (
        "topics: ['!!!']",
        ["5:10 The topic “!!!” holds no letter and no digit: nobody could subscribe to it."],
    ),
    # addresses
    "no scheme": (
        "source: {name: x, url: www.example.org}",
        ["5:24 “www.example.org” is no web address: write one like https://example.org/page."],
    ),
    "script": (
        "source: {name: x, url: 'javascript:alert(1)'}",
        ["5:24 “javascript:alert(1)” is no web address: write one like https://example.org/page."],
    ),
    "no host": (
        "source: {name: x, url: 'https:///x'}",
        ["5:24 “https:///x” is no web address: write one like https://example.org/page."],
    ),
    "bad port": (
        "source: {name: x, url: 'https://example.org:99999/'}",
        ["5:24 “https://example.org:99999/” is no web address: write one like https://example.org/page."],
    ),
    "user": (
        "source: {name: x, url: 'https://me:pw@example.org/'}",
        ["5:24 A web address must not hold a user name: take out the “@” and what stands before it."],
    ),
    "space": (
        "source: {name: x, url: 'https://example.org/a b'}",
        ["5:24 A web address cannot hold “ ”: write %20 instead, or take it out."],
    ),
    "invisible": (
        'source: {name: x, url: "https://example.org/\\u202Ea"}',
        ["5:24 This web address holds a character that cannot be seen: type the address anew."],
    ),
    "source as text": ("source: BBC", ["5:9 “source” must be written as {name: …, url: https://…}."]),
    "source without name": ("source: {url: 'https://a.b'}", ["5:9 “name” is missing: add it."]),
    # pictures
    "no alt": (
        "image: {url: 'https://a.b'}",
        ["5:8 “alt” is missing: say what the picture shows, for those who cannot see it."],
    ),
    "empty alt": (
        "image: {url: 'https://a.b', alt: ''}",
        ["5:34 “alt” is empty: say what the picture shows, for those who cannot see it."],
    ),
    "picture as text": ("image: https://a.b", ["5:8 “image” must be written as {url: https://…, alt: …}."]),
    # quotes
    "two key quotes": (
        "quotes:\n  - {text: a, key: true}\n  - text: b\n  - text: c\n    key: true",
        ["9:10 Quote 1 is the key quote already: leave “key: true” on one only."],
    ),
    "quote as text": ("quotes: [hello]", ["5:10 Item 1 of “quotes” must be written as {text: …, speaker: …}."]),
    "no text": ("quotes: [{speaker: x}]", ["5:10 “text” is missing: add it."]),
    "nothing said": ("quotes: [{text: , speaker: x}]", ["5:11 “text” is empty: write it."]),
    "yes": ("quotes: [{text: x, key: yes}]", ["5:25 “yes” is neither true nor false: write one of these two."]),
    "evidence": (
        "quotes: [{text: x, evidence: {source: abc, start: 5, end: 5}}]",
        [
            "5:39 “abc” is no SHA-256 of a source text: that has 64 digits, 0-9 and a-f.",
            "5:59 “end” must be greater than “start”: both count characters of the source text.",
        ],
    ),
    # winners
    "total": (
        "winners: [{name: x, total: 1, awards: [a, b]}]",
        ["5:28 “total” is 1 but 2 awards are named: make it 2 or more, or take it out."],
    ),
    "total 0": ("winners: [{name: x, total: 0}]", ["5:28 “total” counts prizes: make it 1 or more, or take it out."]),
    "total in words": (
        "winners: [{name: x, total: nine}]",
        ["5:28 “nine” is no whole number: write one in digits, 999999 at most."],
    ),
    "winner as text": ("winners: [x]", ["5:11 Item 1 of “winners” must be written as {name: …, awards: […]}."]),
    "award": (
        "winners: [{name: x, awards: [{work: y, status: tie}]}]",
        [
            "5:30 “category” is missing: add it.",
            f"5:48 “tie” is not among {AWARD_STATUSES}. Did you mean “tied”?",
        ],
    ),
    "award too long": (
        f"winners: [{{name: x, awards: [{'a' * 201}]}}]",
        ["5:30 “category” has 201 characters, and 200 are the most: shorten it."],
    ),
    # corrections
    "correction": (
        "corrections: [{at: 2020-10-15T09:00:00, notes: x}]",
        [
            "5:15 “note” is missing: say in a sentence what was corrected.",
            f"5:20 The time has no offset from UTC: add an offset, e.g. {WRITE_TIME}.",
            "5:41 There is no key “notes” here. Did you mean “note”?",
        ],
    ),
    # events
    "event name as id": (
        "event: BBMA 2020",
        [f"5:8 “BBMA 2020” cannot be an id: {ID_RULE}, e.g. bbma-2020."],
    ),
    "event as list": (
        "event: [a]",
        ["5:8 “event” must be written as {id: bbma-2020, name: 2020 Billboard Music Awards}, or the id alone."],
    ),
    "event without name": ("event: {id: x}", ["5:8 “name” is missing: add it."]),
    "date and starts": (
        "event: {id: x, name: y, date: 2020-10-14, starts: 2020-10-14}",
        ["5:51 “date” and “starts” mean the same: keep one of the two."],
    ),
    "end before start": (
        "event: {id: x, name: y, starts: 2020-10-14, ends: 2020-10-13}",
        ["5:51 The event ends before it starts: check “starts” and “ends”."],
    ),
    "naive start": (
        "event: {id: x, name: y, starts: 2020-10-14T20:00}",
        ["5:33 The time has no offset from UTC: add an offset, e.g. 2020-10-14T20:00-07:00."],
    ),
    "date of another country": (
        "event: {id: x, name: y, date: 14.10.2020}",
        ["5:31 “14.10.2020” is no date: write one like 2020-10-14, or a time like 2020-10-14T20:00:00-07:00."],
    ),
    "city as zone": (
        "event: {id: x, name: y, timezone: paris}",
        [
            f"5:35 There is no timezone “paris”: {ZONE} Did you mean “Europe/Paris”?",
        ],
    ),
    "abbreviation as zone": (
        "event: {id: x, name: y, timezone: ../../etc/passwd}",
        ["5:35 There is no timezone “../../etc/passwd”: write one like Europe/Paris or America/Los_Angeles."],
    ),
    "category": (
        "event: {id: x, name: y, categories: [{name: z, nominees: Ray}]}",
        ["5:58 “nominees” must be a list: put it between “[” and “]”, or each item on a line after “- ”."],
    ),
    # several at once
    "all at once": (
        "topics: [a]\nresult: offical\nquotes: [{text: x, speeker: y}]\nwinners: [{nam: x}]",
        [
            "6:9 “offical” is not among projected, announced, official, disputed, vacated. Did you mean “official”?",
            "7:20 There is no key “speeker” here. Did you mean “speaker”?",
            "8:11 “name” is missing: add it.",
            "8:12 There is no key “nam” here. Did you mean “name”?",
        ],
    ),
}


@pytest.mark.parametrize(("keys", "expected"), FAULTS.values(), ids=FAULTS)
def test_every_fault_has_its_place_and_says_what_to_write(keys: str, expected: list[str]) -> None:
    assert problems(keys) == expected


FILES = {
    "empty": (b"", ["x.md:1:1: The file must begin with a line “---”, and then its keys."]),
    "no front matter": (b"headline: x\n", ["x.md:1:1: The file must begin with a line “---”, and then its keys."]),
    "open": (b"---\nheadline: x\n", ["x.md:1:1: This “---” lacks its second: add a line “---” below the last key."]),
    "bare": (
        b"---\n---\n",
        [
            "x.md:2:1: “headline” is missing: say in one line what happened.",
            f"x.md:2:1: “published” is missing: say from when on the story may be shown, e.g. published: {WRITE_TIME}.",
        ],
    ),
    "text": (b"---\nfoo\n---\n", ["x.md:2:1: The front matter must be lines of “key: value”."]),
    "list": (b"---\n- a\n---\n", ["x.md:2:1: The front matter must be lines of “key: value”."]),
    "empty headline": (
        b"---\nheadline:\npublished: 2020-10-15T09:00Z\n---\n",
        ["x.md:2:1: “headline” is empty: say in one line what happened."],
    ),
    "long headline": (
        b"---\nheadline: " + b"x" * 301 + b"\npublished: 2020-10-15T09:00Z\n---\n",
        ["x.md:2:11: “headline” has 301 characters, and 300 are the most: shorten it."],
    ),
    "long summary": (
        b"---\nheadline: x\npublished: 2020-10-15T09:00\n---\n\n\n" + b"y" * 10_001,
        [
            "x.md:3:12: The time has no offset from UTC: add an offset, e.g. 2020-10-15T09:00-07:00.",
            "x.md:7:1: The summary has 10001 characters, and 10000 are the most: shorten it.",
        ],
    ),
    "Latin-1": (
        "---\nheadline: ça\n---\n".encode("latin-1"),
        ["x.md:2:11: The byte 0xE7 is not UTF-8: save the file as UTF-8."],
    ),
    "UTF-16": ("---\n".encode("utf-16"), ["x.md:1:1: The byte 0xFF is not UTF-8: save the file as UTF-8."]),
    "NUL": (b"---\nheadline: a\x00b\n---\n", ["x.md:2:12: The control character U+0000 stands here: take it out."]),
    "escape sequence in the summary": (
        b"---\nheadline: a\n---\n\x1b[31mred",
        ["x.md:4:1: The control character U+001B stands here: take it out."],
    ),
    "YAML": (
        b"---\nheadline: a\npublished: 2020: 10\n---\n",
        ["x.md:3:16: A text that holds a colon before a space must stand in quotes."],
    ),
    "large": (b"-" * (64 * 1024 + 1), ["x.md:0:0: The file is larger than 64 KiB: make it shorter."]),
}


@pytest.mark.parametrize(("data", "expected"), FILES.values(), ids=FILES)
def test_a_file_that_is_no_story_says_why(data: bytes, expected: list[str]) -> None:
    assert whole_file(data) == expected


NAMES = {
    "My Story": "“My Story” cannot be an id: use a-z, 0-9 and inner hyphens, 64 at most, e.g. my-story.",
    "été": "“été” cannot be an id: use a-z, 0-9 and inner hyphens, 64 at most, e.g. ete.",
    "a" * 65: f"“{'a' * 59}…” cannot be an id: use a-z, 0-9 and inner hyphens, 64 at most, e.g. {'a' * 64}.",
    "-x": "“-x” cannot be an id: use a-z, 0-9 and inner hyphens, 64 at most, e.g. x.",
    "故事": "“故事” cannot be an id: use a-z, 0-9 and inner hyphens, 64 at most.",
    "x\n": "“x�” cannot be an id: use a-z, 0-9 and inner hyphens, 64 at most, e.g. x.",
}


@pytest.mark.parametrize(("stem", "message"), NAMES.items(), ids=range(len(NAMES)))
def test_a_file_name_that_is_no_id_says_what_to_call_it(stem: str, message: str) -> None:
    expected = f"{message} A story's id is its file's name: rename the file."
    assert parse_story("x.md", stem, page().encode()).problems == (Problem("x.md", 0, 0, expected),)


def test_hundreds_of_problems_are_cut_off() -> None:
    found = problems(f"performers: [{', '.join(['{}'] * 300)}]")
    assert len(found) == 101
    assert found[-1].endswith(" 200 more problems follow: put these right first.")


# --- the file of events ------------------------------------------------------------------------------------------


def test_events_are_read() -> None:
    found = parse_events(
        "events.yaml",
        b"- id: oscars-2005\n  name: 77th Academy Awards\n  kind: award show\n  starts: 2005-02-27T17:00:00-08:00\n"
        b"  ends: 2005-02-28\n  timezone: America/Los_Angeles\n  venue: Kodak Theatre\n  city: Los Angeles\n"
        b"  country: United States\n  url: https://example.org/\n"
        b"  categories:\n    - {name: Best Picture, nominees: [Ray, Sideways]}\n    - {name: Best Director}\n"
        b"- {id: b, name: B, date: 2005-02-28}\n",
    )
    assert found.problems == ()
    assert found.events == {
        "oscars-2005": Event(
            id="oscars-2005",
            name="77th Academy Awards",
            kind="award show",
            starts=datetime(2005, 2, 27, 17, tzinfo=timezone(timedelta(hours=-8))),
            ends=date(2005, 2, 28),
            timezone="America/Los_Angeles",
            venue="Kodak Theatre",
            city="Los Angeles",
            country="United States",
            url="https://example.org/",
            categories=(Category(name="Best Picture", nominees=("Ray", "Sideways")), Category(name="Best Director")),
        ),
        "b": Event(id="b", name="B", starts=date(2005, 2, 28)),
    }


def test_a_faulty_event_costs_the_others_nothing() -> None:
    found = parse_events(
        "events.yaml", b"- {id: a, name: A}\n- {id: b, nam: B}\n- {id: a, name: C}\n- x\n- {id: X, name: x}\n-\n"
    )
    assert list(found.events) == ["a"]
    assert found.faulty == {"b", "X"}
    assert [str(problem) for problem in found.problems] == [
        "events.yaml:2:3: “name” is missing: add it.",
        "events.yaml:2:11: There is no key “nam” here. Did you mean “name”?",
        "events.yaml:3:8: The event “a” is on line 1 already: keep one.",
        "events.yaml:4:3: Item 4 must be written as {id: …, name: …}.",
        "events.yaml:5:8: “X” cannot be an id: use a-z, 0-9 and inner hyphens, 64 at most, e.g. x.",
        "events.yaml:6:2: Item 6 must be written as {id: …, name: …}.",
    ]


def test_events_that_are_no_list_cannot_be_read() -> None:
    found = parse_events("events.yaml", b"# ours\nbbma-2020: {name: x}\n")
    assert not found.readable
    assert [str(problem) for problem in found.problems] == [
        "events.yaml:2:1: The events must be a list: begin each with “- id: …”."
    ]


def test_a_file_of_comments_holds_no_events() -> None:
    assert parse_events("events.yaml", b"# none yet\n").readable
    assert parse_events("events.yaml", b"# none yet\n").events == {}


# --- whatever is written -----------------------------------------------------------------------------------------

trees = st.recursive(
    st.none() | st.text(max_size=8) | st.sampled_from(["2020-10-15T09:00:00Z", "2020-10-14", "true", "9", "won", "x"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["headline", "published", "event", "id", "name", "date", "quotes", "text", "key", "evidence"]
            )
            | st.sampled_from(
                ["winners", "awards", "category", "total", "image", "url", "alt", "corrections", "at", "x"]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=25,
)


def sound(found: StoryFile) -> bool:
    return (found.story is not None) != bool(found.problems) and all(len(str(p)) < 1000 for p in found.problems)


@given(st.binary() | st.binary().map(lambda data: b"---\n" + data + b"\n---\n") | st.text().map(str.encode))
def test_any_bytes_give_a_story_or_problems(data: bytes) -> None:
    assert sound(parse_story("x.md", "x", data))
    assert parse_events("events.yaml", data).problems is not None


@given(trees)
def test_any_tree_gives_a_story_or_problems(tree: object) -> None:
    text = json.dumps(tree)
    assert sound(parse_story("x.md", "x", f"---\n{text}\n---\n".encode()))
    assert sound(parse_story("x.md", "x", page(f"event: {text}").encode()))
    assert parse_events("events.yaml", f"- {text}".encode()).problems is not None
