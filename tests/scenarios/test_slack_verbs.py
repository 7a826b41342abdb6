"""Every verb on Slack, over both transports: its answer, its failure in one sentence, and who may use it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from digestbot.commands.verbs import VERBS
from tests.scenarios.slack_stage import Stage, answer_to, install, stage
from tests.servers.slack.courier import Via

TYPED = [verb for verb in VERBS if not verb.hidden]
VIA: tuple[Via, ...] = ("socket", "http")


@pytest.fixture(params=VIA)
async def there(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(tmp_path, "one", "two", via=request.param) as ready:
        yield ready


ANSWERS = [
    ("latest", "Headline of two"),
    ("latest gala count:2", "Headline of one"),
    ("story one", "“Words of one”"),
    ("event gala", "The Gala"),
    ('winners gala filter:"prize of one"', "Winner of one"),
    ("quotes Speaker of one", "Words of one"),
    ("search headline", "Headline of one"),
    ("upcoming", "Nothing is coming up"),
    ("follow gala", "You follow it"),
    ("help", "/news latest"),
    ("help story", "One story"),
    ("privacy", "Privacy"),
]
MISTAKES = [
    ("latst", "There is no command ‘latst’. Did you mean ‘latest’?"),
    ("latest gale", "There is no event ‘gale’. Did you mean ‘gala’?"),
    ("story twoo", "There is no story ‘twoo’. Did you mean ‘two’?"),
    ("event nothing", "There is no event ‘nothing’."),
    ("winners gale", "There is no event ‘gale’."),
    ("quotes Nobody", "Nobody called ‘Nobody’ is quoted."),
    (f"search {'x' * 81}", "`words` is too long"),
    ("follow gale", "There is no event ‘gale’."),
    ("unfollow", "You follow no event."),
    ("help storie", "There is no command ‘storie’ for you here."),
    ('latest "gala', "A quote is not closed"),
    ("story one colour:red", "`story` has no option ‘colour’."),
]
ADMINS_MISTAKES = [
    ("subscribe musik", "“musik” is not something to subscribe to"),
    ('subscribe all when:"daily 25:00"', "25:00"),
    ("subscribe all mention:@musci", "There is no user group ‘@musci’ here."),
    ("subscribe all mention:everyone", "not everyone"),
    ("subscribe all channel:#nws", "There is no channel ‘#nws’ here. Did you mean ‘news’?"),
    ("subscriptions page:2", "subscription"),
    ("edit zzzzzz", "There is no subscription ‘zzzzzz’ here."),
    ("pause zzzzzz", "There is no subscription ‘zzzzzz’ here."),
    ("resume zzzzzz", "There is no subscription ‘zzzzzz’ here."),
    ("unsubscribe zzzzzz", "There is no subscription ‘zzzzzz’ here."),
    ("preview", "This channel has no subscription"),
    ("backtest", "This channel has no subscription"),
    ("why twoo", "There is no story ‘twoo’."),
    ("settings timezone:Europe/Pari", "Europe/Paris"),
]
LINES = {"subscribe": "subscribe all", "why": "why one", "import": "import file:x"}


async def test_a_member_is_answered_alone(there: Stage) -> None:
    for line, expected in ANSWERS:
        assert expected in await there.ask(line), line


async def test_a_mistake_is_one_sentence_that_puts_it_right(there: Stage) -> None:
    for line, expected in MISTAKES:
        assert expected in await there.ask(line), line


async def test_an_admins_mistake_is_one_sentence_that_puts_it_right(there: Stage) -> None:
    for line, expected in ADMINS_MISTAKES:
        assert expected in await there.ask(line, admin=True), line


async def test_members_may_not_use_an_admins_verb(there: Stage) -> None:
    for verb in (verb.name for verb in TYPED if verb.admin):
        told = await there.ask(LINES.get(verb, verb))
        assert told.endswith(f"Only those who manage this place may use `{verb}`: ask one of them."), verb


async def test_an_admin_manages_a_subscription_from_its_beginning_to_its_end(there: Stage) -> None:
    other = there.team.channel("other")
    fans = there.team.usergroup("fans")
    line = (
        f'subscribe topic:music when:"daily 09:00" channel:<#{other.id}|other> timezone:Europe/Paris'
        " mention:@fans limit:7 empty:yes doubt:resend"
    )
    assert "#other" in await there.ask(line, admin=True)
    (known,) = await there.bot.subscriptions.of_tenant("slack", there.team.id)
    assert (known.place.channel, known.zone, known.look.mention) == (other.id, "Europe/Paris", f"<!subteam^{fans.id}>")
    assert (known.limit, known.empty, str(known.doubt)) == (7, True, "resend")
    assert known.id in await there.ask("subscriptions", admin=True)
    assert known.id in await there.ask("subscriptions channel:#other", admin=True)
    assert "18:30" in await there.ask(f'edit {known.id} when:"weekly mon,thu 18:30"', admin=True)
    assert "Paused" in await there.ask(f"pause {known.id}", admin=True)
    assert "Resumed" in await there.ask(f"resume {known.id}", admin=True)
    assert "Headline of two" in await there.ask(f"preview {known.id}", admin=True)
    assert "posts" in await there.ask(f"backtest {known.id} days:14", admin=True)
    assert "It is not posted" in await there.ask("why one channel:other", admin=True)
    assert known.id in await there.ask("status", admin=True)
    assert "Ended" in await there.ask(f"unsubscribe {known.id}", admin=True)
    assert await there.bot.subscriptions.of_tenant("slack", there.team.id) == []


async def test_settings_hold_for_what_is_subscribed_from_then_on(there: Stage) -> None:
    await there.ask("settings timezone:Europe/Paris locale:de spoilers:hide", admin=True)
    await there.ask("subscribe all", admin=True)
    (known,) = await there.bot.subscriptions.of_tenant("slack", there.team.id)
    assert (known.zone, known.look.locale, str(known.look.spoilers)) == ("Europe/Paris", "de", "hide")


async def test_an_export_comes_as_a_file_by_direct_message(there: Stage) -> None:
    await there.ask("subscribe topic:music", admin=True)
    assert "subscriptions.yaml" in await there.ask("export", admin=True)
    await there.until(lambda: any(file.channels for file in there.slack.state.files.values()))
    (file,) = there.slack.state.files.values()
    assert (file.name, file.channels) == ("subscriptions.yaml", [there.team.dm(there.admin).id])
    assert b"topic:music" in (file.content or b"")


async def test_forget_deletes_what_is_stored_about_the_workspace(there: Stage) -> None:
    await there.ask("subscribe all latest:yes", admin=True)
    await there.messages()
    asked = await there.asked("forget", admin=True)
    assert "1 subscription" in asked.reads
    pressed = await there.press(asked, there.admin, "Delete everything")
    assert "Deleted" in (await answer_to(pressed)).reads
    assert await there.states() == {}
    assert "Nothing is stored" in await there.ask("forget", admin=True)


async def test_a_shared_answer_is_for_everybody_and_a_mistake_never_is(there: Stage) -> None:
    shared = await there.asked("story one share:yes")
    assert shared.ephemeral_to is None
    assert "Headline of one" in shared.reads
    assert (await there.asked("story onne share:yes")).ephemeral_to


async def test_long_answers_go_on_behind_a_button(there: Stage) -> None:
    for number in range(60):
        winners = f"[{{name: A winner with a rather long name {number}, awards: [{'a prize ' * 9}{number}]}}]"
        there.write(f"long-{number:03}", winners=winners)
    await there.until(lambda: len(there.bot.library.all()) >= 62)
    first = await there.asked("winners gala")
    label = next(label for label in labels(first.blocks) if label.startswith("More (2/"))
    pressed = await there.press(first, there.member, label)
    second = await answer_to(pressed)
    assert second.ephemeral_to == there.member.id
    assert first.reads != second.reads


def labels(blocks: list[dict[str, object]]) -> list[str]:
    rows = [block["elements"] for block in blocks if block["type"] == "actions"]
    return [button["text"]["text"] for row in rows for button in row]  # type: ignore[attr-defined]  # Slack's JSON


async def test_an_embargoed_story_is_unknown(there: Stage) -> None:
    there.write("secret", headline="Hush", published="2026-01-01T00:00:00Z", embargo="2999-01-01T00:00:00Z")
    await there.until(lambda: there.bot.library.get("secret"))
    assert "There is no story ‘secret’." in await there.ask("story secret")
    assert "Hush" not in await there.ask("search hush")


async def test_in_direct_messages_everybody_manages_their_own_place_and_no_other(there: Stage) -> None:
    direct = there.team.dm(there.member)
    assert "This conversation will get" in await there.ask("subscribe topic:music", here=direct)
    there.write("three")
    (message,) = await there.messages(channel=direct)
    assert "Headline of three" in message.reads
    assert "music" in await there.ask("subscriptions", here=direct)
    assert "There is no channel" in await there.ask(f"subscribe all channel:<#{there.news.id}|news>", here=direct)
    assert "Delete everything?" in await there.ask("forget", here=direct)
    assert "No subscriptions" in await there.ask("subscriptions", admin=True)


async def test_what_somebody_follows_comes_by_direct_message(there: Stage) -> None:
    await there.ask("follow gala")
    there.write("three")
    (message,) = await there.messages(channel=there.team.dm(there.member))
    assert "Headline of three" in message.reads
    assert "You do not follow it any more" in await there.ask("unfollow")


async def test_admins_of_one_workspace_know_nothing_of_another(tmp_path: Path) -> None:
    """Every verb that takes a subscription, with another workspace's id: the words for one that never was."""
    async with stage(tmp_path, "one", via="http") as there:
        await there.ask("subscribe all", admin=True)
        (known,) = await there.bot.subscriptions.of_tenant("slack", there.team.id)
        other = there.slack.workspace("Elsewhere")
        await install(there.bot, there.slack, other)
        channel, stranger = other.channel("news"), other.user("Eve", admin=True)
        for verb in ("edit", "pause", "resume", "unsubscribe", "preview", "backtest"):
            asked = await there.slack.command(other, channel, stranger, f"{verb} {known.id}", via="http")
            told = (await answer_to(asked)).reads.removeprefix("⚠️ ")
            assert told.startswith(f"There is no subscription ‘{known.id}’ here."), verb
        asked = await there.slack.command(other, channel, stranger, "subscriptions", via="http")
        assert known.id not in (await answer_to(asked)).reads
