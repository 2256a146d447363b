"""A newsletter in print: whatever people wrote is set as they wrote it and never run, and no character leaves an empty box."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.print.glyphs import GETA, printable
from content.print.newsletter import SIDES_MOST, Piece, Sheet, _beginning, newsletter_pdf, newsletter_png
from domain.newsletter import Photo

BODY = "今天我们一行八人来到社区养老院，给老人读报、擦窗。被帮助的其实是自己。\n接下来每月去一次。"
HOSTILE = st.text(
    st.sampled_from("#$*_`@<>[](){}\\/=-+~^&\"'|:;.%\n 页set读import外\u202e\u200d😀𠮷\ufe0f"), max_size=60
)


def sheet(*pieces: Piece, title: str = "三月实践", language: str = "zh") -> Sheet:
    return Sheet(
        title, "一支部 · 简报", "2026-03-20", "共 1 篇", "全文见网页", "照片", "学", language, pieces
    )


def picture(width: int, height: int) -> bytes:
    """A grey PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x90" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def size(png: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", png[16:24])
    return int(width), int(height)


@settings(max_examples=25)
@given(HOSTILE, HOSTILE, HOSTILE)
def test_hostile_text_is_set_and_never_run(title: str, author: str, body: str) -> None:
    made = newsletter_png(sheet(Piece("A1", author, body), title=title), {})
    assert 100 < size(made)[0] < 2000, "a page of another size was asked for by the text"


@pytest.mark.parametrize(
    "body",
    [
        '#read("/etc/passwd")',
        '#import "@preview/x:0.1.0"',
        "#set page(width: 9999pt)",
        "$ x^2 $ @nobody <label> ]] }}",
    ],
)
def test_markup_of_the_typesetter_is_only_words(body: str) -> None:
    made = newsletter_pdf(sheet(Piece("A1", "李四", body)), {})
    assert made.startswith(b"%PDF-")


def test_only_the_characters_that_are_needed_are_in_the_pdf() -> None:
    made = newsletter_pdf(sheet(Piece("A1", "李四", BODY)), {})
    assert len(made) < 200_000, "a whole font weighs megabytes"


def test_twelve_long_reflections_with_photos_make_a_picture_that_can_be_sent() -> None:
    photos = (Photo("a" * 64, 80, 60), Photo("b" * 64, 60, 80), Photo("c" * 64, 100, 40))
    kept = {"a" * 64: picture(80, 60), "b" * 64: picture(60, 80), "c" * 64: picture(100, 40)}
    pieces = tuple(Piece(f"A{n}", "李四", BODY * 12, photos[: n % 4]) for n in range(12))
    width, height = size(newsletter_png(sheet(*pieces), kept))
    assert width + height <= SIDES_MOST and height <= 20 * width


def test_a_photo_that_is_gone_or_is_none_leaves_no_gap() -> None:
    photos = (Photo("a" * 64, 80, 60), Photo("b" * 64, 60, 80))
    with_words = size(newsletter_png(sheet(Piece("A1", "李四", BODY)), {}))
    assert size(newsletter_png(sheet(Piece("A1", "李四", BODY, photos)), {"a" * 64: b"GIF89a"})) == with_words
    assert (
        size(newsletter_png(sheet(Piece("A1", "李四", BODY, photos)), {"a" * 64: picture(8, 6)})) > with_words
    )


def test_a_word_without_end_stays_on_the_paper() -> None:
    short, long = (newsletter_png(sheet(Piece("A1", "李四", "网" + "a" * n)), {}) for n in (8, 600))
    assert size(long)[0] == size(short)[0] and size(long)[1] > size(short)[1] + 100


def test_the_beginning_of_a_text_ends_with_a_whole_word_or_a_whole_character() -> None:
    assert _beginning("We read to them", 9) == ("We read…", True)
    assert _beginning("We read to them", 7) == ("We read…", True)
    assert _beginning("给老人读报", 3) == ("给老人…", True)
    assert _beginning("a" * 30, 9) == ("a" * 9 + "…", True)
    assert _beginning("short", 9) == ("short", False)


@pytest.mark.parametrize(
    ("written", "set_as"),
    [
        ("读书 reading", "读书 reading"),
        ("實踐出真知", "實踐出真知"),
        ("好😀👍🏽！👨\u200d👩\u200d👧", "好！"),
        ("𠮷野", f"{GETA}野"),
        ("e\u0301", "é"),
        ("一\r\n二\t三", "一\n二 三"),
        ("a\u200bb\u0007c", "abc"),
        ("☎\ufe0f", "☎"),
    ],
)
def test_what_the_fonts_cannot_show_is_not_an_empty_box(written: str, set_as: str) -> None:
    assert printable(written) == set_as


def test_in_english_too() -> None:
    made = newsletter_pdf(
        sheet(Piece("A1", "Li Si", "We read to them. “Come again,” they said."), language="en"), {}
    )
    assert io.BytesIO(made).read(5) == b"%PDF-"
