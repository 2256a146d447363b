"""What stands around the talk: the chats, how the day goes, what makes sense to say now, and in the demonstration its strip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from domain.group import Language, Role
from domain.ids import Ids
from domain.message import Line, line
from domain.reflection import count_chars
from storage import cycles, overview, pictures, reflections, talk
from storage.overview import Room, Seat, Today
from storage.talk import Said
from storage.tx import Tx
from web.activity import Activity, activity_of
from web.prose import initial
from web.session import Visit
from web.show import Shown, shown, snippet, tint
from web.site import Site
from web.times import Times

_COMING = {
    "push": line("page.coming_push"),
    "quiz": line("page.coming_quiz"),
    "remind": line("page.coming_remind"),
    "close": line("page.coming_close"),
    "resume": line("page.coming_resume"),
}
"""What time brings, by the kind of its due row; kinds a member need not know of are left out."""


@dataclass(frozen=True, slots=True)
class Chip:
    """Something that makes sense to say now, said with one tap (or, with ``starts``, begun in the composer)."""

    label: Line
    say: Line
    main: bool = False
    starts: bool = False


@dataclass(frozen=True, slots=True)
class Writing:
    """A reflection that is asked of the reader now: what it takes, and what their draft has of it already."""

    title: str
    chars: int
    photos: int
    had_chars: int = 0
    had_photos: int = 0


@dataclass(frozen=True, slots=True)
class Tab:
    """A chat in the list of chats."""

    chat_id: str
    title: str
    newest: Said | None
    current: bool
    private: bool

    @property
    def initial(self) -> str:
        return initial(self.title)

    @property
    def snippet(self) -> str:
        if self.newest is None:
            return ""
        return snippet(self.newest) if self.private else f"{self.newest.sender_name}: {snippet(self.newest)}"


@dataclass(frozen=True, slots=True)
class Mate:
    """A member of the group with the sign the page knows them by."""

    seat: Seat

    @property
    def initial(self) -> str:
        return initial(self.seat.name)

    @property
    def tint(self) -> int:
        return tint(str(self.seat.id))


@dataclass(frozen=True, slots=True)
class Face:
    """Somebody one can be in the demonstration."""

    id: int
    name: str
    role: Role
    initial: str
    tint: int
    me: bool


@dataclass(frozen=True, slots=True)
class Strip:
    """The demonstration's own controls."""

    faces: Sequence[Face]
    clock: str
    next_at: str
    next_what: Line | None
    offers_activity: bool
    """Whether a sample activity can be begun; while one runs, one can go to its next stage."""


@dataclass(frozen=True, slots=True)
class Frame:
    visit: Visit
    times: Times
    tabs: Sequence[Tab]
    today: Today | None
    me: Seat | None
    board: Shown | None
    strip: Strip | None
    activity: Activity | None
    writing: Writing | None = None

    @property
    def day(self) -> date:
        return self.visit.day(self.times.now)

    @property
    def seats(self) -> list[Mate]:
        return [Mate(seat) for seat in self.today.seats] if self.today else []

    @property
    def room_initial(self) -> str:
        return initial(self.visit.room.title) if self.visit.room else ""

    @property
    def lesson_link(self) -> str:
        """The item's own page, where it has one on the web."""
        link = self.today.lesson.link if self.today and self.today.lesson else None
        return link if link and link.startswith(("https://", "http://")) else ""

    @property
    def sees_detail(self) -> bool:
        """Who has and who has not checked in is the committee's to see, unless the group made it public."""
        about = self.visit.about
        return about is not None and (about.role >= Role.SECRETARY or about.settings.list_missing)

    @property
    def coming(self) -> list[tuple[Line, int]]:
        due = self.today.due if self.today else ()
        return [(_COMING[kind], at) for kind, at in due if kind in _COMING and at > self.times.now][:3]

    @property
    def streak(self) -> int:
        """The reader's days in a row, while they still count."""
        if self.me is None:
            return 0
        yesterday = (self.day - timedelta(days=1)).isoformat()
        return self.me.streak if self.me.last_day >= yesterday else 0

    @property
    def chips(self) -> list[Chip]:
        about = self.visit.about
        if about is None:
            return [_SETUP, _HELP] if self.visit.room else [_HELP]
        secretary = about.role >= Role.SECRETARY and self.visit.room is not None
        done = self.me is not None and self.me.checked is not None
        first = [_NOTE] if done else [_CHECKIN]
        do = self.activity.do if self.activity and not self.writing else None
        activity = [Chip(do.label, do.say)] if do else []
        return [*first, *activity, _TODAY, _ME, *([_MISSING, _STATS] if secretary else []), _HELP]


_CHECKIN = Chip(line("page.chip_checkin"), line("page.say_checkin"), main=True)
_NOTE = Chip(line("page.chip_note"), line("page.say_checkin"), starts=True)
_TODAY = Chip(line("page.chip_today"), line("page.say_today"))
_ME = Chip(line("page.chip_me"), line("page.say_me"))
_MISSING = Chip(line("page.chip_missing"), line("page.say_missing"))
_STATS = Chip(line("page.chip_stats"), line("page.say_stats"))
_SETUP = Chip(line("page.chip_setup"), line("page.say_setup"), main=True, starts=True)
_HELP = Chip(line("page.chip_help"), line("page.say_help"))


def times_of(site: Site, visit: Visit, language: Language) -> Times:
    return Times(lambda said: site.texts.say(language, said), visit.settings.timezone, site.clock())


async def frame(site: Site, visit: Visit, language: Language, *, playing: bool) -> Frame:
    times = times_of(site, visit, language)
    today, tabs, board, writing, activity = await site.database.read(_read, visit, site.ids, times.now)
    return Frame(
        visit=visit,
        times=times,
        tabs=tabs,
        today=today,
        me=next((seat for seat in today.seats if seat.id == visit.visitor.id), None) if today else None,
        board=shown(board, visit.user_id, times, {}) if board else None,
        strip=await _strip(site, visit, times) if playing else None,
        activity=activity,
        writing=writing,
    )


async def _read(
    tx: Tx, visit: Visit, ids: Ids, now: int
) -> tuple[Today | None, list[Tab], Said | None, Writing | None, Activity | None]:
    about = visit.about
    today = await overview.today(tx, about.group_id, visit.day(now)) if about else None
    tabs = [await _tab(tx, visit, room.chat_id, room) for room in visit.rooms]
    tabs.append(await _tab(tx, visit, f"p{visit.visitor.id}", None))
    writing = await _writing(tx, about.group_id, visit.visitor.id) if about else None
    activity = await activity_of(tx, ids, about.group_id, visit.visitor.id, now) if about else None
    return today, tabs, await talk.pinned(tx, visit.chat_id), writing, activity


async def _writing(tx: Tx, group_id: int, person_id: int) -> Writing | None:
    """None where no reflection is asked for, or theirs is handed in."""
    found = await cycles.open_stage(tx, group_id, "reflection")
    if found is None:
        return None
    cycle, stage = found
    theirs = await reflections.of_person(tx, group_id, person_id, cycle.id)
    own = [one for one in theirs if one.place == stage.place]
    if any(one.state == "handed" for one in own):
        return None
    asked = Writing(cycle.title, stage.spec.chars, stage.spec.photos)
    draft = next((one for one in reversed(own) if one.state == "draft" and one.by == person_id), None)
    if draft is None:
        return asked
    photos = await pictures.count(tx, group_id, draft.id)
    return replace(asked, had_chars=count_chars(draft.body), had_photos=photos)


async def _tab(tx: Tx, visit: Visit, chat_id: str, room: Room | None) -> Tab:
    newest = await talk.page(tx, chat_id, None, 1)
    return Tab(
        chat_id=chat_id,
        title=room.title if room else "",
        newest=newest[0] if newest else None,
        current=chat_id == visit.chat_id,
        private=room is None,
    )


async def _strip(site: Site, visit: Visit, times: Times) -> Strip | None:
    if site.demo is None:
        return None
    coming = await site.demo.next_event()
    faces = [
        Face(person_id, name, role, initial(name), tint(str(person_id)), person_id == visit.visitor.id)
        for person_id, name, role in await site.demo.personas()
    ]
    return Strip(
        faces=faces,
        clock=f"{times.dated(times.day(site.demo.now))} {times.clock(site.demo.now)}",
        next_at=times.told(coming[0]) if coming else "",
        next_what=coming[1] if coming else None,
        offers_activity=await site.demo.offers_activity(),
    )
