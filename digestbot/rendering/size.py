"""Sizes: what blocks take of a page, for the layouts that are ours."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from digestbot.domain.card import Actions, Block, Image, Line, Link, Spoiler, lines_of, plain_text
from digestbot.domain.link import with_host


@dataclass(frozen=True, slots=True)
class PageSize:
    """A `Measure`: characters that readers see, and parts as Discord counts components."""

    characters: int
    parts: int

    @property
    def limit(self) -> tuple[int, ...]:
        return (self.characters, self.parts)

    def cost(self, blocks: Sequence[Block]) -> tuple[int, ...]:
        return (sum(map(characters, blocks)), parts(blocks))


def characters(block: Block) -> int:
    """Visible characters, descriptions of pictures and labels of buttons among them."""
    match block:
        case Spoiler(blocks=blocks):
            return sum(map(characters, blocks))
        case Actions(buttons=buttons):
            return sum(len(button.label) for button in buttons)
        case Image(alt=alt):
            return len(alt)
        case _:
            return sum(map(_length, lines_of(block)))


def parts(blocks: Iterable[Block]) -> int:
    """Blocks, those in spoilers and each button among them."""
    return sum(map(_parts, blocks))


def _parts(block: Block) -> int:
    match block:
        case Spoiler(blocks=blocks):
            return 1 + parts(blocks)
        case Actions(buttons=buttons):
            return 1 + len(buttons)
        case _:
            return 1


def _length(line: Line) -> int:
    return sum(len(with_host(p.label, p.url) if isinstance(p, Link) else plain_text((p,))) for p in line)
