"""Wording: subscriptions in the words of a sentence."""

from collections.abc import Sequence
from typing import Any

from digestbot.commands.line import quotable
from digestbot.domain.cron import Cron
from digestbot.domain.filter import Filter, Term
from digestbot.domain.place import Place
from digestbot.domain.schedule import Cadence, Weekly
from digestbot.domain.subscription import State, Subscription

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_HOUR = 3600
_DAY = 24 * _HOUR


def what_in_words(wanted: Filter) -> str:
    """`all stories but those about topic politics`."""
    alternatives = [" and ".join(map(_term, terms)) for terms in wanted.any_of]
    stories = f"stories {listed(alternatives, 'or')}" if alternatives else "all stories"
    if not wanted.none_of:
        return stories
    return f"{stories}, but none {listed([_term(term) for term in wanted.none_of], 'or')}"


def _term(term: Term) -> str:
    match term.kind:
        case "event":
            return f"of the event ‘{term.value}’"
        case "topic":
            return f"about ‘{term.value}’"
        case "person":
            return f"with ‘{term.value}’"
        case "importance":
            return f"of {term.value} importance" + ("" if term.value == "urgent" else " or higher")


def when_in_words(cadence: Cadence) -> str:
    """`every day at 09:00 and every Monday at 18:30`; `each as soon as it is out`."""
    return listed([_timing(timing) for timing in cadence.timings]) or "each as soon as it is out"


def _timing(timing: Weekly | Cron) -> str:
    if isinstance(timing, Cron):
        return f"whenever ‘{timing}’ says"
    days = "day" if len(timing.days) == len(_DAYS) else listed([_DAYS[day] for day in timing.days])
    return f"every {days} at {timing.at:%H:%M}"


def listed(words: Sequence[str], last: str = "and") -> str:
    """`a, b and c`; empty for none."""
    if len(words) < 2:  # noqa: PLR2004 - one word needs no conjunction
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def catch_up_text(subscription: Subscription) -> str:
    """As admins type it: `6h`, `2d`, `none`."""
    seconds = int(subscription.catch_up.total_seconds())
    if not seconds:
        return "none"
    if seconds % _DAY == 0:
        return f"{seconds // _DAY}d"
    return f"{seconds // _HOUR}h" if seconds % _HOUR == 0 else f"{seconds // 60}m"


def options_of(subscription: Subscription) -> dict[str, str]:
    """All that admins can type about a subscription but its channel, by option; what is not there as `none`."""
    look = subscription.look
    return {
        "what": str(subscription.filter),
        "when": str(subscription.cadence),
        "timezone": subscription.zone,
        "template": look.template or "default",
        "layout": look.layout or "default",
        "spoilers": look.spoilers_text,
        "mention": look.mention or "none",
        "locale": look.locale,
        "style": look.style or "default",
        "catchup": catch_up_text(subscription),
        "quiet": str(subscription.quiet) if subscription.quiet else "none",
        "limit": str(subscription.limit),
        "empty": "yes" if subscription.empty else "no",
        "doubt": str(subscription.doubt),
        "pictures": "yes" if look.pictures else "no",
    }


def line_of(subscription: Subscription) -> str:
    """The options that say all of a subscription: `what:all when:instant …`."""
    return " ".join(f"{name}:{quotable(value)}" for name, value in options_of(subscription).items())


def called(place: Place, name: str) -> str:
    """`#news`, or the conversation of direct messages, which only its member reads about."""
    return "This conversation" if place.direct else f"#{name}"


def in_words(subscription: Subscription, channel: str) -> dict[str, Any]:
    """Plain values of a subscription, for reply templates; `next` is an aware datetime or None."""
    return {
        "id": subscription.id,
        "channel": called(subscription.place, channel),
        "what": what_in_words(subscription.filter),
        "when": when_in_words(subscription.cadence),
        "timezone": subscription.zone,
        "instant": subscription.cadence.instant,
        "next": subscription.next_due,
        "paused": subscription.state is State.PAUSED,
        "quiet": str(subscription.quiet) if subscription.quiet else None,
        "spoilers": subscription.look.spoilers_text,
        "mention": subscription.look.mention,
    }
