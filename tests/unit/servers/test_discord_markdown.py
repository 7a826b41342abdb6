"""The reader's model of Discord's markdown."""

import pytest

from tests.servers.discord.markdown import read


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("# Title\n## Second\n-# small", "Title\nSecond\nsmall"),
        ("#hashtag\nnot # a title", "#hashtag\nnot # a title"),
        ("**bold** *thin* _thin_ __under__ ~~gone~~", "bold thin thin under gone"),
        ("***both***", "both"),
        ("snake_case_name 2*3*4", "snake_case_name 234"),
        ("- one\n  - two\n3. three", "• one\n• two\n3. three"),
        ("> said\n> twice\nplain", "said\ntwice\nplain"),
        (">>> all\nof it", "all\nof it"),
        ("`**code**` ```py\nx = 1```", "**code** x = 1"),
        (r"\*NSYNC \[x\](y) A$AP \# \||no\||", "*NSYNC [x](y) A$AP # ||no||"),
        ("<:star:123> </news latest:5> <t:0:R>", ":star: /news latest 1970-01-01T00:00:00+00:00"),
        ("<@1> <@&2> <#3> @everyone", "<@1> <@&2> <#3> @everyone"),
        ("**unclosed and ||unclosed", "**unclosed and ||unclosed"),
    ],
)
def test_what_a_reader_sees(text: str, seen: str) -> None:
    assert "".join(read(text).seen) == seen


@pytest.mark.parametrize(
    ("text", "seen", "hidden"),
    [
        ("Best: ||Khalid||!", "Best: !", "Khalid"),
        ("||**bold** [site](https://a.example)||", "", "bold site"),
        ("||two\nlines||", "", "two\nlines"),
        ("||a\\|\\|b||", "", "a||b"),
        ("**||in bold||**", "", "in bold"),
    ],
)
def test_what_stays_behind_spoilers(text: str, seen: str, hidden: str) -> None:
    reading = read(text)
    assert ("".join(reading.seen), "".join(reading.hidden).strip()) == (seen, hidden)


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("[bank](https://evil.example/x)", ["https://evil.example/x"]),
        ("[bank](<https://evil.example>)", ["https://evil.example"]),
        ('[bank](https://evil.example "title")', ["https://evil.example"]),
        ("see https://a.example/b_(c). And (https://d.example)", ["https://a.example/b_(c)", "https://d.example"]),
        ("<https://a.example>", ["https://a.example"]),
        ("gluedhttps://a.example", ["https://a.example"]),
        ("join discord.gg/abc or discord.com/invite/def", ["discord.gg/abc", "discord.com/invite/def"]),
        (r"https\://no.example and \[x\](no) [x](javascript:alert)", []),
        ("||https://hidden.example||", ["https://hidden.example"]),
        ("`https://code.example`", []),
        ("**[a](https://a.example)**", ["https://a.example"]),
        (r"\[x\](https://still.example)", ["https://still.example"]),
    ],
)
def test_where_a_reader_could_be_led(text: str, links: list[str]) -> None:
    assert read(text).links == links
