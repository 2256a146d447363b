"""Papers: as PDF and as DOCX, with what people wrote in them as words and never as markup."""

from __future__ import annotations

import io
import zlib

import pytest
from docx import Document

from content.print.paper import Facts, Heading, Items, Paper, Paragraph
from content.print.paper_docx import paper_docx
from content.print.paper_pdf import paper_pdf
from content.print.typeset import pdf, png

HOSTILE = '#read("/etc/passwd") *粗* _斜_ $x$ \\ <b> "引号" @张三 // 完'


def paper(text: str = "讨论了制度怎样落地。", language: str = "zh") -> Paper:
    return Paper(
        f"研讨纪要{text}",
        "一支部 · 三月研讨",
        (
            Facts((("时间", "2026-03-10"), ("到场", text))),
            Heading("议程"),
            Items((text, "第二个问题"), numbered=True),
            Items((text,)),
            Heading("本组讨论了哪些问题？", 2),
            Paragraph(f"{text}\n第二行"),
            Paragraph("（没有写）", soft=True),
        ),
        language,
    )


@pytest.mark.parametrize("text", ["讨论了制度怎样落地。", HOSTILE, "", "长" * 10_000, "👍🏽 é"])
def test_a_paper_is_made_of_whatever_people_wrote(text: str) -> None:
    assert paper_pdf(paper(text)).startswith(b"%PDF-")
    document = Document(io.BytesIO(paper_docx(paper(text))))
    assert f"{text}\n第二行".strip() in "\n".join(one.text for one in document.paragraphs)
    assert document.tables[0].rows[1].cells[1].text == text


def test_control_characters_do_not_break_a_document() -> None:
    document = Document(io.BytesIO(paper_docx(paper("王\x00五\x0b\ud83d"))))
    assert "王五" in "\n".join(one.text for one in document.paragraphs)


def test_a_pdf_brings_the_characters_it_needs_and_no_others() -> None:
    made = paper_pdf(paper())
    assert b"NotoSerifSC" in made and b"NotoSansSC" in made
    assert len(made) < 200_000  # the fonts have 8 and 11 MB


def test_headings_are_headings_to_word() -> None:
    document = Document(io.BytesIO(paper_docx(paper(language="en"))))
    assert [one.text for one in document.paragraphs if one.style and one.style.name == "Heading 1"] == [
        "议程"
    ]


def test_pictures_lie_beside_the_source() -> None:
    source = '#let data = json("data.json")\n#set page(width: 60pt, height: 60pt)\n#image(data.name)\n'
    made = pdf(source, {"name": "dot.png"}, {"dot.png": _dot()})
    assert made.startswith(b"%PDF-")
    [page] = png(source, {"name": "dot.png"}, {"dot.png": _dot()}, ppi=72)
    assert page.startswith(b"\x89PNG")


def test_nothing_outside_is_read() -> None:
    with pytest.raises(RuntimeError):
        pdf('#read("/etc/passwd")\n#read("../../../../etc/passwd")', {})


def _dot() -> bytes:
    """A picture of one pixel."""

    def chunk(name: bytes, held: bytes) -> bytes:
        return len(held).to_bytes(4, "big") + name + held + zlib.crc32(name + held).to_bytes(4, "big")

    head = (1).to_bytes(4, "big") * 2 + bytes((8, 0, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\x00\x00"))
        + chunk(b"IEND", b"")
    )
