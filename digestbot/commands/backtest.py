"""`backtest`: how many posts the last days would have brought, when, and with which stories."""

import asyncio
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from digestbot.commands.preview import tried_out
from digestbot.commands.rehearsal import MOST_POSTS, Post, is_night, rehearse
from digestbot.commands.visit import Visit
from digestbot.commands.wording import what_in_words, when_in_words
from digestbot.domain.command import Reply

_DAYS = 7


async def backtest(visit: Visit) -> Reply:
    days = visit.arguments.integer("days", _DAYS)
    tried = await tried_out(visit)
    start = visit.now - timedelta(days=days)
    stories = visit.desk.stories.went_live(start, visit.now)
    live = [story for story in stories if story.is_live(visit.now)]
    posts = await asyncio.to_thread(rehearse, tried, live, start, visit.now)
    values = {
        "subscription": tried.id or None,
        "what": what_in_words(tried.filter),
        "when": when_in_words(tried.cadence),
        "instant": tried.cadence.instant,
        "timezone": tried.zone,
        "quiet": str(tried.quiet) if tried.quiet else None,
        "days": days,
        "count": len(posts),
        "capped": len(posts) == MOST_POSTS,
        "night": sum(is_night(post.at, tried.zone) for post in posts),
        "edits": sum(len(post.grown) for post in posts),
        "posts": [_worded(post, tried.zone) for post in posts],
    }
    return visit.reply("backtest", values)


def _worded(post: Post, zone: str) -> dict[str, Any]:
    """`at` is the subscription's local time as text: an admin asks when its members would have heard it."""
    return {
        "at": f"{post.at.astimezone(ZoneInfo(zone)):%a %Y-%m-%d %H:%M}",
        "night": is_night(post.at, zone),
        "stories": [story.headline for story in post.stories],
        "grown": [story.headline for story in post.grown],
    }
