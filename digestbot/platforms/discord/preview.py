"""Preview: the body of a message as text for a terminal, its Markdown as it is sent."""

from collections.abc import Iterator, Mapping
from typing import Any

from digestbot.platforms.discord.buttons import command_of

Part = Mapping[str, Any]

_RULE = "─" * 40
_SPOILER = "▒ "


def readable(body: Part) -> str:
    """Every text, picture and button in order, with a rule between containers."""
    parts = [*filter(None, [body.get("content")]), *map(_embed, body.get("embeds", []))]
    parts += map(_component, body.get("components", []))
    return f"\n{_RULE}\n".join(parts) + "\n"


def _embed(embed: Part) -> str:
    picture = [_picture(embed["image"])] if "image" in embed else []
    return "\n\n".join([*(embed[name] for name in ("title", "description") if name in embed), *picture])


def _component(component: Part) -> str:
    if "content" in component:
        return str(component["content"])
    if "items" in component:
        return "\n".join(_picture({**item["media"], **item}) for item in component["items"])
    if "components" not in component:
        return _RULE[: len(_RULE) // 2]
    inner = component["components"]
    if "label" in inner[0]:
        return "\n".join(map(_button, inner))
    text = "\n\n".join(map(_component, inner))
    return "\n".join(_spoiled(text)) if component.get("spoiler") else text


def _picture(item: Part) -> str:
    return f"[picture] {item.get('description', '')} {item['url']}".replace("  ", " ")


def _button(button: Part) -> str:
    target = button.get("url") or f"/news {command_of(button['custom_id'])}"
    return f"[ {button['label']} ] {target}"


def _spoiled(text: str) -> Iterator[str]:
    for row in text.split("\n"):
        yield (_SPOILER + row).rstrip()
