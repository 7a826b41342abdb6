"""Links, buttons and pictures: what templates write for them."""

from urllib.parse import quote

from digestbot.domain.link import safe_url, with_host
from digestbot.domain.visible import clean
from digestbot.rendering.escape import Markdown, backslashed, escape

RUN = "run:"
"""The scheme under which a button's command travels through Markdown."""


def link(label: object, url: object) -> Markdown:
    """`link(label, url)` of templates: a link that shows its host; only the label if the address is refused."""
    words, address = clean(str(label)), safe_url(str(url))
    if address is None:
        return escape(words)
    return _anchor(with_host(words, address), address)


def button(label: object, command: object) -> Markdown:
    """`button(label, command)` of templates: runs a `/news` line (written without `/news`)."""
    return _anchor(clean(str(label)), RUN + quote(clean(str(command)), safe=""))


def button_url(label: object, url: object) -> Markdown:
    """`button_url(label, url)` of templates: opens an address; nothing at all if the address is refused."""
    address = safe_url(str(url))
    return Markdown("") if address is None else _anchor(clean(str(label)), address)


def image(url: object, alt: object) -> Markdown:
    """`image(url, alt)` of templates: a picture; nothing if the address is refused or the description is missing."""
    words, address = clean(str(alt)), safe_url(str(url))
    if address is None or not words:
        return Markdown("")
    return Markdown(f"!{_anchor(words, address)}")


def _anchor(label: str, target: str) -> Markdown:
    return Markdown(f"[{escape(label)}](<{backslashed(target)}>)")
