"""Faults come in the order planned, then as the dice fall, the same for each seed."""

from datetime import timedelta

from digestbot.platforms.sandbox.faults import Fault, Faults, Kind


def test_nothing_goes_wrong_unasked() -> None:
    faults = Faults()
    assert [faults.take() for _ in range(100)] == [None] * 100


def test_planned_faults_come_once_each_in_order() -> None:
    faults = Faults()
    faults.plan(Fault(Kind.LOST), Fault(Kind.LATER, timedelta(seconds=3)))
    assert [faults.take(), faults.take(), faults.take()] == [
        Fault(Kind.LOST),
        Fault(Kind.LATER, timedelta(seconds=3)),
        None,
    ]


def test_the_same_seed_commits_the_same_faults() -> None:
    odds = {Fault(Kind.LOST): 0.2, Fault(Kind.GONE): 0.3}
    one, other = Faults(odds, seed=7), Faults(odds, seed=7)
    thrown = [one.take() for _ in range(1000)]
    assert thrown == [other.take() for _ in range(1000)]
    assert 150 < thrown.count(Fault(Kind.LOST)) < 250
    assert 250 < thrown.count(Fault(Kind.GONE)) < 350
