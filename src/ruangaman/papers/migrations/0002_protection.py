"""Papers lie in their section; evidence opens for two; templates and letterheads are the unit's own."""

from django.db import migrations

from ruangaman.kernel.protection import Protect, clause
from ruangaman.kernel.roles import APP, WORKER

GENUINE = """
-- Whether a letter is genuine, for who holds its code: what stands on the letter anyway, and nothing else.
CREATE FUNCTION door.genuine(wanted bytea, OUT unit text, OUT number text, OUT issued timestamptz, OUT revoked boolean)
RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT o.name::text, l.number::text, l.issued_at, l.state = 'revoked'
    FROM papers_letter l JOIN access_organisation o ON o.id = l.unit_id
    WHERE l.genuine_hash = wanted AND length(wanted) = 32 $$;

-- The kept evidence of a file never changes: neither what it is nor its digest, by whatever statement.
CREATE FUNCTION door.evidence_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.state <> 'receiving' AND session_user IN ('ruangaman_app') AND
       (NEW.id, NEW.dossier_id, NEW.is_evidence, NEW.name, NEW.digest, NEW.size, NEW.pieces, NEW.content_type,
        NEW.origin, NEW.added_by_id, NEW.added_at, NEW.kept_at, NEW.key_id, NEW.section, NEW.state)
       IS DISTINCT FROM
       (OLD.id, OLD.dossier_id, OLD.is_evidence, OLD.name, OLD.digest, OLD.size, OLD.pieces, OLD.content_type,
        OLD.origin, OLD.added_by_id, OLD.added_at, OLD.kept_at, OLD.key_id, OLD.section, OLD.state)
    THEN
        RAISE EXCEPTION 'what was kept is never altered' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION door.evidence_stays() FROM PUBLIC;
CREATE TRIGGER evidence_stays BEFORE UPDATE ON papers_paper FOR EACH ROW EXECUTE FUNCTION door.evidence_stays();

-- Files whose upload was never finished: (paper, dossier). The task deletes them, pieces first.
CREATE FUNCTION door.job_unfinished(before timestamptz, OUT paper uuid, OUT dossier uuid)
RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT id, dossier_id FROM papers_paper
    WHERE state = 'receiving' AND added_at < before ORDER BY added_at LIMIT 500 $$;

-- Papers of erased files: their keys are gone already, and the task deletes what can't be opened any more.
CREATE FUNCTION door.job_erased_papers(OUT paper uuid, OUT dossier uuid) RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT p.id, p.dossier_id FROM papers_paper p JOIN access_dossier d ON d.id = p.dossier_id
    WHERE d.erased_at IS NOT NULL AND p.pieces > 0 ORDER BY d.erased_at LIMIT 500 $$;
"""
KEEPERS = "'{head,supervisor}'"
# A section may be open to a partner; the unit's papers in it are not. A partner sees what it brought itself, and
# letters that were written to it. Of several partners in one dossier each sees its own.
OF_THE_UNIT = "unit_id = ANY ((SELECT door.own_seats())::uuid[])"
# Where the paper of an opening or a link of the chain is evidence, of that dossier and section.
EVIDENCE_OF = (
    "SELECT FROM papers_paper p WHERE p.id = {0}.paper_id AND p.dossier_id = {0}.dossier_id "
    "AND p.unit_id = {0}.unit_id AND p.section = {0}.section AND p.is_evidence"
)
READS = {table: clause("section", "r", table) for table in ("papers_opening", "papers_custody")}
# Who decides on an opening. Nobody of rank reads psychological notes, so there it is another psychologist of the team.
DECIDERS = (
    "unit_id = ANY (CASE section WHEN 'psychological' THEN (SELECT door.seats('{psychologist}')) "
    "ELSE (SELECT door.seats('{head,supervisor,case_manager}')) END)"
)
PROTECTION = [
    f"CREATE POLICY unit_or_own ON papers_paper AS RESTRICTIVE FOR SELECT TO {APP} USING ({OF_THE_UNIT} "
    "OR added_by_id = (SELECT door.person()) OR EXISTS (SELECT FROM papers_letter l WHERE l.paper_id = papers_paper.id "
    "AND l.organisation_id = ANY ((SELECT door.principals())::uuid[])))",
    f"CREATE POLICY in_ones_own_name ON papers_paper AS RESTRICTIVE FOR INSERT TO {APP} WITH CHECK "
    "(added_by_id = (SELECT door.person()))",
    f"CREATE POLICY unit_or_own ON papers_letter AS RESTRICTIVE FOR SELECT TO {APP} USING ({OF_THE_UNIT} "
    "OR organisation_id = ANY ((SELECT door.principals())::uuid[]))",
    f"CREATE POLICY unit_alone ON papers_opening AS RESTRICTIVE FOR ALL TO {APP} USING ({OF_THE_UNIT})",
    f"CREATE POLICY unit_alone ON papers_custody AS RESTRICTIVE FOR SELECT TO {APP} USING ({OF_THE_UNIT})",
    # A file that was never finished is taken back; one that is kept is not.
    f"GRANT DELETE ON papers_paper TO {APP}",
    f"CREATE POLICY take_back ON papers_paper FOR DELETE TO {APP} USING "
    "(state = 'receiving' AND added_by_id = (SELECT door.person()))",
    f"CREATE POLICY job_forget ON papers_paper FOR ALL TO {WORKER} USING "
    "(dossier_id = (SELECT door.scope('job_papers')))",
    # Opening evidence is reading it, and the chain tells of reading: who reads the section takes part in both.
    *(f"DROP POLICY {name} ON {table}" for table in READS for name in ("app_add", "app_change")),
    *(f"CREATE POLICY app_add ON {t} FOR INSERT TO {APP} WITH CHECK ({reads})" for t, reads in READS.items()),
    f"CREATE POLICY app_change ON papers_opening FOR UPDATE TO {APP} USING ({READS['papers_opening']})",
    f"REVOKE UPDATE ON papers_opening FROM {APP}",
    f"GRANT UPDATE (decision, decided_by_id, decided_at, until) ON papers_opening TO {APP}",
    # Evidence is asked for in one's own name and allowed in one's own name; the table keeps the two apart.
    f"CREATE POLICY ask ON papers_opening AS RESTRICTIVE FOR INSERT TO {APP} WITH CHECK "
    "(asked_by_id = (SELECT door.person()) AND decision = 'open' "
    f"AND EXISTS ({EVIDENCE_OF.format('papers_opening')} AND p.state = 'kept'))",
    f"CREATE POLICY decide ON papers_opening AS RESTRICTIVE FOR UPDATE TO {APP} "
    f"USING (decision = 'open' AND {DECIDERS}) WITH CHECK (decided_by_id = (SELECT door.person()) AND {DECIDERS} "
    "AND (until IS NULL OR until <= decided_at + interval '1 hour'))",
    # A partner that brings evidence begins its chain. That something was opened is not told unless it was allowed.
    f"CREATE POLICY own_name ON papers_custody AS RESTRICTIVE FOR INSERT TO {APP} WITH CHECK "
    f"(done_by_id = (SELECT door.person()) AND EXISTS ({EVIDENCE_OF.format('papers_custody')} "
    f"AND (p.{OF_THE_UNIT} OR (papers_custody.act = 'entered' AND p.added_by_id = papers_custody.done_by_id))) "
    "AND (act <> 'opened' OR EXISTS (SELECT FROM papers_opening o WHERE o.paper_id = papers_custody.paper_id "
    "AND o.asked_by_id = papers_custody.done_by_id AND o.decision = 'approved' "
    "AND o.until > papers_custody.done_at)))",
    # A letter bears the number and the name of its unit: a partner who may write a section issues none in them.
    f"CREATE POLICY own_name ON papers_letter AS RESTRICTIVE FOR INSERT TO {APP} WITH CHECK "
    f"(issued_by_id = (SELECT door.person()) AND {OF_THE_UNIT})",
    f"CREATE POLICY unit_takes_back ON papers_letter AS RESTRICTIVE FOR UPDATE TO {APP} USING ({OF_THE_UNIT})",
    # What a letter said stays; that it was taken back is written once.
    f"REVOKE UPDATE ON papers_letter FROM {APP}",
    f"GRANT UPDATE (stage, state, revoked_by_id, revoked_at) ON papers_letter TO {APP}",
    "ALTER TABLE papers_letterhead ENABLE ROW LEVEL SECURITY",
    f"GRANT SELECT, INSERT, UPDATE ON papers_letterhead TO {APP}",
    f"CREATE POLICY colleagues ON papers_letterhead FOR SELECT TO {APP} USING "
    "(unit_id = ANY ((SELECT door.own_seats())::uuid[]))",
    f"CREATE POLICY keep ON papers_letterhead FOR ALL TO {APP} USING "
    f"(unit_id = ANY ((SELECT door.seats({KEEPERS}))::uuid[])) WITH CHECK "
    f"(unit_id = ANY ((SELECT door.seats({KEEPERS}))::uuid[]) AND changed_by_id = (SELECT door.person()))",
    "ALTER TABLE papers_template ENABLE ROW LEVEL SECURITY",
    f"GRANT SELECT, INSERT ON papers_template TO {APP}",
    f"CREATE POLICY colleagues ON papers_template FOR SELECT TO {APP} USING "
    "((SELECT door.person()) IS NOT NULL AND (owner_id IS NULL OR owner_id = ANY ((SELECT door.own_seats())::uuid[])))",
    f"CREATE POLICY keep ON papers_template FOR INSERT TO {APP} WITH CHECK "
    f"(owner_id = ANY ((SELECT door.seats({KEEPERS}))::uuid[]) AND written_by_id = (SELECT door.person()))",
    "ALTER TABLE papers_series ENABLE ROW LEVEL SECURITY",
    f"GRANT SELECT, INSERT, UPDATE ON papers_series TO {APP}",
    f"CREATE POLICY colleagues ON papers_series FOR ALL TO {APP} USING "
    "(unit_id = ANY ((SELECT door.own_seats())::uuid[])) WITH CHECK "
    "(unit_id = ANY ((SELECT door.own_seats())::uuid[]))",
]
SEATS = """
-- Organisations where the ticket's person holds any role now.
CREATE FUNCTION door.own_seats() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE t record;
BEGIN
    SELECT * INTO t FROM door.ticket();
    IF t.purpose IS DISTINCT FROM 'staff' THEN RETURN '{}'; END IF;
    RETURN coalesce((
        SELECT array_agg(DISTINCT m.organisation_id) FROM access_membership m
        JOIN access_user u ON u.id = m.user_id AND u.is_active
        JOIN access_organisation o ON o.id = m.organisation_id AND o.is_active
        WHERE m.user_id = t.person
          AND m.since <= statement_timestamp() AND (m.until IS NULL OR m.until > statement_timestamp())), '{}');
END $$;
"""
APP_DOORS = ("genuine(bytea)", "own_seats()")
JOB_DOORS = ("job_unfinished(timestamptz)", "job_erased_papers()")


class Migration(migrations.Migration):
    dependencies = [("papers", "0001_initial"), ("access", "0004_accounts"), ("people", "0002_protection")]
    operations = [
        Protect("Paper", section_column="section"),
        Protect("Opening", section_column="section"),
        Protect("Custody", section_column="section", updates=False),
        Protect("Letter", section_column="section"),
        migrations.RunSQL(
            SEATS + GENUINE,
            "DROP FUNCTION door.evidence_stays() CASCADE; "
            + "; ".join(f"DROP FUNCTION door.{f} CASCADE" for f in (*APP_DOORS, *JOB_DOORS)),
        ),
        migrations.RunSQL(
            [
                *(f"REVOKE ALL ON FUNCTION door.{f} FROM PUBLIC" for f in (*APP_DOORS, *JOB_DOORS)),
                *(f"GRANT EXECUTE ON FUNCTION door.{f} TO {APP}" for f in APP_DOORS),
                *(f"GRANT EXECUTE ON FUNCTION door.{f} TO {WORKER}" for f in JOB_DOORS),
            ],
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(PROTECTION, migrations.RunSQL.noop),
    ]
