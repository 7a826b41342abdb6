"""Forms and the App Home of a whole bot, over both transports: everything that can be typed can be filled in."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.scenarios.homes import PATIENCE
from tests.scenarios.slack_stage import Stage, stage
from tests.servers.slack.courier import Via
from tests.servers.slack.faults import Fault, Kind
from tests.servers.slack.inputs import Unusable
from tests.servers.slack.interaction import Interaction
from tests.servers.slack.views import View
from tests.servers.slack.world import User

VIA: tuple[Via, ...] = ("socket", "http")


@pytest.fixture(params=VIA)
async def there(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(tmp_path, "one", "two", via=request.param) as ready:
        yield ready


async def shows(there: Stage, view: View, *words: str) -> View:
    """The view, once it does."""
    await changed(there, lambda: all(word in view.reads for word in words))
    return view


async def titled(there: Stage, view: View, title: str) -> View:
    await changed(there, lambda: view.title == title and any(block["type"] == "input" for block in view.blocks))
    return view


async def changed(there: Stage, seen: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        await there.slack.record.changed(seen)


async def view_of(interaction: Interaction) -> View:
    async with asyncio.timeout(PATIENCE):
        return await interaction.view()


async def typed(there: Stage, line: str, *words: str, admin: bool = False) -> View:
    """The form that a line opens, once it shows these words."""
    return await shows(there, await view_of(await there.type(line, admin=admin)), *words)


async def offered(there: Stage, view: View, user: User, option: str, text: str) -> list[str]:
    return [each["value"] for each in await there.slack.options(user, option, text, view, via=there.via)]


async def picked(there: Stage, view: View, user: User, option: str, text: str) -> dict[str, object]:
    found = await there.slack.options(user, option, text, view, via=there.via)
    assert found, f"nothing is offered for {option} {text!r}"
    return found[0]


async def home_of(there: Stage, user: User, *words: str) -> View:
    assert (await there.slack.home(there.team, user, via=there.via)).ok
    await changed(there, lambda: there.slack.home_of(user) is not None)
    home = there.slack.home_of(user)
    assert home
    return await shows(there, home, *words)


async def test_from_the_menu_a_member_follows_an_event(there: Stage) -> None:
    menu = await typed(there, "", "What do you want to do?")
    assert "subscribe" not in menu.reads
    await there.slack.press(menu, there.member, "verb", choice="follow", via=there.via)
    form = await titled(there, menu, "/news follow")
    event = await picked(there, form, there.member, "event", "gala")
    done = await there.slack.submit(form, there.member, {"event": event}, via=there.via)
    assert done.failure is None
    await shows(there, form, "You follow it")
    there.write("three")
    (message,) = await there.messages(channel=there.team.dm(there.member))
    assert "Headline of three" in message.reads


async def test_an_admin_subscribes_by_form(there: Stage) -> None:
    other = there.team.channel("other", member=False)
    form = await typed(there, "subscribe", "How often", admin=True)
    values = {
        "what": [await picked(there, form, there.admin, "what", "topic:music")],
        "when": "daily",
        "when.at": "18:30",
        "channel": other.id,
        "timezone": await picked(there, form, there.admin, "timezone", "Europe/Paris"),
    }
    done = await there.slack.submit(form, there.admin, values, via=there.via)
    assert (done.failure, done.errors) == (None, {})
    await shows(there, form, "Subscribed", "#other", "18:30")
    (known,) = await there.bot.subscriptions.of_tenant("slack", there.team.id)
    assert (str(known.filter), str(known.cadence), known.zone) == ("topic:music", "daily 18:30", "Europe/Paris")
    assert known.place.channel == other.id
    assert there.team.bot_user in other.members


async def test_the_home_lists_and_edits_the_workspaces_subscriptions(there: Stage) -> None:
    await there.ask("subscribe topic:music", admin=True)
    home = await home_of(there, there.admin, "#news", "music")
    form = await view_of(await there.press(home, there.admin, "Edit…"))
    await shows(there, form, "How often")
    done = await there.slack.submit(form, there.admin, {"when": "daily", "when.at": "07:15"}, via=there.via)
    assert done.failure is None
    await shows(there, form, "07:15")
    (known,) = await there.bot.subscriptions.of_tenant("slack", there.team.id)
    assert (str(known.filter), str(known.cadence)) == ("topic:music", "daily 07:15")
    await shows(there, home, "07:15")
    await view_of(await there.press(home, there.admin, "Pause"))
    await shows(there, home, "(paused)")


async def test_a_members_home_shows_nothing_that_admins_see(there: Stage) -> None:
    await there.ask("subscribe topic:music", admin=True)
    await there.ask("follow gala")
    home = await home_of(there, there.member, "The Gala")
    assert "topic" not in home.reads
    assert "music" not in home.reads


async def test_an_admins_verb_is_no_form_for_a_member(there: Stage) -> None:
    refused = await typed(there, "subscribe", "Only those who manage this place may use")
    with pytest.raises(Unusable):
        await there.slack.submit(refused, there.member, {}, via=there.via)


async def test_a_members_fingers_get_nothing_out_of_an_admins_form(there: Stage) -> None:
    form = await typed(there, "subscribe", "How often", admin=True)
    everything = await picked(there, form, there.admin, "what", "all")
    assert await offered(there, form, there.member, "what", "mus") == []
    await there.slack.submit(form, there.member, {"what": [everything]}, via=there.via)
    await shows(there, form, "Only those who manage this place may use")
    assert await there.bot.subscriptions.of_tenant("slack", there.team.id) == []


async def test_a_file_is_imported_by_form(there: Stage) -> None:
    sheet = f"subscriptions:\n  - channel: {there.news.id}\n    what: topic:music\n    when: instant\n"
    form = await titled(there, await view_of(await there.type("import", admin=True)), "/news import")
    file = there.slack.attach(there.team, "subscriptions.yaml", sheet.encode())
    done = await there.slack.submit(form, there.admin, {"file": [file], "apply": "yes"}, via=there.via)
    assert done.failure is None
    await changed(there, lambda: "music" in form.reads)
    (known,) = await there.bot.subscriptions.of_tenant("slack", there.team.id)
    assert str(known.filter) == "topic:music"


async def test_a_form_is_acknowledged_in_time_while_the_database_is_blocked(there: Stage) -> None:
    form = await typed(there, "subscribe", "How often", admin=True)
    everything = await picked(there, form, there.admin, "what", "all")
    database = there.bot.ledger._database  # type: ignore[attr-defined]  # its lock is what everybody waits for
    async with database._lock:
        done = await there.slack.submit(form, there.admin, {"what": [everything]}, via=there.via)
        assert done.failure is None
    await shows(there, form, "Subscribed")


async def test_where_slack_opens_no_form_the_answer_comes_as_a_message(there: Stage) -> None:
    there.slack.faults.plan(Fault(Kind.ERROR, "views.open", error="expired_trigger_id"))
    assert "/news latest" in await there.ask("")
    there.slack.faults.plan(Fault(Kind.ERROR, "views.open", error="expired_trigger_id"))
    assert "needs its" in await there.ask("story")
