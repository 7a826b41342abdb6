"""Roll-ups: one list of winners over several stories."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from digestbot.domain.story import Award, AwardStatus, Importance, Quote, Result, Status, Story, Winner
from digestbot.rendering.rollup import leading, merged, prizes

AT = datetime(2026, 5, 24, 9, 0, tzinfo=UTC)


def story(number: int, *winners: Winner, result: Result | None = None, status: Status = Status.PUBLISHED) -> Story:
    """The later its number, the later it went live."""
    return Story(
        id=f"story-{number}",
        headline=f"Story {number}",
        published=AT + timedelta(hours=number),
        status=status,
        result=result,
        winners=winners,
    )


def won(name: str, *categories: str, total: int | None = None) -> Winner:
    return Winner(name=name, total=total, awards=tuple(Award(category=category) for category in categories))


def test_a_person_and_each_of_their_categories_stand_once() -> None:
    stories = [
        story(1, won("Ann Lee", "Best Film")),
        story(2, won("ann lee", "Best film", "Best Score"), won("Bo", "Best Song")),
    ]
    assert merged(stories) == (won("Ann Lee", "Best film", "Best Score"), won("Bo", "Best Song"))


def test_the_order_is_that_of_first_appearance_whatever_order_stories_come_in() -> None:
    early, late = story(1, won("A", "1")), story(2, won("B", "2"), won("A", "3"))
    assert [winner.name for winner in merged([late, early])] == ["A", "B"]


def test_the_highest_total_holds_and_is_never_less_than_the_prizes_named() -> None:
    assert merged([story(1, won("A", "1", total=3)), story(2, won("A", total=9))]) == (won("A", "1", total=9),)
    assert merged([story(1, won("A", "1", total=1)), story(2, won("A", "2", "3"))]) == (
        won("A", "1", "2", "3", total=3),
    )


def test_a_retracted_storys_rows_leave() -> None:
    stories = [story(1, won("A", "1"), status=Status.RETRACTED), story(2, won("B", "2"))]
    assert merged(stories) == (won("B", "2"),)


def test_what_a_later_story_says_of_an_award_holds_and_details_stay() -> None:
    first = Winner(name="A", awards=(Award(category="1", work="W", note="by a nose"),))
    later = Winner(name="A", awards=(Award(category="1", note="taken back", status=AwardStatus.VACATED),))
    (winner,) = merged([story(2, later), story(1, first)])
    assert winner.awards == (Award(category="1", work="W", note="taken back", status=AwardStatus.VACATED),)


def test_awards_of_an_unsure_story_say_so_until_a_later_one_is_sure() -> None:
    disputed = story(1, won("A", "1"), result=Result.DISPUTED)
    assert merged([disputed])[0].awards == (Award(category="1", note="disputed"),)
    assert merged([disputed, story(2, won("A", "1"), result=Result.OFFICIAL)]) == (won("A", "1"),)


def test_a_vacated_storys_awards_are_vacated() -> None:
    assert merged([story(1, won("A", "1"), result=Result.VACATED)])[0].awards[0].status is AwardStatus.VACATED


def test_a_projection_goes_once_the_category_is_given_to_anyone() -> None:
    projected = story(1, won("A", "1", "2"), won("B", "1"), result=Result.PROJECTED)
    decided = story(2, won("C", "1"), result=Result.OFFICIAL)
    assert merged([projected, decided]) == (
        Winner(name="A", awards=(Award(category="2", note="projected"),)),
        won("C", "1"),
    )


def test_names_of_signs_alone_are_told_apart() -> None:
    assert [winner.name for winner in merged([story(1, won("!!!", "1"), won("???", "1"))])] == ["!!!", "???"]


def test_the_leading_story_has_a_quote_then_importance_then_is_newest() -> None:
    plain = replace(story(3), importance=Importance.URGENT)
    quoted = replace(story(1), quotes=(Quote(text="q"),))
    newer = replace(story(2), quotes=(Quote(text="q"),))
    high = replace(quoted, id="high", importance=Importance.HIGH)
    assert leading([plain, quoted, newer]) == newer
    assert leading([plain, quoted, newer, high]) == high
    assert leading([plain]) == plain
    assert leading([replace(plain, status=Status.RETRACTED)]) is None


def test_only_prizes_that_are_held_count() -> None:
    assert prizes([Award(category="1", status=status) for status in AwardStatus]) == 4
