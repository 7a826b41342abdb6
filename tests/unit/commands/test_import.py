"""`/news export` and `/news import`."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digestbot.commands.subscribe import alike
from digestbot.domain.command import Reply, Request
from digestbot.domain.cron import Cron
from digestbot.domain.delivery import DeliveryState
from digestbot.domain.filter import KINDS, Filter, Term, parse_filter
from digestbot.domain.paging import paginate
from digestbot.domain.place import Channel, Member, Place
from digestbot.domain.schedule import Cadence, QuietHours, Weekly, parse_cadence
from digestbot.domain.slug import slug
from digestbot.domain.story import Importance
from digestbot.domain.subscription import Doubt, Look, Spoilers, State, Subscription, TenantSettings
from digestbot.platforms.discord.measure import ComponentsMeasure
from digestbot.rendering.renderer import Renderer
from tests.fakes import FakeChannels, FakeSubscriptions
from tests.unit.commands.world import (
    ADMIN,
    DAILY,
    ELSEWHERE,
    INSTANT,
    MEMBER,
    MUSIC,
    NEWS,
    NOW,
    SPEECH,
    THEIRS,
    World,
    text_of,
)

NOTHING_CHANGED = "Nothing was changed. Give the same file again with apply:yes to make it so."


async def exported(world: World, place: Place = NEWS) -> str:
    file = (await world.ask("export", place=place)).file
    assert file is not None
    return file.text


async def imported(
    world: World, text: str, member: Member = ADMIN, place: Place = NEWS, **options: str
) -> tuple[Reply, list[str]]:
    request = Request(place=place, member=member, verb="import", options={"file": text, **options})
    reply = await world.news.run(request)
    return reply, text_of(reply.card).splitlines()


def rows(world: World) -> dict[str, Subscription]:
    return dict(world.subscriptions.rows)


# --- export


async def test_export_answers_with_a_file_and_a_short_card(world: World) -> None:
    reply = await world.ask("export")
    assert text_of(reply.card).splitlines()[0] == "2 subscriptions"
    assert (reply.private, reply.mistake) == (True, False)
    assert reply.file is not None
    assert reply.file.name == "subscriptions.yaml"
    assert "channel: c2  # music\n" in reply.file.text


async def test_export_holds_nothing_of_another_tenant(world: World) -> None:
    assert "their4" not in await exported(world)
    assert "daily2" not in await exported(world, ELSEWHERE)


# --- the difference


async def test_what_was_exported_is_unchanged_when_imported(world: World) -> None:
    before = rows(world)
    reply, lines = await imported(world, await exported(world), apply="yes", prune="yes")
    assert lines == ["Nothing is different", "2 subscriptions stay as they are."]
    assert (rows(world), world.changes, reply.mistake, reply.file) == (before, 0, False, None)


CHANGED = (
    "Changed daily2 in #music: channel news → music; what all → topic:music; when daily 09:00 → daily 09:00; daily"
    " 18:00; limit 20 → 5"
)
SHEET = """\
settings: {timezone: europe/paris, spoilers: hide}
subscriptions:
  - {id: DAILY2, channel: "#music", what: "topic:music", when: daily 9:00; daily 18:00, limit: 5, spoilers: show}
  - {channel: news, what: "event:gala-2026", template: Event, mention: "@music", state: paused}
"""


async def test_without_apply_the_difference_is_shown_and_nothing_is_changed(world: World) -> None:
    before = rows(world)
    reply, lines = await imported(world, SHEET)
    assert lines == [
        "What would change",
        "Settings, timezone: UTC → Europe/Paris",
        "Settings, spoilers: show → hide",
        CHANGED,
        "New in #news: stories of the event ‘gala-2026’, each as soon as it is out; paused",
        "Kept music3 in #music, which the file does not name: stories about ‘music’, each as soon as it is out",
        NOTHING_CHANGED,
        "What the file does not name is kept; prune:yes ends it.",
    ]
    assert (rows(world), world.subscriptions.tenants, world.changes) == (before, {}, 0)
    assert (reply.private, reply.mistake) == (True, False)


async def test_with_apply_the_sheet_is_followed(world: World) -> None:
    _, lines = await imported(world, SHEET, apply="yes")
    assert (lines[0], NOTHING_CHANGED in lines) == ("Imported", False)
    assert world.subscriptions.tenants["sandbox", "here"] == TenantSettings(zone="Europe/Paris", spoilers="hide")
    assert world.subscriptions.rows["daily2"] == replace(
        DAILY,
        place=MUSIC,
        filter=parse_filter("topic:music"),
        cadence=parse_cadence("daily 09:00; daily 18:00"),
        limit=5,
        since=datetime(2026, 6, 1, 7, 0, tzinfo=UTC),
        next_due=datetime(2026, 6, 1, 16, 0, tzinfo=UTC),
    )
    assert world.subscriptions.rows["new1"] == Subscription(
        id="new1",
        place=NEWS,
        filter=parse_filter("event:gala-2026"),
        cadence=Cadence(),
        since=NOW,
        zone="Europe/Paris",
        look=Look(template="event", spoilers=Spoilers.HIDE, zone="Europe/Paris", mention="@music"),
        state=State.PAUSED,
        created_by="u1",
    )
    assert world.subscriptions.rows["music3"] == INSTANT
    assert world.changes == 1


async def test_a_sheet_given_twice_changes_nothing_the_second_time(world: World) -> None:
    await imported(world, SHEET, apply="yes")
    after = rows(world)
    _, lines = await imported(world, SHEET, apply="yes")
    assert lines[0] == "Nothing is different"
    assert (rows(world), world.changes) == (after, 1)


async def test_prune_ends_what_the_file_does_not_name(world: World) -> None:
    text = "subscriptions: [{id: music3, channel: c2, what: 'topic:music'}]"
    _, lines = await imported(world, text, prune="yes")
    assert lines == [
        "What would change",
        "Ended daily2 in #news: all stories, every day at 09:00",
        "1 subscription stays as it is.",
        "Nothing was changed. Give the same file again with apply:yes and prune:yes to make it so.",
    ]
    await imported(world, text, apply="yes", prune="yes")
    assert world.subscriptions.rows["daily2"] == replace(DAILY, state=State.ENDED, next_due=None)
    assert world.subscriptions.rows["music3"] == INSTANT


async def test_a_new_one_begins_now_and_is_due_at_its_next_time(world: World) -> None:
    await imported(world, "subscriptions: [{channel: news, what: all, when: daily 15:00}]", apply="yes")
    new = world.subscriptions.rows["new1"]
    assert (new.since, new.next_due) == (NOW, datetime(2026, 6, 1, 15, 0, tzinfo=UTC))


async def test_a_paused_one_that_is_active_again_begins_now(world: World) -> None:
    world.subscriptions.rows["daily2"] = replace(DAILY, state=State.PAUSED, next_due=None)
    text = "subscriptions: [{id: daily2, channel: c1, what: all, when: daily 09:00, timezone: Europe/Paris}]"
    await imported(world, text, apply="yes")
    assert world.subscriptions.rows["daily2"] == replace(DAILY, since=NOW)


async def test_an_active_one_can_be_paused(world: World) -> None:
    text = "subscriptions: [{id: music3, channel: c2, what: 'topic:music', state: paused}]"
    _, lines = await imported(world, text, apply="yes")
    assert lines[1] == "Changed music3 in #music: state active → paused"
    assert world.subscriptions.rows["music3"] == replace(INSTANT, state=State.PAUSED)


@pytest.mark.parametrize(("state", "posts"), [("active", ["gala-speech", "late-vote"]), ("paused", [])])
async def test_stories_that_waited_for_a_digest_are_posted_at_once_unless_it_is_paused(
    world: World, state: str, posts: list[str]
) -> None:
    world.subscriptions.rows["daily2"] = replace(DAILY, since=SPEECH.published - timedelta(minutes=1))
    await imported(world, f"subscriptions: [{{id: daily2, channel: c1, what: all, state: {state}}}]", apply="yes")
    assert sorted(carried.story for row in world.ledger.rows.values() for carried in row.stories) == posts
    assert {row.state for row in world.ledger.rows.values()} <= {DeliveryState.PLANNED}


async def test_a_template_that_is_no_more_stays_where_it_is_used_and_cannot_be_chosen_anew(world: World) -> None:
    world.subscriptions.rows["music3"] = replace(INSTANT, look=Look(template="gone"))
    text = await exported(world)
    assert "template: gone" in text
    assert (await imported(world, text))[1][0] == "Nothing is different"
    _, lines = await imported(world, text.replace("id: music3", "id: unknown"))
    assert "There is no template ‘gone’." in lines[1]


async def test_a_typo_or_foresight_is_named(world: World) -> None:
    _, lines = await imported(world, "subscriptions: [{channel: news, what: 'event:gala-2027'}]")
    assert "No story carries ‘event:gala-2027’ yet. Did you mean ‘gala-2026’?" in lines


# --- what cannot be

NO_FILTER = (
    "“topc:music” is not something to subscribe to: write `all`, `event:…`, `topic:…`, `person:…` or `importance:…`,"
    " several with commas, `-topic:…` to leave one out."
)


async def test_every_problem_is_told_at_once_and_nothing_is_changed(world: World) -> None:
    before = rows(world)
    text = """\
settings: {timezone: Europe/Pari, locale: xx-yy}
subscriptions:
  - {id: daily2, channel: nwes, what: "topc:music", when: daily 25:00}
  - {id: daily2, channel: c1, what: all, doubt: ask, state: ended, limit: 99, empty: perhaps}
  - {channel: c1, wat: all}
"""
    reply, lines = await imported(world, text, apply="yes", prune="yes")
    assert (reply.mistake, reply.private, rows(world), world.changes) == (True, True, before, 0)
    assert reply.file is not None
    assert lines[0] == "12 problems in the file"
    assert "And 4 more: the file beside this names them all." in lines
    assert [line.split(": ", 1) for line in reply.file.text.splitlines()] == [
        ["subscriptions.yaml:1:22", "There is no time zone “Europe/Pari”. Did you mean `Europe/Paris`?"],
        ["subscriptions.yaml:1:43", "There is no locale ‘xx-yy’: write it as `en`, `de` or `pt-BR`."],
        ["subscriptions.yaml:3:27", "There is no channel ‘nwes’ here. Did you mean ‘news’?"],
        [
            "subscriptions.yaml:3:39",
            NO_FILTER,
        ],
        ["subscriptions.yaml:3:59", "“25:00” is no time of day: write it as `09:00` or `18:30`."],
        ["subscriptions.yaml:4:10", "“daily2” stands here twice: take one of the two out."],
        ["subscriptions.yaml:4:49", "`doubt` is one of hold, resend, not ‘ask’."],
        [
            "subscriptions.yaml:4:61",
            "`state` is active or paused, not ‘ended’. `prune:yes` ends those that the file does not name.",
        ],
        ["subscriptions.yaml:4:75", "`limit` is a whole number from 1 to 50, not ‘99’."],
        ["subscriptions.yaml:4:86", "`empty` is yes or no, not ‘perhaps’."],
        ["subscriptions.yaml:5:5", "“what” is missing: say which stories it gets, such as `all` or `topic:music`."],
        ["subscriptions.yaml:5:19", "There is no key “wat” here. Did you mean ‘what’?"],
    ]


async def test_a_time_that_is_none_and_two_that_say_the_same_are_problems(world: World) -> None:
    _, lines = await imported(
        world,
        "subscriptions:\n- {channel: c1, what: all, when: 0 9 31 2 *}\n"
        "- {channel: c1, what: 'topic:a'}\n- {channel: news, what: 'Topic:A'}\n",
    )
    assert lines == [
        "2 problems in the file",
        "Line 2, column 34: “0 9 31 2 *” is no cron expression: bad day-of-month.",
        "Line 4, column 3: This subscription says the same as one above: take one of the two out.",
        "Nothing was changed.",
    ]


async def test_the_quota_is_kept(renderer: Renderer) -> None:
    world = World(renderer=renderer, quota=2)
    new = "subscriptions: [{channel: c1, what: 'topic:film'}]"
    _, lines = await imported(world, new, apply="yes")
    assert "\n".join(lines) == (
        "There would be 3 subscriptions, and 2 is the most: take some out of the file, or end those that it does not"
        " name with `prune:yes`."
    )
    three = "subscriptions: [{channel: c1, what: 'topic:a'}, {channel: c1, what: 'topic:b'}, {channel: c1, what: all}]"
    _, lines = await imported(world, three, apply="yes", prune="yes")
    assert lines[1] == "Line 1, column 16: There are 3 subscriptions here, and 2 is the most."
    assert world.changes == 0
    _, lines = await imported(world, new, apply="yes", prune="yes")
    assert lines[0] == "Imported"


@pytest.mark.parametrize("text", ["#" * 65_537, "é" * 32_769])
async def test_a_file_over_64_kib_is_refused(world: World, text: str) -> None:
    assert (await imported(world, text))[1] == ["`file` is too large: it has at most 64 KiB."]


async def test_other_options_keep_their_500_characters(world: World) -> None:
    _, lines = await imported(world, "subscriptions: []", apply="y" * 501)
    assert lines == ["`apply` is too long: it has at most 500 characters."]


async def test_a_large_file_stays_out_of_the_cards_commands(world: World) -> None:
    many = "".join(f"- {{channel: c1, what: 'topic:t{number}'}}\n" for number in range(40))
    reply, lines = await imported(world, f"subscriptions:\n{many}")
    assert "And 34 more: the file beside this names them all." in lines
    assert reply.file is not None
    assert (reply.file.name, reply.file.text.count("\n")) == ("difference.txt", 43)
    assert "new in c1 (news): topic:t39, instant\n" in reply.file.text
    assert reply.card.command is None
    assert len(paginate(reply.card, ComponentsMeasure(reply.card))) == 1


async def test_the_card_of_any_sheet_fits_one_page(world: World) -> None:
    long = ", ".join(f"topic:{'a' * 90}{number}" for number in range(15))
    first, _ = await imported(world, "".join(f"- {{channel: c1, what: '{long}, topic:{n}'}}\n" for n in range(30)))
    second, _ = await imported(
        world, "subscriptions:\n" + "".join(f"- {{channel: c1, what: '{long}, topic:{n}'}}\n" for n in range(30))
    )
    third, _ = await imported(world, f"subscriptions: [{{id: daily2, channel: c1, what: '{long}'}}]")
    assert [reply.mistake for reply in (first, second, third)] == [True, False, False]
    assert third.file is not None
    assert long in third.file.text
    for reply in (first, second, third):
        assert len(paginate(reply.card, ComponentsMeasure(reply.card))) == 1


# --- who, and where


async def test_a_member_is_refused(world: World) -> None:
    before = rows(world)
    _, lines = await imported(world, "subscriptions: []", MEMBER, apply="yes", prune="yes")
    assert lines == ["Only those who manage this place may use `import`: ask one of them."]
    assert (await world.ask("export", MEMBER)).file is None
    assert rows(world) == before


async def test_another_tenant_s_id_is_as_unknown_as_one_that_never_was(world: World) -> None:
    text = "subscriptions: [{{id: {id}, channel: c1, what: 'topic:film', when: daily 09:00}}]"
    theirs, none = [(await imported(world, text.format(id=id_)))[1] for id_ in ("their4", "xhezr9")]
    assert theirs == none
    assert "New in #news: stories about ‘film’, every day at 09:00 (UTC)" in theirs
    await imported(world, text.format(id="their4"), apply="yes", prune="yes")
    assert world.subscriptions.rows["their4"] == THEIRS
    assert world.subscriptions.rows["new1"].place == NEWS


async def test_another_tenant_s_channel_is_not_to_be_had(world: World) -> None:
    _, lines = await imported(world, "subscriptions: [{channel: c9, what: all}]", apply="yes")
    assert lines[1] == "Line 1, column 27: There is no channel ‘c9’ here. Give the id of one that the bot can see."


async def test_an_ended_one_s_id_is_not_used_again(world: World) -> None:
    world.subscriptions.rows["music3"] = replace(INSTANT, state=State.ENDED)
    await imported(world, "subscriptions: [{id: music3, channel: c2, what: 'topic:music'}]", apply="yes")
    assert world.subscriptions.rows["music3"].state is State.ENDED
    assert world.subscriptions.rows["new1"].filter == INSTANT.filter


async def test_a_file_of_one_tenant_makes_the_same_in_another_with_new_ids(world: World) -> None:
    text = await exported(world)
    channels = FakeChannels({"there": [Channel("c1", "news"), Channel("c2", "music")]})
    world.desk = replace(world.desk, channels={"sandbox": channels})
    world.news = type(world.news)(world.desk)
    await imported(world, text, place=ELSEWHERE, apply="yes")
    new = [world.subscriptions.rows[id_] for id_ in ("new1", "new2")]
    assert [(each.place.tenant, str(each.filter), str(each.cadence), each.zone) for each in new] == [
        ("there", "all", "daily 09:00", "Europe/Paris"),
        ("there", "topic:music", "instant", "UTC"),
    ]


async def test_two_imports_at_once_make_one_subscription(world: World) -> None:
    text = "subscriptions: [{channel: c1, what: 'topic:film'}]"
    await asyncio.gather(imported(world, text, apply="yes"), imported(world, text, apply="yes"))
    assert {"new1"} == rows(world).keys() - {"daily2", "music3", "their4"}


# --- everything that a subscription can be

SLUGS = st.text(max_size=20).map(slug).filter(bool)
TERMS = st.one_of(
    st.builds(Term, st.sampled_from([kind for kind in KINDS if kind != "importance"]), SLUGS),
    st.builds(Term, st.just("importance"), st.sampled_from([str(each) for each in Importance])),
)
FILTERS = st.builds(
    Filter,
    st.lists(st.lists(TERMS, min_size=1, max_size=3).map(tuple), max_size=3, unique=True).map(tuple),
    st.lists(TERMS, max_size=3, unique=True).map(tuple),
)
TIMES = st.builds(time, st.integers(0, 23), st.integers(0, 59))
DAYS = st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days)))
CRONS = st.sampled_from(["*/5 * * * *", "0 9 * * mon-fri", "0 9 1,15 * *", "30 7 * * 1#1"]).map(Cron)
CADENCES = st.builds(Cadence, st.lists(st.builds(Weekly, TIMES, DAYS) | CRONS, max_size=3, unique=True).map(tuple))
QUIETS = st.none() | st.builds(QuietHours, TIMES, TIMES).filter(lambda hours: hours.start != hours.end)
ZONES = st.sampled_from(["UTC", "Europe/Paris", "America/St_Johns", "Asia/Kathmandu", "Etc/GMT+5"])
LOOKS = st.builds(
    Look,
    template=st.sampled_from([None, "card", "compact", "event"]),
    layout=st.sampled_from([None, "embed"]),
    spoilers=st.just(Spoilers.HIDE),
    spoiler_hours=st.none() | st.integers(1, 720),
    locale=st.sampled_from(["en", "de", "pt_BR", "zh_Hans_CN", "no"]),
    mention=st.sampled_from([None, "@music", "@null", "<@&123>", "<!subteam^S01>", "null", "1024", "Ünï-cöde"]),
    pictures=st.booleans(),
) | st.builds(Look)
LATE = st.builds(timedelta, minutes=st.integers(0, 30 * 24 * 60))


@st.composite
def subscriptions(draw: st.DrawFn) -> Subscription:
    zone = draw(ZONES)
    state = draw(st.sampled_from([State.ACTIVE, State.PAUSED]))
    cadence = draw(CADENCES)
    due = NOW + timedelta(hours=1) if state is State.ACTIVE and not cadence.instant else None
    return Subscription(
        id=draw(st.text("abcdefghjkmnpqrstvwxyz23456789", min_size=6, max_size=6)),
        place=draw(st.sampled_from([NEWS, MUSIC])),
        filter=draw(FILTERS),
        cadence=cadence,
        since=NOW - timedelta(days=1),
        zone=zone,
        quiet=draw(QUIETS),
        catch_up=draw(LATE),
        look=replace(draw(LOOKS), zone=zone),
        doubt=draw(st.sampled_from(Doubt)),
        limit=draw(st.integers(1, 50)),
        empty=draw(st.booleans()),
        state=state,
        next_due=due,
        created_by="u1",
    )


TENANTS = st.builds(
    TenantSettings,
    zone=ZONES,
    locale=st.sampled_from(["en", "pt_BR", "no"]),
    spoilers=st.sampled_from(["show", "hide", "hide 24h"]),
)
SETS = st.lists(subscriptions(), max_size=4, unique_by=lambda each: each.id)
SLOW = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


def world_of(renderer: Renderer, there: list[Subscription], tenant: TenantSettings) -> World:
    world = World(renderer=renderer, subscriptions=FakeSubscriptions(*there))
    world.subscriptions.tenants["sandbox", "here"] = tenant
    return world


@SLOW
@given(there=SETS, tenant=TENANTS)
async def test_whatever_is_exported_is_unchanged_when_imported(
    renderer: Renderer, there: list[Subscription], tenant: TenantSettings
) -> None:
    world = world_of(renderer, there, tenant)
    reply, lines = await imported(world, await exported(world), apply="yes", prune="yes")
    assert (lines[0], reply.mistake) == ("Nothing is different", False)
    assert (rows(world), world.changes) == ({each.id: each for each in there}, 0)


@SLOW
@given(there=SETS, tenant=TENANTS, usual=TENANTS)
async def test_whatever_is_exported_can_be_made_anew_elsewhere(
    renderer: Renderer, there: list[Subscription], tenant: TenantSettings, usual: TenantSettings
) -> None:
    different = [each for each in there if not any(alike(each, other) for other in there if other is not each)]
    text = await exported(world_of(renderer, different, tenant))
    world = world_of(renderer, [], usual)
    reply, _ = await imported(world, text, apply="yes")
    assert not reply.mistake
    made = {_said(each) for each in world.subscriptions.rows.values()}
    assert made == {_said(each) for each in different}
    assert await world.subscriptions.settings("sandbox", "here") == tenant


def _said(each: Subscription) -> tuple[object, ...]:
    """All but what every subscription has for itself."""
    return (
        *(each.place, each.filter, each.cadence, each.zone, each.quiet, each.catch_up, each.look),
        *(each.doubt, each.limit, each.empty, each.state),
    )
