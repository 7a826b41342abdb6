"""Links: the only addresses that may enter a card, and labels that do not hide where they lead."""

import re
from urllib.parse import quote, urlsplit

from digestbot.domain.visible import is_visible

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
