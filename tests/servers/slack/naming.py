"""The ids that Slack gives to blocks and elements which came without."""

from typing import Any

from tests.servers.slack.shapes import ACTIONS


def named(blocks: list[dict[str, Any]], of: str) -> list[dict[str, Any]]:
    """Copies in which every block has a block_id, and every element that people can use an action_id."""
    return [_named(block, f"{of[-4:]}b{number}") for number, block in enumerate(blocks)]


def _named(block: dict[str, Any], name: str) -> dict[str, Any]:
    copy = {**block, "block_id": block.get("block_id") or name}
    for key, value in block.items():
        if isinstance(value, list):
            copy[key] = [_element(item, f"{name}a{number}") for number, item in enumerate(value)]
        elif isinstance(value, dict):
            copy[key] = _element(value, f"{name}a0")
    return copy


def _element(part: Any, name: str) -> Any:  # noqa: ANN401 - JSON within JSON
    if isinstance(part, dict) and part.get("type") in ACTIONS:
        return {**part, "action_id": part.get("action_id") or name}
    return part
