"""Modals and the App Home, before the loopback Slack and with the real commands."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from digestbot.domain.command import Reply, Request
from digestbot.domain.place import Place
from digestbot.domain.subscription import State
from digestbot.platforms.slack.asking import Asker
from digestbot.platforms.slack.memo import memo_of
from tests.servers.slack.faults import Fault, Kind
from tests.servers.slack.views import View
from tests.unit.commands.world import GALA
from tests.unit.slack.modal_stage import ModalStage, modal_stage

NOT_FOR_BEN = "Only those who manage this place may use `{}`: ask one of them."


@pytest.fixture
async def stage() -> AsyncIterator[ModalStage]:
    async with modal_stage() as stage:
        yield stage


def block_ids(view: View) -> list[str]:
    return [block["block_id"] for block in view.sent["blocks"] if block["type"] == "input"]


def initial(view: View, name: str) -> Any:  # noqa: ANN401 - whatever the element holds
    (element,) = (block["element"] for block in view.sent["blocks"] if block.get("block_id") == name)
    found = next((element[key] for key in element if key.startswith("initial_")), None)
    return found["value"] if isinstance(found, dict) else found


async def test_a_view_is_opened_before_anything_is_asked(stage: ModalStage) -> None:
    await stage.typed(stage.ada, "subscribe")
    methods = [call.method for call in stage.slack.record.calls]
    assert methods == ["views.open", "users.info", "views.update"]
    view = await stage.typed(stage.ada, "settings")
    assert view.versions[0]["blocks"][0]["text"]["text"] == "One moment…"
    assert view.versions[0]["title"]["text"] == "/news settings"


async def test_where_slack_opens_nothing_any_more_nothing_is_asked(stage: ModalStage) -> None:
    stage.slack.faults.plan(Fault(Kind.ERROR, "views.open", error="expired_trigger_id"))
    done = await stage.slack.command(stage.team, stage.news_channel, stage.ada, "subscribe")
    assert (done.opened, stage.listeners.opened) == ([], [False])
    assert [call.method for call in stage.slack.record.calls] == ["views.open"]


async def test_the_menu_offers_a_member_what_they_may_use(stage: ModalStage) -> None:
    for user, groups in (
        (stage.ben, ["Anyone"]),
        (stage.ada, ["Anyone", "Those who manage this workspace"]),
    ):
        view = await stage.typed(user)
        select = view.sent["blocks"][0]["accessory"]
        assert [group["label"]["text"] for group in select["option_groups"]] == groups
        values = [option["value"] for group in select["option_groups"] for option in group["options"]]
        assert ("subscribe" in values) == (user is stage.ada)
        assert {"latest", "follow", "help"} <= set(values)
        assert not {"home", "digest"} & set(values)


async def test_a_verb_of_the_menu_leads_to_its_form(stage: ModalStage) -> None:
    view = await stage.typed(stage.ben)
    await stage.slack.press(view, stage.ben, "verb", choice="follow")
    assert (view.title, block_ids(view)) == ("/news follow", ["event"])


async def test_a_verb_with_nothing_to_fill_in_is_answered(stage: ModalStage) -> None:
    view = await stage.typed(stage.ben)
    await stage.slack.press(view, stage.ben, "verb", choice="upcoming")
    assert "Example Fair 2098" in view.reads
    assert view.sent["close"]["text"] == "Done"


async def test_a_form_is_filled_in_and_its_verb_run(stage: ModalStage) -> None:
    view = await stage.typed(stage.ben, "follow")
    (option, *_) = await stage.slack.options(stage.ben, "event", "gala", view)
    assert option["value"] == GALA.id
    await stage.submit(view, stage.ben, event=option)
    assert "You follow it" in view.reads
    (known,) = await stage.world.subscriptions.of_channel(Place("slack", *[f"@{stage.team.id}/{stage.ben.id}"] * 2))
    assert str(known.filter) == f"event:{GALA.id}"


async def test_a_subscription_is_made_with_everything_that_was_entered(stage: ModalStage) -> None:
    group = stage.team.usergroup("music-lovers")
    view = await stage.typed(stage.ada, "subscribe what:topic:music timezone:Europe/Paris")
    assert block_ids(view) == [
        *("what", "when", "when.at", "when.days", "when.text", "channel", "timezone", "spoilers", "mention")
    ]
    assert (initial(view, "what")[0]["value"], initial(view, "timezone")) == ("topic:music", "Europe/Paris")
    offered = await stage.slack.options(stage.ada, "mention", "music", view)
    assert [option["value"] for option in offered] == [f"<!subteam^{group.id}>"]
    await stage.submit(
        view,
        stage.ada,
        when="weekly",
        when__days=["mon", "thu"],
        when__at="18:30",
        mention=offered[0],
        channel=stage.news_channel.id,
    )
    assert "Subscribed" in view.reads
    made = stage.world.subscriptions.rows["new1"]
    assert (str(made.filter), str(made.cadence), made.zone) == ("topic:music", "weekly mon,thu 18:30", "Europe/Paris")
    assert (made.look.mention, made.place.channel) == (f"<!subteam^{group.id}>", stage.news_channel.id)


async def test_more_options_keep_what_was_entered(stage: ModalStage) -> None:
    view = await stage.typed(stage.ada, "subscribe what:all")
    await stage.slack.press(view, stage.ada, "More options")
    assert {"quiet", "catchup", "limit", "latest", "pictures", "style"} <= set(block_ids(view))
    assert initial(view, "what")[0]["value"] == "all"
    await stage.submit(view, stage.ada, limit="7", empty="yes")
    made = stage.world.subscriptions.rows["new1"]
    assert (made.limit, made.empty, made.cadence.instant) == (7, True, True)


async def test_what_is_given_but_stands_behind_more_options_is_shown_at_once(stage: ModalStage) -> None:
    view = await stage.typed(stage.ada, "subscribe quiet:22:00-07:00")
    assert initial(view, "quiet") == "22:00-07:00"
    await stage.submit(view, stage.ada, what=[{"text": {"type": "plain_text", "text": "all"}, "value": "all"}])
    assert str(stage.world.subscriptions.rows["new1"].quiet) == "22:00-07:00"


async def test_a_mistake_keeps_the_form_and_what_was_entered(stage: ModalStage) -> None:
    view = await stage.typed(stage.ada, "subscribe what:topic:music quiet:noon")
    await stage.submit(view, stage.ada, when="daily")
    assert view.reads.splitlines()[0] == "⚠️ Write quiet hours as `22:00-07:00`, or `none`."
    assert (initial(view, "what")[0]["value"], initial(view, "quiet"), initial(view, "when")) == (
        "topic:music",
        "noon",
        "daily",
    )
    assert "new1" not in stage.world.subscriptions.rows
    (option,) = await stage.slack.options(stage.ada, "quiet", "21:00-06:30", view)
    await stage.submit(view, stage.ada, quiet=option)
    assert str(stage.world.subscriptions.rows["new1"].quiet) == "21:00-06:30"


async def test_what_is_missing_is_said_at_its_input(stage: ModalStage) -> None:
    view = await stage.typed(stage.ada, "subscribe what:all")
    done = await stage.slack.submit(view, stage.ada, {"when": "weekly"})
    assert done.errors == {"when.days": "Pick at least one day."}
    done = await stage.slack.submit(view, stage.ada, {"when": "text"})
    assert done.errors == {"when.text": "Write when, such as 0 9 * * mon-fri."}
    assert "new1" not in stage.world.subscriptions.rows


async def test_edit_shows_what_stands_and_changes_only_what_was_changed(stage: ModalStage) -> None:
    view = await stage.typed(stage.ada, "edit daily2")
    assert (initial(view, "what")[0]["value"], initial(view, "when"), initial(view, "when.at")) == (
        "all",
        "daily",
        "09:00",
    )
    assert (initial(view, "channel"), initial(view, "timezone")) == (stage.news_channel.id, "Europe/Paris")
    requests = overheard(stage)
    await stage.submit(view, stage.ada, spoilers={"text": {"type": "plain_text", "text": "hide"}, "value": "hide"})
    assert requests[-1].options == {"subscription": "daily2", "spoilers": "hide"}
    assert stage.world.subscriptions.rows["daily2"].look.spoilers_text == "hide"
    assert view.reads.splitlines()[0] == "Changed"


async def test_what_was_changed_before_a_mistake_is_still_changed_after_it(stage: ModalStage) -> None:
    view = await stage.typed(stage.ada, "edit daily2 catchup:never")
    await stage.submit(view, stage.ada, when="instant")
    assert "‘never’" in view.reads.splitlines()[0]
    await stage.submit(view, stage.ada, catchup={"text": {"type": "plain_text", "text": "2d"}, "value": "2d"})
    changed = stage.world.subscriptions.rows["daily2"]
    assert (changed.cadence.instant, changed.catch_up) == (True, timedelta(days=2))


async def test_what_was_changed_is_still_changed_behind_more_options(stage: ModalStage) -> None:
    view = await stage.typed(stage.ada, "edit daily2")
    body = actions(view, stage, {"when": {"when": {"type": "static_select", "selected_option": {"value": "instant"}}}})
    await stage.modals.chosen(Asker(stage.team.id, stage.ada.id), body)
    assert initial(view, "when") == "instant"
    assert initial(view, "limit") == "20"
    await stage.submit(view, stage.ada, limit="5")
    changed = stage.world.subscriptions.rows["daily2"]
    assert (changed.cadence.instant, changed.limit) == (True, 5)


async def test_an_emptied_input_takes_away_what_there_was(stage: ModalStage) -> None:
    view = await stage.typed(stage.ada, "edit daily2 quiet:22:00-07:00")
    await stage.submit(view, stage.ada)
    assert str(stage.world.subscriptions.rows["daily2"].quiet) == "22:00-07:00"
    view = await stage.typed(stage.ada, "edit daily2")
    await stage.slack.press(view, stage.ada, "More options")
    values = {"quiet": {"quiet": {"type": "external_select", "selected_option": None}}}
    await stage.modals.submitted(Asker(stage.team.id, stage.ada.id), submission(view, stage, values))
    assert stage.world.subscriptions.rows["daily2"].quiet is None


async def test_an_edit_of_several_asks_first_which(stage: ModalStage) -> None:
    twin = replace(stage.world.subscriptions.rows["daily2"], id="twin9")
    stage.world.subscriptions.rows["twin9"] = twin
    view = await stage.typed(stage.ada, "edit when:instant")
    assert (block_ids(view), view.sent["submit"]["text"]) == (["subscription"], "Next")
    offered = await stage.slack.options(stage.ada, "subscription", "twin", view)
    await stage.submit(view, stage.ada, subscription=offered[0])
    assert (view.sent["blocks"][0]["text"]["text"], initial(view, "when")) == ("Subscription twin9", "instant")
    await stage.submit(view, stage.ada)
    assert stage.world.subscriptions.rows["twin9"].cadence.instant
    assert not stage.world.subscriptions.rows["daily2"].cadence.instant


async def test_an_edit_of_what_is_not_there_says_so(stage: ModalStage) -> None:
    view = await stage.typed(stage.ada, "edit zzzzzz")
    assert "There is no subscription ‘zzzzzz’ here." in view.reads
    assert not view.sent.get("submit")


async def test_a_form_that_cannot_be_filled_changes_nothing(stage: ModalStage, monkeypatch: pytest.MonkeyPatch) -> None:
    view = await stage.typed(stage.ada, "edit daily2 when:instant")
    before = dict(stage.world.subscriptions.rows)

    async def nothing(_request: Request) -> Mapping[str, str]:
        return {}

    monkeypatch.setattr(stage.world.news, "filled", nothing)
    await stage.slack.press(view, stage.ada, "More options")
    assert "All of it as one line" in view.reads
    assert stage.world.subscriptions.rows == before


async def test_settings_are_filled_and_changed(stage: ModalStage) -> None:
    view = await stage.typed(stage.ada, "settings")
    assert (initial(view, "timezone"), initial(view, "locale")) == ("UTC", "en")
    (paris,) = await stage.slack.options(stage.ada, "timezone", "Europe/Paris", view)
    requests = overheard(stage)
    await stage.submit(view, stage.ada, timezone=paris)
    assert requests[-1].options == {"timezone": "Europe/Paris"}
    assert (await stage.world.subscriptions.settings("slack", stage.team.id)).zone == "Europe/Paris"


@pytest.mark.parametrize("line", ["subscribe", "edit daily2", "settings", "import", "unsubscribe daily2", "status"])
async def test_a_member_gets_no_form_of_what_they_may_not_use(stage: ModalStage, line: str) -> None:
    view = await stage.typed(stage.ben, line)
    assert view.reads == f"⚠️ {NOT_FOR_BEN.format(line.split(maxsplit=1)[0])}"
    assert all("daily2" not in str(version["blocks"]) for version in view.versions)


async def test_a_member_gets_no_choices_of_what_they_may_not_use(stage: ModalStage) -> None:
    stage.team.usergroup("music-lovers")
    view = await stage.typed(stage.ada, "edit daily2 quiet:none")
    for name in ("what", "timezone", "spoilers", "mention", "quiet", "catchup"):
        assert await stage.slack.options(stage.ada, name, "", view) != []
        assert await stage.slack.options(stage.ben, name, "", view) == []
        assert await stage.slack.options(stage.ben, name, "typed", view) == []


async def test_a_member_changes_nothing_with_another_s_form(stage: ModalStage) -> None:
    before = dict(stage.world.subscriptions.rows)
    view = await stage.typed(stage.ada, "edit daily2")
    await stage.submit(view, stage.ben, when="instant")
    assert NOT_FOR_BEN.format("edit") in view.reads
    await stage.slack.press(view, stage.ben, "More options")
    assert view.reads == f"⚠️ {NOT_FOR_BEN.format('edit')}"
    assert stage.world.subscriptions.rows == before


async def test_a_member_presses_nothing_on_another_s_home(stage: ModalStage) -> None:
    home = await stage.at_home(stage.ada)
    before = dict(stage.world.subscriptions.rows)
    for label, verb in (("Pause", "pause"), ("Edit…", "edit"), ("End", "unsubscribe"), ("Subscribe…", "subscribe")):
        done = await stage.slack.press(home, stage.ben, label)
        assert done.opened[-1].reads == f"⚠️ {NOT_FOR_BEN.format(verb)}"
    assert stage.world.subscriptions.rows == before


async def test_who_no_longer_manages_the_workspace_changes_nothing_with_an_old_form(stage: ModalStage) -> None:
    view = await stage.typed(stage.ada, "subscribe what:all")
    stage.ada.admin = False
    await stage.submit(view, stage.ada)
    assert NOT_FOR_BEN.format("subscribe") in view.reads
    assert "new1" not in stage.world.subscriptions.rows


async def test_answers_are_paged_in_their_modal(stage: ModalStage) -> None:
    for number in range(40):
        row = replace(stage.world.subscriptions.rows["daily2"], id=f"sub{number:02}")
        stage.world.subscriptions.rows[row.id] = row
    view = await stage.typed(stage.ada, "subscriptions")
    await stage.submit(view, stage.ada)
    first = view.reads
    label = more(view)
    assert label.startswith("More (2/")
    await stage.slack.press(view, stage.ada, label)
    assert view.reads != first
    await stage.slack.press(view, stage.ada, label.replace("More (2", "Back (1"))
    assert view.reads == first


async def test_a_second_press_on_what_is_shown_no_more_gives_way(stage: ModalStage) -> None:
    view, asker = await stage.typed(stage.ada, "status"), Asker(stage.team.id, stage.ada.id)
    first, second = (
        actions(view, stage, {}, action={"action_id": "news:1", "value": line}) for line in ("help", "privacy")
    )
    await stage.modals.chosen(asker, first)
    await stage.modals.chosen(asker, second)
    assert "What you can ask" in view.reads


async def test_a_home_shows_each_what_is_theirs(stage: ModalStage) -> None:
    ada, ben = await stage.at_home(stage.ada), await stage.at_home(stage.ben)
    assert "#news gets all stories" in ada.reads
    assert "#news" not in ben.reads
    assert "[Latest] [Coming up] [Follow an event…] [Help]" in ben.reads


async def test_the_home_of_fifty_subscriptions_has_pages(stage: ModalStage) -> None:
    rows = stage.world.subscriptions.rows
    for number in range(48):
        rows[f"sub{number:02}"] = replace(rows["daily2"], id=f"sub{number:02}")
    home = await stage.at_home(stage.ada)
    seen = ""
    while label := more(home):
        seen += home.reads
        await stage.slack.press(home, stage.ada, label)
    seen += home.reads
    assert all(f"Id {id_}" in seen for id_ in rows)
    assert "[Back (" in home.reads


async def test_from_the_home_a_form_opens_where_a_line_lacks_something(stage: ModalStage) -> None:
    home = await stage.at_home(stage.ada)
    for label, verb, first in (
        ("Subscribe…", "subscribe", "what"),
        ("Follow an event…", "follow", "event"),
        ("Settings…", "settings", "timezone"),
        ("Edit…", "edit", "what"),
    ):
        done = await stage.slack.press(home, stage.ada, label)
        (view,) = done.opened
        assert (view.title, block_ids(view)[0]) == (f"/news {verb}", first)


async def test_from_the_home_a_subscription_needs_its_channel(stage: ModalStage) -> None:
    home = await stage.at_home(stage.ada)
    (view,) = (await stage.slack.press(home, stage.ada, "Subscribe…")).opened
    (channel,) = (block for block in view.sent["blocks"] if block.get("block_id") == "channel")
    assert not channel["optional"]
    music = [channel.id for channel in stage.team.channels.values() if channel.name == "music"]
    await stage.submit(
        view, stage.ada, what=[{"text": {"type": "plain_text", "text": "all"}, "value": "all"}], channel=music[0]
    )
    assert stage.world.subscriptions.rows["new1"].place.channel == music[0]
    await stage.drained()
    assert "3 of at most 50 subscriptions." in home.reads


async def test_what_is_done_from_the_home_is_shown_in_a_modal_and_the_home_anew(stage: ModalStage) -> None:
    home = await stage.at_home(stage.ada)
    done = await stage.slack.press(home, stage.ada, "Pause")
    await stage.drained()
    assert "Paused" in done.opened[0].reads
    assert stage.world.subscriptions.rows["daily2"].state is State.PAUSED
    assert "#news (paused)" in home.reads


async def test_what_only_reads_leaves_the_home_as_it_is(stage: ModalStage) -> None:
    home = await stage.at_home(stage.ada)
    done = await stage.slack.press(home, stage.ada, "Latest")
    await stage.drained()
    assert "Votes are found in a hat" in done.opened[0].reads
    assert stage.asked("views.publish") == 1
    assert home.versions == [home.sent]


async def test_the_end_of_a_subscription_is_asked_for_twice(stage: ModalStage) -> None:
    home = await stage.at_home(stage.ada)
    buttons = [each for block in home.sent["blocks"] if block["type"] == "actions" for each in block["elements"]]
    confirmed = [each["value"] for each in buttons if "confirm" in each]
    assert confirmed == ["unsubscribe daily2", "unsubscribe music3"]
    await stage.slack.press(home, stage.ada, "End")
    assert stage.world.subscriptions.rows["daily2"].state is State.ENDED


async def test_a_home_that_was_published_meanwhile_stays(stage: ModalStage) -> None:
    home = await stage.at_home(stage.ben)
    known = home.sent
    await stage.modals.home(Asker(stage.team.id, stage.ben.id), "an older hash")
    assert home.sent is known


async def test_a_modal_that_came_from_the_home_remembers_it(stage: ModalStage) -> None:
    home = await stage.at_home(stage.ada)
    (view,) = (await stage.slack.press(home, stage.ada, "Status")).opened
    body = actions(view, stage, {}, action={"action_id": "news:1", "value": "edit daily2"})
    await stage.modals.chosen(Asker(stage.team.id, stage.ada.id), body)
    assert initial(view, "when") == "daily"
    await stage.submit(view, stage.ada, when="instant")
    await stage.drained()
    assert "#news gets all stories, each as soon as it is out." in home.reads


async def test_in_a_channel_s_modal_edit_shows_the_subscription(stage: ModalStage) -> None:
    view = await stage.typed(stage.ada, "status")
    body = actions(view, stage, {}, action={"action_id": "news:1", "value": "edit daily2"})
    await stage.modals.chosen(Asker(stage.team.id, stage.ada.id), body)
    assert "All of it as one line" in view.reads


async def test_a_broken_line_on_a_button_is_a_mistake(stage: ModalStage) -> None:
    view = await stage.typed(stage.ada, "status")
    body = actions(view, stage, {}, action={"action_id": "news:1", "value": "lates"})
    await stage.modals.chosen(Asker(stage.team.id, stage.ada.id), body)
    assert "There is no command ‘lates’." in view.reads


async def test_what_is_pressed_elsewhere_is_none_of_our_business(stage: ModalStage) -> None:
    for body in (
        {"actions": [{"action_id": "news:1", "value": "latest"}]},
        {"view": {"type": "modal", "id": "V1"}, "actions": [{"action_id": "other", "value": "latest"}]},
        {"view": {"type": "modal", "id": "V1"}, "actions": []},
    ):
        await stage.modals.chosen(Asker(stage.team.id, stage.ada.id), body)
    assert stage.slack.record.calls == []


async def test_a_form_of_no_verb_of_ours_is_closed(stage: ModalStage) -> None:
    asker = Asker(stage.team.id, stage.ada.id)
    assert await stage.modals.submitted(asker, {"view": {"id": "V1", "private_metadata": "else", "blocks": []}}) is None


async def test_export_is_shown_as_far_as_it_fits(stage: ModalStage) -> None:
    view = await stage.typed(stage.ada, "export")
    assert "subscriptions.yaml, as far as it fits here. Type /news export to get it as a file." in view.reads
    assert any("rich_text_preformatted" in str(block) and "what: all" in str(block) for block in view.sent["blocks"])


SHEET = b"\xef\xbb\xbfsubscriptions:\n- {channel: music, what: 'topic:film', when: instant}\n"


async def test_an_uploaded_file_is_imported(stage: ModalStage) -> None:
    view = await stage.typed(stage.ada, "import")
    assert block_ids(view) == ["file", "apply", "prune"]
    await stage.submit(view, stage.ada, file=[stage.slack.attach(stage.team, "s.yaml", SHEET)], apply="yes")
    assert str(stage.world.subscriptions.rows["new1"].filter) == "topic:film"
    assert stage.slack.downloads.tokens == [stage.team.bot_token]


async def test_a_file_that_is_no_text_is_a_mistake_in_the_form(stage: ModalStage) -> None:
    view = await stage.typed(stage.ada, "import")
    await stage.submit(view, stage.ada, file=[stage.slack.attach(stage.team, "s.yaml", b"\xff\xfe")], apply="yes")
    assert "The file is no text in UTF-8" in view.reads.splitlines()[0]
    assert initial(view, "apply") == "yes"


async def test_a_member_s_file_is_not_even_fetched(stage: ModalStage) -> None:
    view = await stage.typed(stage.ada, "import")
    await stage.submit(view, stage.ben, file=[stage.slack.attach(stage.team, "s.yaml", SHEET)])
    assert NOT_FOR_BEN.format("import") in view.reads
    assert stage.slack.downloads.tokens == []


async def test_in_their_own_conversation_everybody_manages_it_without_a_choice_of_channels(stage: ModalStage) -> None:
    view = await stage.typed(stage.ben, "subscribe what:all", stage.team.dm(stage.ben))
    assert "channel" not in block_ids(view)
    await stage.submit(view, stage.ben)
    own = f"@{stage.team.id}/{stage.ben.id}"
    assert stage.world.subscriptions.rows["new1"].place == Place("slack", own, own)


async def test_sharing_and_pages_are_not_carried_into_a_form(stage: ModalStage) -> None:
    view = await stage.typed(stage.ben, "winners share:true")
    assert block_ids(view) == ["event", "filter", "spoilers"]
    requests = overheard(stage)
    (gala, *_) = await stage.slack.options(stage.ben, "event", "gala", view)
    await stage.submit(view, stage.ben, event=gala)
    assert requests[-1].options == {"event": GALA.id}


async def test_the_way_to_answer_the_typed_command_is_remembered(stage: ModalStage) -> None:
    view = await stage.typed(stage.ben, "follow")
    assert str(memo_of(view.sent).url).startswith(stage.slack.state.origin)
    assert memo_of(view.sent).channel == stage.news_channel.id


async def test_what_was_entered_narrows_what_is_offered(stage: ModalStage) -> None:
    view = await stage.typed(stage.ben, "winners gala-2026")
    offered = await stage.slack.options(stage.ben, "filter", "choir", view)
    assert [option["value"] for option in offered] == ["Best Choir", "choir"]


async def test_options_of_nothing_that_is_known_are_none(stage: ModalStage) -> None:
    asker = Asker(stage.team.id, stage.ada.id)
    view = (await stage.typed(stage.ada, "subscribe")).shown()
    for body in ({}, {"view": view, "action_id": "no-such"}, {"view": {"private_metadata": "[]"}, "action_id": "what"}):
        assert await stage.modals.options(asker, body) == []


async def test_options_never_raise(stage: ModalStage, monkeypatch: pytest.MonkeyPatch) -> None:
    view = await stage.typed(stage.ada, "subscribe")

    async def broken(*_: object) -> list[object]:
        raise OSError

    monkeypatch.setattr(stage.world.news, "complete", broken)
    assert await stage.slack.options(stage.ada, "what", "m", view) == []


async def test_a_fault_of_ours_is_told_with_a_number(stage: ModalStage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> Reply:
        raise OSError

    monkeypatch.setattr(stage.world.news, "run", broken)
    monkeypatch.setattr(stage.world.news, "filled", broken)
    view = await stage.typed(stage.ada, "status")
    assert "Something is broken on our side. Tell whoever runs this bot: incident " in view.reads
    view = await stage.typed(stage.ada, "subscribe")
    assert "Something is broken on our side. Tell whoever runs this bot: incident " in view.reads


async def test_where_slack_does_not_say_who_asks_no_form_opens(stage: ModalStage) -> None:
    stage.slack.faults.stand(Fault(Kind.STATUS, "users.info"))
    view = await stage.typed(stage.ada, "subscribe")
    assert "Slack does not say now whether you manage this workspace: try again in a minute." in view.reads


async def test_a_view_that_slack_refuses_leaves_nobody_waiting(stage: ModalStage) -> None:
    stage.slack.faults.plan(Fault(Kind.ERROR, "views.update", error="invalid_arguments"))
    view = await stage.typed(stage.ada, "subscribe")
    assert "Slack does not take the answer" in view.reads


class Gate:
    """Holds the commands back until it is opened."""

    def __init__(self, stage: ModalStage) -> None:
        self._run = stage.world.news.run
        self.opened = asyncio.Event()

    async def run(self, request: Request) -> Reply:
        if request.verb != "home":
            await self.opened.wait()
        return await self._run(request)


async def test_a_slow_answer_is_announced_and_comes_later(monkeypatch: pytest.MonkeyPatch) -> None:
    async with modal_stage(soon=0) as stage:
        gate = Gate(stage)
        view = await stage.typed(stage.ada, "subscribe what:all")
        monkeypatch.setattr(stage.world.news, "run", gate.run)
        await stage.submit(view, stage.ada)
        assert view.reads == "One moment…"
        gate.opened.set()
        await stage.drained()
        assert "Subscribed" in view.reads


async def test_an_answer_that_overtakes_its_announcement_is_not_covered_by_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The announcement travels in the acknowledgement: Slack may take it after we have the answer."""
    async with modal_stage(soon=0) as stage:
        view = await stage.typed(stage.ada, "subscribe what:all")
        asker = Asker(stage.team.id, stage.ada.id)
        paused = asyncio.Event()
        resumed = asyncio.Event()

        async def sleep(_delay: timedelta) -> None:
            paused.set()
            await resumed.wait()

        monkeypatch.setattr(stage.world.clock, "sleep", sleep)
        answer = await stage.modals.submitted(asker, submission(view, stage, {}))
        await paused.wait()
        assert [call.answer for call in stage.slack.record.asked("views.update")][-1] == "not_found"
        assert answer
        stage.slack.state.views.change(view, answer["view"])
        resumed.set()
        await stage.drained()
        assert "Subscribed" in view.reads


async def test_an_answer_to_a_modal_that_was_closed_is_given_up() -> None:
    async with modal_stage(soon=0) as stage:
        view = await stage.typed(stage.ada, "subscribe what:all")
        asker = Asker(stage.team.id, stage.ada.id)
        await stage.modals.submitted(asker, submission(view, stage, {}))
        await stage.drained()
        assert [call.answer for call in stage.slack.record.asked("views.update")][-7:] == ["not_found"] * 7
        assert "new1" in stage.world.subscriptions.rows


async def test_a_slow_answer_to_a_button_is_announced_too(monkeypatch: pytest.MonkeyPatch) -> None:
    async with modal_stage(soon=0) as stage:
        view = await stage.typed(stage.ada, "status")
        gate = Gate(stage)
        monkeypatch.setattr(stage.world.news, "run", gate.run)
        body = actions(view, stage, {}, action={"action_id": "news:1", "value": "help"})
        pressed = asyncio.create_task(stage.modals.chosen(Asker(stage.team.id, stage.ada.id), body))
        await stage.slack.record.changed(lambda: view.reads == "One moment…")
        gate.opened.set()
        await pressed
        assert "What you can ask" in view.reads


def more(view: View) -> str:
    """The label of the button that leads to the next page; empty on the last."""
    return next(iter(re.findall(r"\[(More \([^]]*)\]", view.reads)), "")


def overheard(stage: ModalStage) -> list[Request]:
    """Every request from now on."""
    requests: list[Request] = []
    run = stage.world.news.run

    async def heard(request: Request) -> Reply:
        requests.append(request)
        return await run(request)

    stage.world.news.run = heard  # type: ignore[method-assign]  # it listens, and changes nothing
    return requests


def submission(view: View, stage: ModalStage, values: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "view_submission", "team": {"id": stage.team.id}, "view": view.shown(values)}


def actions(
    view: View, stage: ModalStage, values: Mapping[str, Any], action: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    pressed = action or {"action_id": "more"}
    return {"team": {"id": stage.team.id}, "view": view.shown(values), "actions": [pressed]}
