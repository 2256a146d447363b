"""An instant in words, as a group says it."""

from __future__ import annotations

from domain.day import local
from domain.group import Group
from domain.message import Line, line


def moment(group: Group, at: int) -> Line:
    """3月5日 周四 18:00, by the clocks where the group is."""
    wall = local(at, group.settings.timezone)
    day = line(f"date.m{wall.month}", day=wall.day)
    return line("stage.moment", day=day, weekday=line(f"weekday.w{wall.weekday()}"), clock=f"{wall:%H:%M}")
