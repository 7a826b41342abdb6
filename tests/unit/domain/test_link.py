"""Addresses: only plain ones, and the host beside every label."""

import pytest

from digestbot.domain.link import host, safe_url, with_host

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
