"""Accents: the colour that a card wears for its topic."""

from typing import Final
from zlib import crc32

from digestbot.domain.slug import slug

NEUTRAL: Final = 0x5B6B7F

_NAMED: Final = {
    "art": 0xC2578F,
    "awards": 0xC99A2E,
    "books": 0x8A6642,
    "film": 0xB8443F,
    "games": 0x6C5BD4,
    "literature": 0x8A6642,
    "music": 0x8E4EC6,
    "open-source": 0x3E8E4B,
    "politics": 0x4A6FA5,
    "science": 0x1F8A8A,
    "space": 0x3B5BA9,
    "sport": 0x2E8B57,
    "sports": 0x2E8B57,
    "technology": 0x2D7DD2,
    "television": 0xD0703C,
    "theatre": 0xA8456B,
}
_OTHERS: Final = (0xB5562F, 0x9A7B1F, 0x5F8D3A, 0x2F8F78, 0x2C82B0, 0x5A67C8, 0x8B56B0, 0xB24C83, 0xA0504F, 0x66707C)


def accent(topic: str | None) -> int:
    """The same for the same topic on every machine, dark and light themes alike; a grey for none."""
    name = slug(topic or "")
    if not name:
        return NEUTRAL
    return _NAMED.get(name) or _OTHERS[crc32(name.encode()) % len(_OTHERS)]
