import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from digestbot.curation import disk
from digestbot.curation.folder import Folder
from digestbot.curation.parse import read_events, read_folder, read_story
from digestbot.curation.service import Service, Turn
from digestbot.errors import Problem
from tests.unit.curation.pages import page, put

EVENTS = "- {id: show, name: The Show, starts: 2020-10-14T20:00:00-07:00, venue: Hall}\n- {id: fair, name: The Fair}\n"


GONE = (
    "The stories folder cannot be read (No such file or directory): create it, or give digestbot the right to read it."
)
NO_ID = "cannot be an id: use a-z, 0-9 and inner hyphens, 64 at most. A story's id is its file's name: rename the file."
ADD_IT = "Add it there, or describe it here: {id: …, name: …}."
UNSHOWN = "\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}"


class Desk:
    """A folder and what is in service of it, look after look."""

    def __init__(self, root: Path) -> None:
        self.folder = Folder(root)
        self.service = Service(self.folder)

    def look(self, *names: str) -> Turn:
        return self.service.take(self.folder.news(names or None))


def told(root: Path) -> list[str]:
    return [str(problem).removeprefix(f"{root}/") for problem in read_folder(root).problems]


def test_stories_are_found_in_all_folders_and_nothing_else_is(tmp_path: Path) -> None:
    files = ["a.md", "2020/b.md", "2020/10/c.md"]
    others = ["README.md", "2020/readme.md", ".d.md", ".git/e.md", "f.txt", "g.md~", "h.markdown", "2020/events.yaml"]
    put(tmp_path, dict.fromkeys([*files, *others], page()))
    batch = read_folder(tmp_path)
    assert sorted(batch.stories) == ["a", "b", "c"]
    assert batch.problems == ()


def test_one_file_can_be_read_by_itself(tmp_path: Path) -> None:
    put(tmp_path, {"a.md": page("event: show"), "events.yaml": EVENTS})
    assert read_story(tmp_path / "a.md").reference == "show"
    assert list(read_events(tmp_path / "events.yaml").events) == ["show", "fair"]


def test_a_folder_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    assert [str(problem) for problem in read_folder(tmp_path / "stories").problems] == [
        f"{tmp_path}/stories:0:0: {GONE}"
    ]


def test_problems_come_in_order_of_path_line_and_column(tmp_path: Path) -> None:
    put(tmp_path, {"b.md": page("x: 1\ny: 2"), "a.md": page("z: 1"), "events.yaml": "- x"})
    assert [line.split(": ")[0] for line in told(tmp_path)] == ["a.md:5:1", "b.md:5:1", "b.md:6:1", "events.yaml:1:3"]


def test_two_files_of_one_name_name_each_other_and_neither_is_served(tmp_path: Path) -> None:
    put(tmp_path, {"2020/a.md": page(), "2021/a.md": page()})
    assert told(tmp_path) == [
        f"2020/a.md:0:0: {tmp_path}/2021/a.md has the same name, and so the same id: rename one of them.",
        f"2021/a.md:0:0: {tmp_path}/2020/a.md has the same name, and so the same id: rename one of them.",
    ]
    assert read_folder(tmp_path).stories == {}


def test_links_out_of_the_folder_and_linked_folders_are_left_out(tmp_path: Path) -> None:
    put(tmp_path, {"secret.md": page(), "outside/b.md": page(), "stories/c.md": page(), "stories/.data/d.md": page()})
    root = tmp_path / "stories"
    (root / "secret.md").symlink_to(tmp_path / "secret.md")
    (root / "outside").symlink_to(tmp_path / "outside")
    (root / "circle").symlink_to(root)
    (root / "nothing.md").symlink_to(tmp_path / "nothing.md")
    (root / "itself.md").symlink_to(root / "itself.md")
    (root / "d.md").symlink_to(root / ".data" / "d.md")
    assert sorted(read_folder(root).stories) == ["c", "d"]
    assert sorted(Desk(root).look("secret.md", "outside/b.md", "circle/c.md", "c.md", "itself.md").served) == ["c"]


def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    put(tmp_path / "real", {"a.md": page()})
    (tmp_path / "stories").symlink_to(tmp_path / "real")
    assert sorted(read_folder(tmp_path / "stories").stories) == ["a"]


def test_what_is_no_file_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.md").mkdir()
    os.mkfifo(tmp_path / "b.md")
    assert read_folder(tmp_path).problems == ()


def test_names_that_no_terminal_can_show_are_told_all_the_same(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\x1b.md")).write_text(page())
    assert told(tmp_path) == [f"{UNSHOWN}.md:0:0: “{UNSHOWN}” {NO_ID}"]


# --- events ------------------------------------------------------------------------------------------------------


def test_a_named_event_is_looked_up(tmp_path: Path) -> None:
    put(tmp_path, {"a.md": page("event: show"), "events.yaml": EVENTS})
    batch = read_folder(tmp_path)
    assert batch.stories["a"].event is batch.events["show"]


def test_an_unknown_event_says_which_was_meant(tmp_path: Path) -> None:
    put(tmp_path, {"a.md": page("event: shwo"), "b.md": page("event: concert"), "events.yaml": EVENTS})
    assert told(tmp_path) == [
        f"a.md:5:8: There is no event “shwo” in {tmp_path}/events.yaml. Did you mean “show”?",
        f"b.md:5:8: There is no event “concert” in {tmp_path}/events.yaml. {ADD_IT}",
    ]
    assert read_folder(tmp_path).stories == {}


def test_a_faulty_event_is_not_said_to_be_missing(tmp_path: Path) -> None:
    put(tmp_path, {"a.md": page("event: show"), "events.yaml": "- {id: show, nam: x}"})
    assert told(tmp_path)[0] == (
        f"a.md:5:8: The event “show” cannot be looked up: put {tmp_path}/events.yaml right first."
    )
    put(tmp_path, {"events.yaml": "["})
    assert told(tmp_path)[0] == (
        f"a.md:5:8: The event “show” cannot be looked up: put {tmp_path}/events.yaml right first."
    )


@pytest.mark.parametrize("faulty", ["- {id: show, nam: x}", "["])
def test_once_the_file_of_events_is_mended_a_missing_event_is_said_to_be_missing(tmp_path: Path, faulty: str) -> None:
    desk = Desk(put(tmp_path, {"a.md": page("event: show"), "events.yaml": faulty}))
    assert len(desk.look().problems) > 1
    put(tmp_path, {"events.yaml": "- {id: concert, name: A Concert}"})
    message = f"There is no event “show” in {tmp_path}/events.yaml. {ADD_IT}"
    assert desk.look().problems == (Problem(f"{tmp_path}/a.md", 5, 8, message),)


def test_a_described_event_is_completed_from_the_file_of_events(tmp_path: Path) -> None:
    described = page("event: {id: show, name: The Show, date: 2020-10-14, city: Paris}")
    put(tmp_path, {"a.md": described, "events.yaml": EVENTS})
    event = read_folder(tmp_path).stories["a"].event
    assert event
    assert (event.venue, event.city, str(event.starts)) == ("Hall", "Paris", "2020-10-14 20:00:00-07:00")


def differs(key: str, here: str, there: str, file: Path) -> str:
    return f"“{key}” of the event “show” is “{here}” here but “{there}” in {file}: make the two agree."


def test_a_story_that_disagrees_with_the_file_of_events_is_told_and_served(tmp_path: Path) -> None:
    put(
        tmp_path,
        {
            "a.md": page("event:\n  id: show\n  name: The Show\n  date: 2020-10-15\n  venue: Stadium"),
            "events.yaml": EVENTS,
        },
    )
    assert told(tmp_path) == [
        f"a.md:8:9: {differs('starts', '2020-10-15', '2020-10-14T20:00:00-07:00', tmp_path / 'events.yaml')}",
        f"a.md:9:10: {differs('venue', 'Stadium', 'Hall', tmp_path / 'events.yaml')}",
    ]
    event = read_folder(tmp_path).stories["a"].event
    assert event
    assert event.venue == "Stadium"


def test_two_stories_that_disagree_are_told_once_with_the_file_that_said_it_first(tmp_path: Path) -> None:
    put(
        tmp_path,
        {
            "a.md": page("event: {id: show, name: The Show}"),
            "b.md": page("event: {id: show, name: The Show, city: Paris}"),
            "c.md": page("event: {id: show, name: Show, city: Rome}"),
        },
    )
    assert told(tmp_path) == [
        f"c.md:5:25: {differs('name', 'Show', 'The Show', tmp_path / 'a.md')}",
        f"c.md:5:37: {differs('city', 'Rome', 'Paris', tmp_path / 'b.md')}",
    ]


# --- time passes -------------------------------------------------------------------------------------------------


def test_only_files_with_another_stamp_are_read_again(tmp_path: Path) -> None:
    desk = Desk(put(tmp_path, {"a.md": page(headline="One")}))
    assert desk.look().changed == {"a"}
    before = (tmp_path / "a.md").stat()
    (tmp_path / "a.md").write_text(page(headline="Two"))
    os.utime(tmp_path / "a.md", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert desk.look().changed == frozenset()
    assert desk.look("a.md").changed == {"a"}, "a file that is named is read in any case"


@pytest.mark.parametrize("names", [(), ("a.md", "b.md")])
def test_each_look_tells_what_came_changed_and_went(tmp_path: Path, names: tuple[str, ...]) -> None:
    desk = Desk(put(tmp_path, {"a.md": page(), "b.md": page()}))
    desk.look()
    put(tmp_path, {"a.md": page(headline="Ten prizes, or more")})
    (tmp_path / "b.md").unlink()
    turn = desk.look(*names)
    assert (sorted(turn.served), turn.changed, turn.gone) == (["a"], frozenset({"a"}), frozenset({"b"}))


def test_white_space_brings_a_version_into_service_that_counts_as_unchanged(tmp_path: Path) -> None:
    desk = Desk(put(tmp_path, {"a.md": page()}))
    desk.look()
    put(tmp_path, {"a.md": page().replace("In short.", "In\n\nshort.")})
    turn = desk.look()
    assert turn.served["a"].summary == "In\n\nshort."
    assert turn.changed == frozenset()


def test_a_broken_file_leaves_the_last_good_version_in_service(tmp_path: Path) -> None:
    desk = Desk(put(tmp_path, {"a.md": page()}))
    desk.look()
    put(tmp_path, {"a.md": page("x: 1")})
    turn = desk.look()
    assert (turn.served, turn.changed, turn.gone, len(turn.problems)) == ({}, frozenset(), frozenset(), 1)
    put(tmp_path, {"a.md": page(headline="Mended")})
    turn = desk.look()
    assert (turn.served["a"].headline, turn.changed, turn.problems) == ("Mended", frozenset({"a"}), ())


def test_a_broken_file_that_vanishes_takes_the_last_good_version_with_it(tmp_path: Path) -> None:
    desk = Desk(put(tmp_path, {"a.md": page()}))
    desk.look()
    put(tmp_path, {"a.md": "broken"})
    desk.look()
    (tmp_path / "a.md").unlink()
    turn = desk.look()
    assert (turn.gone, turn.problems) == (frozenset({"a"}), ())


def test_a_moved_file_is_the_same_story(tmp_path: Path) -> None:
    desk = Desk(put(tmp_path, {"a.md": page()}))
    desk.look()
    put(tmp_path, {"old/a.md": page()})
    assert len(desk.look().problems) == 2
    (tmp_path / "a.md").unlink()
    turn = desk.look()
    assert (turn.served, turn.changed, turn.gone, turn.problems) == ({}, frozenset(), frozenset(), ())


def test_while_two_files_have_one_name_the_version_in_service_stays(tmp_path: Path) -> None:
    desk = Desk(put(tmp_path, {"a.md": page(headline="First")}))
    desk.look()
    put(tmp_path, {"a.md": page(headline="Changed"), "b/a.md": page(headline="Second")})
    turn = desk.look()
    assert (turn.served, turn.gone) == ({}, frozenset())
    (tmp_path / "a.md").unlink()
    assert desk.look().served["a"].headline == "Second"


def test_a_changed_event_changes_the_stories_that_name_it(tmp_path: Path) -> None:
    desk = Desk(put(tmp_path, {"a.md": page("event: show"), "b.md": page("event: fair"), "events.yaml": EVENTS}))
    desk.look()
    put(tmp_path, {"events.yaml": EVENTS.replace("Hall", "Arena")})
    turn = desk.look()
    assert turn.changed == {"a"}
    event = turn.served["a"].event
    assert event
    assert event.venue == "Arena"


def test_a_broken_file_of_events_keeps_the_last_good_ones(tmp_path: Path) -> None:
    desk = Desk(put(tmp_path, {"a.md": page("event: show"), "events.yaml": EVENTS}))
    desk.look()
    put(tmp_path, {"events.yaml": EVENTS + "- ["})
    turn = desk.look()
    assert (sorted(turn.events), turn.served, len(turn.problems)) == (["fair", "show"], {}, 1)
    put(tmp_path, {"b.md": page("event: fair")})
    assert desk.look().changed == {"b"}, "new stories find the events that are in service"


def test_an_event_with_a_fault_keeps_its_last_good_version_while_others_change(tmp_path: Path) -> None:
    desk = Desk(put(tmp_path, {"a.md": page("event: show"), "b.md": page("event: fair"), "events.yaml": EVENTS}))
    desk.look()
    put(tmp_path, {"events.yaml": "- {id: show, nam: The Show}\n- {id: fair, name: A Fair}\n"})
    turn = desk.look()
    assert turn.changed == {"b"}
    assert (turn.events["show"].name, turn.events["fair"].name) == ("The Show", "A Fair")


def test_an_event_taken_out_is_told_and_its_stories_keep_it(tmp_path: Path) -> None:
    desk = Desk(put(tmp_path, {"a.md": page("event: show"), "events.yaml": EVENTS}))
    desk.look()
    (tmp_path / "events.yaml").unlink()
    turn = desk.look()
    assert (turn.events, turn.served, turn.gone) == ({}, {}, frozenset())
    assert [problem.message for problem in turn.problems] == [
        f"There is no event “show” in {tmp_path}/events.yaml. {ADD_IT}"
    ]


def test_a_story_comes_into_service_when_its_event_does(tmp_path: Path) -> None:
    desk = Desk(put(tmp_path, {"a.md": page("event: show")}))
    assert desk.look().served == {}
    put(tmp_path, {"events.yaml": EVENTS})
    turn = desk.look("events.yaml")
    assert (turn.changed, turn.problems) == (frozenset({"a"}), ())


def test_a_disagreement_ends_when_either_side_changes(tmp_path: Path) -> None:
    desk = Desk(put(tmp_path, {"a.md": page("event: {id: show, name: The Show, venue: Arena}"), "events.yaml": EVENTS}))
    assert len(desk.look().problems) == 1
    put(tmp_path, {"events.yaml": EVENTS.replace("Hall", "Arena")})
    assert desk.look().problems == ()


def test_a_folder_that_vanishes_leaves_everything_in_service(tmp_path: Path) -> None:
    desk = Desk(put(tmp_path / "stories", {"a.md": page(), "b.md": "broken"}))
    assert len(desk.look().problems) == 1
    (tmp_path / "stories").rename(tmp_path / "away")
    turn = desk.look()
    assert (turn.served, turn.gone, len(turn.problems)) == ({}, frozenset(), 2)
    (tmp_path / "away").rename(tmp_path / "stories")
    turn = desk.look()
    assert (turn.served, turn.gone, len(turn.problems)) == ({}, frozenset(), 1)


def test_a_file_that_may_not_be_read_keeps_its_story_and_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(put(tmp_path, {"a.md": page(), "events.yaml": EVENTS}))
    desk.look()
    put(tmp_path, {"a.md": page(headline="Changed"), "events.yaml": EVENTS.replace("Hall", "Arena")})

    def refuse(path: Path, limit: int) -> bytes:
        raise PermissionError(13, "Permission denied", path, limit)

    with monkeypatch.context() as patch:
        patch.setattr(disk, "read", refuse)
        turn = desk.look()
    message = "The file cannot be read (Permission denied): give digestbot the right to."
    assert turn.problems == (
        Problem(f"{tmp_path}/a.md", 0, 0, message),
        Problem(f"{tmp_path}/events.yaml", 0, 0, message),
    )
    assert (turn.served, turn.gone, turn.events["show"].venue) == ({}, frozenset(), "Hall")
    turn = desk.look()
    assert (turn.served["a"].headline, turn.events["show"].venue, turn.problems) == ("Changed", "Arena", ())


def test_a_file_that_vanishes_while_it_is_looked_at_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(put(tmp_path, {"a.md": page()}))
    desk.look()
    put(tmp_path, {"a.md": page(headline="Changed")})
    read = disk.read

    def vanish(path: Path, limit: int) -> bytes:
        path.unlink()
        return read(path, limit)

    monkeypatch.setattr(disk, "read", vanish)
    turn = desk.look()
    assert turn.gone == {"a"}
    assert not turn.problems


def test_a_closed_folder_keeps_its_stories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(put(tmp_path, {"a.md": page(), "2020/b.md": page()}))
    desk.look()
    really = disk._entries

    def closed(root: str, folder: str) -> Iterator[os.DirEntry[str]]:
        if folder:
            raise PermissionError(13, "Permission denied", folder)
        return really(root, folder)

    with monkeypatch.context() as patch:
        patch.setattr(disk, "_entries", closed)
        turn = desk.look()
    message = "This folder cannot be read (Permission denied): give digestbot the right to."
    assert turn.problems == (Problem(f"{tmp_path}/2020", 0, 0, message),)
    assert turn.gone == frozenset()
    assert not desk.look().problems
