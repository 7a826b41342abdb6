"""What Discord checks of components: the tree, each part, and the sums over a message (Discord: components)."""

import copy
import itertools
from collections import Counter
from collections.abc import Callable, Collection

from tests.servers.discord.message import walk
from tests.servers.discord.refusals import Form, Json, broken, units

ROW, BUTTON, SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER = 1, 2, 9, 10, 11, 12, 13, 14, 17
SELECTS = {3, 5, 6, 7, 8}
LINK, PREMIUM = 5, 6
MOST, MOST_TEXT, MOST_ROWS = 40, 4000, 5
_BYTES, _BYTES_EACH, _MEDIA = 10_170, 12, 64

_IN_CONTAINER = {ROW, TEXT, SECTION, GALLERY, SEPARATOR, FILE}
_TOP = _IN_CONTAINER | {CONTAINER}


def check_components(form: Form, components: object, *, v2: bool, files: Collection[str] = ()) -> None:
    """`files` are the names that `attachment://` may refer to."""
    top = form.count("components", components, MOST if v2 else MOST_ROWS)
    for index, part in enumerate(top):
        _check(form, f"components.{index}", part, _TOP if v2 else {ROW})
    form.check()
    everything = list(walk(top))
    _check_sums(form, everything)
    _check_ids(form, everything)
    _check_files(form, everything, files)


def numbered(components: list[Json]) -> tuple[Json, ...]:
    """A copy in which each has an id, as Discord gives to those that came without."""
    copied: list[Json] = copy.deepcopy(components)
    parts = list(walk(copied))
    taken = {part["id"] for part in parts if part.get("id")}
    free = (number for number in itertools.count(1) if number not in taken)
    for part in parts:
        part["id"] = part.get("id") or next(free)
    return tuple(copied)


def check_weight(components: list[Json]) -> None:
    """What Discord does not refuse but breaks on, with a 500 (issues 7528 and 8554 of its documentation)."""
    parts = list(walk(components))
    texts = [part["content"] for part in parts if part["type"] == TEXT]
    weight = sum(len(text.encode("utf-8", "surrogatepass")) + _BYTES_EACH for text in texts)
    if weight > _BYTES or len(_media(parts)) > _MEDIA:
        raise broken()


def _check(form: Form, path: str, part: object, allowed: Collection[int]) -> None:
    kind = part.get("type") if isinstance(part, dict) else None
    if not isinstance(part, dict) or not isinstance(kind, int) or kind not in allowed:
        words = f'Value of field "type" must be one of ({", ".join(map(str, sorted(allowed)))}).'
        form.wrong(f"{path}.type", "UNION_TYPE_CHOICES", words)
        return
    if part.get("id") is not None:
        form.whole(f"{path}.id", part["id"], 0, 2**31 - 1)
    checks: dict[int, Callable[[Form, str, Json], None]] = {
        ROW: _row,
        BUTTON: _button,
        SECTION: _section,
        TEXT: _text,
        THUMBNAIL: _media_item,
        GALLERY: _gallery,
        FILE: _file,
        SEPARATOR: _separator,
        CONTAINER: _container,
        **dict.fromkeys(SELECTS, _select),
    }
    checks[kind](form, path, part)


def _children(form: Form, path: str, part: Json, allowed: Collection[int], most: int) -> list[Json]:
    children = form.count(f"{path}.components", part.get("components"), most, least=1)
    for index, child in enumerate(children):
        _check(form, f"{path}.components.{index}", child, allowed)
    return children


def _row(form: Form, path: str, part: Json) -> None:
    children = _children(form, path, part, SELECTS | {BUTTON}, 5)
    if len(children) > 1 and any(child.get("type") in SELECTS for child in children):
        words = "The specified component exceeds the maximum width"
        form.wrong(f"{path}.components", "COMPONENT_LAYOUT_WIDTH_EXCEEDED", words)


def _button(form: Form, path: str, part: Json) -> None:
    style = part.get("style")
    form.whole(f"{path}.style", style, 1, PREMIUM)
    needs = {LINK: "url", PREMIUM: "sku_id"}.get(style if isinstance(style, int) else 0, "custom_id")
    for name in {"url", "sku_id", "custom_id"} - {needs}:
        if part.get(name) is not None:
            words = f"A button of style {style} takes {needs}, not {name}"
            form.wrong(f"{path}.{name}", "BUTTON_COMPONENT_INVALID_FIELD", words)
    if needs == "url":
        form.url(f"{path}.url", part.get("url"), "http", "https", "discord", longest=512)
    else:
        form.text(f"{path}.{needs}", part.get(needs), 100, shortest=1, trimmed=False)
    if part.get("label") is not None:
        form.text(f"{path}.label", part["label"], 80, trimmed=False)
    if style != PREMIUM and not part.get("label") and not part.get("emoji"):
        words = "A label or an emoji is required"
        form.wrong(f"{path}.label", "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", words)


def _select(form: Form, path: str, part: Json) -> None:
    form.text(f"{path}.custom_id", part.get("custom_id"), 100, shortest=1, trimmed=False)
    if part.get("placeholder") is not None:
        form.text(f"{path}.placeholder", part["placeholder"], 150)
    if part["type"] != 3:
        return
    for index, option in enumerate(form.count(f"{path}.options", part.get("options"), 25, least=1)):
        for name in ("label", "value"):
            form.text(f"{path}.options.{index}.{name}", option.get(name), 100, shortest=1)
        if option.get("description") is not None:
            form.text(f"{path}.options.{index}.description", option["description"], 100)


def _section(form: Form, path: str, part: Json) -> None:
    _children(form, path, part, {TEXT}, 3)
    _check(form, f"{path}.accessory", part.get("accessory"), {BUTTON, THUMBNAIL})


def _text(form: Form, path: str, part: Json) -> None:
    form.text(f"{path}.content", part.get("content"), MOST_TEXT, shortest=1)


def _media_item(form: Form, path: str, part: Json) -> None:
    media = part.get("media")
    url = media.get("url") if isinstance(media, dict) else None
    form.url(f"{path}.media.url", url, "http", "https", "attachment")
    if part.get("description") is not None:
        form.text(f"{path}.description", part["description"], 1024)


def _gallery(form: Form, path: str, part: Json) -> None:
    for index, item in enumerate(form.count(f"{path}.items", part.get("items"), 10, least=1)):
        _media_item(form, f"{path}.items.{index}", item)


def _file(form: Form, path: str, part: Json) -> None:
    form.url(f"{path}.file.url", (part.get("file") or {}).get("url"), "attachment")


def _separator(form: Form, path: str, part: Json) -> None:
    form.whole(f"{path}.spacing", part.get("spacing", 1), 1, 2)


def _container(form: Form, path: str, part: Json) -> None:
    _children(form, path, part, _IN_CONTAINER, MOST)
    if part.get("accent_color") is not None:
        form.whole(f"{path}.accent_color", part["accent_color"], 0, 0xFFFFFF)


def _check_sums(form: Form, parts: list[Json]) -> None:
    if len(parts) > MOST:
        words = f"Must be {MOST} or fewer components in total."
        form.wrong("components", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", words)
    if sum(units(part["content"]) for part in parts if part["type"] == TEXT) > MOST_TEXT:
        words = f"The total text of the message must be {MOST_TEXT} or fewer in length."
        form.wrong("components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", words)


def _check_ids(form: Form, parts: list[Json]) -> None:
    customs = Counter(part["custom_id"] for part in parts if part.get("custom_id") is not None)
    if any(count > 1 for count in customs.values()):
        form.wrong("components", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
    ids = Counter(part["id"] for part in parts if part.get("id"))
    if any(count > 1 for count in ids.values()):
        form.wrong("components", "COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated")


def _check_files(form: Form, parts: list[Json], files: Collection[str]) -> None:
    for url in [*_media(parts), *(part["file"]["url"] for part in parts if part["type"] == FILE)]:
        scheme, _, name = url.partition("://")
        if scheme == "attachment" and name not in files:
            words = f"The referenced attachment '{name}' was not found"
            form.wrong("components", "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", words)


def _media(parts: list[Json]) -> list[str]:
    items = [item for part in parts for item in (part.get("items") or [])]
    return [item["media"]["url"] for item in [*items, *(part for part in parts if part["type"] == THUMBNAIL)]]
