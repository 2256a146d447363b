"""Photos that people send in transcripts: small, each another, and some that are none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from io import BytesIO

from PIL import Image


def photo(place: float, size: tuple[int, int] = (320, 240), kind: str = "JPEG") -> bytes:
    """Another picture for every place."""
    shown = Image.effect_mandelbrot(size, (place - 2, -1.2, place, 1.2), 60).convert("RGB")
    out = BytesIO()
    shown.save(out, kind)
    return out.getvalue()


def broken() -> bytes:
    """A photo whose second half was lost on the way."""
    whole = photo(0.3)
    return whole[: len(whole) // 2]


def bomb() -> bytes:
    """A few bytes that claim to be twenty thousand pixels wide and as high."""
    head = bytearray(photo(0.3, (8, 8), "PNG"))
    head[16:24] = (20_000).to_bytes(4, "big") * 2
    return bytes(head)


SAMPLES: Mapping[str, Callable[[], bytes]] = {
    **{f"photo-{n}": partial(photo, n / 7) for n in range(1, 10)},
    "photo-broken": broken,
    "photo-bomb": bomb,
    "page": lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>",
}
