"""A headless Chromium, and pages that fail their test at any error they log."""

import os
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Error, Locator, Page, async_playwright, expect

from digestbot.rendering.html import html
from tests.unit.sandbox.stage import Stage, open_stage

NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE: Final = 20_000
"""Milliseconds that a page may take to show something before a test gives it up."""


@dataclass
class Reader:
    """Somebody at the page; `errors` is what the page logged, scripts and policy included."""

    page: Page
    errors: list[str] = field(default_factory=list)

    def messages(self) -> Locator:
        return self.page.locator(".messages:not([hidden]) .message")

    def cards(self) -> Locator:
        return self.page.locator(".messages:not([hidden]) .card")

    def replies(self) -> Locator:
        return self.page.locator(".messages:not([hidden]) .is-private")

    @property
    def line(self) -> Locator:
        return self.page.locator("#line")

    @property
    def suggestions(self) -> Locator:
        return self.page.locator("#suggestions [role=option]")

    async def type(self, line: str) -> None:
        await self.line.fill(line)
        await self.line.press("Enter")

    async def choose(self, label: str) -> None:
        await self.page.locator(".switch label", has_text=label).click()

    async def is_live(self) -> None:
        await expect(self.page.locator("#live")).to_have_text("Live")

    def note(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(f"{message.type}: {message.text}")


OpenReader = Callable[..., AbstractAsyncContextManager[Reader]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        path = next(filter(None, map(shutil.which, (*NAMES, playwright.chromium.executable_path))), None)
        if path is None:
            reason = f"no Chromium: install one under one of the names {', '.join(NAMES)}, or run `playwright install`"
            if os.environ.get("DIGESTBOT_REQUIRE_BROWSER") == "1":
                pytest.fail(reason)
            pytest.skip(reason)
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with open_stage(tmp_path, html=html) as stage:
        yield stage


@pytest.fixture
def reader(chromium: Browser, stage: Stage) -> OpenReader:
    """Opens the page, as `async with reader(…)` with Playwright's options for a new context."""

    @asynccontextmanager
    async def opened(url: str = stage.server.url, **options: Any) -> AsyncIterator[Reader]:  # noqa: ANN401 - Playwright's
        context: BrowserContext = await chromium.new_context(**options)
        context.set_default_timeout(PATIENCE)
        reader = Reader(await context.new_page())
        reader.page.on("console", reader.note)
        reader.page.on("pageerror", lambda error: reader.errors.append(_told(error)))
        await reader.page.goto(url)
        await reader.is_live()
        yield reader
        await context.close()
        assert reader.errors == []

    expect.set_options(timeout=PATIENCE)
    return opened


def _told(error: Error) -> str:
    return f"uncaught: {error}"
