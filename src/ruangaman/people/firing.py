"""Telling of look-ups of which no report came, and of hidden matches, to whoever answers for them."""

from datetime import datetime, timedelta

from django.db import connection, transaction

from ruangaman.notices.sending import tell
from ruangaman.notices.states import Kind

PROBE_WAITS = timedelta(hours=24)  # Source: care.md 18 (a probe without a saved report is alarmed)
MOST_TOLD = 500  # in one transaction


@transaction.atomic
def tell_of_probes(at: datetime) -> int:
    """This will tell supervisors and data officers of a unit which look-ups led to no report; gives how many notices.

    Nobody is told of their own. What was told is marked in the same transaction, so it is told once.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT probe, officer FROM door.job_probes_due(%s, %s)", [at - PROBE_WAITS, MOST_TOLD]
        )
        due = cursor.fetchall()
    for probe, officer in due:
        tell(people=[officer], kind=Kind.PROBE, cause=f"probe:{probe}", at=at)
    return len(due)


@transaction.atomic
def tell_of_matches(at: datetime) -> int:
    """This will tell the one officer of each new match; gives how many. One who took over is told as well."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT found, officer FROM door.job_matches_untold(%s)", [MOST_TOLD])
        untold = cursor.fetchall()
    for match, officer in untold:
        tell(people=[officer], kind=Kind.MATCH, cause=f"match:{match}:{officer}", at=at)
    return len(untold)
