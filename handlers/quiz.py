"""今日一题: the question of the day, as it is shown, and how it is answered (handlers/answering.py leads here). The first answer counts."""

from __future__ import annotations

from domain.errors import UserError
from domain.grading import LETTERS, Verdict, fold, grade, read_choice
from domain.group import Role
from domain.ids import brief, from_brief
from domain.message import Button, Line, Live, Message, line
from domain.question import Question
from handlers.call import Call, Command, Reply, done_mark
from handlers.people import person_meant
from handlers.points import earn
from handlers.remembering import remember
from handlers.voting import option_words, poll_of
from scheduler.quiz import day_key, slot_of
from storage import banks, groups, members, polls, quizzes, recalls
from storage.quizzes import Given, Quiz
from storage.telling import tell_chat, tell_person
from storage.tx import Tx

GIVEN_CHARS = 200
"""A fill-in is a word or a name; what is longer is no answer but a text."""
_ROW = 4
"""Buttons side by side."""


async def compose_quiz(tx: Tx, group_id: int, arg: str, now: int) -> Message | None:
    """The question with its options, as it is shown in the group."""
    quiz = await quizzes.find(tx, group_id, from_brief(arg))
    question = await banks.question(tx, quiz.bank, quiz.question) if quiz else None
    if quiz is None or question is None or quiz.closed_at is not None:
        return None
    count = await quizzes.count(tx, group_id, quiz.id)
    again = await recalls.is_asked_again(tx, quiz)
    return Message(
        title=line("quiz.title"),
        lines=(
            *((line("quiz.asked_again"),) if again else ()),
            line("quiz.stem", text=question.stem),
            *option_lines(question),
            how_to_answer(question),
            _answered(count),
        ),
        buttons=choice_buttons(question, brief(quiz.id)),
        poll=poll_of(quiz, question, again=again),
    )


def option_lines(question: Question) -> list[Line]:
    return [
        line("quiz.option", letter=letter, text=text)
        for letter, text in zip(LETTERS, question.options, strict=False)
    ]


def how_to_answer(question: Question) -> Line:
    return line(f"quiz.how_{question.kind}")


def _answered(count: int) -> Line:
    return line("quiz.answered", count=count)


def choice_buttons(question: Question, arg: str) -> tuple[tuple[Button, ...], ...]:
    """One a choice, answering what ``arg`` names. Several right ones, or a word to fill in, are typed."""
    if question.kind == "truefalse":
        labels = [line("quiz.true"), line("quiz.false")]
    elif question.kind == "single":
        labels = [line("quiz.letter", letter=letter) for letter in LETTERS[: len(question.options)]]
    else:
        return ()
    row = [Button(label, "answer", f"{arg}_{place}") for place, label in enumerate(labels)]
    return tuple(tuple(row[n : n + _ROW]) for n in range(0, len(row), _ROW))


async def answer(call: Call) -> Reply:
    if call.incoming.poll_id is not None:
        return await _vote(call)
    quiz, question = await _asked(call)
    if quiz.closed_at is not None:
        raise UserError("quiz.closed")
    given = read_given(call, question)
    verdict = await _record(call, quiz, question, given)
    if verdict is None:
        raise UserError("quiz.answered_already")
    if verdict == "doubtful":
        await _ask_secretaries(call, quiz, question, str(given))
    return await _tell(call, question, verdict)


async def _vote(call: Call) -> Reply:
    """By native poll, where everybody sees at once how they did. Only what counts otherwise than it seems is said, in private."""
    quiz_id, _, places = call.args.partition("_")
    quiz = await quizzes.find(call.tx, call.group.id, from_brief(quiz_id))
    question = await banks.question(call.tx, quiz.bank, quiz.question) if quiz else None
    chosen = tuple(sorted({int(place) for place in places.split(",")}))
    if quiz is None or question is None or chosen[-1] >= len(option_words(question)):
        return None
    verdict = None if quiz.closed_at is not None else await _record(call, quiz, question, chosen)
    if verdict is None:
        await _tell_what_counts(call, quiz, question, ",".join(map(str, chosen)))
    return None


async def _tell_what_counts(call: Call, quiz: Quiz, question: Question, voted: str) -> None:
    before = await quizzes.answer_of(call.tx, call.group.id, quiz.id, call.me.id)
    if before is None:
        await call.tell_private(Message((line("quiz.closed"),)))
    elif before.given != voted:
        words = option_words(question)
        first = tuple(words[int(place)] for place in before.given.split(","))
        await call.tell_private(Message((line("quiz.first_counts", given=first),)))


async def _record(call: Call, quiz: Quiz, question: Question, given: str | tuple[int, ...]) -> Verdict | None:
    """None where the person has answered before, be it by text, button or poll."""
    typed = isinstance(given, str)
    accepted = await quizzes.accepted(call.tx, call.group.id, quiz.bank, quiz.question) if typed else {}
    verdict = grade(question, given, accepted)
    kept = await quizzes.answer(
        call.tx,
        group_id=call.group.id,
        quiz_id=quiz.id,
        person_id=call.me.id,
        given=given if isinstance(given, str) else ",".join(map(str, given)),
        verdict=verdict,
        now=call.now,
    )
    if not kept:
        return None
    await remember(call, call.me.id, quiz.bank, quiz.question, verdict)
    if verdict == "right":
        await earn(call, call.me.id, "quiz_right", quiz.key)
    await _count_up(call, quiz)
    return verdict


async def _count_up(call: Call, quiz: Quiz) -> None:
    """Where it is shown in words; polls count by themselves."""
    polled = await polls.of_quiz(call.tx, call.group.id, quiz.id)
    for chat in await groups.chats(call.tx, call.group.id):
        if not any(poll.is_in(chat) for poll in polled):
            await tell_chat(
                call.tx,
                call.house.ids,
                call.now,
                chat,
                Message(live=Live("quiz", brief(quiz.id))),
                group_id=call.group.id,
                language=call.group.settings.language,
                slot=slot_of(quiz.key),
            )


async def _asked(call: Call) -> tuple[Quiz, Question]:
    """The quiz the button belongs to, or today's."""
    if call.press:
        quiz = await quizzes.find(call.tx, call.group.id, from_brief(call.args.partition("_")[0]))
    else:
        quiz = await quizzes.by_key(call.tx, call.group.id, day_key(call.today))
    question = await banks.question(call.tx, quiz.bank, quiz.question) if quiz else None
    if quiz is None or question is None:
        raise UserError("quiz.none_today")
    return quiz, question


def read_given(call: Call, question: Question) -> str | tuple[int, ...]:
    """Raises UserError for what is no answer to this question."""
    if call.press:
        place = call.args.partition("_")[2]
        return (int(place),) if place.isdigit() else ()
    text = call.args.strip()
    if not text:
        raise UserError(f"quiz.empty_{question.kind}")
    if question.kind == "fill":
        if len(text) > GIVEN_CHARS:
            raise UserError("quiz.too_long", most=GIVEN_CHARS, length=len(text))
        return text
    places = read_choice(text, question)
    if places is None:
        raise UserError(f"quiz.no_such_{question.kind}", last=LETTERS[max(len(question.options) - 1, 0)])
    return places


async def _tell(call: Call, question: Question, verdict: str) -> Reply:
    """Whoever answered hears at once; the group does not, so that the others may still think."""
    result = result_of(question, verdict)
    if call.press or not call.incoming.is_group:
        return result
    await call.tell_private(Message((result,)))
    return done_mark(call, line("quiz.noted"))


def result_of(question: Question, verdict: str) -> Line:
    if verdict == "doubtful":
        return line("quiz.doubtful")
    right = right_answer(question)
    if question.explanation and question.source:
        because = line("quiz.because", explanation=question.explanation, source=question.source)
        return line(f"quiz.{verdict}", right=right, because=because)
    if reason := question.explanation or question.source:
        return line(f"quiz.{verdict}", right=right, because=reason)
    return line(f"quiz.{verdict}_plain", right=right)


def right_answer(question: Question) -> Line:
    if question.kind == "fill":
        return line("raw", text=question.answers[0])
    if question.kind == "truefalse":
        return line("quiz.true") if question.right == (0,) else line("quiz.false")
    if question.kind == "multiple":
        return line("raw", text="".join(LETTERS[place] for place in sorted(question.right)))
    [place] = question.right
    return line("quiz.letters", letters=LETTERS[place], text=question.options[place])


async def _ask_secretaries(call: Call, quiz: Quiz, question: Question, given: str) -> None:
    """A doubtful answer is the secretary's to decide, and what she decides holds from then on."""
    arg = f"{brief(quiz.id)}_{brief(call.me.id)}"
    buttons = ((Button(line("quiz.allow"), "allow", arg), Button(line("quiz.deny"), "deny", arg)),)
    asked = Message(
        (
            line("quiz.decide", name=call.me.name, given=given, stem=question.stem),
            line("quiz.expected", answers=tuple(line("raw", text=one) for one in question.answers)),
        ),
        buttons=buttons,
    )
    for secretary in await members.secretaries(call.tx, call.group.id):
        await tell_person(call.tx, call.house.ids, call.now, call.group, secretary, asked)


async def allow(call: Call) -> Reply:
    return await _decide(call, "right")


async def deny(call: Call) -> Reply:
    return await _decide(call, "wrong")


async def _decide(call: Call, verdict: Verdict) -> Reply:
    found = await _doubted(call)
    if isinstance(found, Message):
        return found
    quiz, given = found
    if given.verdict != "doubtful":
        raise UserError("quiz.decided_already", name=given.name)
    await quizzes.judge(call.tx, call.group.id, quiz.id, given.person_id, verdict)
    await remember(call, given.person_id, quiz.bank, quiz.question, verdict)
    if verdict == "right":
        await earn(call, given.person_id, "quiz_right", quiz.key)
    await quizzes.accept(
        call.tx,
        group_id=call.group.id,
        bank=quiz.bank,
        question=quiz.question,
        folded=fold(given.given),
        right=verdict == "right",
        by=call.me.id,
        now=call.now,
    )
    await _tell_the_person(call, quiz, given, verdict)
    return line(f"quiz.decided_{verdict}", name=given.name)


async def _doubted(call: Call) -> tuple[Quiz, Given] | Message:
    """By its button, or by the person: 算对 @李四 means her answer of today."""
    if call.press:
        quiz_id, _, person_id = call.args.partition("_")
        quiz = await quizzes.find(call.tx, call.group.id, from_brief(quiz_id))
        person = from_brief(person_id)
    else:
        meant = await person_meant(call, "allow")
        if isinstance(meant, Message):
            raise UserError("person.name_needed")
        quiz, person = await quizzes.by_key(call.tx, call.group.id, day_key(call.today)), meant.id
    given = await quizzes.answer_of(call.tx, call.group.id, quiz.id, person) if quiz else None
    if quiz is None or given is None:
        raise UserError("quiz.nothing_to_decide")
    return quiz, given


async def _tell_the_person(call: Call, quiz: Quiz, given: Given, verdict: str) -> None:
    person = await members.find(call.tx, call.group.id, given.person_id)
    question = await banks.question(call.tx, quiz.bank, quiz.question)
    if person and question:
        said = Message((result_of(question, verdict),))
        await tell_person(call.tx, call.house.ids, call.now, call.group, person, said)


COMMANDS = (
    Command("allow", allow, Role.SECRETARY, takes_text=True),
    Command("deny", deny, Role.SECRETARY, takes_text=True),
)
