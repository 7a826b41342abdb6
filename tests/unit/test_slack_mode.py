"""How digestbot meets Slack: what is set decides, and every gap is named."""

from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from digestbot.settings import load_settings
from digestbot.settings.model import SlackSettings
from digestbot.storage.cipher import Cipher, new_key
from tests.unit.settings_file import problems, write

CANARY = "canary-8f31-canary"
KEY = "bWFkZSBmb3IgdGhlIHRlc3RzIG9mIGRpZ2VzdGJvdCE="
OLD = "dGhpcyBvbmUgd2FzIHVzZWQgdGhlIHllYXIgYmVmb3I="
SLACK = {
    "bot": ("DIGESTBOT_SLACK__BOT_TOKEN", "xoxb-1"),
    "app": ("DIGESTBOT_SLACK__APP_TOKEN", "xapp-1"),
    "signing": ("DIGESTBOT_SLACK__SIGNING_SECRET", "s1"),
    "id": ("DIGESTBOT_SLACK__CLIENT_ID", "12.34"),
    "secret": ("DIGESTBOT_SLACK__CLIENT_SECRET", "s2"),
    "keys": ("DIGESTBOT_SLACK__ENCRYPTION_KEYS", KEY),
    "url": ("DIGESTBOT_WEB__PUBLIC_URL", "https://news.example.org"),
}
NEEDED = {
    "bot": "set DIGESTBOT_SLACK__BOT_TOKEN too: Socket Mode needs both tokens",
    "id": "set DIGESTBOT_SLACK__CLIENT_ID too: OAuth needs the app's id and its secret",
    "secret": "set DIGESTBOT_SLACK__CLIENT_SECRET too: OAuth needs the app's id and its secret",
    "signing": "set DIGESTBOT_SLACK__SIGNING_SECRET too: it tells Slack's requests from everybody else's",
    "keys": "set DIGESTBOT_SLACK__ENCRYPTION_KEYS too: workspaces' tokens are stored encrypted with it; "
    "`digestbot doctor --new-key` makes one",
    "url": "set DIGESTBOT_WEB__PUBLIC_URL too: Slack and browsers come to that address",
    "either": "set DIGESTBOT_SLACK__APP_TOKEN too for Socket Mode, "
    "or DIGESTBOT_SLACK__SIGNING_SECRET for requests over HTTP",
    "whose": "set DIGESTBOT_SLACK__BOT_TOKEN too for one workspace, or DIGESTBOT_SLACK__CLIENT_ID for many by OAuth",
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "config").mkdir()
    return tmp_path


def slack(words: str) -> dict[str, str]:
    return dict(SLACK[word] for word in words.split())


@pytest.mark.parametrize(
    ("words", "mode"),
    [
        ("", "off"),
        ("url", "off"),
        ("bot app", "socket"),
        ("bot app url", "socket"),
        ("bot app signing", "socket"),
        ("bot app keys", "socket"),
        ("bot signing", "http"),
        ("bot signing keys url", "http"),
        ("id secret signing keys url", "oauth"),
    ],
)
def test_what_is_set_says_how_digestbot_meets_slack(home: Path, words: str, mode: str) -> None:
    assert load_settings(home, slack(words)).slack.mode == mode


@pytest.mark.parametrize(
    ("words", "blamed", "missing"),
    [
        ("bot", "bot", "either"),
        ("bot keys url", "bot", "either"),
        ("app", "app", "bot"),
        ("app signing", "app", "bot"),
        ("app keys", "app", "bot"),
        ("signing", "signing", "whose"),
        ("signing url", "signing", "whose"),
        ("id", "id", "secret signing keys url"),
        ("secret", "secret", "id signing keys url"),
        ("keys", "keys", "id secret signing url"),
        ("secret signing keys url", "secret", "id"),
        ("id signing keys url", "id", "secret"),
        ("id secret keys url", "id", "signing"),
        ("id secret signing url", "id", "keys"),
        ("id secret signing keys", "id", "url"),
    ],
)
def test_half_of_a_way_to_slack_is_told_with_what_to_set(home: Path, words: str, blamed: str, missing: str) -> None:
    place = f"environment: {SLACK[blamed][0]}: "
    assert problems(home, **slack(words)) == [place + NEEDED[word] for word in missing.split()]


@pytest.mark.parametrize(
    ("words", "one", "many"),
    [
        ("bot id", "bot", "id"),
        ("bot app secret", "bot", "secret"),
        ("app id", "app", "id"),
        ("bot id secret signing keys url", "bot", "id"),
        ("app id secret signing keys url", "app", "id"),
    ],
)
def test_parts_of_two_ways_to_slack_are_told(home: Path, words: str, one: str, many: str) -> None:
    (told,) = problems(home, **slack(words))
    advice = f"this is for one workspace and {SLACK[many][0]} for many: take one of the two away"
    assert told == f"environment: {SLACK[one][0]}: {advice}"


def test_what_the_file_says_counts_as_well(home: Path) -> None:
    write(home, '[slack]\nclient_id = "12.34"\n[web]\npublic_url = "https://news.example.org"\n')
    assert load_settings(home, slack("secret signing keys")).slack.mode == "oauth"
    assert problems(home, **slack("signing keys")) == [f"2:1: slack.client_id: {NEEDED['secret']}"]
    write(home, '[slack]\nclient_id = ""\n')
    assert load_settings(home, slack("bot app")).slack.mode == "socket"


def test_what_is_there_but_wrong_is_not_called_missing(home: Path) -> None:
    bot, app = SLACK["bot"][0], SLACK["app"][0]
    assert problems(home, **{f"{bot}_FILE": "nowhere", app: "xapp-1"}) == [
        f"environment: {bot}_FILE: the file it names cannot be read: No such file or directory"
    ]
    write(home, "[slack]\nclient_id = \n")
    assert problems(home, **slack("secret signing keys")) == ["2:13: this is not TOML: Invalid value"]


def test_an_empty_signing_secret_is_none(home: Path) -> None:
    environ = slack("bot") | {"DIGESTBOT_SLACK__SIGNING_SECRET": " "}
    assert problems(home, **environ) == [f"environment: DIGESTBOT_SLACK__BOT_TOKEN: {NEEDED['either']}"]
    with pytest.raises(ValidationError, match="at least 1"):
        SlackSettings(signing_secret=SecretStr(""))


# --- keys


@pytest.mark.parametrize("text", [f"{KEY},{OLD}", f" {KEY} , {OLD}, ", f"{KEY}\n{OLD}\n"])
def test_encryption_keys_stand_with_commas_between_or_one_a_line(home: Path, text: str) -> None:
    (home / "keys").write_text(text, encoding="utf-8")
    settings = load_settings(home, slack("bot app") | {"DIGESTBOT_SLACK__ENCRYPTION_KEYS_FILE": "keys"})
    assert settings.slack.keys == (KEY, OLD)
    assert {KEY, OLD} <= set(settings.secrets)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (CANARY, "key number 1 cannot be used"),
        (f"{KEY},{KEY[:-1]},{OLD}", "key number 2 cannot be used"),
        (f"{KEY}{OLD}", "key number 1 cannot be used"),
        (f"{CANARY},{KEY},{CANARY}", "key number 1 and 3 cannot be used"),
        (f"{KEY[:-2]}é=", "key number 1 cannot be used"),
        (",", "there is no key in it"),
    ],
)
def test_an_encryption_key_that_is_none_is_told_with_how_to_make_one(home: Path, text: str, what: str) -> None:
    (told,) = problems(home, **slack("bot app"), DIGESTBOT_SLACK__ENCRYPTION_KEYS=text)
    advice = "write what `digestbot doctor --new-key` prints, several with commas between"
    assert told == f"environment: DIGESTBOT_SLACK__ENCRYPTION_KEYS: {what}: {advice}"


def test_a_key_that_the_settings_take_is_one_for_the_cipher_and_a_new_one_is_taken(home: Path) -> None:
    keys = ",".join([new_key(), KEY, "+/" * 21 + "+="])
    settings = load_settings(home, slack("bot app") | {"DIGESTBOT_SLACK__ENCRYPTION_KEYS": keys})
    assert len(settings.slack.keys) == 3
    assert Cipher(settings.slack.keys).seal("one")
