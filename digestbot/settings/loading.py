"""Loading: file and environment become settings, or a list of everything that is wrong with them."""

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from digestbot.errors import BrokenFiles, Problem
from digestbot.settings import slack_mode
from digestbot.settings.environment import Given, fault, read_environment, variable
from digestbot.settings.home import SETTINGS_FILE, find_home
from digestbot.settings.model import KEYS, SECRETS, Settings
from digestbot.settings.toml_file import TomlFile, read_toml
from digestbot.settings.values import password_of

_SECTIONS = tuple(dict.fromkeys(key.partition(".")[0] for key in KEYS))
_ADVICE = {
    "int_parsing": "write a whole number",
    "int_type": "write a whole number",
    "int_from_float": "write a whole number",
    "greater_than_equal": "write a number of at least {ge}",
    "less_than_equal": "write a number of at most {le}",
    "literal_error": "write {expected}",
    "string_too_short": "write something, or take it out",
    "string_type": "write a text in quotes",
    "path_type": "write a text in quotes",
    "tuple_type": 'write a list of texts, ["like", "this"]',
}
"""By pydantic's error type; braces take its context. Anything else keeps pydantic's own words."""


def load_settings(home: Path | None, environ: Mapping[str, str]) -> Settings:
    """The settings of a home (see `find_home`); the environment wins over the file.

    Raises `BrokenFiles` with every problem at once: `file:line:column` for the file, `environment: NAME` for
    variables. No message shows a value that could be a secret.
    """
    place = find_home(home, environ)
    given = read_environment(environ, place.absolute())
    problems = list(given.problems)
    file, whole = TomlFile(place / SETTINGS_FILE, "", {}), True
    try:
        file = read_toml(place / SETTINGS_FILE)
    except BrokenFiles as broken:
        problems += broken.problems
        whole = False
    known, unknown = _sift(file)
    problems += unknown
    values: dict[str, Any] = {section: {} for section in _SECTIONS}
    for key, value in [*known.items(), *given.values.items()]:
        section, _, name = key.partition(".")
        values[section][name] = value
    try:
        settings = Settings.model_validate({"home": place.absolute(), **values}, context={"home": place.absolute()})
    except ValidationError as error:
        problems += [_wrong(details, file, given) for details in error.errors(include_input=False, include_url=False)]
    if whole:  # what a broken file would have said may be just what is missing
        slack = slack_mode.faults(_written(file) | {*given.names})
        problems += [_at(key, message, file, given) for key, message in slack]
    if problems:
        raise BrokenFiles(problems)
    return settings


def _written(file: TomlFile) -> set[str]:
    """Keys for which the file says something, right or wrong."""
    sections = {name: content for name, content in file.values.items() if isinstance(content, Mapping)}
    return {f"{section}.{name}" for section, content in sections.items() for name in content if content[name] != ""}


def _sift(file: TomlFile) -> tuple[dict[str, Any], list[Problem]]:
    """The values of the file that are settings and may stand there, and what is to be said about the rest."""
    known: dict[str, Any] = {}
    problems: list[Problem] = []
    for section, content in file.values.items():
        if section not in _SECTIONS or not isinstance(content, Mapping):
            problems.append(file.problem(_stray(section), section))
            continue
        for name, value in content.items():
            key = f"{section}.{name}"
            message = _misplaced(key, value)
            if message:
                problems.append(file.problem(message, section, name))
            else:
                known[key] = value
    return known, problems


def _misplaced(key: str, value: object) -> str | None:
    if key not in KEYS:
        near = _near(key)
        return f"there is no setting {key}" + (f": did you mean {near}?" if near else ", take it out")
    if key in SECRETS or (key == "database.url" and password_of(str(value))):
        return (
            f"{key} is a secret and must not stand in this file: take it out (and renew it if others could read it),"
            f" then set {variable(key)}, or {variable(key)}_FILE to the path of a file that holds it"
        )
    return None


def _near(key: str) -> str | None:
    same_name = [known for known in KEYS if known.endswith(f".{key.rpartition('.')[2]}")]
    return next(iter(get_close_matches(key, KEYS, n=1, cutoff=0.75) or same_name), None)


def _stray(section: str) -> str:
    if section == "home":
        return "a home cannot name itself: use --home or DIGESTBOT_HOME"
    if section in _SECTIONS:
        return f"{section} is a section: write [{section}] and its keys below"
    near = next(iter(get_close_matches(section, _SECTIONS, n=1)), None)
    key = _near(section)
    hint = f": did you mean [{near}]?" if near else f": did you mean {key}?" if key else ", take it out"
    return f"there is no section {section}{hint}"


def _wrong(details: ErrorDetails, file: TomlFile, given: Given) -> Problem:
    section, name = str(details["loc"][0]), str(details["loc"][1])
    return _at(f"{section}.{name}", _advice(details), file, given)


def _at(key: str, message: str, file: TomlFile, given: Given) -> Problem:
    """Where the key was given: a variable wins over the file, also one whose value did not arrive."""
    if key in given.names:
        return fault(given.names[key], message)
    return file.problem(f"{key}: {message}", *key.split("."))


def _advice(details: ErrorDetails) -> str:
    context = details.get("ctx", {})
    if details["type"] == "value_error":
        return str(context["error"])
    return _ADVICE.get(details["type"], details["msg"]).format(**context)
