"""The sandbox's page as a reader meets it, in headless Chromium."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from digestbot.domain.card import Card, Paragraph, Text, Time
from tests.browser.conftest import OpenReader, Reader
from tests.unit.sandbox.stage import FILE, NOW, Stage, open_stage, outgoing, story

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

LOOKS = ("Discord", "Slack", "Plain")
HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=2</script>'


async def test_a_card_arrives_live_and_marks_its_channel_unread(stage: Stage, reader: OpenReader) -> None:
    async with reader() as someone:
        await expect(someone.page.locator("#empty")).to_contain_text("Nothing here yet")
        await stage.post(story("Ada wins"), mention="@fans")
        await expect(someone.cards()).to_contain_text(["Ada wins"])
        await expect(someone.page.locator("#empty")).to_be_hidden()
        await expect(someone.page.locator(".mention")).to_have_text("@fans")
        await stage.post(story("Grace wins"), "d2", channel="film")
        film = someone.page.locator('a[data-channel="film"]')
        await expect(film.locator(".count")).to_have_text("1")
        await film.click()
        await expect(someone.cards()).to_contain_text(["Grace wins"])
        await expect(film.locator(".count")).to_be_hidden()
        await expect(someone.page.locator("#title")).to_contain_text("film")


async def test_a_correction_edits_the_card_in_place_and_says_so(stage: Stage, reader: OpenReader) -> None:
    ref = await stage.post(story("Ada wins", hidden=True))
    async with reader() as someone:
        await someone.cards().locator("summary").click()
        await stage.messenger.edit(ref, outgoing(story("Ada and Grace win", hidden=True)))
        await expect(someone.cards()).to_contain_text(["Ada and Grace win"])
        await expect(someone.messages().locator(".edited")).to_be_visible()
        await expect(someone.cards()).to_have_count(1)
        await expect(someone.cards().locator("li", has_text="Best Engine")).to_be_visible()


async def test_a_message_deleted_by_an_admin_vanishes_for_everybody(stage: Stage, reader: OpenReader) -> None:
    await stage.post(story())
    async with reader() as someone, reader() as other:
        await expect(other.messages()).to_have_count(1)
        await someone.messages().hover()
        await someone.page.get_by_role("button", name="Delete message").click()
        await expect(someone.messages()).to_have_count(0)
        await expect(other.messages()).to_have_count(0)
        await expect(other.page.locator("#empty")).to_be_visible()
    assert await stage.record.latest("news", 10) == ()


async def test_hostile_text_is_shown_and_never_run(stage: Stage, reader: OpenReader) -> None:
    await stage.post(story(HOSTILE), mention=HOSTILE)
    async with reader() as someone:
        await expect(someone.cards()).to_contain_text([HOSTILE])
        await someone.type(f"say {HOSTILE}")
        await expect(someone.replies()).to_contain_text([HOSTILE])
        assert await someone.page.title() == "#news · digestbot sandbox"


async def test_the_policy_stops_a_script_that_got_in(stage: Stage, reader: OpenReader) -> None:
    async with reader() as someone:
        await someone.page.evaluate(
            "() => { const script = document.createElement('script'); script.textContent = 'window.hacked = true';"
            " document.body.append(script); }"
        )
        assert await someone.page.evaluate("() => window.hacked") is None
        assert len(someone.errors) == 1
        assert "Content Security Policy" in someone.errors.pop()
    assert stage.commands.asked == []


async def test_a_line_is_completed_with_the_keyboard_alone(stage: Stage, reader: OpenReader) -> None:
    async with reader() as someone:
        await someone.page.keyboard.press("/")
        await expect(someone.line).to_be_focused()
        await someone.line.press_sequentially("winn")
        await expect(someone.suggestions).to_have_text(["winners", "winners gala", "winners bbma-2020"])
        await expect(someone.line).to_have_attribute("aria-expanded", "true")
        await someone.line.press("ArrowDown")
        await someone.line.press("ArrowDown")
        await expect(someone.suggestions.nth(1)).to_have_attribute("aria-selected", "true")
        await expect(someone.line).to_have_attribute("aria-activedescendant", "suggestion-1")
        await someone.line.press("ArrowUp")
        await someone.line.press("Tab")
        await expect(someone.line).to_have_value("winners ")
        await expect(someone.suggestions).to_have_text(["winners gala", "winners bbma-2020"])
        await someone.line.press("ArrowDown")
        await someone.line.press("Enter")
        await expect(someone.line).to_have_value("winners gala")
        await expect(someone.page.locator("#suggestions")).to_be_hidden()
        await someone.line.press("Enter")
        await expect(someone.replies()).to_contain_text(["Winner 1"])
        await expect(someone.line).to_have_value("")
        await expect(someone.line).to_be_focused()
    assert stage.commands.asked[-1].verb == "winners"


async def test_escape_closes_the_suggestions_and_keeps_the_line(reader: OpenReader) -> None:
    async with reader() as someone:
        await someone.line.fill("win")
        await expect(someone.suggestions).to_have_count(3)
        await someone.line.press("Escape")
        await expect(someone.page.locator("#suggestions")).to_be_hidden()
        await expect(someone.line).to_have_value("win")
        await expect(someone.line).to_have_attribute("aria-expanded", "false")


async def test_a_suggestion_is_taken_with_the_mouse(reader: OpenReader) -> None:
    async with reader() as someone:
        await someone.line.click()
        await expect(someone.suggestions).to_have_count(6)
        await someone.suggestions.nth(1).click()
        await expect(someone.line).to_have_value("latest share:true")
        await expect(someone.line).to_be_focused()


async def test_the_slash_word_may_be_typed_although_it_is_there(reader: OpenReader) -> None:
    async with reader() as someone:
        await someone.line.press_sequentially("/news winn")
        await expect(someone.suggestions).to_have_count(3)
        await someone.type("/news say hello")
        await expect(someone.replies()).to_contain_text(["hello"])


async def test_earlier_lines_come_back_with_the_arrow(reader: OpenReader) -> None:
    async with reader() as someone:
        for line in ("say one", "say two"):
            await someone.type(line)
        await expect(someone.replies()).to_have_count(2)
        await someone.line.press("ArrowUp")
        await expect(someone.line).to_have_value("say two")
        await someone.line.press("ArrowUp")
        await expect(someone.line).to_have_value("say one")
        await someone.line.press("ArrowDown")
        await someone.line.press("ArrowDown")
        await expect(someone.line).to_have_value("")
        await someone.page.reload()
        await someone.is_live()
        await someone.line.press("ArrowUp")
        await expect(someone.line).to_have_value("say two")


async def test_a_spoiler_opens_when_asked(stage: Stage, reader: OpenReader) -> None:
    await stage.post(story(hidden=True))
    async with reader() as someone:
        secret = someone.cards().locator("li", has_text="Best Engine")
        await expect(secret).to_be_hidden()
        await someone.cards().locator("summary").focus()
        await someone.page.keyboard.press("Enter")
        await expect(secret).to_be_visible()


async def test_pages_of_a_private_reply_turn_in_place(reader: OpenReader) -> None:
    async with reader() as someone:
        await someone.type("winners gala")
        for button, first in (("More (2/3)", "Winner 6"), ("More (3/3)", "Winner 11")):
            await someone.page.get_by_role("button", name=button).click()
            await expect(someone.replies().locator("p", has_text=first).first).to_be_visible()
            await expect(someone.replies()).to_have_count(1)
        await expect(someone.replies().locator("p", has_text="Winner 10")).to_have_count(0)
        await someone.page.get_by_role("button", name="Dismiss message").click()
        await expect(someone.replies()).to_have_count(0)


async def test_a_file_that_comes_with_a_reply_can_be_saved(reader: OpenReader) -> None:
    async with reader() as someone:
        await someone.type("export")
        async with someone.page.expect_download() as downloading:
            await someone.page.get_by_role("link", name=f"Download {FILE.name}").click()
        saved = await downloading.value
        assert (await saved.path()).read_bytes() == FILE.text.encode()
        await someone.type("say hello")
        await expect(someone.replies().nth(1).get_by_role("link")).to_have_count(0)


async def test_a_button_on_a_public_card_answers_only_who_pressed(stage: Stage, reader: OpenReader) -> None:
    await stage.post(story())
    async with reader() as someone, reader() as other:
        await someone.page.get_by_role("button", name="Winners").click()
        await expect(someone.replies()).to_contain_text(["Only you can see this"])
        await expect(someone.messages()).to_have_count(2)
        await stage.post(story("Later"), "d2")
        await expect(other.cards()).to_contain_text(["Ada wins", "Later"])
        await expect(other.replies()).to_have_count(0)


async def test_a_shared_answer_is_seen_by_everybody(reader: OpenReader) -> None:
    async with reader() as someone, reader() as other:
        await someone.type("latest share:true")
        await expect(someone.messages()).to_contain_text(["You used /news latest share:true"])
        await expect(other.messages()).to_contain_text(["used /news latest share:true"])
        await expect(someone.replies()).to_have_count(0)


async def test_a_member_is_refused_an_admins_verb(stage: Stage, reader: OpenReader) -> None:
    await stage.post(story())
    async with reader() as someone:
        await someone.choose("Member")
        await someone.messages().hover()
        await expect(someone.page.get_by_role("button", name="Delete message")).to_be_hidden()
        await someone.type("pause")
        await expect(someone.replies()).to_contain_text(["Only admins pause."])
        await someone.page.get_by_role("button", name="Pause").click()
        await expect(someone.replies().nth(1)).to_contain_text("Only admins pause.")
        await someone.choose("Admin")
        await someone.type("pause")
        await expect(someone.replies().nth(2)).to_contain_text("Paused.")
    assert [request.member.admin for request in stage.commands.asked if request.verb == "pause"] == [False, False, True]


async def test_a_mistake_says_how_to_put_it_right(reader: OpenReader) -> None:
    async with reader() as someone:
        await someone.type("lattest")
        await expect(someone.replies()).to_contain_text(["There is no command “lattest”. Did you mean “latest”?"])


async def test_look_and_colours_are_switched_and_remembered(stage: Stage, reader: OpenReader) -> None:
    await stage.post(story())
    async with reader(color_scheme="light") as someone:
        assert await background(someone) == "rgb(255, 255, 255)"
        await someone.choose("Dark")
        assert await background(someone) == "rgb(49, 51, 56)"
        await someone.choose("Slack")
        assert await background(someone) == "rgb(26, 29, 33)"
        await someone.page.reload()
        await someone.is_live()
        assert await background(someone) == "rgb(26, 29, 33)"
        await expect(someone.page.get_by_role("radio", name="Slack")).to_be_checked()
        await expect(someone.page.get_by_role("radio", name="Dark")).to_be_checked()
        await someone.choose("System")
        assert await background(someone) == "rgb(255, 255, 255)"
        await someone.page.emulate_media(color_scheme="dark")
        assert await background(someone) == "rgb(26, 29, 33)"


async def background(someone: Reader) -> str:
    colour = await someone.page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    return str(colour)


@pytest.mark.parametrize("look", LOOKS)
async def test_nothing_is_wider_than_a_small_phone(stage: Stage, reader: OpenReader, look: str) -> None:
    await stage.post(story("Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen" * 3, hidden=True))
    await stage.post(story("x" * 300), "d2", mention="@" + "y" * 200)
    async with reader(viewport={"width": 360, "height": 640}) as someone:
        await someone.page.locator("#drawer").click()
        await someone.choose(look)
        await someone.page.keyboard.press("Escape")
        await someone.type("say " + "z" * 400)
        await expect(someone.replies()).to_have_count(1)
        await someone.line.fill("winn")
        await expect(someone.suggestions).to_have_count(3)
        widest = await someone.page.evaluate(
            "() => Math.max(...[...document.querySelectorAll('main, main *')].filter((e) => e.checkVisibility())"
            ".map((e) => e.getBoundingClientRect().right))"
        )
        assert widest <= 360
        assert await someone.page.evaluate("() => document.scrollingElement.scrollWidth") == 360
        assert await someone.page.evaluate("() => document.getElementById('scroll').scrollWidth") == 360


async def test_on_a_phone_the_channels_are_in_a_drawer(stage: Stage, reader: OpenReader) -> None:
    await stage.post(story("Grace wins"), channel="film")
    async with reader(viewport={"width": 360, "height": 640}) as someone:
        film = someone.page.locator('a[data-channel="film"]')
        await expect(film).to_be_hidden()
        await expect(someone.page.locator("#elsewhere")).to_be_visible()
        await someone.page.locator("#drawer").click()
        await expect(someone.page.locator('a[data-channel="news"]')).to_be_focused()
        await film.click()
        await expect(someone.cards()).to_contain_text(["Grace wins"])
        await expect(film).to_be_hidden()
        await someone.page.locator("#drawer").click()
        await someone.page.keyboard.press("Escape")
        await expect(film).to_be_hidden()
        await expect(someone.page.locator("#drawer")).to_be_focused()


CONTRAST = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("colours", ["Light", "Dark"])
async def test_every_text_can_be_told_from_its_ground(
    stage: Stage, reader: OpenReader, look: str, colours: str
) -> None:
    await stage.post(story(), mention="@fans")
    await stage.post(story(), "d2", channel="film")
    async with reader(reduced_motion="reduce") as someone:
        await someone.choose(look)
        await someone.choose(colours)
        await stage.post(story("Corrected", hidden=True), "d3")
        await someone.type("winners gala")
        await someone.type("pause it")
        await someone.type("lattest")
        await expect(someone.replies()).to_have_count(3)
        await someone.line.fill("winn")
        await someone.line.press("ArrowDown")
        await expect(someone.suggestions).to_have_count(3)
        assert await someone.page.evaluate(CONTRAST) == []


async def test_times_are_told_in_the_readers_zone_and_language(stage: Stage, reader: OpenReader) -> None:
    times = (Time(NOW, "12:00 UTC", "time"), Text(" / "), Time(NOW, "24 May", "date"))
    await stage.post(Card(blocks=(Paragraph(times),)))
    async with reader(timezone_id="America/New_York", locale="de-DE") as someone:
        await expect(someone.cards().locator("p")).to_have_text("08:00 / 24. Mai 2026")
        await expect(someone.messages().locator(".at")).to_have_text("08:00")
    async with reader(timezone_id="Asia/Tokyo", locale="en-GB") as someone:
        await expect(someone.cards().locator("p")).to_have_text("21:00 / 24 May 2026")


async def test_motion_is_left_out_for_who_asks(stage: Stage, reader: OpenReader) -> None:
    ref = await stage.post(story())
    async with reader(reduced_motion="reduce") as someone:
        await stage.messenger.edit(ref, outgoing(story("Corrected")))
        await expect(someone.cards()).to_contain_text(["Corrected"])
        duration = "() => getComputedStyle(document.querySelector('.card')).animationDuration"
        assert await someone.page.evaluate(duration) in ("0.001s", "0s")


async def test_hints_offer_examples_until_they_are_closed(reader: OpenReader) -> None:
    async with reader() as someone:
        await someone.page.get_by_role("button", name="/news latest").click()
        await expect(someone.replies()).to_contain_text(["You used /news latest"])
        await someone.page.get_by_role("button", name="Hide these hints").click()
        await expect(someone.page.locator("#hints")).to_be_hidden()
        await someone.page.reload()
        await someone.is_live()
        await expect(someone.page.locator("#hints")).to_be_hidden()


async def test_keys_move_between_channels_and_show_the_shortcuts(reader: OpenReader) -> None:
    async with reader() as someone:
        await someone.page.keyboard.press("Alt+ArrowDown")
        await expect(someone.page.locator("#title .label")).to_have_text("awards")
        await someone.page.keyboard.press("Alt+ArrowUp")
        await someone.page.keyboard.press("Alt+ArrowUp")
        await expect(someone.page.locator("#title .label")).to_have_text("digestbot")
        await expect(someone.page.locator("#empty")).to_contain_text("Your direct messages")
        await someone.page.keyboard.press("?")
        await expect(someone.page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
        await someone.page.keyboard.press("Escape")
        await expect(someone.page.get_by_role("dialog")).to_be_hidden()


async def test_earlier_messages_are_fetched_when_asked(stage: Stage, reader: OpenReader) -> None:
    for number in range(1, 61):
        await stage.post(story(f"Story {number}."), f"d{number}")
    async with reader() as someone:
        await expect(someone.messages()).to_have_count(50)
        await expect(someone.messages().last).to_be_in_viewport()
        await someone.page.get_by_role("button", name="Show earlier messages").click()
        await expect(someone.messages()).to_have_count(60)
        await expect(someone.messages().first).to_contain_text("Story 1.")
        await expect(someone.page.locator("#earlier")).to_be_hidden()


async def test_a_reply_longer_than_the_view_is_shown_from_its_beginning(reader: OpenReader) -> None:
    async with reader(viewport={"width": 500, "height": 400}) as someone:
        await someone.type("say " + "many words " * 200)
        await expect(someone.replies().locator(".name")).to_be_in_viewport()
        await someone.type("say short")
        await expect(someone.replies().last).to_be_in_viewport(ratio=1)


async def test_the_page_comes_back_by_itself_when_the_bot_does(tmp_path: Path, reader: OpenReader) -> None:
    home = tmp_path / "again"
    async with open_stage(home) as first:
        await first.post(story("Before"))
        port = first.server.port
        opened = reader(first.server.url)
        someone = await opened.__aenter__()
        await expect(someone.cards()).to_contain_text(["Before"])
        await someone.type("say hello")
        await expect(someone.replies()).to_have_count(1)
    await expect(someone.page.locator("#live")).to_have_text("Reconnecting…")
    await someone.type("latest")
    await expect(someone.page.locator("#toast")).to_have_text("The bot does not answer. Is it still running?")
    async with open_stage(home, port) as second:
        await second.post(story("Meanwhile"), "d2")
        await someone.is_live()
        await expect(someone.cards()).to_contain_text(["Before", "hello", "Meanwhile"])
        assert all("Failed to load resource" in error or "ERR_" in error for error in someone.errors), someone.errors
        someone.errors.clear()
        await opened.__aexit__(None, None, None)
