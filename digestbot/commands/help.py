"""`help` and `privacy`: what can be asked, and what is kept of who asked."""

from typing import Any

from digestbot.commands.examples import LINES, VALUES
from digestbot.commands.mistakes import did_you_mean, shortened
from digestbot.commands.verbs import VERBS
from digestbot.commands.visit import Visit
from digestbot.domain.command import Option, Reply, Verb
from digestbot.domain.place import Member
from digestbot.errors import UserMistake


def allowed(member: Member) -> list[Verb]:
    """What this member may use and can type, in order."""
    return [verb for verb in VERBS if not verb.hidden and (member.admin or not verb.admin)]


async def help_(visit: Visit) -> Reply:
    """Verbs that this member may not use are left out, also when asked for by name."""
    verbs = allowed(visit.request.member)
    typed = visit.arguments.text("verb")
    if typed is None:
        everyone = [_line(verb) for verb in verbs if not verb.admin]
        return visit.reply("help", {"everyone": everyone, "admins": [_line(verb) for verb in verbs if verb.admin]})
    verb = next((each for each in verbs if each.name == typed.casefold()), None)
    if verb is None:
        hint = did_you_mean(typed, [each.name for each in verbs], "`/news help` lists what you can use.")
        raise UserMistake(f"There is no command ‘{shortened(typed)}’ for you here.{hint}")
    values = {
        "name": verb.name,
        "summary": verb.summary,
        "admin": verb.admin,
        "options": [_option(option) for option in verb.options],
        "examples": list(LINES[verb.name]),
    }
    return visit.reply("verb", values)


async def privacy(visit: Visit) -> Reply:
    return visit.reply("privacy", {"grace": visit.desk.grace_days, "keep": visit.desk.keep_days})


def _line(verb: Verb) -> dict[str, Any]:
    return {"name": verb.name, "main": verb.main.name if verb.main else None, "summary": verb.summary}


def _option(option: Option) -> dict[str, Any]:
    return {
        "name": option.name,
        "summary": option.summary,
        "required": option.required,
        "main": option.main,
        "choices": list(option.choices),
        "example": VALUES[option.name],
    }
