"""A paper as DOCX, which a secretary goes on writing in: styles of Word's own, nothing that only looks like a heading."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from content.print.paper import Block, Facts, Heading, Items, Paper
from content.texts import tame

if TYPE_CHECKING:
    from docx.document import Document

_LATIN, _HAN = "Times New Roman", "宋体"
_HEADING_HAN = "黑体"
_TITLE_CHARS = 255
"""A property of a document is no longer (ECMA-376, part 2; python-docx refuses more)."""
_SOFT = (0x6D, 0x63, 0x5A)


def paper_docx(paper: Paper) -> bytes:
    from docx import Document as new_document  # loaded for the first document

    document = new_document()
    _set_fonts(document)
    document.core_properties.title = _plain(paper.title)[:_TITLE_CHARS]
    document.core_properties.author = ""
    document.add_heading(_plain(paper.title), level=0)
    _soft(document, paper.subtitle)
    for block in paper.blocks:
        _add(document, block)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _add(document: Document, block: Block) -> None:
    if isinstance(block, Heading):
        document.add_heading(_plain(block.text), level=block.level)
    elif isinstance(block, Items):
        for text in block.texts:
            document.add_paragraph(_plain(text), style="List Number" if block.numbered else "List Bullet")
    elif isinstance(block, Facts):
        table = document.add_table(rows=0, cols=2, style="Table Grid")
        for what, how in block.pairs:
            cells = table.add_row().cells
            cells[0].text, cells[1].text = _plain(what), _plain(how)
    elif block.soft:
        _soft(document, block.text)
    else:
        document.add_paragraph(_plain(block.text))


def _soft(document: Document, text: str) -> None:
    from docx.shared import RGBColor

    document.add_paragraph().add_run(_plain(text)).font.color.rgb = RGBColor(*_SOFT)


def _set_fonts(document: Document) -> None:
    """Word keeps a font for Han characters beside the one for Latin letters; without it, each machine takes another."""
    from docx.oxml.ns import qn

    for name in ("Normal", "Title", "Heading 1", "Heading 2", "List Number", "List Bullet"):
        style = document.styles[name]
        style.font.name = _LATIN
        han = _HAN if name in ("Normal", "List Number", "List Bullet") else _HEADING_HAN
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), han)


def _plain(text: str) -> str:
    """XML holds no control characters."""
    return tame(text)
