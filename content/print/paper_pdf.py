"""A paper as PDF: A4, quiet, in the serif and sans of one family, page numbers below."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from content.print.paper import Block, Facts, Heading, Items, Paper
from content.print.typeset import pdf

_SOURCE = Path(__file__).parent / "paper.typ"


def paper_pdf(paper: Paper) -> bytes:
    data = {
        "title": paper.title,
        "subtitle": paper.subtitle,
        "language": paper.language,
        "blocks": [asdict(block) | {"kind": _kind(block)} for block in paper.blocks],
    }
    return pdf(_SOURCE.read_text(encoding="utf-8"), data)


def _kind(block: Block) -> str:
    if isinstance(block, Heading):
        return "heading"
    if isinstance(block, Items):
        return "items"
    return "facts" if isinstance(block, Facts) else "paragraph"
