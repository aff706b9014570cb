"""What is asked of somebody by name or by seat, for *Hari ini*: all in one statement, because that page has few."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from ruangaman.access.queries import Viewer
from ruangaman.intake.queries.roster import GAPS_AHEAD
from ruangaman.intake.queries.transfers import TAKERS
from ruangaman.intake.states.handling import TransferState
from ruangaman.intake.states.roster import Ringing

# To take a report, to read a hand-over, to wipe a telephone, to answer another region; and for who sets a roster the
# shifts of the days around, from which the hours are worked out that nobody covers.
ASKED = f"""
(SELECT 'ring' AS what, r.id AS row, d.reference AS reference, r.rung_at AS since, r.answer_by AS until, '' AS unit
 FROM intake_ring r JOIN access_dossier d ON d.id = r.dossier_id AND d.erased_at IS NULL
 WHERE r.person_id = %(me)s AND r.state = '{Ringing.WAITS}' ORDER BY r.answer_by LIMIT %(most)s)
UNION ALL
(SELECT 'hand_over', h.id, '', h.given_at, h.given_at, '' FROM intake_handover h
 WHERE h.to_id = %(me)s AND h.read_at IS NULL ORDER BY h.given_at LIMIT %(most)s)
UNION ALL
(SELECT 'phone', p.talk, p.reference, p.written_at, p.written_at, '' FROM door.own_unwiped(%(most)s) p)
UNION ALL
(SELECT 'transfer', t.id, '', t.sent_at, CASE WHEN t.danger_now THEN t.sent_at END, o.name
 FROM intake_transfer t JOIN access_organisation o ON o.id = t.unit_id
 WHERE t.to_unit_id = ANY (%(takes)s) AND t.state = '{TransferState.SENT}'
 ORDER BY t.danger_now DESC, t.sent_at, t.id LIMIT %(most)s)
UNION ALL
(SELECT 'shift', s.unit_id, '', s.starts_at, s.ends_at, '' FROM intake_shift s
 WHERE s.unit_id = ANY (%(leads)s) AND s.cancelled_at IS NULL
   AND s.starts_at < %(ahead)s AND s.starts_at > %(behind)s)"""


@dataclass(frozen=True, slots=True)
class Asked:
    """One of them. ``row``: what to open, for a shift its unit. ``until``: by when, None where a rule says it."""

    what: str
    row: UUID
    reference: str
    since: datetime
    until: datetime | None
    unit: str


def asked_of(viewer: Viewer, leads: Iterable[UUID], at: datetime, most: int) -> list[Asked]:
    """This will give what waits for the viewer, at most ``most`` of each kind; ``leads``: the units whose roster they
    set. One query.
    """
    values: dict[str, Any] = {
        "me": viewer.id,
        "most": most,
        "takes": [seat.organisation_id for seat in viewer.seats if seat.role in TAKERS],
        "leads": list(leads),
        "behind": at - GAPS_AHEAD,
        "ahead": at + GAPS_AHEAD,
    }
    with connection.cursor() as cursor:
        cursor.execute(ASKED, values)
        return [Asked(*row) for row in cursor.fetchall()]
