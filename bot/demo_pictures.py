"""Photos for the sample activity, drawn by the program: places and things, nobody's face, and no files to keep."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

Colour: TypeAlias = tuple[int, int, int]
WIDTH, HEIGHT = 1280, 960
_FINER = 2
"""Drawn so many times larger and then made smaller: edges come out smooth."""
_QUALITY = 88


def picture(name: str) -> bytes:
    """A JPEG. The same name gives the same picture."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (WIDTH, HEIGHT))
    large = image.resize((WIDTH * _FINER, HEIGHT * _FINER))
    scene = _Scene(large, ImageDraw.Draw(large), random.Random(name))
    _SCENES[name](scene)
    out = BytesIO()
    large.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


class _Scene:
    """A sheet of 128 by 96 units, however large it is drawn."""

    def __init__(self, image: Image, draw: ImageDraw, rng: random.Random) -> None:
        self._draw = draw
        self._unit = image.width / 128
        self.rng = rng

    def fade(self, top: float, bottom: float, first: Colour, last: Colour) -> None:
        """A band over the whole width, from one colour into the other."""
        rows = range(round(top * self._unit), round(bottom * self._unit))
        for row in rows:
            share = (row - rows.start) / len(rows)
            colour = tuple(round(a + (b - a) * share) for a, b in zip(first, last, strict=True))
            self._draw.line([(0, row), (128 * self._unit, row)], fill=colour)

    def box(self, x: float, y: float, w: float, h: float, colour: Colour, round_by: float = 0) -> None:
        self._draw.rounded_rectangle(self._scaled((x, y, x + w, y + h)), round_by * self._unit, fill=colour)

    def disc(self, x: float, y: float, r: float, colour: Colour) -> None:
        self._draw.ellipse(self._scaled((x - r, y - r, x + r, y + r)), fill=colour)

    def ring(self, x: float, y: float, r: float, colour: Colour, thick: float) -> None:
        where = self._scaled((x - r, y - r, x + r, y + r))
        self._draw.ellipse(where, outline=colour, width=round(thick * self._unit))

    def shape(self, colour: Colour, *points: tuple[float, float]) -> None:
        self._draw.polygon([(x * self._unit, y * self._unit) for x, y in points], fill=colour)

    def line(self, colour: Colour, thick: float, *points: tuple[float, float]) -> None:
        scaled = [(x * self._unit, y * self._unit) for x, y in points]
        self._draw.line(scaled, fill=colour, width=round(thick * self._unit), joint="curve")

    def tree(self, x: float, y: float, size: float, leaves: Colour) -> None:
        """``y`` is where it stands."""
        self.box(x - size * 0.06, y - size * 0.5, size * 0.12, size * 0.5, (112, 84, 62))
        for dx, dy, r in ((-0.2, 0.55, 0.24), (0.2, 0.57, 0.23), (0, 0.78, 0.28), (0, 0.5, 0.22)):
            self.disc(x + dx * size, y - dy * size, r * size, _near(leaves, self.rng, 10))

    def _scaled(self, where: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        left, top, right, bottom = where
        return left * self._unit, top * self._unit, right * self._unit, bottom * self._unit


def _near(colour: Colour, rng: random.Random, by: int) -> Colour:
    shift = rng.randint(-by, by)
    red, green, blue = (min(255, max(0, one + shift)) for one in colour)
    return red, green, blue


def _square(at: _Scene) -> None:
    """A service table under an umbrella, in front of the houses."""
    at.fade(0, 62, (186, 215, 226), (244, 236, 216))
    for x, h in ((4, 34), (26, 42), (52, 37), (80, 45), (106, 33)):
        wall = _near((214, 196, 172), at.rng, 12)
        at.box(x, 62 - h, 20, h, wall)
        for row in range(int(h) // 9):
            for column in range(3):
                at.box(x + 3 + column * 5.4, 65 - h + row * 9, 3.4, 4.6, (142, 164, 172), 0.3)
    at.fade(62, 96, (205, 196, 178), (182, 170, 150))
    at.tree(13, 70, 26, (108, 142, 88))
    at.tree(117, 72, 30, (98, 134, 82))
    at.box(63.2, 36, 1.6, 44, (92, 88, 84))
    at.shape((200, 58, 48), (34, 44), (94, 44), (78, 30), (64, 26), (50, 30))
    at.shape((226, 94, 78), (54, 44), (74, 44), (69, 28), (59, 28))
    at.box(38, 66, 54, 3, (126, 92, 64), 0.6)
    at.box(40, 69, 50, 13, (176, 42, 36))
    at.disc(64, 75.5, 3.6, (244, 212, 130))
    for x in (44, 48, 52, 78, 82):
        at.box(x, 60.5, 2.4, 5.5, (120, 178, 196), 0.6)
    for n, left in enumerate((57, 62, 67, 72)):
        at.box(left - 1, 63.4 - n % 2, 4.5, 2.6, (250, 246, 236), 0.2)


def _river(at: _Scene) -> None:
    """A clean bank: water, reeds, and filled bags in a row."""
    at.fade(0, 40, (164, 203, 222), (240, 232, 208))
    at.disc(98, 16, 6, (252, 240, 204))
    for left in range(-6, 134, 9):
        at.disc(left, 42 + at.rng.random() * 2, 7.5, _near((116, 148, 104), at.rng, 12))
    at.fade(42, 74, (126, 172, 184), (86, 138, 156))
    for _ in range(42):
        x, y = at.rng.uniform(0, 120), at.rng.uniform(45, 70)
        at.line((174, 206, 210), 0.28, (x, y), (x + at.rng.uniform(3, 9), y))
    at.shape((138, 152, 92), (0, 68), (40, 71), (84, 68), (128, 73), (128, 96), (0, 96))
    at.shape((196, 182, 142), (0, 84), (54, 79), (128, 84), (128, 92), (60, 88), (0, 93))
    for _ in range(46):
        x = at.rng.choice([at.rng.uniform(0, 32), at.rng.uniform(100, 128)])
        height = at.rng.uniform(10, 22)
        lean = at.rng.uniform(-2, 2)
        at.line(_near((104, 124, 66), at.rng, 16), 0.5, (x, 76), (x + lean, 76 - height))
        at.line((128, 92, 60), 1.1, (x + lean, 76 - height), (x + lean, 79.5 - height))
    for n, x in enumerate((42.0, 53.0, 64.0, 75.0, 86.0, 97.0)):
        y = 84.0 + n % 2
        at.disc(x, y - 4, 4.9, (58, 74, 70))
        at.shape((58, 74, 70), (x - 4.9, y - 4), (x + 4.9, y - 4), (x + 4.2, y + 2), (x - 4.2, y + 2))
        at.shape((42, 56, 54), (x - 1.6, y - 8.4), (x + 1.6, y - 8.4), (x + 2.6, y - 11), (x - 2.4, y - 10.6))
        at.line((206, 76, 60), 0.8, (x - 1.8, y - 8.4), (x + 1.8, y - 8.4))


def _books(at: _Scene) -> None:
    """Shelves in order, a small stool, a book left open."""
    at.fade(0, 80, (240, 228, 206), (228, 212, 186))
    at.fade(80, 96, (176, 138, 102), (150, 114, 82))
    at.box(12, 8, 104, 72, (142, 100, 66), 1)
    spines = ((188, 70, 58), (70, 108, 136), (204, 164, 84), (94, 134, 96), (126, 96, 138), (224, 210, 186))
    for shelf in range(3):
        top = 12 + shelf * 22.5
        at.box(15, top, 98, 19.5, (98, 68, 46))
        x = 16.0
        while x < 108:
            width, height = at.rng.uniform(2, 4), at.rng.uniform(12.5, 17.5)
            if at.rng.random() < 0.06:
                x += 5
                continue
            colour = _near(spines[(int(x) // 17 + shelf) % len(spines)], at.rng, 16)
            at.box(x, top + 19.5 - height, width, height, colour, 0.2)
            at.box(x + 0.3, top + 16, width - 0.6, 1.4, (248, 244, 234))
            x += width + 0.25
    at.box(82, 82, 20, 2.2, (198, 74, 58), 0.8)
    at.line((120, 82, 56), 1.3, (85, 84), (83, 94))
    at.line((120, 82, 56), 1.3, (99, 84), (101, 94))
    at.shape((250, 246, 236), (83, 79.5), (92, 81.5), (92, 82.2), (82, 81))
    at.shape((242, 234, 218), (92, 81.5), (101, 79.5), (102, 81), (92, 82.2))


def _window(at: _Scene) -> None:
    """An old dictionary and glasses at a window with flowers."""
    at.fade(0, 96, (226, 208, 180), (206, 184, 154))
    at.box(24, 6, 80, 58, (250, 246, 238), 0.8)
    at.box(28, 10, 34.5, 50, (190, 219, 226))
    at.box(65.5, 10, 34.5, 50, (196, 223, 228))
    at.disc(44, 50, 11, (126, 160, 112))
    at.disc(84, 50, 11.5, (112, 148, 100))
    at.disc(72, 54, 7, (138, 168, 116))
    at.box(26, 55, 78, 9, (250, 246, 238))
    at.box(18, 62, 92, 4, (176, 132, 92), 0.6)
    for x, colour in ((34, (214, 78, 66)), (44, (232, 150, 120)), (94, (220, 92, 84))):
        at.shape((170, 96, 64), (x - 4, 55), (x + 4, 55), (x + 3, 62), (x - 3, 62))
        for _ in range(9):
            dx, dy = at.rng.uniform(-4.6, 4.6), at.rng.uniform(-9, -1)
            at.line((98, 136, 84), 0.6, (x, 55), (x + dx, 55 + dy))
            at.disc(x + dx, 55 + dy, 1.4, colour)
    at.shape((158, 114, 78), (0, 74), (128, 74), (128, 96), (0, 96))
    at.shape((246, 232, 200), (40, 84), (64, 79), (64, 86), (40, 91))
    at.shape((236, 218, 182), (64, 79), (88, 84), (88, 91), (64, 86))
    for n in range(5):
        at.line((170, 146, 112), 0.3, (44, 84.6 + n * 1.1), (61, 81 + n * 1.1))
        at.line((170, 146, 112), 0.3, (67, 81 + n * 1.1), (84, 84.6 + n * 1.1))
    at.ring(100, 86, 3.6, (72, 66, 62), 0.7)
    at.ring(109, 86, 3.6, (72, 66, 62), 0.7)
    at.line((72, 66, 62), 0.7, (103.5, 85.5), (105.5, 85.5))
    at.box(14, 76, 13, 13, (240, 240, 236), 2)
    at.ring(28, 82, 3.2, (240, 240, 236), 1.2)


def _bicycles(at: _Scene) -> None:
    """A shed with the bicycles in a row."""
    at.fade(0, 96, (210, 222, 222), (232, 226, 210))
    at.box(0, 10, 128, 48, (206, 188, 164))
    for x in range(8, 128, 24):
        at.box(x, 20, 13, 17, (150, 170, 178), 0.5)
    at.shape((94, 124, 136), (0, 44), (128, 36), (128, 42), (0, 50))
    for x in (10, 48, 86, 122):
        at.box(x, 44, 1.6, 36, (96, 100, 102))
    at.fade(76, 96, (186, 178, 164), (166, 156, 142))
    for x in (-2, 25, 52, 79, 106):
        at.line((246, 242, 232), 0.9, (x + 1, 95), (x + 7, 79))
    frames = ((196, 62, 52), (58, 104, 142), (92, 132, 88), (210, 158, 64), (112, 90, 132))
    for x, colour in zip((8, 33, 58, 83, 107), frames, strict=True):
        back, front, y = x, x + 14, 80
        for wheel in (back, front):
            at.ring(wheel, y, 6.4, (62, 60, 58), 0.9)
            at.disc(wheel, y, 0.9, (62, 60, 58))
        saddle, pedal, bar = (x + 4.2, y - 9.5), (x + 6.4, y), (x + 12.2, y - 10.5)
        at.line(colour, 1.1, (back, y), pedal, saddle, (back, y))
        at.line(colour, 1.1, saddle, bar, pedal)
        at.line(colour, 1.1, (front, y), bar, (bar[0] - 0.5, y - 13))
        at.line((62, 60, 58), 1.1, (bar[0] - 2.6, y - 13), (bar[0] + 1.6, y - 13))
        at.line((62, 60, 58), 1.5, (saddle[0] - 1.8, y - 10.6), (saddle[0] + 1.8, y - 10.6))


def _telephone(at: _Scene) -> None:
    """A telephone with large letters, on a table between cups of tea."""
    at.fade(0, 96, (198, 160, 120), (172, 132, 94))
    for y in range(8, 96, 15):
        at.line((158, 120, 84), 0.5, (0, y), (128, y + 2))
    at.box(40, 9, 48, 80, (44, 46, 50), 5)
    at.box(42.5, 14, 43, 69, (250, 247, 240), 2)
    at.box(42.5, 14, 43, 11, (200, 58, 48), 2)
    at.box(47, 18, 22, 3, (255, 250, 245), 1)
    for n in range(3):
        y = 30 + n * 11
        at.box(46, y, 29, 7.5, (249, 230, 220), 2)
        at.box(49, y + 2.6, 20, 2.4, (150, 126, 110), 1)
        at.disc(80, y + 3.7, 2.6, (96, 148, 112))
    at.disc(64, 72, 7, (72, 152, 100))
    at.shape((255, 255, 255), (60.5, 69.5), (66, 69.5), (66, 74.5), (60.5, 74.5))
    at.shape((255, 255, 255), (66.6, 71.6), (69.4, 69.8), (69.4, 74.2), (66.6, 72.4))
    for x, y in ((20, 28), (108, 64)):
        at.disc(x, y, 13, (244, 240, 232))
        at.disc(x, y, 9.5, (184, 196, 190))
        at.disc(x, y, 8, (178, 122, 60))
        at.disc(x - 2, y - 2, 3, (200, 148, 84))
    at.shape((250, 246, 232), (4, 56), (30, 52), (34, 84), (8, 88))
    for n in range(6):
        at.line((168, 156, 140), 0.5, (9, 61 + n * 4), (28, 58.2 + n * 4))


_SCENES: Mapping[str, Callable[[_Scene], None]] = {
    "square": _square,
    "river": _river,
    "books": _books,
    "window": _window,
    "bicycles": _bicycles,
    "telephone": _telephone,
}
