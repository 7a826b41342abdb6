"""Reveal: the way behind a card's spoilers, where a platform has none of its own."""

from digestbot.domain.card import Button, Card


def reveal(card: Card) -> Button | None:
    """“Show”: the card's command again with its spoilers shown, to whoever presses alone. None without a command.

    A later `spoilers:` of a line counts, so whatever the command says about them is overruled.
    """
    return Button("Show", command=f"{card.command} spoilers:show") if card.command else None
