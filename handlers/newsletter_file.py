"""The newsletter as long picture, as PDF, and as the secretary sees it before it is posted; made anew whenever somebody opens it.

So whoever takes back their word, or is erased, is in none that is opened from then on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from content.print.newsletter import Piece, Sheet, newsletter_pdf, newsletter_png
from domain.day import day_of
from domain.group import Group, Role
from domain.ids import from_brief
from domain.message import line
from domain.newsletter import Article, Newsletter
from domain.outgoing import Made, Make, Order, Say
from domain.reflection import code
from storage import groups, members, newsletters, reflections
from storage.media import MediaStore
from storage.tx import Tx

Maker: TypeAlias = Callable[[Tx, Order, int], Awaitable[Make | None]]


@dataclass(frozen=True, slots=True)
class Issue:
    group: Group
    letter: Newsletter
    rank: int
    articles: tuple[Article, ...]
    day: str
    people: int


def makers(photos: MediaStore | None) -> Mapping[str, Maker]:
    """``photos``: where they are kept; without it a newsletter has words alone."""
    return {"newsletter": partial(_make, photos)}


async def _make(photos: MediaStore | None, tx: Tx, order: Order, now: int) -> Make | None:
    """``arg``: png, pdf or preview, and the activity. None for whoever may not see it, and where nothing is left in it."""
    kind, _, id = order.file.arg.partition("_")
    letter = await newsletters.find(tx, order.group_id, from_brief(id))
    if letter is None or not await _may_see(tx, order, letter, kind):
        return None
    issue = await read_issue(tx, letter, now, only_agreed=kind != "preview")
    return partial(_made, photos, issue, kind, order.language) if issue and issue.articles else None


async def _may_see(tx: Tx, order: Order, letter: Newsletter, kind: str) -> bool:
    if kind != "preview" and letter.state != "posted":
        return False
    if not order.person_id:
        return kind != "preview"
    reader = await members.find(tx, order.group_id, order.person_id)
    return reader is not None and (kind != "preview" or reader.role >= Role.SECRETARY)


async def read_issue(tx: Tx, letter: Newsletter, now: int, *, only_agreed: bool = True) -> Issue | None:
    group = await groups.find(tx, letter.group_id)
    if group is None:
        return None
    articles = await newsletters.articles(tx, letter.group_id, letter.cycle_id, only_agreed=only_agreed)
    rank = await reflections.rank_of(tx, letter.group_id, letter.cycle_id)
    settings = group.settings
    day = day_of(letter.posted_at or now, settings.timezone, settings.day_end).isoformat()
    return Issue(group, letter, rank, tuple(articles), day, len({one.person_id for one in articles}))


def _made(photos: MediaStore | None, issue: Issue, kind: str, language: str, say: Say) -> Made:
    sheet = _sheet(issue, language, say)
    content = _fetched(photos, [photo.hash for one in issue.articles for photo in one.photos])
    name = say(line("newsletter.file", title=issue.letter.title))
    if kind == "pdf":
        return Made(f"{name}.pdf", newsletter_pdf(sheet, content))
    return Made(f"{name}.png", newsletter_png(sheet, content), "photo", alt_of(issue, say))


def alt_of(issue: Issue, say: Say) -> str:
    names = tuple(line("person.name", name=one.author) for one in issue.articles)
    return say(line("newsletter.alt", title=issue.letter.title, count=len(issue.articles), names=names))


def _sheet(issue: Issue, language: str, say: Say) -> Sheet:
    pieces = tuple(
        Piece(code(issue.rank, one.number), one.author, one.body, one.photos) for one in issue.articles
    )
    return Sheet(
        title=issue.letter.title,
        kicker=say(line("newsletter.kicker", group=issue.group.name)),
        date=issue.day,
        foot=say(line("newsletter.foot", count=len(pieces), people=issue.people)),
        more=say(line("newsletter.more_on_page")),
        alt=say(line("newsletter.photo_alt")),
        seal=say(line("newsletter.seal")),
        language=language,
        pieces=pieces,
    )


def _fetched(store: MediaStore | None, keys: list[str]) -> dict[str, bytes]:
    """In the thread in which files are made, where no event loop runs. What is not kept any longer is left out."""
    if store is None or not keys:
        return {}

    async def fetch() -> dict[str, bytes]:
        found = {key: await store.get(key) for key in dict.fromkeys(keys)}
        return {key: content for key, content in found.items() if content is not None}

    return asyncio.run(fetch())
