"""Where it posts on Discord, and what it says where it cannot."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from digestbot.domain.delivery import Delivery, DeliveryState
from tests.scenarios.discord_stage import Stage, stage
from tests.scenarios.homes import answers_soon, write_story
from tests.servers.discord.faults import Fault, Kind
from tests.servers.discord.limits import Rate
from tests.servers.discord.permissions import Permission
from tests.servers.discord.world import ANNOUNCEMENT, CATEGORY, FORUM

VOICE, STAGE = 2, 13


@pytest.fixture
async def there(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(tmp_path, "one") as ready:
        yield ready


@pytest.mark.parametrize("kind", [ANNOUNCEMENT, VOICE, STAGE])
async def test_it_posts_to_every_channel_that_holds_messages(there: Stage, kind: int) -> None:
    channel = there.guild.channel("another", kind, bitrate=64_000, user_limit=0, topic=None)
    await there.ask("subscribe", admin=True, what="all", channel=channel, latest=True)
    (message,) = await there.messages(channel=channel)
    assert "Headline of one" in message.reads
    assert not message.crossposted


async def test_an_announcement_is_published_where_the_admin_asks_for_it(there: Stage) -> None:
    channel = there.guild.channel("announcements", ANNOUNCEMENT)
    await there.ask("subscribe", admin=True, what="all", channel=channel, style="publish", latest=True)
    (message,) = await there.messages(channel=channel)
    await there.until(lambda: message.crossposted)


async def test_what_is_over_the_limit_of_publishing_is_posted_now_and_published_later(there: Stage) -> None:
    there.discord.limits.routes["crosspost"] = Rate(1, 3600)
    channel = there.guild.channel("announcements", ANNOUNCEMENT)
    await there.ask("subscribe", admin=True, what="all", channel=channel, style="publish", latest=True)
    await there.messages(channel=channel)
    there.write("two")
    first, second = await there.messages(2, channel=channel)
    await there.until(lambda: first.crossposted)
    await there.until(lambda: len(there.discord.record.to("crosspost")) >= 2)
    (known,) = await there.bot.subscriptions.of_tenant("discord", str(there.guild.id))
    rows = await there.bot.ledger.of_subscription(known.id)
    row = next(row for row in rows if row.ref and row.ref.message == str(second.id))
    assert not second.crossposted
    assert (row.state, "not yet published" in (row.error or "")) == (DeliveryState.CORRECTING, True)
    assert (row.due - there.bot.clock.now()).total_seconds() > 3000


async def test_it_posts_to_a_thread_and_wakes_an_archived_one(there: Stage) -> None:
    thread = there.guild.thread(there.news, "about it", archived=True)
    await there.ask("subscribe", admin=True, what="all", channel=thread, latest=True)
    (message,) = await there.messages(channel=thread)
    assert "Headline of one" in message.reads
    assert not thread.archived


async def test_a_correction_wakes_an_archived_thread(there: Stage) -> None:
    thread = there.guild.thread(there.news, "about it")
    await there.ask("subscribe", admin=True, what="all", channel=thread, latest=True)
    (message,) = await there.messages(channel=thread)
    thread.archived = True
    there.write("one", headline="Another headline")
    await there.until(lambda: "Another headline" in message.reads)


async def test_in_a_forum_each_event_has_its_post_with_the_tags_of_its_topics(there: Stage) -> None:
    forum = there.guild.channel("events", FORUM, available_tags=["Music", "Film"])
    await there.ask("subscribe", admin=True, what="all", channel=forum, latest=True)
    await there.until(lambda: there.discord.record.threads)
    (post,) = there.discord.record.threads
    assert post.name == "The Gala"
    assert [tag["name"] for tag in forum.tags if tag["id"] in post.fields["applied_tags"]] == ["Music"]
    there.write("two")
    first, second = await there.messages(2, channel=post)
    assert ("Headline of one" in first.reads, "Headline of two" in second.reads) == (True, True)
    there.write("other", event="{id: festival, name: The Festival}")
    await there.until(lambda: len(there.discord.record.threads) == 2)
    assert there.discord.record.threads[1].name == "The Festival"


async def test_a_forum_post_that_somebody_deleted_is_opened_anew_for_the_next_story(there: Stage) -> None:
    forum = there.guild.channel("events", FORUM)
    await there.ask("subscribe", admin=True, what="all", channel=forum, latest=True)
    await there.until(lambda: there.discord.record.threads)
    await there.until(lambda: there.discord.record.of(there.discord.record.threads[0]))
    there.discord.delete_channel(there.discord.record.threads[0])
    there.write("two")
    await there.until(lambda: len(there.discord.record.threads) == 2)


async def test_a_forum_post_whose_answer_was_lost_is_found_and_not_opened_twice(there: Stage) -> None:
    """A new post takes no nonce: what was opened is looked for before anything is sent again."""
    forum = there.guild.channel("events", FORUM)
    there.discord.faults.plan(Fault(Kind.LOST, "create_thread"))
    await there.ask("subscribe", admin=True, what="all", channel=forum, latest=True)
    await there.until(lambda: there.discord.record.threads)
    (row,) = [row for row in await _rows(there) if row.state is not DeliveryState.POSTED]
    assert row.begun_at is not None
    assert (row.due - there.bot.clock.now()).total_seconds() > 30, "the grace: it may still land"


async def _rows(there: Stage) -> list[Delivery]:
    (known,) = await there.bot.subscriptions.of_tenant("discord", str(there.guild.id))
    return list(await there.bot.ledger.of_subscription(known.id))


@pytest.mark.parametrize(
    ("deny", "words"),
    [
        (Permission.VIEW_CHANNEL, "View Channel"),
        (Permission.SEND_MESSAGES, "Send Messages"),
        (Permission.READ_MESSAGE_HISTORY, "Read Message History"),
    ],
)
async def test_subscribing_says_which_permission_is_missing_and_writes_nothing(
    there: Stage, deny: int, words: str
) -> None:
    channel = there.guild.channel("closed")
    there.discord.set_permissions(channel, deny=deny)
    told = await there.ask("subscribe", admin=True, what="all", channel=channel)
    assert words in told
    assert "#closed" in told
    assert await there.bot.subscriptions.of_tenant("discord", str(there.guild.id)) == []


async def test_embeds_need_their_permission_and_components_do_not(there: Stage) -> None:
    there.discord.set_permissions(there.news, deny=Permission.EMBED_LINKS)
    assert "Embed Links" in await there.ask("subscribe", admin=True, what="all", layout="embed")
    assert "#news will get" in await there.ask("subscribe", admin=True, what="all")


async def test_a_permission_that_is_taken_away_is_named_and_nothing_is_asked_of_discord(there: Stage) -> None:
    await there.ask("subscribe", admin=True, what="all")
    there.discord.set_permissions(there.news, deny=Permission.SEND_MESSAGES)
    there.write("two")
    await there.until(lambda: there.bot.library.get("two"))
    await answers_soon(lambda: is_in("waiting", there))
    status = await there.ask("status", admin=True)
    assert "digestbot misses the permission Send Messages in #news" in status
    assert there.discord.record.to("create_message") == []
    assert there.discord.record.invalid == 0


async def test_a_channel_that_was_deleted_ends_the_delivery_with_its_reason(there: Stage) -> None:
    await there.ask("subscribe", admin=True, what="all")
    (known,) = await there.bot.subscriptions.of_tenant("discord", str(there.guild.id))
    there.discord.delete_channel(there.news)
    there.write("two")
    await there.until(lambda: there.bot.library.get("two"))
    await answers_soon(lambda: is_in("gone", there))
    (row,) = await there.bot.ledger.of_subscription(known.id)
    assert row.error == "the channel is no more"


async def test_a_category_holds_no_messages(there: Stage) -> None:
    category = there.guild.channel("a category", CATEGORY)
    with pytest.raises(AssertionError):
        await there.ask("subscribe", admin=True, what="all", channel=category)


async def test_closed_direct_messages_are_said_when_the_member_follows_again(tmp_path: Path) -> None:
    async with stage(tmp_path) as there:
        write_story(there.home, "one")
        await there.until(lambda: there.bot.library.get("one"))
        there.member.dms_closed = True
        assert "You follow it" in await there.ask("follow", event="gala")
        there.write("two")
        direct = there.discord.world.direct_channel(there.member.user)
        await there.until(lambda: [each for each in there.discord.record.refusals if each.channel == direct.id])
        await answers_soon(lambda: says_why(there))


async def says_why(there: Stage) -> bool:
    told = await there.ask("follow", event="gala")
    return "did not arrive: this member takes no direct messages" in told


async def is_in(state: str, there: Stage) -> bool:
    return state in await there.states()


async def test_a_followed_events_cards_come_by_direct_message(there: Stage) -> None:
    await there.ask("follow", event="gala")
    there.write("two")
    direct = there.discord.world.direct_channel(there.member.user)
    (message,) = await there.messages(channel=direct)
    assert "Headline of two" in message.reads
    pressed = await there.discord.press(message, there.member, "Event")
    assert "The Gala" in (await pressed.shown())[0].reads
