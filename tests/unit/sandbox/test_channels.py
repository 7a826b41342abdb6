"""The sandbox's channels: who is found under which words."""

import pytest

from digestbot.domain.place import Channel
from digestbot.platforms.sandbox.channels import SandboxChannels, direct, member_of


async def test_there_are_three_channels_unless_told_otherwise() -> None:
    assert [channel.name for channel in await SandboxChannels().all("sandbox")] == ["news", "awards", "film"]
    assert list(await SandboxChannels(["one"]).all("sandbox")) == [Channel("one", "one")]


@pytest.mark.parametrize("text", ["awards", "#awards", "AWARDS", " #Awards ", "<#awards>"])
async def test_a_channel_is_found_however_it_is_written(text: str) -> None:
    assert await SandboxChannels().find("sandbox", text) == Channel("awards", "awards")


@pytest.mark.parametrize("text", ["", "#", "sport", "@member-1", "member-1"])
async def test_other_words_find_nothing(text: str) -> None:
    assert await SandboxChannels().find("sandbox", text) is None


async def test_another_tenant_has_no_channels_here() -> None:
    assert await SandboxChannels().find("elsewhere", "news") is None
    assert list(await SandboxChannels().all("elsewhere")) == []


def test_messages_are_taken_for_channels_and_for_members() -> None:
    channels = SandboxChannels()
    assert [channels.takes(channel) for channel in ("news", "@member-1", "member-1")] == [True, True, True]
    assert [channels.takes(channel) for channel in ("NEWS", "#news", "sport", "@someone", "")] == [False] * 5


def test_a_direct_channel_names_its_member() -> None:
    assert direct("member-1") == "@member-1"
    assert member_of("@member-1") == member_of("member-1") == "member-1"
    assert member_of("news") is None
