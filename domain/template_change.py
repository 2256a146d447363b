"""What a template's new version changes, told stage by stage, so that a secretary sees it before she keeps it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from domain.template import StageSpec, Template


@dataclass(frozen=True, slots=True)
class Change:
    """Titles of stages, as they are now called; of those that are gone, as they were."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    moved: tuple[str, ...]
    """Another order, or other times."""
    reworded: tuple[str, ...]
    """Anything else about them."""
    cover: bool
    """The template's own title or description."""


def change(old: Template, new: Template) -> Change:
    """Stages are the same where their keys are."""
    before = {one.key: one for one in old.stages}
    after = {one.key: one for one in new.stages}
    both = [(before[key], one) for key, one in after.items() if key in before]
    swapped = _out_of_order([key for key in before if key in after], [key for key in after if key in before])
    moved = {one.key for was, one in both if one.key in swapped or _times(was) != _times(one)}
    return Change(
        added=_titles(one for key, one in after.items() if key not in before),
        removed=_titles(one for key, one in before.items() if key not in after),
        moved=_titles(one for _, one in both if one.key in moved),
        reworded=_titles(one for was, one in both if one.key not in moved and was != one),
        cover=(old.title, old.about) != (new.title, new.about),
    )


def _out_of_order(old: list[str], new: list[str]) -> frozenset[str]:
    return frozenset(two for one, two in zip(old, new, strict=True) if one != two)


def _times(spec: StageSpec) -> tuple[object, object]:
    return spec.opens, spec.closes


def _titles(specs: Iterable[StageSpec]) -> tuple[str, ...]:
    return tuple(spec.title for spec in specs)
