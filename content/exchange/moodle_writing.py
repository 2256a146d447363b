"""Writes a bank as Moodle XML, the way `content.exchange.moodle` reads it."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from content.exchange.labels import write_category, write_labels
from content.exchange.plain import one_line, tidy
from domain.question import Bank, Question

_TYPES = {"single": "multichoice", "multiple": "multichoice", "truefalse": "truefalse", "fill": "shortanswer"}
_NAME_CHARS = 60


def write_moodle(bank: Bank) -> bytes:
    quiz = Element("quiz")
    labels = write_labels(bank=bank.id, title=one_line(bank.title), language=bank.language)
    _category(quiz, "", labels)
    topic = ""
    for question in bank.questions:
        if question.topic != topic:
            topic = question.topic
            _category(quiz, one_line(topic), "")
        _question(quiz, question)
    indent(quiz)
    return bytes(tostring(quiz, encoding="utf-8", xml_declaration=True))


def _category(quiz: Element, topic: str, info: str) -> None:
    category = SubElement(quiz, "question", type="category")
    _text(category, "category", write_category(topic))
    if info:
        _text(category, "info", info, format="plain_text")


def _question(quiz: Element, question: Question) -> None:
    node = SubElement(quiz, "question", type=_TYPES[question.kind])
    _text(node, "name", one_line(question.stem)[:_NAME_CHARS])
    _text(node, "questiontext", tidy(question.stem), format="plain_text")
    _text(node, "generalfeedback", tidy(question.explanation), format="plain_text")
    SubElement(node, "idnumber").text = question.key
    if question.options:
        SubElement(node, "single").text = "false" if question.kind == "multiple" else "true"
    for text, fraction in _answers(question):
        _text(node, "answer", tidy(text), fraction=fraction, format="plain_text")
    tags = SubElement(node, "tags")
    for name, value in (("item", question.item), ("source", one_line(question.source))):
        if value:
            _text(tags, "tag", write_labels(**{name: value}))


def _answers(question: Question) -> list[tuple[str, str]]:
    """(text, percent of the points)"""
    if question.kind == "fill":
        return [(answer, "100") for answer in question.answers]
    share = f"{100 / len(question.right):.5f}"
    wrong = "-100" if question.kind == "multiple" else "0"
    options = question.options or ("true", "false")
    return [(option, share if place in question.right else wrong) for place, option in enumerate(options)]


def _text(parent: Element, name: str, text: str, **attributes: str) -> None:
    SubElement(SubElement(parent, name, attributes), "text").text = text
