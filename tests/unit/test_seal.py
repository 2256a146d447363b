"""Buttons: only what this installation sealed opens, and it fits into 64 bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import UserError
from domain.ids import Ids, brief
from domain.message import Button, line
from domain.seal import MAX_BYTES, Press, Sealer
from handlers import COMMANDS

ANY_TEXT = st.text(st.characters() | st.sampled_from("\x00\ud800\udfff\u202e\u0301"))
NOW = 1_772_409_600_000  # 2026-03-02T08:00+08:00
UNTIL_2059 = 2_840_140_800_000  # 2060-01-01T00:00Z
KEY = b"the installation's own"
SEALER = Sealer(KEY)
IDS = st.integers(0, 36**12 - 1)
WORDS = st.text(alphabet="abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=9)
ARGS = st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789-_/", max_size=10)
INSTANTS = st.integers(1_735_689_600_000, UNTIL_2059)


def button(action: str = "checkin", arg: str = "", only: int = 0) -> Button:
    return Button(line("button.checkin"), action, arg, only)


def refused(payload: str, sealer: Sealer = SEALER) -> bool:
    with pytest.raises(UserError) as wrong:
        sealer.open(payload)
    return wrong.value.key == "button.forged"


@given(WORDS, ARGS, IDS, IDS, INSTANTS)
def test_what_was_sealed_opens_as_it_was(action: str, arg: str, group: int, only: int, now: int) -> None:
    payload = SEALER.seal(button(action, arg, only), group, now)
    assert len(payload.encode()) <= MAX_BYTES
    assert SEALER.open(payload) == Press(action, arg, group, only, now // 60_000 * 60_000)


def test_ids_made_until_2059_have_at_most_twelve_digits() -> None:
    assert len(brief(Ids(1023).next(UNTIL_2059))) <= 12


@pytest.mark.parametrize("name", [command.name for command in COMMANDS])
def test_every_command_fits_on_a_button_with_a_day_for_the_whole_group_or_an_id_for_one_person(
    name: str,
) -> None:
    id = Ids(1023).next(UNTIL_2059)
    for arg, only in (("2026-03-02", 0), (brief(id), 0), ("yes", id)):
        assert SEALER.seal(button(name, arg, only), id, UNTIL_2059)


@given(st.data(), st.characters(codec="utf-8"))
def test_any_tampered_character_is_refused(data: st.DataObject, other: str) -> None:
    payload = SEALER.seal(button("checkin", "2026-03-02", 77), 5, NOW)
    place = data.draw(st.integers(0, len(payload) - 1))
    tampered = payload[:place] + other + payload[place + 1 :]
    if tampered != payload:
        assert refused(tampered)


def test_any_tampered_byte_is_refused() -> None:
    payload = SEALER.seal(button("settings", "0_07:30"), 5, NOW).encode()
    for place in range(len(payload)):
        for bit in range(8):
            tampered = bytearray(payload)
            tampered[place] ^= 1 << bit
            assert refused(tampered.decode("latin-1"))


@given(ANY_TEXT)
def test_any_other_text_is_refused(text: str) -> None:
    assert refused(text)


@given(st.integers(0, 200))
def test_a_payload_cut_short_is_refused(length: int) -> None:
    payload = SEALER.seal(button(), 5, NOW)
    if length < len(payload):
        assert refused(payload[:length])
    assert refused(payload + "A")


def test_another_installations_button_is_refused() -> None:
    assert refused(SEALER.seal(button(), 5, NOW), Sealer(b"another's"))


@pytest.mark.parametrize(("action", "arg"), [("check.in", ""), ("checkin", "3.5")])
def test_a_dot_would_part_a_payload_in_the_wrong_place(action: str, arg: str) -> None:
    with pytest.raises(ValueError, match="no dot"):
        SEALER.seal(button(action, arg), 5, NOW)


@pytest.mark.parametrize("arg", ["x" * 60, "是" * 20])
def test_what_is_too_long_for_a_button_is_refused_as_it_is_made(arg: str) -> None:
    with pytest.raises(ValueError, match="at most 64 bytes"):
        SEALER.seal(button(arg=arg), 5, NOW)
