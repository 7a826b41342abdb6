"""The flows of a whole bot on Slack, over both transports: files, commands and presses in, messages out."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.scenarios.homes import make_home, true_soon, write_story
from tests.scenarios.slack_stage import Stage, answer_to, running, stage
from tests.servers.slack.courier import Via
from tests.servers.slack.server import Slack

VIA: tuple[Via, ...] = ("socket", "http")


@pytest.fixture(params=VIA)
async def there(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(tmp_path, "one", "two", via=request.param) as ready:
        yield ready


async def test_a_subscription_posts_the_latest_and_then_what_comes(there: Stage) -> None:
    assert "#news" in await there.ask("subscribe all latest:yes", admin=True)
    assert there.team.bot_user in there.news.members, "a public channel is joined"
    (first,) = await there.messages()
    assert "Headline of two" in first.reads
    assert "“Words of two”" in first.reads
    assert "Winner of two" in first.reads
    assert "Headline of two" in first.text
    there.write("three")
    _, second = await there.messages(2)
    assert "Headline of three" in second.reads
    assert [message.pings for message in (first, second)] == [(), ()]
    assert [message.unfurls for message in (first, second)] == [(), ()]


async def test_a_corrected_story_changes_its_message_and_says_so(there: Stage) -> None:
    await there.ask("subscribe all latest:yes", admin=True)
    (message,) = await there.messages()
    there.write("two", headline="Another headline", corrections="[{at: 2026-01-02T09:00:00Z, note: The headline}]")
    await there.until(lambda: "Another headline" in message.reads)
    assert "Corrected" in message.reads
    assert "Another headline" in message.text
    assert len(await there.messages()) == 1


async def test_a_retracted_story_is_withdrawn_from_its_message(there: Stage) -> None:
    await there.ask("subscribe all latest:yes", admin=True)
    (message,) = await there.messages()
    there.write("two", status="retracted")
    await there.until(lambda: "Winner of two" not in message.reads)
    assert "withdrawn" in message.reads.casefold()


async def test_hidden_results_are_shown_to_whoever_presses_and_to_nobody_else(there: Stage) -> None:
    await there.ask("subscribe all latest:yes spoilers:hide", admin=True)
    (message,) = await there.messages()
    for hidden in ("Winner of two", "Headline of two"):
        assert hidden not in message.reads
        assert hidden not in message.text
    pressed = await there.press(message, there.member, "Show")
    answer = await answer_to(pressed)
    assert answer.ephemeral_to == there.member.id
    assert "Winner of two" in answer.reads
    assert "Winner of two" not in message.reads


async def test_a_group_is_mentioned_once_and_edits_mention_nobody(there: Stage) -> None:
    fans = there.team.usergroup("fans")
    await there.ask("subscribe all latest:yes mention:@fans", admin=True)
    (message,) = await there.messages()
    assert message.pings == (fans.id,)
    there.write("two", headline='"@everyone <!here> @fans Another"')
    await there.until(lambda: "Another" in message.reads)
    assert fans.id not in str(message.body.sent)


async def test_buttons_answer_whoever_presses_them_alone(there: Stage) -> None:
    await there.ask("subscribe all latest:yes", admin=True)
    (message,) = await there.messages()
    pressed = await there.press(message, there.member, "All winners")
    answer = await answer_to(pressed)
    assert answer.ephemeral_to == there.member.id
    assert "Winner of one" in answer.reads
    assert "Winner of two" in answer.reads


async def test_a_button_in_a_thread_is_answered_in_the_thread(there: Stage) -> None:
    await there.ask("subscribe all latest:yes style:thread", admin=True)
    await there.messages()
    there.write("three")
    _, reply = await there.messages(2)
    pressed = await there.press(reply, there.member, "All winners")
    assert (await answer_to(pressed)).body.sent.get("thread_ts") == reply.thread_ts


async def test_what_comes_later_about_an_event_is_gathered_in_its_thread(there: Stage) -> None:
    await there.ask("subscribe all latest:yes style:thread", admin=True)
    await there.messages()
    there.write("three")
    first, second = await there.messages(2)
    assert second.thread_ts == first.ts
    there.write("four", event="{id: other, name: Another Gala}")
    *_, third = await there.messages(3)
    assert third.thread_ts is None


async def test_a_threads_link_is_a_place_to_post(there: Stage) -> None:
    root = there.slack.say(there.news, there.member, "What happened?")
    link = f"https://team.slack.com/archives/{there.news.id}/p{root.ts.replace('.', '')}"
    assert "(a thread)" in await there.ask(f"subscribe all latest:yes channel:<{link}>", admin=True)
    message = (await there.messages(2))[-1]
    assert message.thread_ts == root.ts


async def test_a_private_channel_wants_an_invitation_and_says_how(there: Stage) -> None:
    secret = there.team.channel("secret", private=True, member=False)
    assert "/invite @digestbot" in await there.ask("subscribe all", admin=True, here=secret)
    secret.members.add(there.team.bot_user)
    assert "#secret" in await there.ask("subscribe all latest:yes", admin=True, here=secret)
    (message,) = await there.messages(channel=secret)
    assert "Headline of two" in message.reads


async def test_a_channel_that_we_were_taken_out_of_is_joined_again(there: Stage) -> None:
    await there.ask("subscribe all latest:yes", admin=True)
    await there.messages()
    there.news.members.discard(there.team.bot_user)
    there.write("three")
    await there.messages(2)
    assert there.team.bot_user in there.news.members


async def test_a_shared_channel_gets_its_cards(there: Stage) -> None:
    shared = there.team.channel("partners", shared=True)
    await there.ask("subscribe all latest:yes", admin=True, here=shared)
    (message,) = await there.messages(channel=shared)
    assert "Headline of two" in message.reads


async def test_buttons_survive_a_restart_of_the_bot(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    write_story(home, "one")
    async with Slack() as slack:
        team = slack.workspace("Team")
        news, admin = team.channel("news"), team.user("Ada", admin=True)
        async with running(home, slack):
            await slack.command(team, news, admin, "subscribe all latest:yes")
            await true_soon(lambda: [each for each in slack.record.visible(news.id) if not each.via_response_url])
        async with running(home, slack):
            (message,) = [each for each in slack.record.visible(news.id) if not each.via_response_url]
            pressed = await slack.press(message, admin, "Event")
            assert "The Gala" in (await answer_to(pressed)).reads
