from digestbot.domain.story import Quote, Status, Story
from tests.unit.commands.world import MEMBER, World, at


async def test_quotes_are_shown_with_when_and_where_they_come_from(world: World) -> None:
    assert await world.told("quotes Ottoline Vancejoy", MEMBER) == (
        "Ottoline Vancejoy\n"
        "“This is for the trombone”\n"
        "— before playing\n"
        "A speech dedicated to a trombone (1), May 25, 2026\n"
        "“We counted them twice”\n"
        "— on stage\n"
        "The Umbrella Accountants wins three prizes (2), May 24, 2026\n"
        "[Story 1: story gala-speech] [Story 2: story gala-winners]"
    )


async def test_a_part_of_a_name_is_enough_if_only_one_has_it(world: World) -> None:
    assert (await world.told("quotes bram")).startswith("Bram Vancejoy\n“I heard nothing”\n")
    assert await world.told("quotes vancejoy") == (
        "Several people match ‘vancejoy’: Ottoline Vancejoy, Bram Vancejoy. Say which."
    )


async def test_an_unknown_speaker_gets_a_hint(world: World) -> None:
    assert await world.told("quotes Bram Vancejoi") == (
        "Nobody called ‘Bram Vancejoi’ is quoted. Did you mean ‘Bram Vancejoy’?"
    )
    assert await world.told("quotes Ludo Tindersnap") == "Nobody called ‘Ludo Tindersnap’ is quoted."


async def test_a_paraphrase_is_no_quote(world: World) -> None:
    assert await world.told("quotes Clementina Spotlight") == (
        "Clementina Spotlight is not quoted word for word in any story."
    )


async def test_hidden_quotes_stand_behind_the_spoiler(world: World) -> None:
    lines = (await world.told("quotes bram spoilers:hide")).splitlines()
    assert lines == [
        "Bram Vancejoy",
        "|“I heard nothing”",
        "|A speech dedicated to a trombone (1)",
        "[Story 1: story gala-speech]",
    ]


async def test_search_says_how_many_it_found_and_leads_to_each(world: World) -> None:
    assert await world.told("search trombone", MEMBER) == (
        "1 story for “trombone”\n"
        "1. A speech dedicated to a trombone, Example Gala 2026, May 25, 2026\n"
        "[Story 1: story gala-speech]"
    )


async def test_search_hides_headlines_behind_the_spoiler(world: World) -> None:
    assert await world.told("search trombone hat spoilers:hide") == (
        "2 stories for “trombone hat”\n"
        "1. A story with results, May 31, 2026\n"
        "|Votes are found in a hat\n"
        "2. Example Gala 2026, May 25, 2026\n"
        "|A speech dedicated to a trombone\n"
        "[Story 1: story late-vote] [Story 2: story gala-speech]"
    )


async def test_search_puts_buttons_in_rows_of_five_and_says_if_there_may_be_more(world: World) -> None:
    many = [
        Story(id=f"many-{n:02}", headline=f"Zebra {n}", published=at("2026-05-01T00:00"), status=Status.PUBLISHED)
        for n in range(60)
    ]
    world.stories.put(*many)
    lines = (await world.told("search zebra")).splitlines()
    assert lines[0] == "50 or more stories for “zebra”"
    assert [line.count("[") for line in lines if line.startswith("[")] == [5] * 10


async def test_search_finds_nothing_in_other_words_than_a_fault(world: World) -> None:
    reply = await world.ask("search xyzzy")
    assert not reply.mistake
    assert await world.told("search xyzzy") == "No story holds ‘xyzzy’. Fewer or other words may find more."


async def test_what_is_looked_for_must_fit_a_button(world: World) -> None:
    assert await world.told(f"search {'x' * 81}") == "`words` is too long: 80 characters are enough to find something."
    assert await world.told("search") == "`search` needs its `words`: what to look for."


async def test_quotes_of_one_story_share_a_button(world: World) -> None:
    said = tuple(Quote(text=f"Line {n}", speaker="Pip Undertone") for n in range(3))
    story = Story(id="three", headline="Three", published=at("2026-05-01T00:00"), status=Status.PUBLISHED, quotes=said)
    world.stories.put(story)
    lines = (await world.told("quotes Pip Undertone")).splitlines()
    assert lines[-1] == "[Story 1: story three]"
    assert lines.count("Three (1), May 1, 2026") == 3
