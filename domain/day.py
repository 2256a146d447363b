"""A group's day: in the group's own time zone, ending when the group says so, which may be after midnight.

Instants are UTC epoch milliseconds; a day is a `datetime.date`; a time of day is minutes from the day's own midnight (1440 = 24:00).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
DAY_MINUTES = 24 * 60
LATEST_DAY_END = 30 * 60
"""A day may run until 06:00 of the next morning, not longer: the next item must find it closed."""

_CLOCK = re.compile(r"(\d{1,2})(?:[:点时](\d{1,2}|半)?分?)?$")


@lru_cache(maxsize=256)
def zone(name: str) -> ZoneInfo:
    """The IANA zone of that name. Raises ValueError for an unknown one, whatever way it is unknown."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise ValueError(f"unknown time zone: {name!r}") from unknown


def parse_clock(text: str, latest: int = 24 * 60) -> int:
    """Minutes of ``07:30``, ``7：30``, ``7点半``, ``24:00``. Raises ValueError outside 00:00 … ``latest``."""
    found = _CLOCK.match(unicodedata.normalize("NFKC", text).strip())
    if not found:
        raise ValueError(f"not a time of day: {text!r}")
    hours, rest = int(found[1]), found[2] or "0"
    minutes = 30 if rest == "半" else int(rest)
    total = hours * 60 + minutes
    if minutes > 59 or total > latest:
        raise ValueError(f"not a time of day: {text!r}")
    return total


def show_clock(minutes: int) -> str:
    """``450`` → ``07:30``."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def instant(day: date, minutes: int, zone_name: str) -> int:
    """When the wall clock of the zone first shows ``minutes`` of ``day``. A time it skips in spring is taken just after the gap."""
    wall = datetime.combine(day, time(), zone(zone_name)) + timedelta(minutes=minutes)
    first, second = _milliseconds(wall), _milliseconds(wall.replace(fold=1))
    if first <= second:
        return first
    # The clock skips this time: the two readings lie on either side of the moment at which it does.
    span, asked = range(second, first + 1), wall.replace(tzinfo=None)
    return span[bisect_left(span, True, key=lambda now: local(now, zone_name).replace(tzinfo=None) >= asked)]


def _milliseconds(wall: datetime) -> int:
    return round(wall.astimezone(UTC).timestamp() * 1000)


def local(now: int, zone_name: str) -> datetime:
    """The wall clock of the zone at that instant."""
    return datetime.fromtimestamp(now / 1000, zone(zone_name))


def day_of(now: int, zone_name: str, day_end: int = 24 * 60) -> date:
    """The group's day at that instant: until ``day_end`` has passed it is still yesterday."""
    wall = local(now, zone_name)
    day = (wall.replace(tzinfo=None) - timedelta(minutes=day_end - 24 * 60)).date()
    # Where the clock goes back over the day's end, the day that ended does not come back.
    ended = wall.fold and now >= instant(day, day_end, zone_name)
    return day + timedelta(days=1) if ended else day


def quiet_until(now: int, zone_name: str, quiet_from: int, quiet_to: int) -> int:
    """``now``, or the end of the quiet hours it falls into. Hours that start later than they end run over midnight."""
    if quiet_from == quiet_to:
        return now
    wall = local(now, zone_name)
    minute = wall.hour * 60 + wall.minute
    over_midnight = quiet_from > quiet_to
    inside = minute >= quiet_from or minute < quiet_to if over_midnight else quiet_from <= minute < quiet_to
    if not inside:
        return now
    ends_tomorrow = over_midnight and minute >= quiet_from
    return max(now, instant(wall.date() + timedelta(days=int(ends_tomorrow)), quiet_to, zone_name))
