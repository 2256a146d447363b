"""设置: what a secretary can change about the group's day, by buttons or in one line (``设置 推送 07:30``)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from domain.day import LATEST_DAY_END, parse_clock, show_clock
from domain.errors import UserError
from domain.group import LANGUAGES, Group, Role, Settings
from domain.message import Button, Line, Message, line
from domain.retention import MONTHS_LEAST, MONTHS_MOST
from domain.wording import clean
from handlers.call import Call, Command, Reply
from handlers.language import language_named
from handlers.shelf import bank_named, code, label, pack_named
from scheduler import cycle, rhythm
from storage import banks, groups, packs

SHORT_ID = 16
"""An id of a pack or bank up to this length fits on a button; a longer one is there by its code."""
_YES = {"开", "開", "是", "on", "yes", "1", "true"}
_NO = {"关", "關", "否", "不", "off", "no", "0", "false"}
_OWN = {"自己", "只看自己", "own", "me"}
_ALL = {"全部", "公开", "公開", "all"}
_FOR_EVER = {"不限", "一直", "永久", "for ever", "forever", "unlimited"}
_MONTHS = re.compile(r"\s*(?:个月|個月|月|months?)$")
_OF_PACK = {"学习包", "學習包", "跟学习包", "跟學習包", "pack"}


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of the settings: how a value is read from text, shown, and which values its buttons offer."""

    name: str
    read: Callable[[str], Any]
    show: Callable[[Any], str | Line]
    choices: tuple[str, ...] = ()
    explained: bool = False
    """Turning it on is explained: it touches how voluntary the study feels."""


def _switch(text: str) -> bool:
    word = text.strip().casefold()
    if word not in _YES | _NO:
        raise ValueError(text)
    return word in _YES


def _day_end(text: str) -> int:
    """``24:00`` … ``30:00``; an hour after midnight may be written as such: ``02:00`` is 26:00."""
    minutes = parse_clock(text, LATEST_DAY_END)
    return minutes if minutes >= 24 * 60 else minutes + 24 * 60


def _language(text: str) -> str:
    named = language_named(text)
    if named is None:
        raise ValueError(text)
    return named


def _ranking(text: str) -> str:
    """``on`` alone is not enough: whether all are to see it is the very question."""
    word = text.strip().casefold()
    for ranking, words in (("off", _NO), ("own", _OWN), ("all", _ALL)):
        if word in words:
            return ranking
    raise ValueError(text)


def _number_or_off(text: str) -> int:
    return 0 if text.strip().casefold() in _NO else int(text)


def _show_number_or_off(number: int) -> str | Line:
    return str(number) if number else line("settings.off")


def _months(text: str) -> int:
    """Full width, 「24个月」 and 「不限」 are understood."""
    word = clean(unicodedata.normalize("NFKC", text)).casefold()
    if word in _NO | _FOR_EVER:
        return 0
    months = int(_MONTHS.sub("", word))
    if months and not MONTHS_LEAST <= months <= MONTHS_MOST:
        raise ValueError(text)
    return months


def _show_months(months: int) -> Line:
    return line("settings.months", count=months) if months else line("settings.for_ever")


def _show_switch(on: bool) -> Line:
    return line("settings.on") if on else line("settings.off")


def _show_language(code: str) -> Line:
    return line(f"language.{code}")


def _show_ranking(ranking: str) -> Line:
    return line("settings.off") if ranking == "off" else line(f"settings.ranking_{ranking}")


def _show_bank(id: str) -> str | Line:
    return id or line("settings.bank_of_pack")


def _clock(name: str, *choices: str) -> Setting:
    return Setting(name, parse_clock, show_clock, choices)


def _toggle(name: str, *, explained: bool = False) -> Setting:
    return Setting(name, _switch, _show_switch, ("on", "off"), explained)


def _number(name: str, *choices: str) -> Setting:
    return Setting(name, int, str, choices)


SETTINGS = (
    _clock("push_at", "06:30", "07:00", "07:30", "08:00", "12:00", "18:00"),
    _toggle("remind"),
    _clock("remind_at", "18:00", "19:00", "20:00", "20:30", "21:00"),
    Setting("day_end", _day_end, show_clock, ("24:00", "25:00", "26:00")),
    _clock("quiet_from", "21:00", "22:00", "23:00"),
    _clock("quiet_to", "06:00", "07:00", "08:00"),
    _toggle("weekend_off"),
    _number("weekly_minutes", "0", "30", "60", "90", "150"),
    _number("makeup_per_month", "0", "2", "5"),
    _number("makeup_days_back", "1", "3", "7"),
    _toggle("mention", explained=True),
    _toggle("list_missing", explained=True),
    Setting("language", _language, _show_language, LANGUAGES),
    Setting("timezone", str.strip, str, ("Asia/Shanghai", "Asia/Urumqi", "UTC")),
    Setting("pack", str.strip, str),
    _toggle("quiz"),
    _clock("quiz_at", "09:00", "12:00", "12:30", "15:00", "18:00"),
    Setting("bank", str.strip, _show_bank),
    _toggle("points", explained=True),
    Setting("ranking", _ranking, _show_ranking, ("off", "own", "all"), explained=True),
    Setting("low_points", _number_or_off, _show_number_or_off, ("0", "30", "60"), explained=True),
    _number("review_every", "0", "3", "7", "14"),
    Setting("keep_months", _months, _show_months, ("0", "6", "12", "24", "36"), explained=True),
)
BY_NAME = {setting.name: setting for setting in SETTINGS}


async def settings(call: Call) -> Reply:
    """No words: the menu. A setting's name: its choices. A name and a value: set."""
    name, _, value = (call.args.replace("_", " ", 1) if call.press else call.args).partition(" ")
    if not name:
        return _menu(call.group)
    setting = _setting_meant(call, name)
    if not value.strip():
        return await _ask(call, setting)
    return await set_to(call, setting, value.strip())


def _setting_meant(call: Call, name: str) -> Setting:
    if call.press:
        found = _by_code(name)
    else:
        known = call.house.vocabulary.setting(name)
        found = BY_NAME[known] if known else None
    if found is None:
        raise UserError("settings.unknown", name=name)
    return found


def _by_code(code: str) -> Setting | None:
    """Buttons name a setting by its place: a payload has room for little."""
    return SETTINGS[int(code)] if code.isdigit() and int(code) < len(SETTINGS) else None


def _menu(group: Group) -> Message:
    buttons = [Button(line(f"settings.{s.name}"), "settings", str(place)) for place, s in enumerate(SETTINGS)]
    return Message(
        title=line("settings.title", group=group.name),
        lines=(*(_shown(s, group.settings) for s in SETTINGS), line("settings.how")),
        buttons=tuple(tuple(buttons[n : n + 3]) for n in range(0, len(buttons), 3)),
    )


def _shown(setting: Setting, values: Settings) -> Line:
    value = setting.show(getattr(values, setting.name)) or line("settings.none")
    return line("settings.line", name=line(f"settings.{setting.name}"), value=value)


async def _ask(call: Call, setting: Setting) -> Message:
    """The choices as buttons; other values can be typed."""
    place = SETTINGS.index(setting)
    buttons = [
        Button(shown, "settings", f"{place}_{value}") for value, shown in await _choices(call, setting)
    ]
    language = call.me.language or call.group.settings.language
    return Message(
        title=line(f"settings.{setting.name}"),
        lines=(
            _shown(setting, call.group.settings),
            line(f"settings.about_{setting.name}"),
            line(
                "settings.type_it",
                word=call.house.vocabulary.word(language, "settings"),
                name=call.house.vocabulary.setting_word(language, setting.name),
            ),
        ),
        buttons=tuple(tuple(buttons[n : n + 3]) for n in range(0, len(buttons), 3)),
    )


async def _choices(call: Call, setting: Setting) -> list[tuple[str, Line]]:
    """(value, as it stands on the button)"""
    if setting.name == "pack":
        return [_shelved(one.id, one.title) for one in await packs.offered(call.tx, call.group.id)]
    if setting.name == "bank":
        offered = await banks.offered(call.tx, call.group.id)
        return [("pack", line("settings.bank_of_pack")), *(_shelved(one.id, one.title) for one in offered)]
    return [(choice, _choice(setting, choice)) for choice in setting.choices]


def _shelved(id: str, title: str) -> tuple[str, Line]:
    return (id, line("raw", text=id)) if len(id) <= SHORT_ID else (code(id), label(title))


def _choice(setting: Setting, choice: str) -> Line:
    shown = setting.show(setting.read(choice))
    return shown if isinstance(shown, Line) else line("raw", text=shown)


async def _meant(call: Call, setting: Setting, text: str) -> str:
    """The id of a pack or bank that this group may use, by id, title or code; other values as they are."""
    if setting.name == "pack":
        pack = await pack_named(call.tx, call.group.id, text)
        if pack is None:
            raise UserError("settings.no_such_pack", name=text[:40])
        return pack.id
    if setting.name == "bank" and text.casefold() not in _OF_PACK:
        bank = await bank_named(call.tx, call.group.id, text)
        if bank is None:
            raise UserError("settings.no_such_bank", name=text[:40])
        return bank.id
    return "" if setting.name == "bank" else text


async def set_to(call: Call, setting: Setting, text: str) -> Reply:
    changed = _changed(call.group.settings, setting, await _meant(call, setting, text))
    await groups.change_settings(call.tx, call.group.id, changed)
    group = Group(
        call.group.id,
        call.group.name,
        changed,
        call.group.paused,
        0 if setting.name == "pack" else call.group.next_item,
    )
    if setting.name == "pack":
        await groups.set_next_item(call.tx, group.id, 0)
    before = call.group.settings
    await rhythm.plan(call.tx, group, call.now)
    call.changed(group)
    lines = [line("settings.done", name=line(f"settings.{setting.name}"), value=_value(setting, changed))]
    lines += await _activities(call, before, group)
    if setting.explained and getattr(changed, setting.name) not in (False, "off"):
        lines.append(line(f"settings.explained_{setting.name}"))
    return Message(tuple(lines))


async def _activities(call: Call, before: Settings, group: Group) -> list[Line]:
    """What a new zone or hour is to the activities that run."""
    if before.timezone != group.settings.timezone:
        moved = await cycle.keep_wall_clock(call.tx, before, group, call.now)
        return [line("settings.activities_moved", count=moved)] if moved else []
    if before.remind_at != group.settings.remind_at:
        await cycle.replan_all(call.tx, group, call.now)
    return []


def _value(setting: Setting, values: Settings) -> str | Line:
    return setting.show(getattr(values, setting.name))


def _changed(values: Settings, setting: Setting, text: str) -> Settings:
    """Raises UserError with what the setting takes, for a value it does not."""
    try:
        return Settings.model_validate(values.model_dump() | {setting.name: setting.read(text)})
    except (ValueError, ValidationError, OverflowError):
        raise UserError(f"settings.wrong_{setting.name}", value=text[:40]) from None


COMMAND = Command("settings", settings, Role.SECRETARY, takes_text=True)
