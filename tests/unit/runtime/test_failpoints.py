"""Failpoints kill like a crash, at the time asked for and at no other."""

import signal
import subprocess
import sys

import pytest

from digestbot.errors import StartupError
from digestbot.runtime.failpoints import armed

PROGRAM = """
import os
from digestbot.runtime.failpoints import armed
reach = armed(os.environ)
try:
    for number in range(1, 4):
        for point in ("begun", "sent"):
            reach(point)
            print(point, number, flush=True)
finally:
    print("cleaned up", flush=True)
"""


@pytest.mark.parametrize(
    ("failpoint", "last"), [("begun", None), ("sent", "begun 1"), ("sent:1", "begun 1"), ("sent:3", "begun 3")]
)
def test_the_process_dies_where_it_is_told_and_cleans_up_nothing(failpoint: str, last: str | None) -> None:
    done = run(failpoint)
    assert done.returncode == -signal.SIGKILL
    assert next(iter(done.stdout.splitlines()[-1:]), None) == last


@pytest.mark.parametrize("failpoint", ["", "elsewhere", "sent:4"])
def test_other_points_and_times_do_nothing(failpoint: str) -> None:
    done = run(failpoint)
    assert (done.returncode, done.stdout.splitlines()[-2:]) == (0, ["sent 3", "cleaned up"])


@pytest.mark.parametrize("failpoint", ["sent:", "sent:x", "sent:0", "sent:-1", ":3", "a b"])
def test_what_cannot_be_read_is_said(failpoint: str) -> None:
    with pytest.raises(StartupError, match="is written as `sent` or `sent:3`"):
        armed({"DIGESTBOT_FAILPOINT": failpoint})


def test_without_the_variable_nothing_is_armed() -> None:
    reach = armed({})
    for _ in range(3):
        reach("sent")


def run(failpoint: str) -> subprocess.CompletedProcess[str]:
    environ = {"DIGESTBOT_FAILPOINT": failpoint, "PYTHONPATH": ":".join(sys.path)}
    return subprocess.run([sys.executable, "-c", PROGRAM], env=environ, capture_output=True, text=True, check=False)
