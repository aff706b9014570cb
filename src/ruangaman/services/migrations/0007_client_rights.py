"""What a client sees with her own code of what she was offered, agreed to and was given. Source: care.md 2."""

from django.db import migrations

from ruangaman.kernel.roles import APP

RIGHTS = f"""
-- Codes alone, of her own needs, where she chose to see them: no text, no name, no provider.
CREATE FUNCTION door.client_rights(OUT service text, OUT state text) RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT DISTINCT ON (n.service) n.service::text,
           CASE WHEN n.state = 'met' THEN 'delivered'
                WHEN n.state = 'unmet' AND n.unmet = 'declined' THEN 'refused'
                WHEN n.state = 'unmet' THEN 'unmet'
                WHEN c.answer = 'refused' OR c.withdrawn_at IS NOT NULL THEN 'refused'
                WHEN c.answer = 'given' AND c.until > statement_timestamp() THEN 'accepted'
                ELSE 'offered' END
    FROM intake_clientthread t
    JOIN people_person me ON me.id = t.person_id
    JOIN people_person p ON p.dossier_id = t.dossier_id AND p.one_id = me.one_id
    JOIN cases_need n ON n.dossier_id = t.dossier_id AND n.client_id = p.id
    LEFT JOIN LATERAL (
        SELECT a.answer, a.withdrawn_at, a.until FROM consent_consent a
        JOIN people_person q ON q.id = a.client_id AND q.one_id = me.one_id
        WHERE a.dossier_id = t.dossier_id AND a.service = n.service
        ORDER BY a.answered_at DESC, a.id DESC LIMIT 1) c ON true
    WHERE t.id = door.scope('client') AND t.opens_rights AND t.revoked_at IS NULL AND t.locked_at IS NULL
      AND n.unmet <> 'mistaken'
    ORDER BY n.service, n.state = 'met' DESC, n.recorded_at DESC $$;
REVOKE ALL ON FUNCTION door.client_rights() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION door.client_rights() TO {APP};
"""


class Migration(migrations.Migration):
    dependencies = [
        ("services", "0006_client_thread"),
        ("intake", "0010_threads"),
        ("cases", "0003_hours_since"),
        ("consent", "0005_asking_back"),
    ]
    operations = [migrations.RunSQL(RIGHTS, "DROP FUNCTION door.client_rights()")]
