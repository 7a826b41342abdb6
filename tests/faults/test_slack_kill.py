"""kill -9 at any instant, and answers lost in every way, on Slack: its own record is the judge."""

import os
import random
from pathlib import Path

import pytest

from tests.faults.drill import POINTS, Drill
from tests.faults.judge import Judge
from tests.faults.slack_home import BLIND, SlackHome, open_slack
from tests.servers.slack.faults import Fault, Kind

LONG = os.environ.get("DIGESTBOT_DRILL") == "long"
SEED = int(os.environ.get("DIGESTBOT_DRILL_SEED") or random.SystemRandom().randrange(10**6))
POST, EDIT = "chat.postMessage", "chat.update"
ODDS = {
    Fault(Kind.STATUS, POST): 0.04,
    Fault(Kind.RESET, POST): 0.04,
    Fault(Kind.HANG, POST): 0.02,
    Fault(Kind.LIMIT, POST, retry_after="0.2"): 0.04,
    Fault(Kind.LOST, POST): 0.04,
    Fault(Kind.LOST_ERROR, POST): 0.04,
    Fault(Kind.LOST_HTML, POST, status=200): 0.04,
    Fault(Kind.LOST_RESET, POST): 0.04,
    Fault(Kind.LOST_HALF, POST): 0.04,
    Fault(Kind.LOST_HANG, POST): 0.02,
    Fault(Kind.LATE, POST, delay=1.0): 0.04,
    Fault(Kind.LOST, EDIT): 0.05,
    Fault(Kind.RESET, EDIT): 0.05,
    Fault(Kind.LOST_HTML, EDIT): 0.05,
    Fault(Kind.LIMIT, EDIT, retry_after="0.2"): 0.05,
}
"""A late one comes after the worker gave it up (0.6 s), and within its grace (1.6 s)."""

pytestmark = pytest.mark.fault


def test_every_occasion_is_posted_exactly_once_however_often_the_bot_is_killed_and_answers_are_lost(
    tmp_path: Path,
) -> None:
    """Killed at every failpoint and at random, with every kind of lost answer; seen red without settling, below."""
    print(f"\ndrill seed {SEED} (DIGESTBOT_DRILL_SEED={SEED} repeats it)")  # noqa: T201 - to be able to repeat it
    with Judge(open_slack) as judge:
        home = SlackHome(tmp_path / "home", judge)
        home.make()
        judge.ask(lambda server: server.faults.throw(ODDS, SEED))
        drill = Drill(home, SEED)
        drill.kill_at_points(times=4 if LONG else 1)
        drill.kill_at_random(40 if LONG else 3)
        judge.ask(lambda server: server.faults.clear())
        assert drill.finish() == 0
        unknown = home.unknown_rows()
        print(f"killed {len(drill.killed)} times: {drill.killed}; {len(unknown)} unknown")  # noqa: T201 - as above
        assert set(drill.killed) >= set(POINTS) - {"edited"}, "a point was never reached: the drill proves less"
        assert len(home.posted_ids()) + len(unknown) == home.occasions
        received = home.received()
        assert {id_: times for id_, times in received.items() if id_ not in unknown} == dict.fromkeys(
            home.posted_ids(), 1
        )
        blind = home.channels[BLIND].id
        for id_, (channel, reason) in unknown.items():
            assert channel == blind, "where the history can be read nothing stays unknown"
            assert reason.startswith("nobody can tell without the scope to read the channel's history")
            assert received[id_] <= 1
        assert all(not message.pings for message in home.messages)


def test_without_settling_the_drill_turns_red(tmp_path: Path) -> None:
    """The guard taken out: what was in doubt is sent again, and the judge sees it twice."""
    with Judge(open_slack) as judge:
        home = SlackHome(tmp_path / "home", judge)
        home.make()
        drill = Drill(home, SEED, without="settling")
        drill.kill_at_point("sent")
        drill.finish()
        assert drill.killed == ["sent"]
        assert max(home.received().values()) > 1
