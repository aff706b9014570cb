"""What people ask of whom: a guardian who waits for a supervisor."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ruangaman.access.duties import Duty, Kind
from ruangaman.access.queries import Viewer
from ruangaman.people.queries import guardians_waiting
from ruangaman.people.queries.looking import matches_waiting

# A child without a guardian waits: nothing is agreed to meanwhile.
DECIDED_WITHIN = timedelta(days=1)
SEEN_WITHIN = timedelta(days=1)


def to_decide(viewer: Viewer, at: datetime, most: int) -> list[Duty]:
    """This will give a supervisor the guardians who wait, the oldest first; one query."""
    return [
        Duty(
            Kind.PEOPLE,
            since + DECIDED_WITHIN,
            _("Putuskan wali untuk anak"),
            reference,
            _("UU 23/2002 Pasal 2: kepentingan terbaik anak"),
            reverse("people:guardian_ruling", args=[reference, part]),
        )
        for reference, part, since in guardians_waiting(viewer, most)
    ]


def matches(viewer: Viewer, at: datetime, most: int) -> list[Duty]:
    """This will ask the one officer of a match to look at it; one query, none for anybody else."""
    return [
        Duty(
            Kind.PEOPLE,
            match.found_at + SEEN_WITHIN,
            _("Lihat kecocokan terlapor"),
            match.dossier.reference,
            _("Keamanan klien"),
            reverse("people:matches"),
        )
        for match in matches_waiting(viewer, most)
    ]
