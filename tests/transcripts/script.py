"""A golden transcript: what people do, and what they see. Reading one, and writing it anew from what really happened.

A transcript goes the same on every platform. What a platform cannot offer at all, a transcript names with ``@needs``:

* ``administrators``: the platform tells who administers a chat;
* ``strangers``: people the bot has never met may speak to it, and until they do so in private it cannot write to them;
* ``membership``: the bot is let into chats and thrown out of them by people, and the platform tells who comes and leaves;
* ``privacy-mode``: the bot hears only commands, buttons and answers to itself, unless it administers the chat;
* ``albums``: several pictures may be sent together, and arrive apart;
* ``polls``: questions may be put as the platform's own quiz polls. Without it, chats of a platform that has them forbid them.

People send files: ``[张三] 张三> 📎 题库.xlsx(sample:bank) 导入`` is one of that name, made by tests/transcripts/samples.py, with 导入 said
under it. One with the name of a picture or a film is sent as such, and with ``, album:甲`` after its sample it is one of several.
A file that the bot shows stands as a line under its message: ``📎 统计.xlsx``, or ``🖼 `` with what the picture tells in words.
``张三 to 李四>`` answers the latest message of 李四.

Words that differ from platform to platform stand for themselves in brackets, see `neutral`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

_SAID = re.compile(r"\[(?P<chat>[^\]]+)\] (?P<who>\S+?)(?: to (?P<answers>\S+?))?> ?(?P<text>.*)")
_FILE = re.compile(
    r"📎 (?P<name>[^()\n]+)\(sample:(?P<sample>[\w-]+)(?:, album:(?P<album>\w+))?\)(?: (?P<words>.+))?",
    re.DOTALL,
)
_PRESSED = re.compile(r"\[(?P<chat>[^\]]+)\] (?P<who>\S+) presses 〔(?P<label>[^〕]+)〕")
BOT = "学伴"
_INVITATION = re.compile(r"https://t\.me/\w+\?start=\w+|https://xueban\.example/private")
ATTENDANCE = re.compile(r"(?:(?<=签到码：)|(?<=” is now ))[0-9]{6}")
"""The code of the minute; later lines write it as {code}."""
_ISSUE = re.compile(r"(?<=/newsletter/)[0-9a-z]+-[0-9a-z]+")
_ACTIVITY = re.compile(r"((?<=/cycle/)|(?<=/gallery/))[0-9a-z]+-[0-9a-z]+")
_ALIKE = re.compile(r"(?<=/alike/)[0-9a-z]+-[0-9a-z_]+")
_SCREEN = re.compile(r"(?<=/attend/)[0-9a-z_]+")
_OWN_TALK = re.compile(r"网页聊天 \d+ 条")


@dataclass(frozen=True, slots=True)
class Needs:
    """What a platform must offer for this to be played on it."""

    offers: frozenset[str]
    text: str


@dataclass(frozen=True, slots=True)
class Clock:
    at: int
    text: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """The program was stopped, and is started again at that instant."""

    at: int
    text: str


@dataclass(frozen=True, slots=True)
class Cast:
    """A bound group with its members; those marked * are secretaries."""

    chat: str
    people: tuple[str, ...]
    secretaries: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Stranger:
    """A chat nobody has bound, and who is in it; those marked * administer it."""

    chat: str
    people: tuple[str, ...]
    administrators: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody adds the bot to a chat, removes it, makes or unmakes it an administrator, closes its latest poll, or leaves the chat."""

    chat: str
    who: str
    change: str
    """added, removed, promoted, demoted, poll-closed; left and came are of the person themselves"""
    text: str


@dataclass(frozen=True, slots=True)
class WithTemplate:
    """The groups have a template of their own, 读后互评."""

    text: str


@dataclass(frozen=True, slots=True)
class WithBank:
    """The sample pack brings its questions."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """The operator makes a set-up code; later lines write it as {code}."""

    text: str


@dataclass(frozen=True, slots=True)
class Says:
    chat: str
    who: str
    words: str
    answers: str
    """It answers the latest message of whoever this is; "" for none."""
    text: str
    file: tuple[str, str] | None = None
    """(its name, the sample that is in it)"""
    album: str = ""
    """Pictures sent together share it."""


@dataclass(frozen=True, slots=True)
class Presses:
    chat: str
    who: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment or an empty line, kept as it is."""

    text: str


Step = (
    Needs
    | Clock
    | Stopped
    | Cast
    | Stranger
    | Standing
    | WithBank
    | WithTemplate
    | Code
    | Says
    | Presses
    | Remark
)


@dataclass(slots=True)
class Seen:
    """One thing that showed up in a chat: a new message, an edited one, a mark on a message, a note to a button."""

    chat: str
    kind: str
    """say, edit, mark, toast"""
    text: str = ""
    buttons: list[list[str]] = field(default_factory=list)
    who: str = ""
    file: str = ""
    """The line that stands for the file it came with."""

    def lines(self) -> list[str]:
        if self.kind == "mark":
            return [f"[{self.chat}] {BOT}✓ {self.who}"]
        if self.kind == "toast":
            return [f"[{self.chat}] {BOT}→{self.who}: {self.text}"]
        sign = "~" if self.kind == "edit" else ">"
        words = self.text.split("\n")
        body = (
            words[1:]
            + [self.file] * bool(self.file)
            + ["".join(f"〔{label}〕" for label in row) for row in self.buttons]
        )
        return [f"[{self.chat}] {BOT}{sign} {words[0]}".rstrip(), *(f"  {line}".rstrip() for line in body)]


def neutral(text: str, by_name: Iterable[str]) -> str:
    """The text with what only one platform would say put into 〈〉. ``by_name``: how a private chat is opened where there is no link."""
    for words in by_name:
        text = text.replace(words, "〈私聊〉")
    text = _ACTIVITY.sub("〈哪一个〉", _ISSUE.sub("〈哪一期〉", _ALIKE.sub("〈哪一对〉", text)))
    text = _SCREEN.sub("〈签到屏幕〉", ATTENDANCE.sub("〈六位数字〉", text))
    return _OWN_TALK.sub("网页聊天 〈几〉 条", _INVITATION.sub("〈私聊〉", text))


def read(text: str) -> list[Step]:
    """The steps of a transcript; what the bot said in it is left out."""
    return [step for line in text.splitlines() if (step := _step(line)) is not None]


def _step(line: str) -> Step | None:
    if not line.strip() or line.startswith("#"):
        return Remark(line)
    if line.startswith("@"):
        return _directive(line)
    if found := _PRESSED.fullmatch(line):
        return Presses(found["chat"], found["who"], found["label"], line)
    found = _SAID.fullmatch(line)
    if found and not found["who"].startswith(BOT):
        words, file, album = found["text"].replace("\\n", "\n"), None, ""
        if sent := _FILE.fullmatch(words):
            words, file, album = sent["words"] or "", (sent["name"], sent["sample"]), sent["album"] or ""
        return Says(found["chat"], found["who"], words, found["answers"] or "", line, file, album)
    return None


def _directive(line: str) -> Step:
    name, _, rest = line[1:].partition(" ")
    match name:
        case "needs":
            return Needs(frozenset(rest.split(", ")), line)
        case "clock":
            return Clock(round(datetime.fromisoformat(rest).timestamp() * 1000), line)
        case "stopped-until":
            return Stopped(round(datetime.fromisoformat(rest).timestamp() * 1000), line)
        case "group":
            chat, everybody, marked = _people(rest)
            return Cast(chat, everybody, marked, line)
        case "chat":
            chat, everybody, marked = _people(rest)
            return Stranger(chat, everybody, marked, line)
        case "added" | "removed" | "promoted" | "demoted" | "poll-closed" | "left" | "came":
            chat, (who,), _ = _people(rest)
            return Standing(chat, who, name, line)
        case "code":
            return Code(line)
        case "template":
            return WithTemplate(line)
        case "bank":
            return WithBank(line)
    raise ValueError(f"no such directive: {line}")


def _people(rest: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    chat, _, people = rest.partition(":")
    named = [name.strip() for name in people.split(",") if name.strip()]
    return (
        chat.strip(),
        tuple(name.rstrip("*") for name in named),
        tuple(name.rstrip("*") for name in named if name.endswith("*")),
    )


def write(played: Iterable[tuple[Step, list[Seen]]]) -> str:
    """The transcript as it really went."""
    lines: list[str] = []
    for step, seen in played:
        lines.append(step.text)
        lines += [line for one in seen for line in one.lines()]
    return "\n".join(lines).rstrip() + "\n"
