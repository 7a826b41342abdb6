"""Logs: what is said, by whom, and that no secret is in it."""

import json
import logging
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import Any, Literal

import pytest
import structlog

from digestbot.runtime.logs import Redaction, set_up_logs

CANARY = "canary/8f31+canary"
DISCORD = "MTE5ODYyMjQ4MzQ3MTkyNTI0OA.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs1abcdefg"
FORMS: tuple[Literal["console"], Literal["json"]] = ("console", "json")

Read = Callable[[], str]


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, hook = root.handlers[:], sys.excepthook
    levels = {name: logging.getLogger(name).level for name in ("", "digestbot", "slack_bolt", "sqlalchemy", "alembic")}
    yield
    root.handlers[:] = handlers
    sys.excepthook = hook
    for name, level in levels.items():
        logging.getLogger(name or None).setLevel(level)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


@pytest.fixture
def read(capsys: pytest.CaptureFixture[str]) -> Read:
    """What came on standard error; nothing may come on standard output."""

    def both() -> str:
        out, err = capsys.readouterr()
        assert out == ""
        return err

    return both


def events(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_an_event_is_one_line_of_json_with_its_level_logger_and_time(read: Read) -> None:
    set_up_logs(form="json")
    structlog.get_logger("delivery").info("delivery.posted", delivery="abc", attempt=2)
    (event,) = events(read())
    assert event.pop("timestamp").endswith("Z")
    assert event == {
        "event": "delivery.posted",
        "level": "info",
        "logger": "digestbot.delivery",
        "delivery": "abc",
        "attempt": 2,
    }


def test_a_library_s_record_looks_the_same(read: Read) -> None:
    set_up_logs(form="json")
    logging.getLogger("discord.gateway").warning("Shard %s is late", 3)
    (event,) = events(read())
    assert (event["event"], event["level"], event["logger"]) == ("Shard 3 is late", "warning", "discord.gateway")


def test_on_a_console_an_event_is_one_line_without_colours_where_no_terminal_looks_on(read: Read) -> None:
    set_up_logs(form="console")
    structlog.get_logger("delivery").info("delivery.posted", attempt=2)
    line = read()
    assert line.count("\n") == 1
    assert "delivery.posted" in line
    assert "attempt=2" in line
    assert "\x1b" not in line


@pytest.mark.parametrize(
    ("level", "said"),
    [
        ("debug", ["debug", "info", "warning", "error"]),
        ("info", ["info", "warning", "error"]),
        ("warning", ["warning", "error"]),
        ("error", ["error"]),
    ],
)
def test_a_level_lets_through_itself_and_what_is_above(level: str, said: list[str], read: Read) -> None:
    set_up_logs(level=level, form="json")
    log = structlog.get_logger("app")
    log.debug("x")
    log.info("x")
    log.warning("x")
    log.error("x")
    assert [event["level"] for event in events(read())] == said


@pytest.mark.parametrize(
    ("library", "said"),
    [
        ("discord.http", ["info", "warning"]),
        ("discord.webhook.async_", ["info", "warning"]),
        ("slack_sdk.web.async_base_client", ["info", "warning"]),
        ("aiohttp.client", ["info", "warning"]),
        ("a.library.that.nobody.thought.of", ["info", "warning"]),
        ("slack_bolt.AsyncApp", ["warning"]),
        ("sqlalchemy.engine.Engine", ["warning"]),
    ],
)
def test_at_our_debug_libraries_keep_theirs_to_themselves(library: str, said: list[str], read: Read) -> None:
    set_up_logs(level="debug", form="json")
    log = logging.getLogger(library)
    log.debug("POST https://discord.com/api/webhooks/1/token")
    log.info("x")
    log.warning("x")
    assert [event["level"] for event in events(read())] == said


def test_setting_up_twice_says_everything_once(read: Read) -> None:
    set_up_logs(form="json")
    set_up_logs(form="json")
    structlog.get_logger("app").info("app.started")
    assert len(events(read())) == 1


# --- secrets -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_no_canary_comes_out_however_it_went_in(form: Literal["console", "json"], read: Read) -> None:
    set_up_logs(level="debug", form=form, secrets=(CANARY, "", DISCORD))
    ours, theirs = structlog.get_logger("app"), logging.getLogger("discord.client")
    ours.info(f"in the event {CANARY}")
    ours.info("in %s place", CANARY)
    ours.info("x", plain=CANARY, inside=f"<{CANARY}>", data=CANARY.encode(), **{CANARY: "in a key's name"})
    ours.info("x", nested={"a": [CANARY, {"b": (CANARY,)}], CANARY: {CANARY}}, thing=ValueError(CANARY))
    ours.bind(bound=CANARY).debug("x")
    ours.error("x", exc_info=ValueError(CANARY))
    with structlog.contextvars.bound_contextvars(context=CANARY):
        theirs.info("x")
    theirs.info("in %s and %r", CANARY, {"token": CANARY})
    theirs.error(CANARY, exc_info=ValueError(CANARY))
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(CANARY, stacklevel=1)
    sys.excepthook(ValueError, ValueError(CANARY), None)
    said = read()
    assert said.count("[secret]") >= 18
    assert CANARY not in said
    assert "8f31" not in said


def test_a_secret_that_is_a_number_is_masked_and_other_numbers_stay_numbers(read: Read) -> None:
    set_up_logs(form="json", secrets=("123456",))
    structlog.get_logger("app").info("x", pin=123456, count=7, share=0.5, on=True, nothing=None)
    (event,) = events(read())
    assert (event["pin"], event["count"], event["share"], event["on"], event["nothing"]) == (
        "[secret]",
        7,
        0.5,
        True,
        None,
    )


def test_a_secret_that_holds_another_is_masked_whole() -> None:
    assert Redaction(("abc", "abcdef")).text("x abcdef y abc") == "x [secret] y [secret]"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"logging in with {DISCORD}", "logging in with [secret]"),
        ("token=xoxb-123456789-abcdef", "token=[secret]"),
        ("xoxe.xoxp-1-Mi0yLTEyMzQ1Njc4", "xoxe.[secret]"),
        ("xapp-1-A1-23-abcdef", "[secret]"),
        (
            "https://discord.com/api/webhooks/123/aB_c-d?wait=true",
            "https://discord.com/api/webhooks/[secret]?wait=true",
        ),
        ("https://hooks.slack.com/services/T0/B0/abc", "https://hooks.slack.com/services/[secret]"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer [secret]"),
        ("Authorization: Bot abcdefghijklmnopqrstuvw", "Authorization: Bot [secret]"),
        ("GET /slack/oauth?code=12.34.ab&state=x HTTP/1.1", "GET /slack/oauth?code=[secret]&state=x HTTP/1.1"),
        ("postgresql+asyncpg://news:pass@db/news", "postgresql+asyncpg://[secret]@db/news"),
    ],
)
def test_what_looks_like_a_token_is_masked_though_nobody_told_us_of_it(text: str, masked: str) -> None:
    assert Redaction(()).text(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "delivery.posted",
        "2026-11-23T09:00",
        "https://example.org/services",
        "Bot of the year",
        "sqlite+aiosqlite:///data/digestbot.db",
        "http://127.0.0.1:8080/?code",
        "mailto:news@example.org",
    ],
)
def test_what_is_no_token_stays(text: str) -> None:
    assert Redaction(()).text(text) == text


# --- the end -----------------------------------------------------------------------------------------------------


def test_what_ends_the_process_is_said_as_an_event(read: Read) -> None:
    set_up_logs(form="json")
    sys.excepthook(ValueError, ValueError("no more"), None)
    (event,) = events(read())
    assert (event["event"], event["level"], event["logger"]) == ("process.crashed", "critical", "digestbot.process")
    assert event["exception"].endswith("ValueError: no more")


def test_an_interrupt_is_no_crash(read: Read) -> None:
    set_up_logs(form="json")
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert read() == "KeyboardInterrupt\n"
