"""The drill: a real process is killed again and again, then what the platform received is held against the ledger."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.home import STORIES, Home

ROOT = Path(__file__).resolve().parents[2]
POINTS = ("reserving", "reserved", "begun", "sent", "finishing", "finished", "edited")
OPEN = {"planned", "sending", "waiting", "correcting"}
_PATIENCE = 120.0
_GLANCE = 0.05


@dataclass
class Drill:
    """`without` names a guard to take out (`worker.py`)."""

    home: Home
    seed: int
    without: str | None = None
    killed: list[str] = field(default_factory=list)
    versions: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)  # noqa: S311 - a drill is to be repeated, not to be secret
        self._log = self.home.root / "log"
        self._mark = 0

    def kill_at_points(self, times: int = 1) -> None:
        """At each point, at a time of its being reached that chance chooses."""
        for point in POINTS * times:
            self.kill_at_point(point)

    def kill_at_point(self, point: str) -> None:
        with self._bot(DIGESTBOT_FAILPOINT=f"{point}:{self.random.randint(1, 3)}") as bot:
            self._until(lambda: bot.poll() is not None or self._started(bot))
            self._correct_a_story()
            self._until(lambda: bot.poll() is not None or self.home_is_done())
            if bot.poll() is not None:
                assert bot.returncode == -signal.SIGKILL, f"the bot ended with {bot.returncode} at {point}"
                self.killed.append(point)

    def kill_at_random(self, times: int) -> None:
        for _ in range(times):
            with self._bot() as bot:
                self._until(lambda: self._started(bot))
                self._correct_a_story()
                time.sleep(self.random.uniform(0.0, 0.6))
                bot.kill()
                self.killed.append("random")

    def finish(self) -> int:
        """Let the bot do what is left, then ask it to stop. Returns its exit code."""
        done = self.ledger_is_done if self.without else self.home_is_done
        with self._bot() as bot:
            assert self._until(lambda: self._started(bot) and done()), (
                f"not done after {_PATIENCE} s: {dict(self.home.states())}"
            )
            bot.send_signal(signal.SIGTERM)
            return bot.wait(timeout=30)

    def home_is_done(self) -> bool:
        return self.ledger_is_done() and self._all_current()

    def ledger_is_done(self) -> bool:
        states = self.home.states()
        return sum(states.values()) >= self.home.occasions and not OPEN & states.keys()

    def _all_current(self) -> bool:
        return all(self.version(number) in text for text in self.home.shown() for number in self._told(text))

    def _told(self, text: str) -> list[int]:
        return [number for number in range(STORIES) if f"Story {number} in its" in text]

    def version(self, number: int) -> str:
        return f"Story {number} in its {self.versions.get(number, 'first')} version"

    def _correct_a_story(self) -> None:
        number = self.random.randrange(STORIES)
        self.versions[number] = f"v{len(self.killed)}-{self.random.randrange(1000)}"
        self.home.write_story(number, self.versions[number])

    @contextmanager
    def _bot(self, **environ: str) -> Iterator[subprocess.Popen[bytes]]:
        changes = [*self.home.changes, *([self.without] if self.without else [])]
        worker = [str(ROOT / "tests" / "faults" / "worker.py"), str(self.home.root), *changes]
        plain = [str(ROOT / "bot.py"), "run", "--home", str(self.home.root)]
        self.home.before_start()
        log = self._log.open("ab")
        self._mark = log.tell()
        bot = subprocess.Popen(
            [sys.executable, *(worker if changes else plain)],
            env={**_clean(), "PYTHONPATH": str(ROOT), **self.home.environ, **environ},
            stdout=log,
            stderr=log,
        )
        try:
            yield bot
        finally:
            bot.kill()
            bot.wait()
            log.close()

    def _started(self, bot: subprocess.Popen[bytes]) -> bool:
        return bot.poll() is not None or b"app.started" in self._log.read_bytes()[self._mark :]

    def _until(self, condition: Callable[[], bool]) -> bool:
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            if condition():
                return True
            time.sleep(_GLANCE)
        return False


def _clean() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("DIGESTBOT_")}
