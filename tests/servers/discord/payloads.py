"""The world as Discord's JSON: guilds, channels, roles, members, users."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests.servers.discord.refusals import Json

if TYPE_CHECKING:
    from tests.servers.discord.permissions import Overwrite
    from tests.servers.discord.world import Channel, Guild, Member, Role, User

_JOINED = "2024-01-01T00:00:00.000000+00:00"


def moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="microseconds")


def user(user: "User") -> Json:
    return {
        "id": str(user.id),
        "username": user.name,
        "global_name": None,
        "discriminator": "0000" if user.bot else "0",
        "avatar": None,
        "bot": user.bot,
        "public_flags": 0,
    }


def role(role: "Role") -> Json:
    return {
        "id": str(role.id),
        "name": role.name,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "icon": None,
        "unicode_emoji": None,
        "position": 0 if role.name == "@everyone" else 1,
        "permissions": str(role.permissions),
        "managed": False,
        "mentionable": role.mentionable,
        "flags": 0,
    }


def member(member: "Member") -> Json:
    return {
        "user": user(member.user),
        "nick": None,
        "avatar": None,
        "roles": [str(role.id) for role in member.roles],
        "joined_at": _JOINED,
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
        "communication_disabled_until": None,
    }


def channel(channel: "Channel") -> Json:
    payload: Json = {"id": str(channel.id), "type": channel.type, "last_message_id": _last(channel), "flags": 0}
    if channel.recipient is not None:
        return {**payload, "recipients": [user(channel.recipient)]}
    assert channel.guild is not None, "only direct messages are outside of guilds"
    payload |= {"guild_id": str(channel.guild.id), "name": channel.name, "rate_limit_per_user": 0}
    if channel.is_thread:
        return {**payload, **_thread(channel), **channel.fields}
    place = {"parent_id": None, "position": 0, "nsfw": False, "topic": None}
    return {**payload, **place, "permission_overwrites": [_overwrite(o) for o in channel.overwrites.values()]} | (
        _forum(channel) | channel.fields
    )


def guild(guild: "Guild") -> Json:
    """As GUILD_CREATE carries it."""
    seen = [member(each) for each in guild.members.values() if each.user is guild.world.bot]
    return {
        **guild_alone(guild),
        "joined_at": _JOINED,
        "large": False,
        "member_count": len(guild.members),
        "members": seen,
        "channels": [channel(each) for each in guild.channels.values()],
        "threads": [channel(each) for each in guild.threads.values() if not each.archived],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def guild_alone(guild: "Guild") -> Json:
    """As the REST API gives it."""
    return {
        "id": str(guild.id),
        "name": guild.name,
        "owner_id": str(guild.owner),
        "icon": None,
        "roles": [role(each) for each in guild.roles.values()],
        "emojis": [],
        "stickers": [],
        "features": [],
        "preferred_locale": guild.locale,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "premium_tier": 0,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "afk_channel_id": None,
        "afk_timeout": 300,
        "vanity_url_code": None,
        "description": None,
    }


def _thread(thread: "Channel") -> Json:
    assert thread.parent is not None, "threads have a parent"
    return {
        "parent_id": str(thread.parent.id),
        "owner_id": str(thread.owner),
        "message_count": len(thread.messages),
        "member_count": 1,
        "total_message_sent": len(thread.messages),
        "thread_metadata": {
            "archived": thread.archived,
            "archive_timestamp": moment(thread.archived_at),
            "auto_archive_duration": 1440,
            "locked": thread.locked,
            "create_timestamp": moment((thread.id >> 22) / 1000 + 1_420_070_400),
        },
    }


def _forum(channel: "Channel") -> Json:
    if channel.type not in {15, 16}:
        return {}
    return {"available_tags": [], "default_sort_order": None, "default_forum_layout": 0, "default_reaction_emoji": None}


def _overwrite(overwrite: "Overwrite") -> Json:
    return {
        "id": str(overwrite.id),
        "type": int(overwrite.member),
        "allow": str(overwrite.allow),
        "deny": str(overwrite.deny),
    }


def _last(channel: "Channel") -> str | None:
    return str(max(channel.messages)) if channel.messages else None
