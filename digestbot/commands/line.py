"""A typed line: its words, what they mean for a verb, and the line that says the same again."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from digestbot.commands.mistakes import did_you_mean, shortened
from digestbot.commands.verbs import PAGE, option_of
from digestbot.domain.command import Verb
from digestbot.domain.filter import KINDS
from digestbot.errors import UserMistake

LONGEST = 2_000

_NAME = re.compile(r"(-?[^\W\d]\w*):")
_CLOSING = {'"': '"', "“": '”“"', "”": '”"', "„": '“”"', "«": "»", "»": "«", "'": "'", "‘": "’"}
_SINGLE = "'‘"
_ESCAPED = re.compile(r"\\([\\\"])")


@dataclass(frozen=True, slots=True)
class Word:
    """A word or a quoted run; `name` stands before its colon. `open` if the closing quote is missing."""

    name: str | None
    value: str
    start: int
    quoted: bool = False
    open: bool = False

    @property
    def text(self) -> str:
        return self.value if self.name is None else f"{self.name}:{self.value}"


def words_of(line: str) -> Iterator[Word]:
    """The words of a line in order; never raises."""
    at = 0
    while at < len(line):
        if line[at].isspace():
            at += 1
            continue
        word, at = _word(line, at)
        yield word


def _word(line: str, start: int) -> tuple[Word, int]:
    named = _NAME.match(line, start)
    name = named[1] if named else None
    at = named.end() if named else start
    quote = line[at : at + 1]
    if quote in _SINGLE and quote:
        end = _single_end(line, at)
        if end is not None:
            return Word(name, line[at + 1 : end], start, quoted=True), end + 1
    elif quote in _CLOSING:
        return _quoted(line, at, name, start)
    end = at
    while end < len(line) and not line[end].isspace():
        end += 1
    return Word(name, line[at:end], start), end


def _single_end(line: str, at: int) -> int | None:
    """Single quotes are apostrophes too: one closes only at the end of a word, and only if there is one."""
    closing = re.compile(rf"{_CLOSING[line[at]]}(?=\s|$)")
    found = closing.search(line, at + 1)
    return found.start() if found else None


def _quoted(line: str, at: int, name: str | None, start: int) -> tuple[Word, int]:
    closing, end = _CLOSING[line[at]], at + 1
    while end < len(line) and line[end] not in closing:
        end += 2 if line[end] == "\\" and line[end + 1 : end + 2] in {'"', "\\"} else 1
    missing = end >= len(line)
    value = _ESCAPED.sub(r"\1", line[at + 1 : end])
    return Word(name, value, start, quoted=True, open=missing), min(end, len(line)) + 1


def read_line(line: str, verbs: Mapping[str, Verb]) -> tuple[Verb, dict[str, str]]:
    """The verb and its options as texts by name; an empty line asks for help. Raises `UserMistake`.

    Of an option given twice the last counts, so that a card's own line can be added to.
    """
    words = _checked(line)
    if not words:
        return verbs["help"], {}
    typed = words[0].text
    verb = verbs.get(typed.casefold())
    if verb is None:
        names = [each.name for each in verbs.values() if not each.hidden]
        hint = did_you_mean(typed, names, "`/news help` lists what there is.")
        raise UserMistake(f"There is no command ‘{shortened(typed)}’.{hint}")
    return verb, _options(verb, words[1:])


def _checked(line: str) -> list[Word]:
    if len(line) > LONGEST:
        raise UserMistake(f"That is too long: a command has at most {LONGEST:,} characters.")
    words = list(words_of(line))
    if any(word.open for word in words):
        raise UserMistake('A quote is not closed: put one at the end of the value too, as in `when:"daily 09:00"`.')
    return words[1:] if words and words[0].text.casefold() == "/news" else words


def _options(verb: Verb, words: Sequence[Word]) -> dict[str, str]:
    options: dict[str, str] = {}
    main: list[str] = []
    terms: list[str] = []
    interrupted = False
    for word in words:
        name = (word.name or "").casefold()
        if name and option_of(verb, name):
            _set(options, name, word)
            interrupted = bool(main)
        elif _is_term(verb, name):
            terms.append(word.text)
        else:
            _known(verb, name, word)
            if interrupted:
                raise UserMistake(_stray(verb, word, words))
            main.append(word.text)
    _set_main(verb, options, main)
    if terms:
        options["what"] = ", ".join(filter(None, [options.get("what"), *terms]))
    return {name: value for name, value in options.items() if value.strip()}


def _set(options: dict[str, str], name: str, word: Word) -> None:
    if not word.value and not word.quoted:
        raise UserMistake(f"`{name}:` has no value: write it right behind the colon, in quotes if it has blanks.")
    options[name] = word.value


def _is_term(verb: Verb, name: str) -> bool:
    """`edit abc234 topic:music`: a filter's term belongs to `what`, also where that is not the main option."""
    main = verb.main
    has_what = option_of(verb, "what") is not None and (main is None or main.name != "what")
    return has_what and name.removeprefix("-") in KINDS


def _is_main_term(verb: Verb, name: str) -> bool:
    """`subscribe topic:music`: the same where it is the main option, unless the verb has an option of that name."""
    main = verb.main
    is_what = main is not None and main.name == "what"
    return is_what and not option_of(verb, name.casefold()) and name.casefold().removeprefix("-") in KINDS


def _known(verb: Verb, name: str, word: Word) -> None:
    """Refuse `nmae:value`, unless the words are free text in which a colon may stand."""
    main = verb.main
    if main is None and not name:
        raise UserMistake(
            f"`{verb.name}` takes no ‘{shortened(word.text)}’. `/news help {verb.name}` says what it takes."
        )
    if not name or _is_main_term(verb, name):
        return
    names = [option.name for option in verb.options]
    hint = did_you_mean(name, names)
    if hint or main is None or main.name != "words":
        listed = f" It takes {', '.join(names)}."
        raise UserMistake(f"`{verb.name}` has no option ‘{shortened(name)}’.{hint or listed}")


def _stray(verb: Verb, word: Word, words: Sequence[Word]) -> str:
    before = words[words.index(word) - 1]
    together = f'{before.name}:"{before.value} {word.text}"'
    belongs = f" If it belongs to `{before.name}`, write `{shortened(together)}`." if before.name else ""
    return f"It is not clear what ‘{shortened(word.text)}’ is for in `{verb.name}`.{belongs}"


def _set_main(verb: Verb, options: dict[str, str], words: Sequence[str]) -> None:
    main = verb.main
    if not words or main is None:
        return
    if main.name in options:
        typed = shortened(" ".join(words))
        raise UserMistake(f"`{main.name}` is given twice: as ‘{typed}’ and as `{main.name}:`. Leave one of them out.")
    options[main.name] = " ".join(words)


def write_line(verb: Verb, options: Mapping[str, str]) -> str:
    """A line that `read_line` reads back; the main option goes first, without its name."""
    main = verb.main
    parts = [verb.name]
    if main and options.get(main.name):
        parts.append(main_text(verb, options[main.name]))
    others = (option.name for option in (*verb.options, PAGE) if option is not main)
    parts += [f"{name}:{quotable(options[name])}" for name in dict.fromkeys(others) if options.get(name)]
    return " ".join(parts)


def main_text(verb: Verb, value: str) -> str:
    """A value as it may stand without its option's name; in quotes only if it would be read otherwise."""
    words = list(words_of(value))
    free = all(not word.quoted and (word.name is None or _is_main_term(verb, word.name)) for word in words)
    return value if free and value == " ".join(word.text for word in words) else quoted(value)


def quotable(value: str) -> str:
    """A value as it must stand behind its option's colon."""
    return quoted(value) if _needs_quotes(value) else value


def quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _needs_quotes(value: str) -> bool:
    return not value or any(sign.isspace() or sign in _CLOSING for sign in value)
