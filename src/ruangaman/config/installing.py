"""What `ruangaman migrate` does beside migrating: reference data, the matrix, the ticket key."""

from django.core.management import call_command
from django.db import connections, transaction

from ruangaman.access.matrix import cells
from ruangaman.access.models import MatrixCell
from ruangaman.clocks.actions.loading import load_days_off, load_definitions
from ruangaman.kernel import clock, tickets
from ruangaman.papers.actions.templates import load_templates
from ruangaman.places.actions import load_places


def install(using: str = "owner", verbosity: int = 1) -> None:
    """This will bring the database to this version; it may be run again, and stops half-way without harm."""
    call_command("migrate", database=using, verbosity=verbosity, interactive=False)
    with transaction.atomic(using=using):
        load_matrix(using)
        load_ticket_key(using)
    load_places(using=using)
    load_definitions(at=clock.now(), using=using)
    load_days_off(at=clock.now(), using=using)
    load_templates(at=clock.now(), using=using)
    call_command("collectstatic", interactive=False, verbosity=0)


def load_matrix(using: str) -> None:
    """This will make the database enforce policy/matrix.yaml as it stands."""
    MatrixCell.objects.using(using).all().delete()
    MatrixCell.objects.using(using).bulk_create(
        MatrixCell(
            role=c.role, reach=c.reach, stage=c.stage, section=c.section, reads=c.reads, writes=c.writes
        )
        for c in cells()
    )


def load_ticket_key(using: str) -> None:
    """This will give the database what it needs to check this installation's tickets, and nothing older."""
    key = tickets.signing_key()
    inner, outer = tickets.pads(key)
    with connections[using].cursor() as cursor:
        cursor.execute("DELETE FROM door.ticket_key WHERE number <> %s", [tickets.key_number(key)])
        cursor.execute(
            "INSERT INTO door.ticket_key VALUES (%s, %s, %s) ON CONFLICT (number) DO UPDATE "
            "SET inner_pad = excluded.inner_pad, outer_pad = excluded.outer_pad",
            [tickets.key_number(key), inner, outer],
        )
