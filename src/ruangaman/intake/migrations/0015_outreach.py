"""Who carries how much; an attempt and its appointment in step; nobody around is told of her without a ground."""

from django.db import migrations, models

import ruangaman.kernel.fields
from ruangaman.kernel.roles import APP

LOADS = """
-- What each companion of one's own unit carries: attempts still open, live files. Counts, and nothing of which files.
CREATE FUNCTION door.loads(of_unit uuid, OUT person uuid, OUT attempts integer, OUT files integer) RETURNS SETOF record
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF NOT of_unit = ANY (door.own_seats()) THEN RETURN; END IF;
    RETURN QUERY
        SELECT m.user_id,
            (SELECT count(*)::integer FROM intake_outreach o
             WHERE o.companion_id = m.user_id AND o.unit_id = of_unit AND o.ended_at IS NULL),
            (SELECT count(*)::integer FROM access_grant g JOIN access_dossier d ON d.id = g.dossier_id
             WHERE g.principal_id = m.user_id AND g.section = 'file' AND g.source = 'team' AND g.unit_id = of_unit
               AND g.until > statement_timestamp() AND g.withdrawn_at IS NULL
               AND d.stage <> 'closed' AND d.erased_at IS NULL)
        FROM access_membership m
        WHERE m.organisation_id = of_unit AND m.role = 'companion' AND m.since <= statement_timestamp()
          AND (m.until IS NULL OR m.until > statement_timestamp())
        GROUP BY m.user_id;
END $$;
"""
IN_STEP = """
-- An attempt and its appointment say the same, wherever somebody moves, cancels or misses it. What a companion found is
-- written with the attempt first; then this finds nothing left to end.
CREATE FUNCTION door.attempt_moves() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    UPDATE intake_outreach SET booking_id = NEW.id, starts_at = NEW.starts_at, ends_at = NEW.ends_at
    WHERE booking_id = NEW.moved_from_id AND dossier_id = NEW.dossier_id AND ended_at IS NULL;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION door.attempt_moves() FROM PUBLIC;
CREATE TRIGGER attempt_moves AFTER INSERT ON agenda_booking FOR EACH ROW
WHEN (NEW.moved_from_id IS NOT NULL) EXECUTE FUNCTION door.attempt_moves();

CREATE FUNCTION door.attempt_ends() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    UPDATE intake_outreach SET ended_at = NEW.changed_at,
        result = CASE NEW.state WHEN 'cancelled' THEN 'called_off' ELSE 'not_found' END
    WHERE booking_id = NEW.id AND dossier_id = NEW.dossier_id AND ended_at IS NULL;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION door.attempt_ends() FROM PUBLIC;
CREATE TRIGGER attempt_ends AFTER UPDATE OF state ON agenda_booking FOR EACH ROW
WHEN (NEW.state IN ('cancelled', 'missed')) EXECUTE FUNCTION door.attempt_ends();
"""
AWAITED = """
-- Whether somebody must still try to reach her: no attempt since the decision stands open or has reached her. An adult
-- who declined in private ends it; of a child a supervisor decides, so the next attempt is still asked for. Source:
-- care.md 5 and 11. A companion ends an attempt and may not write the administration of the file.
CREATE OR REPLACE FUNCTION door.outreach_awaited() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    UPDATE intake_report r SET awaits_outreach = NOT EXISTS (
        SELECT FROM intake_outreach o WHERE o.dossier_id = r.dossier_id AND o.planned_at >= r.triaged_at
        AND (o.result IN ('', 'reached') OR o.result = 'declined' AND NOT door.of_a_child(r)))
    WHERE r.dossier_id = NEW.dossier_id AND r.triage = 'outreach';
    RETURN NULL;
END $$;
"""
OF_A_CHILD = """
-- Whether the report, or what was recorded since, tells of a child. intake.queries.outreach says the same; a test looks.
CREATE FUNCTION door.of_a_child(r intake_report) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT r.for_whom = 'child' OR r.age_band IN ('under_12', 'under_15', 'under_18') OR EXISTS (
        SELECT FROM people_part p JOIN people_person one ON one.id = p.person_id
        WHERE p.dossier_id = r.dossier_id AND p.role = 'client' AND p.status = 'active'
          AND one.age_band IN ('0-5', '6-12', '13-17')) $$;
REVOKE ALL ON FUNCTION door.of_a_child(intake_report) FROM PUBLIC;
"""
BEFORE = """
CREATE OR REPLACE FUNCTION door.outreach_awaited() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    UPDATE intake_report r SET awaits_outreach = NOT EXISTS (
        SELECT FROM intake_outreach o WHERE o.dossier_id = r.dossier_id
        AND o.planned_at >= r.triaged_at AND o.result IN ('', 'reached', 'declined'))
    WHERE r.dossier_id = NEW.dossier_id AND r.triage = 'outreach';
    RETURN NULL;
END $$;
DROP FUNCTION door.of_a_child(intake_report);
"""
OWN = [
    "REVOKE ALL ON FUNCTION door.loads(uuid) FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION door.loads(uuid) TO {APP}",
    # In one's own name. Her house, and telling somebody around a child without being asked, are the supervisor's to
    # decide. Source: care.md 5 and 6.
    f"CREATE POLICY in_ones_own_name ON intake_outreach AS RESTRICTIVE FOR INSERT TO {APP} WITH CHECK "
    "(planned_by_id = (SELECT door.person()) AND (place_kind <> 'house' AND neighbours_ground <> 'child_danger' "
    "OR unit_id = ANY ((SELECT door.seats('{supervisor,head}'))::uuid[])))",
    # What was planned stays as it was planned; what came of it is written.
    f"REVOKE UPDATE ON intake_outreach FROM {APP}",
    f"GRANT UPDATE (stage, result, ended_at, note, safe_now, wants) ON intake_outreach TO {APP}",
]


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0014_triage"),
        ("agenda", "0005_client_thread"),
        ("people", "0002_protection"),
    ]
    operations = [
        migrations.AddField(
            model_name="outreach",
            name="neighbours_ground",
            field=models.CharField(
                blank=True,
                choices=[
                    ("her_word", "Ia sendiri menyetujuinya, ditanya secara pribadi"),
                    ("child_danger", "Anak dalam bahaya dan belum bisa ditanya: keputusan penyelia"),
                ],
                default="",
                max_length=12,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="outreach",
            name="neighbours_word",
            field=ruangaman.kernel.fields.SealedField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="outreach",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("neighbours_ground", ""), ("neighbours_word", None), ("tells_neighbours", False)
                )
                | (
                    models.Q(("neighbours_word__isnull", False), ("tells_neighbours", True))
                    & models.Q(("neighbours_ground", ""), _negated=True)
                ),
                name="intake_outreach_tells_on_a_ground",
            ),
        ),
        migrations.AddConstraint(
            model_name="outreach",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("safe_now", ""), ("result__in", ["reached", "declined"]), _connector="OR"
                ),
                name="intake_outreach_safe_by_her_word",
            ),
        ),
        migrations.RunSQL(LOADS, "DROP FUNCTION door.loads(uuid)"),
        migrations.RunSQL(
            IN_STEP, "DROP FUNCTION door.attempt_moves() CASCADE; DROP FUNCTION door.attempt_ends() CASCADE"
        ),
        migrations.RunSQL(OF_A_CHILD + AWAITED, BEFORE),
        migrations.RunSQL(OWN, migrations.RunSQL.noop),
    ]
