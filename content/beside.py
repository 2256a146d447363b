"""Photos beside each other in one picture, so that two that are alike can be compared in a chat at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from content.pictures import SIDE, darkroom

CELL: Final = SIDE // 2
_GAP = 16
_PAPER = [253, 250, 245]
_QUALITY = 82


def beside(rows: Sequence[tuple[bytes, bytes]]) -> bytes:
    """A JPEG with a row for each pair, each photo whole and in the middle of its half. For a worker thread."""
    vips = darkroom()
    cells = [
        vips.Image.thumbnail_buffer(content, CELL, height=CELL).gravity(
            "centre", CELL, CELL, extend="background", background=_PAPER
        )
        for row in rows
        for content in row
    ]
    whole = vips.Image.arrayjoin(cells, across=2, shim=_GAP, background=_PAPER)
    return bytes(whole.jpegsave_buffer(Q=_QUALITY, keep="none"))
