"""Deliveries: their ids are derived, so that every node and every attempt names the same promise alike."""

import re
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from digestbot.domain.delivery import OPEN, DeliveryState, Reservation, delivery_id
from digestbot.domain.place import Place
from digestbot.domain.subscription import Look

ids = st.text("abcdefghjkmnpqrstuvwxyz23456789", min_size=1, max_size=8)
occasions = st.text(min_size=1, max_size=60)


def test_an_id_is_what_it_was_yesterday_and_on_the_other_node() -> None:
    assert delivery_id("abc234", "2026-11-23T09:00") == "ssj5s3gaiqagdps4pte5l5cy"


@given(ids, occasions)
def test_an_id_with_its_page_fits_a_nonce(subscription: str, occasion: str) -> None:
    assert re.fullmatch(r"[a-z2-7]{24}", delivery_id(subscription, occasion))
    assert len(f"{delivery_id(subscription, occasion)}9") == 25


@given(st.tuples(ids, occasions), st.tuples(ids, occasions))
def test_two_promises_have_two_ids(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert (delivery_id(*one) == delivery_id(*other)) is (one == other)


def test_the_border_between_subscription_and_occasion_counts() -> None:
    assert delivery_id("abc", "de") != delivery_id("abcd", "e")


def test_a_reservation_has_the_id_of_its_delivery() -> None:
    reservation = Reservation(
        subscription="abc234",
        place=Place("sandbox", "home", "news"),
        occasion="story:bbma-2020",
        due=datetime(2026, 11, 23, 9, tzinfo=UTC),
        look=Look(),
    )
    assert reservation.id == delivery_id("abc234", "story:bbma-2020")


def test_what_is_settled_is_not_open() -> None:
    assert set(DeliveryState) - set(OPEN) == {"unknown", "posted", "refused", "gone", "skipped"}
