import asyncio
import threading
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from digestbot.curation.changes import Listener
from digestbot.curation.library import Library
from digestbot.curation.service import Turn
from digestbot.curation.shelf import Shelf
from digestbot.domain.story import Event, Story
from digestbot.ports import Stories
from tests.unit.curation.pages import page, put

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = datetime(2026, 4, 1, tzinfo=UTC)


def files() -> dict[str, str]:
    return {
        "old.md": page(
            "event: show\ntopics: [Music, awards]\nperformers: [Zoë Kravitz]", published="2026-01-01T00:00:00Z"
        ),
        "new.md": page(
            "event: show\ntopics: [awards]\nquotes: [{text: Hello, speaker: zoë kravitz}]\nperformers: [Ann]",
            published="2026-02-01T00:00:00Z",
        ),
        "held.md": page(
            "embargo: 2026-03-01T13:00:00Z\nevent: {id: secret, name: The Secret}\ntopics: [hush]\nperformers: [Eve]",
            published="2026-02-15T00:00:00Z",
            headline="Embargoed",
        ),
        "future.md": page("event: show", published="2026-03-15T00:00:00Z"),
        "draft.md": page("event: {id: rumour, name: A Rumour}", published="2026-01-15T00:00:00Z", status="draft"),
        "taken.md": page("event: show", published="2026-01-20T00:00:00Z", status="retracted"),
        "events.yaml": "- {id: show, name: The Show, date: 2026-01-01}\n- {id: gala, name: Gala, date: 2026-05-01}\n",
    }


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return put(tmp_path / "stories", files())


@pytest.fixture
async def library(root: Path) -> AsyncIterator[Library]:
    async with Library(root) as library:
        yield library


async def heard(changes: Listener) -> frozenset[str]:
    return await asyncio.wait_for(anext(changes), 60)


def ids(stories: object) -> list[str]:
    assert isinstance(stories, list | tuple)
    return [story.id for story in stories]


def test_the_library_answers_as_the_port_asks(root: Path) -> None:
    stories: Stories = Library(root)
    assert stories.all() == ()


async def test_every_story_is_known_by_id_whatever_its_status(library: Library) -> None:
    assert ids(library.all()) == ["future", "held", "new", "taken", "draft", "old"]
    draft = library.get("draft")
    assert draft
    assert draft.status == "draft"
    assert library.get("Draft") is None


async def test_the_live_ones_come_newest_first(library: Library) -> None:
    assert ids(library.live(NOW)) == ["new", "old"]
    assert ids(library.live(datetime(2026, 3, 1, 13, tzinfo=UTC))) == ["held", "new", "old"]
    assert ids(library.live(NOW)) == ["new", "old"], "also when asked for an earlier moment again"


async def test_an_embargo_is_the_next_thing_to_happen(library: Library) -> None:
    assert library.next_live(NOW) == datetime(2026, 3, 1, 13, tzinfo=UTC)
    assert library.next_live(datetime(2026, 3, 1, 13, tzinfo=UTC)) == datetime(2026, 3, 15, tzinfo=UTC)
    assert library.next_live(LATER) is None


async def test_what_went_live_between_two_moments_comes_oldest_first(library: Library) -> None:
    assert ids(library.went_live(NOW, LATER)) == ["held", "future"]
    assert ids(library.went_live(datetime(2026, 3, 1, 13, tzinfo=UTC), LATER)) == ["future"]


async def test_stories_are_found_by_event_topic_and_person(library: Library) -> None:
    assert ids(library.of_event("show", NOW)) == ["old", "new"]
    assert ids(library.of_event("show", LATER)) == ["old", "new", "future"]
    assert ids(library.by_topic("MUSIC!", NOW)) == ["old"]
    assert ids(library.by_topic("awards", NOW)) == ["new", "old"]
    assert ids(library.by_person("Zoë Kravitz", NOW)) == ["new", "old"]
    assert ids(library.by_person("Nobody", NOW)) == []


async def test_nothing_before_its_minute_is_found_by_anything(library: Library) -> None:
    assert ids(library.of_event("secret", NOW)) == []
    assert ids(library.by_topic("hush", NOW)) == []
    assert ids(library.by_person("Eve", NOW)) == []
    assert "hush" not in library.topics(NOW)
    assert "Eve" not in library.people(NOW)
    assert [event.id for event in library.public_events(NOW)] == ["show", "gala"]
    assert await library.search("embargoed", NOW) == []


async def test_at_its_minute_everything_is_found(library: Library) -> None:
    minute = datetime(2026, 3, 1, 13, tzinfo=UTC)
    assert ids(library.of_event("secret", minute)) == ["held"]
    assert ids(library.by_topic("hush", minute)) == ["held"]
    assert ids(library.by_person("Eve", minute)) == ["held"]
    assert [event.id for event in library.public_events(minute)] == ["show", "gala", "secret"]
    assert ids(await library.search("embargoed", minute)) == ["held"]


async def test_topics_and_people_come_most_used_first(library: Library) -> None:
    assert library.topics(NOW) == ["awards", "Music"]
    assert [name.casefold() for name in library.people(NOW)] == ["zoë kravitz", "ann"]


async def test_all_events_are_those_of_drafts_too(library: Library) -> None:
    assert [event.id for event in library.events()] == ["show", "gala", "rumour", "secret"]
    assert library.event("rumour") == Event(id="rumour", name="A Rumour")
    assert library.event("none") is None


async def test_an_event_is_shown_by_what_live_stories_say_of_it(root: Path) -> None:
    put(
        root,
        {
            "a.md": page("event: {id: fair, name: The Fair}", published="2026-01-01T00:00:00Z"),
            "b.md": page("event: {id: fair, name: The Fair, venue: Hall}", published="2026-03-02T00:00:00Z"),
        },
    )
    async with Library(root) as library:
        assert {event.id: event.venue for event in library.public_events(NOW)}["fair"] is None
        assert {event.id: event.venue for event in library.public_events(LATER)}["fair"] == "Hall"


async def test_what_the_index_finds_is_looked_at_again(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    async def behind(*_: object) -> list[str]:
        return ["new", "taken", "held", "draft", "vanished"]

    monkeypatch.setattr(library._search, "find", behind)
    assert ids(await library.search("prizes", NOW)) == ["new"]


# --- reloading ---------------------------------------------------------------------------------------------------


async def test_a_reload_swaps_all_answers_at_once(library: Library, root: Path) -> None:
    put(root, {"new.md": page("topics: [film]", headline="Changed", published="2026-02-01T00:00:00Z")})
    (root / "old.md").unlink()
    assert await library.reload() == {"new"}
    assert ids(library.live(NOW)) == ["new"]
    assert library.topics(NOW) == ["film"]
    assert ids(library.of_event("show", NOW)) == []
    assert ids(await library.search("changed", NOW)) == ["new"]
    assert await library.search("zoë", NOW) == []


async def test_a_broken_file_is_a_problem_and_its_last_good_version_stays(library: Library, root: Path) -> None:
    before = library.get("new")
    put(root, {"new.md": page("headlin: x")})
    with capture_logs() as logs:
        assert await library.reload() == frozenset()
        assert await library.reload() == frozenset()
    assert library.get("new") is before
    assert [str(problem) for problem in library.problems] == [
        f"{root}/new.md:5:1: There is no key “headlin” here. Did you mean “headline”?"
    ]
    assert logs == [
        {
            "event": "stories.problem",
            "log_level": "warning",
            "place": f"{root}/new.md:5:1",
            "fault": "There is no key “headlin” here. Did you mean “headline”?",
        }
    ]


async def test_a_retracted_story_is_a_change_and_a_vanished_one_is_none(library: Library, root: Path) -> None:
    (root / "old.md").unlink()
    assert await library.reload() == frozenset()
    assert library.get("old") is None
    put(root, {"new.md": page(status="retracted")})
    assert await library.reload() == {"new"}
    new = library.get("new")
    assert new
    assert new.retracted
    assert await library.search("prizes", NOW) == []


async def test_every_listener_hears_of_changes_and_a_slow_one_of_several_at_once(library: Library, root: Path) -> None:
    quick, slow = library.changes(), library.changes()
    put(root, {"new.md": page(headline="Once")})
    await library.reload()
    assert await heard(quick) == {"new"}
    put(root, {"new.md": page(headline="Twice"), "old.md": page(headline="Once")})
    await library.reload()
    assert await heard(quick) == {"new", "old"}
    assert await heard(slow) == {"new", "old"}


async def test_a_reload_without_changes_is_not_heard(library: Library, root: Path) -> None:
    hearing = asyncio.create_task(heard(library.changes()))
    put(root, {"new.md": files()["new.md"].replace("---\n", "---\n\n", 1)})
    await library.reload()
    assert not hearing.done()
    put(root, {"old.md": page(headline="Changed")})
    await library.reload()
    assert await hearing == {"old"}


async def test_reloads_at_the_same_time_do_not_mix(
    library: Library, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(root, {f"s{number}.md": page() for number in range(200)})
    read, steps = library._read, []

    def told(names: Iterable[str] | None) -> tuple[Turn, Shelf]:
        steps.append("begin")
        result = read(names)
        steps.append("end")
        return result

    monkeypatch.setattr(library, "_read", told)
    changed = await asyncio.gather(*(library.reload() for _ in range(5)))
    assert sorted(map(len, changed)) == [0, 0, 0, 0, 200]
    assert steps == ["begin", "end"] * 5


async def test_a_reload_whose_caller_leaves_is_finished(library: Library, root: Path) -> None:
    listener = library.changes()
    put(root, {"s.md": page()})
    task = asyncio.create_task(library.reload())
    await asyncio.sleep(0)
    task.cancel()
    assert await heard(listener) == {"s"}
    assert isinstance(library.get("s"), Story)


async def test_a_library_opens_over_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    async with Library(tmp_path / "stories") as library:
        assert len(library.problems) == 1
        put(tmp_path, {"stories/a.md": page()})
        assert await library.reload() == {"a"}
        assert not library.problems


async def test_closing_waits_for_a_reload_under_way(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = await Library(root).__aenter__()
    read, go_on = library._read, threading.Event()

    def slow(names: Iterable[str] | None) -> tuple[Turn, Shelf]:
        go_on.wait()
        return read(names)

    monkeypatch.setattr(library, "_read", slow)
    put(root, {"s.md": page()})
    reload = asyncio.create_task(library.reload())
    await asyncio.sleep(0)
    closing = asyncio.create_task(library.__aexit__())
    for _ in range(1000):
        await asyncio.sleep(0)
    go_on.set()
    await closing
    assert await reload == {"s"}
