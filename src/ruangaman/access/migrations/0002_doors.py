"""How the database works out what a ticket reaches: memberships × matrix, grants, walls; and powers with four eyes."""

from django.db import migrations

from ruangaman.kernel.roles import APP, COUNTER, WORKER

REACH = """
-- Keys of the form stage:unit or stage:dossier that the ticket reaches in one section.
CREATE FUNCTION door.reach(wanted text, mode text) RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE t record;
BEGIN
    SELECT * INTO t FROM door.ticket();
    IF t.purpose = 'staff' THEN
        RETURN coalesce((
            SELECT array_agg(DISTINCT c.stage || ':' || m.organisation_id)
            FROM access_membership m
            JOIN access_user u ON u.id = m.user_id AND u.is_active
            JOIN access_organisation o ON o.id = m.organisation_id AND o.is_active
            JOIN access_matrixcell c ON c.role = m.role AND c.reach = 'unit' AND c.section = wanted
            WHERE m.user_id = t.person AND m.since <= statement_timestamp() AND (m.until IS NULL OR m.until > statement_timestamp())
              AND CASE mode WHEN 'w' THEN c.writes ELSE c.reads END), '{}');
    ELSIF t.purpose NOT LIKE 'job%' THEN
        RETURN coalesce((
            SELECT array_agg(c.stage || ':' || t.scope) FROM access_matrixcell c
            WHERE c.role = t.purpose AND c.reach = 'scope' AND c.section = wanted
              AND CASE mode WHEN 'w' THEN c.writes ELSE c.reads END), '{}');
    END IF;
    RETURN '{}';
END $$;

-- The same with the section in front, for the table of wrapped keys, whose rows are of several sections.
CREATE FUNCTION door.reach_all(mode text) RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE t record;
BEGIN
    SELECT * INTO t FROM door.ticket();
    IF t.purpose = 'staff' THEN
        RETURN coalesce((
            SELECT array_agg(DISTINCT c.section || ':' || c.stage || ':' || m.organisation_id)
            FROM access_membership m
            JOIN access_user u ON u.id = m.user_id AND u.is_active
            JOIN access_organisation o ON o.id = m.organisation_id AND o.is_active
            JOIN access_matrixcell c ON c.role = m.role AND c.reach = 'unit'
            WHERE m.user_id = t.person AND m.since <= statement_timestamp() AND (m.until IS NULL OR m.until > statement_timestamp())
              AND CASE mode WHEN 'w' THEN c.writes ELSE c.reads END), '{}');
    ELSIF t.purpose NOT LIKE 'job%' THEN
        RETURN coalesce((
            SELECT array_agg(c.section || ':' || c.stage || ':' || t.scope) FROM access_matrixcell c
            WHERE c.role = t.purpose AND c.reach = 'scope'
              AND CASE mode WHEN 'w' THEN c.writes ELSE c.reads END), '{}');
    END IF;
    RETURN '{}';
END $$;

-- Keys of the form stage:principal that grants of one section may open: the matrix is the ceiling of a grant.
CREATE FUNCTION door.granted(wanted text, mode text) RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE t record;
BEGIN
    SELECT * INTO t FROM door.ticket();
    IF t.purpose IS DISTINCT FROM 'staff' THEN RETURN '{}'; END IF;
    RETURN coalesce((
        SELECT array_agg(DISTINCT c.stage || ':' || p.principal)
        FROM access_membership m
        JOIN access_user u ON u.id = m.user_id AND u.is_active
        JOIN access_organisation o ON o.id = m.organisation_id AND o.is_active
        JOIN access_matrixcell c ON c.role = m.role AND c.reach = 'grant' AND c.section = wanted
        -- An agency's grant is used by its officers; a person's own grant by that person in any role.
        CROSS JOIN LATERAL (VALUES (m.user_id), (m.organisation_id)) AS p (principal)
        WHERE m.user_id = t.person AND m.since <= statement_timestamp() AND (m.until IS NULL OR m.until > statement_timestamp())
          AND (p.principal = m.user_id OR m.role = 'partner_officer')
          AND CASE mode WHEN 'w' THEN c.writes ELSE c.reads END), '{}');
END $$;

CREATE FUNCTION door.granted_all(mode text) RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE t record;
BEGIN
    SELECT * INTO t FROM door.ticket();
    IF t.purpose IS DISTINCT FROM 'staff' THEN RETURN '{}'; END IF;
    RETURN coalesce((
        SELECT array_agg(DISTINCT c.section || ':' || c.stage || ':' || p.principal)
        FROM access_membership m
        JOIN access_user u ON u.id = m.user_id AND u.is_active
        JOIN access_organisation o ON o.id = m.organisation_id AND o.is_active
        JOIN access_matrixcell c ON c.role = m.role AND c.reach = 'grant'
        CROSS JOIN LATERAL (VALUES (m.user_id), (m.organisation_id)) AS p (principal)
        WHERE m.user_id = t.person AND m.since <= statement_timestamp() AND (m.until IS NULL OR m.until > statement_timestamp())
          AND (p.principal = m.user_id OR m.role = 'partner_officer')
          AND CASE mode WHEN 'w' THEN c.writes ELSE c.reads END), '{}');
END $$;

-- Dossiers whose team the ticket's person looks after by a grant of their own (a case manager). A function, because a
-- policy of the table of grants that read the table of grants would call itself for ever.
CREATE FUNCTION door.teams(mode text) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    RETURN coalesce((
        SELECT array_agg(DISTINCT g.dossier_id) FROM access_grant g
        WHERE g.principal_id = ANY (door.principals()) AND g.section = 'team' AND (mode = 'r' OR g.writes)
          AND g.until > statement_timestamp() AND g.withdrawn_at IS NULL
          AND (g.stage || ':' || g.principal_id) = ANY (door.granted('team', mode))), '{}');
END $$;

CREATE FUNCTION door.principals() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE t record;
BEGIN
    SELECT * INTO t FROM door.ticket();
    IF t.purpose IS DISTINCT FROM 'staff' THEN RETURN '{}'; END IF;
    RETURN coalesce((
        SELECT array_agg(DISTINCT p.principal) FROM access_membership m
        JOIN access_user u ON u.id = m.user_id AND u.is_active
        JOIN access_organisation o ON o.id = m.organisation_id AND o.is_active
        CROSS JOIN LATERAL (VALUES (m.user_id), (m.organisation_id)) AS p (principal)
        WHERE m.user_id = t.person AND m.since <= statement_timestamp() AND (m.until IS NULL OR m.until > statement_timestamp())
          AND (p.principal = m.user_id OR m.role = 'partner_officer')), '{}');
END $$;

CREATE FUNCTION door.walled() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    RETURN coalesce((
        SELECT array_agg(w.dossier_id) FROM access_wall w
        WHERE w.person_id = (SELECT t.person FROM door.ticket() t) AND w.lifted_at IS NULL), '{}');
END $$;

-- A task's ticket reaches its one dossier. Any wider ticket, a person's too, reaches nothing in the worker's role.
CREATE FUNCTION door.job_reach(wanted text, mode text) RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE t record;
BEGIN
    SELECT * INTO t FROM door.ticket();
    IF t.purpose IS NULL OR t.purpose NOT LIKE 'job%' OR t.scope IS NULL OR t.person IS NOT NULL THEN RETURN '{}'; END IF;
    RETURN coalesce((
        SELECT array_agg(c.stage || ':' || t.scope) FROM access_matrixcell c
        WHERE c.role = t.purpose AND c.reach = 'scope' AND c.section = wanted
          AND CASE mode WHEN 'w' THEN c.writes ELSE c.reads END), '{}');
END $$;

CREATE FUNCTION door.job_reach_all(mode text) RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE t record;
BEGIN
    SELECT * INTO t FROM door.ticket();
    IF t.purpose IS NULL OR t.purpose NOT LIKE 'job%' OR t.scope IS NULL OR t.person IS NOT NULL THEN RETURN '{}'; END IF;
    RETURN coalesce((
        SELECT array_agg(c.section || ':' || c.stage || ':' || t.scope) FROM access_matrixcell c
        WHERE c.role = t.purpose AND c.reach = 'scope'
          AND CASE mode WHEN 'w' THEN c.writes ELSE c.reads END), '{}');
END $$;

-- Organisations whose people and powers the ticket's person looks after: their own and all below.
CREATE FUNCTION door.administered() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE t record;
BEGIN
    SELECT * INTO t FROM door.ticket();
    IF t.purpose IS DISTINCT FROM 'staff' THEN RETURN '{}'; END IF;
    RETURN coalesce((
        WITH RECURSIVE below AS (
            SELECT m.organisation_id AS id FROM access_membership m
            JOIN access_user u ON u.id = m.user_id AND u.is_active
            JOIN access_organisation o ON o.id = m.organisation_id AND o.is_active
            WHERE m.user_id = t.person AND m.role IN ('administrator', 'head')
              AND m.since <= statement_timestamp() AND (m.until IS NULL OR m.until > statement_timestamp())
            UNION
            SELECT o.id FROM access_organisation o JOIN below b ON o.parent_id = b.id)
        SELECT array_agg(id) FROM below), '{}');
END $$;

-- Accounts that never had a role, for whoever may propose one: until then they belong to no organisation.
CREATE FUNCTION door.newcomers() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF cardinality(door.administered()) = 0 THEN RETURN '{}'; END IF;
    RETURN coalesce((
        SELECT array_agg(u.id) FROM access_user u
        WHERE u.is_active AND NOT EXISTS (SELECT FROM access_membership m WHERE m.user_id = u.id)), '{}');
END $$;

-- The only way a membership is written at run time: from a proposal that a second person approved just now.
CREATE FUNCTION door.apply_power(wanted uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE p access_powerproposal; me uuid := door.person();
BEGIN
    SELECT * INTO p FROM access_powerproposal WHERE id = wanted FOR UPDATE;
    IF NOT FOUND OR p.decision <> 'approved' OR p.decided_by_id IS DISTINCT FROM me
       OR p.decided_by_id = p.proposed_by_id OR p.decided_by_id = p.user_id OR p.proposed_by_id = p.user_id
       OR NOT p.organisation_id = ANY (door.administered()) OR p.applied_at IS NOT NULL THEN
        RAISE EXCEPTION 'a power needs two other persons' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE access_powerproposal SET applied_at = statement_timestamp() WHERE id = wanted;
    IF p.kind = 'give' THEN
        INSERT INTO access_membership (id, user_id, organisation_id, role, since)
        VALUES (gen_random_uuid(), p.user_id, p.organisation_id, p.role, statement_timestamp())
        ON CONFLICT DO NOTHING;
    ELSE
        UPDATE access_membership SET until = statement_timestamp()
        WHERE user_id = p.user_id AND organisation_id = p.organisation_id AND role = p.role AND until IS NULL;
    END IF;
END $$;

-- For the ledger entry of a refused attempt: which dossier somebody who signed in asked for and may not know of.
CREATE FUNCTION door.refused(wanted text, OUT dossier uuid, OUT unit uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS
$$ SELECT id, unit_id FROM access_dossier
   WHERE reference = wanted AND (SELECT t.purpose FROM door.ticket() t) = 'staff' $$;

-- That something is withheld is said: the names of the sections that hold something, and only to who sees the dossier by
-- rank or as one of its team. A partner is told nothing: which services a client gets elsewhere is no business of theirs.
CREATE FUNCTION door.sections_held(wanted uuid) RETURNS TABLE (section text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE d access_dossier; t record;
BEGIN
    SELECT * INTO t FROM door.ticket();
    SELECT * INTO d FROM access_dossier WHERE id = wanted;
    IF NOT FOUND OR t.purpose IS DISTINCT FROM 'staff' OR wanted = ANY (door.walled()) THEN RETURN; END IF;
    IF (d.stage || ':' || d.unit_id) = ANY (door.reach('file', 'r'))
       OR EXISTS (SELECT FROM access_grant g WHERE g.dossier_id = wanted AND g.section = 'file'
                  AND g.until > statement_timestamp() AND g.withdrawn_at IS NULL
                  AND g.principal_id = t.person
                  AND (d.stage || ':' || g.principal_id) = ANY (door.granted('file', 'r'))) THEN
        RETURN QUERY SELECT DISTINCT k.section::text FROM access_datakey k
                     WHERE k.dossier_id = wanted AND k.destroyed_at IS NULL;
    END IF;
END $$;

-- Who holds one of these roles in an organisation, for colleagues of the same organisation: whom a file can be given to.
CREATE FUNCTION door.colleagues(wanted uuid, roles text[], OUT person uuid, OUT role text) RETURNS SETOF record
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE t record;
BEGIN
    SELECT * INTO t FROM door.ticket();
    IF t.purpose IS DISTINCT FROM 'staff' OR NOT EXISTS (
        SELECT FROM access_membership m JOIN access_user u ON u.id = m.user_id AND u.is_active
        WHERE m.user_id = t.person AND m.organisation_id = wanted
          AND m.since <= statement_timestamp() AND (m.until IS NULL OR m.until > statement_timestamp())) THEN RETURN;
    END IF;
    RETURN QUERY SELECT m.user_id, m.role::text FROM access_membership m
        JOIN access_user u ON u.id = m.user_id AND u.is_active
        WHERE m.organisation_id = wanted AND m.role = ANY (roles)
          AND m.since <= statement_timestamp() AND (m.until IS NULL OR m.until > statement_timestamp());
END $$;

-- Organisations where the ticket's person holds one of these roles now.
CREATE FUNCTION door.seats(wanted text[]) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE t record;
BEGIN
    SELECT * INTO t FROM door.ticket();
    IF t.purpose IS DISTINCT FROM 'staff' THEN RETURN '{}'; END IF;
    RETURN coalesce((
        SELECT array_agg(DISTINCT m.organisation_id) FROM access_membership m
        JOIN access_user u ON u.id = m.user_id AND u.is_active
        JOIN access_organisation o ON o.id = m.organisation_id AND o.is_active
        WHERE m.user_id = t.person AND m.role = ANY (wanted)
          AND m.since <= statement_timestamp() AND (m.until IS NULL OR m.until > statement_timestamp())), '{}');
END $$;

-- Nothing comes into a dossier that was erased. The lock makes a row that arrives meanwhile wait for the erasure's end.
CREATE FUNCTION door.refuse_erased() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE gone timestamptz;
BEGIN
    SELECT erased_at INTO gone FROM access_dossier WHERE id = NEW.dossier_id FOR KEY SHARE;
    IF gone IS NOT NULL THEN
        RAISE EXCEPTION 'this dossier was erased' USING ERRCODE = 'RA001';
    END IF;
    RETURN NEW;
END $$;

-- Erasures that two persons wanted and no task has carried out yet.
CREATE FUNCTION door.job_erasures_due() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS
$$ SELECT r.dossier_id FROM access_erasurerequest r JOIN access_dossier d ON d.id = r.dossier_id
   WHERE r.decision = 'approved' AND d.erased_at IS NULL ORDER BY r.decided_at $$;

-- How many of these dossiers, of which the record outside the database says that they were destroyed, are not.
CREATE FUNCTION door.undestroyed(wanted uuid[]) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS
$$ SELECT count(*)::integer FROM access_dossier d WHERE d.id = ANY (wanted)
   AND (d.erased_at IS NULL
        OR EXISTS (SELECT FROM access_datakey k WHERE k.dossier_id = d.id AND k.wrapped IS NOT NULL)) $$;
"""
FUNCTIONS = [
    "reach(text, text)",
    "reach_all(text)",
    "granted(text, text)",
    "granted_all(text)",
    "teams(text)",
    "principals()",
    "walled()",
    "job_reach(text, text)",
    "job_reach_all(text)",
    "administered()",
    "newcomers()",
    "apply_power(uuid)",
    "refused(text)",
    "sections_held(uuid)",
    "seats(text[])",
    "colleagues(uuid, text[])",
    "undestroyed(uuid[])",
    "job_erasures_due()",
]


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_initial"),
        ("kernel", "0002_counting"),
        ("ledger", "0002_order_and_roles"),
    ]
    operations = [
        migrations.RunSQL(REACH, [f"DROP FUNCTION door.{f}" for f in (*FUNCTIONS, "refuse_erased()")]),
        migrations.RunSQL(
            [
                *(f"REVOKE ALL ON FUNCTION door.{f} FROM PUBLIC" for f in FUNCTIONS),
                *(
                    f"GRANT EXECUTE ON FUNCTION door.{f} TO {APP}"
                    for f in FUNCTIONS
                    if not f.startswith("job_")
                ),
                *(
                    f"GRANT EXECUTE ON FUNCTION door.{f} TO {WORKER}"
                    for f in FUNCTIONS
                    if f.startswith("job_")
                ),
                f"GRANT EXECUTE ON FUNCTION door.undestroyed(uuid[]) TO {WORKER}",
                f"GRANT USAGE ON SCHEMA door TO {COUNTER}",
            ],
            migrations.RunSQL.noop,
        ),
    ]
