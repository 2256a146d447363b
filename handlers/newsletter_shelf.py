"""What a newsletter is picked from, in private: the reflections in order, with reasons, and where each author stands."""

from __future__ import annotations

from domain.cycle import Cycle
from domain.group import Chat
from domain.ids import brief
from domain.marks import shown
from domain.message import Button, Line, Message, line
from domain.newsletter import PICKS_MOST, Candidate, Newsletter, Pick, ranked
from domain.reflection import code
from handlers.call import Call, Reply
from handlers.private import in_private
from storage import newsletters, posts, reflections
from storage.telling import tell_chat

TOP = 5
"""As many the button for the best ones picks."""
_IN_ROW = 3


async def best_first(call: Call, cycle: Cycle) -> list[Candidate]:
    return ranked(await newsletters.candidates(call.tx, cycle))


async def show_shelf(call: Call, cycle: Cycle, letter: Newsletter, *, anew: bool = False) -> Reply:
    """In the message it was shown in last, or with ``anew`` in a new one below."""
    shelf = await _shelf(call, cycle, letter)
    if call.incoming.is_group:
        return await in_private(call, shelf)
    where = call.incoming
    chat = Chat(where.platform, where.account, where.chat_id, where.thread_id or "", False)
    slot = f"shelf:{brief(cycle.id)}"
    if anew:
        await posts.let_go(call.tx, chat.lane, chat.chat_id, slot)
    await tell_chat(
        call.tx,
        call.house.ids,
        call.now,
        chat,
        shelf,
        group_id=call.group.id,
        person_id=call.me.id,
        language=call.me.language or call.group.settings.language,
        slot=slot,
    )
    return None


async def _shelf(call: Call, cycle: Cycle, letter: Newsletter) -> Message:
    candidates = await best_first(call, cycle)
    if not candidates:
        return Message((line("newsletter.nothing_handed_in"),))
    rank = await reflections.rank_of(call.tx, call.group.id, cycle.id)
    picks = await newsletters.picks(call.tx, cycle)
    picked = {pick.candidate.id: (place, pick) for place, pick in enumerate(picks, 1)}
    shown_ones = [one for place, one in enumerate(candidates) if place < PICKS_MOST or one.id in picked]
    lines = [_entry(one, rank, picked.get(one.id)) for one in shown_ones]
    if len(candidates) > len(shown_ones):
        lines.append(line("newsletter.more", count=len(candidates) - len(shown_ones)))
    lines.append(line("newsletter.how" if letter.state != "posted" else "newsletter.is_posted"))
    buttons = () if letter.state == "posted" else _buttons(cycle, rank, shown_ones, picks)
    return Message(tuple(lines), title=line("newsletter.shelf", title=letter.title), buttons=buttons)


def _entry(one: Candidate, rank: int, picked: tuple[int, Pick] | None) -> Line:
    said = line(
        "newsletter.entry",
        number=code(rank, one.number),
        name=one.name,
        reasons=tuple(_reasons(one)),
    )
    if picked is None:
        return said
    place, pick = picked
    return line(f"newsletter.picked_{pick.consent or 'not_asked'}", place=place, said=said)


def _reasons(one: Candidate) -> list[Line]:
    marks = (
        line("newsletter.not_reviewed")
        if one.mark is None
        else line("newsletter.marked", mark=shown(round(one.mark, 2)), reviews=one.reviews)
    )
    photos = [line("newsletter.photos", count=one.photos)] if one.photos else []
    return [marks, line("newsletter.chars", count=one.chars), *photos]


def _buttons(
    cycle: Cycle, rank: int, candidates: list[Candidate], picks: list[Pick]
) -> tuple[tuple[Button, ...], ...]:
    """Picked ones in their order, each with a button that moves it up; the others together; and what to do next."""
    inside = {pick.candidate.id for pick in picks}
    rows = [_picked_row(rank, place, pick) for place, pick in enumerate(picks)]
    outside = [
        Button(line("newsletter.pick", number=code(rank, one.number)), "newsletter", f"p_{brief(one.id)}")
        for one in candidates
        if one.id not in inside
    ]
    rows += [tuple(outside[n : n + _IN_ROW]) for n in range(0, len(outside), _IN_ROW)]
    arg = brief(cycle.id)
    if not picks:
        return (*rows, (Button(line("newsletter.take_top", count=TOP), "newsletter", f"t_{arg}"),))
    ahead = tuple(
        Button(line(f"newsletter.do_{name}"), "newsletter", f"{letter}_{arg}")
        for letter, name in (("a", "ask"), ("v", "preview"), ("d", "post"))
    )
    return (*rows, ahead)


def _picked_row(rank: int, place: int, pick: Pick) -> tuple[Button, ...]:
    id = brief(pick.candidate.id)
    number = code(rank, pick.candidate.number)
    row = (Button(line("newsletter.unpick", number=number), "newsletter", f"p_{id}"),)
    return (*row, Button(line("newsletter.up", number=number), "newsletter", f"u_{id}")) if place else row
