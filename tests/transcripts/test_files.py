"""Files in and out, the same on every platform: what was made is shown, what was sent is read, and no fault loses the words."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from functools import partial

import pytest

from content.texts import Texts
from content.words import Words
from domain.errors import NeedsFact, NeedsFile, UserError
from domain.message import File, Message, line
from domain.outgoing import Made, Make, Order, Say
from handlers.call import Call, Command, Reply, Where
from storage import members
from storage.tx import Database, Tx
from tests.transcripts import script
from tests.transcripts.play import Play
from tests.transcripts.stage import Stage
from tests.transcripts.test_transcripts import STAGES
from tests.transcripts.works import Works

MOST = 100
KINDS = ("picture", "table", "broken", "nothing")
WORDS = Words(
    {**Words.load().commands, **{name: {"zh": [name], "en": [name]} for name in (*KINDS, "take")}},
    {},
)
WRITTEN = """\
@clock 2026-03-02T07:00+08:00
@group 一支部: 张三*, 李四

[一支部] 李四> picture
[一支部] 学伴> 图片
  🖼 一支部 2 人
[张三] 张三> table
[张三] 学伴> 图片
  📎 名单 1.csv

# A file that could not be made, and one that there is nothing of any longer: the words are said all the same.
[张三] 张三> broken
[张三] 学伴> 图片
  （文件这次没有做好，已经记下来了。请过一会儿再试一次。）
[张三] 张三> nothing
[张三] 学伴> 图片

# Without a word a document is for the one command that takes files; with words, those decide.
[张三] 张三> 📎 题 库.txt(sample:words)
[张三] 学伴> 可以直接回复：题 库.txt 读书贵恒
[张三] 张三> 📎 题库.txt(sample:words) take
[张三] 学伴> 可以直接回复：题库.txt 读书贵恒
[张三] 张三> 📎 题库.txt(sample:words) nothing
[张三] 学伴> 图片
[张三] 张三> 📎 题库.txt(sample:long)
[张三] 学伴> 文件太大了，最多 1 KB。请缩小或拆开以后再发。
[张三] 张三> 📎 题库.txt(sample:unreadable)
[张三] 学伴> 这句我没看懂。发「帮助」，看看我能做什么。

# In a group, people show files to each other.
[一支部] 张三> 📎 题库.txt(sample:words)
"""


async def _show(kind: str, call: Call) -> Reply:
    return Message((line("page.picture"),), file=File(kind, "1"))


async def _take(call: Call) -> Reply:
    if call.incoming.sender_is_admin is None:
        raise NeedsFact("sender_is_admin")
    [attachment] = call.incoming.attachments
    if call.file is None:
        raise NeedsFile(attachment, MOST, _read)
    return line("button.instead", words=f"{attachment.name} {call.file}")


def _read(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise UserError("router.unknown") from None


COMMANDS = (
    *(Command(kind, partial(_show, kind)) for kind in KINDS),
    Command("take", _take, where=Where.PRIVATE, takes_file=True),
)


async def picture(tx: Tx, order: Order, now: int) -> Make:
    return partial(_drawn, len(await members.in_group(tx, order.group_id)))


async def table(tx: Tx, order: Order, now: int) -> Make:
    return lambda say: Made(f"../名单\n{order.file.arg}.csv", b"a,b")


async def broken(tx: Tx, order: Order, now: int) -> Make:
    return lambda say: Made("", bytes([1 // 0]))


async def nothing(tx: Tx, order: Order, now: int) -> None:
    return None


def _drawn(people: int, say: Say) -> Made:
    return Made("chart.png", tiny_png(), "photo", f"一支部 {people} 人")


def tiny_png() -> bytes:
    """One black pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    size = (1).to_bytes(4, "big")
    head, pixel = size + size + b"\x08\x00\x00\x00\x00", zlib.compress(b"\x00\x00")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixel) + chunk(b"IEND", b"")


MAKERS = {"picture": picture, "table": table, "broken": broken, "nothing": nothing}


@pytest.fixture
def works(sqlite_database: Database, texts: Texts) -> Works:
    return Works(sqlite_database, texts, WORDS, commands=COMMANDS, makers=MAKERS)


@pytest.mark.parametrize("stage", STAGES.values(), ids=STAGES)
async def test_files_go_in_and_out(works: Works, stage: Callable[[], Stage]) -> None:
    played = await Play(works, stage()).run(script.read(WRITTEN))
    assert script.write(played) == WRITTEN
