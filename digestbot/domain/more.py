"""More: the way from one page of a card to the next."""

from digestbot.domain.card import Button, Card


def more(card: Card) -> Button | None:
    """“More (2/3)” on page 1 of 3: the card's command with the next page. None on the last, or without a command."""
    if card.page >= card.pages or not card.command:
        return None
    following = card.page + 1
    return Button(f"More ({following}/{card.pages})", command=f"{card.command} page:{following}")
