"""Retention: how long the ledger remembers what is over."""

from datetime import datetime
from typing import Protocol


class Retention(Protocol):
    """What is pruned can no longer be corrected, nor be posted again: old stories end with the rows that told them."""

    async def prune(self, before: datetime, limit: int) -> int:
        """Delete at most so many deliveries that ended before that time; how many. Work to do is never among them.

        From then on no story that went live before it is any subscription's own.
        """
        ...
