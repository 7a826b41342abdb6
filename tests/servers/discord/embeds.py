"""What Discord checks of embeds: each part, and 6000 characters over all of a message (Discord: message resource)."""

from datetime import datetime

from tests.servers.discord.refusals import Form, Json

MOST, SUM = 10, 6000


def check_embeds(form: Form, embeds: object) -> None:
    total = 0
    for index, embed in enumerate(form.count("embeds", embeds, MOST)):
        if isinstance(embed, dict):
            total += _check(form, f"embeds.{index}", embed)
        else:
            form.wrong(f"embeds.{index}", "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
    if total > SUM:
        form.wrong("embeds", "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")


def shown_embeds(embeds: list[Json]) -> tuple[Json, ...]:
    """Of embeds with the same url Discord shows the first."""
    seen: set[str] = set()
    shown = []
    for embed in embeds:
        url = embed.get("url")
        if url is None or url not in seen:
            shown.append(embed)
        seen.add(url or "")
    return tuple(shown)


def _check(form: Form, path: str, embed: Json) -> int:
    length = 0
    for name, most in (("title", 256), ("description", 4096)):
        if embed.get(name) is not None:
            length += form.text(f"{path}.{name}", embed[name], most)
    for name, part, most in (("footer", "text", 2048), ("author", "name", 256)):
        if embed.get(name) is not None:
            length += form.text(f"{path}.{name}.{part}", embed[name].get(part), most, shortest=1)
    for index, field in enumerate(form.count(f"{path}.fields", embed.get("fields") or [], 25)):
        length += form.text(f"{path}.fields.{index}.name", field.get("name"), 256, shortest=1)
        length += form.text(f"{path}.fields.{index}.value", field.get("value"), 1024, shortest=1)
    _check_looks(form, path, embed)
    if not length and not any(embed.get(name) for name in ("image", "thumbnail")):
        form.wrong(f"{path}.description", "BASE_TYPE_REQUIRED", "This field is required")
    return length


def _check_looks(form: Form, path: str, embed: Json) -> None:
    if embed.get("url") is not None:
        form.url(f"{path}.url", embed["url"])
    if (embed.get("author") or {}).get("url") is not None:
        form.url(f"{path}.author.url", embed["author"]["url"])
    for name in ("image", "thumbnail"):
        if embed.get(name) is not None:
            form.url(f"{path}.{name}.url", embed[name].get("url"), "http", "https", "attachment")
    if embed.get("color") is not None:
        form.whole(f"{path}.color", embed["color"], 0, 0xFFFFFF)
    if embed.get("timestamp") is not None and not _is_moment(embed["timestamp"]):
        words = f"Could not parse {embed['timestamp']}. Should be ISO8601."
        form.wrong(f"{path}.timestamp", "DATE_TIME_TYPE_PARSE", words)


def _is_moment(text: object) -> bool:
    try:
        datetime.fromisoformat(str(text))
    except ValueError:
        return False
    return True
