"""What each part of Block Kit may hold: Slack's reference/block-kit, as a table."""

from collections.abc import Mapping
from dataclasses import dataclass, field

PLAIN = frozenset({"plain_text"})
EITHER = frozenset({"plain_text", "mrkdwn"})


@dataclass(frozen=True, slots=True)
class Words:
    """A text object: its types, and how many characters it may hold."""

    most: int
    types: frozenset[str] = PLAIN


@dataclass(frozen=True, slots=True)
class Parts:
    """A list of parts: the types that it may hold, and how many."""

    types: frozenset[str]
    most: int = 1000
    least: int = 1


@dataclass(frozen=True, slots=True)
class Shape:
    """Keys that are listed nowhere are refused. `strings` are numbers of characters; `free` is not looked into."""

    required: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    strings: Mapping[str, int] = field(default_factory=dict)
    words: Mapping[str, Words] = field(default_factory=dict)
    parts: Mapping[str, Parts] = field(default_factory=dict)
    part: Mapping[str, frozenset[str]] = field(default_factory=dict)
    free: tuple[str, ...] = ()

    @property
    def known(self) -> set[str]:
        return {"type", *self.strings, *self.words, *self.parts, *self.part, *self.free}


STATIC = ("static_select", "multi_static_select")
EXTERNAL = ("external_select", "multi_external_select")
NAMED = tuple(f"{prefix}{kind}_select" for prefix in ("", "multi_") for kind in ("users", "conversations", "channels"))
TEXT_INPUTS = ("plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input")
PICKERS = ("datepicker", "timepicker", "datetimepicker")
CHOICES = ("checkboxes", "radio_buttons")
SELECTS = (*STATIC, *EXTERNAL, *NAMED)
ACTIONS = frozenset({"button", "workflow_button", "overflow", *SELECTS, *PICKERS, *CHOICES, "rich_text_input"})
INPUTS = frozenset({*SELECTS, *PICKERS, *CHOICES, *TEXT_INPUTS, "file_input"})
INLINE = frozenset(
    {"text", "link", "emoji", "user", "usergroup", "channel", "broadcast", "date", "color", "team"},
)

_ACT = {"action_id": 255}
_SELECT_FREE = (
    "confirm", "focus_on_load", "max_selected_items", "min_query_length", "response_url_enabled", "filter",
    "default_to_current_conversation", "initial_option", "initial_options", "initial_user", "initial_users",
    "initial_channel", "initial_channels", "initial_conversation", "initial_conversations", "option_groups",
)  # fmt: skip


def _inline(*required: str, free: tuple[str, ...] = ()) -> Shape:
    return Shape(required=required, strings=dict.fromkeys(required, 12_000), free=("style", *free))


ELEMENTS: Mapping[str, Shape] = {
    "button": Shape(
        ("text",),
        strings={**_ACT, "value": 2000, "url": 3000, "accessibility_label": 75, "style": 7},
        words={"text": Words(75)},
        free=("confirm",),
    ),
    "workflow_button": Shape(("text", "workflow"), strings=_ACT, words={"text": Words(75)}, free=("workflow", "style")),
    "overflow": Shape(("options",), strings=_ACT, parts={"options": Parts(frozenset({"option"}), 5)}),
    **{
        kind: Shape(
            (),
            ("options", "option_groups"),
            strings=_ACT,
            words={"placeholder": Words(150)},
            parts={"options": Parts(frozenset({"option"}), 100)},
            free=_SELECT_FREE,
        )
        for kind in STATIC
    },
    **{
        kind: Shape(strings=_ACT, words={"placeholder": Words(150)}, free=_SELECT_FREE)
        for kind in (*EXTERNAL, *NAMED)
    },
    **{
        kind: Shape(
            ("options",),
            strings=_ACT,
            parts={"options": Parts(frozenset({"option"}), 10)},
            free=("initial_options", "initial_option", "focus_on_load", "confirm"),
        )
        for kind in CHOICES
    },
    **{
        kind: Shape(
            strings=_ACT,
            words={"placeholder": Words(150)},
            free=("initial_date", "initial_time", "initial_date_time", "timezone", "focus_on_load", "confirm"),
        )
        for kind in PICKERS
    },
    **{
        kind: Shape(
            strings={**_ACT, "initial_value": 3000} if kind != "rich_text_input" else _ACT,
            words={"placeholder": Words(150)},
            free=("multiline", "min_length", "max_length", "is_decimal_allowed", "min_value", "max_value",
                  "dispatch_action_config", "focus_on_load"),
        )
        for kind in TEXT_INPUTS
    },
    "file_input": Shape(strings=_ACT, free=("filetypes", "max_files")),
    "icon_button": Shape(("icon", "text"), strings={**_ACT, "value": 2000}, words={"text": Words(75)}, free=("icon",)),
    "feedback_buttons": Shape(("positive_button", "negative_button"), free=("positive_button", "negative_button")),
    "image": Shape(("alt_text",), ("image_url", "slack_file"), strings={"image_url": 3000, "alt_text": 2000},
                   free=("slack_file",)),
    "mrkdwn": Shape(("text",), strings={"text": 3000}, free=("verbatim",)),
    "plain_text": Shape(("text",), strings={"text": 3000}, free=("emoji",)),
    "option": Shape(("text",), strings={"value": 150, "url": 3000}, words={"text": Words(75, EITHER),
                    "description": Words(75, EITHER)}),
    "rich_text_section": Shape(("elements",), parts={"elements": Parts(INLINE, least=0)}),
    "rich_text_list": Shape(("elements", "style"), strings={"style": 7},
                            parts={"elements": Parts(frozenset({"rich_text_section"}))},
                            free=("indent", "offset", "border")),
    "rich_text_quote": Shape(("elements",), parts={"elements": Parts(INLINE, least=0)}, free=("border",)),
    "rich_text_preformatted": Shape(("elements",), parts={"elements": Parts(INLINE, least=0)},
                                    free=("border", "language")),
    "text": _inline("text"),
    "link": Shape(("url",), strings={"url": 3000, "text": 12_000}, free=("style", "unsafe")),
    "emoji": _inline("name", free=("unicode", "url")),
    "user": _inline("user_id"),
    "usergroup": _inline("usergroup_id"),
    "channel": _inline("channel_id"),
    "broadcast": _inline("range"),
    "date": Shape(("timestamp", "format"), strings={"format": 255, "fallback": 255, "url": 3000},
                  free=("style", "timestamp")),
    "color": _inline("value"),
    "team": _inline("team_id"),
    "raw_text": Shape(("text",), strings={"text": 3000}),
    "raw_number": Shape(("value", "text"), strings={"text": 3000}, free=("value",)),
    "url": Shape(("url", "text"), strings={"url": 3000, "text": 255}),
}  # fmt: skip

_IMAGES = frozenset({"image"})
_BUTTONS = frozenset({"button"})
_BLOCK = {"block_id": 255}
NESTED = frozenset({"header", "section", "context", "actions", "divider", "image", "rich_text", "markdown", "table"})

BLOCKS: Mapping[str, Shape] = {
    "section": Shape((), ("text", "fields"), strings=_BLOCK, words={"text": Words(3000, EITHER)},
                     parts={"fields": Parts(EITHER, 10)}, part={"accessory": ACTIONS | _IMAGES}, free=("expand",)),
    "header": Shape(("text",), strings=_BLOCK, words={"text": Words(150)}),
    "context": Shape(("elements",), strings=_BLOCK, parts={"elements": Parts(EITHER | _IMAGES, 10)}),
    "context_actions": Shape(("elements",), strings=_BLOCK,
                             parts={"elements": Parts(frozenset({"icon_button", "feedback_buttons"}), 5)}),
    "actions": Shape(("elements",), strings=_BLOCK, parts={"elements": Parts(ACTIONS, 25)}),
    "divider": Shape((), strings=_BLOCK),
    "image": Shape(("alt_text",), ("image_url", "slack_file"), strings={**_BLOCK, "image_url": 3000, "alt_text": 2000},
                   words={"title": Words(2000)}, free=("slack_file",)),
    "input": Shape(("label", "element"), strings=_BLOCK, words={"label": Words(2000), "hint": Words(2000)},
                   part={"element": INPUTS}, free=("optional", "dispatch_action")),
    "markdown": Shape(("text",), strings={**_BLOCK, "text": 12_000}),
    "rich_text": Shape(("elements",), strings=_BLOCK, parts={"elements": Parts(
        frozenset({"rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted"}))}),
    "table": Shape(("rows",), strings=_BLOCK, free=("rows", "column_settings")),
    "data_table": Shape(("rows", "caption"), strings={**_BLOCK, "caption": 2000},
                        free=("rows", "page_size", "row_header_column_index")),
    "data_visualization": Shape(("title",), strings=_BLOCK, words={"title": Words(50)},
                                free=("chart", "data", "series")),
    "video": Shape(("alt_text", "thumbnail_url", "title", "video_url"),
                   strings={**_BLOCK, "alt_text": 2000, "thumbnail_url": 3000, "video_url": 3000, "title_url": 3000,
                            "author_name": 50, "provider_icon_url": 3000, "provider_name": 50},
                   words={"title": Words(200), "description": Words(200)}),
    "card": Shape((), ("hero_image", "title", "actions", "body"), strings=_BLOCK,
                  words={"title": Words(150, EITHER), "subtitle": Words(150, EITHER), "body": Words(200, EITHER)},
                  parts={"actions": Parts(_BUTTONS, 3)}, part={"hero_image": _IMAGES, "icon": _IMAGES}),
    "carousel": Shape(("elements",), strings=_BLOCK, parts={"elements": Parts(frozenset({"card"}), 10)}),
    "container": Shape(("child_blocks",), strings={**_BLOCK, "width": 8},
                       words={"title": Words(150), "subtitle": Words(150)},
                       parts={"child_blocks": Parts(NESTED, 10)}, part={"icon": _IMAGES},
                       free=("default_collapsed", "has_header_divider", "is_collapsible", "rich_text_title")),
    "alert": Shape(("text",), strings={**_BLOCK, "level": 7}, words={"text": Words(3000, EITHER)}),
    "file": Shape(("external_id", "source"), strings={**_BLOCK, "external_id": 255, "source": 6}),
}  # fmt: skip
