"""Interactions: told to the shard, acknowledged within three seconds, answered for fifteen minutes."""

import secrets

from tests.servers.discord.bodies import Body, created, edited
from tests.servers.discord.calls import EMPTY, Answer, Call
from tests.servers.discord.commands import check_choice
from tests.servers.discord.interaction import COMMAND, COMPLETION, COMPONENT, Interaction, event, metadata
from tests.servers.discord.message import EPHEMERAL, Message, Shown
from tests.servers.discord.posts import ONLY_USERS, Posts
from tests.servers.discord.refusals import Form, Json, Refusal, refusal
from tests.servers.discord.snowflakes import Clock
from tests.servers.discord.watch import Watch
from tests.servers.discord.world import Channel, Guild, User, World

MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = range(4, 10)
_TYPES = {
    COMMAND: {MESSAGE, DEFERRED, MODAL},
    COMPONENT: {MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, MODAL},
    COMPLETION: {CHOICES},
}
_ANSWER_TO_COMMAND, _REPLY = 20, 19


class Interactions:
    def __init__(self, world: World, posts: Posts, clock: Clock, watch: Watch) -> None:
        self._world = world
        self._posts = posts
        self._clock = clock
        self._watch = watch
        self._started: dict[int, Interaction] = {}
        self._by_token: dict[str, Interaction] = {}

    def start(
        self,
        kind: int,
        place: tuple[Guild | None, Channel],
        user: User,
        data: Json,
        *,
        locale: str = "en-US",
        pressed: Message | None = None,
    ) -> Interaction:
        """Tell the shard of the guild, or shard 0."""
        guild, channel = place
        interaction = Interaction(
            id=self._world.ids.next(),
            token=secrets.token_urlsafe(48),
            kind=kind,
            guild=guild,
            channel=channel,
            user=user,
            data=data,
            created_at=self._clock(),
            clock=self._clock,
            watch=self._watch,
            pressed=pressed,
        )
        self._started[interaction.id] = self._by_token[interaction.token] = interaction
        told = event(self._world, interaction, locale)
        self._world.announce("INTERACTION_CREATE", told, guild.id if guild else None)
        return interaction

    def callback(self, call: Call) -> Answer:
        interaction = self._started.get(call.id("interaction"))
        if interaction is None or interaction.token != call.parameters["token"]:
            raise refusal(10062)
        if interaction.acknowledged is not None:
            raise refusal(40060)
        if interaction.late:
            raise refusal(10062)
        self._acknowledge(interaction, call)
        self._watch.changed()
        return Answer(_callback_response(interaction)) if call.says("with_response") else EMPTY

    def followup(self, call: Call) -> Answer:
        """The first one after a deferral fills the deferred answer, if that still stands."""
        interaction = self._answering(call)
        original = interaction.original
        if original is not None and original.loading and not original.deleted:
            return Answer(self._fill(original, call.body).payload())
        return Answer(self._say(interaction, call.body).payload())

    def get(self, call: Call) -> Answer:
        return Answer(self._message(call).payload())

    def edit(self, call: Call) -> Answer:
        message = self._message(call)
        if message.loading:
            return Answer(self._fill(message, call.body).payload())
        self._change(self._answering(call), message, call.body)
        return Answer(message.payload())

    def delete(self, call: Call) -> Answer:
        self._message(call).deleted = True
        return EMPTY

    def _acknowledge(self, interaction: Interaction, call: Call) -> None:
        kind, data = call.body.json.get("type"), call.body.json.get("data") or {}
        body = Body(data, call.body.files)
        if kind not in _TYPES[interaction.kind]:
            raise _wrong("type", "BASE_TYPE_CHOICES", f"Value must be one of {_TYPES[interaction.kind]}.")
        if kind == MESSAGE:
            interaction.original = self._say(interaction, body)
        elif kind == DEFERRED:
            interaction.original = self._defer(interaction, data)
        elif kind in {DEFERRED_UPDATE, UPDATE}:
            interaction.original = interaction.pressed
            if kind == UPDATE and interaction.pressed is not None:
                self._change(interaction, interaction.pressed, body)
        elif kind == CHOICES:
            interaction.choices = _checked_choices(interaction, data)
        else:
            interaction.modal = _checked_modal(data)
        interaction.acknowledged = int(kind)

    def _say(self, interaction: Interaction, body: Body) -> Message:
        message = self._new(interaction, ephemeral=bool((body.json.get("flags") or 0) & EPHEMERAL))
        return self._fill(message, body)

    def _defer(self, interaction: Interaction, data: Json) -> Message:
        if (data.get("flags") or 0) & ~EPHEMERAL:
            raise _wrong("data.flags", "MESSAGE_FLAGS_INVALID", "A deferred response takes only EPHEMERAL")
        message = self._new(interaction, ephemeral=bool(data.get("flags")))
        message.loading = True
        interaction.made.append(message)
        return message

    def _new(self, interaction: Interaction, *, ephemeral: bool) -> Message:
        return Message(
            id=self._world.ids.next(),
            channel=interaction.channel,
            author=self._world.bot,
            body={},
            shown=Shown(),
            created_at=self._clock(),
            kind=_ANSWER_TO_COMMAND if interaction.kind == COMMAND else _REPLY,
            only_for=interaction.user if ephemeral else None,
            interaction=metadata(self._world, interaction),
        )

    def _fill(self, message: Message, body: Body) -> Message:
        """Give a new or deferred message its body: only now is it accepted."""
        message.shown = created(body)
        message.body = body.json
        message.loading = False
        self._posts.notify(message, body.json, ONLY_USERS)
        self._posts.accept(message)
        made = self._by_id(message).made
        if message not in made:
            made.append(message)
        self._watch.changed()
        return message

    def _change(self, interaction: Interaction, message: Message, body: Body) -> None:
        self._posts.change(message, body.json, edited(body, message), ONLY_USERS)
        if message not in interaction.made:
            interaction.made.append(message)
        self._watch.changed()

    def _by_id(self, message: Message) -> Interaction:
        assert message.interaction, "only answers to interactions are filled"
        return self._started[int(message.interaction["id"])]

    def _answering(self, call: Call) -> Interaction:
        interaction = self._by_token.get(call.parameters["token"])
        if call.id("webhook") != self._world.bot.id:
            raise refusal(10015)
        if interaction is None or interaction.expired:
            raise refusal(50027)
        if interaction.acknowledged is None:
            raise refusal(10015)
        return interaction

    def _message(self, call: Call) -> Message:
        interaction, name = self._answering(call), call.parameters["message"]
        found = interaction.original
        if name != "@original":
            found = next((each for each in interaction.made if str(each.id) == name), None)
        if found is None or found.deleted:
            raise refusal(10008)
        return found


def _callback_response(interaction: Interaction) -> Json:
    original = interaction.original
    told: Json = {"id": str(interaction.id), "type": interaction.kind}
    resource: Json = {"type": interaction.acknowledged}
    if original is not None:
        told |= {
            "response_message_id": str(original.id),
            "response_message_loading": original.loading,
            "response_message_ephemeral": original.ephemeral,
        }
        resource["message"] = original.payload()
    return {"interaction": told, "resource": resource}


def _checked_choices(interaction: Interaction, data: Json) -> list[Json]:
    form = Form()
    options = interaction.data["options"]
    while options and options[0]["type"] <= 2:
        options = options[0]["options"]
    kind = next(option["type"] for option in options if option.get("focused"))
    choices = form.count("data.choices", data.get("choices"), 25)
    for index, choice in enumerate(choices):
        check_choice(form, f"data.choices.{index}", choice, kind)
    form.check()
    return choices


def _checked_modal(data: Json) -> Json:
    form = Form()
    form.text("data.title", data.get("title"), 45, shortest=1)
    form.text("data.custom_id", data.get("custom_id"), 100, shortest=1)
    form.count("data.components", data.get("components"), 5, least=1)
    form.check()
    return data


def _wrong(path: str, code: str, message: str) -> Refusal:
    form = Form()
    form.wrong(path, code, message)
    return form.refusal()
