"""The verbs: every `/news` command with its options, in the order of the help."""

from digestbot.domain.command import Option, Verb

PAGE = Option(name="page", summary="Which page to show", kind="integer", low=1, high=10_000)

_SHARE = Option(
    name="share", summary="Post the answer to this channel instead of showing it to you alone", kind="boolean"
)
_SPOILERS = Option(name="spoilers", summary="Show or hide what gives a result away", choices=("show", "hide"))
_OWN = Option(
    name="subscription", summary="Its id; may be left out if this channel has only one", main=True, completes=True
)
_WHAT = Option(
    name="what", summary="all, event:…, topic:…, person:…, several with commas, -topic:… excludes", completes=True
)
_WHEN = Option(name="when", summary="instant, daily 09:00, weekly mon,thu 18:30 or a cron expression", completes=True)
_ZONE = Option(name="timezone", summary="Whose clock counts, such as Europe/Paris", completes=True)
_CHANNEL = Option(name="channel", summary="Which channel; this one if left out", kind="channel", completes=True)
_TEMPLATE = Option(name="template", summary="Which template writes the cards, or default", completes=True)
_LAYOUT = Option(name="layout", summary="Which of the platform's layouts, or default", completes=True)
_QUIET = Option(name="quiet", summary="Hours without posts, such as 22:00-07:00, or none", completes=True)
_LOOK_SPOILERS = Option(name="spoilers", summary="show, hide, or hide 24h: hidden for that long", completes=True)
_LOCALE = Option(name="locale", summary="Language of dates and numbers, such as en or pt-BR", completes=True)

_WISHES = (
    _WHEN,
    _CHANNEL,
    _ZONE,
    _TEMPLATE,
    _LAYOUT,
    _LOOK_SPOILERS,
    Option(name="mention", summary="A role or group to notify on each first post, or none", kind="role"),
    _LOCALE,
    Option(name="style", summary="How messages stand in the channel, or default", completes=True),
    Option(name="catchup", summary="How late a digest may still be posted: 6h, 2d, none", completes=True),
    _QUIET,
    Option(name="limit", summary="How many stories a digest holds at most", kind="integer", low=1, high=50),
    Option(name="empty", summary="Whether to post a digest that has no stories", kind="boolean"),
    Option(name="doubt", summary="If nobody knows whether a post arrived", choices=("hold", "resend")),
    Option(name="pictures", summary="Whether cards show pictures", kind="boolean"),
)


def _main(option: Option, *, required: bool = True) -> Option:
    return Option(
        name=option.name,
        summary=option.summary,
        kind=option.kind,
        required=required,
        main=True,
        completes=option.completes,
    )


def _reading(name: str, summary: str, *options: Option) -> Verb:
    """Anyone may ask, and share the answer."""
    return Verb(name=name, summary=summary, options=(*options, _SPOILERS, _SHARE, PAGE))


def _managing(name: str, summary: str, *options: Option) -> Verb:
    return Verb(name=name, summary=summary, options=options, admin=True)


_EVENT = Option(name="event", summary="Which event, by its id", main=True, completes=True)
_STORY = Option(name="story", summary="Which story, by its id", required=True, main=True, completes=True)

VERBS: tuple[Verb, ...] = (
    _reading(
        "latest",
        "The newest stories",
        _EVENT,
        Option(name="count", summary="How many", kind="integer", low=1, high=10),
    ),
    _reading("story", "One story", _STORY),
    _reading("event", "Everything about one event so far", _main(_EVENT)),
    _reading(
        "winners",
        "Who won at an event",
        _main(_EVENT),
        Option(name="filter", summary="Part of a category or of a winner's name", completes=True),
    ),
    _reading(
        "quotes",
        "What a person said, word for word",
        Option(name="speaker", summary="Who said it", required=True, main=True, completes=True),
    ),
    _reading(
        "search",
        "Stories that hold some words",
        Option(name="words", summary="What to look for", required=True, main=True),
    ),
    _reading("upcoming", "Events still to come, soonest first"),
    Verb(name="follow", summary="Get an event's stories by direct message", options=(_main(_EVENT),)),
    Verb(
        name="unfollow",
        summary="Stop getting an event's stories by direct message",
        options=(Option(name="event", summary="Which event; the only one if left out", main=True, completes=True),),
    ),
    _managing(
        "subscribe",
        "Have stories posted to a channel",
        _main(_WHAT),
        *_WISHES,
        Option(name="latest", summary="Whether to post the newest matching story at once", kind="boolean"),
    ),
    _managing("subscriptions", "Which channels get what", _main(_CHANNEL, required=False), PAGE),
    _managing("edit", "Change a subscription; without options, show it", _OWN, _WHAT, *_WISHES),
    _managing("pause", "Stop a subscription for a while", _OWN),
    _managing("resume", "Start a paused subscription again, from now on", _OWN),
    _managing("unsubscribe", "End a subscription", _OWN),
    _managing(
        "preview",
        "See what a subscription would post now",
        _OWN,
        _WHAT,
        _TEMPLATE,
        _LOOK_SPOILERS,
        _LOCALE,
        PAGE,
    ),
    _managing(
        "backtest",
        "See what a subscription would have posted lately",
        _OWN,
        _WHAT,
        _WHEN,
        _ZONE,
        _QUIET,
        _TEMPLATE,
        Option(name="days", summary="How many days back", kind="integer", low=1, high=31),
        PAGE,
    ),
    _managing("why", "Why a story was posted to a channel, or was not", _STORY, _CHANNEL, PAGE),
    _managing("status", "Whether everything here works", PAGE),
    _managing("settings", "Show or set what new subscriptions here start with", _ZONE, _LOCALE, _LOOK_SPOILERS),
    _managing("export", "Get the subscriptions and settings of this place as a file"),
    _managing(
        "import",
        "See what a file of subscriptions would change here, and make it so",
        Option(name="file", summary="The file that export gave, as you changed it", kind="file", required=True),
        Option(name="apply", summary="Whether to change anything, or only to show what would change", kind="boolean"),
        Option(name="prune", summary="Whether to end subscriptions that the file does not name", kind="boolean"),
    ),
    _managing(
        "forget",
        "Delete everything that is stored about this place",
        Option(name="confirm", summary="Yes to delete it; else you see what there is", kind="boolean"),
    ),
    Verb(
        name="help",
        summary="What you can ask",
        options=(Option(name="verb", summary="One command to explain", main=True, completes=True), PAGE),
    ),
    Verb(name="privacy", summary="What is stored about this place and about you", options=(PAGE,)),
    Verb(
        name="digest",
        summary="A posted message again, page by page",
        options=(Option(name="delivery", summary="Its id", required=True, main=True), _SPOILERS, PAGE),
        hidden=True,
    ),
    Verb(
        name="settle",
        summary="Send a message again of which nobody knows whether it arrived, or leave it",
        options=(
            Option(name="delivery", summary="Its id", required=True, main=True),
            Option(name="how", summary="What to do", required=True, choices=("resend", "leave")),
        ),
        admin=True,
        hidden=True,
    ),
    Verb(
        name="retry",
        summary="Try a channel now that is left alone because it kept failing",
        options=(Option(name="channel", summary="Its id", required=True, main=True),),
        admin=True,
        hidden=True,
    ),
    Verb(name="home", summary="What you follow, and what channels here get", options=(PAGE,), hidden=True),
)

BY_NAME = {verb.name: verb for verb in VERBS}


def option_of(verb: Verb, name: str) -> Option | None:
    """The option of that name; every verb takes `page`, whether it lists it or not."""
    return next((option for option in (*verb.options, PAGE) if option.name == name), None)
