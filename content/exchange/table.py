"""A bank as a table, one question a row: what CSV and XLSX have in common.

The order of columns is free and columns with other heads are left alone. Several right answers of a fill-in are parted by ``|``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from content.exchange.columns import Columns
from content.exchange.drafts import MAX_QUESTIONS, Draft
from content.exchange.plain import one_line, tidy
from content.faults import Cell, Faults, Place, quoted
from domain.grading import read_places
from domain.group import Language
from domain.question import Bank, Question, QuestionKind

MAX_COLUMNS = 60
HEAD_WITHIN = 10
"""Rows above the heads may bear a title."""

_FIRST_FIELDS = ("key", "kind", "stem")
_LAST_FIELDS = ("answer", "explanation", "source", "topic", "item")
_FEWEST_OPTIONS = 4
_LETTERS = re.compile(r"[A-Z](?:[\s,、;/|]*[A-Z])*")

_BARS = "\\|｜"
_BAR = re.compile(r"[\\|｜]")
_ESCAPED = re.compile(r"\\([\\|｜])")
_RESTORED = {place + 1: bar for place, bar in enumerate(_BARS)}

# A spreadsheet takes what begins so for a formula (https://owasp.org/www-community/attacks/CSV_Injection).
_DANGEROUS = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")


@dataclass(frozen=True, slots=True)
class Refused:
    """A cell that holds no text: the key of the sentence that says why."""

    why: str


Row = Sequence[str | Refused]


def guard(text: str) -> str:
    return f"'{text}" if _DANGEROUS.match(text) else text


def unguard(text: str) -> str:
    return text[1:] if _GUARDED.match(text) else text


def letters(column: int) -> str:
    """ "A" for 0, "AA" for 26."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def read_table(rows: Iterable[Row], columns: Columns, faults: Faults) -> list[Draft]:
    drafts: list[Draft] = []
    reader: _Reader | None = None
    for number, row in enumerate(rows, 1):
        refused = _tell_refused(number, row, faults)
        if reader is None:
            if number > HEAD_WITHIN:
                break
            reader = _reader(number, row, columns, faults)
        elif any(row) and len(drafts) >= MAX_QUESTIONS:
            faults.add(number, "exchange.too_many", most=MAX_QUESTIONS)
            break
        elif any(row) and not refused and (draft := reader.draft(number, row)):
            drafts.append(draft)
    if reader is None:
        faults.add(1, "exchange.no_heads")
    return drafts


def _tell_refused(number: int, row: Row, faults: Faults) -> bool:
    refused = [(column, cell) for column, cell in enumerate(row) if isinstance(cell, Refused)]
    for column, cell in refused:
        faults.add(Cell(letters(column), number), cell.why)
    return bool(refused)


def heads(row: Row, columns: Columns) -> list[str | int | None]:
    return [columns.column(cell) if isinstance(cell, str) else None for cell in row[:MAX_COLUMNS]]


def _reader(number: int, row: Row, columns: Columns, faults: Faults) -> _Reader | None:
    """The reader of all rows below, if this is the row of heads."""
    found = heads(row, columns)
    if "stem" not in found or "answer" not in found:
        return None
    places: dict[str | int, int] = {}
    for column, name in enumerate(found):
        if name is not None and name in places:
            faults.add(Cell(letters(column), number), "exchange.same_head", head=quoted(str(row[column])))
        elif name is not None:
            places[name] = column
    return _Reader(places, columns, faults)


class _Reader:
    """Knows which column holds what."""

    def __init__(self, places: dict[str | int, int], columns: Columns, faults: Faults) -> None:
        self._places = places
        self._columns = columns
        self._faults = faults
        self._options = sorted(name for name in places if isinstance(name, int))

    def draft(self, number: int, row: Row) -> Draft | None:
        cells = {name: self._cell(row, column) for name, column in self._places.items()}
        options = self._filled([cells.get(place, "") for place in range(max(self._options, default=-1) + 1)])
        answer, word = cells["answer"], cells.get("kind", "")
        kind = self._columns.kind(word) if word else self._likely(options, answer)
        if kind is None:
            self._faults.add(self._at("kind", number), "exchange.unknown_kind", kind=quoted(word))
            return None
        right = self._right(kind, options, answer, number)
        if right is None:
            return None
        return Draft(
            number,
            kind,
            cells["stem"],
            key=cells.get("key", "").lower(),
            options=() if kind in ("truefalse", "fill") else options,
            right=right,
            answers=split_answers(answer) if kind == "fill" else (),
            explanation=cells.get("explanation", ""),
            source=cells.get("source", ""),
            topic=cells.get("topic", ""),
            item=cells.get("item", ""),
            places=self._cells(number),
        )

    @staticmethod
    def _cell(row: Row, column: int) -> str:
        cell = row[column] if column < len(row) else ""
        return unguard(tidy(cell)) if isinstance(cell, str) else ""

    @staticmethod
    def _filled(options: list[str]) -> list[str]:
        while options and not options[-1]:
            options.pop()
        return options

    def _cells(self, number: int) -> dict[str, Place]:
        return {
            f"option {name}" if isinstance(name, int) else name: Cell(letters(column), number)
            for name, column in self._places.items()
        }

    def _at(self, name: str, number: int) -> Place:
        return Cell(letters(self._places[name]), number) if name in self._places else number

    def _likely(self, options: list[str], answer: str) -> QuestionKind:
        """The kind of a question in a table that does not tell it."""
        if not options:
            # "A" and "1" would be true and false as well, but here they are what is to be filled in
            true = read_places(answer, "truefalse", ()) and not read_places(answer, "single", ("", ""))
            return "truefalse" if true else "fill"
        right = self._chosen(options, answer)
        return "multiple" if right and len(right) > 1 else "single"

    def _right(self, kind: QuestionKind, options: list[str], answer: str, number: int) -> list[int] | None:
        if kind == "fill" or not answer:
            return []
        right = self._true(options, answer) if kind == "truefalse" else self._chosen(options, answer)
        if right is None:
            key = "exchange.answer_truth" if kind == "truefalse" else "exchange.answer_letters"
            self._faults.add(self._at("answer", number), key, answer=quoted(answer))
        return right

    @classmethod
    def _true(cls, options: list[str], answer: str) -> list[int] | None:
        """Where the options are true and false themselves, "A" means what the first of them says."""
        chosen = cls._chosen(options, answer) if options else None
        if chosen and len(chosen) == 1 and chosen[0] < len(options):
            answer = options[chosen[0]]
        truth = read_places(answer, "truefalse", ())
        return list(truth) if truth else None

    @staticmethod
    def _chosen(options: list[str], answer: str) -> list[int] | None:
        """The places of the letters, which may lie outside, or of the words of options; None for anything else."""
        plain = unicodedata.normalize("NFKC", answer).strip().upper()
        if _LETTERS.fullmatch(plain):
            return sorted({ord(letter) - ord("A") for letter in plain if "A" <= letter <= "Z"})
        places = read_places(answer, "multiple", options)
        return list(places) if places else None


def split_answers(cell: str) -> list[str]:
    """Parted by bars or lines; a backslash before a bar or a backslash takes its meaning away."""
    hidden = _ESCAPED.sub(lambda escaped: chr(_BARS.index(escaped[1]) + 1), cell)
    return [part.translate(_RESTORED) for part in re.split("[|｜\n]", hidden)]


def join_answers(answers: Iterable[str]) -> str:
    return "|".join(_BAR.sub(r"\\\g<0>", one_line(answer)) for answer in answers)


def write_rows(bank: Bank, columns: Columns) -> Iterator[list[str]]:
    """The heads, then a row for each question, safe to be opened in a spreadsheet."""
    language: Language = "en" if bank.language == "en" else "zh"
    options = max([_FEWEST_OPTIONS, *(len(question.options) for question in bank.questions)])
    first = [columns.head(name, language) for name in _FIRST_FIELDS]
    last = [columns.head(name, language) for name in _LAST_FIELDS]
    yield [*first, *map(letters, range(options)), *last]
    for question in bank.questions:
        kind = columns.kind_word(question.kind, language)
        given = [*question.options, *[""] * (options - len(question.options))]
        answer = _answer(question, columns, language)
        rest = [question.explanation, question.source, question.topic, question.item]
        yield [guard(tidy(cell)) for cell in (question.key, kind, question.stem, *given, answer, *rest)]


def _answer(question: Question, columns: Columns, language: Language) -> str:
    if question.kind == "fill":
        return join_answers(question.answers)
    if question.kind == "truefalse":
        return columns.truth_word(question.right[0], language)
    return "".join(map(letters, question.right))
