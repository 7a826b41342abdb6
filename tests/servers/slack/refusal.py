"""Slack's no: an error of the Web API, with the shape that Slack gives it."""


class Refusal(Exception):
    """`ok: false` with HTTP 200, as Slack says it; `fields` are what comes beside `error`."""

    def __init__(self, error: str, **fields: object) -> None:
        super().__init__(error)
        self.error = error
        self.fields = fields

    def answer(self) -> dict[str, object]:
        return {"ok": False, "error": self.error, **self.fields}


class Limited(Exception):
    """HTTP 429, with the whole seconds to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"wait {seconds} s")
        self.seconds = seconds
