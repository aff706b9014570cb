"""How a table of a dossier is protected: one migration operation says it all.

``Protect`` turns row-level security on, writes the policies of the table's section, binds unit and stage to the
dossier by a composite foreign key that the database itself keeps up to date, and grants the run-time roles what they
need. A row belongs to exactly one section; what may be seen of a section is the access matrix's to say.

The clause, for reading (``r``) and writing (``w``): Source: security.md, "Row-level security", point 2; ADR-0002.
"""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState

from ruangaman.kernel.roles import APP, COUNTER, WORKER


def clause(
    section_sql: str, mode: str, table: str, dossier: str = "dossier_id", unit: str = "unit_id"
) -> str:
    """This will give the row condition of a section for the web's role.

    Reach through the unit or through a scoped ticket, or through a live grant; and never for somebody who is walled.
    The functions are called once a query (they stand in sub-selects that depend on no row).
    """
    writes = "AND g.writes" if mode == "w" else ""
    section = section_sql if section_sql.startswith("'") else None
    if section is None:
        # The section is a column (wrapped keys): keys are compared with their section in front.
        reach = f"(SELECT door.reach_all('{mode}'))"
        granted = f"(SELECT door.granted_all('{mode}'))"
        prefix = f"{table}.{section_sql} || ':' || "
    else:
        reach, granted, prefix = (
            f"(SELECT door.reach({section}, '{mode}'))",
            f"(SELECT door.granted({section}, '{mode}'))",
            "",
        )
    own_section = section or f"{table}.{section_sql}"
    stage = f"{prefix}{table}.stage || ':' ||"
    return f"""(
        ({stage} {table}.{unit}::text) = ANY ({reach}::text[])
        OR ({stage} {table}.{dossier}::text) = ANY ({reach}::text[])
        OR EXISTS (SELECT FROM access_grant g
                   WHERE g.dossier_id = {table}.{dossier} AND g.section = {own_section}
                     AND g.until > statement_timestamp() AND g.withdrawn_at IS NULL {writes}
                     AND ({stage} g.principal_id::text) = ANY ({granted}::text[]))
      ) AND {table}.{dossier} <> ALL ((SELECT door.walled())::uuid[])"""


def job_clause(section_sql: str, mode: str, table: str, dossier: str = "dossier_id") -> str:
    """This will give the row condition for a background task: the one dossier of its ticket, and nothing wider."""
    prefix = "" if section_sql.startswith("'") else f"{table}.{section_sql} || ':' || "
    reach = f"door.job_reach({section_sql}, '{mode}')" if not prefix else f"door.job_reach_all('{mode}')"
    return f"({prefix}{table}.stage || ':' || {table}.{dossier}::text) = ANY ((SELECT {reach})::text[])"


class Protect(migrations.operations.base.Operation):
    """Protect ``model``'s table as rows of ``section`` (or of the section named in the column ``section_column``)."""

    reversible = True
    reduces_to_sql = True

    def __init__(
        self,
        model: str,
        *,
        section: str = "",
        section_column: str = "",
        facts: tuple[str, ...] = (),
        updates: bool = True,
        spine: bool = False,
    ) -> None:
        """``facts``: columns the counter may read. ``updates``: False for rows that are only ever added."""
        self.model, self.section, self.section_column = model, section, section_column
        self.facts, self.updates, self.spine = facts, updates, spine

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        values = {
            "section": self.section,
            "section_column": self.section_column,
            "facts": self.facts,
            "updates": self.updates,
            "spine": self.spine,
        }
        return (
            type(self).__name__,
            [self.model],
            {k: v for k, v in values.items() if v not in ("", (), False)},
        )

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Nothing changes in the models' state."""

    def statements(self, table: str) -> list[str]:
        """This will give the SQL that protects ``table``."""
        section = f"'{self.section}'" if self.section else self.section_column
        dossier = "id" if self.spine else "dossier_id"
        read, write = (clause(section, mode, table, dossier) for mode in "rw")
        job_read, job_write = (job_clause(section, mode, table, dossier) for mode in "rw")
        verbs = "SELECT, INSERT, UPDATE" if self.updates else "SELECT, INSERT"
        made = [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"GRANT {verbs} ON {table} TO {APP}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {WORKER}",
            f"CREATE POLICY app_read ON {table} FOR SELECT TO {APP} USING ({read})",
            f"CREATE POLICY app_add ON {table} FOR INSERT TO {APP} WITH CHECK ({write})",
            f"CREATE POLICY app_change ON {table} FOR UPDATE TO {APP} USING ({write}) WITH CHECK ({write})",
            f"CREATE POLICY job_read ON {table} FOR SELECT TO {WORKER} USING ({job_read})",
            f"CREATE POLICY job_write ON {table} FOR ALL TO {WORKER} USING ({job_write}) WITH CHECK ({job_write})",
        ]
        if not self.spine:
            made.append(
                f"ALTER TABLE {table} ADD CONSTRAINT {table}_place FOREIGN KEY (dossier_id, unit_id, stage) "
                f"REFERENCES access_dossier (id, unit_id, stage) ON UPDATE CASCADE DEFERRABLE INITIALLY IMMEDIATE"
            )
            made.append(
                f"CREATE TRIGGER refuse_erased BEFORE INSERT ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION door.refuse_erased()"
            )
        if self.facts:
            made.append(f"GRANT SELECT ({', '.join(self.facts)}) ON {table} TO {COUNTER}")
            made.append(f"CREATE POLICY counter_read ON {table} FOR SELECT TO {COUNTER} USING (true)")
        return made

    def undo(self, table: str) -> list[str]:
        """This will give the SQL that takes the protection away again."""
        policies = ["app_read", "app_add", "app_change", "job_read", "job_write", "counter_read"]
        return [
            *(f"DROP POLICY IF EXISTS {policy} ON {table}" for policy in policies),
            f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {table}_place",
            f"DROP TRIGGER IF EXISTS refuse_erased ON {table}",
            f"REVOKE ALL ON {table} FROM {APP}, {WORKER}, {COUNTER}",
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        ]

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for statement in self.statements(to_state.apps.get_model(app_label, self.model)._meta.db_table):
            schema_editor.execute(statement)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for statement in self.undo(from_state.apps.get_model(app_label, self.model)._meta.db_table):
            schema_editor.execute(statement)

    def describe(self) -> str:
        return f"Protect {self.model} as {self.section or 'rows of several sections'}"


class Open(migrations.RunSQL):
    """Grant the run-time roles a table that holds nothing of a dossier; ``policy/open_tables.yaml`` says why."""

    def __init__(self, table: str, grants: dict[str, str]) -> None:
        self.table, self.grants = table, grants
        super().__init__(
            [f"GRANT {verbs} ON {table} TO {role}" for role, verbs in grants.items()],
            [f"REVOKE ALL ON {table} FROM {role}" for role in grants],
        )

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (type(self).__name__, [self.table, self.grants], {})
