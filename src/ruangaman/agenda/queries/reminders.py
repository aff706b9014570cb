"""Reads of whom to remind of an appointment, in the hours that are safe for her. Source: care.md 7."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from ruangaman.access.queries import Viewer
from ruangaman.people.policies import CONTACT_LASTS, REMIND_DAYS, remind_between
from ruangaman.people.states import ContactMeans

# Appointments in which the viewer sits with a client whose newest word is that reminders are safe. Where that word is
# older than it lasts, or she says that the contact is not safe any more, she is asked anew before anybody reminds her
# of anything. A record of hers is any of hers.
ASKED = """
SELECT b.id, d.reference, b.starts_at, hers.person_id, c.means, c.weekdays, c.from_time, c.until_time,
       door.zone_of(b.unit_id)
FROM agenda_seat mine
JOIN agenda_booking b ON b.id = mine.booking_id AND b.state = 'planned' AND b.reminded_at IS NULL
JOIN access_dossier d ON d.id = b.dossier_id
JOIN agenda_seat hers ON hers.booking_id = b.id AND hers.is_live
JOIN people_person h ON h.id = hers.person_id
CROSS JOIN LATERAL (SELECT n.* FROM people_contact n JOIN people_person q ON q.id = n.person_id AND q.one_id = h.one_id
                    WHERE n.dossier_id = b.dossier_id ORDER BY n.confirmed_at DESC, n.id DESC LIMIT 1) c
WHERE mine.user_id = %(viewer)s AND mine.is_live AND mine.starts_at > %(at)s AND mine.starts_at < %(ahead)s
  AND (%(booking)s::uuid IS NULL OR b.id = %(booking)s)
  AND c.reminders_safe AND c.confirmed_at > %(lasts)s AND c.doubted_at IS NULL
  AND EXISTS (SELECT FROM people_part p JOIN people_person q ON q.id = p.person_id AND q.one_id = h.one_id
              WHERE p.dossier_id = b.dossier_id AND p.role = 'client' AND p.status = 'active')
ORDER BY b.starts_at, b.id, hers.person_id LIMIT %(most)s
"""
AHEAD = timedelta(days=REMIND_DAYS + 2)  # the days before it, and the parts of days at both ends


@dataclass(frozen=True, slots=True)
class Reminder:
    """A client to remind of an appointment, between two moments and at no other time."""

    booking_id: UUID
    reference: str
    starts_at: datetime
    person_id: UUID
    means: ContactMeans
    since: datetime
    until: datetime
    zone: str


def reminders_of(viewer: Viewer, at: datetime, most: int, booking_id: UUID | None = None) -> list[Reminder]:
    """This will give whom the viewer is to remind, of one appointment or of all that are near; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            ASKED,
            {
                "viewer": viewer.id,
                "at": at,
                "ahead": at + AHEAD,
                "booking": booking_id,
                "lasts": at - CONTACT_LASTS,
                "most": most,
            },
        )
        rows = cursor.fetchall()
    found = []
    for booking, reference, starts_at, person, means, weekdays, from_time, until_time, zone in rows:
        between = remind_between(
            starts_at, weekdays=weekdays, from_time=from_time, until_time=until_time, zone=zone
        )
        if between:
            found.append(Reminder(booking, reference, starts_at, person, ContactMeans(means), *between, zone))
    return found
