"""简报: for the secretary, the best reflections to pick from, their authors to ask, a look at it, and posting it, once.

For everybody else it is the newest one that was posted. Where an author stands is between them, the bot and the secretary.
"""

from __future__ import annotations

from content.words import fold
from domain.cycle import Cycle
from domain.errors import UserError
from domain.group import Role
from domain.ids import brief, from_brief
from domain.message import File, Message, line
from domain.newsletter import PICKS_MOST, TITLE_CHARS, Newsletter, Pick
from domain.reflection import count_chars, read_code
from domain.wording import tidy_name
from handlers.call import Call, Command, Reply
from handlers.newsletter_asking import CONSENTS, ask_authors
from handlers.newsletter_shelf import TOP, best_first, show_shelf
from handlers.private import in_private, is_talk
from storage import cycles, newsletters, reflections

FILE = "newsletter"
"""The kind of its pictures and papers (handlers/newsletter_file.py)."""
_LOOKED_BACK = 20
"""Activities among which the one with reflections is looked for."""
_WORDS = {
    "pick": {"选", "選", "pick"},
    "drop": {"去掉", "不选", "不選", "drop"},
    "order": {"顺序", "順序", "order"},
    "title": {"标题", "標題", "title"},
    "ask": {"征求", "徵求", "请作者同意", "ask"},
    "preview": {"预览", "預覽", "preview"},
    "post": {"发布", "發布", "發佈", "post"},
    "public": {"公开", "公開", "public"},
    "members": {"不公开", "不公開", "members"},
}
_CODES = {"a": "ask", "v": "preview", "d": "post", "t": "top", "l": "list"}


async def newsletter(call: Call) -> Reply:
    if call.press:
        return await _pressed(call)
    word, _, rest = call.args.partition(" ")
    if fold(word) == "pdf":
        return await _paper(call)
    act = next((name for name, words in _WORDS.items() if fold(word) in words), "")
    if word and not act:
        if is_talk(call):
            return None
        raise UserError("newsletter.unclear")
    if not act and call.role < Role.SECRETARY:
        return await _latest(call)
    cycle = await _cycle(call)
    letter = await newsletters.begin(call.tx, cycle, call.me.id, call.now)
    match act:
        case "pick" | "drop":
            return await _pick(call, cycle, letter, rest, there=act == "pick")
        case "order":
            return await _order(call, cycle, letter, rest)
        case "title":
            return await _title(call, cycle, letter, rest)
        case "public" | "members":
            return await _open_to(call, letter, everybody=act == "public")
        case "":
            return await show_shelf(call, cycle, letter, anew=True)
    return await _act(call, act, cycle, letter)


async def _pressed(call: Call) -> Reply:
    code, _, id = call.args.partition("_")
    if code in ("p", "u"):
        found = await reflections.find(call.tx, call.group.id, from_brief(id))
        cycle = await cycles.find(call.tx, call.group.id, found.cycle_id) if found else None
        if found is None or cycle is None:
            raise UserError("button.old")
        letter = await newsletters.begin(call.tx, cycle, call.me.id, call.now)
        return await (_toggle if code == "p" else _up)(call, cycle, letter, found.id)
    cycle = await cycles.find(call.tx, call.group.id, from_brief(id))
    if cycle is None or code not in _CODES:
        raise UserError("button.old")
    letter = await newsletters.begin(call.tx, cycle, call.me.id, call.now)
    return await _act(call, _CODES[code], cycle, letter)


async def _act(call: Call, act: str, cycle: Cycle, letter: Newsletter) -> Reply:
    match act:
        case "list":
            return await show_shelf(call, cycle, letter, anew=True)
        case "top":
            return await _top(call, cycle, letter)
        case "ask":
            return await ask_authors(call, cycle, letter)
        case "preview":
            return await _preview(call, cycle, letter)
    return await _post(call, cycle, letter)


async def _cycle(call: Call) -> Cycle:
    """The one whose newsletter is being made, else the newest one that anything was handed in to."""
    found = await cycles.open_stage(call.tx, call.group.id, "newsletter")
    if found:
        return found[0]
    for cycle in await cycles.latest(call.tx, call.group.id, _LOOKED_BACK):
        if await newsletters.candidates(call.tx, cycle):
            return cycle
    raise UserError("newsletter.nothing_handed_in")


async def _latest(call: Call) -> Reply:
    letter = await newsletters.latest_posted(call.tx, call.group.id)
    if letter is None:
        return None if is_talk(call) else line("newsletter.none")
    return Message((line("newsletter.read_it", title=letter.title, link=link_to(call, letter)),))


async def _paper(call: Call) -> Reply:
    letter = await newsletters.latest_posted(call.tx, call.group.id)
    if letter is None:
        raise UserError("newsletter.none")
    return Message(
        (line("newsletter.paper", title=letter.title),), file=File(FILE, f"pdf_{brief(letter.cycle_id)}")
    )


def link_to(call: Call, letter: Newsletter) -> str:
    address = f"{call.house.public_url}/newsletter/{brief(letter.group_id)}-{brief(letter.cycle_id)}"
    return f"{address}/open/{letter.token}" if letter.token else address


def _check_open(letter: Newsletter) -> None:
    if letter.state == "posted":
        raise UserError("newsletter.posted_already")


async def _toggle(call: Call, cycle: Cycle, letter: Newsletter, reflection_id: int) -> Reply:
    _check_open(letter)
    if not await newsletters.unpick(call.tx, letter, reflection_id):
        await _put_in(call, cycle, letter, [reflection_id])
    return await show_shelf(call, cycle, letter)


async def _put_in(call: Call, cycle: Cycle, letter: Newsletter, ids: list[int]) -> None:
    there = {pick.candidate.id for pick in await newsletters.picks(call.tx, cycle)}
    if len(there | set(ids)) > PICKS_MOST:
        raise UserError("newsletter.too_many", most=PICKS_MOST)
    for one in ids:
        await newsletters.pick(call.tx, letter, one, call.now)


async def _up(call: Call, cycle: Cycle, letter: Newsletter, reflection_id: int) -> Reply:
    _check_open(letter)
    ids = [pick.candidate.id for pick in await newsletters.picks(call.tx, cycle)]
    place = ids.index(reflection_id) if reflection_id in ids else 0
    if place:
        ids[place - 1 : place + 1] = reversed(ids[place - 1 : place + 1])
        await newsletters.order(call.tx, letter, ids)
    return await show_shelf(call, cycle, letter)


async def _top(call: Call, cycle: Cycle, letter: Newsletter) -> Reply:
    _check_open(letter)
    best = [one.id for one in await best_first(call, cycle)][:TOP]
    await _put_in(call, cycle, letter, best)
    return await show_shelf(call, cycle, letter)


async def _pick(call: Call, cycle: Cycle, letter: Newsletter, rest: str, *, there: bool) -> Reply:
    """简报 选 A3 A1."""
    _check_open(letter)
    ids = await _meant(call, cycle, rest)
    if there:
        await _put_in(call, cycle, letter, ids)
    else:
        for one in ids:
            await newsletters.unpick(call.tx, letter, one)
    return await show_shelf(call, cycle, letter, anew=True)


async def _order(call: Call, cycle: Cycle, letter: Newsletter, rest: str) -> Reply:
    """简报 顺序 A3 A1: these first, the others after them as they were."""
    _check_open(letter)
    picked = [pick.candidate.id for pick in await newsletters.picks(call.tx, cycle)]
    first = [one for one in await _meant(call, cycle, rest) if one in picked]
    await newsletters.order(call.tx, letter, [*first, *(one for one in picked if one not in first)])
    return await show_shelf(call, cycle, letter, anew=True)


async def _meant(call: Call, cycle: Cycle, rest: str) -> list[int]:
    """The reflections of those numbers. Raises UserError for a number that is none of this activity's."""
    known = {one.id for one in await newsletters.candidates(call.tx, cycle)}
    found = list[int]()
    for written in rest.replace("，", " ").replace("、", " ").replace(",", " ").split():
        code = read_code(written)
        one = await reflections.by_number(call.tx, call.group.id, *code) if code else None
        if one is None or one.id not in known:
            raise UserError("newsletter.unknown_number", number=written)
        found.append(one.id)
    if not found:
        raise UserError("newsletter.which")
    return list(dict.fromkeys(found))


async def _title(call: Call, cycle: Cycle, letter: Newsletter, rest: str) -> Reply:
    title = tidy_name(rest) if rest.strip() else ""
    if not title:
        raise UserError("newsletter.title_how")
    if count_chars(rest) > TITLE_CHARS:
        raise UserError("newsletter.title_too_long", most=TITLE_CHARS)
    await newsletters.set_title(call.tx, letter, title)
    return line("newsletter.titled", title=title)


async def _open_to(call: Call, letter: Newsletter, *, everybody: bool) -> Reply:
    """Each time it is opened the link is another one; closing it makes the one that is out useless."""
    await newsletters.set_token(call.tx, letter, call.house.new_token() if everybody else "")
    found = await newsletters.find(call.tx, letter.group_id, letter.cycle_id)
    assert found is not None
    if not everybody:
        return line("newsletter.members_only", title=found.title)
    return await in_private(
        call, Message((line("newsletter.for_everybody", title=found.title, link=link_to(call, found)),))
    )


async def _preview(call: Call, cycle: Cycle, letter: Newsletter) -> Reply:
    picked = [pick for pick in await newsletters.picks(call.tx, cycle) if pick.consent != "no"]
    if not picked:
        raise UserError("newsletter.nothing_picked")
    said = Message(
        (
            line("newsletter.preview_of", title=letter.title, count=len(picked)),
            line("newsletter.preview_page", link=link_to(call, letter)),
        ),
        file=File(FILE, f"preview_{brief(cycle.id)}"),
    )
    return await in_private(call, said)


async def _post(call: Call, cycle: Cycle, letter: Newsletter) -> Reply:
    """To the group, once, with those alone who said yes."""
    _check_open(letter)
    agreed = [pick for pick in await newsletters.picks(call.tx, cycle) if pick.consent == "yes"]
    if not agreed:
        raise UserError("newsletter.nobody_agreed")
    if not await newsletters.turn(call.tx, letter, "posted", call.now):
        raise UserError("newsletter.posted_already")
    await call.tell_group(
        _issue(call, letter, agreed),
        slot=f"newsletter:{brief(cycle.id)}",
        not_before=call.group.settings.after_quiet(call.now),
    )
    return line("newsletter.posted", title=letter.title, count=len(agreed))


def _issue(call: Call, letter: Newsletter, agreed: list[Pick]) -> Message:
    names = tuple(dict.fromkeys(pick.candidate.name for pick in agreed))
    authors = tuple(line("person.name", name=name) for name in names)
    return Message(
        (
            line("newsletter.written_by", count=len(agreed), names=authors),
            line("newsletter.open_page", link=link_to(call, letter)),
        ),
        title=line("newsletter.issue", title=letter.title),
        file=File(FILE, f"png_{brief(letter.cycle_id)}"),
    )


def _for_secretary() -> frozenset[str]:
    words = {fold(word) for words in _WORDS.values() for word in words}
    return frozenset(words | _CODES.keys() | {"p", "u"})


COMMANDS = (
    Command("newsletter", newsletter, takes_text=True, for_secretary=_for_secretary(), topic="activity"),
    *CONSENTS,
)
