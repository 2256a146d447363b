"""活动 模板: what an activity is made from — looked at, taken away as a file to change, and the group's own thrown away.

How one comes in stands in handlers/cycle_template_sent.py, the file in handlers/cycle_template_file.py.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from content.cycles import kept_template
from content.words import fold
from domain.errors import UserError
from domain.message import Button, File, Line, Message, line
from domain.template import Template
from handlers import bank_sent, cycle_template_sent
from handlers.call import Call, Reply
from handlers.cycle_making import about, code, described, offered, shipped, template_named
from handlers.shelf import label
from handlers.template_words import stage_lines
from storage import templates
from storage.templates import Kept

_VERBS = {
    "看": "view",
    "看看": "view",
    "look": "view",
    "下载": "file",
    "下載": "file",
    "download": "file",
    "删掉": "ask",
    "删除": "ask",
    "刪掉": "ask",
    "刪除": "ask",
    "delete": "ask",
}


async def asked(call: Call, text: str) -> Reply:
    """With a file: its preview. No words: all there are. 活动 模板 [下载|删掉] 名字."""
    if call.incoming.is_group:
        raise UserError("cycle_template.in_private")
    if sent := bank_sent.document(call):
        return await bank_sent.receive(call, sent)
    if not text:
        return await _list(call)
    word, _, rest = text.partition(" ")
    verb = _VERBS.get(fold(word), "")
    return await _DO[verb or "view"](call, await _meant(call, rest if verb else text))


async def pressed(call: Call, arg: str) -> Reply:
    verb, _, rest = arg.partition("_")
    if verb == "keep":
        return await cycle_template_sent.keep(call, rest)
    if verb == "left":
        return await cycle_template_sent.leave(call, rest)
    if verb not in _DO:
        raise UserError("button.old")
    key = next((key for key in await _keys(call) if code(key) == rest), None)
    if key is None:
        raise UserError("cycle_template.gone")
    return await _DO[verb](call, key)


async def _keys(call: Call) -> list[str]:
    """Of all there are; the group's own also where today's rules cannot read them."""
    kept = [one.key for one in await templates.of_group(call.tx, call.group.id)]
    return [*(one.key for one in shipped(call) if one.key not in kept), *kept]


async def _meant(call: Call, name: str) -> str:
    """The key of the one with that name. Raises UserError where there is none."""
    if name.strip() in await _keys(call):
        return name.strip()
    return (await template_named(call, name.split()))[0].key


async def _list(call: Call) -> Reply:
    kept = await templates.of_group(call.tx, call.group.id)
    titles = {one.key: one.title for one in shipped(call)}
    found = await offered(call)
    own = {one.key for one in kept}
    lines = [described(one) for one in found if one.key not in own]
    lines += [_own_line(one, titles) for one in kept]
    shown = [(one.key, one.title) for one in found if one.key not in own]
    shown += [(one.key, f"★ {_title(one)}") for one in kept]
    buttons = tuple((Button(label(title), "cycle", f"t_view_{code(key)}"),) for key, title in shown)
    return Message((*lines, line("cycle_template.how")), title=line("cycle_template.title"), buttons=buttons)


def _own_line(kept: Kept, titles: dict[str, str]) -> Line:
    template = kept_template(kept.body)
    if template is None:
        return line("cycle_template.unreadable", name=kept.key)
    if kept.key in titles:
        return line("cycle_template.variant", template=described(template), of=titles[kept.key])
    return line("cycle_template.own", template=described(template))


async def _view(call: Call, key: str) -> Reply:
    kept = await _kept(call, key)
    template = kept_template(kept.body) if kept else _shipped(call, key)
    lines: list[Line] = []
    if template is None:
        lines.append(line("cycle_template.unreadable", name=key))
    else:
        lines += [line("raw", text=about(template))] if template.about else []
        lines += [_standing(call, template)] if kept else []
        lines += stage_lines(template)
    arg = code(key)
    buttons = [Button(line("cycle_template.download"), "cycle", f"t_file_{arg}")]
    if kept:
        buttons.append(Button(line("cycle_template.delete"), "cycle", f"t_ask_{arg}"))
    title = line("cycle_template.one", title=template.title if template else key)
    return Message(tuple(lines), title=title, buttons=(tuple(buttons),))


def _standing(call: Call, own: Template) -> Line:
    instead = _shipped(call, own.key)
    return line("cycle_template.is_variant", of=instead.title) if instead else line("cycle_template.is_own")


async def _file(call: Call, key: str) -> Reply:
    said = Message((line("cycle_template.handed"),), file=File("cycle_template", key))
    return None if await call.tell_private(said) else said


async def _ask(call: Call, key: str) -> Reply:
    kept = await _own(call, key)
    arg = code(key)
    button = Button(line("cycle_template.delete_yes"), "cycle", f"t_drop_{arg}")
    lines = (line("cycle_template.sure", title=_title(kept)), *_instead(call, key))
    return Message(lines, buttons=((button,),))


async def _drop(call: Call, key: str) -> Reply:
    kept = await _kept(call, key)
    if kept is None:
        raise UserError("cycle_template.gone")
    await templates.forget(call.tx, call.group.id, key)
    return line("cycle_template.dropped", title=_title(kept))


def _instead(call: Call, key: str) -> tuple[Line, ...]:
    found = _shipped(call, key)
    return (line("cycle_template.back", of=found.title),) if found else ()


async def _own(call: Call, key: str) -> Kept:
    kept = await _kept(call, key)
    if kept is None:
        raise UserError("cycle_template.not_own")
    return kept


async def _kept(call: Call, key: str) -> Kept | None:
    return next((one for one in await templates.of_group(call.tx, call.group.id) if one.key == key), None)


def _shipped(call: Call, key: str) -> Template | None:
    return next((one for one in shipped(call) if one.key == key), None)


def _title(kept: Kept) -> str:
    template = kept_template(kept.body)
    return template.title if template else kept.key


_DO: dict[str, Callable[[Call, str], Awaitable[Reply]]] = {
    "view": _view,
    "file": _file,
    "ask": _ask,
    "drop": _drop,
}
