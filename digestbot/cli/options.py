"""Options that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

home: Decorator = click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where settings, stories and data live. Default: $DIGESTBOT_HOME, else this folder if it is a home.",
)
as_json: Decorator = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
