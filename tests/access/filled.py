"""Dossiers with a row in every protected table and a key in every section, and ways to try what a ticket reaches."""

from datetime import time, timedelta
from functools import lru_cache
from itertools import cycle
from typing import Any
from uuid import UUID

import psycopg
from django.apps import apps
from django.db import InternalError, ProgrammingError, connections, models, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from ruangaman.access.models import Dossier, Organisation, User
from ruangaman.access.states import Section, Stage
from ruangaman.intake import actions, queries
from ruangaman.intake.models import Way
from ruangaman.kernel import clock
from ruangaman.kernel.fields import SealedField
from ruangaman.kernel.ids import new_id
from ruangaman.kernel.protection import Protect
from tests.worlds import Filed, World

ANSWERS = {
    "reporter_kind": "public",
    "danger_now": "yes",
    "name": "Sulastri Anggraini",
    "means": "call",  # or no attempt to call back could stand here
    "phone": "0812-0000-1111",
    "hours": "Senin pagi",
}
OWN, OTHER = "31.73.01", "32.76"
Found = dict[tuple[Any, str], Any]  # rows that others point to, by their table and section
NUMBERS = cycle(range(1, 30_000))  # of pages and letters: none is given twice in one file


@lru_cache(maxsize=1)
def _operations() -> list[tuple[str, Protect]]:
    return [
        (migration.app_label, operation)
        for migration in MigrationLoader(None).disk_migrations.values()
        for operation in migration.operations
        if isinstance(operation, Protect)
    ]


@lru_cache(maxsize=1)
def protected() -> dict[str, str]:
    """Every table under ``Protect``, with its section; an empty text where the section is a column."""
    return {f"{app}_{operation.model.lower()}": operation.section for app, operation in _operations()}


@lru_cache(maxsize=1)
def added_only() -> frozenset[str]:
    """The tables whose rows a page may add and never change."""
    return frozenset(
        f"{app}_{operation.model.lower()}" for app, operation in _operations() if not operation.updates
    )


def fill(world: World, *, place: str = OWN, stage: str = Stage.INTAKE) -> Filed:
    """A report with all that can belong to one, a message from each side, a wall, and a key in every section."""
    filed = world.file(place=place, **ANSWERS)
    write_as_reporter(filed, "Pesan dari pelapor.")
    for section in Section.values:
        world.rows(
            "INSERT INTO access_datakey (id, dossier_id, unit_id, stage, section, kek_number, wrapped) "
            "SELECT gen_random_uuid(), id, unit_id, stage, %s, 1, 'x' FROM access_dossier WHERE id = %s "
            "ON CONFLICT DO NOTHING",
            [section, filed.dossier.id],
        )
    stranger = world.person("analyst", world.other, tag="walled")
    world.rows(
        "INSERT INTO access_wall (id, dossier_id, unit_id, stage, person_id, raised_at) "
        "SELECT gen_random_uuid(), id, unit_id, stage, %s, now() FROM access_dossier WHERE id = %s",
        [stranger.id, filed.dossier.id],
    )
    _complete(world, filed)
    world.move(filed, stage)
    return filed


# What a row needs to be allowed at all: a plan and a referral rest on a consent for the same service and recipient.
MADE = {
    "consent_consent": {"answer": "given", "service": "medical", "scope": []},
    "cases_need": {"service": "medical"},
    "cases_planitem": {"service": "medical", "provider": None},
    "services_referral": {"service": "medical"},
    "services_delivery": {"service": "medical"},
    "papers_opening": {"until": None},
    "agenda_booking": {"override_reason": None},
    "intake_outreach": {"neighbours_word": None},
    "agenda_outing": {"ending": "back"},
    "agenda_seat": {"is_live": False},
    "agenda_presence": {"from_time": time(8), "until_time": time(9)},
    "consent_recall": {"recipient": None},
    "people_likeness": {"decision": "different"},
}
# Days by which some moments come after the others of their row.
LATER = {"until": 30, "ends_at": 1, "expected_at": 1, "back_at": 1}
# What may be empty; here it is not.
FILLED_ANYWAY = {"organisation", "recipient", "referral", "until", "back_at", "user", "ended_by"}
ASKED = {
    "consent_recall": {"person"},
    "papers_paper": {"added_by"},
    "intake_transfer": {"to_unit", "sent_by"},
}


def _complete(world: World, filed: Filed) -> None:
    """A row in every protected table and section that has none yet, the rooms in their order; written by the owner."""
    found: Found = {}
    for model in apps.get_models():
        table = model._meta.db_table
        if table not in protected() or table in ("access_dossier", "access_datakey"):
            continue
        there = model._default_manager.using("owner").filter(dossier_id=filed.dossier.id)
        fixed = protected()[table]
        if fixed:
            wanted: list[dict[str, Any]] = [] if there.exists() else [{}]
        else:
            have = set(there.values_list("section", flat=True))
            # Of each code one clock runs: a code for each section.
            wanted = [{"section": one, "code": one} for one in Section.values if one not in have]
        rows = [row_of(world, filed, model, values | MADE.get(table, {}), found) for values in wanted]
        # Whom a file's contact allows to be called is not what is tried with it (tests/intake/test_call_backs.py).
        aside = rows and table == "intake_calltry"
        if aside:
            world.rows("ALTER TABLE intake_calltry DISABLE TRIGGER may_call")
        model._default_manager.using("owner").bulk_create(rows)
        if aside:
            world.rows("ALTER TABLE intake_calltry ENABLE TRIGGER may_call")


def row_of(world: World, filed: Filed, model: Any, values: dict[str, Any], found: Found) -> Any:
    """A row that may stand there, with nothing left empty that it needs; not written yet."""
    dossier, table = filed.dossier, model._meta.db_table
    place = {"dossier_id": dossier.id, "unit_id": dossier.unit_id, "stage": dossier.stage}
    values = {name: value for name, value in values.items() if name in {f.name for f in model._meta.fields}}
    for column in model._meta.concrete_fields:
        if column.attname in place:
            values[column.attname] = place[column.attname]
        elif column.name in values or column.has_default():
            continue
        elif isinstance(column, SealedField):
            values[column.name] = b"x"
        elif column.name == "other" and column.related_model is Dossier:
            values[column.attname] = new_id()  # a file of which nothing need be here
        elif column.is_relation and (
            not column.null or column.name in FILLED_ANYWAY | ASKED.get(table, set())
        ):
            somebody = _somebody(world, filed, column.related_model, values, column.name, found)
            values[column.attname] = (_another(somebody) if column.name == "other" else somebody).pk
        elif isinstance(column, models.DateTimeField) and (not column.null or column.name in FILLED_ANYWAY):
            values[column.name] = clock.now() + timedelta(days=LATER.get(column.name, 0))
        elif isinstance(column, models.DateField) and not column.null:
            values[column.name] = timezone.localdate()
        elif isinstance(column, models.IntegerField) and not column.null:
            values[column.name] = next(NUMBERS)
        elif isinstance(column, models.BooleanField):
            values[column.name] = True
        elif isinstance(column, models.BinaryField) and not column.null:
            values[column.name] = new_id().bytes
        elif column.choices and not column.blank:
            values[column.name] = next(iter(column.choices))[0]
    return model(**values)


def _somebody(
    world: World, filed: Filed, model: Any, values: dict[str, Any], called: str, found: Found
) -> Any:
    """A row that another may point to: of the same dossier where there is one, of the same section too."""
    if model is User:
        # Nobody whose reach is tried: of some rows those they name see their own.
        return world.person("analyst", world.other, tag="named")
    if model is Organisation:
        return world.hospital
    if model is Dossier:
        return filed.dossier
    if model is Way:
        return _way(world, filed)
    columns = {column.name for column in model._meta.concrete_fields}
    if "dossier" not in columns:
        return model._default_manager.using("owner").order_by("pk").first()  # what comes with the program
    section = values.get("section", "") if "section" in columns else ""
    asked = (model, "client" if called == "client" else section)
    if asked not in found:
        rows = model._default_manager.using("owner").filter(dossier_id=filed.dossier.id)
        if called == "client":
            rows = rows.filter(parts__role="client")
        elif section:
            rows = rows.filter(section=section)
        found[asked] = rows.order_by("id").first()
    return found[asked]


def _way(world: World, filed: Filed) -> Way:
    """The way in by which everything is said to have come."""
    way, _made = Way.objects.using("owner").get_or_create(
        unit_id=filed.dossier.unit_id,
        name="Jalan uji",
        defaults={"owner": world.hospital, "channel": "app", "changed_at": clock.now()},
    )
    return way


def _another(person: Any) -> Any:
    """Somebody else of the same dossier, if there is one whom who takes reports sees too."""
    everybody = type(person)._default_manager.using("owner").filter(dossier_id=person.dossier_id)
    others = everybody.exclude(id=person.id)
    return others.filter(section=Section.IDENTITY).first() or others.first()


def write_as_reporter(filed: Filed, body: str) -> UUID:
    """A message as the holder of the code writes it; gives the message's id."""
    found = queries.locate(actions.locator(filed.code))
    assert found is not None
    dossier_id, key_id, wrap = found
    key, message = actions.thread_key(filed.code, key_id, wrap), new_id()
    actions.write_as_reporter(dossier_id=dossier_id, key=key, message_id=message, body=body, at=clock.now())
    return message


def spine(table: str) -> str:
    """The column that names the dossier."""
    return "id" if table == "access_dossier" else "dossier_id"


def tried(sql: str, values: Any = (), using: str = "default") -> list[tuple[Any, ...]] | None:
    """What a statement gives, its changes taken back at once; None where the database says no."""
    try:
        with transaction.atomic(using=using), connections[using].cursor() as cursor:
            cursor.execute(sql, values)
            found = cursor.fetchall() if cursor.description else []
            transaction.set_rollback(True, using=using)
            return list(found)
    except (ProgrammingError, InternalError) as error:
        assert isinstance(error.__cause__, psycopg.errors.InsufficientPrivilege), error
        return None


# Columns that name who writes; what is signed is tried in one's own name.
SIGNED = (
    "author_id",
    "ruled_by_id",
    "asked_by_id",
    "added_by_id",
    "done_by_id",
    "issued_by_id",
    "decided_by_id",
    "recorded_by_id",
    "joined_by_id",
    "sent_by_id",
    "written_by_id",
    "planned_by_id",
    "tried_by_id",
)


TRY_ALL = f"""
CREATE OR REPLACE FUNCTION public.may_add(tables text[], copies jsonb[]) RETURNS boolean[] LANGUAGE plpgsql AS $$
DECLARE
    signed jsonb := (SELECT jsonb_object_agg(n, door.person()) FROM unnest('{{{",".join(SIGNED)}}}'::text[]) n);
    found boolean[] := '{{}}';
BEGIN
    FOR i IN 1 .. coalesce(array_length(tables, 1), 0) LOOP
        BEGIN
            EXECUTE 'INSERT INTO ' || tables[i] || ' SELECT * FROM jsonb_populate_record(NULL::' || tables[i] || ', $1)'
                USING copies[i] || signed;
            RAISE EXCEPTION USING MESSAGE = tables[i] || ' took the same row twice', ERRCODE = 'RA900';
        EXCEPTION
            WHEN insufficient_privilege THEN found := found || false;
            WHEN integrity_constraint_violation THEN found := found || true;
        END;
    END LOOP;
    RETURN found;
END $$
"""


def may_add(rows: list[tuple[str, str]], using: str = "default") -> list[bool]:
    """For each table and copy of a row in it, whether the copy passes the policy: then its primary key is what stops
    it. Signed in one's own name; tried in the database, as whoever acts, because there are many.
    """
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT may_add(%s, %s::jsonb[])",
            [[table for table, _copy in rows], [copy for _table, copy in rows]],
        )
        (found,) = cursor.fetchone()
        return list(found)


def sections_held(dossier: Dossier) -> set[str]:
    """What the database tells whoever is acting about which sections hold something."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT section FROM door.sections_held(%s)", [dossier.id])
        return {section for (section,) in cursor.fetchall()}
