"""Story files for tests: a good one, with more keys, and a folder of them."""

from collections.abc import Mapping
from pathlib import Path

NINE = "2020-10-15T09:00:00-07:00"


def page(keys: str = "", *, headline: str = "Nine prizes", published: str = NINE, status: str = "published") -> str:
    """A good story; further keys begin on line 5."""
    return f"---\nheadline: {headline}\npublished: {published}\nstatus: {status}\n{keys}\n---\nIn short.\n"


def put(root: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root
