"""The environment: settings from `DIGESTBOT_SECTION__KEY`, secrets also from the file that `…_FILE` names."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from digestbot.errors import Problem
from digestbot.settings.model import KEYS, SECRET_KEYS

PREFIX = "DIGESTBOT_"
ELSEWHERE = frozenset(
    f"{PREFIX}{name}"
    for name in (
        "HOME",
        "FAILPOINT",
        "DRILL",
        "DRILL_SEED",
        "REQUIRE_BROWSER",
        "REQUIRE_POSTGRES",
        "TEST_POSTGRES",
    )
)
"""Read by the command line, by drills and by the tests."""
_KUBERNETES = re.compile(r"_SERVICE_(HOST|PORT)(_|$)|_PORT_\d+_(TCP|UDP)(_|$)")
"""Put into every container beside a service that is named digestbot; `…_PORT` too, as an address."""


def variable(key: str) -> str:
    """`web.port` → `DIGESTBOT_WEB__PORT`."""
    return PREFIX + key.replace(".", "__").upper()


def fault(name: str, message: str) -> Problem:
    return Problem(f"environment: {name}", 0, 0, message)


@dataclass(frozen=True, slots=True)
class Given:
    """`values` by key; `names` says which variable gave each, or should have."""

    values: Mapping[str, str]
    names: Mapping[str, str]
    problems: tuple[Problem, ...]


_PLAIN = {variable(key): key for key in KEYS}
_FILES = {f"{variable(key)}_FILE": key for key in KEYS if key in SECRET_KEYS}


def read_environment(environ: Mapping[str, str], home: Path) -> Given:
    """Empty variables count as not set. A message names variables, never what they hold."""
    values: dict[str, str] = {}
    names: dict[str, str] = {}
    problems: list[Problem] = []
    for name, text in sorted(environ.items()):
        key = _PLAIN.get(name) or _FILES.get(name)
        if not name.startswith(PREFIX) or not text.strip() or (key is None and _foreign(name, text)):
            continue
        if key is None:
            problems.append(fault(name, _unknown(name)))
        elif key in names:
            problems.append(fault(name, f"{names[key]} is set too: keep one of the two"))
        else:
            names[key] = name
            content = _secret(home / Path(text).expanduser()) if name in _FILES else text.strip()
            if isinstance(content, OSError):
                problems.append(fault(name, f"the file it names cannot be read: {content.strerror}"))
            elif not content:
                problems.append(fault(name, "the file it names is empty"))
            else:
                values[key] = content
    return Given(values, names, tuple(problems))


def _secret(path: Path) -> str | OSError:
    try:
        return path.read_text("utf-8", "replace").strip()
    except OSError as error:
        return error


def _foreign(name: str, text: str) -> bool:
    address = name.endswith("_PORT") and text.startswith(("tcp://", "udp://"))
    return name in ELSEWHERE or address or _KUBERNETES.search(name) is not None


def _unknown(name: str) -> str:
    near = get_close_matches(name, [*_PLAIN, *_FILES, *ELSEWHERE], n=1, cutoff=0.75)
    return "there is no such setting" + (f": did you mean {near[0]}?" if near else ", take the variable away")
