"""题库: the banks a group may use — looked at, taken away as files, chosen for the daily question; and new ones by sending a file."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from domain.errors import UserError
from domain.group import Role
from domain.message import Button, File, Line, Live, Message, line
from handlers import bank_sent
from handlers.call import Call, Command, Reply, Where
from handlers.settings import BY_NAME, set_to
from handlers.shelf import bank_named, code, label, pack_named
from storage import banks
from storage.banks import Shelved

SHOWN = 20
"""Banks with a button each; a group has few."""

_VERBS = {
    "看": "look",
    "看看": "look",
    "look": "look",
    "用": "use",
    "use": "use",
    "导出": "xlsx",
    "export": "xlsx",
    "gift": "gift",
    "模板": "template",
    "template": "template",
}


async def bank(call: Call) -> Reply:
    """A file: its preview. No words: the banks there are. 题库 看看|用|导出|gift NAME, 题库 模板; a name alone: that bank."""
    if not call.press and (sent := bank_sent.document(call)):
        return await bank_sent.receive(call, sent)
    verb, name = _read(call)
    return await _DO[verb](call, name)


def _read(call: Call) -> tuple[str, str]:
    if call.press:
        verb, _, rest = call.args.partition("_")
        if verb not in _DO:
            raise UserError("button.old")
        return verb, rest
    word, _, rest = call.args.strip().partition(" ")
    verb = _VERBS.get(word.casefold(), "")
    return (verb, rest.strip()) if verb else ("card" if word else "list", call.args.strip())


async def _list(call: Call, _: str) -> Reply:
    offered = await banks.offered(call.tx, call.group.id)
    now = call.group.settings.questions
    rows = tuple((Button(label(one.title), "bank", f"card_{code(one.id)}"),) for one in offered[:SHOWN])
    template = Button(line("bank.template"), "bank", "template_")
    return Message(
        title=line("bank.title"),
        lines=(*(_row(one, one.id == now) for one in offered), line("bank.how" if offered else "bank.none")),
        buttons=(*rows, (template,)),
    )


def _row(one: Shelved, used: bool) -> Line:
    whose = line("bank.own") if one.group_id else line("bank.shared")
    key = "bank.row_used" if used else "bank.row"
    return line(key, title=one.title, count=one.size, whose=whose)


async def _card(call: Call, name: str) -> Reply:
    one = await _meant(call, name)
    used = one.id == call.group.settings.questions
    arg = code(one.id)
    use = () if used else (Button(line("bank.use"), "bank", f"use_{arg}"),)
    return Message(
        lines=(_row(one, used), line("bank.id", id=one.id)),
        buttons=(
            (*use, Button(line("bank.look"), "bank", f"look_{arg}")),
            (
                Button(line("bank.xlsx"), "bank", f"xlsx_{arg}"),
                Button(line("bank.gift"), "bank", f"gift_{arg}"),
            ),
        ),
    )


async def _look(call: Call, name: str) -> Reply:
    """Looked up as it is sent, beside the writers: a year of answers takes its time."""
    one = await _meant(call, name)
    return Message(live=Live("bank_stats", one.id))


async def _use(call: Call, name: str) -> Reply:
    one = await _meant(call, name)
    await set_to(call, BY_NAME["bank"], one.id)
    return Message((line("bank.used", title=one.title),))


async def _study(call: Call, name: str) -> Reply:
    pack = await pack_named(call.tx, call.group.id, name)
    if pack is None:
        raise UserError("settings.no_such_pack", name=name)
    await set_to(call, BY_NAME["pack"], pack.id)
    return Message((line("bank.studied", title=pack.title),))


async def _xlsx(call: Call, name: str) -> Reply:
    return await _export(call, name, "xlsx")


async def _gift(call: Call, name: str) -> Reply:
    return await _export(call, name, "gift")


async def _export(call: Call, name: str, format: str) -> Reply:
    one = await _meant(call, name)
    said = line("bank.exported", title=one.title, count=one.size)
    return await _hand_over(call, Message((said,), file=File("bank", f"{format} {one.id}")))


async def _template(call: Call, _: str) -> Reply:
    return await _hand_over(call, Message((line("bank.template_how"),), file=File("bank_template")))


async def _hand_over(call: Call, message: Message) -> Reply:
    """In their own private chat, which is where the file's maker knows whom it is for."""
    return None if await call.tell_private(message) else message


async def _meant(call: Call, name: str) -> Shelved:
    """The only bank there is need not be named."""
    if not name:
        offered = await banks.offered(call.tx, call.group.id)
        if len(offered) == 1:
            return offered[0]
        raise UserError("bank.which" if offered else "bank.none")
    found = await bank_named(call.tx, call.group.id, name)
    if found is None:
        raise UserError("bank.unknown", name=name[:40])
    return found


_DO: dict[str, Callable[[Call, str], Awaitable[Reply]]] = {
    "list": _list,
    "card": _card,
    "look": _look,
    "use": _use,
    "study": _study,
    "xlsx": _xlsx,
    "gift": _gift,
    "template": _template,
    "load": bank_sent.load,
    "left": bank_sent.leave,
}
COMMAND = Command("bank", bank, Role.SECRETARY, Where.PRIVATE, takes_text=True, takes_file=True)
