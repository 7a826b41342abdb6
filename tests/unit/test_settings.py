"""Settings: file and environment, and every mistake in them said at once."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from pydantic import SecretStr

from digestbot.errors import BrokenFiles
from digestbot.settings import Settings, find_home, load_settings
from digestbot.settings.toml_file import read_toml
from tests.unit.settings_file import problems, write

CANARY = "canary-8f31-canary"
DATABASES = "write sqlite+aiosqlite:///data/digestbot.db or postgresql+asyncpg://user:password@host/database"
KEY = "bWFkZSBmb3IgdGhlIHRlc3RzIG9mIGRpZ2VzdGJvdCE="
OLD = "dGhpcyBvbmUgd2FzIHVzZWQgdGhlIHllYXIgYmVmb3I="
NOT_SECRET = "is a secret and must not stand in this file: take it out (and renew it if others could read it), then set"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "config").mkdir()
    return tmp_path


# --- what is in force --------------------------------------------------------------------------------------------


def test_without_a_file_and_variables_the_defaults_hold(home: Path) -> None:
    settings = load_settings(home, {})
    assert settings == Settings(home=home)
    assert settings.database_url == f"sqlite+aiosqlite:///{home}/data/digestbot.db"
    assert settings.data == home / "data"
    assert settings.stories_folder is None
    assert settings.templates_folder is None
    assert settings.secrets == ()


def test_the_file_changes_what_it_names(home: Path) -> None:
    write(
        home,
        '[web]\nport = 9000\n[log]\nlevel = "WARNING"\n[sandbox]\nchannels = ["one", "two"]\n'
        '[defaults]\nzone = "europe/paris"\n',
    )
    settings = load_settings(home, {})
    assert (settings.web.port, settings.web.host) == (9000, "127.0.0.1")
    assert settings.log.level == "warning"
    assert settings.sandbox.channels == ("one", "two")
    assert settings.defaults.zone == "Europe/Paris"


def test_the_environment_wins_over_the_file_key_by_key(home: Path) -> None:
    write(home, '[web]\nport = 9000\nhost = "0.0.0.0"\n')
    settings = load_settings(home, {"DIGESTBOT_WEB__PORT": " 9001 "})
    assert (settings.web.port, settings.web.host) == (9001, "0.0.0.0")  # noqa: S104 - compared, not bound


def test_the_environment_can_say_everything(home: Path) -> None:
    environ = {
        "DIGESTBOT_DATABASE__URL": "postgresql+asyncpg://digest:pass@db/news",
        "DIGESTBOT_DISCORD__TOKEN": "one",
        "DIGESTBOT_SLACK__SIGNING_SECRET": "four",
        "DIGESTBOT_SLACK__CLIENT_ID": "12.34",
        "DIGESTBOT_SLACK__CLIENT_SECRET": "five",
        "DIGESTBOT_SLACK__ENCRYPTION_KEYS": f"{KEY}, {OLD}",
        "DIGESTBOT_SLACK__ADMIN_GROUP": "@News-Admins",
        "DIGESTBOT_SLACK__API_BASE": "http://127.0.0.1:9/api/",
        "DIGESTBOT_SLACK__AUTHORIZE_URL": "http://127.0.0.1:9/authorize",
        "DIGESTBOT_WEB__PUBLIC_URL": "https://News.Example.org/",
        "DIGESTBOT_DISCORD__GATEWAY_URL": "ws://127.0.0.1:9/",
        "DIGESTBOT_SANDBOX__CHANNELS": "one, two",
        "DIGESTBOT_LOG__FORMAT": "json",
    }
    settings = load_settings(home, environ)
    assert settings.database_url == "postgresql+asyncpg://digest:pass@db/news"
    assert settings.discord.token == SecretStr("one")
    assert settings.slack.client_id == "12.34"
    assert settings.slack.keys == (KEY, OLD)
    assert settings.slack.admin_group == "news-admins"
    assert settings.slack.api_base == "http://127.0.0.1:9/api/"
    assert settings.slack.authorize_url == "http://127.0.0.1:9/authorize"
    assert settings.web.public_url == "https://News.Example.org"
    assert settings.discord.gateway_url == "ws://127.0.0.1:9/"
    assert settings.sandbox.channels == ("one", "two")
    assert settings.log.format == "json"
    assert sorted(settings.secrets) == [KEY, f"{KEY}, {OLD}", OLD, "five", "four", "one", "pass"]


def test_an_empty_variable_counts_as_not_set(home: Path) -> None:
    environ = {"DIGESTBOT_DISCORD__TOKEN": "", "DIGESTBOT_WEB__PORT": " ", "DIGESTBOT_SLACK__BOT_TOKEN_FILE": ""}
    assert load_settings(home, environ) == Settings(home=home)


def test_folders_of_the_home_are_used_when_they_are_there(home: Path) -> None:
    (home / "stories").mkdir()
    (home / "templates").mkdir()
    settings = load_settings(home, {})
    assert settings.stories_folder == home / "stories"
    assert settings.templates_folder == home / "templates"


def test_relative_paths_start_from_the_home_and_absolute_ones_stay(home: Path, tmp_path: Path) -> None:
    (home / "mine").mkdir()
    write(home, '[stories]\nfolder = "mine"\n[database]\nurl = "sqlite+aiosqlite:///store/news.db"\n')
    settings = load_settings(home, {"DIGESTBOT_TEMPLATES__FOLDER": str(tmp_path)})
    assert settings.stories_folder == home / "mine"
    assert settings.templates_folder == tmp_path
    assert settings.database_url == f"sqlite+aiosqlite:///{home}/store/news.db"
    elsewhere = "sqlite+aiosqlite:////var/lib/digestbot.db"
    assert load_settings(home, {"DIGESTBOT_DATABASE__URL": elsewhere}).database_url == elsewhere
    in_memory = "sqlite+aiosqlite:///:memory:"
    assert load_settings(home, {"DIGESTBOT_DATABASE__URL": in_memory}).database_url == in_memory


# --- what is wrong -----------------------------------------------------------------------------------------------


def test_every_problem_is_told_at_once_with_its_place(home: Path) -> None:
    write(
        home,
        '# settings\nprot = 1\n\n[web]\n  port = 99999 # too many\nhots = "x"\n\n[wbe]\nport = 1\n\n'
        '[delivery]\nlease_seconds = "soon"\nconcurrency = 0\n',
    )
    assert problems(home, DIGESTBOT_LOG__LEVEL="loud", DIGESTBOT_WEB__PROT="1", DIGESTBOT_LOG__FORMAT="json") == [
        "environment: DIGESTBOT_WEB__PROT: there is no such setting: did you mean DIGESTBOT_WEB__PORT?",
        "2:1: there is no section prot, take it out",
        "6:1: there is no setting web.hots: did you mean web.host?",
        "8:2: there is no section wbe: did you mean [web]?",
        "5:3: web.port: write a number of at most 65535",
        "12:1: delivery.lease_seconds: write a whole number",
        "13:1: delivery.concurrency: write a number of at least 1",
        "environment: DIGESTBOT_LOG__LEVEL: write 'debug', 'info', 'warning' or 'error'",
    ]


def test_a_problem_names_file_line_and_column(home: Path) -> None:
    file = write(home, "[web]\nport = 99999\n")
    with pytest.raises(BrokenFiles, match="at most 65535") as broken:
        load_settings(home, {})
    assert str(broken.value) == f"{file}:2:1: web.port: write a number of at most 65535"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("port = 80\n", "1:1: there is no section port: did you mean web.port?"),
        ("web = 80\n", "1:1: web is a section: write [web] and its keys below"),
        ('home = "/x"\n', "1:1: a home cannot name itself: use --home or DIGESTBOT_HOME"),
        ("[web]\nlevel = 1\n", "2:1: there is no setting web.level: did you mean log.level?"),
        ("[web]\nzzzz = 1\n", "2:1: there is no setting web.zzzz, take it out"),
        ("[web]\nport = [1]\n", "2:1: web.port: write a whole number"),
        ("[web]\nport = 1.5\n", "2:1: web.port: write a whole number"),
        ("[web]\nport = -1\n", "2:1: web.port: write a number of at least 0"),
        ("[web]\nhost = 5\n", "2:1: web.host: write a text in quotes"),
        ('[web]\nhost = " "\n', "2:1: web.host: write something, or take it out"),
        ("[stories]\nfolder = 5\n", "2:1: stories.folder: write a text in quotes"),
        ('[stories]\nfolder = "no"\n', "2:1: stories.folder: there is no such folder: make it, or name another"),
        ("[sandbox]\nchannels = 5\n", '2:1: sandbox.channels: write a list of texts, ["like", "this"]'),
        (
            "[sandbox]\nchannels = []\n",
            "2:1: sandbox.channels: write one name or more of lower-case letters, digits, - and _, 64 at most each",
        ),
        (
            '[sandbox]\nchannels = ["A B"]\n',
            "2:1: sandbox.channels: write one name or more of lower-case letters, digits, - and _, 64 at most each",
        ),
        ('[log]\nformat = "xml"\n', "2:1: log.format: write 'console' or 'json'"),
        ('[discord]\napi_base = "x"\n', "2:1: discord.api_base: write an address such as https://discord.com/api/v10"),
        (
            '[discord]\ngateway_url = "https://x.org"\n',
            "2:1: discord.gateway_url: write an address such as wss://gateway.discord.gg/",
        ),
        ('[slack]\napi_base = "http://["\n', "2:1: slack.api_base: write an address such as https://slack.com/api/"),
        (
            '[slack]\nauthorize_url = "slack.com"\n',
            "2:1: slack.authorize_url: write an address such as https://slack.com/oauth/v2/authorize",
        ),
        (
            '[slack]\nadmin_group = "news admins"\n',
            "2:1: slack.admin_group: write the handle of a user group, such as news-admins",
        ),
        (
            '[slack]\nadmin_group = "@"\n',
            "2:1: slack.admin_group: write the handle of a user group, such as news-admins",
        ),
        (
            '[defaults]\nzone = "Europe/Pariss"\n',
            "2:1: defaults.zone: There is no time zone “Europe/Pariss”. Did you mean `Europe/Paris`?",
        ),
        ('[defaults]\nlocale = "1"\n', "2:1: defaults.locale: write a language such as en, de or pt-BR"),
        (
            '[database]\nurl = "news.db"\n',
            f"2:1: database.url: {DATABASES}",
        ),
    ],
)
def test_a_mistake_in_the_file_says_what_to_write(home: Path, text: str, expected: str) -> None:
    write(home, text)
    assert problems(home) == [expected]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("DIGESTBOT_WEB_PORT", "there is no such setting: did you mean DIGESTBOT_WEB__PORT?"),
        ("DIGESTBOT_DISCORD_TOKEN", "there is no such setting: did you mean DIGESTBOT_DISCORD__TOKEN?"),
        ("DIGESTBOT_DISCORD__TOKEN_FIEL", "there is no such setting: did you mean DIGESTBOT_DISCORD__TOKEN_FILE?"),
        ("DIGESTBOT_HOEM", "there is no such setting: did you mean DIGESTBOT_HOME?"),
        ("DIGESTBOT_COLOUR", "there is no such setting, take the variable away"),
    ],
)
def test_an_unknown_variable_is_a_problem(home: Path, name: str, message: str) -> None:
    assert problems(home, **{name: "1"}) == [f"environment: {name}: {message}"]


def test_variables_that_others_read_or_that_a_cluster_puts_there_are_none(home: Path) -> None:
    environ = {
        "DIGESTBOT_HOME": "/elsewhere",
        "DIGESTBOT_FAILPOINT": "sent:3",
        "DIGESTBOT_SERVICE_HOST": "10.0.0.1",
        "DIGESTBOT_SERVICE_PORT_HTTP": "8080",
        "DIGESTBOT_PORT": "tcp://10.0.0.1:8080",
        "DIGESTBOT_PORT_8080_TCP_ADDR": "10.0.0.1",
        "OTHER_WEB__PORT": "1",
    }
    assert load_settings(home, environ) == Settings(home=home)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"[web]\nport = \n", "2:8: this is not TOML: Invalid value"),
        (b'[web]\nhost = "x', "2:10: this is not TOML: Unterminated string"),
        (b"[web]\nhost = '\xff'\n", "2:1: this line is not UTF-8: save the file as UTF-8"),
    ],
)
def test_a_file_that_is_not_toml_is_told_with_its_place_beside_the_rest(
    home: Path, content: bytes, expected: str
) -> None:
    (home / "config" / "digestbot.toml").write_bytes(content)
    assert problems(home, DIGESTBOT_WEB__PORT="x") == [
        expected,
        "environment: DIGESTBOT_WEB__PORT: write a whole number",
    ]


def test_a_file_that_cannot_be_read_is_told(home: Path) -> None:
    file = home / "config" / "digestbot.toml"
    file.mkdir()
    assert problems(home) == [f"{file}: the file cannot be read: Is a directory"]


@pytest.mark.parametrize(
    ("text", "keys", "place"),
    [
        ("web.port = 1\n", ("web", "port"), (1, 5)),
        ('web = { host = "port", port = 1 }\n', ("web", "port"), (1, 24)),
        ("# port = 1\n\n[web]\n# port = 2\n\tport = 3\n", ("web", "port"), (5, 2)),
        ('[web]\nhost = """\nport = 1\n"""\nport = 3\n', ("web", "port"), (5, 1)),
        ('[log]\nlevel = "info"\n[web]\nport = 3\n', ("web", "port"), (4, 1)),
        ('[sandbox]\nchannels = [\n  "a",\n  "b",\n]\n', ("sandbox", "channels"), (2, 1)),
        ('[web]\n"port" = 3\n', ("web", "port"), (2, 2)),
        ("[ web ]\nport = 3\n", ("web",), (1, 3)),
        ("[web]\n", ("web", "port"), (0, 0)),
    ],
)
def test_a_key_is_found_however_it_is_written(
    home: Path, text: str, keys: Sequence[str], place: tuple[int, int]
) -> None:
    assert read_toml(write(home, text)).place(keys) == place


@pytest.mark.parametrize("written", ['"0-3, 8"', "[0, 1, 2, 3, 8]"])
def test_the_shards_of_a_process_are_numbers_and_ranges(home: Path, written: str) -> None:
    write(home, f"[discord]\nshard_count = 9\nshard_ids = {written}\n")
    assert load_settings(home, {}).discord.shard_ids == (0, 1, 2, 3, 8)


@pytest.mark.parametrize(
    ("count", "ids", "message"),
    [
        ("9", "0-3,9", "write numbers from 0 to 8"),
        ("9", "3-1", "write numbers and ranges such as 0-3,8"),
        ("9", "first", "write numbers and ranges such as 0-3,8"),
        ("0", "0-3", "write discord.shard_count too: all processes need the same"),
    ],
)
def test_shards_that_cannot_be_are_told(home: Path, count: str, ids: str, message: str) -> None:
    environ = {"DIGESTBOT_DISCORD__SHARD_COUNT": count, "DIGESTBOT_DISCORD__SHARD_IDS": ids}
    assert problems(home, **environ) == [f"environment: DIGESTBOT_DISCORD__SHARD_IDS: {message}"]


# --- secrets -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("section", "key"),
    [
        ("discord", "token"),
        ("slack", "bot_token"),
        ("slack", "app_token"),
        ("slack", "signing_secret"),
        ("slack", "client_secret"),
        ("slack", "encryption_keys"),
    ],
)
def test_a_secret_in_the_file_is_a_problem_even_if_the_environment_has_it_too(
    home: Path, section: str, key: str
) -> None:
    write(home, f'[{section}]\n{key} = "{CANARY}"\n')
    name = f"DIGESTBOT_{section}__{key}".upper()
    expected = f"2:1: {section}.{key} {NOT_SECRET} {name}, or {name}_FILE to the path of a file that holds it"
    assert problems(home)[0] == expected
    assert problems(home, **{name: "xapp-1"})[0] == expected
    assert CANARY not in "\n".join(problems(home))


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql+asyncpg://news:{CANARY}@db/news",
        f"postgresql+asyncpg://db/news?password={CANARY}",
        f"postgresql+asyncpg://news:{CANARY}@[db/news",
    ],
)
def test_a_password_in_the_database_s_address_is_a_secret_too(home: Path, url: str) -> None:
    write(home, f'[database]\nurl = "{url}"\n')
    (problem,) = problems(home)
    assert problem.startswith(f"2:1: database.url {NOT_SECRET} DIGESTBOT_DATABASE__URL")
    assert CANARY not in problem


def test_an_address_without_a_password_may_stand_in_the_file(home: Path) -> None:
    write(home, '[database]\nurl = "postgresql+asyncpg://news@db/news"\n')
    assert load_settings(home, {}).database_url == "postgresql+asyncpg://news@db/news"


def test_a_secret_may_come_from_a_file(home: Path) -> None:
    (home / "token").write_text(f"{CANARY}\n", encoding="utf-8")
    for path in ("token", str(home / "token")):
        settings = load_settings(home, {"DIGESTBOT_DISCORD__TOKEN_FILE": path})
        assert settings.discord.token == SecretStr(CANARY)


def test_a_secret_s_file_that_is_missing_empty_or_one_too_many_is_a_problem(home: Path) -> None:
    (home / "empty").write_text(" \n", encoding="utf-8")
    assert problems(
        home,
        DIGESTBOT_DISCORD__TOKEN="one",
        DIGESTBOT_DISCORD__TOKEN_FILE="empty",
        DIGESTBOT_SLACK__BOT_TOKEN_FILE="nowhere",
        DIGESTBOT_SLACK__SIGNING_SECRET_FILE="empty",
    ) == [
        "environment: DIGESTBOT_DISCORD__TOKEN_FILE: DIGESTBOT_DISCORD__TOKEN is set too: keep one of the two",
        "environment: DIGESTBOT_SLACK__BOT_TOKEN_FILE: the file it names cannot be read: No such file or directory",
        "environment: DIGESTBOT_SLACK__SIGNING_SECRET_FILE: the file it names is empty",
    ]


def test_only_a_secret_has_a_file(home: Path) -> None:
    assert problems(home, DIGESTBOT_WEB__PORT_FILE="x") == [
        "environment: DIGESTBOT_WEB__PORT_FILE: there is no such setting: did you mean DIGESTBOT_WEB__PORT?"
    ]


def test_slack_s_two_tokens_are_not_taken_for_each_other(home: Path) -> None:
    assert problems(home, DIGESTBOT_SLACK__BOT_TOKEN="xapp-1", DIGESTBOT_SLACK__APP_TOKEN="xoxb-1") == [
        "environment: DIGESTBOT_SLACK__BOT_TOKEN: this is the app-level token; the bot's begins with xoxb-",
        "environment: DIGESTBOT_SLACK__APP_TOKEN: write the app-level token, which begins with xapp-",
    ]


def test_no_secret_is_in_a_message_or_a_repr(home: Path) -> None:
    environ = {
        "DIGESTBOT_DATABASE__URL": f"postgresql+asyncpg://news:{CANARY}@db/news",
        "DIGESTBOT_DISCORD__TOKEN": CANARY,
        "DIGESTBOT_SLACK__BOT_TOKEN": CANARY,
        "DIGESTBOT_SLACK__APP_TOKEN": f"xapp-{CANARY}",
        "DIGESTBOT_SLACK__SIGNING_SECRET": CANARY,
    }
    oauth = {
        "DIGESTBOT_SLACK__SIGNING_SECRET": CANARY,
        "DIGESTBOT_SLACK__CLIENT_ID": "12.34",
        "DIGESTBOT_SLACK__CLIENT_SECRET": CANARY,
        "DIGESTBOT_SLACK__ENCRYPTION_KEYS": KEY,
        "DIGESTBOT_WEB__PUBLIC_URL": "https://news.example.org",
    }
    for given in (environ, oauth):
        settings = load_settings(home, given)
        shown = f"{settings!r} {settings} {settings.model_dump()!r} {settings.model_dump_json()}"
        assert CANARY not in shown
        assert KEY not in shown
    wrong = {
        "DIGESTBOT_DATABASE__URL": f"mysql://news:{CANARY}@db/news",
        "DIGESTBOT_SLACK__BOT_TOKEN": f"xapp-{CANARY}",
        "DIGESTBOT_SLACK__APP_TOKEN": CANARY,
        "DIGESTBOT_SLACK__ENCRYPTION_KEYS": f"{KEY},{CANARY}",
        "DIGESTBOT_DISCORD__TOKEN_FILE": CANARY,
        "DIGESTBOT_DISCORD__API_BASE": f"ftp://{CANARY}",
        "DIGESTBOT_TOKEN": CANARY,
        "DIGESTBOT_WEB__PORT": CANARY,
    }
    write(home, f'[discord]\ntoken = "{CANARY}"\n[slack]\nsigning_secret = ["{CANARY}"]\n')
    told = problems(home, **wrong)
    assert len(told) == 10
    assert CANARY not in "\n".join(told)
    assert KEY not in "\n".join(told)


# --- the address of the web server -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "kept", "host"),
    [
        ("https://news.example.org", "https://news.example.org", "news.example.org"),
        ("https://News.Example.org:8443/bot/", "https://News.Example.org:8443/bot", "news.example.org"),
        ("http://localhost:8080/", "http://localhost:8080", "localhost"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080", "127.0.0.1"),
        ("http://[::1]:8080", "http://[::1]:8080", "::1"),
    ],
)
def test_the_public_address_gives_the_server_a_name(home: Path, url: str, kept: str, host: str) -> None:
    web = load_settings(home, {"DIGESTBOT_WEB__PUBLIC_URL": url}).web
    assert (web.public_url, web.hosts) == (kept, (host,))


def test_without_a_public_address_there_is_no_other_name(home: Path) -> None:
    assert load_settings(home, {}).web.hosts == ()


@pytest.mark.parametrize(
    "url",
    [
        "news.example.org",
        "https://",
        "ftp://news.example.org",
        "https://[",
        "https://news.example.org:99999",
        "https://news.example.org:0",
        "https://news.example.org:x",
        "https://news.example.org/?a=b",
        "https://news.example.org/#a",
        "https://me:secret@news.example.org",
        "https://news example.org",
        "https://bücher.example",
    ],
)
def test_a_public_address_that_is_none_is_told(home: Path, url: str) -> None:
    assert problems(home, DIGESTBOT_WEB__PUBLIC_URL=url) == [
        "environment: DIGESTBOT_WEB__PUBLIC_URL: write an address such as https://news.example.org"
    ]


@pytest.mark.parametrize("host", ["news.example.org", "127.0.0.1.example.org", "localhost.example.org", "10.0.0.1"])
def test_only_this_machine_s_own_address_may_be_without_https(home: Path, host: str) -> None:
    (told,) = problems(home, DIGESTBOT_WEB__PUBLIC_URL=f"http://{host}")
    advice = "write https: what Slack and browsers send there must not be read on the way"
    assert told == f"environment: DIGESTBOT_WEB__PUBLIC_URL: {advice}"


# --- the home ----------------------------------------------------------------------------------------------------


def test_the_home_is_the_first_that_is_named_or_found(tmp_path: Path) -> None:
    here = tmp_path / "here"
    (here / "stories").mkdir(parents=True)
    environ = {"DIGESTBOT_HOME": "/named", "XDG_DATA_HOME": "/data"}
    assert find_home(Path("/given"), environ, here) == Path("/given")
    assert find_home(None, environ, here) == Path("/named")
    assert find_home(None, environ | {"DIGESTBOT_HOME": ""}, here) == here
    assert find_home(None, {"XDG_DATA_HOME": "/data"}, tmp_path) == Path("/data/digestbot")


def test_a_settings_file_makes_a_home(home: Path) -> None:
    assert find_home(None, {"XDG_DATA_HOME": "/data"}, home) == Path("/data/digestbot")
    write(home, "")
    assert find_home(None, {"XDG_DATA_HOME": "/data"}, home) == home


def test_without_a_data_folder_of_its_own_the_user_s_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/someone")
    expected = Path("/home/someone/.local/share/digestbot")
    assert find_home(None, {}, tmp_path) == expected
    assert find_home(None, {"XDG_DATA_HOME": "relative"}, tmp_path) == expected
    assert find_home(Path("~/news"), {}, tmp_path) == Path("/home/someone/news")


def test_a_relative_home_is_made_absolute_but_messages_name_it_as_it_was_typed(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home.parent)
    assert load_settings(Path(home.name), {}).home == home
    write(home, "[web]\nport = -1\n")
    with pytest.raises(BrokenFiles) as broken:
        load_settings(Path(home.name), {})
    assert broken.value.problems[0].path == f"{home.name}/config/digestbot.toml"
