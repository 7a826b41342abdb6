"""The way behind a card's spoilers."""

from digestbot.domain.card import Button, Card
from digestbot.domain.reveal import reveal


def test_it_is_the_cards_command_with_spoilers_shown() -> None:
    card = Card(blocks=(), command="digest abc spoilers:hide")
    assert reveal(card) == Button("Show", command="digest abc spoilers:hide spoilers:show")


def test_a_card_without_a_command_has_none() -> None:
    assert reveal(Card(blocks=())) is None
