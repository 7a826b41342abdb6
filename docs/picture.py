"""Makes docs/card.png: the demo's first card, as the sandbox shows it. Needs Chromium; `make picture` runs it."""

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from playwright.async_api import async_playwright  # noqa: E402 - the checkout is found first

from digestbot.bootstrap import make_bot  # noqa: E402 - as above
from digestbot.cli import demo  # noqa: E402 - as above
from digestbot.settings import load_settings  # noqa: E402 - as above

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
CARD = ".messages:not([hidden]) .message"


async def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("Chromium is needed for the picture: install it (Debian: apt-get install chromium).")
    with tempfile.TemporaryDirectory() as home:
        settings = load_settings(Path(home), {"DIGESTBOT_WEB__PORT": "0"})
        async with make_bot(settings) as bot:
            stop = asyncio.Event()
            run = asyncio.create_task(bot.app.run(stop))
            await demo.subscribe(bot.subscriptions, bot.ledger, bot.clock.now())
            await take(bot.url, chromium)
            stop.set()
            await run


async def take(url: str, chromium: str) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        page = await browser.new_page(
            viewport={"width": 1000, "height": 1100},
            device_scale_factor=2,
            color_scheme="dark",
            timezone_id="America/Los_Angeles",
        )
        await page.goto(f"{url}#awards")
        card = page.locator(CARD).first
        await card.wait_for()
        await card.screenshot(path=ROOT / "docs" / "card.png")
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
