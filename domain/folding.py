"""One written form for the many ways in which people type the same answer.

Width, case, script, spacing, punctuation and the spelling of numbers fall away. Different numbers stay different:
a point, comma, colon, slash or dash between two digits is no mere punctuation.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

import opencc

_DIGITS = "零〇一二三四五六七八九"
_FORMAL = "壹贰叁肆伍陆柒捌玖"
_UNITS = "十百千万亿"
_OTHERS = "两廿卅"
_HAN = _DIGITS + _FORMAL + _UNITS + _OTHERS + "拾佰仟"
_TO_ARABIC = str.maketrans(_DIGITS + _FORMAL, "00123456789" + "123456789")
_TO_HAN = str.maketrans("0123456789〇两", "零一二三四五六七八九零二")
_WORTH = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_LONGEST_NUMBER = 32
_WITHIN_NUMBERS = ".,:/-"
_MEANT = "%‰#@&^°"
"""Signs that Unicode counts among punctuation or symbols, and that change what is said."""

# 10² is not 102, nor 1½ 11⁄2, though NFKC writes them so.
_RAISED = re.compile("(?<=[0-9])(?=[¹²³¼-¾⁰⁴-⁹₀-₉⅐-⅞])")
_ZERO = re.compile(f"(?<=[{_DIGITS}○◯])[○◯]|[○◯](?=[{_DIGITS}○◯])")
_DASHES = re.compile("(?<=[0-9])[-‐-―−~〜]+(?=[0-9])")
_THOUSANDS = re.compile(r"(?<![0-9.,])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9,])")
_RUN = re.compile(f"[0-9.]*[{_HAN}][0-9.{_HAN}]*")
_ROUND = re.compile(rf"([0-9]{{1,9}}(?:\.[0-9]{{1,8}})?)([{_UNITS}])")
# A weight (八两); a formal character by itself, which is more often part of a word (陆军).
_WORD = re.compile(f"两(?![百千万亿])|^[{_FORMAL}拾]$")
_PERCENT = re.compile(r"百分之([0-9]+(?:\.[0-9]+)?)")
_FRACTION = re.compile(r"(?<![0-9./])([0-9]+)分之([0-9]+)(?![0-9./])")
_DATE = re.compile(r"(?<![0-9./-])([0-9]{4})([./-])([0-9]{1,2})\2([0-9]{1,2})(?![0-9./-])")
_MONTH_DAY = re.compile("(?<=月)([0-9]{1,2})号")
_PADDED = re.compile("(?<![0-9.,:/-])0([0-9])(?=[月日])")
_NUMBER = re.compile(f"[0-9{_DIGITS}{_UNITS}{_OTHERS}]")


def fold(text: str) -> str:
    """What is left of an answer to compare; "" where it held nothing but spaces and punctuation."""
    wide = unicodedata.normalize("NFKC", _RAISED.sub("^", text)).casefold()
    plain = _simplifier().convert(_bare(_ZERO.sub("〇", wide)))
    return _dates(_RUN.sub(lambda run: _arabic(run[0]), plain))


def has_number(folded: str) -> bool:
    """A number or a date is in it, be it one that stayed Chinese, such as 十三五."""
    return _NUMBER.search(folded) is not None


@lru_cache(maxsize=1)
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def _bare(text: str) -> str:
    """Without spaces, controls, punctuation and emoji, but for what makes numbers what they are."""
    text = "".join(
        c for c in text if unicodedata.category(c)[0] not in "ZC" and not "\ufe00" <= c <= "\ufe0f"
    )
    text = _DASHES.sub("-", text.replace("−", "-").replace("、", ","))
    text = _THOUSANDS.sub(lambda number: number[0].replace(",", ""), text)
    return "".join(c for place, c in enumerate(text) if not _is_mark(c) or _in_number(text, place))


def _is_mark(c: str) -> bool:
    category = unicodedata.category(c)
    return c not in _MEANT and (category[0] == "P" or category in ("So", "Sk", "Me"))


def _in_number(text: str, place: int) -> bool:
    """The mark stands between two digits, or is the sign or the point that a number begins with."""
    if text[place] not in _WITHIN_NUMBERS or not _is_digit(text[place + 1 : place + 2]):
        return False
    return _is_digit(text[place - 1]) if place else text[place] in ".-"


def _is_digit(c: str) -> bool:
    return c.isascii() and c.isdigit()


def _arabic(run: str) -> str:
    """一九二一 → 1921, 二十一 → 21, 100万 → 1000000. What is no whole number stays: 万一, 百团, 十三五, the 陆 of 陆军."""
    if run == "两":
        return "2"
    if all(c in _DIGITS or (c in _FORMAL and len(run) > 1) for c in run):
        return run.translate(_TO_ARABIC)
    if found := _ROUND.fullmatch(run):
        return f"{(Decimal(found[1]) * _WORTH[found[2]]).normalize():f}"
    if len(run) > _LONGEST_NUMBER or _WORD.search(run):
        return run
    import cn2an  # a tenth of a second that a start need not wait for

    try:
        return str(cn2an.cn2an(run.translate(_TO_HAN), "strict"))
    except ValueError:
        return run


def _dates(text: str) -> str:
    """1921.07.01 and 1921-7-1 → 1921年7月1日, 7月1号 → 7月1日, 百分之五 → 5%, 三分之二 → 2/3."""
    text = _FRACTION.sub(r"\2/\1", _PERCENT.sub(r"\1%", text))
    text = _DATE.sub(r"\1年\3月\4日", text)
    return _PADDED.sub(r"\1", _MONTH_DAY.sub(r"\1日", text))
