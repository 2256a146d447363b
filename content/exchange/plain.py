"""Other programs' files as plain text: whatever encoding they were saved in, and whatever markup they hold."""

from __future__ import annotations

import codecs
import html
import re

from content.faults import Faults
from content.written import HIDDEN

MAX_BYTES = 20 * 1024 * 1024
"""As much as a Telegram bot can fetch (https://core.telegram.org/bots/api#getfile): 20 000 questions in XML."""

_MARKED = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_RARELY = 50
"""Text has no zero bytes; in UTF-16 each line end, space and Latin letter brings one."""
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_HAN = re.compile("[\u4e00-\u9fff]")
_ENOUGH_HAN = 3
"""Text in GBK reads as UTF-8 for a character or two by accident (联通 does), but not for three Chinese ones."""

_UNSEEN = (("<!--", "-->"), (r"<(?:style|script)\b", r"</(?:style|script)\s*>"))
_PICTURE = re.compile(r"<(?:img|audio|video|object|embed|iframe|svg)\b|@@PLUGINFILE@@", re.IGNORECASE)
_BREAK = re.compile(
    r"</?(?:p|div|br|hr|li|ul|ol|dl|dt|dd|tr|table|h[1-6]|blockquote|pre)\b[^<>]*>", re.IGNORECASE
)
_RAISED = re.compile(r"<sup\b[^<>]*>", re.IGNORECASE)
_LOWERED = re.compile(r"<sub\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]*>|<[!?][^<>]*>", re.IGNORECASE)


def decode(data: bytes, faults: Faults) -> str | None:
    """The text with plain line ends and nothing invisible; UTF-8, UTF-16 or GBK. None when it is none of them."""
    encoding = _encoding(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as wrong:
        faults.add(
            data[: wrong.start].count(b"\n") + 1, "exchange.encoding", byte=f"0x{data[wrong.start]:02X}"
        )
        return None
    return HIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _encoding(data: bytes) -> str:
    for mark, encoding in _MARKED:
        if data.startswith(mark):
            return encoding
    start = data[:2000]
    if start.count(0) * _RARELY > len(start):
        return "utf-16-le" if start[1::2].count(0) >= start[::2].count(0) else "utf-16-be"
    try:
        data.decode()
    except UnicodeDecodeError as wrong:
        before = data[: wrong.start].decode()
        return "utf-8" if len(_HAN.findall(before)) >= _ENOUGH_HAN else "gb18030"
    return "utf-8"


def tidy(text: str) -> str:
    """What a question may say: plain line ends, nothing invisible, no space around."""
    return HIDDEN.sub("", _LINE_ENDS.sub("\n", text)).strip()


def one_line(text: str) -> str:
    return " ".join(tidy(text).split())


def has_picture(markup: str) -> bool:
    return _PICTURE.search(markup) is not None


def from_html(markup: str, *, keep_lines: bool = False) -> str:
    """What a reader of the page sees, a line a paragraph. Takes time in proportion to the length, whatever the markup."""
    for opening, closing in _UNSEEN:
        markup = _cut(markup, re.compile(opening, re.IGNORECASE), re.compile(closing, re.IGNORECASE))
    if not keep_lines:
        markup = markup.replace("\n", " ")
    markup = _LOWERED.sub("_", _RAISED.sub("^", _BREAK.sub("\n", markup)))
    text = html.unescape(_TAG.sub("", markup))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _cut(markup: str, opening: re.Pattern[str], closing: re.Pattern[str]) -> str:
    kept, at = [], 0
    while begun := opening.search(markup, at):
        kept.append(markup[at : begun.start()])
        ended = closing.search(markup, begun.end())
        at = ended.end() if ended else len(markup)
    return "".join(kept) + markup[at:]
