import re

from digestbot.commands.examples import LINES, VALUES
from digestbot.commands.line import read_line
from digestbot.commands.news import HANDLERS
from digestbot.commands.verbs import BY_NAME, VERBS

TYPED = [verb for verb in VERBS if not verb.hidden]
READING = ("latest", "story", "event", "winners", "quotes", "search", "upcoming")


def test_the_verbs_are_these_in_this_order() -> None:
    assert [verb.name for verb in VERBS] == [
        *(*READING, "follow", "unfollow"),
        *("subscribe", "subscriptions", "edit", "pause", "resume", "unsubscribe"),
        *("preview", "backtest", "why", "status", "settings", "export", "import", "forget"),
        *("help", "privacy", "digest", "settle", "retry", "home"),
    ]


def test_every_verb_has_a_handler_and_every_handler_a_verb() -> None:
    assert set(HANDLERS) == set(BY_NAME)


def test_the_admins_verbs_are_these() -> None:
    assert {verb.name for verb in VERBS if verb.admin} == {
        *("subscribe", "subscriptions", "edit", "pause", "resume", "unsubscribe"),
        *("preview", "backtest", "why", "status", "settings", "export", "import", "forget"),
        *("settle", "retry"),
    }


def test_what_everybody_may_read_can_be_shared_paged_and_have_its_spoilers_hidden() -> None:
    for name in READING:
        assert {"share", "spoilers", "page"} <= {option.name for option in BY_NAME[name].options}
    others = [verb for verb in VERBS if verb.name not in READING]
    assert not [verb.name for verb in others if "share" in {option.name for option in verb.options}]


def test_subscribe_takes_every_option_of_the_one_language() -> None:
    assert [option.name for option in BY_NAME["subscribe"].options] == [
        *("what", "when", "channel", "timezone", "template", "layout", "spoilers", "mention", "locale", "style"),
        *("catchup", "quiet", "limit", "empty", "doubt", "pictures", "latest"),
    ]
    edit = {option.name for option in BY_NAME["edit"].options}
    assert edit == {option.name for option in BY_NAME["subscribe"].options} - {"latest"} | {"subscription"}


def test_the_verbs_fit_into_one_discord_command() -> None:
    """Discord's limits: subcommands, options, names, descriptions, order, and 8,000 characters in all."""
    assert len(TYPED) <= 25
    for verb in TYPED:
        assert re.fullmatch(r"[a-z_-]{1,32}", verb.name)
        assert 1 <= len(verb.summary) <= 100
        assert len(verb.options) <= 25
        assert [option.required for option in verb.options] == sorted(
            (option.required for option in verb.options), reverse=True
        )
        for option in verb.options:
            assert re.fullmatch(r"[a-z_-]{1,32}", option.name)
            assert 1 <= len(option.summary) <= 100
    texts = [text for verb in TYPED for text in (verb.name, verb.summary)]
    texts += [text for verb in TYPED for each in verb.options for text in (each.name, each.summary, *each.choices * 2)]
    assert sum(map(len, texts)) <= 8_000


def test_every_verb_and_option_has_an_example_that_can_be_typed() -> None:
    assert set(LINES) == {verb.name for verb in TYPED}
    for verb in TYPED:
        for option in verb.options:
            _, options = read_line(f"{verb.name} {VALUES[option.name]}", BY_NAME)
            assert list(options) == [option.name]


def test_a_verb_has_at_most_one_main_option() -> None:
    assert all(sum(option.main for option in verb.options) <= 1 for verb in VERBS)
