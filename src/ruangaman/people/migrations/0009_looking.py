"""Looking for people leaves a trace, and tells no more than it must; a hidden match reaches one officer."""

from django.db import migrations

from ruangaman.kernel.roles import APP, WORKER

LOOKING = f"""
-- Looking for somebody: two identifiers, a trace, and of other units only which ones know a client alike. Nothing of a
-- file that the asker is walled off counts. Source: care.md 18.
CREATE FUNCTION door.look_up(of_unit uuid, kinds jsonb, units uuid[], tokens bytea[], OUT probe uuid, OUT elsewhere uuid[])
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE gone uuid[] := door.walled();
BEGIN
    IF NOT of_unit = ANY (door.seats('{{intake_officer,companion,case_manager,supervisor,head}}')) THEN
        RAISE EXCEPTION 'whoever looks for people works in a unit' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF jsonb_typeof(kinds) <> 'array' OR (
        SELECT count(DISTINCT kind) FROM jsonb_array_elements_text(kinds) AS told (kind)
        WHERE kind IN ('name', 'birth_year', 'area', 'nik')) < 2 THEN
        RAISE EXCEPTION 'two identifiers are needed' USING ERRCODE = 'check_violation';
    END IF;
    elsewhere := coalesce((
        SELECT array_agg(DISTINCT asked.unit)
        FROM unnest(units, tokens) AS asked (unit, token)
        CROSS JOIN (VALUES ('intake'), ('case'), ('closed')) AS at (stage)
        WHERE asked.unit <> of_unit AND EXISTS (
            SELECT FROM people_nametoken t
            WHERE t.unit_id = asked.unit AND t.section = 'identity' AND t.stage = at.stage AND t.token = asked.token
              AND t.dossier_id <> ALL (gone)
              AND EXISTS (SELECT FROM people_part c WHERE c.person_id = t.person_id AND c.role = 'client'
                          AND c.status = 'active'))), '{{}}');
    INSERT INTO people_probe (id, unit_id, asked_by_id, asked_at, identifiers, elsewhere)
    VALUES (gen_random_uuid(), of_unit, door.person(), statement_timestamp(), kinds, cardinality(elsewhere))
    RETURNING id INTO probe;
END $$;
REVOKE ALL ON FUNCTION door.look_up(uuid, jsonb, uuid[], bytea[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION door.look_up(uuid, jsonb, uuid[], bytea[]) TO {APP};

-- One named officer of a unit who may know of a hidden match: its longest-serving supervisor who is not walled off, else
-- its head.
CREATE FUNCTION door.officer_for(of_unit uuid, of_dossier uuid, other uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT m.user_id FROM access_membership m JOIN access_user u ON u.id = m.user_id AND u.is_active
    WHERE m.organisation_id = of_unit AND m.role IN ('supervisor', 'head')
      AND m.since <= statement_timestamp() AND (m.until IS NULL OR m.until > statement_timestamp())
      AND NOT EXISTS (SELECT FROM access_wall w WHERE w.person_id = m.user_id AND w.lifted_at IS NULL
                      AND w.dossier_id IN (of_dossier, other))
    ORDER BY m.role DESC, m.since, m.id LIMIT 1 $$;
REVOKE ALL ON FUNCTION door.officer_for(uuid, uuid, uuid) FROM PUBLIC;

-- That a reported person may be one who was reported before: for one officer of each unit. Who wrote it down learns
-- nothing, not even whether there was a match. ``rare``: tokens of a name alone count only where at most three people of
-- the unit share it. Source: care.md 18; security.md, "Hidden matches".
CREATE FUNCTION door.note_matches(of_person uuid, units uuid[], tokens bytea[], rare boolean[]) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE me people_person;
BEGIN
    SELECT * INTO me FROM people_person WHERE id = of_person;
    IF NOT FOUND OR me.dossier_id = ANY (door.walled())
       OR NOT ((me.stage || ':' || me.unit_id) = ANY (door.reach('parties', 'w'))
               OR EXISTS (SELECT FROM access_grant g WHERE g.dossier_id = me.dossier_id AND g.section = 'parties'
                          AND g.until > statement_timestamp() AND g.withdrawn_at IS NULL AND g.writes
                          AND (me.stage || ':' || g.principal_id) = ANY (door.granted('parties', 'w')))) THEN
        RETURN;
    END IF;
    INSERT INTO people_match (id, unit_id, officer_id, dossier_id, person_id, other_unit_id, other_dossier_id,
                              other_person_id, found_at)
    SELECT gen_random_uuid(), side.unit, o.officer, side.dossier, side.person, side.other_unit,
           CASE WHEN side.other_unit = side.unit THEN side.other_dossier END, side.other, statement_timestamp()
    FROM (
        SELECT DISTINCT q.id, q.unit_id, q.dossier_id
        FROM (
            SELECT DISTINCT asked.unit, asked.token, asked.rare, hit.person_id, hit.dossier_id,
                   count(*) OVER (PARTITION BY asked.unit, asked.token) AS sharing
            FROM unnest(units, tokens, rare) AS asked (unit, token, rare)
            CROSS JOIN (VALUES ('intake'), ('case'), ('closed')) AS at (stage)
            CROSS JOIN LATERAL (
                SELECT t.person_id, t.dossier_id FROM people_nametoken t
                WHERE t.unit_id = asked.unit AND t.section = 'parties' AND t.stage = at.stage
                  AND t.token = asked.token AND t.dossier_id <> me.dossier_id
                ORDER BY t.opened_at DESC LIMIT 4) AS hit
        ) AS hit
        JOIN people_person q ON q.id = hit.person_id
        WHERE (NOT hit.rare OR hit.sharing <= 3)
          AND EXISTS (SELECT FROM people_part p WHERE p.person_id = q.id AND p.role = 'reported' AND p.status = 'active')
    ) AS found
    CROSS JOIN LATERAL (VALUES
        (found.unit_id, found.dossier_id, found.id, me.unit_id, me.dossier_id, me.id),
        (me.unit_id, me.dossier_id, me.id, found.unit_id, found.dossier_id, found.id)
    ) AS side (unit, dossier, person, other_unit, other_dossier, other)
    CROSS JOIN LATERAL (SELECT door.officer_for(side.unit, side.dossier, side.other_dossier) AS officer) AS o
    WHERE o.officer IS NOT NULL AND (side.unit <> side.other_unit OR side.person = me.id)
    ON CONFLICT DO NOTHING;
END $$;
REVOKE ALL ON FUNCTION door.note_matches(uuid, uuid[], bytea[], boolean[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION door.note_matches(uuid, uuid[], bytea[], boolean[]) TO {APP};

-- For the task that tells: searches of which no report came, and matches that nobody was told of. Ids only; marked as
-- told in the transaction in which they are.
CREATE FUNCTION door.job_probes_due(before timestamptz, most integer, OUT probe uuid, OUT officer uuid)
RETURNS SETOF record
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    WITH due AS (
        UPDATE people_probe p SET alarmed_at = statement_timestamp()
        WHERE p.id IN (SELECT id FROM people_probe WHERE settled_at IS NULL AND alarmed_at IS NULL AND asked_at < before
                       ORDER BY asked_at LIMIT most FOR UPDATE SKIP LOCKED)
        RETURNING p.id, p.unit_id, p.asked_by_id)
    SELECT d.id, m.user_id FROM due d
    JOIN access_membership m ON m.organisation_id = d.unit_id AND m.role IN ('supervisor', 'data_officer')
         AND m.since <= statement_timestamp() AND (m.until IS NULL OR m.until > statement_timestamp())
         AND m.user_id <> d.asked_by_id
    JOIN access_user u ON u.id = m.user_id AND u.is_active $$;
REVOKE ALL ON FUNCTION door.job_probes_due(timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION door.job_probes_due(timestamptz, integer) TO {WORKER};

CREATE FUNCTION door.job_matches_untold(most integer, OUT found uuid, OUT officer uuid) RETURNS SETOF record
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    -- Who left their seat, or was walled off since, hands over to the next.
    UPDATE people_match m SET officer_id = next.officer, told_at = NULL
    FROM people_match w
    CROSS JOIN LATERAL (SELECT door.officer_for(w.unit_id, w.dossier_id, w.other_dossier_id) AS officer) AS next
    WHERE m.id = w.id AND w.handled_at IS NULL AND next.officer IS NOT NULL AND next.officer <> w.officer_id
      AND (EXISTS (SELECT FROM access_wall l WHERE l.person_id = w.officer_id AND l.lifted_at IS NULL
                   AND l.dossier_id IN (w.dossier_id, w.other_dossier_id))
           OR NOT EXISTS (SELECT FROM access_membership s JOIN access_user u ON u.id = s.user_id AND u.is_active
                          WHERE s.user_id = w.officer_id AND s.organisation_id = w.unit_id
                            AND s.role IN ('supervisor', 'head') AND s.since <= statement_timestamp()
                            AND (s.until IS NULL OR s.until > statement_timestamp())));
    UPDATE people_match SET told_at = statement_timestamp()
    WHERE id IN (SELECT id FROM people_match WHERE told_at IS NULL ORDER BY found_at LIMIT most FOR UPDATE SKIP LOCKED)
    RETURNING id, officer_id $$;
REVOKE ALL ON FUNCTION door.job_matches_untold(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION door.job_matches_untold(integer) TO {WORKER};

-- What is erased matches nobody any more.
CREATE FUNCTION door.forget_matches() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM people_match WHERE NEW.id IN (dossier_id, other_dossier_id)
        OR other_person_id IN (SELECT id FROM people_person WHERE dossier_id = NEW.id);
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION door.forget_matches() FROM PUBLIC;
CREATE TRIGGER forget_matches AFTER UPDATE OF erased_at ON access_dossier FOR EACH ROW
    WHEN (OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL) EXECUTE FUNCTION door.forget_matches();
"""
NOT_LOOKING = """
DROP FUNCTION door.forget_matches() CASCADE;
DROP FUNCTION door.job_matches_untold(integer); DROP FUNCTION door.job_probes_due(timestamptz, integer);
DROP FUNCTION door.note_matches(uuid, uuid[], bytea[], boolean[]); DROP FUNCTION door.officer_for(uuid, uuid, uuid);
DROP FUNCTION door.look_up(uuid, jsonb, uuid[], bytea[]);
"""
OFFICER = (
    "officer_id = (SELECT door.person()) AND unit_id = ANY ((SELECT door.seats('{supervisor,head}'))::uuid[]) "
    "AND dossier_id <> ALL ((SELECT door.walled())::uuid[]) "
    "AND (other_dossier_id IS NULL OR other_dossier_id <> ALL ((SELECT door.walled())::uuid[]))"
)
RULES = [
    "ALTER TABLE people_probe ENABLE ROW LEVEL SECURITY",
    f"GRANT SELECT, UPDATE (dossier_id, settled_at) ON people_probe TO {APP}",
    f"CREATE POLICY own_or_watched ON people_probe FOR SELECT TO {APP} USING (asked_by_id = (SELECT door.person()) "
    "OR unit_id = ANY ((SELECT door.seats('{supervisor,head,data_officer}'))::uuid[]))",
    f"CREATE POLICY settle_own ON people_probe FOR UPDATE TO {APP} "
    "USING (asked_by_id = (SELECT door.person()) AND settled_at IS NULL) "
    "WITH CHECK (asked_by_id = (SELECT door.person()) "
    "AND EXISTS (SELECT FROM access_dossier d WHERE d.id = people_probe.dossier_id))",
    "ALTER TABLE people_match ENABLE ROW LEVEL SECURITY",
    f"GRANT SELECT, UPDATE (handled_at) ON people_match TO {APP}",
    f"CREATE POLICY own_read ON people_match FOR SELECT TO {APP} USING ({OFFICER})",
    f"CREATE POLICY own_handled ON people_match FOR UPDATE TO {APP} USING ({OFFICER})",
]
UNRULED = [
    *(f"DROP POLICY {policy} ON people_{table}" for policy, table in (
        ("own_or_watched", "probe"), ("settle_own", "probe"), ("own_read", "match"), ("own_handled", "match"))),
    f"REVOKE ALL ON people_probe, people_match FROM {APP}",
    *(f"ALTER TABLE people_{table} DISABLE ROW LEVEL SECURITY" for table in ("probe", "match")),
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("people", "0008_who_is_who_protection"), ("access", "0005_sections")]
    operations = [migrations.RunSQL(LOOKING, NOT_LOOKING), migrations.RunSQL(RULES, UNRULED)]
