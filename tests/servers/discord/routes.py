"""The REST routes that a bot of our kind needs, each with the name that faults, limits and the record know it by."""

from tests.servers.discord import payloads
from tests.servers.discord.access import Access
from tests.servers.discord.calls import EMPTY, Answer, Call
from tests.servers.discord.commands import Commands
from tests.servers.discord.gateway import Gateway
from tests.servers.discord.interactions import Interactions
from tests.servers.discord.limits import Limits
from tests.servers.discord.pipeline import Route
from tests.servers.discord.posts import Posts
from tests.servers.discord.refusals import Json, refusal
from tests.servers.discord.threads import Threads
from tests.servers.discord.world import World

_MESSAGES = "/channels/{channel}/messages"
_THREADS = "/channels/{channel}/threads"


def message_routes(access: Access, posts: Posts) -> list[Route]:
    def create(call: Call) -> Answer:
        message = posts.create(access.channel(call.id("channel")), call.body)
        return Answer(message.payload(with_nonce=True))

    def edit(call: Call) -> Answer:
        return Answer(posts.edit(access.channel(call.id("channel")), call.id("message"), call.body).payload())

    def delete(call: Call) -> Answer:
        posts.delete(access.channel(call.id("channel")), call.id("message"))
        return EMPTY

    def get(call: Call) -> Answer:
        return Answer(posts.get(access.channel(call.id("channel")), call.id("message")).payload())

    def history(call: Call) -> Answer:
        return Answer(posts.history(access.channel(call.id("channel")), call.query))

    def crosspost(call: Call) -> Answer:
        return Answer(posts.crosspost(access.channel(call.id("channel")), call.id("message")).payload())

    return [
        Route("create_message", "POST", _MESSAGES, create),
        Route("history", "GET", _MESSAGES, history),
        Route("edit_message", "PATCH", f"{_MESSAGES}/{{message}}", edit),
        Route("delete_message", "DELETE", f"{_MESSAGES}/{{message}}", delete),
        Route("get_message", "GET", f"{_MESSAGES}/{{message}}", get),
        Route("crosspost", "POST", f"{_MESSAGES}/{{message}}/crosspost", crosspost),
    ]


def channel_routes(access: Access, threads: Threads) -> list[Route]:
    def get(call: Call) -> Answer:
        return Answer(payloads.channel(access.channel(call.id("channel"))))

    def edit(call: Call) -> Answer:
        return Answer(threads.edit(access.channel(call.id("channel")), call.body.json))

    def delete(call: Call) -> Answer:
        return Answer(threads.delete(access.channel(call.id("channel"))))

    def create_thread(call: Call) -> Answer:
        return Answer(threads.create(access.channel(call.id("channel")), call.body), 201)

    def create_thread_from(call: Call) -> Answer:
        return Answer(threads.create_from(access.channel(call.id("channel")), call.id("message"), call.body), 201)

    def archived(call: Call) -> Answer:
        return Answer(threads.archived(access.channel(call.id("channel")), call.query))

    def active(call: Call) -> Answer:
        return Answer(threads.active(call.id("guild")))

    return [
        Route("get_channel", "GET", "/channels/{channel}", get),
        Route("edit_channel", "PATCH", "/channels/{channel}", edit),
        Route("delete_channel", "DELETE", "/channels/{channel}", delete),
        Route("create_thread", "POST", _THREADS, create_thread),
        Route("create_thread_from", "POST", f"{_MESSAGES}/{{message}}/threads", create_thread_from),
        Route("archived_threads", "GET", f"{_THREADS}/archived/public", archived),
        Route("active_threads", "GET", "/guilds/{guild}/threads/active", active),
    ]


def guild_routes(access: Access) -> list[Route]:
    world = access.world

    def guilds(call: Call) -> Answer:
        after, limit = int(call.query.get("after", 0)), int(call.query.get("limit", 200))
        found = sorted(id_ for id_ in world.guilds if id_ > after)[:limit]
        return Answer([_partial(world, id_) for id_ in found])

    def guild(call: Call) -> Answer:
        return Answer(payloads.guild_alone(access.guild(call.id("guild"))))

    def channels(call: Call) -> Answer:
        return Answer([payloads.channel(each) for each in access.guild(call.id("guild")).channels.values()])

    def roles(call: Call) -> Answer:
        return Answer([payloads.role(each) for each in access.guild(call.id("guild")).roles.values()])

    def member(call: Call) -> Answer:
        members = access.guild(call.id("guild")).members
        if call.id("user") not in members:
            raise refusal(10007 if call.id("user") in world.users else 10013)
        return Answer(payloads.member(members[call.id("user")]))

    return [
        Route("guilds", "GET", "/users/@me/guilds", guilds),
        Route("guild", "GET", "/guilds/{guild}", guild),
        Route("guild_channels", "GET", "/guilds/{guild}/channels", channels),
        Route("guild_roles", "GET", "/guilds/{guild}/roles", roles),
        Route("guild_member", "GET", "/guilds/{guild}/members/{user}", member),
    ]


def own_routes(world: World, gateway: Gateway, limits: Limits) -> list[Route]:
    def me(_: Call) -> Answer:
        return Answer(payloads.user(world.bot) | {"verified": True, "mfa_enabled": True})

    def application(_: Call) -> Answer:
        return Answer(_application(world, gateway.terms.application_id))

    def address(_: Call) -> Answer:
        return Answer({"url": gateway.terms.url})

    def address_for_bots(_: Call) -> Answer:
        budget = {
            "total": limits.identifies,
            "remaining": gateway.budget.left,
            "reset_after": 86_400_000,
            "max_concurrency": limits.max_concurrency,
        }
        return Answer({"url": gateway.terms.url, "shards": limits.shards, "session_start_limit": budget})

    def open_direct(call: Call) -> Answer:
        user = world.users.get(int(call.body.json.get("recipient_id") or 0))
        if user is None or user.bot:
            raise refusal(50033)
        return Answer(payloads.channel(world.direct_channel(user)))

    return [
        Route("me", "GET", "/users/@me", me),
        Route("application", "GET", "/oauth2/applications/@me", application),
        Route("application", "GET", "/applications/@me", application),
        Route("gateway", "GET", "/gateway", address, open=True),
        Route("gateway_bot", "GET", "/gateway/bot", address_for_bots),
        Route("create_dm", "POST", "/users/@me/channels", open_direct),
    ]


def command_routes(access: Access, commands: Commands, application: int) -> list[Route]:
    def check_application(call: Call) -> None:
        if call.id("application") != application:
            raise refusal(50001)

    def guild(call: Call) -> int | None:
        check_application(call)
        if "guild" not in call.parameters:
            return None
        if call.id("guild") not in access.world.guilds:
            raise refusal(50001)
        return call.id("guild")

    def get(call: Call) -> Answer:
        return Answer(commands.all(guild(call)))

    def put(call: Call) -> Answer:
        return Answer(commands.overwrite(guild(call), call.json))

    paths = ("/applications/{application}/commands", "/applications/{application}/guilds/{guild}/commands")
    reading = [Route("get_commands", "GET", path, get) for path in paths]
    return [*reading, *(Route("put_commands", "PUT", path, put) for path in paths)]


def interaction_routes(interactions: Interactions) -> list[Route]:
    webhook = "/webhooks/{webhook}/{token}"
    message = f"{webhook}/messages/{{message}}"
    return [
        Route("callback", "POST", "/interactions/{interaction}/{token}/callback", interactions.callback, open=True),
        Route("followup", "POST", webhook, interactions.followup, open=True),
        Route("get_answer", "GET", message, interactions.get, open=True),
        Route("edit_answer", "PATCH", message, interactions.edit, open=True),
        Route("delete_answer", "DELETE", message, interactions.delete, open=True),
    ]


def _partial(world: World, id_: int) -> Json:
    guild = world.guilds[id_]
    given = guild.roles[id_].permissions
    for role in guild.members[world.bot.id].roles:
        given |= role.permissions
    owner = guild.owner == world.bot.id
    return {
        "id": str(id_),
        "name": guild.name,
        "icon": None,
        "owner": owner,
        "permissions": str(given),
        "features": [],
        "approximate_member_count": len(guild.members),
    }


def _application(world: World, application: int) -> Json:
    return {
        "id": str(application),
        "name": world.bot.name,
        "icon": None,
        "description": "",
        "summary": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": 0,
        "owner": payloads.user(next(user for user in world.users.values() if not user.bot)),
        "team": None,
        "install_params": {"scopes": ["bot", "applications.commands"], "permissions": "0"},
        "integration_types_config": {"0": {}},
    }
