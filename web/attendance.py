"""The secretary's attendance screen: the code of the minute, large enough for a wall, and how many are there.

The link is what lets one in: it is sealed for one secretary and one stage, stands in her private chat alone, and also works on the
meeting room's own machine, where nobody is logged in. It ends with the stage, and with her office. The page renews itself
without scripts.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.attendance import Room, code, read_address
from domain.cycle import Stage
from domain.day import MINUTE, local
from domain.group import Group, Role
from storage import cycles, groups, installation, members, signups
from storage.tx import Tx
from web.pages import Pages
from web.prefs import Prefs
from web.session import Door
from web.site import Site
from web.trouble import Trouble

RENEWED_AFTER = 10
"""Seconds, so that the count keeps up with people coming in; sooner where the code changes before."""


@dataclass(frozen=True, slots=True)
class Screen:
    """``person_id`` is the secretary it was made for. ``code`` is "" once the stage is over."""

    group: Group
    person_id: int
    cycle: str
    stage: Stage
    code: str
    there: int
    signed: int


class AttendanceScreen:
    def __init__(self, site: Site, pages: Pages, door: Door) -> None:
        self._site = site
        self._pages = pages
        self._door = door

    def routes(self) -> list[Route]:
        return [Route("/attend/{address}", self.show, methods=["GET"])]

    async def show(self, request: Request) -> Response:
        now = self._site.clock()
        screen = await self._site.database.read(_read, request.path_params["address"], now)
        if screen is None:
            raise Trouble(404, "page.not_found")
        await self._check_reader(request, screen)
        settings = screen.group.settings
        language = Prefs.of(request).language or settings.language
        left = -(-(MINUTE - now % MINUTE) // 1000)
        return self._pages.page(
            request,
            "attendance.html",
            language,
            screen=screen,
            clock=f"{local(now, settings.timezone):%H:%M}",
            after=min(RENEWED_AFTER, left),
        )

    async def _check_reader(self, request: Request, screen: Screen) -> None:
        """Somebody who is known here, and is another person than the one it was made for, is not shown it."""
        try:
            reader = await self._door.person_id(request)
        except Trouble:
            return
        if reader != screen.person_id:
            raise Trouble(403, "page.stranger")


async def _read(tx: Tx, address: str, now: int) -> Screen | None:
    key = await installation.value(tx, "key") or ""
    named = read_address(key, address)
    if named is None:
        return None
    room, person_id = named
    secretary = await members.find(tx, room.group_id, person_id)
    group = await groups.find(tx, room.group_id)
    found = await cycles.stage(tx, room.group_id, room.cycle_id, room.place)
    if group is None or found is None or secretary is None or secretary.role < Role.SECRETARY:
        return None
    return await _screen(tx, key, room, group, person_id, found[0].title, found[1], now)


async def _screen(
    tx: Tx, key: str, room: Room, group: Group, person_id: int, cycle: str, stage: Stage, now: int
) -> Screen:
    coming = await signups.of_stage(tx, stage, "in")
    return Screen(
        group=group,
        person_id=person_id,
        cycle=cycle,
        stage=stage,
        code=code(key, room, now) if stage.state == "open" else "",
        there=sum(bool(one.attended) for one in coming),
        signed=len(coming),
    )
