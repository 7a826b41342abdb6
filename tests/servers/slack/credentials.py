"""What the app and Slack know of each other: the app's ids and secrets."""

from dataclasses import dataclass

APP_ID = "A0000000001"


@dataclass(frozen=True, slots=True)
class Credentials:
    """Canaries: none of them may ever show up in a log."""

    app_id: str = APP_ID
    client_id: str = "1234567890.0987654321"
    client_secret: str = "client-secret-canary"
    signing_secret: str = "signing-secret-canary"
    app_token: str = "xapp-1-A0000000001-canary"
