"""Says what is wrong with a YAML text."""

import re

import yaml


class YamlFault(Exception):
    """A text that is no good YAML: what to do about it, and the character offset where."""

    def __init__(self, message: str, offset: int) -> None:
        self.message = message
        self.offset = offset
        super().__init__(message)


_WHERE_IT_BEGAN: tuple[tuple[str, str], ...] = (
    ("scanning an? (alias|anchor|tag)|parsing a tag", "A text that begins with “{character}” must stand in quotes."),
    (
        "scanning a block scalar",
        "After “{character}” a text begins on the next line: put a text that begins with “{character}” in quotes.",
    ),
    ("quoted scalar; found unexpected", "The text that begins here with {character} lacks its closing {character}."),
    (
        "could not find expected ':'",
        "This line is no “key: value”: add the colon, or indent it if it goes on from the line above.",
    ),
)
_WHERE_IT_FAILED: tuple[tuple[str, str], ...] = (
    (
        "escape|hexdecimal|hexadecimal",
        r"In double quotes a backslash begins an escape: write \\ for a backslash, or use single quotes.",
    ),
    ("cannot start any token; at a tab", "A tab stands here: indent with spaces."),
    ("cannot start any token", "A text that begins with “{character}” must stand in quotes."),
    ("mapping values.*; after a value", "A text that holds a colon before a space must stand in quotes."),
    ("mapping values", "This line and the one above do not fit: begin it with its key, indented like its siblings."),
    (
        "sequence entries",
        "A text that begins with “- ” must stand in quotes; the first item of a list goes on a line of its own.",
    ),
    (
        "',' or '}'",
        "“,” or “}}” is missing before this (“{{” is on line {line}); quote texts that hold , : [ ] {{ or }}.",
    ),
    (
        r"',' or '\]'",
        "“,” or “]” is missing before this (“[” is on line {line}); quote texts that hold , : [ ] {{ or }}.",
    ),
    (
        "parsing a block.*; after a value",
        "The value ended before this, with its quote or bracket: put the whole text in quotes of the other kind.",
    ),
    ("parsing a block mapping", "A line with “key: value” is expected here: indent it like its siblings."),
    ("parsing a block collection", "A line with “- ” and an item is expected here: indent it like its siblings."),
    ("document start", "A file holds one YAML document: remove “...” and lines that begin with “%”."),
    ("node content", "A value is missing before this: remove the comma or bracket, or put the text in quotes."),
)


def syntax_fault(error: yaml.YAMLError, text: str) -> YamlFault:
    """Puts what PyYAML says (its C and its Python parser have different words) into ours."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return YamlFault("This is no text that YAML can hold: remove invisible characters.", 0)
    failed = error.problem_mark.index if error.problem_mark else 0
    began = error.context_mark.index if error.context_mark else failed
    complaint = f"{error.context}; {error.problem}; {_situation(text, failed)}"
    for sentences, offset in ((_WHERE_IT_BEGAN, began), (_WHERE_IT_FAILED, failed)):
        for pattern, sentence in sentences:
            if re.search(pattern, complaint):
                line = text.count("\n", 0, began) + 1
                return YamlFault(sentence.format(character=text[offset : offset + 1], line=line), offset)
    return YamlFault(f"This is not valid YAML ({error.problem}): put texts with punctuation in quotes.", failed)


def _situation(text: str, offset: int) -> str:
    if text[offset : offset + 1] == "\t":
        return "at a tab"
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    return "after a value" if re.match(r"[\s-]*([^\s:]+:\s+|- +)\S", line) else ""
