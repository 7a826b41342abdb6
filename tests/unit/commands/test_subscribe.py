import asyncio
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from digestbot.commands.desk import new_id
from digestbot.commands.wishes import parse_catch_up, parse_what
from digestbot.domain.delivery import Carried, DeliveryState
from digestbot.domain.filter import Filter, Term
from digestbot.domain.place import Channel
from digestbot.domain.schedule import Cadence, QuietHours, Weekly
from digestbot.domain.subscription import Doubt, Look, Spoilers, State, Subscription, TenantSettings
from digestbot.errors import UserMistake
from tests.fakes import FakeChannels, FakeSubscriptions
from tests.unit.commands.world import DAILY, ELSEWHERE, MUSIC, NEWS, NOW, World


async def test_a_subscription_says_in_words_what_will_happen(world: World) -> None:
    line = 'subscribe all when:"daily 09:00" timezone:Europe/Paris channel:music'
    assert (await world.told(line)).splitlines() == [
        "Subscribed",
        "#music will get all stories, every day at 09:00 (Europe/Paris); first at Jun 2, 2026, 9:00 AM GMT+02:00.",
        "Id new1",
        "[Preview: preview new1] [Backtest: backtest new1] [All subscriptions: subscriptions]",
    ]


async def test_a_subscription_starts_now_with_the_place_s_defaults(world: World) -> None:
    world.subscriptions.tenants["sandbox", "here"] = TenantSettings(
        zone="Europe/Paris", locale="fr", spoilers="hide 24h"
    )
    await world.ask("subscribe topic:music")
    assert world.subscriptions.rows["new1"] == Subscription(
        id="new1",
        place=NEWS,
        filter=Filter(((Term("topic", "music"),),)),
        cadence=Cadence(),
        since=NOW,
        zone="Europe/Paris",
        look=Look(spoilers=Spoilers.HIDE, spoiler_hours=24, locale="fr", zone="Europe/Paris"),
        created_by="u1",
    )
    assert world.changes == 1


async def test_every_option_finds_its_place(world: World) -> None:
    await world.ask(
        'subscribe event:gala-2026+importance:high, -topic:film when:"weekly mon,thu 18:30" channel:#music '
        "timezone:america/new_york template:compact layout:embed spoilers:hide mention:<@&42> locale:pt-br "
        "style:default catchup:2d quiet:22:00-07:00 limit:5 empty:yes doubt:resend pictures:no"
    )
    assert world.subscriptions.rows["new1"] == Subscription(
        id="new1",
        place=MUSIC,
        filter=Filter(((Term("event", "gala-2026"), Term("importance", "high")),), (Term("topic", "film"),)),
        cadence=Cadence((Weekly(time(18, 30), (0, 3)),)),
        since=NOW,
        zone="America/New_York",
        quiet=QuietHours(time(22), time(7)),
        catch_up=timedelta(days=2),
        look=Look(
            template="compact",
            layout="embed",
            spoilers=Spoilers.HIDE,
            locale="pt_BR",
            zone="America/New_York",
            mention="<@&42>",
            pictures=False,
        ),
        doubt=Doubt.RESEND,
        limit=5,
        empty=True,
        next_due=datetime(2026, 6, 1, 22, 30, tzinfo=UTC),
        created_by="u1",
    )


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (
            "subscribe",
            "`subscribe` needs its `what`: all, event:…, topic:…, person:…, several with commas, -topic:… excludes.",
        ),
        ("subscribe music", "“music” is not something to subscribe to"),
        ("subscribe importance:huge", "“huge” is no importance: take low, normal, high, urgent."),
        (f"subscribe topic:{'x' * 101}", "is too long: a name has at most 100 characters."),
        ("subscribe all when:sometimes", "“sometimes” is no time to post"),
        ('subscribe all when:"0 0 31 4 *"', "is no cron expression: bad day-of-month."),
        ("subscribe all timezone:Europe/Pari", "There is no time zone “Europe/Pari”. Did you mean `Europe/Paris`?"),
        ("subscribe all channel:misic", "There is no channel ‘misic’ here. Did you mean ‘music’?"),
        (
            "subscribe all channel:x",
            "There is no channel ‘x’ here. Name one that the bot can see, or leave `channel` out to take this one.",
        ),
        ("subscribe all template:compat", "There is no template ‘compat’. Did you mean ‘compact’?"),
        (
            "subscribe all template:xyz",
            "There is no template ‘xyz’. Take one of card, compact, default, digest, event, winners.",
        ),
        ("subscribe all layout:xyz", "There is no layout ‘xyz’. Take one of default, embed."),
        ("subscribe all spoilers:maybe", "`spoilers` is `show`, `hide` or `hide 24h`, not ‘maybe’."),
        (
            'subscribe all spoilers:"hide 0h"',
            "Spoilers can be hidden for 1 to 720 hours; `hide` alone never shows them.",
        ),
        ("subscribe all mention:@everyone", "Only a role or a user group can be mentioned, not everyone"),
        ("subscribe all mention:here", "Only a role or a user group can be mentioned, not everyone"),
        ('subscribe all mention:"<@&1> <@&2>"', "is no role or user group: pick one with @, or write `none`."),
        ("subscribe all mention:<@42>", "‘<@42>’ is no role or user group"),
        ("subscribe all locale:klingon", "There is no locale ‘klingon’: write it as `en`, `de` or `pt-BR`."),
        ("subscribe all catchup:soon", "`catchup` is `6h`, `2d` or `none`, at most thirty days, not ‘soon’."),
        ("subscribe all quiet:late", "Write quiet hours as `22:00-07:00`, or `none`."),
        ("subscribe all limit:51", "`limit` is a whole number from 1 to 50, not ‘51’."),
        ("subscribe all empty:perhaps", "`empty` is yes or no, not ‘perhaps’."),
        ("subscribe all doubt:panic", "`doubt` is one of hold, resend, not ‘panic’."),
        ("subscribe all latest:soon", "`latest` is yes or no, not ‘soon’."),
        (f"subscribe {'topic:x, ' * 60}", "`what` is too long: it has at most 500 characters."),
    ],
)
async def test_a_mistake_writes_nothing(world: World, line: str, sentence: str) -> None:
    reply = await world.ask(line)
    assert sentence in await world.told(line)
    assert (reply.mistake, reply.private) == (True, True)
    assert set(world.subscriptions.rows) == {"daily2", "music3", "their4"}
    assert world.changes == 0


async def test_what_no_story_carries_is_subscribed_with_a_warning(world: World) -> None:
    lines = (await world.told("subscribe topic:musik, event:galaxy, -person:Ludo Tindersnap")).splitlines()
    assert lines[2:4] == [
        "No story carries ‘topic:musik’ yet. Did you mean ‘music’?",
        "No story carries ‘event:galaxy’ yet. It will wait for the first.",
    ]
    assert "new1" in world.subscriptions.rows


async def test_every_kind_of_term_is_said_in_words(world: World) -> None:
    told = await world.told("subscribe person:Bram Vancejoy+importance:high, importance:urgent, -topic:film, -topic:x")
    assert told.splitlines()[1] == (
        "#news will get stories with ‘bram-vancejoy’ and of high importance or higher or of urgent importance,"
        " but none about ‘film’ or about ‘x’, each as soon as it is out."
    )


async def test_the_same_again_is_not_subscribed_twice(world: World) -> None:
    line = 'subscribe topic:music, topic:film when:"daily 09:00"'
    both = await asyncio.gather(world.told(line), world.told('subscribe topic:film, topic:music when:"daily 9:00"'))
    assert sorted(text.splitlines()[0] for text in both) == ["Already subscribed", "Subscribed"]
    assert set(world.subscriptions.rows) == {"daily2", "music3", "their4", "new1"}


async def test_a_double_click_subscribes_once_though_the_store_is_slow(world: World) -> None:
    class Slow(FakeSubscriptions):
        async def of_tenant(self, platform: str, tenant: str) -> list[Subscription]:
            there = [*await super().of_tenant(platform, tenant)]
            await asyncio.sleep(0)
            return there

    world.subscriptions = Slow()
    world.desk = replace(world.desk, subscriptions=world.subscriptions)
    world.__dict__["news"] = type(world.news)(world.desk)
    await asyncio.gather(*(world.ask("subscribe all") for _ in range(5)))
    assert len(world.subscriptions.rows) == 1


async def test_the_same_stories_in_another_look_come_with_a_warning(world: World) -> None:
    lines = (await world.told('subscribe all when:"daily 09:00" locale:fr')).splitlines()
    assert lines[0] == "Subscribed"
    assert "Subscription daily2 posts the same stories here at the same times: each comes twice." in lines


async def test_the_same_in_another_channel_or_workspace_is_nothing_of_the_kind(world: World) -> None:
    assert "comes twice" not in await world.told('subscribe all when:"daily 09:00" channel:music')
    assert "comes twice" not in await world.told("subscribe topic:film", place=ELSEWHERE)


async def test_a_place_has_a_quota(world: World) -> None:
    world.desk = replace(world.desk, quota=2)
    world.news = type(world.news)(world.desk)
    assert await world.told("subscribe topic:film") == (
        "There are 2 subscriptions here already, and 2 is the most: end one with `/news unsubscribe`."
    )
    assert (await world.told("subscribe topic:film", place=ELSEWHERE)).startswith("Subscribed")


async def test_the_newest_matching_story_is_posted_at_once_if_asked(world: World) -> None:
    assert "Now it gets the newest one: “A speech dedicated to a trombone”." in await world.told(
        'subscribe topic:awards when:"daily 09:00" latest:yes doubt:resend'
    )
    (row,) = world.ledger.rows.values()
    assert (row.subscription, row.occasion, row.place) == ("new1", "latest:gala-speech", NEWS)
    assert (row.state, row.due, row.stories) == (DeliveryState.PLANNED, NOW, (Carried("gala-speech", ""),))
    assert (row.look, row.doubt) == (world.subscriptions.rows["new1"].look, Doubt.RESEND)
    assert world.changes == 1


async def test_nothing_is_posted_at_once_where_nothing_matches(world: World) -> None:
    told = await world.told("subscribe topic:hushtopic latest:yes")
    assert "No story matches yet, so nothing is posted at once." in told
    assert not world.ledger.rows


async def test_without_being_asked_nothing_is_posted_at_once(world: World) -> None:
    await world.ask('subscribe all when:"daily 09:00" timezone:Asia/Tokyo')
    assert not world.ledger.rows


async def test_a_write_is_not_repeated_by_a_button(world: World) -> None:
    assert (await world.ask("subscribe topic:film")).card.command is None


async def test_slack_s_label_of_a_user_group_is_dropped(world: World) -> None:
    await world.ask('subscribe topic:film mention:"<!subteam^S0614TZR7|@music fans>"')
    assert world.subscriptions.rows["new1"].look.mention == "<!subteam^S0614TZR7>"


async def test_none_takes_a_mention_away(world: World) -> None:
    await world.ask("subscribe topic:film mention:none template:default")
    assert world.subscriptions.rows["new1"].look == Look()


async def test_a_platform_that_names_no_channels_takes_this_one(world: World) -> None:
    world.desk = replace(world.desk, channels={})
    world.news = type(world.news)(world.desk)
    assert "#c1 will get stories about ‘film’" in await world.told("subscribe topic:film")


async def test_channel_names_that_do_not_come_in_time_are_done_without(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stuck(FakeChannels):
        async def all(self, tenant: str) -> list[Channel]:
            await asyncio.Event().wait()
            return [Channel(tenant, tenant)]

    monkeypatch.setattr("digestbot.commands.channels.PATIENCE", 0)
    world.desk = replace(world.desk, channels={"sandbox": Stuck({})})
    world.news = type(world.news)(world.desk)
    assert "#c1 will get stories about ‘film’" in await world.told("subscribe topic:film")


def test_terms_side_by_side_are_alternatives() -> None:
    either = Filter(((Term("topic", "music"),), (Term("topic", "film"),)))
    assert parse_what("topic:music topic:film") == either
    assert parse_what("topic:music,topic:film") == either
    assert parse_what("all -topic:film") == Filter((), (Term("topic", "film"),))
    assert parse_what("topic:music + importance:high") == Filter(
        ((Term("topic", "music"), Term("importance", "high")),)
    )
    assert parse_what("person:John Legend Event:x") == Filter(((Term("person", "john-legend"),), (Term("event", "x"),)))


@pytest.mark.parametrize(
    ("text", "late"),
    [
        ("6h", timedelta(hours=6)),
        ("90 min", timedelta(minutes=90)),
        ("2 days", timedelta(days=2)),
        ("None", timedelta()),
    ],
)
def test_how_late_is_read_in_minutes_hours_and_days(text: str, late: timedelta) -> None:
    assert parse_catch_up(text) == late


@pytest.mark.parametrize("text", ["31d", "0h", "h", "6", "-6h", "99999d"])
def test_how_late_has_its_bounds(text: str) -> None:
    with pytest.raises(UserMistake):
        parse_catch_up(text)


def test_ids_are_six_letters_that_nobody_mistakes_for_others() -> None:
    ids = {new_id() for _ in range(200)}
    assert len(ids) == 200
    assert all(len(id_) == 6 and not set(id_) & set("ilou01") for id_ in ids)


async def test_an_ended_subscription_is_no_twin(world: World) -> None:
    world.subscriptions.rows["daily2"] = replace(DAILY, state=State.ENDED)
    line = 'subscribe all when:"daily 09:00" timezone:Europe/Paris'
    assert (await world.told(line)).startswith("Subscribed")
