"""Paging: a card that is too long for its platform becomes several, and nothing of it is lost."""

from collections.abc import Sequence
from typing import Protocol

from digestbot.domain.card import Actions, Block, Card, Divider, Heading, Small
from digestbot.domain.splitting import Room, split, titles_only, without_last_titles


class Measure(Protocol):
    """What a platform allows one page, and what blocks cost of it, in the same units and order.

    Costs never fall when blocks grow. A limit leaves room for the “More” button, which the layout adds.
    """

    @property
    def limit(self) -> tuple[int, ...]: ...

    def cost(self, blocks: Sequence[Block]) -> tuple[int, ...]: ...


def paginate(card: Card, measure: Measure) -> list[Card]:
    """The card's pages, each within the limits, at least one.

    Lists are cut between items, text between lines, words, then graphemes; only a single item (a list's, a button, a
    picture's description) over the limit is shortened, with “…”. The first heading is repeated on later pages and the
    closing buttons and footer on all, where they take at most half of a page; dividers at a page's edge are dropped.
    """
    if _within(measure, card.blocks):
        return [card.numbered(card.blocks, 1, 1)]
    pages = _Pages(card.blocks, measure).laid() or [()]
    return [card.numbered(blocks, number, len(pages)) for number, blocks in enumerate(pages, start=1)]


_Blocks = tuple[Block, ...]


class _Pages:
    """The repeated parts of a card's pages, and how the others are filled."""

    def __init__(self, blocks: Sequence[Block], measure: Measure) -> None:
        self._measure = measure
        self._body, self._tail = _apart(blocks)
        if not _within(measure, self._tail, share=2):
            self._body, self._tail = tuple(blocks), ()
        first = self._body[:1]
        repeats = isinstance(next(iter(first), None), Heading) and _within(measure, (*first, *self._tail), share=2)
        self._lead = first if repeats else ()

    def laid(self) -> list[_Blocks]:
        pages, tailed = self._laid(self._body)
        if tailed or not self._tail:
            return pages
        tail, self._lead, self._tail = self._tail, (), ()
        return [*pages, *self._laid(tail)[0]]

    def _laid(self, blocks: Sequence[Block]) -> tuple[list[_Blocks], bool]:
        """The pages, and whether the last of them ends with the buttons and footer."""
        pages: list[_Blocks] = []
        rest, tailed = tuple(blocks), False
        while rest:
            page, rest, tailed = self._next(rest, self._lead if pages else ())
            if page:
                pages.append(page)
        return pages, tailed

    def _next(self, blocks: Sequence[Block], lead: _Blocks) -> tuple[_Blocks, _Blocks, bool]:
        """A page, what is left for later ones, and whether it ends with the tail.

        With all that is to be repeated if something else fits then too, or without the heading, or with nothing.
        """
        for before, after in ((lead, self._tail), ((), self._tail), ((), ())):
            own, rest = self._filled(blocks, before, after, force=False)
            if own and not (rest and titles_only(own)):
                return (*before, *own, *after), rest, bool(after)
        own, rest = self._filled(blocks, (), (), force=True)
        return own, rest, False

    def _filled(
        self, blocks: Sequence[Block], before: _Blocks, after: _Blocks, *, force: bool
    ) -> tuple[_Blocks, _Blocks]:
        """As many blocks as fit between the repeated parts, and the rest."""
        own: _Blocks = ()
        rest = tuple(blocks)
        while rest:
            if self._fits((*before, *own, rest[0], *after)):
                own, rest = (*own, rest[0]), rest[1:]
                continue
            head, left = split(rest[0], self._room(before, own, after, force=force))
            if head is None and own:
                break
            own = (*own, head) if head else own
            rest = (left, *rest[1:]) if left else rest[1:]
            if head or left:
                break
        followed = rest or (self._tail and not after)
        if not followed or (force and titles_only(own)):
            return own, rest
        kept = tuple(without_last_titles(own))
        return kept, _without_first_dividers((*own[len(kept) :], *rest))

    def _room(self, before: _Blocks, own: _Blocks, after: _Blocks, *, force: bool) -> Room:
        return Room(
            fits=lambda block: self._fits((*before, *own, block, *after)),
            whole=lambda block: self._fits((*self._lead, block, *self._tail)),
            fresh=titles_only(own),
            force=force and titles_only(own),
        )

    def _fits(self, blocks: Sequence[Block]) -> bool:
        return _within(self._measure, blocks)


def _within(measure: Measure, blocks: Sequence[Block], share: int = 1) -> bool:
    return all(cost * share <= limit for cost, limit in zip(measure.cost(blocks), measure.limit, strict=True))


def _apart(blocks: Sequence[Block]) -> tuple[_Blocks, _Blocks]:
    """The blocks, and the run of buttons and footers at their end."""
    end = len(blocks)
    while end and isinstance(blocks[end - 1], Actions | Small):
        end -= 1
    return tuple(blocks[:end]), tuple(blocks[end:])


def _without_first_dividers(blocks: Sequence[Block]) -> _Blocks:
    start = next((index for index, block in enumerate(blocks) if not isinstance(block, Divider)), len(blocks))
    return tuple(blocks[start:])
