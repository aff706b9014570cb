"""Codes that are guessed: an answer tells nothing, and neither does the time it takes."""

from django.db import connection

from ruangaman.intake.actions.receiving import locator
from ruangaman.kernel.codes import Code


def weigh_the_same(*, code: Code) -> None:
    """This will spend on an unknown code what a wrong secret costs: the same call, and something to be made durable.

    Else the time of an answer would tell whoever found a slip that its code lives (1.6 ms of 7.6), before ten tries
    lock it and her officer is told. Source: care.md 2.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT door.second_secret(%s, false), pg_logical_emit_message(true, 'ruangaman', '')",
            [locator(code)],
        )
