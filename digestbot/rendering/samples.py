"""Samples: made-up stories that together use everything a template can meet."""

from datetime import UTC, date, datetime

from digestbot.domain.story import (
    Award,
    AwardStatus,
    Category,
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

AT = datetime(2026, 5, 24, 9, 30, tzinfo=UTC)

NASTY = "*_`~|[]()<>#@everyone ::: {{ x }} {% raw %} \\ \u202e&amp; ![a](http://x.example) <b>"

BARE_EVENT = Event(id="bare", name="Bare Event")

FULL_EVENT = Event(
    id="sample-awards",
    name="Sample Awards",
    kind="award show",
    starts=datetime(2026, 5, 23, 18, 0, tzinfo=UTC),
    ends=datetime(2026, 5, 25, 23, 0, tzinfo=UTC),
    timezone="Europe/Paris",
    venue="Sample Hall",
    city="Paris",
    country="France",
    url="https://example.org/",
    categories=(Category(name="Best Sample", nominees=("One", "Two")),),
)

MINIMAL = Story(id="minimal", headline="A headline and nothing else", published=AT, status=Status.PUBLISHED)

MAXIMAL = Story(
    id="maximal",
    headline="A story with everything that a story can have",
    published=AT,
    embargo=AT,
    event=FULL_EVENT,
    status=Status.PUBLISHED,
    topics=("music", "awards"),
    importance=Importance.URGENT,
    result=Result.DISPUTED,
    source=Source(name="Example News", url="https://example.org/story"),
    quotes=(
        Quote(text="The key quote", speaker="Speaker", when="on stage", key=True),
        Quote(text="Something of that sense", speaker="Other Speaker", verbatim=False),
        Quote(text="From nobody in particular"),
    ),
    winners=(
        *(Winner(name=f"Winner {status}", awards=(Award(category="Prize", status=status),)) for status in AwardStatus),
        Winner(name="Winner of many", total=9, awards=(Award(category="First"), Award(category="Second", work="Work"))),
        Winner(name="Winner with notes", awards=(Award(category="Third", work="Work", note="a note"),)),
        Winner(name="Winner of nothing named"),
    ),
    performers=("First Band", "Second Band"),
    image=Picture(url="https://example.org/picture.png", alt="A picture"),
    corrections=(Correction(at=AT, note="The first correction"), Correction(at=AT, note="The second correction")),
    summary="A paragraph with *emphasis* and **strong** words.\n\n- one\n- two\n",
)

RETRACTED = Story(
    id="retracted",
    headline="A story that was withdrawn",
    published=AT,
    event=FULL_EVENT,
    status=Status.RETRACTED,
    corrections=(Correction(at=AT, note="It was not so"),),
)

RETRACTED_BARE = Story(id="gone", headline="Withdrawn without a word", published=AT, status=Status.RETRACTED)

HOSTILE = Story(
    id="hostile",
    headline=NASTY,
    published=AT,
    event=Event(id="hostile-event", name=NASTY, starts=date(2026, 5, 23), venue=NASTY, city=NASTY),
    status=Status.PUBLISHED,
    topics=("music",),
    result=Result.VACATED,
    source=Source(name=NASTY, url="javascript:alert(1)"),
    quotes=(Quote(text=NASTY, speaker=NASTY, when=NASTY),),
    winners=(Winner(name=NASTY, awards=(Award(category=NASTY, work=NASTY, note=NASTY),)), Winner(name="\u200b")),
    performers=(NASTY,),
    image=Picture(url="https://example.org/p.png", alt=NASTY),
    corrections=(Correction(at=AT, note=NASTY),),
    summary=NASTY,
)

STORIES = (MAXIMAL, MINIMAL, RETRACTED, RETRACTED_BARE, HOSTILE)
