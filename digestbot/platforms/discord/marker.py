"""Markers: how a message of ours is recognised when it is read back from a channel's history.

Discord keeps the `id` that a component was sent with and shows it to nobody, while a nonce is not in the history. A
delivery's id becomes two such ids, 62 bits together, on two components that every message has. Where an embed has no
buttons, and so no components, its footer carries a short code.
"""

from base64 import b32encode
from collections.abc import Iterator, Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final

_OWN: Final = 1 << 10
"""Ids below are left to Discord, which numbers the components that come without one from 1."""
_RANGE: Final = (1 << 31) - _OWN
_CODE: Final = 12

Body = dict[str, Any]


@lru_cache(maxsize=64)
def component_ids(marker: str) -> tuple[int, int]:
    """Two different ids of 31 bits for a delivery."""
    digest = sha256(marker.encode()).digest()
    first, distance = (int.from_bytes(half, "big") for half in (digest[:8], digest[8:16]))
    second = first + 1 + distance % (_RANGE - 1)
    return _OWN + first % _RANGE, _OWN + second % _RANGE


def code(marker: str) -> str:
    """Twelve letters and digits for a footer."""
    return b32encode(sha256(marker.encode()).digest())[:_CODE].decode().lower()


def marked(body: Body, marker: str) -> Body:
    """The body with the marker on its first component and that one's first, or in its embed's footer.

    Copies what it changes and shares the rest.
    """
    if not body.get("components"):
        embed, *others = body["embeds"]
        return {**body, "embeds": [{**embed, "footer": {"text": code(marker)}}, *others]}
    outer, *rest = body["components"]
    inner, *siblings = outer["components"]
    first, second = component_ids(marker)
    numbered = {**outer, "id": first, "components": [{**inner, "id": second}, *siblings]}
    return {**body, "components": [numbered, *rest]}


def carries(message: Mapping[str, Any], marker: str) -> bool:
    """Whether a message object, as Discord returns it, was sent with this marker, whatever was edited since."""
    if set(component_ids(marker)) <= set(_ids(message.get("components") or [])):
        return True
    footers = (embed.get("footer") or {} for embed in message.get("embeds") or [])
    return any(footer.get("text") == code(marker) for footer in footers)


def _ids(components: list[Mapping[str, Any]]) -> Iterator[object]:
    for component in components:
        yield component.get("id")
        yield from _ids(component.get("components") or [])
