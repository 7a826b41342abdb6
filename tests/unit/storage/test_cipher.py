"""The cipher: keys that change, and text that nobody else can read or alter."""

import pytest

from digestbot.errors import StartupError
from digestbot.storage.cipher import Cipher, new_key

KEY = "bWFkZSBmb3IgdGhlIHRlc3RzIG9mIGRpZ2VzdGJvdCE="
OLD = "dGhpcyBvbmUgd2FzIHVzZWQgdGhlIHllYXIgYmVmb3I="
CANARY = "canary-8f31-canary"


@pytest.mark.parametrize("text", ["xoxb-1-2-3", "", "é “🎺”", "x" * 10_000])
def test_what_is_sealed_opens_as_it_was(text: str) -> None:
    assert Cipher([KEY]).open(Cipher([KEY]).seal(text)) == text


def test_the_same_text_is_never_sealed_the_same() -> None:
    assert Cipher([KEY]).seal("one") != Cipher([KEY]).seal("one")


def test_every_key_opens_and_the_first_seals() -> None:
    both, by_old = Cipher([KEY, OLD]), Cipher([OLD]).seal("one")
    assert both.open(by_old) == "one"
    assert Cipher([KEY]).open(by_old) is None
    assert Cipher([KEY]).open(both.seal("one")) == "one"
    assert Cipher([OLD]).open(both.seal("one")) is None


def test_what_was_altered_opens_no_more() -> None:
    sealed = Cipher([KEY]).seal("one")
    altered = sealed[:40] + ("A" if sealed[40] != "A" else "B") + sealed[41:]
    assert Cipher([KEY]).open(altered) is None


def test_only_what_an_older_key_sealed_is_renewed() -> None:
    both = Cipher([KEY, OLD])
    renewed = both.renew(Cipher([OLD]).seal("one"))
    assert renewed is not None
    assert Cipher([KEY]).open(renewed) == "one"
    assert both.renew(renewed) is None
    assert both.renew(Cipher([new_key()]).seal("one")) is None


@pytest.mark.parametrize("key", ["", "short", "é" * 44, CANARY, KEY[:-1], KEY + KEY])
def test_a_key_that_is_none_is_told_with_advice_and_not_shown(key: str) -> None:
    with pytest.raises(StartupError) as told:
        Cipher([KEY, key])
    assert str(told.value) == (
        "Key 2 of DIGESTBOT_SLACK__ENCRYPTION_KEYS is no key: make one with `digestbot doctor --new-key`."
    )


def test_no_keys_are_told_too() -> None:
    with pytest.raises(StartupError, match="holds no key: make one with `digestbot doctor --new-key`"):
        Cipher([])


def test_a_new_key_is_new_and_good() -> None:
    assert new_key() != new_key()
    assert Cipher([new_key()]).seal("one")
