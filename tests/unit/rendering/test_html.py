"""HTML: the blocks in elements of ours, every text escaped."""

from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digestbot.domain.card import (
    Actions,
    Block,
    Button,
    Card,
    Divider,
    Heading,
    Image,
    Line,
    Link,
    List,
    Notice,
    Paragraph,
    Quote,
    Small,
    Spoiler,
    Text,
    Time,
)
from digestbot.domain.paging import paginate
from digestbot.rendering.html import HtmlMeasure, html


def words(text: str) -> Line:
    return (Text(text),)


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (Heading(words("a"), 2), '<h3 class="db-heading" dir="auto">a</h3>'),
        (Paragraph(words("a\nb")), '<p class="db-paragraph" dir="auto">a<br>b</p>'),
        (
            Quote((words("a"), words("b"))),
            '<blockquote class="db-quote"><p dir="auto">a</p><p dir="auto">b</p></blockquote>',
        ),
        (List((words("a"),)), '<ul class="db-list"><li dir="auto">a</li></ul>'),
        (List((words("a"),), ordered=True, start=3), '<ol class="db-list" start="3"><li dir="auto">a</li></ol>'),
        (Divider(), '<hr class="db-divider">'),
        (Notice((words("a"),)), '<aside class="db-notice"><p dir="auto">a</p></aside>'),
        (Small((words("a"),)), '<footer class="db-small"><p dir="auto">a</p></footer>'),
        (
            Image("https://x.example/p.png", 'a"b'),
            (
                '<figure class="db-image"><img src="https://x.example/p.png" alt="a&quot;b" loading="lazy"'
                ' referrerpolicy="no-referrer"></figure>'
            ),
        ),
        (
            Actions((Button("a", command="story x"), Button("b", url="https://x.example/"))),
            (
                '<div class="db-actions"><button type="button" data-command="story x">a</button>'
                '<a href="https://x.example/" rel="noopener noreferrer nofollow" target="_blank">b</a></div>'
            ),
        ),
        (
            Spoiler((Paragraph(words("a")),)),
            (
                '<details class="db-spoiler"><summary>Spoiler</summary><div>'
                '<p class="db-paragraph" dir="auto">a</p></div></details>'
            ),
        ),
        (
            Paragraph((Text("a", strong=True, emphasis=True, struck=True),)),
            '<p class="db-paragraph" dir="auto"><strong><em><s>a</s></em></strong></p>',
        ),
        (
            Paragraph((Link("a", "https://x.example/"),)),
            (
                '<p class="db-paragraph" dir="auto"><a href="https://x.example/" rel="noopener noreferrer nofollow"'
                ' target="_blank">a (x.example)</a></p>'
            ),
        ),
        (
            Paragraph((Time(datetime(2026, 5, 24, 9, 30, tzinfo=UTC), "noon", "relative"),)),
            (
                '<p class="db-paragraph" dir="auto"><time datetime="2026-05-24T09:30:00+00:00" data-style="relative">'
                "noon</time></p>"
            ),
        ),
        (Paragraph((Link("a", "javascript:b"),)), '<p class="db-paragraph" dir="auto">a</p>'),
        (Actions((Button("a", url="javascript:b"),)), '<div class="db-actions">a</div>'),
        (Image("javascript:b", "a"), '<p class="db-paragraph" dir="auto">a</p>'),
    ],
)
def test_each_block(block: Block, expected: str) -> None:
    assert html(Card(blocks=(block,))) == expected


class Elements(HTMLParser):
    """What a browser makes of it: tags in order, and the text."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


@settings(deadline=None)
@given(st.text(st.sampled_from("<>&\"'/= abonclickscript;#39")))
def test_no_text_becomes_markup(text: str) -> None:
    blocks = (
        Heading(words(text)),
        Image("https://x.example/", text),
        Actions((Button(text, command=text),)),
        Paragraph((Time(datetime(2026, 1, 1, tzinfo=UTC), text),)),
    )
    elements = Elements(html(Card(blocks=blocks)))
    assert elements.tags == ["h2", "figure", "img", "div", "button", "p", "time"]
    assert elements.text == text * 3
    assert ("alt", text) in elements.attributes
    assert ("data-command", text) in elements.attributes


def test_further_pages_are_behind_a_button() -> None:
    blocks = (Paragraph(words("a")),)
    more = '<div class="db-actions"><button type="button" data-command="story x page:3">More (3/3)</button></div>'
    assert html(Card(blocks=blocks, command="story x", page=2, pages=3)).endswith(more)
    assert "More" not in html(Card(blocks=blocks, command="story x", page=3, pages=3))
    assert "More" not in html(Card(blocks=blocks, page=1, pages=3))


def test_a_page_is_as_large_as_discords() -> None:
    assert len(paginate(Card(blocks=(Paragraph(words("a" * 3988)),)), HtmlMeasure())) == 1
    assert len(paginate(Card(blocks=(Paragraph(words("a" * 3989)),)), HtmlMeasure())) == 2
    assert len(paginate(Card(blocks=(Divider(), *[Paragraph(words("a"))] * 37)), HtmlMeasure())) == 1
    assert len(paginate(Card(blocks=(Divider(), *[Paragraph(words("a"))] * 38)), HtmlMeasure())) == 2
    four = Actions((Button("a", command="x"),) * 4)
    assert HtmlMeasure().cost((Spoiler((four, Image("https://x.example/", "abc"))),)) == (7, 7)
    assert HtmlMeasure().cost((Paragraph((Link("News", "https://x.example/"),)),)) == (len("News (x.example)"), 1)
