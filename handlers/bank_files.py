"""What 题库 hands over as files: a bank as XLSX or GIFT, the template to fill in, and the list of everything wrong with a file."""

from __future__ import annotations

from functools import partial
from typing import cast

from content.exchange import formats
from content.exchange.formats import Written
from domain.group import Role
from domain.ids import from_brief
from domain.message import Line, Message
from domain.outgoing import Made, Make, Order, Say
from domain.question import Bank
from handlers.shelf import bank_named
from storage import banks, members, previews
from storage.tx import Tx


async def make_bank(tx: Tx, order: Order, now: int) -> Make | None:
    """``arg``: the format and the id, ``xlsx demo``. A group takes out its own banks and everybody's."""
    format, _, id = order.file.arg.partition(" ")
    if not await _is_secretary(tx, order) or await bank_named(tx, order.group_id, id) is None:
        return None
    bank = await banks.whole(tx, id)
    return None if bank is None else partial(_write, bank, cast(Written, format))


def _write(bank: Bank, format: Written, say: Say) -> Made:
    return Made(formats.file_name(bank, format), formats.write_bank(bank, format))


async def make_template(tx: Tx, order: Order, now: int) -> Make | None:
    return lambda say: Made(f"{say(Line('bank.template_file'))}.xlsx", formats.template(order.language))


async def make_faults(tx: Tx, order: Order, now: int) -> Make | None:
    preview = await previews.find(tx, order.group_id, from_brief(order.file.arg), order.person_id)
    if preview is None or preview.kind != "faults":
        return None
    return partial(_list, Message.parse(preview.body))


def _list(told: Message, say: Say) -> Made:
    """With a byte order mark and Windows' line ends: it is opened with the editor that every computer has."""
    lines = [say(told.title)] if told.title else []
    text = "\r\n".join([*lines, "", *(say(one) for one in told.lines), ""])
    return Made(f"{say(Line('bank.faults_file'))}.txt", text.encode("utf-8-sig"))


async def _is_secretary(tx: Tx, order: Order) -> bool:
    member = await members.find(tx, order.group_id, order.person_id)
    return member is not None and member.role >= Role.SECRETARY


MAKERS = {"bank": make_bank, "bank_template": make_template, "bank_faults": make_faults}
