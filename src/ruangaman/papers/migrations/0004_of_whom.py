"""Of several clients in a file a partner sees the papers of those who agreed to it; and what was taken is listed."""

from django.db import migrations

from ruangaman.kernel.roles import APP

SHOWN = f"""
-- Whether a paper is about somebody whom a partner is shown. One about nobody is told of the whole file: then every client
-- has to be shown. A function, because the policies of papers and letters would call each other for ever.
CREATE FUNCTION door.paper_shown(of_dossier uuid, subject uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE seen uuid[] := door.shown_people(of_dossier, 'identity');
BEGIN
    IF subject IS NOT NULL THEN RETURN subject = ANY (seen); END IF;
    RETURN NOT EXISTS (SELECT FROM people_part p WHERE p.dossier_id = of_dossier AND p.role = 'client'
                       AND p.status = 'active' AND p.person_id <> ALL (seen));
END $$;
REVOKE ALL ON FUNCTION door.paper_shown(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION door.paper_shown(uuid, uuid) TO {APP};

CREATE FUNCTION door.letter_shown(of_dossier uuid, of_paper uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM papers_paper p WHERE p.id = of_paper AND p.dossier_id = of_dossier
                   AND door.paper_shown(of_dossier, p.subject_id)) $$;
REVOKE ALL ON FUNCTION door.letter_shown(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION door.letter_shown(uuid, uuid) TO {APP};
"""
# door.principals names a person, and besides only the partners they answer for: one name, no partner.
UNIT = "cardinality((SELECT door.principals())::uuid[]) < 2"
# Beside that, what one brought oneself without saying whom it is about.
POLICIES = [
    f"CREATE POLICY shown_alone ON papers_paper AS RESTRICTIVE FOR SELECT TO {APP} "
    f"USING ({UNIT} OR (subject_id IS NULL AND added_by_id = (SELECT door.person())) "
    "OR door.paper_shown(dossier_id, subject_id))",
    f"CREATE POLICY shown_alone ON papers_letter AS RESTRICTIVE FOR SELECT TO {APP} "
    f"USING ({UNIT} OR door.letter_shown(dossier_id, paper_id))",
]
NO_POLICIES = [
    "DROP POLICY shown_alone ON papers_letter",
    "DROP POLICY shown_alone ON papers_paper",
]
HELD = f"""
-- What somebody, or somebody of a partner, was sent and took of a file: letters, and copies of papers. Kinds and moments.
CREATE FUNCTION door.held_papers(of_dossier uuid, to_whom uuid, OUT at timestamptz, OUT what text, OUT kind text)
RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT l.issued_at, 'letter', t.kind::text FROM papers_letter l JOIN papers_template t ON t.id = l.template_id
    WHERE l.dossier_id = of_dossier AND l.organisation_id = to_whom AND door.may_list_held(of_dossier, to_whom)
    UNION ALL
    (SELECT e.at, CASE e.verb WHEN 'paper_downloaded' THEN 'copy' ELSE 'look' END, e.fields_named[1]::text
     FROM ledger_entry e
     WHERE e.dossier_id = of_dossier AND e.verb IN ('paper_downloaded', 'paper_looked_at', 'evidence_opened')
       AND door.may_list_held(of_dossier, to_whom)
       AND (e.actor_id = to_whom OR e.actor_id IN (
            SELECT m.user_id FROM access_membership m
            WHERE m.organisation_id = to_whom AND m.role = 'partner_officer'))
     ORDER BY e.at DESC LIMIT 60) $$;
REVOKE ALL ON FUNCTION door.held_papers(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION door.held_papers(uuid, uuid) TO {APP};
"""


class Migration(migrations.Migration):
    dependencies = [("papers", "0003_scans_and_sections"), ("consent", "0005_asking_back")]
    operations = [
        migrations.RunSQL(
            SHOWN,
            "DROP FUNCTION door.letter_shown(uuid, uuid) CASCADE; DROP FUNCTION door.paper_shown(uuid, uuid) CASCADE",
        ),
        migrations.RunSQL(POLICIES, NO_POLICIES),
        migrations.RunSQL(HELD, "DROP FUNCTION door.held_papers(uuid, uuid)"),
    ]
