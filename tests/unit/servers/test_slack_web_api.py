"""The loopback Slack, asked by the SDK's own client."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from tests.servers.slack.reading import Link
from tests.unit.servers.slack_stage import Stage, error_of, open_stage


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with open_stage() as stage:
        yield stage


def section(text: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any key of a block
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, **more}}


async def test_a_message_is_posted_edited_and_deleted(stage: Stage) -> None:
    channel = stage.team.channel("news")
    posted = await stage.client.chat_postMessage(channel=channel.id, text="Post Malone wins nine")
    await stage.client.chat_update(channel=channel.id, ts=posted["ts"], text="Post Malone wins ten")
    (message,) = stage.slack.record.visible(channel.id)
    assert (message.first.text, message.text) == ("Post Malone wins nine", "Post Malone wins ten")
    await stage.client.chat_delete(channel=channel.id, ts=posted["ts"])
    assert stage.slack.record.visible(channel.id) == []
    with pytest.raises(SlackApiError) as raised:
        await stage.client.chat_update(channel=channel.id, ts=posted["ts"], text="again")
    assert error_of(raised) == "message_not_found"


async def test_a_text_without_blocks_takes_the_blocks_away_and_keeps_the_metadata(stage: Stage) -> None:
    channel = stage.team.channel("news")
    metadata = {"event_type": "delivery", "event_payload": {"id": "d1"}}
    posted = await stage.client.chat_postMessage(
        channel=channel.id, text="nine", blocks=[section("nine")], metadata=metadata
    )
    await stage.client.chat_update(channel=channel.id, ts=posted["ts"], text="ten")
    (message,) = stage.slack.record.messages
    assert (message.blocks, message.metadata) == ([], metadata)
    await stage.client.chat_update(channel=channel.id, ts=posted["ts"], text="ten", metadata={})
    assert message.metadata is None


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ({"private": True, "member": False}, "channel_not_found"),
        ({"archived": True}, "is_archived"),
        ({"member": False}, "not_in_channel"),
    ],
)
async def test_channels_refuse_what_they_cannot_take(stage: Stage, how: dict[str, bool], error: str) -> None:
    stage.team.scopes.discard("chat:write.public")
    channel = stage.team.channel("news", **how)
    with pytest.raises(SlackApiError) as raised:
        await stage.client.chat_postMessage(channel=channel.id, text="nine")
    assert error_of(raised) == error
    assert stage.slack.record.messages == []


async def test_a_public_channel_takes_posts_from_outside_but_shows_no_history(stage: Stage) -> None:
    channel = stage.team.channel("news", member=False)
    await stage.client.chat_postMessage(channel=channel.id, text="nine")
    with pytest.raises(SlackApiError) as raised:
        await stage.client.conversations_history(channel=channel.id)
    assert error_of(raised) == "not_in_channel"
    await stage.client.conversations_join(channel=channel.id)
    assert len((await stage.client.conversations_history(channel=channel.id))["messages"]) == 1


async def test_a_missing_scope_is_named(stage: Stage) -> None:
    stage.team.scopes.discard("channels:history")
    channel = stage.team.channel("news")
    with pytest.raises(SlackApiError) as raised:
        await stage.client.conversations_history(channel=channel.id)
    assert raised.value.response["needed"] == "channels:history"


@pytest.mark.parametrize("state", ["account_inactive", "token_revoked", "token_expired"])
async def test_a_dead_token_is_refused_everywhere(stage: Stage, state: str) -> None:
    stage.team.token_state = state
    with pytest.raises(SlackApiError) as raised:
        await stage.client.auth_test()
    assert error_of(raised) == state
    with pytest.raises(SlackApiError) as raised:
        await stage.client.auth_test(token="xoxb-nobody")
    assert error_of(raised) == "invalid_auth"


@pytest.mark.parametrize(
    ("blocks", "error"),
    [
        ([{"type": "divider"}] * 51, "invalid_blocks"),
        ([section("x" * 3001)], "invalid_blocks"),
        ([{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}], "invalid_blocks"),
        ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "invalid_blocks"),
        ([{"type": "actions", "elements": []}], "invalid_blocks"),
        ([{"type": "alert", "text": {"type": "plain_text", "text": "x"}}], "invalid_blocks"),
        ([{"type": "image", "image_url": "ftp://a.test/b.png", "alt_text": "b"}], "invalid_blocks"),
        ([{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}], "invalid_blocks"),
        ([{"type": "rich_text", "elements": [{"type": "rich_text_list", "style": "dots"}]}], "invalid_blocks"),
        ([{"type": "markdown", "text": "x" * 6001}, {"type": "markdown", "text": "x" * 6000}], "invalid_blocks"),
        ([section("x" * 2700) for _ in range(5)], "msg_blocks_too_long"),
        ("[", "invalid_blocks_format"),
    ],
)
async def test_blocks_that_slack_would_not_take(stage: Stage, blocks: Any, error: str) -> None:  # noqa: ANN401 - JSON
    channel = stage.team.channel("news")
    with pytest.raises(SlackApiError) as raised:
        await stage.client.chat_postMessage(channel=channel.id, text="nine", blocks=blocks)
    assert error_of(raised) == error


async def test_the_limits_themselves_are_allowed(stage: Stage) -> None:
    channel = stage.team.channel("news")
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": "x" * 150}},
        section("x" * 3000),
        *[{"type": "divider"}] * 48,
    ]
    assert (await stage.client.chat_postMessage(channel=channel.id, text="nine", blocks=blocks))["ok"]


async def test_what_people_see_and_who_is_notified(stage: Stage) -> None:
    channel = stage.team.channel("news")
    group = stage.team.usergroup("editors")
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": "@everyone"}},
        section("<https://a.test/x|nine &amp; more> @here https://b.test"),
        section("@channel https://c.test", verbatim=True),
        {
            "type": "rich_text",
            "elements": [
                {"type": "rich_text_section", "elements": [{"type": "usergroup", "usergroup_id": group.id}]},
                {"type": "rich_text_quote", "elements": [{"type": "text", "text": "@everyone"}]},
            ],
        },
        {"type": "image", "image_url": "https://a.test/b.png", "alt_text": "a stage"},
    ]
    await stage.client.chat_postMessage(channel=channel.id, text="nine", blocks=blocks)
    (message,) = stage.slack.record.messages
    assert message.reads == (
        f"@everyone\nnine & more @here https://b.test\n@channel https://c.test\n@{group.id}\n@everyone\n[a stage]"
    )
    assert message.pings == ("@here", group.id)
    assert message.links == (
        Link("nine & more", "https://a.test/x"),
        Link("https://b.test", "https://b.test", auto=True),
    )
    assert message.unfurls == ("https://a.test/x", "https://b.test")


async def test_names_in_the_text_ping_only_when_asked(stage: Stage) -> None:
    channel = stage.team.channel("news")
    user = stage.team.user("ann")
    await stage.client.chat_postMessage(channel=channel.id, text="@ann @here", unfurl_links=False, unfurl_media=False)
    await stage.client.chat_postMessage(channel=channel.id, text="@ann @here", link_names=True)
    await stage.client.chat_postMessage(channel=channel.id, text=f"<!subteam^S1> <@{user.id}>")
    assert [message.pings for message in stage.slack.record.messages] == [
        (),
        ("@here", user.id),
        ("S1", user.id),
    ]


async def test_a_ping_that_comes_with_an_edit_is_known(stage: Stage) -> None:
    channel = stage.team.channel("news")
    posted = await stage.client.chat_postMessage(channel=channel.id, text="nine")
    await stage.client.chat_update(channel=channel.id, ts=posted["ts"], text="<!everyone> nine")
    await stage.client.chat_update(channel=channel.id, ts=posted["ts"], text="nine")
    assert stage.slack.record.messages[0].pings == ("@everyone",)


async def test_posts_beyond_one_a_second_and_the_burst_are_held_back(stage: Stage) -> None:
    channel, other = stage.team.channel("news"), stage.team.channel("more")
    for _ in range(5):
        await stage.client.chat_postMessage(channel=channel.id, text="nine")
    with pytest.raises(SlackApiError) as raised:
        await stage.client.chat_postMessage(channel=channel.id, text="nine")
    assert raised.value.response.status_code == 429
    assert raised.value.response.headers["Retry-After"] == "1"
    await stage.client.chat_postMessage(channel=other.id, text="nine")
    stage.clock.at += timedelta(seconds=1)
    await stage.client.chat_postMessage(channel=channel.id, text="nine")


async def test_the_restricted_history_gives_fifteen_once_a_minute(stage: Stage) -> None:
    channel = stage.team.channel("news")
    stage.slack.limits.enforced, stage.slack.limits.restricted = False, True
    for number in range(20):
        await stage.client.chat_postMessage(channel=channel.id, text=str(number))
    page = await stage.client.conversations_history(channel=channel.id, limit=100)
    assert [message["text"] for message in page["messages"]] == [str(number) for number in range(19, 4, -1)]
    assert page["has_more"] is True
    with pytest.raises(SlackApiError) as raised:
        await stage.client.conversations_history(channel=channel.id)
    assert raised.value.response.headers["Retry-After"] == "60"


async def test_history_is_bounded_and_shows_metadata_on_demand(stage: Stage) -> None:
    channel = stage.team.channel("news")
    metadata = {"event_type": "delivery", "event_payload": {"id": "d1"}}
    first = await stage.client.chat_postMessage(channel=channel.id, text="1", metadata=metadata)
    second = await stage.client.chat_postMessage(channel=channel.id, text="2")
    since = await stage.client.conversations_history(channel=channel.id, oldest=first["ts"])
    assert [message["ts"] for message in since["messages"]] == [second["ts"]]
    until = await stage.client.conversations_history(
        channel=channel.id, latest=first["ts"], inclusive=True, include_all_metadata=True
    )
    assert [message["metadata"] for message in until["messages"]] == [metadata]
    plain = await stage.client.conversations_history(channel=channel.id, limit=1)
    assert "metadata" not in plain["messages"][0]
    cursor = plain["response_metadata"]["next_cursor"]
    rest = await stage.client.conversations_history(channel=channel.id, limit=1, cursor=cursor)
    assert [message["text"] for message in rest["messages"]] == ["1"]


async def test_whispers_reach_only_people_in_the_channel(stage: Stage) -> None:
    channel = stage.team.channel("news")
    user = stage.team.user("ann")
    with pytest.raises(SlackApiError) as raised:
        await stage.client.chat_postEphemeral(channel=channel.id, user=user.id, text="nine")
    assert error_of(raised) == "user_not_in_channel"
    channel.members.add(user.id)
    await stage.client.chat_postEphemeral(channel=channel.id, user=user.id, text="nine")
    assert [message.text for message in stage.slack.record.whispered(user.id)] == ["nine"]
    assert stage.slack.record.visible(channel.id) == []


async def test_messages_of_others_stand_in_the_history_and_cannot_be_edited(stage: Stage) -> None:
    channel, user = stage.team.channel("news"), stage.team.user("ann")
    metadata = {"event_type": "delivery", "event_payload": {"id": "d1"}}
    said = stage.slack.say(channel, user, "nine", metadata=metadata)
    (seen,) = (await stage.client.conversations_history(channel=channel.id, include_all_metadata=True))["messages"]
    assert (seen["user"], seen["metadata"], "app_id" in seen) == (user.id, metadata, False)
    with pytest.raises(SlackApiError) as raised:
        await stage.client.chat_update(channel=channel.id, ts=said.ts, text="ten")
    assert error_of(raised) == "cant_update_message"
    with pytest.raises(SlackApiError) as raised:
        await stage.client.chat_delete(channel=channel.id, ts=said.ts)
    assert error_of(raised) == "cant_delete_message"


async def test_an_id_of_a_person_is_their_conversation_for_posts_only(stage: Stage) -> None:
    user = stage.team.user("ann")
    posted = await stage.client.chat_postMessage(channel=user.id, text="nine")
    opened = await stage.client.conversations_open(users=user.id)
    assert posted["channel"] == opened["channel"]["id"] == stage.team.dm(user).id
    with pytest.raises(SlackApiError) as raised:
        await stage.client.chat_update(channel=user.id, ts=posted["ts"], text="ten")
    assert error_of(raised) == "channel_not_found"


async def test_people_groups_and_channels_are_listed(stage: Stage) -> None:
    admin, member = stage.team.user("ann", admin=True), stage.team.user("bob")
    group = stage.team.usergroup("editors", [member])
    stage.team.channel("open", member=False)
    stage.team.channel("closed", private=True, member=False)
    inside = stage.team.channel("inside", private=True)
    assert (await stage.client.users_info(user=admin.id))["user"]["is_admin"] is True
    assert (await stage.client.usergroups_users_list(usergroup=group.id))["users"] == [member.id]
    listed = await stage.client.conversations_list(types="public_channel,private_channel")
    assert [channel["name"] for channel in listed["channels"]] == ["open", "inside"]
    assert (await stage.client.conversations_info(channel=inside.id))["channel"]["is_private"] is True


async def test_an_edit_after_the_window_is_refused(stage: Stage) -> None:
    stage.slack.state.edit_window = 300
    channel = stage.team.channel("news")
    posted = await stage.client.chat_postMessage(channel=channel.id, text="nine")
    stage.clock.at += timedelta(minutes=6)
    with pytest.raises(SlackApiError) as raised:
        await stage.client.chat_update(channel=channel.id, ts=posted["ts"], text="ten")
    assert error_of(raised) == "edit_window_closed"


async def test_a_picture_is_uploaded_in_three_steps(stage: Stage) -> None:
    channel = stage.team.channel("news")
    await stage.client.files_upload_v2(channel=channel.id, content=b"abc", filename="a.png")
    (file,) = stage.slack.state.files.values()
    assert (file.content, file.channels) == (b"abc", [channel.id])


async def test_a_home_is_published_and_guarded_by_its_hash(stage: Stage) -> None:
    user = stage.team.user("ann")
    view: dict[str, Any] = {"type": "home", "blocks": [section("Hello")]}
    first = await stage.client.views_publish(user_id=user.id, view=view)
    await stage.client.views_publish(user_id=user.id, view=view, hash=first["view"]["hash"])
    with pytest.raises(SlackApiError) as raised:
        await stage.client.views_publish(user_id=user.id, view=view, hash=first["view"]["hash"])
    assert error_of(raised) == "hash_conflict"
    home = stage.slack.home_of(user)
    assert home is not None
    assert home.reads == "Hello"


async def test_a_trigger_opens_one_view_within_three_seconds(stage: Stage) -> None:
    user = stage.team.user("ann")
    triggers = stage.slack.state.triggers
    view: dict[str, Any] = {"type": "modal", "title": {"type": "plain_text", "text": "News"}, "blocks": [section("x")]}
    now = stage.clock.at.timestamp()
    good, late = triggers.make(stage.team.id, user.id, now), triggers.make(stage.team.id, user.id, now - 4)
    with pytest.raises(SlackApiError) as raised:
        await stage.client.views_open(
            trigger_id=good.id, view={**view, "title": {"type": "plain_text", "text": "x" * 25}}
        )
    assert error_of(raised) == "invalid_arguments"
    assert (await stage.client.views_open(trigger_id=good.id, view=view))["view"]["hash"]
    errors = []
    for trigger in (good.id, late.id, "1.2.3"):
        with pytest.raises(SlackApiError) as raised:
            await stage.client.views_open(trigger_id=trigger, view=view)
        errors.append(error_of(raised))
    assert errors == ["exchanged_trigger_id", "expired_trigger_id", "invalid_trigger_id"]
