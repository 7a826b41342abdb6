"""Hostile texts, a mention and a delivery's id for the tests of Slack's layout."""

from typing import Final

from tests.contract.test_messenger import HOSTILE as CORPUS
from tests.unit import cards

MENTION: Final = "<!subteam^S0123ABCDEF>"
DELIVERY: Final = "abcdefghijklmnopqrstuvwx"
HOSTILE: Final = (
    *CORPUS,
    "<@U1> <@W1|ada> <#C1> <#C1|general> <!subteam^S1|@fans> <!date^0^{date}|now> <mailto:a@x.example|mail>",
    "&lt;!here&gt; &amp;lt;@U1&amp;gt; &#60;!here&#62; <!here|here> <! here> <!channel",
    "www.x.example http://x.example HTTPS://X.EXAMPLE/a?b=c#d x.example a@x.example #general @ada",
    "*a* _b_ ~c~ `d` ```e``` *_~f~_* a*b*c\n&gt; g\n>>> h",
    ":smile: :+1::skin-tone-2: :wave :a: 10:30:15 :::",
    "\u202emoc.elpmaxe\u202c \u2066@everyone\u2069 @\u200beveryone <\u200b!here>",
)

_SIGNS = "*_~|`<>!@#^:&;\\"
HARD: Final = cards.hard(_SIGNS)
TEXTS: Final = cards.texts_of(_SIGNS, HOSTILE)
