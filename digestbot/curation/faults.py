"""Says in a curator's words what is wrong with the values of a file."""

from collections.abc import Iterator
from typing import NamedTuple

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from digestbot.curation import schema
from digestbot.curation.values import did_you_mean, shown
from digestbot.notation.yaml_loader import Steps

_MAPPINGS: dict[str, tuple[type[BaseModel], str]] = {
    "event": (schema.EventKeys, "{id: bbma-2020, name: 2020 Billboard Music Awards}, or the id alone"),
    "source": (schema.SourceKeys, "{name: …, url: https://…}"),
    "quotes": (schema.QuoteKeys, "{text: …, speaker: …}"),
    "evidence": (schema.EvidenceKeys, "{source: …, start: …, end: …}"),
    "winners": (schema.WinnerKeys, "{name: …, awards: […]}"),
    "awards": (schema.AwardKeys, "{category: …, work: …}, or the category alone"),
    "image": (schema.PictureKeys, "{url: https://…, alt: …}"),
    "corrections": (schema.CorrectionKeys, "{at: 2020-10-15T12:00:00-07:00, note: …}"),
    "categories": (schema.CategoryKeys, "{name: …, nominees: […]}"),
}
_MISSING = {
    "headline": "say in one line what happened",
    "published": "say from when on the story may be shown, e.g. published: 2020-10-15T09:00:00-07:00",
    "alt": "say what the picture shows, for those who cannot see it",
    "at": "say when the story was corrected, e.g. at: 2020-10-15T12:00:00-07:00",
    "note": "say in a sentence what was corrected",
    "id": "choose a short one, e.g. id: bbma-2020",
}
_OTHER_WORDS = {
    "artist": "name",
    "by": "speaker",
    "date": "published",
    "link": "url",
    "location": "venue",
    "person": "speaker",
    "photo": "image",
    "picture": "image",
    "place": "venue",
    "priority": "importance",
    "quote": "text",
    "tags": "topics",
    "time": "published",
    "title": "headline",
}
_NO_KEYS_OF_A_STORY = {
    "id": "The id of a story is its file's name: take this line out.",
    "summary": "The summary goes below the second “---”: take this key out.",
    "body": "The summary goes below the second “---”: take this key out.",
}


class Fault(NamedTuple):
    """The way to a value (or to its key), and what to do about it."""

    steps: Steps
    message: str
    key: bool = False


def faults(error: ValidationError, keys: type[schema.Keys], root: Steps = ()) -> Iterator[Fault]:
    """Every error of a model that read the value at `root`."""
    for details in error.errors(include_url=False):
        steps = (*root, *(step for step in details["loc"] if step not in schema.TAGS))
        if details["type"] == "digestbot":
            context = details["ctx"]
            yield Fault((*steps, *context["path"]), context["sentence"])
        else:
            yield Fault(steps, _sentence(details, steps, keys), key=details["type"] == "extra_forbidden")


def _sentence(details: ErrorDetails, steps: Steps, keys: type[schema.Keys]) -> str:
    name, given = _name(steps), details["input"]
    match details["type"]:
        case "extra_forbidden":
            sentence = _unknown_key(str(steps[-1]), _owner(steps[:-1], keys))
        case "missing":
            sentence = f"“{steps[-1]}” is missing: {_MISSING.get(str(steps[-1]), 'add it')}."
        case "string_too_long":
            limit = details["ctx"]["max_length"]
            sentence = f"{name} has {len(given.strip())} characters, and {limit} are the most: shorten it."
        case "string_too_short" | "string_type" if given is None or isinstance(given, str):
            sentence = f"{name} is empty: {_what_to_write(steps, keys)}."
        case "string_type":
            sentence = f"{name} must be one text: put it in quotes if it begins with a bracket or a brace."
        case "tuple_type":
            sentence = f"{name} must be a list: put it between “[” and “]”, or each item on a line after “- ”."
        case "model_type":
            sentence = f"{name} must be {_example(steps, keys)}."
        case _:
            sentence = f"{name} cannot be used: {details['msg']}."
    return sentence


def _what_to_write(steps: Steps, keys: type[schema.Keys]) -> str:
    last = steps[-1]
    if isinstance(last, str) and _owner(steps[:-1], keys).model_fields[last].is_required():
        return _MISSING.get(last, "write it")
    return "write it, or take it out"


def _name(steps: Steps) -> str:
    if not steps:
        return "The front matter"
    if isinstance(steps[-1], int):
        return f"Item {steps[-1] + 1} of “{steps[-2]}”" if len(steps) > 1 else f"Item {steps[-1] + 1}"
    return f"“{steps[-1]}”"


def _example(steps: Steps, keys: type[schema.Keys]) -> str:
    if last := _last_key(steps):
        return f"written as {_MAPPINGS[last][1]}"
    return "lines of “key: value”" if keys is schema.StoryKeys else "written as {id: …, name: …}"


def _owner(steps: Steps, keys: type[schema.Keys]) -> type[BaseModel]:
    last = _last_key(steps)
    return _MAPPINGS[last][0] if last else keys


def _last_key(steps: Steps) -> str | None:
    return next((step for step in reversed(steps) if isinstance(step, str)), None)


def _unknown_key(typed: str, owner: type[BaseModel]) -> str:
    if owner is schema.StoryKeys and typed in _NO_KEYS_OF_A_STORY:
        return _NO_KEYS_OF_A_STORY[typed]
    known = list(owner.model_fields)
    other = _OTHER_WORDS.get(typed.casefold())
    hint = f" Did you mean “{other}”?" if other in known else did_you_mean(typed, known)
    return f"There is no key {shown(typed)} here.{hint or ' The keys are ' + ', '.join(known) + '.'}"
