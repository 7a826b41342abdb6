"""Failpoints: named instants at which a drill has the process killed, as a crash would."""

import os
import re
import signal
from collections import Counter
from collections.abc import Callable, Mapping

from digestbot.errors import StartupError

VARIABLE = "DIGESTBOT_FAILPOINT"


def armed(environ: Mapping[str, str]) -> Callable[[str], None]:
    """What to call at each point. `DIGESTBOT_FAILPOINT=sent:3` kills at the third time that `sent` is reached."""
    wanted = environ.get(VARIABLE, "")
    if not wanted:
        return _pass
    match = re.fullmatch(r"(?P<name>[\w-]+)(:(?P<times>[1-9]\d{0,8}))?", wanted)
    if match is None:
        raise StartupError(f"{VARIABLE} is written as `sent` or `sent:3`, for the third time.")
    name, times = match["name"], int(match["times"] or 1)
    reached: Counter[str] = Counter()

    def reach(point: str) -> None:
        reached[point] += 1
        if point == name and reached[point] == times:
            os.kill(os.getpid(), signal.SIGKILL)

    return reach


def _pass(_point: str) -> None:
    """Not armed: nothing happens."""
