"""签到 123456: being there, by the code of the minute on the secretary's screen; 点名, by the secretary's roll; 发言: who spoke."""

from __future__ import annotations

from dataclasses import replace

from content.words import fold
from domain.attendance import GUESSES, GUESSES_WITHIN, Room, address, code, is_right, read_code
from domain.day import MINUTE
from domain.errors import UserError
from domain.group import Member, Role
from domain.message import Line, Message, line
from handlers.call import Call, Command, Reply, done_mark
from handlers.people import person_meant
from handlers.points import earn
from handlers.private import in_private
from handlers.signup import side_for_one_more
from handlers.stage_board import SIGNED_UP
from handlers.stages import refresh, stage_meant
from scheduler.cycle import moment
from scheduler.stages.kind import Firing
from storage import cycles, installation, signups

_OFF = {"取消", "撤回", "off", "undo"}


async def is_attendance(call: Call) -> bool:
    """「签到 123456」 while people attend something: the six digits say that the room is meant, not the day."""
    if call.press or read_code(call.args) is None:
        return False
    return await cycles.open_stage(call.tx, call.group.id, *SIGNED_UP) is not None


async def attend(call: Call) -> Reply:
    at = await stage_meant(call, "attend.none_open", *SIGNED_UP)
    if at is None:
        return None
    given = read_code(call.args)
    if given is None:
        raise UserError("attend.how")
    mine = await signups.find(call.tx, at.stage, call.me.id)
    if mine is not None and mine.attended:
        return line("attend.already")
    wrong = await signups.wrong_guesses(call.tx, call.group.id, call.me.id, call.now - GUESSES_WITHIN)
    if wrong >= GUESSES:
        raise UserError("attend.too_many", minutes=GUESSES_WITHIN // MINUTE)
    key = await installation.value(call.tx, "key") or ""
    if not is_right(key, room_of(at), given, call.now):
        # Said as an answer, not raised: an error would take back the count of guesses with everything else.
        await signups.guessed_wrong(call.tx, call.group.id, call.me.id, wrong + 1, call.now)
        return line("attend.wrong")
    await be_there(call, at, call.me, "code")
    await refresh(call, at)
    return done_mark(call, line("attend.there", stage=at.stage.spec.title))


def room_of(at: Firing) -> Room:
    return Room(at.group.id, at.cycle.id, at.stage.place)


async def be_there(call: Call, at: Firing, person: Member, how: str) -> bool:
    """False where it was known already. Whoever had not signed up has a seat by being there, and joins a sub-group."""
    before = await signups.find(call.tx, at.stage, person.id)
    noted = await signups.attend(call.tx, at.stage, person.id, how, call.now)
    if noted and (before is None or before.state != "in"):
        coming = await signups.of_stage(call.tx, at.stage, "in")
        others = [one for one in coming if one.person_id != person.id]
        side = await side_for_one_more(others)
        await signups.set_state(call.tx, at.stage, person.id, "in", side)
    return noted


async def screen(call: Call) -> Reply:
    """The code now, and the page that shows each new one; for the secretary alone."""
    at = await stage_meant(call, "attend.none_open", *SIGNED_UP)
    if at is None:
        return None
    key = await installation.value(call.tx, "key") or ""
    link = f"{call.house.public_url}/attend/{address(key, room_of(at), call.me.id)}"
    shown = Message(
        (
            line("attend.code_now", code=code(key, room_of(at), call.now), stage=at.stage.spec.title),
            line("attend.screen", link=link),
            line("attend.until", until=moment(at.group, at.stage.closes_at)),
        )
    )
    return await in_private(call, shown)


async def roll(call: Call) -> Reply:
    """点名 @张三 @李四; 点名 取消 @张三 takes it back."""
    at = await stage_meant(call, "attend.none_open", *SIGNED_UP)
    if at is None:
        return None
    first, _, rest = call.args.strip().partition(" ")
    if fold(first) in _OFF:
        return await _strike(call, at, replace(call, args=rest.strip()))
    people = await people_meant(call, "roll")
    noted = [person for person in people if await be_there(call, at, person, "roll")]
    if not noted:
        return line("attend.rolled_already")
    await refresh(call, at)
    return line("attend.rolled", names=_names(noted), count=len(noted))


async def _strike(call: Call, at: Firing, named: Call) -> Reply:
    people = await people_meant(named, "roll")
    struck = [person for person in people if await signups.strike(call.tx, at.stage, person.id)]
    if not struck:
        return line("attend.not_there")
    await refresh(call, at)
    return line("attend.struck", names=_names(struck))


async def spoke(call: Call) -> Reply:
    """发言 @张三: counts once a stage, and earns its points once; whoever speaks is there."""
    at = await stage_meant(call, "attend.none_open", *SIGNED_UP)
    if at is None:
        return None
    people = await people_meant(call, "spoke")
    noted, came = [], False
    for person in people:
        came |= await be_there(call, at, person, "roll")
        if await signups.spoke(call.tx, at.stage, person.id):
            await earn(call, person.id, "speaking", f"stage:{at.arg}")
            noted.append(person)
    if came:
        await refresh(call, at)
    if not noted:
        return line("attend.spoke_already")
    return done_mark(call, line("attend.spoke", names=_names(noted)))


async def people_meant(call: Call, action: str) -> list[Member]:
    """Everybody named, each once: by mention, by name with or without @, or the author of the message answered.

    Raises UserError where nobody is named, a name is nobody's here, or two people share it.
    """
    words = [word for word in call.args.replace("、", " ").replace("，", " ").split() if word.strip("@＠")]
    if call.incoming.mentions:
        calls = [
            replace(call, incoming=call.incoming.model_copy(update={"mentions": (one,)}))
            for one in call.incoming.mentions
        ]
    else:
        calls = [replace(call, args=word) for word in words] or [call]
        if not words and not call.incoming.reply_to_sender:
            raise UserError(f"attend.{action}_how")
    return list({person.id: person for person in [await _only(one) for one in calls]}.values())


async def _only(call: Call) -> Member:
    person = await person_meant(call, "roll")
    if isinstance(person, Message):
        raise UserError("attend.several")
    return person


def _names(people: list[Member]) -> tuple[Line, ...]:
    return tuple(line("person.name", name=one.name) for one in people)


COMMANDS = (
    Command("attend", attend, takes_text=True, topic="activity"),
    Command("screen", screen, Role.SECRETARY, topic="activity"),
    Command("roll", roll, Role.SECRETARY, takes_text=True, topic="activity"),
    Command("spoke", spoke, Role.SECRETARY, takes_text=True, topic="activity"),
)
