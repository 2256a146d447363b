"""Times as people say them, in the group's zone: 刚刚, 3 分钟前, 今天 20:00, 3月5日 周四 07:30."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.day import MINUTE, local
from domain.message import Line, Param, line

_SOON = 60  # minutes: nearer than this, people count minutes


@dataclass(frozen=True)
class Times:
    say: Callable[[Line], str]
    zone: str
    now: int

    @property
    def today(self) -> date:
        return local(self.now, self.zone).date()

    def clock(self, at: int) -> str:
        return f"{self._wall(at):%H:%M}"

    def iso(self, at: int) -> str:
        return self._wall(at).isoformat(timespec="seconds")

    def day(self, at: int) -> date:
        return self._wall(at).date()

    def near(self, day: date) -> str:
        """今天, 昨天, 明天; "" for any other day."""
        words = {
            0: line("page.today"),
            -1: line("page.yesterday"),
            1: line("page.tomorrow"),
        }
        word = words.get((day - self.today).days)
        return self.say(word) if word else ""

    def near_days(self) -> dict[str, str]:
        """Which days are called 今天 and 昨天, by their date."""
        days = (self.today, self.today - timedelta(days=1))
        return {day.isoformat(): self.near(day) for day in days}

    def dated(self, day: date) -> str:
        """3月2日 周一; with the year where it is another one."""
        parts: dict[str, Param] = {
            "month": self._nth(line("page.months"), day.month - 1),
            "day": day.day,
            "weekday": self._nth(line("page.weekdays"), day.weekday()),
        }
        if day.year == self.today.year:
            return self.say(line("page.date", **parts))
        return self.say(line("page.date_year", year=day.year, **parts))

    def moment(self, at: int) -> str:
        """How one would say that instant aloud."""
        minutes = (at - self.now) // MINUTE if at >= self.now else -((self.now - at) // MINUTE)
        if minutes == 0:
            return self.say(line("page.just_now"))
        if -_SOON < minutes < 0:
            return self.say(line("page.minutes_ago", minutes=-minutes))
        if 0 < minutes < _SOON:
            return self.say(line("page.minutes_ahead", minutes=minutes))
        return self.told(at)

    def told(self, at: int) -> str:
        """今天 20:00 or 3月5日 周四 07:30. The midnight that ends a day is told as 24:00 of that day."""
        wall = self._wall(at)
        midnight = (wall.hour, wall.minute) == (0, 0) and at > self.now
        day = wall.date() - timedelta(days=int(midnight))
        clock = "24:00" if midnight else self.clock(at)
        return f"{self.near(day) or self.dated(day)} {clock}"

    def brief(self, at: int) -> str:
        """For a list: 07:30 of today, 昨天, 3月2日 周一."""
        day = self.day(at)
        return self.clock(at) if day == self.today else self.near(day) or self.dated(day)

    def exact(self, at: int) -> str:
        """For hovering: nothing left to guess."""
        return f"{self._wall(at):%Y-%m-%d %H:%M:%S} {self.zone}"

    def _wall(self, at: int) -> datetime:
        return local(at, self.zone)

    def _nth(self, words: Line, place: int) -> str:
        return self.say(words).split()[place]
