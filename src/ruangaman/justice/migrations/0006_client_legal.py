"""What a client sees with her own code of where the legal process stands. Source: care.md 2."""

from django.db import migrations

from ruangaman.kernel.roles import APP

LEGAL = f"""
-- The newest step and its day, of the process about what was done to her: no number, no words, and nothing of one in
-- which she is the reported person, which her counsel tells her. Source: care.md 21.
CREATE FUNCTION door.client_legal(OUT step text, OUT happened_on date) RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT s.step::text, s.happened_on
    FROM intake_clientthread t
    JOIN people_person me ON me.id = t.person_id
    JOIN people_person p ON p.dossier_id = t.dossier_id AND p.one_id = me.one_id
    JOIN justice_legalstep s ON s.dossier_id = t.dossier_id AND s.client_id = p.id AND s.side = 'hers'
    WHERE t.id = door.scope('client') AND t.opens_legal AND t.revoked_at IS NULL AND t.locked_at IS NULL
    ORDER BY s.happened_on DESC, s.recorded_at DESC LIMIT 1 $$;
REVOKE ALL ON FUNCTION door.client_legal() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION door.client_legal() TO {APP};
"""


class Migration(migrations.Migration):
    dependencies = [("justice", "0005_sides_and_pressure_protection"), ("intake", "0010_threads")]
    operations = [migrations.RunSQL(LEGAL, "DROP FUNCTION door.client_legal()")]
