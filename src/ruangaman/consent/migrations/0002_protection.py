"""Consents lie in the section plan, and the database itself turns them into grants, and back."""

from django.db import migrations

from ruangaman.kernel.protection import Protect
from ruangaman.kernel.roles import APP

PROJECT = """
-- What live consents of a dossier allow one recipient becomes its grants, and nothing else does. Run at each change of a
-- consent, so that a withdrawal closes access in the same transaction, whoever wrote it and by whatever statement.
-- For each client and service the newest answer decides: who agreed to all and later to less shares less, and a no after
-- a yes closes. Only a guardian's no about medical care or protection closes nothing (care.md 11). The matrix is the
-- ceiling.
CREATE FUNCTION door.project_consents() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.recipient_id IS NULL THEN RETURN NULL; END IF;
    UPDATE access_grant g SET withdrawn_at = coalesce(NEW.withdrawn_at, NEW.answered_at)
    WHERE g.dossier_id = NEW.dossier_id AND g.principal_id = NEW.recipient_id AND g.source = 'consent'
      AND g.withdrawn_at IS NULL;
    INSERT INTO access_grant (id, dossier_id, unit_id, stage, section, principal_id, writes, source, given_by_id, given_at, until)
    SELECT gen_random_uuid(), NEW.dossier_id, NEW.unit_id, NEW.stage, m.section, NEW.recipient_id,
           bool_or(m.writes), 'consent', NEW.recorded_by_id, min(newest.answered_at), max(newest.until)
    FROM (
        SELECT DISTINCT ON (c.client_id, c.service) c.* FROM consent_consent c
        WHERE c.dossier_id = NEW.dossier_id AND c.recipient_id = NEW.recipient_id
          AND NOT (c.answer <> 'given' AND c.basis = 'guardian' AND c.service IN ('medical', 'shelter'))
        ORDER BY c.client_id, c.service, c.answered_at DESC, c.id DESC
    ) newest
    CROSS JOIN LATERAL jsonb_array_elements_text(newest.scope) AS s (section)
    JOIN access_matrixcell m ON m.role = 'partner_officer' AND m.reach = 'grant' AND m.stage = 'case'
                            AND m.section = s.section
    WHERE newest.answer = 'given' AND newest.withdrawn_at IS NULL
    GROUP BY m.section
    ON CONFLICT (dossier_id, section, principal_id, source) DO UPDATE
    SET writes = excluded.writes, given_by_id = excluded.given_by_id, given_at = excluded.given_at,
        until = excluded.until, withdrawn_at = NULL;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION door.project_consents() FROM PUBLIC;
-- Not at a change of stage or unit, which the row only follows: that would open again what was closed apart.
CREATE TRIGGER project_consents AFTER INSERT OR UPDATE OF answer, scope, until, withdrawn_at, recipient_id
ON consent_consent FOR EACH ROW EXECUTE FUNCTION door.project_consents();
"""
WITHDRAWN = """
-- What was withdrawn stays so: to agree again is a new answer.
CREATE FUNCTION door.stays_withdrawn() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'a consent that was withdrawn stays withdrawn' USING ERRCODE = 'check_violation';
END $$;
REVOKE ALL ON FUNCTION door.stays_withdrawn() FROM PUBLIC;
CREATE TRIGGER stays_withdrawn BEFORE UPDATE OF withdrawn_at, withdrawn_by_id ON consent_consent
FOR EACH ROW WHEN (OLD.withdrawn_at IS NOT NULL AND (NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at
                   OR NEW.withdrawn_by_id IS DISTINCT FROM OLD.withdrawn_by_id))
EXECUTE FUNCTION door.stays_withdrawn();
"""
LIVE = """
-- Whether a consent of this dossier allows this service now (a run-time role) or then (the owner, who loads history).
-- Not where a no came after it, nor where the guardian who gave it was barred since: then it is asked again (care.md 10).
CREATE FUNCTION door.consented(wanted uuid, of_dossier uuid, of_service text, recipient uuid, at timestamptz)
RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM consent_consent c
        WHERE c.id = wanted AND c.dossier_id = of_dossier AND c.service = of_service AND c.answer = 'given'
          AND c.recipient_id IS NOT DISTINCT FROM recipient AND c.withdrawn_at IS NULL
          AND c.until > CASE WHEN session_user IN ('ruangaman_app', 'ruangaman_worker') THEN statement_timestamp() ELSE at END
          AND NOT EXISTS (
              SELECT FROM consent_consent n
              WHERE n.dossier_id = c.dossier_id AND n.client_id = c.client_id AND n.service = c.service
                AND n.recipient_id IS NOT DISTINCT FROM c.recipient_id AND n.answer <> 'given'
                AND (n.answered_at, n.id) > (c.answered_at, c.id)
                AND NOT (n.basis = 'guardian' AND n.service IN ('medical', 'shelter')))
          AND NOT EXISTS (
              SELECT FROM people_part p
              WHERE c.basis = 'guardian' AND p.dossier_id = c.dossier_id AND p.person_id = c.given_by_id
                AND p.role = 'guardian' AND p.status = 'refused')) $$;
REVOKE ALL ON FUNCTION door.consented(uuid, uuid, text, uuid, timestamptz) FROM PUBLIC;
"""
ONLY_SO = f"""
-- A partner holds nothing but what a consent gives: the web writes no grant for a partner or its people, nor one that
-- pretends to come from a consent, nor opens such a one again. It may close it.
CREATE FUNCTION door.is_partner(principal uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM access_organisation o WHERE o.id = principal AND o.kind = 'partner')
        OR coalesce((SELECT bool_and(o.kind = 'partner') FROM access_membership m
                     JOIN access_organisation o ON o.id = m.organisation_id WHERE m.user_id = principal), false) $$;
REVOKE ALL ON FUNCTION door.is_partner(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION door.is_partner(uuid) TO {APP};
CREATE POLICY partner_add ON access_grant AS RESTRICTIVE FOR INSERT TO {APP}
    WITH CHECK (source <> 'consent' AND NOT door.is_partner(principal_id));
CREATE POLICY partner_change ON access_grant AS RESTRICTIVE FOR UPDATE TO {APP} USING (true)
    WITH CHECK (withdrawn_at IS NOT NULL OR (source <> 'consent' AND NOT door.is_partner(principal_id)));
"""
NOT_ONLY = """
DROP POLICY partner_add ON access_grant;
DROP POLICY partner_change ON access_grant;
DROP FUNCTION door.is_partner(uuid);
"""


class Migration(migrations.Migration):
    dependencies = [("consent", "0001_initial"), ("access", "0003_protection"), ("people", "0002_protection")]
    operations = [
        Protect(
            "Consent",
            section="plan",
            facts=(
                "id",
                "dossier_id",
                "unit_id",
                "stage",
                "client_id",
                "service",
                "recipient_id",
                "answer",
                "basis",
                "answered_at",
                "withdrawn_at",
            ),
        ),
        migrations.RunSQL(PROJECT, "DROP FUNCTION door.project_consents() CASCADE"),
        migrations.RunSQL(WITHDRAWN, "DROP FUNCTION door.stays_withdrawn() CASCADE"),
        migrations.RunSQL(LIVE, "DROP FUNCTION door.consented(uuid, uuid, text, uuid, timestamptz)"),
        migrations.RunSQL(ONLY_SO, NOT_ONLY),
    ]
