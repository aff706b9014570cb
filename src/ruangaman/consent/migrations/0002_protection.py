"""Consents lie in the section plan, and the database itself turns them into grants, and back."""

from django.db import migrations

from ruangaman.kernel.protection import Protect

PROJECT = """
-- What live consents of a dossier allow one recipient becomes its grants, and nothing else does. Run at each change of a
-- consent, so that a withdrawal closes access in the same transaction, whoever wrote it and by whatever statement.
-- The matrix is the ceiling. What was agreed to before somebody else's consent ended stays as long as it was agreed.
CREATE FUNCTION door.project_consents() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.recipient_id IS NULL THEN RETURN NULL; END IF;
    UPDATE access_grant g SET withdrawn_at = coalesce(NEW.withdrawn_at, NEW.answered_at)
    WHERE g.dossier_id = NEW.dossier_id AND g.principal_id = NEW.recipient_id AND g.source = 'consent'
      AND g.withdrawn_at IS NULL;
    INSERT INTO access_grant (id, dossier_id, unit_id, stage, section, principal_id, writes, source, given_by_id, given_at, until)
    SELECT gen_random_uuid(), NEW.dossier_id, NEW.unit_id, NEW.stage, m.section, NEW.recipient_id,
           bool_or(m.writes), 'consent', NEW.recorded_by_id, min(c.answered_at), max(c.until)
    FROM consent_consent c
    CROSS JOIN LATERAL jsonb_array_elements_text(c.scope) AS s (section)
    JOIN access_matrixcell m ON m.role = 'partner_officer' AND m.reach = 'grant' AND m.stage = 'case'
                            AND m.section = s.section
    WHERE c.dossier_id = NEW.dossier_id AND c.recipient_id = NEW.recipient_id
      AND c.answer = 'given' AND c.withdrawn_at IS NULL
    GROUP BY m.section
    ON CONFLICT (dossier_id, section, principal_id, source) DO UPDATE
    SET writes = excluded.writes, given_by_id = excluded.given_by_id, given_at = excluded.given_at,
        until = excluded.until, withdrawn_at = NULL;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION door.project_consents() FROM PUBLIC;
CREATE TRIGGER project_consents AFTER INSERT OR UPDATE ON consent_consent
FOR EACH ROW EXECUTE FUNCTION door.project_consents();
"""
LIVE = """
-- Whether a consent of this dossier allows this service now (a run-time role) or then (the owner, who loads history).
CREATE FUNCTION door.consented(wanted uuid, of_dossier uuid, of_service text, recipient uuid, at timestamptz)
RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM consent_consent c
        WHERE c.id = wanted AND c.dossier_id = of_dossier AND c.service = of_service AND c.answer = 'given'
          AND c.recipient_id IS NOT DISTINCT FROM recipient AND c.withdrawn_at IS NULL
          AND c.until > CASE WHEN session_user LIKE 'ruangaman\\_%' THEN statement_timestamp() ELSE at END) $$;
REVOKE ALL ON FUNCTION door.consented(uuid, uuid, text, uuid, timestamptz) FROM PUBLIC;
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
        migrations.RunSQL(LIVE, "DROP FUNCTION door.consented(uuid, uuid, text, uuid, timestamptz)"),
    ]
