"""Commands: the `/news` group with every verb, as the library's command tree."""

import inspect
from collections.abc import Sequence
from typing import Any, Final

import discord
from discord import app_commands

from digestbot.domain.command import Option, Verb
from digestbot.platforms.discord.conversation import Conversation
from digestbot.platforms.discord.options import CompletedOption, TypedOption, texts_of

NAME: Final = "news"
_DESCRIPTION: Final = "Event news: cards, winners, quotes, and what this server posts"
_OUTDATED: Final = "This command has changed since Discord showed it: reload Discord (Ctrl+R), then try again."


class NewsTree(app_commands.CommandTree[discord.Client]):
    """Holds `/news` alone; whatever goes wrong ends in one sentence to the person."""

    def __init__(self, client: discord.Client, verbs: Sequence[Verb], conversation: Conversation) -> None:
        super().__init__(client)
        self._conversation = conversation
        self.add_command(_group(verbs, conversation))

    async def on_error(
        self, interaction: discord.Interaction[discord.Client], error: app_commands.AppCommandError, /
    ) -> None:
        """A definition that Discord still shows and we no longer have is the person's to reload; the rest is ours."""
        outdated = isinstance(error, app_commands.CommandSignatureMismatch | app_commands.CommandNotFound)
        await self._conversation.explain(interaction, error, _OUTDATED if outdated else None)

    @property
    def payload(self) -> list[dict[str, Any]]:
        """What Discord is told of our commands."""
        return [command.to_dict(self) for command in self.get_commands()]


def definitions(verbs: Sequence[Verb]) -> list[dict[str, Any]]:
    """What Discord is told of these verbs, without a client that runs."""
    client = discord.Client(intents=discord.Intents.none())
    return NewsTree(client, verbs, None).payload  # type: ignore[arg-type]  # nothing is answered here


def _group(verbs: Sequence[Verb], conversation: Conversation) -> app_commands.Group:
    """No `default_permissions`: members use `/news` too, and they would hide it whole.

    Who may use an admin's verb is checked when it is used; server admins can narrow `/news` in Server Settings →
    Integrations.
    """
    group = app_commands.Group(
        name=NAME,
        description=_DESCRIPTION,
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
    )
    for verb in verbs:
        if not verb.hidden:
            group.add_command(_command(verb, conversation))
    return group


def _command(verb: Verb, conversation: Conversation) -> app_commands.Command[Any, ..., None]:
    async def callback(interaction: discord.Interaction, **given: Any) -> None:  # noqa: ANN401 - typed by the signature below
        await conversation.answer(interaction, verb, lambda: texts_of(given))

    parameters = [inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD)]
    ordered = sorted(verb.options, key=lambda option: not option.required)
    parameters += [_parameter(option, verb, conversation) for option in ordered]
    callback.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # what inspect reads
    described = app_commands.describe(**{option.name: option.summary for option in verb.options})
    return app_commands.Command(name=verb.name, description=verb.summary, callback=described(callback))


def _parameter(option: Option, verb: Verb, conversation: Conversation) -> inspect.Parameter:
    async def complete(interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[int | float | str]]:
        choices = await conversation.complete(interaction, verb, option, typed)
        return [app_commands.Choice(name=choice.label, value=choice.value) for choice in choices]

    offers = option.kind == "role" or (option.completes and option.kind == "text" and not option.choices)
    return inspect.Parameter(
        option.name,
        inspect.Parameter.KEYWORD_ONLY,
        annotation=CompletedOption(option, complete) if offers else TypedOption(option),
        default=inspect.Parameter.empty if option.required else None,
    )
