"""The sandbox: what a template's language may do, and no more."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from jinja2 import BaseLoader, StrictUndefined, TemplateRuntimeError, Undefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from jinja2.exceptions import SecurityError
from jinja2.ext import Extension
from jinja2.runtime import BlockReference, Context, LoopContext, TemplateReference
from jinja2.sandbox import ImmutableSandboxedEnvironment

from digestbot.rendering.escape import Markdown, letters
from digestbot.rendering.links import button, button_url, image, link
from digestbot.rendering.prose import prose
from digestbot.rendering.times import date_filter, days, number_filter, plural_filter, time_filter

LONGEST = 1_000_000
"""Characters that a template may write at most, whole or in one value."""

FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "link": link,
    "button": button,
    "button_url": button_url,
    "image": image,
    "days": days,
}

_KEPT_FILTERS = (
    *("abs", "count", "d", "default", "dictsort", "first", "float", "groupby", "int", "items", "last", "length"),
    *("list", "map", "max", "min", "reject", "rejectattr", "reverse", "select", "selectattr", "sort", "unique"),
)


_JINJAS_OWN = (LoopContext, TemplateReference, BlockReference, TemplateModule)


class _Code(CodeGenerator):
    """Compiles `~` to a counted join, and has no filter blocks: they would change Markdown that is already escaped."""

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802  # Jinja's visitors are named so
        self.write("environment.joined((")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")

    def visit_FilterBlock(self, node: nodes.FilterBlock, frame: Frame) -> None:  # noqa: N802  # the same
        _ = frame
        self.fail("there are no filter blocks here; write the filter behind the value", node.lineno)


class Sandbox(ImmutableSandboxedEnvironment):
    """Templates over plain data: no methods, arithmetic on numbers only, counted output, every value escaped."""

    code_generator_class = _Code
    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def __init__(self, loader: BaseLoader, extensions: Iterable[type[Extension]] = ()) -> None:
        super().__init__(
            loader=loader,
            extensions=tuple(extensions),
            autoescape=False,  # `finalize` escapes for Markdown, which HTML escaping would not
            finalize=_finalized,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
            cache_size=-1,
        )
        self.filters = {name: self.filters[name] for name in _KEPT_FILTERS}
        self.filters |= {
            "time": time_filter,
            "date": date_filter,
            "number": number_filter,
            "plural": plural_filter,
            "markdown": prose,
            "join": join_filter,
            "truncate": truncate_filter,
            "capitalize": lambda value: str(_shown(value)).capitalize(),
            "lower": lambda value: str(_shown(value)).lower(),
            "title": lambda value: str(_shown(value)).title(),
            "trim": lambda value: str(_shown(value)).strip(),
            "upper": lambda value: str(_shown(value)).upper(),
        }
        self.globals = dict(FUNCTIONS)

    @staticmethod
    def concat(parts: Iterable[str]) -> Markdown:
        """What `set` blocks, macros and `super()` give: their values are escaped already."""
        return Markdown(joined(parts))

    @staticmethod
    def joined(parts: Iterable[object]) -> str:
        """The operator `~`."""
        return join_filter(parts)

    def getattr(self, obj: object, attribute: str) -> object:
        """A key of a dict; attributes only of what Jinja itself puts there."""
        if isinstance(obj, _JINJAS_OWN):
            return super().getattr(obj, attribute)
        return self.getitem(obj, attribute)

    def getitem(self, obj: object, argument: object) -> object:
        try:
            if isinstance(obj, (dict, Undefined)):
                return obj[argument]
            if isinstance(obj, (list, tuple, str)) and isinstance(argument, (int, slice)):
                return obj[argument]
        except (TypeError, LookupError):
            pass
        return self.undefined(obj=obj, name=str(argument))

    def call_binop(self, context: Context, operator: str, left: object, right: object) -> object:
        """Arithmetic on numbers. Raises `SecurityError` for anything else, and for powers."""
        _ = context
        for value in (left, right):
            if isinstance(value, Undefined):
                str(value)
        if operator == "**" or not all(isinstance(value, int | float) for value in (left, right)):
            raise SecurityError(f"‘{operator}’ works on numbers only; to put texts together write ~ or join")
        return super().call_binop(context, operator, left, right)


def join_filter(values: Iterable[object], separator: str = "", attribute: str | None = None) -> str:
    """Texts in a row; Markdown among them stays Markdown, the rest is escaped."""
    parts = [value[attribute] for value in values] if attribute else list(values)  # type: ignore[index]  # dicts
    glued = [_shown(part) for value in parts for part in (separator, value)][1:]
    if any(isinstance(part, Markdown) for part in glued):
        return Markdown(joined(part if isinstance(part, Markdown) else letters(str(part)) for part in glued))
    return joined(map(str, glued))


def truncate_filter(value: object, length: int = 255) -> str:
    """At most so many characters, cut behind a word, with “…” if something is missing."""
    text = str(_shown(value))
    if len(text) <= length:
        return text
    return text[: max(length, 1) - 1].rsplit(" ", 1)[0].rstrip() + "…"


def joined(parts: Iterable[str]) -> str:
    """One text of at most `LONGEST` characters, counted beforehand. Raises `SecurityError` above that."""
    return "".join(counted(parts))


def counted(parts: Iterable[str]) -> Iterator[str]:
    """The same parts. Raises `SecurityError` when there are more than `LONGEST` characters in them."""
    total = 0
    for part in parts:
        total += len(part)
        if total > LONGEST:
            raise SecurityError(f"the text grows beyond {LONGEST} characters")
        yield part


def _finalized(value: object) -> Markdown:
    """Spaces at the ends stay, for `{{ ", " }}`; at the ends of a line the reader of Markdown takes them."""
    shown = _shown(value)
    text = shown if isinstance(shown, Markdown) else str(shown)
    if len(text) > LONGEST:
        raise SecurityError(f"the text grows beyond {LONGEST} characters")
    return text if isinstance(text, Markdown) else letters(text)


def _shown(value: object) -> object:
    """What can stand in a text: nothing for None; no dicts, lists or times without a filter."""
    if value is None:
        return Markdown("")
    if isinstance(value, date):
        raise TemplateRuntimeError("a time cannot be shown as it is; write {{ … | time }} or {{ … | date }}")
    if isinstance(value, Undefined):
        return Markdown(value)
    if isinstance(value, (str, int, float)):
        return value
    raise TemplateRuntimeError(f"a {type(value).__name__} cannot be shown; name one of its fields")
