"""Stories in the order in which they go live, for looking up by time."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from digestbot.domain.story import Story

_FEW = 20
"""A change of less than one in so many is made in place, without sorting everything again."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """Immutable, ordered by (`live_at`, id).

    `times` are the stories' `live_at` in POSIX seconds, in step with them: datetimes of many zones compare slowly.
    """

    stories: tuple[Story, ...] = ()
    times: Sequence[float] = ()

    def changed(self, gone: Collection[Story], new: Collection[Story]) -> "Timeline":
        if _FEW * (len(gone) + len(new)) < len(self.stories):
            return self._slightly_changed(gone, new)
        leaving = {story.id for story in gone}
        old = zip(self.times, self.stories, strict=True)
        both = [(time, story.id, story) for time, story in old if story.id not in leaving]
        both += [(story.live_at.timestamp(), story.id, story) for story in new]
        both.sort()
        return Timeline(tuple(story for _, _, story in both), array("d", [time for time, _, _ in both]))

    def _slightly_changed(self, gone: Collection[Story], new: Collection[Story]) -> "Timeline":
        stories, times = [*self.stories], array("d", self.times)
        for story in gone:
            place = bisect_left(times, story.live_at.timestamp())
            while stories[place].id != story.id:
                place += 1
            del stories[place], times[place]
        for story in new:
            time = story.live_at.timestamp()
            place = bisect_left(times, time)
            while place < len(times) and times[place] == time and stories[place].id < story.id:
                place += 1
            stories.insert(place, story)
            times.insert(place, time)
        return Timeline(tuple(stories), times)

    def count(self, now: datetime) -> int:
        """How many are live."""
        return bisect_right(self.times, now.timestamp())

    def until(self, now: datetime) -> tuple[Story, ...]:
        return self.stories[: self.count(now)]

    def between(self, after: datetime, until: datetime) -> tuple[Story, ...]:
        """With `after` < `live_at` <= `until`."""
        return self.stories[self.count(after) : self.count(until)]

    def next_time(self, after: datetime) -> datetime | None:
        """The earliest `live_at` later than this."""
        following = self.count(after)
        return self.stories[following].live_at if following < len(self.stories) else None
