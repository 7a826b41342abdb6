"""The guard: what every page of ours refuses, and the headers it sends."""

from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_LOCAL: Final = ("127.0.0.1", "localhost", "::1")
_READING: Final = ("GET", "HEAD", "OPTIONS")


def guard(hosts: Collection[str], open_paths: Collection[str]) -> Middleware:
    """Turn away requests for a host that is not ours (DNS rebinding) and writes that another site's page sends.

    `open_paths` are for machines, which come under any name: probes, and endpoints that verify signatures.
    """
    ours = {host.casefold().rstrip(".") for host in (*_LOCAL, *hosts)}

    @web.middleware
    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path not in open_paths:
            host = request.headers.get("Host", "")
            if _name(host) not in ours:
                raise web.HTTPForbidden(
                    text=f"This server does not go by the name {host!r}. Open it as localhost, "
                    "or set DIGESTBOT_WEB__PUBLIC_URL to the address under which it is reached."
                )
            if request.method not in _READING and not _same_origin(request, host):
                raise web.HTTPForbidden(text="This request came from another site's page. Use the page of this server.")
        return await handler(request)

    return guarded


async def add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """Signal for `on_response_prepare`; a header that a handler has set itself stays."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)


def _same_origin(request: web.Request, host: str) -> bool:
    """Browsers send these headers with every write; what sends neither is not a browser, so nobody is deceived."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None and site not in ("same-origin", "none"):
        return False
    return origin is None or _authority(origin) == host.casefold()


def _authority(origin: str) -> str:
    return origin.casefold().partition("://")[2]


def _name(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""
