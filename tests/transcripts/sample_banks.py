"""Banks and packs that secretaries send in transcripts: good ones, wrong ones, and files that would do harm."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

from openpyxl import Workbook

from content.exchange.formats import write_bank
from domain.question import Bank, Question

MEGABYTE = 1024 * 1024

SPRING = Question(
    key="spring",
    kind="single",
    stem="春天过后是什么季节？",
    options=("秋天", "夏天", "冬天"),
    right=(1,),
    explanation="一年四季，春去夏来。",
    source="《四季》",
    topic="节令",
)
EVEN = Question(key="even", kind="multiple", stem="哪些是双数？", options=("2", "3", "4"), right=(0, 2))
MOON = Question(key="moon", kind="truefalse", stem="月亮自己会发光。", right=(1,))
MONTHS = Question(key="months", kind="fill", stem="一年有____个月。", answers=("12", "十二"))


def _xlsx(*questions: Question, id: str = "changshi", title: str = "生活常识") -> bytes:
    return write_bank(Bank(id, title, "zh", questions), "xlsx")


def bank() -> bytes:
    return _xlsx(SPRING, EVEN, MOON, MONTHS)


def newer() -> bytes:
    return _xlsx(SPRING.model_copy(update={"stem": "夏天之前是什么季节？", "right": (0,)}), EVEN, MONTHS)


def everybodys() -> bytes:
    """It bears the id of the pack that everybody may use."""
    return _xlsx(SPRING, MOON, id="sample", title="三日小读")


def wrong() -> bytes:
    rows = (
        "编号,题型,题目,A,B,答案",
        "one,单选,没有标答案的题,是,否,",
        "one,单选,编号重复的题,是,否,A",
        f"three,单选,选项太长的题,{'长' * 300},短,A",
        "four,单选,答案对不上的题,是,否,D",
    )
    return "\n".join(rows).encode()


def thirteen() -> bytes:
    options = "\n".join(f"{chr(ord('A') + place)}) {place}" for place in range(13))
    return f"十三个选项的题\n{options}\nANSWER: A\n".encode()


def all_wrong() -> bytes:
    return ("题目,A,B,答案\n" + "".join(f"第 {n} 题,是,否,\n" for n in range(1, 31))).encode()


def gbk() -> bytes:
    return "题目,A,B,答案\n春天之后是夏天还是冬天？,夏天,冬天,A\n".encode("gbk")


def utf16() -> bytes:
    return "题目\tA\tB\t答案\n春天之后是夏天还是冬天？\t夏天\t冬天\tA\n".encode("utf-16")


def marked() -> bytes:
    return "题目,A,B,答案\n春天之后是夏天还是冬天？,夏天,冬天,A\n".encode("utf-8-sig")


def formula() -> bytes:
    book = Workbook()
    book.active.append(["题目", "A", "B", "答案"])
    book.active.append(["=1+1", "2", "3", "A"])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def macros() -> bytes:
    return _zip(_parts(bank()) | {"xl/vbaProject.bin": b"x"})


def bomb() -> bytes:
    return _zip(_parts(bank()) | {"xl/worksheets/sheet1.xml": b" " * 60 * MEGABYTE})


def too_large() -> bytes:
    return b"a" * (30 * MEGABYTE)


_PACK = """id: lunyu
title: 论语两则
language: zh
items:
  - key: xue-er
    title: 学而时习之
    source: 《论语·学而》
    minutes: 3
    body: |
      学而时习之，不亦说乎？
      有朋自远方来，不亦乐乎？
  - key: wen-gu
    title: 温故而知新
    source: 《论语·为政》
    body: 温故而知新，可以为师矣。
"""
_QUESTION = "questions:\n- {key: shi, kind: 填空, stem: 学而____习之。, answers: 时, item: xue-er}\n"


def pack() -> bytes:
    return (_PACK + _QUESTION).encode()


def wrong_pack() -> bytes:
    return _PACK.replace("    source: 《论语·为政》\n", "    kind: picture\n    media: a.png\n").encode()


def zipped() -> bytes:
    front = "---\ntitle: {}\nsource: 《诗经》\n---\n{}\n"
    return _zip(
        {
            "shijing/pack.yaml": "id: shijing\ntitle: 诗经两首\nlanguage: zh\nitems: [guan-ju, jian-jia]\n".encode(),
            "shijing/items/guan-ju.md": front.format("关雎", "关关雎鸠，在河之洲。").encode(),
            "shijing/items/jian-jia.md": front.format("蒹葭", "蒹葭苍苍，白露为霜。").encode(),
            "__MACOSX/._pack.yaml": b"x",
        }
    )


def escaping() -> bytes:
    return _zip({"pack.yaml": b"id: x\n", "../../items/evil.md": b"x"})


def no_pack() -> bytes:
    return _zip({"readme.md": b"x"})


def _zip(parts: Mapping[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return written.getvalue()


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


SAMPLES: Mapping[str, Callable[[], bytes]] = {
    "bank": bank,
    "bank-newer": newer,
    "bank-everybodys": everybodys,
    "bank-wrong": wrong,
    "bank-thirteen": thirteen,
    "bank-all-wrong": all_wrong,
    "bank-gbk": gbk,
    "bank-utf16": utf16,
    "bank-marked": marked,
    "bank-formula": formula,
    "bank-macros": macros,
    "bank-bomb": bomb,
    "bank-too-large": too_large,
    "pack": pack,
    "pack-wrong": wrong_pack,
    "pack-zipped": zipped,
    "pack-escaping": escaping,
    "pack-none": no_pack,
}
