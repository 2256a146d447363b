"""同意刊登, 不刊登: an author's own word about their reflection in a newsletter. No answer is no; a no is never told in the group."""

from __future__ import annotations

from domain.cycle import Cycle
from domain.errors import UserError
from domain.ids import brief, from_brief
from domain.message import Button, Message, line
from domain.newsletter import Newsletter, Pick
from domain.reflection import code, read_code
from handlers.call import Call, Command, Reply, Where
from storage import members, newsletters, reflections
from storage.telling import tell_person, tell_secretaries


async def ask_authors(call: Call, cycle: Cycle, letter: Newsletter) -> Reply:
    """Each once, in private; who cannot be reached is told to the secretary. Picking one's own is saying yes."""
    if letter.state == "posted":
        raise UserError("newsletter.posted_already")
    picks = await newsletters.picks(call.tx, cycle)
    if not picks:
        raise UserError("newsletter.nothing_picked")
    rank = await reflections.rank_of(call.tx, call.group.id, cycle.id)
    asked, unreached = 0, list[str]()
    for pick in (one for one in picks if not one.consent):
        if pick.candidate.person_id == call.me.id:
            await newsletters.set_consent(call.tx, call.group.id, pick.candidate.id, "yes")
        elif await _ask(call, letter, rank, pick):
            asked += 1
        else:
            unreached.append(pick.candidate.name)
    await newsletters.turn(call.tx, letter, "asking", call.now)
    lines = [line("newsletter.asked", count=asked) if asked else line("newsletter.asked_all")]
    if unreached:
        names = tuple(line("person.name", name=name) for name in unreached)
        lines.append(line("newsletter.unreached", names=names))
    return Message(tuple(lines))


async def _ask(call: Call, letter: Newsletter, rank: int, pick: Pick) -> bool:
    author = await members.find(call.tx, call.group.id, pick.candidate.person_id)
    if author is None:
        return False
    number = code(rank, pick.candidate.number)
    id = brief(pick.candidate.id)
    said = Message(
        (
            line("newsletter.may_we", number=number, title=letter.title, group=call.group.name),
            line("newsletter.free_to_say"),
        ),
        buttons=(
            (
                Button(line("newsletter.yes"), "consent", id),
                Button(line("newsletter.no"), "withhold", id),
            ),
        ),
    )
    if not await tell_person(call.tx, call.house.ids, call.now, call.group, author, said):
        return False
    await newsletters.set_consent(call.tx, call.group.id, pick.candidate.id, "asked")
    return True


async def consent(call: Call) -> Reply:
    return await _say(call, agreed=True)


async def withhold(call: Call) -> Reply:
    return await _say(call, agreed=False)


async def _say(call: Call, *, agreed: bool) -> Reply:
    cycle_id, reflection_id = await _asked(call)
    letter = await newsletters.find(call.tx, call.group.id, cycle_id)
    assert letter is not None  # nobody is asked about a newsletter that was not begun
    await newsletters.set_consent(call.tx, call.group.id, reflection_id, "yes" if agreed else "no")
    if letter.state != "posted":
        return line("newsletter.thanks" if agreed else "newsletter.left_out", title=letter.title)
    await _tell_secretaries(call, letter, reflection_id, agreed=agreed)
    return line("newsletter.back_in" if agreed else "newsletter.taken_down", title=letter.title)


async def _asked(call: Call) -> tuple[int, int]:
    """(cycle, reflection): what the button names, the number written, else the newest they were asked about."""
    asked = await newsletters.asked_of(call.tx, call.group.id, call.me.id)
    wanted = await _wanted(call)
    for cycle_id, reflection_id, _ in asked:
        if wanted in (0, reflection_id):
            return cycle_id, reflection_id
    raise UserError("newsletter.not_asked")


async def _wanted(call: Call) -> int:
    if call.press:
        return from_brief(call.args) or -1
    if not call.args.strip():
        return 0
    number = read_code(call.args)
    found = await reflections.by_number(call.tx, call.group.id, *number) if number else None
    return found.id if found else -1


async def _tell_secretaries(call: Call, letter: Newsletter, reflection_id: int, *, agreed: bool) -> None:
    """What the page shows has changed, and they answer for it."""
    found = await reflections.find(call.tx, call.group.id, reflection_id)
    number = await reflections.code_of(call.tx, found) if found else ""
    key = "newsletter.page_has_again" if agreed else "newsletter.page_drops"
    said = Message((line(key, number=number, title=letter.title),))
    await tell_secretaries(call.tx, call.house.ids, call.now, call.group, said)


CONSENTS = (
    Command("consent", consent, where=Where.PRIVATE, topic="activity"),
    Command("withhold", withhold, where=Where.PRIVATE, topic="activity"),
)
