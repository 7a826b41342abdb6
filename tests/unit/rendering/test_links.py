"""Links: only plain addresses, and the host beside every label."""

import pytest
from jinja2 import DictLoader

from digestbot.domain.card import Actions, Button, Image, Link, Paragraph, Text
from digestbot.rendering.links import host, safe_url, with_host
from digestbot.rendering.markdown import parse
from digestbot.rendering.sandbox import Sandbox

SANDBOX = Sandbox(DictLoader({}))

REFUSED = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "ftp://example.org/",
    "//example.org/",
    "example.org",
    "",
    "https://",
    "https:///path",
    "https://user@example.org/",
    "https://user:pw@example.org/",
    "https://bank.example@evil.example/",
    "https://example.org/a b",
    "https://example.org/\nx",
    "https://example.org/\u202egpj",
    "https://exa\u200bmple.org/",
    "https://example.org\\@evil.example/",
    "https://exam|ple.org/",
    "https://exam<ple.org/",
    "https://example.org:99999/",
    "https://[::1/",
    "https://faß.example/",
    "https://example.org/" + "a" * 2000,
    "None",
]


@pytest.mark.parametrize("url", REFUSED)
def test_an_address_that_may_not_be_shown_is_refused(url: str) -> None:
    assert safe_url(url) is None


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://example.org", "https://example.org"),
        ("HTTP://Example.ORG/A", "http://example.org/A"),
        ("https://example.org:8443/a?b=c&d=%20#e", "https://example.org:8443/a?b=c&d=%20#e"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/"),
        ("https://example.org/wiki/A_(b)|c>d", "https://example.org/wiki/A_%28b%29%7Cc%3Ed"),
        ("https://example.org/ü", "https://example.org/%C3%BC"),
        ("http://[2001:db8::1]:80/", "http://[2001:db8::1]:80/"),
    ],
)
def test_an_address_comes_out_in_ascii(url: str, safe: str) -> None:
    assert safe_url(url) == safe
    assert safe_url(safe) == safe


@pytest.mark.parametrize(
    ("label", "url", "shown"),
    [
        ("Wikipedia", "https://en.wikipedia.org/wiki/X", "Wikipedia (en.wikipedia.org)"),
        ("Digital.gov", "https://digital.gov/x", "Digital.gov"),
        ("bank.example", "https://evil.example/", "evil.example"),
        ("https://bank.example/login", "https://evil.example/", "evil.example"),
        ("bank.example/evil.example", "https://evil.example/", "evil.example"),
        ("", "https://evil.example/", "evil.example"),
        ("News (evil.example)", "https://evil.example/", "News (evil.example)"),
        ("gοοgle", "https://xn--ggle-0nda.example/", "gοοgle (xn--ggle-0nda.example)"),
    ],
)
def test_the_host_stands_beside_a_label_that_hides_it(label: str, url: str, shown: str) -> None:
    assert with_host(label, url) == shown


def test_host_is_the_part_that_decides() -> None:
    assert host("https://example.org:8443/a") == "example.org"


def blocks(template: str, **values: str | None) -> object:
    found, faults = parse("".join(SANDBOX.from_string(template).generate(**values)))
    assert faults == ()
    return found


@pytest.mark.parametrize("url", [*REFUSED, None])
def test_a_refused_link_is_its_label_and_a_refused_button_or_picture_is_nothing(url: str | None) -> None:
    assert blocks("{{ link('News', u) }}", u=url) == (Paragraph((Text("News"),)),)
    assert blocks("::: actions\n{{ button_url('News', u) }}\n:::\n", u=url) == ()
    assert blocks("{{ image(u, 'Alt') }}", u=url) == ()


def test_what_is_not_refused_arrives_as_it_was() -> None:
    url = "https://example.org/a?b=1&copy;=2&amp;x=*_~`"
    safe = "https://example.org/a?b=1&copy;=2&amp;x=*_~%60"
    assert blocks("{{ link('News', u) }}", u=url) == (Paragraph((Link("News (example.org)", safe),)),)
    assert blocks("::: actions\n{{ button_url('News', u) }}\n:::\n", u=url) == (Actions((Button("News", url=safe),)),)
    assert blocks("{{ image(u, 'Alt') }}", u=url) == (Image(safe, "Alt"),)


def test_a_picture_without_a_description_is_left_out() -> None:
    assert blocks("{{ image('https://example.org/p.png', '') }}") == ()


def test_a_button_carries_its_command_letter_by_letter() -> None:
    command = "search (a) [b] <c> %20 ü page:2"
    assert blocks("::: actions\n{{ button('Go', c) }}\n:::\n", c=command) == (
        Actions((Button("Go", command=command),)),
    )
