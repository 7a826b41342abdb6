"""kill -9 at any instant loses nothing and doubles nothing: the sandbox's own record is the judge."""

import os
import random
from pathlib import Path

import pytest

from tests.faults.drill import POINTS, Drill
from tests.faults.home import Home

LONG = os.environ.get("DIGESTBOT_DRILL") == "long"
SEED = int(os.environ.get("DIGESTBOT_DRILL_SEED") or random.SystemRandom().randrange(10**6))

pytestmark = pytest.mark.fault


def made(folder: Path) -> Home:
    home = Home(folder / "home")
    home.make()
    return home


def test_every_occasion_is_posted_exactly_once_however_often_the_bot_is_killed(tmp_path: Path) -> None:
    """Killed at every failpoint and at random while stories are corrected; seen red by `worker.py HOME settling`."""
    print(f"\ndrill seed {SEED} (DIGESTBOT_DRILL_SEED={SEED} repeats it)")  # noqa: T201 - to be able to repeat it
    home = made(tmp_path)
    drill = Drill(home, SEED)
    drill.kill_at_points(times=4 if LONG else 1)
    drill.kill_at_random(40 if LONG else 6)
    assert drill.finish() == 0
    print(f"killed {len(drill.killed)} times: {drill.killed}")  # noqa: T201 - as above
    assert set(drill.killed) >= set(POINTS) - {"edited"}, "a point was never reached: the drill proves less"
    assert home.states() == {"posted": home.occasions}
    assert home.received() == dict.fromkeys(home.posted_ids(), 1)


def test_without_settling_the_drill_turns_red(tmp_path: Path) -> None:
    """The guard taken out: what was in doubt is sent again, and the judge sees it twice."""
    home = made(tmp_path)
    drill = Drill(home, SEED, without="settling")
    for _ in range(3):
        drill.kill_at_point("sent")
    drill.finish()
    assert max(home.received().values()) > 1
