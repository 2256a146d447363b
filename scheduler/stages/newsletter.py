"""The newsletter: the secretary is told that there is something to pick from. Members owe nothing, and nobody waits for their word."""

from __future__ import annotations

from domain.group import Member
from domain.ids import brief
from domain.message import Button, Line, Message, line
from scheduler.stages.kind import Firing, Opening
from storage import members, newsletters


class NewsletterStage:
    async def open(self, at: Firing) -> Opening:
        candidates = await newsletters.candidates(at.tx, at.cycle)
        key = "newsletter.stage_opened" if candidates else "newsletter.stage_empty"
        said = Message(
            (line(key, cycle=at.cycle.title, count=len(candidates)),),
            buttons=(self.doing(at),) if candidates else (),
        )
        for secretary in await members.secretaries(at.tx, at.group.id):
            await at.tell_person(secretary, said)
        return Opening((line("newsletter.opened"),) if candidates else ())

    async def owing(self, at: Firing) -> list[Member]:
        """Those who can make it, as long as it is not posted and there is something to make it of."""
        letter = await newsletters.find(at.tx, at.group.id, at.cycle.id)
        if (letter and letter.state == "posted") or not await newsletters.candidates(at.tx, at.cycle):
            return []
        return await members.secretaries(at.tx, at.group.id)

    def doing(self, at: Firing) -> tuple[Button, ...]:
        return (Button(line("newsletter.begin"), "newsletter", f"l_{brief(at.cycle.id)}"),)

    async def close(self, at: Firing) -> tuple[Line, ...]:
        """It may still be posted afterwards; the group hears of it then and not before."""
        if await self.owing(at):
            for secretary in await members.secretaries(at.tx, at.group.id):
                said = Message(
                    (line("newsletter.not_posted", cycle=at.cycle.title),), buttons=(self.doing(at),)
                )
                await at.tell_person(secretary, said)
        return ()
