"""Links, buttons and pictures: the only addresses that may enter a card."""

import re
from urllib.parse import quote, urlsplit

from digestbot.rendering.escape import Markdown, backslashed, clean, escape, is_visible

RUN = "run:"
"""The scheme under which a button's command travels through Markdown."""

_LONGEST = 2000
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?\.?|\[[0-9a-f:.]+\]")
_ADDRESS = re.compile(r"\S*://\S*|[^\s.]+(\.[^\s.]+)*\.[^\W\d_]{2,}([/:?#]\S*)?")


def safe_url(url: str) -> str | None:
    """The address in ASCII (punycode host, percent-encoded rest), or None if it may not be shown.

    Refused: other schemes than http and https, user info, white space, invisible characters, backslashes.
    """
    if len(url) > _LONGEST or not is_visible(url) or "\\" in url:
        return None
    try:
        parts = urlsplit(url)
        host, port = _ascii_host(parts.hostname or ""), parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or "@" in parts.netloc or not _HOST.fullmatch(host):
        return None
    place = host if port is None else f"{host}:{port}"
    query = f"?{_quoted(parts.query)}" if parts.query else ""
    fragment = f"#{_quoted(parts.fragment)}" if parts.fragment else ""
    return f"{parts.scheme}://{place}{_quoted(parts.path)}{query}{fragment}"


def host(url: str) -> str:
    """The host of a safe address, as `safe_url` writes it."""
    return urlsplit(url).hostname or ""


def with_host(label: str, url: str) -> str:
    """A label that does not hide where it leads: the host stands beside it, or in place of another address."""
    name = host(url)
    if not name:
        return label
    if not label or _ADDRESS.fullmatch(label):
        return label if label.casefold() == name else name
    return label if f"({name})" in label else f"{label} ({name})"


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


def _ascii_host(name: str) -> str:
    if ":" in name:
        return f"[{name}]"
    if name.isascii():
        return name
    punycode = name.encode("idna")
    if punycode.decode("idna") != name:
        raise ValueError("this codec would lead to another host than browsers do")
    return punycode.decode("ascii")


def _quoted(text: str) -> str:
    return quote(text, safe="/%:@!$&'*+,;=~?-._")
