"""A group's own template, whose reflections are short and whose reviews can be followed line by line."""

from __future__ import annotations

EXCHANGE = """\
key: exchange
title: 读后互评
about: 读完写一段，互相读一读、评一评。
stages:
  - key: reflection
    kind: reflection
    title: 心得
    closes: {days: 1, at: "20:00"}
    chars: 10
    photos: 0
  - key: review
    kind: review
    title: 互评
    opens: {after: reflection, days: 1, at: "09:00"}
    closes: {after: reflection, days: 5, at: "20:00"}
    reviews: 2
    comment_chars: 10
"""
