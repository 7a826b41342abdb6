from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

from digestbot.curation.events import completed, disagreements, merged
from digestbot.domain.story import Category, Event

SHOW = Event(id="show", name="The Show", starts=date(2020, 10, 14), city="Paris")
EVENING = datetime(2020, 10, 14, 20, tzinfo=timezone(timedelta(hours=-7)))


def test_nothing_makes_no_event() -> None:
    assert merged([]) is None


def test_what_one_leaves_out_the_next_may_say() -> None:
    more = Event(id="show", name="The Show", kind="gala", venue="Hall", categories=(Category(name="Best"),))
    assert merged([SHOW, more]) == Event(
        id="show",
        name="The Show",
        kind="gala",
        starts=date(2020, 10, 14),
        venue="Hall",
        city="Paris",
        categories=(Category(name="Best"),),
    )


def test_the_first_is_believed() -> None:
    other = replace(SHOW, name="Another", starts=date(2020, 10, 15), city="Rome")
    assert merged([SHOW, other]) == SHOW


def test_an_hour_of_the_same_day_is_more_exact_than_the_day() -> None:
    assert completed(SHOW, replace(SHOW, starts=EVENING)).starts == EVENING
    assert completed(replace(SHOW, starts=EVENING), SHOW).starts == EVENING


def test_categories_are_gathered_by_name() -> None:
    best = Category(name="Best", nominees=("A", "B"))
    one, two = (
        replace(SHOW, categories=(best,)),
        replace(SHOW, categories=(Category(name="Best"), Category(name="Worst"))),
    )
    assert completed(one, two).categories == (best, Category(name="Worst"))


def test_a_day_agrees_with_its_hours_and_instants_with_themselves() -> None:
    assert not list(disagreements(SHOW, replace(SHOW, starts=EVENING)))
    assert not list(disagreements(replace(SHOW, starts=EVENING), replace(SHOW, starts=EVENING.astimezone(UTC))))


def test_what_is_left_out_is_no_disagreement_and_neither_is_white_space() -> None:
    assert not list(disagreements(SHOW, Event(id="show", name="The  Show")))


def test_each_disagreement_is_named_with_both_values() -> None:
    best = Category(name="Best", nominees=("A", "B"))
    here = replace(SHOW, starts=EVENING, categories=(best,))
    there = Event(
        id="show",
        name="Show",
        starts=date(2020, 10, 15),
        city="Rome",
        categories=(Category(name="Best", nominees=("A", "C")),),
    )
    assert list(disagreements(here, there)) == [
        ("name", "The Show", "Show"),
        ("city", "Paris", "Rome"),
        ("starts", "2020-10-14T20:00:00-07:00", "2020-10-15"),
        ("categories", "Best: A, B", "Best: A, C"),
    ]


def test_nominees_in_another_order_agree() -> None:
    one = replace(SHOW, categories=(Category(name="Best", nominees=("A", "B")),))
    assert not list(disagreements(one, replace(SHOW, categories=(Category(name="Best", nominees=("B", "A")),))))
