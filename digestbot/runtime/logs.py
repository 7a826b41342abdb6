"""Logs: events with stable names on standard error, and no secret in any of them."""

import logging
import re
import sys
from collections.abc import Collection
from types import TracebackType
from typing import Any, Literal

import structlog

OURS = "digestbot"
"""The name above all our own loggers; every other one belongs to a library."""
_QUIET = ("slack_bolt", "sqlalchemy", "alembic", "watchfiles")
"""At INFO these give requests' bodies, statements with their parameters, or noise."""
_MASK = "[secret]"
_TOKENS = re.compile(
    r"xox[a-z]-[\w-]{8,}|xapp-[\w-]{8,}"  # Slack
    r"|[MNO][\w-]{22,27}\.[\w-]{6}\.[\w-]{27,}"  # Discord bots
    r"|(?<=/webhooks/)\d+/[\w-]+|(?<=/services/)[\w/]+"  # webhook addresses are secrets
    r"|(?<=Bearer )\S+|(?<=Bot )\S{20,}|(?<=[?&]code=)[^&\s]+"
    r"|(?<=://)[^/\s:@]*:[^/\s@]+(?=@)"  # name and password in an address
)


class Redaction:
    """A structlog processor that masks known secrets, and whatever looks like a token, in every value."""

    def __init__(self, secrets: Collection[str]) -> None:
        self._secrets = sorted((secret for secret in secrets if secret), key=len, reverse=True)

    def __call__(self, _logger: Any, _name: str, event: Any) -> Any:  # noqa: ANN401 - structlog's signature
        return self._clean(event)

    def text(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, _MASK)
        return _TOKENS.sub(_MASK, text)

    def _clean(self, value: Any) -> Any:  # noqa: ANN401 - whatever was logged
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.text(str(key)): self._clean(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self._clean(inner) for inner in value]
        return value if value is None or isinstance(value, bool | float) else self._other(value)

    def _other(self, value: object) -> object:
        text = str(value)
        clean = self.text(text)
        return value if isinstance(value, int) and clean == text else clean


def set_up_logs(
    *, level: str = "info", form: Literal["console", "json"] = "console", secrets: Collection[str] = ()
) -> None:
    """Libraries' records go the same way as ours, and so does what ends the process; their DEBUG goes nowhere.

    discord.py and slack_sdk write tokens and bodies at DEBUG, so only our own loggers go so low.
    """
    number = logging.getLevelNamesMapping()[level.upper()]
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        Redaction(secrets),
    ]
    root = logging.getLogger()
    root.handlers[:] = [_handler(form, shared)]
    root.setLevel(max(number, logging.INFO))
    logging.getLogger(OURS).setLevel(number)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(number, logging.WARNING))
    logging.captureWarnings(capture=True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=_our_logger,
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    sys.excepthook = _crashed


def _handler(form: Literal["console", "json"], shared: list[Any]) -> logging.Handler:
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
    return handler


def _our_logger(*names: str) -> logging.Logger:
    return logging.getLogger(".".join((OURS, *names)))


def _crashed(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
    """An exception's text can hold an address with its password: it goes through the mask too."""
    if issubclass(kind, Exception):
        structlog.get_logger("process").critical("process.crashed", exc_info=(kind, fault, trace))
    else:
        sys.__excepthook__(kind, fault, trace)
