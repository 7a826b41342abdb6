"""The cipher: how secrets lie in the database, under keys that can be changed."""

from collections.abc import Sequence
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from digestbot.errors import StartupError

_VARIABLE: Final = "DIGESTBOT_SLACK__ENCRYPTION_KEYS"
_ADVICE: Final = "make one with `digestbot doctor --new-key`."
_LENGTH: Final = 44
"""Fernet itself reads two keys with no comma between as the first of them."""


class Cipher:
    """The first key seals, every key opens: a new one is put in front, and an old one taken away when all are renewed.

    Raises `StartupError` for keys that are none.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise StartupError(f"{_VARIABLE} holds no key: {_ADVICE}")
        made = [_fernet(key, number) for number, key in enumerate(keys, 1)]
        self._first = made[0]
        self._all = MultiFernet(made)

    def seal(self, text: str) -> str:
        return self._first.encrypt(text.encode()).decode("ascii")

    def open(self, sealed: str) -> str | None:
        """None if no key opens it: it was sealed with another, or changed since."""
        try:
            return self._all.decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None

    def renew(self, sealed: str) -> str | None:
        """The same text under the first key; None if it is under that one already, or if no key opens it."""
        try:
            self._first.decrypt(sealed.encode())
        except InvalidToken:
            text = self.open(sealed)
            return None if text is None else self.seal(text)
        return None


def new_key() -> str:
    return Fernet.generate_key().decode("ascii")


def _fernet(key: str, number: int) -> Fernet:
    advice = f"Key {number} of {_VARIABLE} is no key: {_ADVICE}"
    if len(key) != _LENGTH:
        raise StartupError(advice)
    try:
        return Fernet(key)
    except ValueError as fault:  # its text does not hold the key
        raise StartupError(advice) from fault
