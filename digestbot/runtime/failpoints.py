"""Failpoints: named instants at which a drill has the process killed, as a crash would."""

import os
import signal
from collections import Counter
from collections.abc import Callable, Mapping

VARIABLE = "DIGESTBOT_FAILPOINT"


def armed(environ: Mapping[str, str]) -> Callable[[str], None]:
    """What to call at each point. `DIGESTBOT_FAILPOINT=sent:3` kills at the third time that `sent` is reached."""
    name, _, times = environ.get(VARIABLE, "").partition(":")
    if not name:
        return _pass
    wanted = int(times or 1)
    reached: Counter[str] = Counter()

    def reach(point: str) -> None:
        reached[point] += 1
        if point == name and reached[point] >= wanted:
            os.kill(os.getpid(), signal.SIGKILL)

    return reach


def _pass(_point: str) -> None:
    """Not armed: nothing happens."""
