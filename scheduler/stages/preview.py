"""A preview: materials, thinking questions to answer, and own questions that become the seminar's agenda."""

from __future__ import annotations

from domain.agenda import ordered
from domain.group import Member
from domain.message import Button, Line, Live, line
from scheduler.stages.kind import BOARD, Firing, Opening
from storage import handins, inquiries, members

AGENDA_SHOWN = 20


class Preview:
    async def open(self, at: Firing) -> Opening:
        spec = at.stage.spec
        lines: list[Line] = [
            line("preview.question", number=number, text=question)
            for number, question in enumerate(spec.questions, 1)
        ]
        buttons: list[Button] = []
        if spec.questions:
            lines.append(line("preview.how"))
            buttons.append(_answer_button(at))
        if spec.own_questions:
            lines.append(line("preview.ask", most=spec.own_questions))
            buttons.append(Button(line("preview.ask_button"), "ask", at.arg))
        live = Live(BOARD, at.arg) if spec.own_questions else None
        return Opening(tuple(lines), (tuple(buttons),) if buttons else (), live)

    async def owing(self, at: Firing) -> list[Member]:
        """Who has answered none of the thinking questions. Nobody owes questions of their own."""
        if not at.stage.spec.questions:
            return []
        done = {one.person_id for one in await handins.of_stage(at.tx, at.stage, "answer")}
        return [one for one in await members.in_group(at.tx, at.group.id) if one.id not in done]

    def doing(self, at: Firing) -> tuple[Button, ...]:
        return (_answer_button(at),)

    async def close(self, at: Firing) -> tuple[Line, ...]:
        await at.refresh_board()
        answered = {one.person_id for one in await handins.of_stage(at.tx, at.stage, "answer")}
        lines: list[Line] = [line("preview.answered", count=len(answered))] if at.stage.spec.questions else []
        agenda = ordered(await inquiries.of_stage(at.tx, at.stage))
        if agenda:
            lines.append(line("preview.agenda", count=len(agenda)))
        lines += [
            line("preview.agenda_entry", place=place, text=one.body, people=one.people)
            for place, one in enumerate(agenda[:AGENDA_SHOWN], 1)
        ]
        if len(agenda) > AGENDA_SHOWN:
            lines.append(line("inquiry.more", count=len(agenda) - AGENDA_SHOWN))
        return tuple(lines)


def _answer_button(at: Firing) -> Button:
    return Button(line("preview.answer"), "think", at.arg)
