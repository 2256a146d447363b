"""A file that a handler asks for: fetched and read while the database is free, then handled as if it had been there at once."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from domain.errors import NeedsFact, NeedsFile, UserError
from domain.incoming import Attachment
from domain.message import line
from handlers.call import Call, Command, Reply
from storage.tx import Database
from tests.storage.test_dispatcher import LI, ZHANG, Talk

SENT = (Attachment(kind="document", file_id="f1", name="题库.txt"),)


def taking(read: Callable[[bytes], object], *, fact: bool = False) -> Command:
    async def take(call: Call) -> Reply:
        if call.file is None:
            raise NeedsFile(call.incoming.attachments[0], 10, read)
        if fact and call.incoming.sender_is_admin is None:
            raise NeedsFact("sender_is_admin")
        assert not fact or call.incoming.sender_is_admin
        return line(str(call.file))

    return Command("bank", take, takes_file=True)


async def opened(database: Database, command: Command) -> Talk:
    talk = Talk(database, command, administrators=[f"u{ZHANG}"])
    await talk.begin()
    talk.platform.files["f1"] = b"group.none"
    return talk


async def send(talk: Talk) -> list[str]:
    return await talk.say(ZHANG, "", group=None, attachments=SENT)


async def test_what_was_read_comes_with_the_second_handling(database: Database) -> None:
    threads: list[bool] = []

    def read(content: bytes) -> str:
        threads.append(threading.current_thread() is threading.main_thread())
        return content.decode()

    talk = await opened(database, taking(read))
    assert await send(talk) == ["group.none"]
    assert threads == [False]


async def test_a_fact_and_a_file_may_both_be_wanted(database: Database) -> None:
    talk = await opened(database, taking(bytes.decode, fact=True))
    assert await send(talk) == ["group.none"]
    assert talk.platform.asked == [f"u{ZHANG}"]


async def test_a_file_that_is_of_no_use_is_refused_with_what_to_do(database: Database) -> None:
    def read(content: bytes) -> str:
        raise UserError("group.none")

    assert await send(await opened(database, taking(read))) == ["group.none"]


async def test_where_the_platform_does_not_answer_one_is_asked_to_send_it_again(database: Database) -> None:
    talk = await opened(database, taking(bytes.decode))
    talk.platform.files.clear()
    assert await send(talk) == ["file.silent"]


@pytest.mark.parametrize("result", [None, ZeroDivisionError()])
async def test_a_fault_of_ours_is_owned_up_to_and_comes_to_an_end(database: Database, result: object) -> None:
    def read(content: bytes) -> object:
        if isinstance(result, Exception):
            raise result
        return result  # None: the handler asks for it for ever

    assert await send(await opened(database, taking(read))) == ["error.ours"]


async def test_a_document_is_for_the_bot_only_in_private_and_only_without_words(database: Database) -> None:
    talk = await opened(database, taking(bytes.decode))
    assert await talk.say(LI, "", attachments=SENT) == []
    assert await talk.say(ZHANG, "没有这样的词", group=None, attachments=SENT) == ["router.unknown"]
    photo = (Attachment(kind="photo", file_id="f1"),)
    assert await talk.say(ZHANG, "", group=None, attachments=photo) == []
