"""What was answered to the questions of a bank, summed up by question: never by person."""

from __future__ import annotations

import re
from collections import Counter

from domain.item_analysis import OTHERS, Tally
from storage.tx import Tx

_DIGITS = re.compile(r"\d+")


async def tallies(tx: Tx, bank_id: str, group_id: int = 0) -> dict[str, Tally]:
    """Key of the question → its answers in that group, or for 0 in all. Takes a second for a million answers."""
    rows = await tx.all(_sql(_TALLIES, group_id), bank=bank_id, others=OTHERS, **_group(group_id))
    return {
        str(key): Tally(*(int(count or 0) for count in counts[:4]), *(float(sum or 0) for sum in counts[4:]))
        for key, *counts in rows
    }


async def chosen(tx: Tx, bank_id: str, group_id: int = 0) -> dict[str, Counter[int]]:
    """Key of a choice → place of an option → how many chose it."""
    rows = await tx.all(_sql(_CHOSEN, group_id), bank=bank_id, **_group(group_id))
    counts: dict[str, Counter[int]] = {}
    for key, given, count in rows:
        places = counts.setdefault(str(key), Counter())
        for place in {int(digits) for digits in _DIGITS.findall(given)}:
            places[place] += int(count)
    return counts


def _group(group_id: int) -> dict[str, int]:
    return {"group": group_id} if group_id else {}


def _sql(template: str, group_id: int) -> str:
    """An answer that waits for the secretary is none yet; of several answers of one person the first tells what they knew."""
    of_group = "AND {table}.group_id = :group" if group_id else ""
    return template.format(
        firsts=_FIRSTS.format(quizzes=of_group.format(table="q"), rounds=of_group.format(table="r"))
    )


_FIRSTS = """
given AS (
    SELECT q.question AS question, a.person_id AS person, a.given AS given, a.verdict AS verdict, a.at AS at
    FROM quizzes q JOIN answers a ON a.group_id = q.group_id AND a.quiz_id = q.id
    WHERE q.bank = :bank {quizzes}
    UNION ALL
    SELECT t.question, r.person_id, t.given, t.verdict, t.at
    FROM rounds r JOIN tries t ON t.group_id = r.group_id AND t.round_id = r.id
    WHERE r.bank = :bank {rounds}
),
numbered AS (
    SELECT question, person, given, CASE verdict WHEN 'right' THEN 1 ELSE 0 END AS hit,
           row_number() OVER (PARTITION BY question, person ORDER BY at, given) AS nth
    FROM given WHERE verdict IN ('right', 'wrong')
),
firsts AS (SELECT question, person, given, hit FROM numbered WHERE nth = 1)
"""
_TALLIES = """
WITH {firsts},
people AS (SELECT person, count(*) AS answers, sum(hit) AS hits FROM firsts GROUP BY person),
rated AS (
    SELECT f.question AS question, f.hit AS hit,
           CASE WHEN p.answers > :others THEN (p.hits - f.hit) * 1.0 / (p.answers - 1) END AS rest
    FROM firsts f JOIN people p ON p.person = f.person
)
SELECT question, count(*), sum(hit), count(rest), sum(CASE WHEN rest IS NOT NULL THEN hit ELSE 0 END),
       sum(rest), sum(rest * rest), sum(rest * hit)
FROM rated GROUP BY question
"""
_CHOSEN = """
WITH {firsts}
SELECT f.question, f.given, count(*) FROM firsts f
JOIN questions q ON q.bank = :bank AND q.key = f.question AND q.kind IN ('single', 'multiple')
GROUP BY f.question, f.given
"""
