"""A game of some weeks: whoever answers enough questions right within it has passed. What counts stands in storage/games.py."""

from __future__ import annotations

from domain.group import Member
from domain.message import Button, Line, Live, Message, line
from scheduler.stages.kind import BOARD, Firing, Opening
from storage import games, members

NAMES_SHOWN = 40


class Game:
    async def open(self, at: Firing) -> Opening:
        return Opening((line("game.how", goal=at.stage.spec.goal),), live=Live(BOARD, at.arg))

    async def owing(self, at: Firing) -> list[Member]:
        """Who has not passed yet."""
        right = await games.right(at.tx, at.stage)
        everybody = await members.in_group(at.tx, at.group.id)
        return [one for one in everybody if right.get(one.id, 0) < at.stage.spec.goal]

    def doing(self, at: Firing) -> tuple[Button, ...]:
        return ()

    async def close(self, at: Firing) -> tuple[Line, ...]:
        right = await games.right(at.tx, at.stage)
        everybody = await members.in_group(at.tx, at.group.id)
        for one in everybody:
            await congratulate(at, one, right.get(one.id, 0))
        await at.refresh_board()
        passed = await games.passed(at.tx, at.stage)
        lines = [line("game.passed", count=len(passed), goal=at.stage.spec.goal)]
        if shows_names(at) and passed:
            lines.append(line("game.names", names=names_of([name for _, name in passed])))
        if right:
            lines += await _best(at, right, everybody)
        return tuple(lines)


def shows_names(at: Firing) -> bool:
    """Only where the group ranks everybody openly."""
    return at.group.settings.ranking == "all"


def names_of(names: list[str]) -> tuple[Line, ...]:
    return tuple(line("person.name", name=name) for name in names[:NAMES_SHOWN])


async def congratulate(at: Firing, person: Member, right: int) -> bool:
    """In private, the first time that they have passed. False where they have not, or were told."""
    if right < at.stage.spec.goal or not await games.note_passed(
        at.tx, at.stage, at.ids.next(at.now), person.id, at.now
    ):
        return False
    said = line("game.you_passed", stage=at.stage.spec.title, right=right)
    await at.tell_person(person, Message((said,)))
    return True


async def _best(at: Firing, right: dict[int, int], everybody: list[Member]) -> list[Line]:
    """The most right answers. Whose they are is said in the group where it ranks openly, else to them alone, where it ranks at all."""
    most = max(right.values())
    stars = [one for one in everybody if right.get(one.id) == most]
    settings = at.group.settings
    if settings.points and settings.ranking == "all":
        return [line("game.stars", names=names_of([one.name for one in stars]), right=most)]
    if settings.points and settings.ranking == "own":
        for one in stars:
            await at.tell_person(
                one, Message((line("game.you_star", stage=at.stage.spec.title, right=most),))
            )
    return [line("game.most", right=most)]
