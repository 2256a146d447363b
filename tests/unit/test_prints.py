"""Prints of pictures: one that was scaled, cropped or saved again is the same; a white wall is like nothing."""

from __future__ import annotations

import random
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from content.prints import photo_print
from domain.prints import BITS, DIGITS, SAME_BITS, chunks, distance, near_chunks, same_percent

prints = st.integers(0, (1 << BITS) - 1).map(lambda n: f"{n:0{DIGITS}x}")


def scene(seed: int, side: int = 900) -> Image.Image:
    dice = random.Random(seed)
    image = Image.new("RGB", (side, side * 3 // 4), (200, 220, 240))
    draw = ImageDraw.Draw(image)
    for _ in range(40):
        x, y, r = dice.randrange(side), dice.randrange(side), dice.randrange(20, side // 4)
        draw.ellipse((x, y, x + r, y + r), fill=tuple(dice.randrange(256) for _ in range(3)))
    return image


def saved(image: Image.Image, quality: int) -> bytes:
    file = BytesIO()
    image.save(file, "JPEG", quality=quality)
    return file.getvalue()


def test_a_picture_scaled_saved_again_or_cropped_a_little_is_the_same() -> None:
    print = photo_print(scene(1))
    assert len(print) == DIGITS
    assert distance(print, photo_print(saved(scene(1), 60))) <= SAME_BITS
    assert distance(print, photo_print(scene(1).resize((400, 300)))) <= SAME_BITS
    assert distance(print, photo_print(scene(1).crop((8, 6, 892, 669)))) <= SAME_BITS


def test_different_pictures_are_not_the_same() -> None:
    found = [photo_print(scene(seed)) for seed in range(8)]
    assert min(distance(a, b) for a in found for b in found if a != b) > SAME_BITS


def test_a_white_wall_has_no_print() -> None:
    assert photo_print(Image.new("RGB", (600, 400), "white")) == ""


def test_a_file_is_read_and_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    (tmp_path / "one.jpg").write_bytes(saved(scene(1), 90))
    assert distance(photo_print(tmp_path / "one.jpg"), photo_print(scene(1))) <= SAME_BITS
    with pytest.raises(OSError):
        photo_print(b"no picture")


@given(prints, st.sets(st.integers(0, BITS - 1), max_size=SAME_BITS))
def test_of_two_prints_that_differ_in_31_bits_one_chunk_differs_in_at_most_one(
    print: str, bits: set[int]
) -> None:
    changed = int(print, 16)
    for bit in bits:
        changed ^= 1 << bit
    other = f"{changed:0{DIGITS}x}"
    assert distance(print, other) == len(bits)
    assert any(b in set(near_chunks(a)) for a, b in zip(chunks(print), chunks(other), strict=True))


def test_how_much_of_two_prints_is_equal() -> None:
    assert (same_percent(0), same_percent(31), same_percent(256)) == (100, 87, 0)
    assert "".join(chunks("0123456789abcdef" * 4)) == "0123456789abcdef" * 4
