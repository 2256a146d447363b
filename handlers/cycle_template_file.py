"""A template as the YAML file that a secretary changes and sends back."""

from __future__ import annotations

from functools import partial

from content.cycles import shipped_text
from domain.group import Role
from domain.message import line
from domain.outgoing import Made, Make, Order, Say
from storage import members, templates
from storage.tx import Tx


async def make_template(tx: Tx, order: Order, now: int) -> Make | None:
    """``arg`` is the key. The group's own as it was sent; a shipped one with a word on what may be changed."""
    key = order.file.arg
    reader = await members.find(tx, order.group_id, order.person_id)
    if reader is None or reader.role < Role.SECRETARY:
        return None
    kept = {one.key: one.body for one in await templates.of_group(tx, order.group_id)}
    return partial(file_of, key, kept.get(key))


def file_of(key: str, own: str | None, say: Say) -> Made:
    """With a byte order mark and Windows' line ends: it is opened with the editor that every computer has."""
    text = own if own is not None else _with_words(shipped_text(key) or "", say)
    return Made(f"{key}.yaml", text.replace("\n", "\r\n").encode("utf-8-sig"))


def _with_words(text: str, say: Say) -> str:
    told = say(line("cycle_template.comment"))
    return "".join(f"# {row}\n" for row in told.split("\n")) + text
