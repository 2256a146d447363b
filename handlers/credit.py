"""记分: the secretary credits what the bot cannot see for itself: speaking at a seminar, volunteering, hours online."""

from __future__ import annotations

import re
from dataclasses import dataclass

from content.words import fold
from domain.errors import UserError
from domain.group import Member, Role
from domain.ids import brief, from_brief
from domain.message import Button, Line, Message, line
from domain.points import CREDITED, Rule, RuleName
from handlers.call import Call, Command, Reply, done_mark
from handlers.people import person_meant
from handlers.points import earn
from storage import ledger, members
from storage.telling import tell_person

MOST_TIMES = 9
"""In one line, and one digit in a button; the day's cap holds anyway."""
ASKED_OF = 5
"""People at once whose buttons still make a message that can be surveyed."""
LONGEST_NAME = 4
"""Words in a name that is typed and not mentioned."""
WORDS: dict[RuleName, set[str]] = {
    "speaking": {"发言", "發言", "speaking", "speak"},
    "volunteering": {"志愿", "志願", "志愿服务", "志願服務", "volunteering", "volunteer"},
    "hour_online": {"在线", "在線", "线上", "線上", "在线学习", "在線學習", "online", "hours", "hour"},
}
_BETWEEN = re.compile(r"[\s,，、;；]+")
_TIMES = re.compile(r"[x×*]?(\d{1,4})(?:次|小时|小時|h|hours?|times)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Credit:
    people: list[Member]
    rule: RuleName | None
    times: int


async def credit(call: Call) -> Reply:
    """``记分 @张三 @李四 发言``, ``记分 @张三 在线 3``; without a rule it is asked for by buttons."""
    if not call.group.settings.points:
        raise UserError("points.off")
    if call.press and "_" in call.args:
        return await _pressed(call)
    asked = await _of_one(call) if call.press or not call.args else await _read(call)
    if isinstance(asked, Message):
        return asked
    if asked.rule is None:
        return _ask_rule(call, asked)
    return await _credit(call, asked.people, asked.rule, asked.times, _said(call))


def _said(call: Call) -> str:
    """The same message counts once, however often it arrives."""
    where = call.incoming
    return f"said:{where.platform}:{where.account}:{where.chat_id}:{where.message_id or where.event_id}"


async def _of_one(call: Call) -> Credit | Message:
    person = await person_meant(call, "credit")
    return person if isinstance(person, Message) else Credit([person], None, 1)


async def _read(call: Call) -> Credit:
    """Raises UserError for whom and what it does not know."""
    here = await members.in_group(call.tx, call.group.id)
    people, rest = _mentioned(call, here)
    rule: RuleName | None = None
    times = 1
    words = [word for word in _BETWEEN.split(rest) if word]
    while words:
        named, length = _name(words, here)
        if named:
            people.append(named)
        elif found := _rule(words[0]):
            rule = found
        elif counted := _TIMES.fullmatch(fold(words[0])):
            times = int(counted[1])
        else:
            word = words[0].lstrip("@＠")
            raise UserError("credit.unclear", word=word) if people else UserError("person.unknown", name=word)
        words = words[length:]
    if not people and (author := call.incoming.reply_to_sender):
        people = [one for one in here if one.name == author.name]
    if not people:
        raise UserError("credit.how_to")
    if not 0 < times <= MOST_TIMES:
        raise UserError("credit.times", most=MOST_TIMES)
    return Credit(list({one.id: one for one in people}.values()), rule, times)


def _mentioned(call: Call, here: list[Member]) -> tuple[list[Member], str]:
    """Those @-ed, and the rest of the line."""
    people, rest = [], call.args
    for mention in call.incoming.mentions:
        written = f"@{mention.name}"
        rest = rest.replace(written if written in rest else mention.name, " ", 1)
        people.append(_only(mention.name, here))
    return people, rest


def _name(words: list[str], here: list[Member]) -> tuple[Member | None, int]:
    """Who is named at the beginning, and in how many words."""
    names = {one.name.casefold() for one in here}
    for length in range(min(LONGEST_NAME, len(words)), 0, -1):
        written = " ".join(words[:length]).lstrip("@＠")
        if written.casefold() in names:
            return _only(written, here), length
    return None, 1


def _only(name: str, here: list[Member]) -> Member:
    named = [one for one in here if one.name.casefold() == name.casefold()]
    if not named:
        raise UserError("person.unknown", name=name)
    if len(named) > 1:
        raise UserError("credit.several", name=name)
    return named[0]


def _rule(written: str) -> RuleName | None:
    word = fold(written)
    return next((rule for rule in CREDITED if word in WORDS[rule]), None)


def _ask_rule(call: Call, asked: Credit) -> Message:
    """A row of buttons for each person; what was pressed counts once, whoever presses it again."""
    if len(asked.people) > ASKED_OF:
        raise UserError("credit.which_rule")
    offered = [rule for rule in CREDITED if _worth(call, rule)]
    if not offered:
        raise UserError("credit.no_rules")
    stamp = brief(call.now // 1000)
    rows = tuple(
        tuple(
            Button(
                line("credit.choice", name=one.name, what=_what(rule)),
                "credit",
                f"{CREDITED.index(rule)}{asked.times}_{brief(one.id)}_{stamp}",
            )
            for rule in offered
        )
        for one in asked.people
    )
    return Message((line("credit.which"),), buttons=rows)


async def _pressed(call: Call) -> Reply:
    what, person_id, stamp = call.args.split("_")
    person = await members.find(call.tx, call.group.id, from_brief(person_id))
    if person is None:
        raise UserError("person.gone")
    return await _credit(call, [person], CREDITED[int(what[0])], int(what[1:]), f"asked:{stamp}")


async def _credit(call: Call, people: list[Member], rule: RuleName, times: int, cause: str) -> Reply:
    worth = _worth(call, rule)
    if worth is None:
        raise UserError("credit.not_earned", what=_what(rule))
    lines, full = [], True
    for person in people:
        points = await earn(call, person.id, rule, cause, times, call.me.id)
        full = full and points == worth.points * times
        lines.append(
            line("credit.done", name=person.name, points=points, what=_what(rule))
            if points
            else line("credit.none", name=person.name, what=_what(rule), cap=worth.cap)
        )
        if points and person.id != call.me.id:
            await _tell(call, person, points, rule)
    return await _answer(call, lines, full)


def _worth(call: Call, rule: RuleName) -> Rule | None:
    worth = call.house.rules.get(rule)
    return worth if worth and worth.points else None


async def _answer(call: Call, lines: list[Line], full: bool) -> Reply:
    """Where a cap cut it short, that is between the secretary and the bot."""
    if call.press:
        return lines[0]
    if not call.incoming.is_group:
        return Message(tuple(lines))
    if not full:
        await call.tell_private(Message(tuple(lines)))
    return done_mark(call, lines[0])


async def _tell(call: Call, person: Member, points: int, rule: RuleName) -> None:
    standing = await ledger.own(call.tx, call.group.id, "all", person.id)
    said = line(
        "credit.yours",
        group=call.group.name,
        points=points,
        what=_what(rule),
        total=standing.points if standing else 0,
    )
    later = call.group.settings.after_quiet(call.now)
    await tell_person(
        call.tx, call.house.ids, call.now, call.group, person, Message((said,)), not_before=later
    )


def _what(rule: RuleName) -> Line:
    return line(f"credit.rule_{rule}")


COMMAND = Command("credit", credit, Role.SECRETARY, takes_text=True, needs="points", topic="points")
