"""Counting, with the rights of the database role ``counter``: columns of unsealed facts, of walled dossiers too.

One statement for all indicators. Each rule is a query of one shape, with one row for each thing that is counted: what
it is (subject), its dossier, whether it is in the numerator (done), why not (not_yet), and why it is in neither
(left_out; empty: it counts). A dossier behind a figure is listed for somebody only as far as that person may see it.
Source: security.md 5; docs/adr/0010.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, connections

from ruangaman.access.models import Dossier
from ruangaman.access.queries import Viewer
from ruangaman.standards.matrix import Counting, Indicator, Standard
from ruangaman.standards.policies import Figure, Period
from ruangaman.standards.states import Rule

COUNTER = "counter"
PAGE = 50

# Women and children are counted; a grown man is served and counted apart. Whoever's sex or age is not known counts: not
# knowing is no reason to leave a victim out. Source: Pasal 1 angka 10; care.md 22; docs/adr/0010. Who was written down
# twice in a file is one person there (one_id), and counts as the one that the database found her to be.
LEFT_OUT = """
CASE WHEN NOT EXISTS (SELECT FROM people_person h JOIN people_person s ON s.dossier_id = h.dossier_id
                                                                     AND s.one_id = h.one_id
                      JOIN people_part q ON q.person_id = s.id AND q.role = 'client' AND q.status <> 'refused'
                      WHERE h.id = {row}.client_id AND h.dossier_id = {row}.dossier_id) THEN 'not_a_victim'
     WHEN EXISTS (SELECT FROM people_person h JOIN people_person p ON p.id = h.one_id WHERE h.id = {row}.client_id
                  AND p.sex = 'm' AND p.age_band IN ('18-24', '25-59', '60+')) THEN 'men'
     ELSE '' END"""

# Follow-up is outreach that met her, or referral that was not sent back; an answer or a duplicate is none.
# Source: Lampiran D.I.1 b.
REPORTS = """
SELECT r.dossier_id AS subject, r.dossier_id,
       r.triage <> 'duplicate' AND (
           EXISTS (SELECT FROM intake_outreach o WHERE o.dossier_id = r.dossier_id
                   AND o.result IN ('reached', 'not_alone', 'declined') AND o.ended_at < %(until)s)
           OR EXISTS (SELECT FROM intake_triagemove m WHERE m.dossier_id = r.dossier_id
                      AND m.after IN ('other_region', 'other_agency') AND m.decided_at < %(until)s
                      AND NOT EXISTS (SELECT FROM intake_triagemove b WHERE b.dossier_id = m.dossier_id
                                      AND b.reason = 'came_back' AND b.decided_at >= m.decided_at
                                      AND b.decided_at < %(until)s))
           OR EXISTS (SELECT FROM services_referral f WHERE f.dossier_id = r.dossier_id
                      AND f.status NOT IN ('declined', 'withdrawn') AND f.sent_at < %(until)s)
           OR EXISTS (SELECT FROM services_delivery d WHERE d.dossier_id = r.dossier_id
                      AND d.given_on < %(end)s)) AS done,
       CASE WHEN r.triage IN ('received', 'answered') THEN 'received'
            WHEN r.triage IN ('not_in_scope', 'duplicate', 'withdrawn') THEN r.triage::text
            ELSE 'begun' END AS not_yet,
       '' AS left_out
FROM intake_report r
WHERE r.unit_id = %(unit)s AND r.received_at >= %(since)s AND r.received_at < %(until)s"""

# Able: by the last count of trained staff before the period's end. Source: Lampiran D.II.2.
HEALTH = """
SELECT w.one_id, c.dossier_id, bool_or(c.treated AND c.able),
       CASE WHEN bool_or(c.treated) THEN 'not_able' ELSE 'not_treated' END, min(c.left_out)
FROM (SELECT v.client_id, v.dossier_id, v.treated, h.trained_staff >= h.enough AS able, {left_out} AS left_out
      FROM (SELECT d.client_id, d.dossier_id, d.organisation_id,
                   d.service = ANY(%({codes})s) AND d.kind <> 'visum_accompanied' AS treated
            FROM services_delivery d
            WHERE d.unit_id = %(unit)s AND d.given_on >= %(first)s AND d.given_on < %(end)s
            UNION ALL
            SELECT f.client_id, f.dossier_id, f.organisation_id, false
            FROM services_referral f
            WHERE f.unit_id = %(unit)s AND f.service = ANY(%({codes})s) AND f.status = 'done'
              AND f.ended_at >= %(since)s AND f.ended_at < %(until)s) v
      JOIN (SELECT DISTINCT ON (s.organisation_id) s.organisation_id, s.kind, s.trained_staff,
                   CASE s.kind WHEN 'hospital' THEN %(able_hospital)s ELSE %(able_puskesmas)s END AS enough
            FROM network_healthservice s WHERE s.counted_on < %(end)s
            ORDER BY s.organisation_id, s.counted_on DESC) h USING (organisation_id)
      WHERE h.kind = 'hospital' OR h.trained_staff >= h.enough) c
JOIN people_person w ON w.id = c.client_id
GROUP BY w.one_id, c.dossier_id"""

# A need that was written down by mistake is none (cases.states.NEVER_NEEDED).
NEEDS = """
SELECT w.one_id, n.dossier_id, bool_or({done}),
       CASE WHEN bool_or(n.state <> 'unmet') THEN 'waiting' ELSE min(n.unmet) END, min({left_out})
FROM cases_need n JOIN people_person w ON w.id = n.client_id
WHERE n.unit_id = %(unit)s AND n.service = ANY(%({codes})s) AND n.unmet <> 'mistaken'
  AND n.recorded_at >= %(since)s AND n.recorded_at < %(until)s
GROUP BY w.one_id, n.dossier_id"""
DELIVERED = """
EXISTS (SELECT FROM services_delivery d JOIN people_person v ON v.id = d.client_id AND v.one_id = w.one_id
        WHERE d.dossier_id = n.dossier_id AND d.service = ANY(%({codes})s) AND d.given_on < %(end)s)"""
REUNITED = """
EXISTS (SELECT FROM closure_return t JOIN people_person v ON v.id = t.client_id AND v.one_id = w.one_id
        WHERE t.dossier_id = n.dossier_id AND t.reunited_on < %(end)s)"""

# Statutes on violence against women and children; what the verdict says does not matter. Source: Lampiran D.IV.3.
# A process in which the client is the reported person is none of hers, here and below (care.md 21).
TRIALS = """
SELECT l.dossier_id, l.dossier_id, bool_or(l.step = 'verdict' AND l.statute = ANY(%({codes})s)),
       CASE WHEN bool_or(l.step = 'verdict') THEN 'other_statute' ELSE 'on_trial' END, min({left_out})
FROM justice_legalstep l
WHERE l.unit_id = %(unit)s AND l.side = 'hers' AND l.step IN ('trial', 'verdict')
  AND l.happened_on >= %(first)s AND l.happened_on < %(end)s
GROUP BY l.dossier_id"""

POLICE = """
SELECT c.dossier_id, c.dossier_id, c.p21 AND c.stage_two,
       CASE WHEN c.p21 THEN 'no_stage_two' ELSE 'no_p21' END, c.left_out
FROM (SELECT l.dossier_id, min({left_out}) AS left_out,
             EXISTS (SELECT FROM justice_legalstep a WHERE a.dossier_id = l.dossier_id AND a.side = 'hers'
                     AND a.step = 'p21' AND a.happened_on < %(end)s) AS p21,
             EXISTS (SELECT FROM justice_legalstep b WHERE b.dossier_id = l.dossier_id AND b.side = 'hers'
                     AND b.step = 'stage_two' AND b.happened_on < %(end)s) AS stage_two
      FROM justice_legalstep l
      WHERE l.unit_id = %(unit)s AND l.side = 'hers' AND l.step = 'police_report'
        AND l.happened_on >= %(first)s AND l.happened_on < %(end)s
      GROUP BY l.dossier_id) c"""

# Recorded in the unit: made a client in the period. Source: Lampiran D.V.3, Penyebut.
RECORDED = """
SELECT c.client_id, c.dossier_id,
       EXISTS (SELECT FROM closure_return t JOIN people_person v ON v.id = t.client_id AND v.one_id = c.client_id
               WHERE t.dossier_id = c.dossier_id AND t.destination = ANY(%({codes})s) AND t.returned_on < %(end)s),
       CASE WHEN EXISTS (SELECT FROM cases_need n JOIN people_person v ON v.id = n.client_id AND v.one_id = c.client_id
                         WHERE n.dossier_id = c.dossier_id AND n.service = 'return' AND n.unmet <> 'mistaken')
            THEN 'not_home' ELSE 'no_need' END,
       {left_out}
FROM (SELECT w.one_id AS client_id, a.dossier_id FROM people_part a JOIN people_person w ON w.id = a.person_id
      WHERE a.unit_id = %(unit)s AND a.role = 'client' AND a.status <> 'refused' AND a.since < %(until)s
      GROUP BY w.one_id, a.dossier_id HAVING min(a.since) >= %(since)s) c"""

# The other reading of IV.5.s1 and of V.7, shown beside the figure: (numerator, denominator).
BY_PERIOD = """
SELECT count(*) FILTER (WHERE complete_on >= %(first)s AND complete_on < %(end)s AND left_out = ''),
       count(*) FILTER (WHERE reported AND left_out = '')
FROM (SELECT CASE WHEN bool_or(l.step = 'p21') AND bool_or(l.step = 'stage_two')
                  THEN greatest(min(l.happened_on) FILTER (WHERE l.step = 'p21'),
                                min(l.happened_on) FILTER (WHERE l.step = 'stage_two')) END AS complete_on,
             bool_or(l.step = 'police_report' AND l.happened_on >= %(first)s) AS reported,
             min({left_out}) AS left_out
      FROM justice_legalstep l
      WHERE l.unit_id = %(unit)s AND l.side = 'hers' AND l.step IN ('police_report', 'p21', 'stage_two')
        AND l.happened_on < %(end)s
      GROUP BY l.dossier_id) x"""
OF_THOSE_IN_NEED = """
SELECT count(*) FILTER (WHERE home), count(*)
FROM (SELECT bool_or(EXISTS (SELECT FROM closure_return t
                             JOIN people_person v ON v.id = t.client_id AND v.one_id = w.one_id
                             WHERE t.dossier_id = n.dossier_id AND t.destination = ANY(%({codes})s)
                             AND t.returned_on < %(end)s)) AS home
      FROM cases_need n JOIN people_person w ON w.id = n.client_id
      WHERE n.unit_id = %(unit)s AND n.service = 'return' AND n.unmet <> 'mistaken' AND n.recorded_at >= %(since)s
        AND n.recorded_at < %(until)s AND {left_out} = ''
      GROUP BY w.one_id, n.dossier_id) x"""
BESIDE = {Rule.POLICE: (BY_PERIOD, "l"), Rule.RECORDED: (OF_THOSE_IN_NEED, "n")}


# Who was served: clients of the reports received in the period, and of those whom it reached online. Cases, victims and
# forms of violence are three different counts; this one counts victims, each once: two records of a file that are one
# person, and two files that are linked as hers, are one victim, as she was at the first report of the period.
# Source: spm.md; seed 000; seed 001.
CLIENTS = """
WITH RECURSIVE edge (a, b) AS (
    SELECT x.a, x.b FROM people_likeness l
    JOIN people_person p ON p.id = l.person_id JOIN people_person q ON q.id = l.other_id
    CROSS JOIN LATERAL (VALUES (p.one_id, q.one_id), (q.one_id, p.one_id)) AS x (a, b)
    WHERE l.unit_id = %(unit)s AND l.decision = 'same' AND l.undone_at IS NULL AND l.other_dossier_id <> l.dossier_id
), linked (one, other) AS (
    SELECT a, a FROM edge UNION SELECT k.one, e.b FROM linked k JOIN edge e ON e.a = k.other
), victim (one, first) AS (
    SELECT DISTINCT ON (one) one, other FROM linked ORDER BY one, other
)
SELECT x.who, count(*), count(*) FILTER (WHERE x.online)
FROM (SELECT (array_agg(CASE WHEN p.age_band IN ('0-5', '6-12', '13-17')
                             THEN CASE p.sex WHEN 'f' THEN 'girl' WHEN 'm' THEN 'boy' ELSE 'unknown' END
                             WHEN p.age_band = '' THEN 'unknown'
                             ELSE CASE p.sex WHEN 'f' THEN 'woman' WHEN 'm' THEN 'man' ELSE 'unknown' END END
                        ORDER BY r.received_at, p.id))[1] AS who,
             bool_or(EXISTS (SELECT FROM cases_incident i
                             JOIN people_person v ON v.id = i.client_id AND v.one_id = p.id
                             WHERE i.dossier_id = r.dossier_id AND i.online <> '' AND i.replaced_at IS NULL)) AS online
      FROM intake_report r
      JOIN people_part a ON a.dossier_id = r.dossier_id AND a.role = 'client' AND a.status <> 'refused'
      JOIN people_person h ON h.id = a.person_id
      JOIN people_person p ON p.id = h.one_id
      LEFT JOIN victim k ON k.one = p.id
      WHERE r.unit_id = %(unit)s AND r.received_at >= %(since)s AND r.received_at < %(until)s
      GROUP BY coalesce(k.first, p.id)) x
GROUP BY x.who"""

# An unborn child against whom violence or trafficking was aimed is no client, and is counted beside them: recorded with
# the mother's yes, and no more where she took it back or it was a mistake. Source: care.md 13.
UNBORN = """
SELECT count(DISTINCT (w.one_id, b.dossier_id))
FROM intake_report r
JOIN people_unborn b ON b.dossier_id = r.dossier_id AND b.ending NOT IN ('her_wish', 'mistake')
JOIN people_person w ON w.id = b.mother_id
WHERE r.unit_id = %(unit)s AND r.received_at >= %(since)s AND r.received_at < %(until)s"""


@dataclass(frozen=True, slots=True)
class Behind:
    """The dossiers behind a figure that somebody may see, and whether there are others. Never how many."""

    dossiers: list[Dossier]
    some_hidden: bool
    older: tuple[datetime, UUID] | None


def figures(
    standard: Standard, *, unit: UUID, period: Period, only: Indicator | None = None
) -> dict[str, Figure]:
    """This will count every indicator that the unit's own records answer, or ``only`` one of them; one statement."""
    parts, values = [], _values(standard, unit, period)
    wanted = [only] if only else standard.counted()
    for number, one in enumerate(wanted):
        assert one.counting is not None
        values |= {f"code{number}": one.code, f"codes{number}": list(one.counting.codes)}
        parts.append(f"SELECT %(code{number})s AS code, x.* FROM ({_rows(one.counting, f'codes{number}')}) x")
    statement = (
        "SELECT code, done, not_yet, left_out, count(*) FROM ("
        + " UNION ALL ".join(parts)
        + ") counted (code, subject, dossier_id, done, not_yet, left_out) GROUP BY code, done, not_yet, left_out"
    )
    counted = {one.code: Figure() for one in wanted}
    for code, done, why, left_out, number in _ask(statement, values):
        counted[code] = _with(counted[code], done, why, left_out, number)
    return counted


def clients(*, unit: UUID, period: Period) -> dict[str, tuple[int, int]]:
    """This will count the clients of a period's reports by who they are: (all, of those online); one statement."""
    values = {"unit": unit, "since": period.since, "until": period.until}
    return {who: (number, online) for who, number, online in _ask(CLIENTS, values)}


def unborn(*, unit: UUID, period: Period) -> int:
    """This will count the unborn children recorded in the files of a period's reports, apart; one statement."""
    [(number,)] = _ask(UNBORN, {"unit": unit, "since": period.since, "until": period.until})
    return int(number)


def beside(standard: Standard, one: Indicator, *, unit: UUID, period: Period) -> Figure | None:
    """This will count the other reading of an indicator, where the regulation leaves two; one statement."""
    if one.counting is None or one.counting.rule not in BESIDE:
        return None
    statement, row = BESIDE[Rule(one.counting.rule)]
    values = _values(standard, unit, period) | {"codes": list(one.counting.codes)}
    told = statement.format(codes="codes", left_out=LEFT_OUT.format(row=row))
    [(numerator, denominator)] = _ask(told, values)
    return Figure(numerator, denominator)


def behind(
    viewer: Viewer,
    standard: Standard,
    one: Indicator,
    *,
    unit: UUID,
    period: Period,
    done: bool,
    before: tuple[datetime, UUID] | None = None,
) -> Behind:
    """This will give the newest dossiers behind a figure, as far as the viewer may see them; three statements.

    Which dossiers there are is the counter's to say, which of them are shown is asked as the viewer. Those behind a
    wall are taken out before the page is cut, so that no page is shorter for them; that there are some is said for
    the whole list, so that it doesn't tell between which others they lie.
    """
    assert one.counting is not None
    with connection.cursor() as cursor:
        cursor.execute("SELECT door.walled()")
        walled = cursor.fetchone()[0]
    values = _values(standard, unit, period) | {
        "codes": list(one.counting.codes),
        "done": done,
        "walled": walled,
        "most": PAGE + 1,
        "opened": before[0] if before else None,
        "last": before[1] if before else None,
    }
    statement = f"""
        WITH rows (subject, dossier_id, done, not_yet, left_out) AS ({_rows(one.counting, "codes")}),
             wanted AS (SELECT DISTINCT d.id, d.opened_at FROM rows r JOIN access_dossier d ON d.id = r.dossier_id
                        WHERE r.done = %(done)s AND r.left_out = '')
        SELECT id, opened_at, EXISTS (SELECT FROM wanted w WHERE w.id = ANY(%(walled)s::uuid[]))
        FROM (SELECT NULL::uuid AS id, NULL::timestamptz AS opened_at
              UNION ALL
              (SELECT id, opened_at FROM wanted
               WHERE id <> ALL(%(walled)s::uuid[])
                 AND (%(opened)s::timestamptz IS NULL OR (opened_at, id) < (%(opened)s, %(last)s::uuid))
               ORDER BY opened_at DESC, id DESC LIMIT %(most)s)) page
        ORDER BY opened_at DESC NULLS LAST, id DESC"""
    found = _ask(statement, values)
    hidden = bool(found[0][2])
    ids = [row[0] for row in found if row[0] is not None]
    seen = Dossier.objects.in_bulk(ids[:PAGE])
    shown = [seen[one_id] for one_id in ids[:PAGE] if one_id in seen]
    older = (found[PAGE - 1][1], ids[PAGE - 1]) if len(ids) > PAGE else None
    return Behind(shown, hidden or len(shown) < len(ids[:PAGE]), older)


def _rows(counting: Counting, codes: str) -> str:
    """The query of a rule; ``codes`` is the name of the parameter that holds what it was told."""

    def row(name: str) -> str:
        return LEFT_OUT.format(row=name)

    match Rule(counting.rule):
        case Rule.REPORTS:
            return REPORTS
        case Rule.HEALTH:
            return HEALTH.format(codes=codes, left_out=row("v"))
        case Rule.NEEDS:
            done = {"delivered": DELIVERED.format(codes=codes), "reunited": REUNITED}[counting.outcome]
            return NEEDS.format(codes=codes, done=done, left_out=row("n"))
        case Rule.TRIALS:
            return TRIALS.format(codes=codes, left_out=row("l"))
        case Rule.POLICE:
            return POLICE.format(left_out=row("l"))
        case Rule.RECORDED:
            return RECORDED.format(codes=codes, left_out=row("c"))


def _values(standard: Standard, unit: UUID, period: Period) -> dict[str, Any]:
    return {
        "unit": unit,
        "since": period.since,
        "until": period.until,
        "first": period.first,
        "end": period.end,
        **{f"able_{kind}": enough for kind, enough in standard.able.items()},
    }


def _with(figure: Figure, done: bool, why: str, left_out: str, number: int) -> Figure:
    if left_out:
        apart = {**figure.left_out, left_out: figure.left_out.get(left_out, 0) + number}
        return Figure(figure.numerator, figure.denominator, figure.not_yet, apart)
    if done:
        return Figure(figure.numerator + number, figure.denominator + number, figure.not_yet, figure.left_out)
    waiting = {**figure.not_yet, why: figure.not_yet.get(why, 0) + number}
    return Figure(figure.numerator, figure.denominator + number, waiting, figure.left_out)


def _ask(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connections[COUNTER].cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
