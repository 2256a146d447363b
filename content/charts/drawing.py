"""Draws panels of columns into one picture that reads well on a phone: upright, on paper, in the colours of the pages.

The font comes with a package, so every machine has the same one. matplotlib takes a second to load and is loaded for
the first picture; its figures are made without pyplot, which keeps them all.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from threading import Lock
from typing import TYPE_CHECKING

from content.charts.panel import Look, Panel

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.font_manager import FontProperties

# The light colours of web/static/base.css.
PAPER, WASH, RULE, INK, SOFT, ACCENT, DONE = (
    "#fdfaf5", "#f6efe5", "#e7ddd0", "#2a2520", "#6d635a", "#c8372d", "#2c7548",
)  # fmt: skip
# Fill, edge and hatch of each look.
_LOOKS = {
    Look.PLAIN: (ACCENT, ACCENT, ""),
    Look.GOOD: (DONE, DONE, ""),
    Look.POOR: (PAPER, ACCENT, "////"),
    Look.OPEN: (PAPER, SOFT, "...."),
}
WIDTH, HEIGHT = 5.4, 2.7
"""Inches of the picture and of one panel; with `DPI`, 1080 pixels across, which is twice a phone's 540."""
DPI = 200
_TITLE, _TEXT, _SMALL = 13, 10.5, 9.5
_LABELLED = 14
"""Up to so many columns there is room for a number on each."""
_ROOM = 1.22
"""Height of an axis over its highest column, so that numbers on columns have room."""

_one_at_a_time = Lock()
"""matplotlib promises nothing to threads."""


def draw(panels: Sequence[Panel]) -> bytes:
    """A PNG with the panels one below the other."""
    with _one_at_a_time:
        return _draw(panels)


def _draw(panels: Sequence[Panel]) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    layout = ConstrainedLayoutEngine(w_pad=0.18, h_pad=0.16, hspace=0.05)
    figure = Figure(figsize=(WIDTH, HEIGHT * len(panels)), dpi=DPI, facecolor=PAPER, layout=layout)
    axes = figure.subplots(len(panels), squeeze=False)[:, 0]
    for panel, place in zip(panels, axes, strict=True):
        _panel(place, panel)
    written = io.BytesIO()
    FigureCanvasAgg(figure).print_figure(written, format="png", facecolor=PAPER)
    return written.getvalue()


def _panel(axes: Axes, panel: Panel) -> None:
    _columns(axes, panel)
    _frame(axes, panel)
    if panel.line is not None:
        at, name = panel.line
        axes.axhline(at, color=INK, linewidth=1, linestyle=(0, (4, 3)), zorder=3)
        edge = len(panel.ticks) - 0.4
        axes.annotate(
            name, (edge, at), (0, 2), textcoords="offset points", ha="right", color=INK,
            fontproperties=_font(_SMALL), bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1, "alpha": 0.85},
            zorder=4,
        )  # fmt: skip


def _columns(axes: Axes, panel: Panel) -> None:
    places = range(len(panel.ticks))
    floor = [0] * len(panel.ticks)
    for part in panel.parts:
        fill, edge, hatch = _LOOKS[part.look]
        axes.bar(
            places, part.values, width=0.72, bottom=floor, color=fill, edgecolor=edge, hatch=hatch,
            linewidth=0.6, label=part.name or None, zorder=2,
        )  # fmt: skip
        floor = [low + value for low, value in zip(floor, part.values, strict=True)]
    if len(floor) <= _LABELLED:
        for place, height in enumerate(floor):
            if height:
                axes.annotate(
                    str(height), (place, height), (0, 2), textcoords="offset points", ha="center",
                    color=INK, fontproperties=_font(_SMALL), zorder=5,
                )  # fmt: skip


def _frame(axes: Axes, panel: Panel) -> None:
    from matplotlib.ticker import MaxNLocator

    highest = max(*panel.heights, panel.line[0] if panel.line else 0, 1)
    axes.set(facecolor=PAPER, xlim=(-0.6, len(panel.ticks) - 0.4), ylim=(0, highest * _ROOM))
    axes.set_title(
        panel.title, loc="left", color=INK, pad=24 if _legend(panel) else 9, fontproperties=_font(_TITLE)
    )
    axes.set_title(
        panel.sum, loc="right", color=SOFT, pad=24 if _legend(panel) else 9, fontproperties=_font(_TEXT)
    )
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True, min_n_ticks=1))
    axes.grid(axis="y", color=RULE, linewidth=0.8, zorder=0)
    shown = [(place, tick) for place, tick in enumerate(panel.ticks) if tick]
    axes.set_xticks([place for place, _ in shown], [tick for _, tick in shown])
    axes.set_xlabel(panel.across, color=SOFT, fontproperties=_font(_SMALL))
    axes.tick_params(length=0, colors=SOFT)
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_fontproperties(_font(_SMALL))
    for side, spine in axes.spines.items():
        spine.set_visible(side == "bottom")
        spine.set_color(SOFT)
    if _legend(panel):
        axes.legend(
            loc="lower left", bbox_to_anchor=(-0.01, 0.99), ncols=len(panel.parts), frameon=False,
            borderaxespad=0, handlelength=1.4, columnspacing=1.4, labelcolor=INK, prop=_font(_SMALL),
        )  # fmt: skip


def _legend(panel: Panel) -> bool:
    return any(part.name for part in panel.parts)


def _font(size: float) -> FontProperties:
    import pylopdf_fonts_zh_cn as fonts
    from matplotlib.font_manager import FontProperties

    return FontProperties(fname=fonts.sans_path(), size=size)
