"""Hostile texts for the tests of Discord's layouts."""

from typing import Final

from tests.contract.test_messenger import HOSTILE as CORPUS
from tests.unit import cards

HOSTILE: Final = (
    *CORPUS,
    "</news:1> <id:customize> <:wave:5> <a:wave:5> <@!1> <mail@x.example> <+331> steam://run discord.gg/abc",
    "www.discord.com/invite/abc https://discord.gg/abc http://x.example HTTPS://X.EXAMPLE",
    "** __ ~~ || ``` *** ___ a|",
    "1. one\n2. two\n* three\n+ four\n  - five\n   # six\n>>> seven\n   -# eight",
    "\\* \\\\* \\\\\\** ¯\\_(ツ)_/¯ \\",
    "[a](b) [a]: b ![a](http://x.example) [a](<http://x.example>)",
    "\u202emoc.elpmaxe\u202c \u2066@everyone\u2069 @\u200beveryone",
)

_SIGNS = "*_~|`<>[]()#-+:@./!&\\"
HARD: Final = cards.hard(_SIGNS)
TEXTS: Final = cards.texts_of(_SIGNS, HOSTILE)
