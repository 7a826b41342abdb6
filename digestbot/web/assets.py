"""The files that pages load: scripts, styles and pictures, under /static/."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from aiohttp import web

_TYPES: Final = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png"}


def assets(templates: Sequence[Path]) -> list[web.RouteDef]:
    """Serve `web/static/` of the template folders, the first folder that has a file wins.

    Only files that were there at the start, of a type we know, are served; their content is read at each request, so
    an edit shows at the next reload.
    """
    files: dict[str, Path] = {}
    for root in reversed(templates):
        folder = root / "web" / "static"
        found = (path for path in folder.rglob("*") if path.is_file() and path.suffix in _TYPES)
        files |= {path.relative_to(folder).as_posix(): path for path in found}

    async def serve(request: web.Request) -> web.StreamResponse:
        path = files.get(request.match_info["name"])
        if path is None:
            raise web.HTTPNotFound(text="There is no such file.")
        headers = {"Content-Type": f"{_TYPES[path.suffix]}; charset=utf-8", "Cache-Control": "no-cache"}
        return web.FileResponse(path, headers=headers)

    return [web.get("/static/{name:.+}", serve)]
