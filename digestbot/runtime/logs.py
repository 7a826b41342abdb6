"""Logs: events with stable names on standard error, and no secret in any of them."""

import logging
import re
import sys
from collections.abc import Collection
from typing import Any, Literal

import structlog

_QUIET = {
    "discord": logging.INFO,
    "slack_sdk": logging.INFO,
    "slack_bolt": logging.WARNING,
    "aiohttp": logging.INFO,
    "aiosqlite": logging.INFO,
    "asyncio": logging.INFO,
    "alembic": logging.WARNING,
    "watchfiles": logging.WARNING,
}
"""The least that these libraries may say: below it come tokens and bodies (F2.6, F2.8), or noise."""
_MASK = "[secret]"
_TOKENS = re.compile(
    r"xox[a-z]-[\w-]{8,}|xapp-[\w-]{8,}"  # Slack
    r"|[MNO][\w-]{22,27}\.[\w-]{6}\.[\w-]{27,}"  # Discord bots
    r"|(?<=/webhooks/)\d+/[\w-]+|(?<=/services/)[\w/]+"  # webhook addresses are secrets
    r"|(?<=Bearer )\S+|(?<=Bot )\S{20,}"
)


class Redaction:
    """A structlog processor that masks known secrets, and whatever looks like a token, in every value."""

    def __init__(self, secrets: Collection[str]) -> None:
        self._secrets = sorted((secret for secret in secrets if secret), key=len, reverse=True)

    def __call__(self, _logger: Any, _name: str, event: Any) -> Any:  # noqa: ANN401 - structlog's signature
        return {key: self._clean(value) for key, value in event.items()}

    def text(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, _MASK)
        return _TOKENS.sub(_MASK, text)

    def _clean(self, value: Any) -> Any:  # noqa: ANN401 - whatever was logged
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {key: self._clean(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self._clean(inner) for inner in value]
        return value if value is None or isinstance(value, bool | int | float) else self.text(str(value))


def set_up_logs(
    *, level: str = "info", form: Literal["console", "json"] = "console", secrets: Collection[str] = ()
) -> None:
    """Libraries' records go the same way as ours; their DEBUG never does."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        Redaction(secrets),
    ]
    last: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
    if form == "console":
        last = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name, least in _QUIET.items():
        logging.getLogger(name).setLevel(max(logging.getLevelNamesMapping()[level.upper()], least))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
