"""The manifest: the app as Slack's own pages make it from one paste (Slack: app manifest reference)."""

from typing import Any, Final

from digestbot.platforms.slack.scopes import SCOPES

REQUESTS: Final = "/slack/events"
REDIRECT: Final = "/slack/oauth_redirect"
"""Written here once more: the modules behind these addresses take half a second to load."""

EVENTS: Final = ("app_home_opened", "app_uninstalled", "tokens_revoked")

_NAME: Final = "digestbot"
_DESCRIPTION: Final = "Cards of award shows, festivals and finals: headline, key quote, winners."
_COMMAND: Final = {
    "command": "/news",
    "description": "Read cards, follow events, have channels subscribed",
    "usage_hint": "[latest | winners bbma-2020 | subscribe what:all | help], or nothing for a form",
    "should_escape": True,  # a channel that is picked in the line comes with its id
}


def manifest(*, public_url: str = "") -> dict[str, Any]:
    """For HTTP under `public_url`, else for Socket Mode.

    Without token rotation: digestbot keeps no refresh tokens. Without org_deploy_enabled: who runs it for a whole
    organisation switches it on.
    """
    base = public_url.rstrip("/")
    requests = f"{base}{REQUESTS}"
    oauth = {"redirect_urls": [f"{base}{REDIRECT}"]} if base else {}
    command = {**_COMMAND, **({"url": requests} if base else {})}
    events = {"request_url": requests} if base else {}
    interactivity = {"request_url": requests, "message_menu_options_url": requests} if base else {}
    return {
        "display_information": {"name": _NAME, "description": _DESCRIPTION},
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": _NAME, "always_online": True},
            "slash_commands": [command],
        },
        "oauth_config": {**oauth, "scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**events, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **interactivity},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not base,
            "token_rotation_enabled": False,
        },
    }
