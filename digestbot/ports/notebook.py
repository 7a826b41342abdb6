"""The notebook: small facts that must survive a restart."""

from typing import Protocol


class Notebook(Protocol):
    """Texts by name, the same for every process on one database."""

    async def read(self, name: str) -> str | None: ...

    async def write(self, name: str, text: str) -> None:
        """Durable before it returns; takes the place of what stood there."""
        ...
