"""Application commands: a tree checked as Discord checks it (Discord: application commands), and kept."""

import re
from collections.abc import Sequence
from typing import Any

from tests.servers.discord.refusals import Form, Json, refusal
from tests.servers.discord.snowflakes import Snowflakes

SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(1, 12)
_CHAT = 1
_MOST, _SIZE, _DAILY = 100, 8000, 200
_NAME = re.compile(r"[-_'\w]{1,32}")
_SAFE = 2**53


class Commands:
    """`created` counts creates, of which Discord takes 200 a day and guild."""

    def __init__(self, ids: Snowflakes, application: int) -> None:
        self._ids = ids
        self._application = application
        self._kept: dict[int | None, list[Json]] = {}
        self.created = 0

    def all(self, guild: int | None) -> list[Json]:
        return self._kept.get(guild, [])

    def find(self, guild: int | None, name: str) -> Json | None:
        """A guild's own command before the one for all."""
        return next((each for each in [*self.all(guild), *self.all(None)] if each["name"] == name), None)

    def overwrite(self, guild: int | None, commands: Any) -> list[Json]:  # noqa: ANN401 - JSON as it came
        """Replaces all of them; those of the same name and type keep their id and cost no create."""
        if not isinstance(commands, list):
            commands = [commands]
        check(commands)
        before = {(each["name"], each.get("type", _CHAT)): each for each in self.all(guild)}
        kept = [self._kept_as(guild, each, before.get((each["name"], each.get("type", _CHAT)))) for each in commands]
        if self.created > _DAILY:
            raise refusal(30034)
        self._kept[guild] = kept
        return kept

    def _kept_as(self, guild: int | None, command: Json, before: Json | None) -> Json:
        self.created += before is None
        known = {
            "id": before["id"] if before else str(self._ids.next()),
            "application_id": str(self._application),
            "version": str(self._ids.next()),
            "type": _CHAT,
            "default_member_permissions": None,
            "nsfw": False,
            "integration_types": [0],
            "contexts": None,
            "options": [],
        }
        return {**known, **command} | ({"guild_id": str(guild)} if guild else {})


def check(commands: Sequence[Json]) -> None:
    form = Form()
    form.count("", list(commands), _MOST)
    names = [(each.get("name"), each.get("type", _CHAT)) for each in commands]
    for index, command in enumerate(commands):
        path = str(index)
        if names.index(names[index]) != index:
            form.wrong(path, "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
        if command.get("type", _CHAT) != _CHAT:
            form.text(f"{path}.name", command.get("name"), 32, shortest=1)
            continue
        _check_named(form, path, command)
        _check_options(form, path, command.get("options") or [], depth=0)
        if _size(command) > _SIZE:
            form.wrong(path, "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (8000)")
    form.check()


def _check_named(form: Form, path: str, part: Json) -> None:
    names = {"name": part.get("name"), **_localized(part, "name")}
    for key, name in names.items():
        if not isinstance(name, str) or not _NAME.fullmatch(name) or name != name.lower():
            words = "Command name is invalid"
            form.wrong(f"{path}.{key}", "APPLICATION_COMMAND_INVALID_NAME", words)
    for key, text in {"description": part.get("description"), **_localized(part, "description")}.items():
        form.text(f"{path}.{key}", text, 100, shortest=1)


def _localized(part: Json, key: str) -> Json:
    return {f"{key}_localizations.{locale}": text for locale, text in (part.get(f"{key}_localizations") or {}).items()}


def _check_options(form: Form, path: str, options: Any, depth: int) -> None:  # noqa: ANN401 - JSON as it came
    listed = form.count(f"{path}.options", options, 25)
    names = [option.get("name") for option in listed]
    nested = [option.get("type") in {SUBCOMMAND, GROUP} for option in listed]
    if any(nested) and not all(nested):
        words = "Sub-command and sub-command group option types are mutually exclusive to all other types"
        form.wrong(f"{path}.options", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", words)
    optional = False
    for index, option in enumerate(listed):
        here = f"{path}.options.{index}"
        _check_named(form, here, option)
        if names.index(names[index]) != index:
            form.wrong(here, "APPLICATION_COMMAND_OPTIONS_NAME_INVALID", "Option names must be unique")
        if option.get("required") and optional:
            words = "Required options must be placed before non-required options"
            form.wrong(here, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", words)
        optional = optional or not option.get("required")
        _check_option(form, here, option, depth)


def _check_option(form: Form, path: str, option: Json, depth: int) -> None:
    kind = option.get("type")
    form.whole(f"{path}.type", kind, SUBCOMMAND, ATTACHMENT)
    if kind in {SUBCOMMAND, GROUP}:
        if depth > (1 if kind == SUBCOMMAND else 0):
            form.wrong(f"{path}.type", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Nested too deep")
        _check_options(form, path, option.get("options") or [], depth + 1)
        return
    choices = form.count(f"{path}.choices", option.get("choices") or [], 25)
    if choices and (option.get("autocomplete") or kind not in {STRING, INTEGER, NUMBER}):
        words = "Choices are for strings and numbers, and not with autocomplete"
        form.wrong(f"{path}.choices", "APPLICATION_COMMAND_OPTIONS_CHOICES_INVALID", words)
    for index, choice in enumerate(choices):
        check_choice(form, f"{path}.choices.{index}", choice, kind)
    for bound, least, most in (("min_length", 0, 6000), ("max_length", 1, 6000)):
        if option.get(bound) is not None:
            form.whole(f"{path}.{bound}", option[bound], least, most)


def check_choice(form: Form, path: str, choice: Json, kind: object) -> None:
    """A choice of the tree or of an autocomplete's answer."""
    form.text(f"{path}.name", choice.get("name"), 100, shortest=1)
    value = choice.get("value")
    if kind == STRING:
        form.text(f"{path}.value", value, 100, shortest=1)
    elif kind == INTEGER:
        form.whole(f"{path}.value", value, -_SAFE, _SAFE)
    elif isinstance(value, bool) or not isinstance(value, int | float):
        form.wrong(f"{path}.value", "NUMBER_TYPE_COERCE", f'Value "{value}" is not float.')


def _size(part: Json) -> int:
    """Names, descriptions and choices' values together, of each text its longest localization."""
    size = 0
    for key in ("name", "description"):
        texts = [part.get(key) or "", *(part.get(f"{key}_localizations") or {}).values()]
        size += max(len(str(text)) for text in texts)
    for choice in part.get("choices") or []:
        size += max(len(str(text)) for text in [choice["name"], *(choice.get("name_localizations") or {}).values()])
        size += len(str(choice["value"]))
    return size + sum(_size(option) for option in part.get("options") or [])
