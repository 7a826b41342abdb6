"""The dispatcher: due deliveries to a handler."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

Publish = Callable[[Any, Sequence[str], datetime], Awaitable[None]]
"""(the transaction's connection, delivery ids, when they are due): `Dispatcher.publish`."""


Handler = Callable[[Sequence[str], Callable[[str], None]], Awaitable[None]]
"""(ids, what to call with each id that is done): a slow one keeps no place but its own."""


class Dispatcher(Protocol):
    """Brings due deliveries to a handler; embedded it polls the ledger, grown it is a queue of ids."""

    async def publish(self, connection: Any, ids: Sequence[str], due: datetime) -> None:  # noqa: ANN401 - each store has its own
        """Called inside the transaction that wrote the rows; `connection` is that transaction's."""
        ...

    async def run(self, handler: Handler) -> None:
        """Hand over batches of ids until cancelled or closed."""
        ...

    async def close(self) -> None:
        """Take no more; wait for what is in hand."""
        ...
