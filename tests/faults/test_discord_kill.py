"""kill -9 at any instant, and answers lost in every way, on Discord: its own record is the judge."""

import os
import random
from pathlib import Path

import pytest

from tests.faults.discord_home import DiscordHome, open_discord
from tests.faults.drill import Drill
from tests.faults.judge import Judge
from tests.servers.discord.faults import Fault, Kind

LONG = os.environ.get("DIGESTBOT_DRILL") == "long"
SEED = int(os.environ.get("DIGESTBOT_DRILL_SEED") or random.SystemRandom().randrange(10**6))
ODDS = {
    Fault(Kind.REFUSE, "create_message", status=502): 0.05,
    Fault(Kind.LOST, "create_message"): 0.05,
    Fault(Kind.LOST_RESET, "create_message"): 0.05,
    Fault(Kind.LOST_HALF, "create_message"): 0.05,
    Fault(Kind.RESET, "create_message"): 0.05,
    Fault(Kind.LATE, "create_message", delay=0.5): 0.05,
    Fault(Kind.LIMIT, "create_message", retry_after=0.2): 0.05,
    Fault(Kind.LOST, "edit_message"): 0.05,
    Fault(Kind.RESET, "edit_message"): 0.05,
}

pytestmark = pytest.mark.fault


def test_every_occasion_is_posted_exactly_once_however_often_the_bot_is_killed_and_answers_are_lost(
    tmp_path: Path,
) -> None:
    """Killed at every failpoint and at random, with every kind of lost answer; seen red without the nonce, below."""
    print(f"\ndrill seed {SEED} (DIGESTBOT_DRILL_SEED={SEED} repeats it)")  # noqa: T201 - to be able to repeat it
    with Judge(open_discord) as judge:
        home = DiscordHome(tmp_path / "home", judge)
        home.make()
        judge.ask(lambda server: server.faults.throw(ODDS, SEED))
        drill = Drill(home, SEED)
        drill.kill_at_points(times=4 if LONG else 1)
        drill.kill_at_random(40 if LONG else 4)
        judge.ask(lambda server: server.faults.clear())
        assert drill.finish() == 0
        print(f"killed {len(drill.killed)} times: {drill.killed}")  # noqa: T201 - as above
        assert home.states() == {"posted": home.occasions}
        assert home.received() == dict.fromkeys(home.posted_ids(), 1)
        assert judge.ask(lambda server: server.record.global_429s) == 0
        assert all(not message.pings for message in home.messages)


def test_without_the_nonce_the_drill_turns_red(tmp_path: Path) -> None:
    """The guard taken out: what was in doubt is sent again under another key, and the judge sees it twice."""
    with Judge(open_discord) as judge:
        home = DiscordHome(tmp_path / "home", judge)
        home.make()
        drill = Drill(home, SEED, without="nonce")
        for _ in range(3):
            drill.kill_at_point("sent")
        drill.finish()
        shown = [text for text in home.shown() if text]
        assert len(shown) > home.occasions
