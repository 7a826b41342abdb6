"""Every verb on Discord: its answer, its failure in one sentence, and who may use it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from digestbot.commands.verbs import VERBS
from tests.scenarios.discord_stage import MANAGE, Stage, stage
from tests.servers.discord.options import Attachment

TYPED = [verb for verb in VERBS if not verb.hidden]


@pytest.fixture
async def there(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(tmp_path, "one", "two") as ready:
        yield ready


ANSWERS = [
    ("latest", {}, "Headline of two"),
    ("latest", {"event": "gala", "count": 2}, "Headline of one"),
    ("story", {"story": "one"}, "“Words of one”"),
    ("event", {"event": "gala"}, "The Gala"),
    ("winners", {"event": "gala", "filter": "prize of one"}, "Winner of one"),
    ("quotes", {"speaker": "Speaker of one"}, "Words of one"),
    ("search", {"words": "headline"}, "Headline of one"),
    ("upcoming", {}, "Nothing is coming up"),
    ("follow", {"event": "gala"}, "You follow it"),
    ("help", {}, "/news latest"),
    ("help", {"verb": "story"}, "One story"),
    ("privacy", {}, "Privacy"),
]
MISTAKES = [
    ("latest", {"event": "gale"}, "There is no event ‘gale’. Did you mean ‘gala’?"),
    ("story", {"story": "twoo"}, "There is no story ‘twoo’. Did you mean ‘two’?"),
    ("event", {"event": "nothing"}, "There is no event ‘nothing’."),
    ("winners", {"event": "gale"}, "There is no event ‘gale’."),
    ("quotes", {"speaker": "Nobody"}, "Nobody called ‘Nobody’ is quoted."),
    ("search", {"words": "x" * 81}, "`words` is too long"),
    ("follow", {"event": "gale"}, "There is no event ‘gale’."),
    ("unfollow", {}, "You follow no event."),
    ("help", {"verb": "storie"}, "There is no command ‘storie’ for you here."),
]
ADMINS_MISTAKES = [
    ("subscribe", {"what": "musik"}, "“musik” is not something to subscribe to"),
    ("subscribe", {"what": "all", "when": "daily 25:00"}, "25:00"),
    ("subscribe", {"what": "all", "mention": "@musci"}, "There is no role ‘@musci’ here."),
    ("subscribe", {"what": "all", "mention": "everyone"}, "not everyone"),
    ("subscriptions", {"page": 2}, "subscription"),
    ("edit", {"subscription": "zzzzzz"}, "There is no subscription ‘zzzzzz’ here."),
    ("pause", {"subscription": "zzzzzz"}, "There is no subscription ‘zzzzzz’ here."),
    ("resume", {"subscription": "zzzzzz"}, "There is no subscription ‘zzzzzz’ here."),
    ("unsubscribe", {"subscription": "zzzzzz"}, "There is no subscription ‘zzzzzz’ here."),
    ("preview", {}, "This channel has no subscription"),
    ("backtest", {}, "This channel has no subscription"),
    ("why", {"story": "twoo"}, "There is no story ‘twoo’."),
    ("settings", {"timezone": "Europe/Pari"}, "Europe/Paris"),
]
NEEDED: dict[str, dict[str, Any]] = {
    "subscribe": {"what": "all"},
    "why": {"story": "one"},
    "import": {"file": Attachment("subscriptions.yaml", b"subscriptions: []")},
}


@pytest.mark.parametrize(("verb", "options", "expected"), ANSWERS)
async def test_a_member_is_answered_alone(there: Stage, verb: str, options: dict[str, Any], expected: str) -> None:
    assert expected in await there.ask(verb, **options)


@pytest.mark.parametrize(("verb", "options", "expected"), MISTAKES)
async def test_a_mistake_is_one_sentence_that_puts_it_right(
    there: Stage, verb: str, options: dict[str, Any], expected: str
) -> None:
    assert expected in await there.ask(verb, **options)


@pytest.mark.parametrize(("verb", "options", "expected"), ADMINS_MISTAKES)
async def test_an_admins_mistake_is_one_sentence_that_puts_it_right(
    there: Stage, verb: str, options: dict[str, Any], expected: str
) -> None:
    assert expected in await there.ask(verb, admin=True, **options)


@pytest.mark.parametrize("verb", [verb.name for verb in TYPED if verb.admin])
async def test_members_may_not_use_an_admins_verb_nor_have_it_completed(there: Stage, verb: str) -> None:
    told = await there.ask(verb, **NEEDED.get(verb, {}))
    assert told.endswith(f"Only those who manage this place may use `{verb}`: ask one of them.")
    options = next(each.options for each in TYPED if each.name == verb)
    for option in options:
        if (option.completes or option.kind == "role") and option.kind in {"text", "role"} and not option.choices:
            given = (there.guild, there.news, there.member, verb, option.name, "")
            assert await there.discord.autocomplete(*given) == []


async def test_an_admin_manages_a_subscription_from_its_beginning_to_its_end(there: Stage) -> None:
    other = there.guild.channel("other")
    role = there.guild.role("fans", mentionable=True)
    told = await there.ask(
        "subscribe",
        admin=True,
        what="topic:music",
        when="daily 09:00",
        channel=other,
        timezone="Europe/Paris",
        mention=f"<@&{role.id}>",
        limit=7,
        empty=True,
        doubt="resend",
    )
    assert "#other" in told
    (known,) = await there.bot.subscriptions.of_tenant("discord", str(there.guild.id))
    assert (known.place.channel, known.zone, known.look.mention) == (str(other.id), "Europe/Paris", f"<@&{role.id}>")
    assert (known.limit, known.empty, str(known.doubt)) == (7, True, "resend")
    assert known.id in await there.ask("subscriptions", admin=True)
    assert known.id in await there.ask("subscriptions", admin=True, channel=other)
    assert "18:30" in await there.ask("edit", admin=True, subscription=known.id, when="weekly mon,thu 18:30")
    assert "Paused" in await there.ask("pause", admin=True, subscription=known.id)
    assert "Resumed" in await there.ask("resume", admin=True, subscription=known.id)
    assert "Headline of two" in await there.ask("preview", admin=True, subscription=known.id)
    assert "posts" in await there.ask("backtest", admin=True, subscription=known.id, days=14)
    assert "It is not posted" in await there.ask("why", admin=True, story="one", channel=other)
    assert known.id in await there.ask("status", admin=True)
    assert "Ended" in await there.ask("unsubscribe", admin=True, subscription=known.id)
    assert await there.bot.subscriptions.of_tenant("discord", str(there.guild.id)) == []


async def test_settings_hold_for_what_is_subscribed_from_then_on(there: Stage) -> None:
    await there.ask("settings", admin=True, timezone="Europe/Paris", locale_="de", spoilers="hide")
    await there.ask("subscribe", admin=True, what="all")
    (known,) = await there.bot.subscriptions.of_tenant("discord", str(there.guild.id))
    assert (known.zone, known.look.locale, str(known.look.spoilers)) == ("Europe/Paris", "de", "hide")


async def test_forget_deletes_what_is_stored_about_the_server(there: Stage) -> None:
    await there.ask("subscribe", admin=True, what="all", latest=True)
    await there.messages()
    asked = await there.asked("forget", admin=True)
    assert "1 subscription" in asked.reads
    pressed = await there.discord.press(asked, there.admin, "Delete everything")
    assert "Deleted" in (await pressed.shown())[0].reads
    assert await there.states() == {}
    assert "Nothing is stored" in await there.ask("forget", admin=True)


async def test_a_shared_answer_is_for_everybody_and_a_mistake_never_is(there: Stage) -> None:
    shared = await there.asked("story", story="one", share=True)
    assert not shared.ephemeral
    assert "Headline of one" in shared.reads
    assert (await there.asked("story", story="onne", share=True)).ephemeral


async def test_values_are_offered_while_typing(there: Stage) -> None:
    async def offered(verb: str, option: str, typed: str, **options: Any) -> list[object]:  # noqa: ANN401 - any option's value
        choices = await there.discord.autocomplete(there.guild, there.news, there.admin, verb, option, typed, **options)
        return [choice["value"] for choice in choices]

    assert await offered("story", "story", "one") == ["one"]
    assert await offered("winners", "filter", "prize", event="gala") == ["Prize of one", "Prize of two"]
    assert "topic:music" in await offered("subscribe", "what", "mus")
    assert "Europe/Paris" in await offered("subscribe", "timezone", "paris", what="all")
    there.guild.role("music fans")
    await there.until(lambda: there.guild.roles)
    assert await offered("subscribe", "mention", "none", what="all") == ["none"]
    assert len(await offered("subscribe", "timezone", "", what="all")) == 25


async def test_long_answers_go_on_behind_a_button(there: Stage) -> None:
    for number in range(60):
        winners = f"[{{name: A winner with a rather long name {number}, awards: [{'a prize ' * 9}{number}]}}]"
        there.write(f"long-{number:03}", winners=winners)
    await there.until(lambda: len(there.bot.library.all()) >= 62)
    first = await there.asked("winners", event="gala")
    label = next(button["label"] for button in first.buttons if button["label"].startswith("More (2/"))
    second = (await (await there.discord.press(first, there.member, label)).shown())[0]
    assert second.ephemeral
    assert first.reads != second.reads
    assert any(button["label"].startswith("More (3/") for button in second.buttons) or "More (2/2)" in label


async def test_an_embargoed_story_is_unknown_to_answers_and_completions(there: Stage) -> None:
    there.write("secret", headline="Hush", published="2026-01-01T00:00:00Z", embargo="2999-01-01T00:00:00Z")
    await there.until(lambda: there.bot.library.get("secret"))
    told = await there.ask("story", story="secret")
    assert "There is no story ‘secret’." in told
    choices = await there.discord.autocomplete(there.guild, there.news, there.member, "story", "story", "secret")
    assert choices == []
    assert "Hush" not in await there.ask("search", words="hush")


async def test_in_direct_messages_everybody_manages_their_own_place(there: Stage) -> None:
    async def told(verb: str, **options: Any) -> str:  # noqa: ANN401 - any option's value
        asked = await there.discord.command(None, None, there.member, verb, **options)
        return (await asked.shown())[0].reads

    assert "This conversation will get" in await told("subscribe", what="topic:music")
    direct = there.discord.world.direct_channel(there.member.user)
    there.write("three")
    (message,) = await there.messages(channel=direct)
    assert "Headline of three" in message.reads
    assert "topic ‘music’" in await told("subscriptions") or "music" in await told("subscriptions")
    assert "Delete everything?" in await told("forget")


async def test_admins_of_one_server_know_nothing_of_another(there: Stage) -> None:
    """Every verb that takes a subscription, with another server's id: the words for one that never was."""
    await there.ask("subscribe", admin=True, what="all")
    (known,) = await there.bot.subscriptions.of_tenant("discord", str(there.guild.id))
    elsewhere = there.discord.guild("Elsewhere")
    channel, stranger = elsewhere.channel("news"), elsewhere.member("Eve", permissions=MANAGE)
    for verb in ("edit", "pause", "resume", "unsubscribe", "preview", "backtest"):
        asked = await there.discord.command(elsewhere, channel, stranger, verb, subscription=known.id)
        assert (
            (await asked.shown())[0].reads.removeprefix("⚠️ ").startswith(f"There is no subscription ‘{known.id}’ here.")
        )
        choices = await there.discord.autocomplete(elsewhere, channel, stranger, verb, "subscription", "")
        assert choices == []
    asked = await there.discord.command(elsewhere, channel, stranger, "subscriptions")
    assert known.id not in (await asked.shown())[0].reads
