"""The manifest: exactly what digestbot needs of an app, for a socket and for HTTP."""

import re

from digestbot.platforms.slack import door, listeners, oauth
from digestbot.platforms.slack.manifest import manifest
from digestbot.platforms.slack.scopes import SCOPES

URL = "https://news.example.org/bots"


def test_over_a_socket_it_names_no_address() -> None:
    made = manifest()
    assert "http" not in repr(made)
    assert made["oauth_config"] == {"scopes": {"bot": list(SCOPES)}}
    assert made["settings"] == {
        "event_subscriptions": {"bot_events": ["app_home_opened", "app_uninstalled", "tokens_revoked"]},
        "interactivity": {"is_enabled": True},
        "org_deploy_enabled": False,
        "socket_mode_enabled": True,
        "token_rotation_enabled": False,
    }


def test_over_http_every_request_comes_to_the_public_address() -> None:
    made = manifest(public_url=f"{URL}/")
    assert made["oauth_config"] == {
        "redirect_urls": ["https://news.example.org/bots/slack/oauth_redirect"],
        "scopes": {"bot": list(SCOPES)},
    }
    assert made["settings"] == {
        "event_subscriptions": {
            "request_url": "https://news.example.org/bots/slack/events",
            "bot_events": ["app_home_opened", "app_uninstalled", "tokens_revoked"],
        },
        "interactivity": {
            "is_enabled": True,
            "request_url": "https://news.example.org/bots/slack/events",
            "message_menu_options_url": "https://news.example.org/bots/slack/events",
        },
        "org_deploy_enabled": False,
        "socket_mode_enabled": False,
        "token_rotation_enabled": False,
    }
    (command,) = made["features"]["slash_commands"]
    assert command["url"] == "https://news.example.org/bots/slack/events"


def test_members_read_the_messages_tab_and_write_commands() -> None:
    features = manifest()["features"]
    assert features["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }
    (command,) = features["slash_commands"]
    assert (command["command"], command["should_escape"]) == (listeners.COMMAND, True)
    assert "url" not in command


def test_its_addresses_are_those_that_are_served() -> None:
    made = manifest(public_url=URL)
    assert made["settings"]["event_subscriptions"]["request_url"] == URL + door.PATH
    assert made["oauth_config"]["redirect_urls"] == [URL + oauth.REDIRECT]


def test_its_words_keep_slacks_lengths() -> None:
    made = manifest(public_url=URL)
    assert len(made["display_information"]["name"]) <= 35
    assert len(made["display_information"]["description"]) <= 140
    assert re.fullmatch(r"[a-z0-9._-]{1,80}", made["features"]["bot_user"]["display_name"])
    (command,) = made["features"]["slash_commands"]
    assert len(command["command"]) <= 32
    assert len(command["description"]) <= 2000
    assert len(command["usage_hint"]) <= 1000


def test_two_manifests_share_nothing_that_can_be_changed() -> None:
    first = manifest()
    first["features"]["slash_commands"][0]["command"] = "/other"
    first["oauth_config"]["scopes"]["bot"].clear()
    assert manifest()["features"]["slash_commands"][0]["command"] == "/news"
    assert manifest()["oauth_config"]["scopes"]["bot"] == list(SCOPES)
