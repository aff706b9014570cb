"""Who sees a process against the client; whoever is told at once; pressure to settle lies in the section risk."""

from django.db import migrations

from ruangaman.kernel.protection import Protect
from ruangaman.kernel.roles import APP

COUNSEL = f"""
-- Whether who asks speaks for a client where she is the reported person: the newest step says who does (null: the unit's
-- own lawyer). Yes or no about oneself alone, so that it is no oracle.
CREATE FUNCTION door.is_counsel(of_dossier uuid, of_client uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT coalesce((
        SELECT l.counsel_id = ANY (door.principals()) FROM justice_legalstep l
        WHERE l.dossier_id = of_dossier AND l.side = 'against' AND door.one(l.client_id) = door.one(of_client)
        ORDER BY l.recorded_at DESC, l.id DESC LIMIT 1), false) $$;
REVOKE ALL ON FUNCTION door.is_counsel(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION door.is_counsel(uuid, uuid) TO {APP};

-- Her counsel neither prosecutes her nor assists the other side. Here, because a partner who writes a step does not see
-- every other one.
CREATE FUNCTION door.counsel_is_hers() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.counsel_id IN (NEW.institution_id, NEW.opposing_id) OR EXISTS (
        SELECT FROM justice_legalstep l WHERE l.dossier_id = NEW.dossier_id
          AND NEW.counsel_id IN (l.institution_id, l.opposing_id)) THEN
        RAISE EXCEPTION 'the counsel of a client is neither where the process is held nor on the other side'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION door.counsel_is_hers() FROM PUBLIC;
CREATE TRIGGER counsel_is_hers BEFORE INSERT OR UPDATE OF counsel_id, institution_id, opposing_id
ON justice_legalstep FOR EACH ROW EXECUTE FUNCTION door.counsel_is_hers();

-- Whom to tell at once, where the client is accused or was pressed: who supervises the unit, who manages the case, and
-- its lawyers. A lawyer or a partner sees no team, so it is asked here; only by who writes such a thing in that file.
CREATE FUNCTION door.guards_of(of_dossier uuid, lawyers boolean) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE d access_dossier;
BEGIN
    SELECT * INTO d FROM access_dossier WHERE id = of_dossier;
    IF NOT FOUND OR d.id = ANY (door.walled()) OR NOT EXISTS (
        SELECT FROM unnest(ARRAY['legal', 'risk']) AS s (section)
        WHERE (d.stage || ':' || d.unit_id) = ANY (door.reach(s.section, 'w'))
           OR EXISTS (SELECT FROM access_grant g WHERE g.dossier_id = d.id AND g.section = s.section AND g.writes
                      AND g.until > statement_timestamp() AND g.withdrawn_at IS NULL
                      AND (d.stage || ':' || g.principal_id) = ANY (door.granted(s.section, 'w')))) THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT DISTINCT m.user_id FROM access_membership m JOIN access_user u ON u.id = m.user_id AND u.is_active
    WHERE m.organisation_id = d.unit_id AND m.since <= statement_timestamp()
      AND (m.until IS NULL OR m.until > statement_timestamp())
      AND (m.role = 'supervisor'
           OR (m.role = 'case_manager' OR lawyers AND m.role = 'lawyer') AND EXISTS (
               SELECT FROM access_grant g WHERE g.dossier_id = d.id AND g.principal_id = m.user_id
                 AND g.source = 'team' AND g.until > statement_timestamp() AND g.withdrawn_at IS NULL));
END $$;
REVOKE ALL ON FUNCTION door.guards_of(uuid, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION door.guards_of(uuid, boolean) TO {APP};
"""
# ``door.principals`` names a person, and besides only the partners they answer for: one name, no partner.
UNIT = "cardinality((SELECT door.principals())::uuid[]) < 2"
# Whoever agreed that this partner sees the legal part.
AGREED = "client_id = ANY (door.shown_people(dossier_id, 'legal'))"
ITS_CLIENT = "door.is_counsel(dossier_id, client_id)"
SIDES = [
    # Of a process against the client a partner sees something only where it is her counsel: a prosecutor or the police
    # never, though they see the process about what was done to her. And nobody names themselves her counsel.
    f"CREATE POLICY own_side ON justice_legalstep AS RESTRICTIVE FOR ALL TO {APP} "
    f"USING ({UNIT} OR {AGREED} AND (side = 'hers' OR {ITS_CLIENT})) "
    f"WITH CHECK ({UNIT} OR {AGREED} AND (side = 'hers' OR {ITS_CLIENT} "
    "AND counsel_id = ANY ((SELECT door.principals())::uuid[])))",
    # Whoever pressed her may be of a partner.
    f"CREATE POLICY never_a_partner ON justice_pressure AS RESTRICTIVE FOR ALL TO {APP} USING ({UNIT})",
    # A process against her is not counted as hers (Lampiran D.IV).
    "GRANT SELECT (side) ON justice_legalstep TO ruangaman_counter",
]


class Migration(migrations.Migration):
    dependencies = [("justice", "0004_sides_and_pressure"), ("consent", "0004_standing")]
    operations = [
        Protect("Pressure", section="risk", updates=False),
        migrations.RunSQL(
            COUNSEL,
            "DROP FUNCTION door.counsel_is_hers() CASCADE; DROP FUNCTION door.is_counsel(uuid, uuid) CASCADE; "
            "DROP FUNCTION door.guards_of(uuid, boolean)",
        ),
        migrations.RunSQL(
            SIDES,
            "DROP POLICY IF EXISTS own_side ON justice_legalstep; DROP POLICY never_a_partner ON justice_pressure",
        ),
    ]
