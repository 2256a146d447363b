"""The newsletter of an activity: what could go in, what the secretary picked, and who agreed to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean

import orjson

from domain.cycle import Cycle
from domain.newsletter import Article, Candidate, Consent, Newsletter, NewsletterState, Photo, Pick
from domain.reflection import count_chars
from storage.tx import Row, Tx

_COLUMNS = "n.group_id, n.cycle_id, n.state, n.title, n.token, n.posted_at"
_PICTURES = "p.state = 'there' AND p.kind = 'photo' AND p.hash <> ''"


async def find(tx: Tx, group_id: int, cycle_id: int) -> Newsletter | None:
    row = await tx.one(
        f"SELECT {_COLUMNS} FROM newsletters n WHERE n.group_id = :group AND n.cycle_id = :cycle",
        group=group_id,
        cycle=cycle_id,
    )
    return None if row is None else Newsletter(*row)


async def latest_posted(tx: Tx, group_id: int) -> Newsletter | None:
    row = await tx.one(
        f"""SELECT {_COLUMNS} FROM newsletters n WHERE n.group_id = :group AND n.state = 'posted'
            ORDER BY n.posted_at DESC LIMIT 1""",
        group=group_id,
    )
    return None if row is None else Newsletter(*row)


async def begin(tx: Tx, cycle: Cycle, by: int, now: int) -> Newsletter:
    """The activity's newsletter; begun now where there was none."""
    await tx.run(
        """INSERT INTO newsletters (group_id, cycle_id, state, title, by_person, at)
           VALUES (:group, :cycle, 'picking', :title, :by, :now) ON CONFLICT DO NOTHING""",
        group=cycle.group_id,
        cycle=cycle.id,
        title=cycle.title,
        by=by,
        now=now,
    )
    found = await find(tx, cycle.group_id, cycle.id)
    assert found is not None
    return found


async def set_title(tx: Tx, letter: Newsletter, title: str) -> None:
    await tx.run(f"UPDATE newsletters SET title = :title WHERE {_OF}", title=title, **_keys(letter))


async def set_token(tx: Tx, letter: Newsletter, token: str) -> None:
    """The part of the link by which anybody may read it; "" and an earlier link no longer works."""
    await tx.run(f"UPDATE newsletters SET token = :token WHERE {_OF}", token=token, **_keys(letter))


async def turn(tx: Tx, letter: Newsletter, state: NewsletterState, now: int) -> bool:
    """False where it was posted already: that is done once, and nothing comes after it."""
    turned = await tx.run(
        f"""UPDATE newsletters SET state = :state, posted_at = :posted WHERE {_OF} AND state <> 'posted'""",
        state=state,
        posted=now if state == "posted" else None,
        **_keys(letter),
    )
    return turned == 1


async def candidates(tx: Tx, cycle: Cycle) -> list[Candidate]:
    """Every reflection of the activity that was handed in by somebody who is in the group; in the order of their numbers."""
    rows = await tx.all(
        f"""SELECT r.id, r.number, r.person_id, m.name, r.body,
                   (SELECT count(*) FROM pictures p WHERE p.group_id = r.group_id AND p.reflection_id = r.id
                     AND {_PICTURES})
            FROM reflections r
            JOIN members m ON m.group_id = r.group_id AND m.person_id = r.person_id AND m.left_at IS NULL
            WHERE r.group_id = :group AND r.cycle_id = :cycle AND r.state = 'handed' ORDER BY r.number, r.id""",
        group=cycle.group_id,
        cycle=cycle.id,
    )
    marks = await _marks(tx, cycle)
    return [_candidate(row, marks) for row in rows]


def _candidate(row: Row, marks: Mapping[int, list[float]]) -> Candidate:
    id, number, person, name, body, photos = row
    given = marks.get(int(id), [])
    mark = fmean(given) if given else None
    return Candidate(id, number, person, name, count_chars(body), photos, len(given), mark)


async def _marks(tx: Tx, cycle: Cycle) -> dict[int, list[float]]:
    """Reflection → the mean mark of each review that was asked for and given."""
    rows = await tx.all(
        """SELECT reflection_id, scores FROM reviews
           WHERE group_id = :group AND cycle_id = :cycle AND state = 'done' AND kind = 'allotted' AND scores <> ''
           ORDER BY reflection_id, person_id""",
        group=cycle.group_id,
        cycle=cycle.id,
    )
    found: dict[int, list[float]] = {}
    for reflection, scores in rows:
        found.setdefault(int(reflection), []).append(fmean(orjson.loads(scores)))
    return found


async def picks(tx: Tx, cycle: Cycle) -> list[Pick]:
    """In the order they stand in; what was withdrawn, or whose author is gone, is left out."""
    known = {one.id: one for one in await candidates(tx, cycle)}
    rows = await tx.all(
        """SELECT reflection_id, place, consent FROM newsletter_picks
           WHERE group_id = :group AND cycle_id = :cycle ORDER BY place, reflection_id""",
        group=cycle.group_id,
        cycle=cycle.id,
    )
    return [Pick(known[int(id)], place, consent) for id, place, consent in rows if int(id) in known]


async def pick(tx: Tx, letter: Newsletter, reflection_id: int, now: int) -> None:
    """Put it last. An author who was asked before is not asked again."""
    await tx.run(
        """INSERT INTO newsletter_picks (group_id, cycle_id, reflection_id, place, at)
           SELECT :group, :cycle, :reflection, coalesce(max(place), 0) + 1, :now
           FROM newsletter_picks WHERE group_id = :group AND cycle_id = :cycle
           ON CONFLICT DO NOTHING""",
        reflection=reflection_id,
        now=now,
        **_keys(letter),
    )


async def unpick(tx: Tx, letter: Newsletter, reflection_id: int) -> bool:
    gone = await tx.run(
        f"DELETE FROM newsletter_picks WHERE {_OF} AND reflection_id = :reflection",
        reflection=reflection_id,
        **_keys(letter),
    )
    return gone == 1


async def order(tx: Tx, letter: Newsletter, reflections: Sequence[int]) -> None:
    await tx.many(
        f"UPDATE newsletter_picks SET place = :place WHERE {_OF} AND reflection_id = :reflection",
        [{"place": place, "reflection": one, **_keys(letter)} for place, one in enumerate(reflections, 1)],
    )


async def set_consent(tx: Tx, group_id: int, reflection_id: int, consent: Consent) -> None:
    await tx.run(
        "UPDATE newsletter_picks SET consent = :consent WHERE group_id = :group AND reflection_id = :reflection",
        consent=consent,
        group=group_id,
        reflection=reflection_id,
    )


async def asked_of(tx: Tx, group_id: int, person_id: int) -> list[tuple[int, int, Consent]]:
    """(cycle, reflection, what they said) of each of their reflections they were asked about, the newest first."""
    rows = await tx.all(
        """SELECT k.cycle_id, k.reflection_id, k.consent FROM newsletter_picks k
           JOIN reflections r ON r.group_id = k.group_id AND r.id = k.reflection_id
           WHERE k.group_id = :group AND r.person_id = :person AND r.state = 'handed' AND k.consent <> ''
           ORDER BY k.reflection_id DESC""",
        group=group_id,
        person=person_id,
    )
    return [(int(cycle), int(reflection), consent) for cycle, reflection, consent in rows]


async def articles(tx: Tx, group_id: int, cycle_id: int, *, only_agreed: bool = True) -> list[Article]:
    """What stands in it, in order: only where the author is there and (with ``only_agreed``) says yes to this day."""
    agreed = "AND k.consent = 'yes'" if only_agreed else "AND k.consent <> 'no'"
    rows = await tx.all(
        f"""SELECT r.id, r.number, r.person_id, m.name, r.body FROM newsletter_picks k
            JOIN reflections r ON r.group_id = k.group_id AND r.id = k.reflection_id
            JOIN members m ON m.group_id = r.group_id AND m.person_id = r.person_id
            WHERE k.group_id = :group AND k.cycle_id = :cycle AND r.state = 'handed' {agreed}
            ORDER BY k.place, k.reflection_id""",
        group=group_id,
        cycle=cycle_id,
    )
    photos = await _photos(tx, group_id, cycle_id)
    return [
        Article(int(id), int(number), int(person), name, body, tuple(photos.get(int(id), ())))
        for id, number, person, name, body in rows
    ]


async def _photos(tx: Tx, group_id: int, cycle_id: int) -> dict[int, list[Photo]]:
    rows = await tx.all(
        f"""SELECT p.reflection_id, p.hash, p.width, p.height FROM newsletter_picks k
            JOIN pictures p ON p.group_id = k.group_id AND p.reflection_id = k.reflection_id
            WHERE k.group_id = :group AND k.cycle_id = :cycle AND {_PICTURES} ORDER BY p.reflection_id, p.place""",
        group=group_id,
        cycle=cycle_id,
    )
    found: dict[int, list[Photo]] = {}
    for reflection, hash, width, height in rows:
        found.setdefault(int(reflection), []).append(Photo(str(hash), int(width), int(height)))
    return found


async def forget_person(tx: Tx, person_id: int) -> None:
    """Their reflections leave every newsletter, also one that was posted. Call it while the reflections are still there."""
    await tx.run(
        """DELETE FROM newsletter_picks WHERE (group_id, reflection_id) IN
             (SELECT group_id, id FROM reflections WHERE person_id = :p
              AND group_id IN (SELECT group_id FROM members WHERE person_id = :p))""",
        p=person_id,
    )
    await tx.run(
        """UPDATE newsletters SET by_person = 0 WHERE by_person = :p
           AND group_id IN (SELECT group_id FROM members WHERE person_id = :p)""",
        p=person_id,
    )


_OF = "group_id = :group AND cycle_id = :cycle"


def _keys(letter: Newsletter) -> dict[str, int]:
    return {"group": letter.group_id, "cycle": letter.cycle_id}
