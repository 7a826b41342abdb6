"""The shipped templates: what a card says, and what it never gives away."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from digestbot import content
from digestbot.domain.card import Actions, Block, Button, Card, Image, List, Notice, Spoiler, lines_of, plain_text
from digestbot.domain.story import (
    Award,
    Correction,
    Event,
    Importance,
    Picture,
    Quote,
    Result,
    Source,
    Status,
    Story,
    Winner,
)
from digestbot.domain.visible import clean
from digestbot.ports import Setting
from digestbot.rendering.html import html
from digestbot.rendering.renderer import Renderer
from digestbot.rendering.samples import HOSTILE, NASTY
from digestbot.rendering.templates import Templates
from digestbot.rendering.text import as_text

AT = datetime(2020, 10, 15, 16, 0, tzinfo=UTC)
EVENT = Event(
    id="bbma-2020",
    name="2020 Billboard Music Awards",
    starts=date(2020, 10, 14),
    venue="Dolby Theatre",
    city="Los Angeles",
)
STORY = Story(
    id="bbma-2020-never-break",
    headline="John Legend dedicates “Never Break” to Chrissy Teigen",
    published=AT,
    event=EVENT,
    status=Status.PUBLISHED,
    topics=("music", "awards"),
    result=Result.OFFICIAL,
    source=Source(name="Wikipedia", url="https://en.wikipedia.org/wiki/2020_Billboard_Music_Awards"),
    quotes=(
        Quote(text="This is for Chrissy", speaker="John Legend", when="before playing “Never Break”", key=True),
        Quote(text="We love you all so much", speaker="Khloé Kardashian"),
    ),
    winners=(
        Winner(name="Post Malone", total=9, awards=(Award(category="Top Artist"), Award(category="Top Rap Artist"))),
        Winner(name="Summer Walker", awards=(Award(category="Top R&B Female Artist"),)),
        Winner(name="Khalid", awards=(Award(category="Top R&B Artist", work="Talk", note="a tie"),)),
        Winner(name="Cardi B", awards=(Award(category="Top Rap Female Artist"),)),
        Winner(name="Bad Bunny", awards=(Award(category="Top Latin Artist"),)),
    ),
    performers=("John Legend", "Alicia Keys"),
    summary="Legend *had not* performed since.",
)
PLAIN = Story(id="plain", headline="A plain story", published=AT + timedelta(hours=1), status=Status.PUBLISHED)
GONE = replace(
    STORY, id="gone", status=Status.RETRACTED, corrections=(Correction(at=AT, note="It was only a rehearsal"),)
)

SECRETS = replace(
    STORY,
    id="secret",
    headline="SECRET headline",
    result=Result.DISPUTED,
    source=Source(name="SECRET source", url="https://secret.example/SECRET"),
    quotes=(Quote(text="SECRET quote", speaker="SECRET speaker", when="SECRET moment", key=True),),
    winners=tuple(Winner(name=f"SECRET {n}", awards=(Award(category="SECRET", work="SECRET"),)) for n in range(5)),
    performers=("SECRET band",),
    image=Picture(url="https://example.org/SECRET.png", alt="SECRET picture"),
    corrections=(Correction(at=AT, note="SECRET note"),),
    summary="SECRET summary",
)


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer(Templates(content.templates()))


def buttons(blocks: Iterable[Block]) -> list[Button]:
    return [button for block in blocks if isinstance(block, Actions) for button in block.buttons]


def notices(card: Card) -> list[str]:
    return [plain_text(line) for block in card.blocks if isinstance(block, Notice) for line in block.lines]


def visible(blocks: Sequence[Block]) -> str:
    """Everything outside spoilers, addresses and commands left out."""
    texts = [plain_text(line) for block in blocks if not isinstance(block, Spoiler) for line in lines_of(block)]
    labels = [button.label for button in buttons(blocks)]
    pictures = [f"{block.url} {block.alt}" for block in blocks if isinstance(block, Image)]
    return "\n".join([*texts, *labels, *pictures])


def test_the_card_of_a_story(renderer: Renderer) -> None:
    card = renderer.stories("card", [STORY], Setting(zone="America/Los_Angeles", command="story bbma-2020-never-break"))
    assert (
        as_text(card, 100)
        == """\
John Legend dedicates “Never Break” to Chrissy Teigen

2020 Billboard Music Awards · October 14, 2020 · Dolby Theatre, Los Angeles

│ “This is for Chrissy”
│ — John Legend, before playing “Never Break”

• Post Malone (9 prizes): Top Artist, Top Rap Artist and 7 more
• Summer Walker: Top R&B Female Artist
• Khalid: Top R&B Artist for Talk (a tie)
• Cardi B: Top Rap Female Artist
• Bad Bunny: Top Latin Artist

Legend had not performed since.

On stage: John Legend, Alicia Keys

› All winners  /news winners bbma-2020
› Event  /news event bbma-2020
› Follow  /news follow bbma-2020

Wikipedia (en.wikipedia.org) · Oct 15, 2020, 9:00\u202fAM PDT

"""
    )
    assert (card.title, card.accent) == (STORY.headline, "music")


def test_a_story_with_a_headline_alone(renderer: Renderer) -> None:
    assert (
        as_text(renderer.stories("card", [PLAIN], Setting())) == "A plain story\n\nOct 15, 2020, 5:00\u202fPM UTC\n\n"
    )


def test_the_digest_of_several_stories(renderer: Renderer) -> None:
    assert (
        as_text(renderer.stories("digest", [STORY, PLAIN, GONE], Setting()), 90)
        == f"""\
3 stories

John Legend dedicates “Never Break” to Chrissy Teigen

2020 Billboard Music Awards · October 14, 2020 · Dolby Theatre, Los Angeles

│ “This is for Chrissy”
│ — John Legend, before playing “Never Break”

• Post Malone (9 prizes): Top Artist, Top Rap Artist and 7 more
• Summer Walker: Top R&B Female Artist
• Khalid: Top R&B Artist for Talk (a tie)
• and 2 more

› Full story  /news story bbma-2020-never-break

A plain story

› Full story  /news story plain

2020 Billboard Music Awards

▌ This story was withdrawn.
▌ Oct 15, 2020, 4:00\u202fPM UTC: It was only a rehearsal

{"─" * 90}

3 stories, newest Oct 15, 2020, 5:00\u202fPM UTC

"""
    )


def test_a_digest_of_one_event_names_it_once(renderer: Renderer) -> None:
    card = renderer.stories("digest", [STORY, replace(STORY, id="other", headline="Another")], Setting())
    assert card.title == "2020 Billboard Music Awards"
    assert visible(card.blocks).count("2020 Billboard Music Awards") == 1
    assert visible(card.blocks).count("Dolby Theatre") == 1


def test_the_compact_card(renderer: Renderer) -> None:
    assert (
        as_text(renderer.stories("compact", [STORY], Setting()), 90)
        == f"""\
John Legend dedicates “Never Break” to Chrissy Teigen

“This is for Chrissy” — John Legend

Winners: Post Malone (9), Summer Walker, Khalid and 2 more

› Full story  /news story bbma-2020-never-break

{"─" * 90}

Oct 15, 2020, 4:00\u202fPM UTC

"""
    )


def test_the_roll_up_of_an_event(renderer: Renderer) -> None:
    later = Story(
        id="later",
        headline="Nine for Post Malone",
        published=AT + timedelta(hours=2),
        event=EVENT,
        status=Status.PUBLISHED,
        importance=Importance.HIGH,
        winners=(
            Winner(name="post malone", awards=(Award(category="Top Rap Album"),)),
            Winner(name="Sia", awards=(Award(category="Top Rock Song"),)),
        ),
    )
    assert (
        as_text(renderer.event("event", EVENT, [STORY, later, GONE], Setting()), 90)
        == """\
2020 Billboard Music Awards

October 14, 2020 · Dolby Theatre, Los Angeles

John Legend dedicates “Never Break” to Chrissy Teigen

│ “This is for Chrissy”
│ — John Legend, before playing “Never Break”

Winners

• Post Malone (9 prizes): Top Artist, Top Rap Artist, Top Rap Album and 6 more
• Summer Walker: Top R&B Female Artist
• Khalid: Top R&B Artist for Talk (a tie)
• Cardi B: Top Rap Female Artist
• Bad Bunny: Top Latin Artist
• Sia: Top Rock Song

More from this event

• Nine for Post Malone

▌ This story was withdrawn.
▌ Oct 15, 2020, 4:00\u202fPM UTC: It was only a rehearsal

› All winners  /news winners bbma-2020
› Follow  /news follow bbma-2020

3 stories, newest Oct 15, 2020, 6:00\u202fPM UTC

"""
    )


def test_the_winners_of_an_event(renderer: Renderer) -> None:
    card = renderer.event("winners", EVENT, [STORY], Setting())
    assert card.title == "2020 Billboard Music Awards: winners"
    (rows,) = [block for block in card.blocks if isinstance(block, List)]
    assert [plain_text(item).split(":")[0] for item in rows.items] == [
        "Post Malone (9 prizes)",
        "Summer Walker",
        "Khalid",
        "Cardi B",
        "Bad Bunny",
    ]
    assert "No winners are known yet." in visible(renderer.event("winners", EVENT, [PLAIN], Setting()).blocks)


@pytest.mark.parametrize("template", ["card", "compact", "digest"])
@pytest.mark.parametrize("event", [EVENT, None])
def test_nothing_hidden_is_outside_a_spoiler(renderer: Renderer, template: str, event: Event | None) -> None:
    stories = [replace(SECRETS, event=event), PLAIN]
    card = renderer.stories(template, stories, Setting(hidden=frozenset({"secret"})))
    assert "SECRET" not in visible(card.blocks)
    assert "SECRET" not in card.title
    assert "SECRET" not in as_text(card)
    hidden = [block for block in card.blocks if isinstance(block, Spoiler)]
    assert "SECRET headline" in html(replace(card, blocks=tuple(hidden)))
    assert "A plain story" in visible(card.blocks)
    neutral = "2020 Billboard Music Awards" if event else "A story with results"
    assert neutral in visible(card.blocks)


@pytest.mark.parametrize("template", ["event", "winners"])
def test_nothing_hidden_is_outside_a_spoiler_of_an_event(renderer: Renderer, template: str) -> None:
    card = renderer.event(template, EVENT, [SECRETS, PLAIN], Setting(hidden=frozenset({"secret"})))
    assert "SECRET" not in visible(card.blocks)
    assert "SECRET 4" in html(card)


def test_the_note_of_a_withdrawn_story_is_hidden_with_it(renderer: Renderer) -> None:
    gone = replace(SECRETS, status=Status.RETRACTED)
    for template in ("card", "compact", "digest"):
        card = renderer.stories(template, [gone], Setting(hidden=frozenset({"secret"})))
        assert "SECRET" not in visible(card.blocks)
        assert "This story was withdrawn." in notices(card)


@pytest.mark.parametrize("template", ["card", "compact", "digest"])
def test_a_withdrawn_story_shows_nothing_but_that(renderer: Renderer, template: str) -> None:
    card = renderer.stories(template, [replace(SECRETS, status=Status.RETRACTED, corrections=())], Setting())
    assert "SECRET" not in html(replace(card, blocks=tuple(b for b in card.blocks if not isinstance(b, Actions))))
    assert notices(card) == ["This story was withdrawn."]
    assert card.title == "2020 Billboard Music Awards"


@pytest.mark.parametrize("template", ["event", "winners"])
def test_a_withdrawn_story_leaves_the_roll_up(renderer: Renderer, template: str) -> None:
    gone = replace(SECRETS, status=Status.RETRACTED, corrections=())
    assert "SECRET" not in html(renderer.event(template, EVENT, [gone, STORY], Setting()))


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (Result.PROJECTED, "Projected. There is no official result yet."),
        (Result.ANNOUNCED, "Announced. The result is not official yet."),
        (Result.DISPUTED, "Disputed. The result may change."),
        (Result.VACATED, "Vacated. The result no longer stands."),
        (Result.OFFICIAL, None),
        (None, None),
    ],
)
def test_a_result_that_is_not_official_says_so(renderer: Renderer, result: Result | None, words: str | None) -> None:
    for template in ("card", "compact", "digest"):
        card = renderer.stories(template, [replace(STORY, result=result)], Setting())
        assert notices(card) == ([words] if words else [])


def test_the_latest_correction_is_said_with_its_time(renderer: Renderer) -> None:
    corrections = (Correction(at=AT + timedelta(hours=5), note="the second"), Correction(at=AT, note="the first"))
    corrected = replace(STORY, corrections=corrections)
    wanted = ["Corrected Oct 15, 2020, 9:00\u202fPM UTC: the second"]
    for template in ("card", "compact", "digest"):
        assert notices(renderer.stories(template, [corrected], Setting())) == wanted
    for template in ("event", "winners"):
        assert notices(renderer.event(template, EVENT, [corrected], Setting())) == wanted


def test_a_hidden_correction_is_said_without_its_note(renderer: Renderer) -> None:
    setting = Setting(hidden=frozenset({"secret"}))
    wanted = ["Corrected Oct 15, 2020, 4:00\u202fPM UTC"]
    for template in ("card", "compact", "digest"):
        assert notices(renderer.stories(template, [SECRETS], setting)) == wanted
    for template in ("event", "winners"):
        assert notices(renderer.event(template, EVENT, [SECRETS], setting)) == wanted


def test_an_edit_that_no_correction_explains_says_when(renderer: Renderer) -> None:
    setting = Setting(edited_at=AT + timedelta(hours=3))
    corrected = replace(STORY, corrections=(Correction(at=AT, note="x"),))
    old = replace(STORY, corrections=(Correction(at=AT - timedelta(days=2), note="x"),))
    for template in ("card", "compact", "digest"):
        assert visible(renderer.stories(template, [STORY], setting).blocks).count("Updated Oct 15, 2020, 7:00") == 1
        assert visible(renderer.stories(template, [PLAIN, STORY], setting).blocks).count("Updated") == 1
        assert "Updated" in visible(renderer.stories(template, [old], setting).blocks)
        assert "Updated" not in visible(renderer.stories(template, [corrected], setting).blocks)
        assert "Updated" not in visible(renderer.stories(template, [STORY], Setting()).blocks)
    for template in ("event", "winners"):
        assert "Updated" in visible(renderer.event(template, EVENT, [STORY], setting).blocks)


def test_a_paraphrase_is_marked_and_has_no_quotation_marks(renderer: Renderer) -> None:
    said = replace(STORY, quotes=(Quote(text="It went well", speaker="Host", verbatim=False, key=True),))
    nobody = replace(STORY, quotes=(Quote(text="It went well", verbatim=False),))
    assert "│ It went well\n│ — Host (paraphrased)\n" in as_text(renderer.stories("card", [said], Setting()))
    assert "│ It went well\n│ (paraphrased)\n" in as_text(renderer.stories("card", [nobody], Setting()))
    assert "\nIt went well — Host (paraphrased)\n" in as_text(renderer.stories("compact", [said], Setting()))


def test_pictures_can_be_switched_off(renderer: Renderer) -> None:
    pictured = replace(STORY, image=Picture(url="https://example.org/p.png", alt="A picture"))
    assert Image("https://example.org/p.png", "A picture") in renderer.stories("card", [pictured], Setting()).blocks
    without = renderer.stories("card", [pictured], Setting(pictures=False))
    assert not any(isinstance(block, Image) for block in without.blocks)


@pytest.mark.parametrize("template", ["card", "compact", "digest"])
def test_nasty_names_are_letters_in_every_card(renderer: Renderer, template: str) -> None:
    card = renderer.stories(template, [HOSTILE], Setting())
    assert card.title == clean(NASTY)
    assert visible(card.blocks).count(clean(NASTY)) > 3
    assert {button.command for button in buttons(card.blocks)} <= {
        "winners hostile-event",
        "event hostile-event",
        "follow hostile-event",
        "story hostile",
    }


def test_no_story_of_a_long_digest_is_dropped(renderer: Renderer) -> None:
    stories = [replace(STORY, id=f"story-{n}", headline=f"Headline {n}") for n in range(20)]
    card = renderer.stories("digest", stories, Setting())
    commands = [button.command for button in buttons(card.blocks)]
    assert commands == [f"story story-{n}" for n in range(20)]
