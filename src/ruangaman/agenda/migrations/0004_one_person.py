"""Who was written down twice in a file is one person here too: they must not meet under either name."""

from django.db import migrations

ONE = """
CREATE OR REPLACE FUNCTION door.side_of(of_dossier uuid, whom uuid, staff uuid, kind text) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN EXISTS (SELECT FROM people_part p JOIN people_person q ON q.id = p.person_id
                     WHERE q.one_id = door.one(whom) AND p.dossier_id = of_dossier
                     AND p.status = 'active' AND p.role = 'reported') THEN 'reported'
        WHEN staff IS NOT NULL AND kind IN ('outreach', 'home_visit') THEN 'safe'
        WHEN EXISTS (SELECT FROM people_part p JOIN people_person q ON q.id = p.person_id
                     WHERE q.one_id = door.one(whom) AND p.dossier_id = of_dossier
                     AND p.status = 'active' AND p.role IN ('client', 'guardian', 'witness', 'reporter', 'trusted')) THEN 'safe'
    END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("agenda", "0003_sections"), ("people", "0008_who_is_who_protection")]
    operations = [migrations.RunSQL(ONE, migrations.RunSQL.noop)]
