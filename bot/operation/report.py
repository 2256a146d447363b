"""How the command line speaks: lines put into words, tables, and complaints that say what to do next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.operation.doctor import Finding
from content.packs import PackFaults, describe
from content.texts import Texts
from domain.group import Language
from domain.message import Line, Message, Param, line
from storage.outbox_care import Failure

_MARKS: Final = {"ok": ("✓", "green"), "warn": ("!", "yellow"), "fail": ("✗", "red")}
_STATES: Final = ("queued", "flying", "failed")


class Voice:
    """Says lines in the operator's language, or in several where it is not known which that is."""

    def __init__(self, texts: Texts, languages: Sequence[Language], out: Console, err: Console) -> None:
        self._texts = texts
        self._languages = languages
        self._out = out
        self._err = err

    def text(self, key: str, **params: Param) -> str:
        return self._words(Line(key, params))

    def say(self, key: str, **params: Param) -> None:
        self._out.print(Text(self.text(key, **params)), soft_wrap=True)

    def bare(self, text: str) -> None:
        """Something to be copied or piped, without any words around it."""
        self._out.print(Text(text), soft_wrap=True)

    @contextmanager
    def busy(self, text: str) -> Iterator[Callable[[str, int], None]]:
        """For work that takes a while: (what, how many so far) is shown in passing, where somebody watches."""
        with self._err.status(Text(text)) as status:
            yield lambda what, count: status.update(Text(f"{text} {what} {count:,}"))

    def complain(self, lines: Iterable[Line]) -> None:
        for one in lines:
            self._err.print(Text(self._words(one)), soft_wrap=True)

    def pack_faults(self, error: PackFaults) -> None:
        """All that is wrong with a pack, ``file:line`` first."""
        for language in self._languages:
            for sentence in describe(error.faults, self._texts, language):
                self._err.print(Text(sentence), soft_wrap=True)

    def table(self, table: Table) -> None:
        self._out.print(table)

    @contextmanager
    def counting(self, key: str) -> Iterator[Callable[[int], None]]:
        """A bar that shows how many there are so far, and goes away when it is done."""
        from rich.progress import BarColumn, Progress, TextColumn  # only where something takes its time

        shown = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}"))
        with Progress(*shown, console=self._err, transient=True) as progress:
            task = progress.add_task(self.text(key), total=None)
            yield lambda count: progress.update(task, completed=count)

    def findings(self, findings: Iterable[Finding]) -> None:
        """What the doctor found: a mark, what was looked at, what was found, and what to do."""
        table = Table(box=None, show_header=False, pad_edge=False)
        for finding in findings:
            mark, colour = _MARKS[finding.state]
            said = Text(self._words(finding.said))
            if finding.advice:
                said.append("\n→ " + self._words(finding.advice), style="bold")
            table.add_row(Text(mark, style=colour), Text(self._words(finding.about)), said)
        self._out.print(table)

    def counts(self, counts: Mapping[tuple[str, str], int]) -> None:
        """Messages by lane and state."""
        table = Table(box=None, pad_edge=False)
        heads = (line("cli.lane"), line("cli.queued"), line("cli.flying"), line("cli.failed"))
        for head in heads:
            table.add_column(self._words(head))
        for lane in sorted({lane for lane, _ in counts}):
            table.add_row(lane, *(str(counts.get((lane, state), 0)) for state in _STATES))
        self._out.print(table)

    def failures(self, failures: Iterable[Failure]) -> None:
        """What could not be sent: never its words, which may be somebody's, but which text it was."""
        table = Table(box=None, pad_edge=False)
        heads = (line("cli.id"), line("cli.at"), line("cli.lane"), line("cli.group"))
        for head in (*heads, line("cli.what"), line("cli.tries"), line("cli.why")):
            table.add_column(self._words(head), overflow="fold")
        for one in failures:
            group = str(one.group_id) if one.group_id else ""
            what = _kind(one.body)
            table.add_row(
                str(one.id), _when(one.done_at), one.lane, group, what, str(one.attempts), Text(one.error)
            )
        self._out.print(table)

    def _words(self, said: Line) -> str:
        return "\n".join(self._texts.say(language, said) for language in self._languages)


def _when(at: int) -> str:
    """In the machine's own time zone, as the operator's other tools show it."""
    return f"{datetime.fromtimestamp(at / 1000, UTC).astimezone():%Y-%m-%d %H:%M}"


def _kind(body: str) -> str:
    message = Message.parse(body)
    first = message.title or (message.lines[0] if message.lines else None)
    return first.key if first else message.live.kind if message.live else message.react or ""
