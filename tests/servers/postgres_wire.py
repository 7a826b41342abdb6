"""A wire to PostgreSQL that can lose the answer to a COMMIT: the server has done it, and nobody hears."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import URL, make_url

_CHUNK = 65536
_PORT = 5432


class Wire:
    """Passes everything on; after `lose_commit()` the next COMMIT is carried out and its connection cut."""

    def __init__(self, server: URL) -> None:
        self._server = server
        self._armed = False
        self.lost = 0
        self.url = ""

    def lose_commit(self) -> None:
        self._armed = True

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to_read, to_write = await self._dial()
        lost = asyncio.Event()
        answers = asyncio.create_task(self._answers(to_read, writer, lost), name="wire-answers")
        try:
            while sent := await reader.read(_CHUNK):
                if self._armed and b"COMMIT;" in sent:
                    self._armed = False
                    lost.set()
                to_write.write(sent)
                await to_write.drain()
        except OSError:
            pass
        finally:
            to_write.close()
            await answers

    async def _answers(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, lost: asyncio.Event) -> None:
        try:
            while answer := await reader.read(_CHUNK):
                if lost.is_set():
                    self.lost += 1
                    break
                writer.write(answer)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.transport.abort()

    async def _dial(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        host, port = self._server.host or self._server.query.get("host"), self._server.port or _PORT
        assert isinstance(host, str)
        if host.startswith("/"):
            return await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
        return await asyncio.open_connection(host, port)


@asynccontextmanager
async def wire_to(address: str) -> AsyncIterator[Wire]:
    server = make_url(address)
    wire = Wire(server)
    listening = await asyncio.start_server(wire.connected, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    plain = server.difference_update_query(["host", "port", "ssl"]).set(host="127.0.0.1", port=port)
    wire.url = plain.update_query_dict({"ssl": "disable"}).render_as_string(hide_password=False)
    try:
        yield wire
    finally:
        listening.close()
