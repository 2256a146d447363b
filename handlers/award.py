"""授予: a title from the secretary, such as 学习标兵 or 创新之星; said in the group, it is told to the group."""

from __future__ import annotations

from domain.errors import UserError
from domain.group import Member, Role
from domain.ids import brief, from_brief
from domain.message import Button, Message, line
from domain.points import period
from domain.wording import clean
from handlers.call import Call, Command, Reply
from handlers.correct import after_name
from handlers.honours import CREATIVE, MODEL, TITLES, title_line
from handlers.people import person_meant
from handlers.stages import pressed_number
from storage import honours, members
from storage.telling import tell_person

TITLE_CHARS = 12
LATIN_CHARS = 30
"""A title in letters needs more of them than one in Chinese characters."""
_KNOWN = {
    "学习标兵": MODEL,
    "學習標兵": MODEL,
    "model learner": MODEL,
    "创新之星": CREATIVE,
    "創新之星": CREATIVE,
    "star of new ideas": CREATIVE,
}
_BACK = ("撤销", "撤銷", "收回", "undo")


async def award(call: Call) -> Reply:
    """``授予 @张三 学习标兵``; without a title it is asked for; ``授予 @张三 学习标兵 撤销`` takes it back."""
    if call.press and "_" in call.args:
        return await _pressed(call)
    title, back = _read("" if call.press else after_name(call))
    person = await person_meant(call, "award")
    if isinstance(person, Message):
        if title:
            raise UserError("award.whom")
        return person
    if not title:
        return _ask_title(person)
    return await (_take_back if back else _give)(call, person, title)


def _read(written: str) -> tuple[str, bool]:
    """The title, and whether it is taken back. Raises UserError for one that is too long."""
    text = " ".join(clean(written).split()).lstrip("*")
    back = text.casefold().endswith(_BACK)
    if back:
        text = text.rpartition(" ")[0]
    if title := _KNOWN.get(text.casefold()):
        return title, back
    if len(text) > (LATIN_CHARS if text.isascii() else TITLE_CHARS):
        raise UserError("award.too_long", most=TITLE_CHARS, length=len(text))
    return text, back


def _ask_title(person: Member) -> Message:
    row = tuple(
        Button(title_line(title), "award", f"{place}_{brief(person.id)}")
        for place, title in enumerate(TITLES)
    )
    return Message((line("award.which", name=person.name, most=TITLE_CHARS),), buttons=(row,))


async def _pressed(call: Call) -> Reply:
    place, _, person_id = call.args.partition("_")
    person = await members.find(call.tx, call.group.id, from_brief(person_id))
    if person is None:
        raise UserError("person.gone")
    number = pressed_number(place)
    if number >= len(TITLES):
        raise UserError("button.old")
    return await _give(call, person, TITLES[number])


async def _give(call: Call, person: Member, title: str) -> Reply:
    said = line("award.done", name=person.name, title=title_line(title))
    if not await honours.give(
        call.tx, call.group.id, period("month", call.today), person.id, title, call.now
    ):
        raise UserError("award.has_it", name=person.name, title=title_line(title))
    if not call.incoming.is_group and person.id != call.me.id:
        yours = Message((line("award.yours", group=call.group.name, title=title_line(title)),))
        later = call.group.settings.after_quiet(call.now)
        await tell_person(call.tx, call.house.ids, call.now, call.group, person, yours, not_before=later)
    return Message((said,))


async def _take_back(call: Call, person: Member, title: str) -> Reply:
    if not await honours.take_back(call.tx, call.group.id, call.today.year, person.id, title):
        raise UserError("award.has_not", name=person.name, title=title_line(title))
    return line("award.taken_back", name=person.name, title=title_line(title))


COMMAND = Command("award", award, Role.SECRETARY, takes_text=True, topic="points")
