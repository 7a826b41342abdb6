"""How Discord says no: a status, a code, and for forms a tree that names every field at fault."""

from typing import Any

Json = dict[str, Any]

WORDS: dict[int, tuple[int, str]] = {
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10013: (404, "Unknown User"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    20022: (429, "This message cannot be edited due to announcement rate limits."),
    30034: (400, "Max number of daily application command creates has been reached (200)"),
    30046: (429, "Maximum number of edits to messages older than 1 hour reached. Try again later."),
    40001: (401, "401: Unauthorized"),
    40005: (413, "Request entity too large"),
    40033: (400, "This message has already been crossposted."),
    40058: (400, "Cannot send a message in a forum channel"),
    40060: (400, "Interaction has already been acknowledged."),
    40067: (400, "A tag is required to create a forum post in this channel"),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50008: (400, "Cannot send messages in a non-text channel"),
    50013: (403, "Missing Permissions"),
    50021: (403, "Cannot execute action on a system message"),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50033: (400, "Invalid Recipient(s)"),
    50035: (400, "Invalid Form Body"),
    50068: (400, "Invalid message type"),
    50083: (400, "Thread is archived"),
    50109: (400, "The request body contains invalid JSON."),
    160004: (400, "A thread has already been created for this message"),
    160005: (403, "Thread is locked"),
    160006: (400, "Maximum number of active threads reached"),
}


class Refusal(Exception):
    """`status` and the answer's JSON; raised wherever Discord would refuse."""

    def __init__(self, status: int, code: int, message: str, **more: object) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.body: Json = {"message": message, "code": code, **more}


def refusal(code: int, **more: object) -> Refusal:
    status, words = WORDS[code]
    return Refusal(status, code, words, **more)


def unauthorized() -> Refusal:
    return Refusal(401, 0, "401: Unauthorized")


def broken() -> Refusal:
    """The server's own fault, or a poisoned body."""
    return Refusal(500, 0, "500: Internal Server Error")


class Form:
    """Collects what is wrong with a body, each at its path, as Discord's error tree."""

    def __init__(self) -> None:
        self._tree: Json = {}

    def wrong(self, path: str, code: str, message: str) -> None:
        """`path` is dotted: `embeds.0.fields.2.name`; an empty one is the form itself."""
        here = self._tree
        for step in filter(None, path.split(".")):
            here = here.setdefault(step, {})
        here.setdefault("_errors", []).append({"code": code, "message": message})

    def check(self) -> None:
        """Raises the refusal if anything was wrong."""
        if self._tree:
            raise self.refusal()

    def refusal(self) -> Refusal:
        return refusal(50035, errors=self._tree)

    def text(self, path: str, value: object, longest: int, *, shortest: int = 0, trimmed: bool = True) -> int:
        """Checks a text and returns its length; blank is as good as missing. `trimmed`: spaces around do not count."""
        if not isinstance(value, str):
            self.wrong(path, "BASE_TYPE_BAD_TYPE", "Must be a string.")
            return 0
        length = units(value.strip() if trimmed else value)
        if shortest and not value.strip():
            self.wrong(path, "BASE_TYPE_REQUIRED", "This field is required")
        elif not shortest <= length <= longest:
            words = f"between {shortest} and {longest}" if shortest else f"{longest} or fewer"
            code = "BASE_TYPE_BAD_LENGTH" if shortest else "BASE_TYPE_MAX_LENGTH"
            self.wrong(path, code, f"Must be {words} in length.")
        return length

    def whole(self, path: str, value: object, least: int, most: int) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            self.wrong(path, "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
        elif value < least:
            self.wrong(path, "NUMBER_TYPE_MIN", f"int value should be greater than or equal to {least}.")
        elif value > most:
            self.wrong(path, "NUMBER_TYPE_MAX", f"int value should be less than or equal to {most}.")

    def count(self, path: str, values: object, most: int, *, least: int = 0) -> list[Any]:
        """Checks a list's length and returns it, empty if it is none."""
        if not isinstance(values, list):
            self.wrong(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return []
        if not least <= len(values) <= most:
            words = f"between {least} and {most}" if least else f"{most} or fewer"
            self.wrong(path, "BASE_TYPE_BAD_LENGTH", f"Must be {words} in length.")
        return values

    def url(self, path: str, value: object, *schemes: str, longest: int = 2048) -> None:
        self.text(path, value, longest, shortest=1)
        if isinstance(value, str) and value and not _is_url(value, schemes or ("http", "https")):
            self.wrong(path, "URL_TYPE_INVALID_URL", "Not a well formed URL.")


def units(text: str) -> int:
    """Characters as UTF-16 counts them: the stricter reading of Discord's limits."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _is_url(value: str, schemes: tuple[str, ...]) -> bool:
    scheme, separator, rest = value.partition("://")
    return bool(separator and rest) and scheme.lower() in schemes and not any(letter.isspace() for letter in value)
