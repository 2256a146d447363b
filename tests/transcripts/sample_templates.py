"""Templates for activities that secretaries send in transcripts: good ones, wrong ones, and files that would do harm."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from content.cycles import MAX_BYTES, shipped_text

BOOK = """\
# 我们支部每月读一本书
key: book
title: 每月一书
about: 读一本书，写几句话。
stages:
  - key: read
    kind: preview
    title: 读书
    closes: {days: 6, at: "20:00"}
    questions: [哪一句话想记下来？]
  - key: write
    kind: reflection
    title: 写几句
    opens: {after: read}
    closes: {after: write, weekday: 周六, at: "20:00"}
    chars: 50
    photos: 0
"""
BOOK_ENGLISH = """\
key: book
title: A book a month
language: en
stages:
  - {key: read, kind: notice, title: Read, closes: {days: 6}}
  - {key: talk, kind: seminar, title: Talk, opens: {after: read, weekday: sat, at: "14:00"},
     closes: {after: talk, at: "16:00"}, groups: 3}
"""


def downloaded() -> bytes:
    """The shipped one with what was changed in it, as an editor of Windows writes it."""
    text = shipped_text("preview-seminar") or ""
    text = text.replace("title: 预习与研讨", "title: 支部研讨").replace("days: 7", "days: 4")
    text = text.replace("哪个环节最好？", "哪个环节最有收获？")
    text += '  - {key: thanks, kind: notice, title: 致谢, opens: {after: evaluation}, closes: {after: evaluation, at: "20:00"}}\n'
    return text.replace("\n", "\r\n").encode("utf-8-sig")


def _written(text: str) -> bytes:
    return text.encode()


def wrong() -> bytes:
    """A stage told from a later one, two of one key, a kind there is not, days before the first, an endless title, a path for a key."""
    return f"""\
key: ../x
title: {"长" * 500}
stages:
  - key: a
    kind: dance
    title: 一
    opens: {{days: -1}}
  - key: b
    kind: notice
    title: "两\\n行"
  - key: c
    kind: notice
    title: "\\u202e三"
""".encode()


def circle() -> bytes:
    return _written(
        "key: ring\ntitle: 圆圈\nstages:\n"
        "  - {key: a, kind: notice, title: 甲, opens: {after: b}}\n"
        "  - {key: b, kind: notice, title: 乙, opens: {after: a}}\n"
        "  - {key: a, kind: notice, title: 丙}\n"
    )


def bomb() -> bytes:
    rows = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    return "\n".join(["key: boom", "a0: &a0 [x]", *rows, "stages: *a8", ""]).encode()


def large() -> bytes:
    start = BOOK.encode()
    return start + b"#" * (MAX_BYTES + 1 - len(start))


def pdf() -> bytes:
    return b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"


SAMPLES: Mapping[str, Callable[[], bytes]] = {
    "template": partial(_written, BOOK),
    "template-newer": partial(
        _written, BOOK.replace("days: 6", "days: 13").replace("50", "80").replace("每月一书", "每月读书")
    ),
    "template-renamed": partial(_written, BOOK.replace("每月一书", "培训班")),
    "template-downloaded": downloaded,
    "template-english": partial(_written, BOOK_ENGLISH),
    "template-wrong": wrong,
    "template-circle": circle,
    "template-tabs": partial(_written, BOOK.replace("    kind: preview", "\tkind: preview")),
    "template-bomb": bomb,
    "template-large": large,
    "template-none": partial(_written, "title: 什么都不是\nabout: 没有环节\n"),
    "pdf": pdf,
}
