"""Nobody in two places at once; nobody brought together who must not meet; one's own hours for oneself."""

from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations

from ruangaman.kernel.protection import Protect, clause
from ruangaman.kernel.roles import APP

ONE_PLACE = [
    (
        "ALTER TABLE agenda_seat ADD CONSTRAINT agenda_one_person_one_place EXCLUDE USING gist "
        "(user_id WITH =, tstzrange(starts_at, ends_at) WITH &&) WHERE (is_live AND user_id IS NOT NULL)",
        "ALTER TABLE agenda_seat DROP CONSTRAINT agenda_one_person_one_place",
    ),
    (
        "ALTER TABLE agenda_seat ADD CONSTRAINT agenda_one_resource_one_place EXCLUDE USING gist "
        "(resource_id WITH =, tstzrange(starts_at, ends_at) WITH &&) WHERE (is_live AND resource_id IS NOT NULL)",
        "ALTER TABLE agenda_seat DROP CONSTRAINT agenda_one_resource_one_place",
    ),
]
APART = """
-- How long before and after they must not be at one place either. agenda.policies says the same; a test compares.
CREATE FUNCTION door.apart_margin() RETURNS interval LANGUAGE sql IMMUTABLE AS $$ SELECT interval '60 minutes' $$;

-- Whether two places may be one. Surely: the same building, the same sealed words. Two buildings are two places; but
-- words can name a place in many ways, so where either is no building it is one place wherever an area is the other's,
-- or lies within it (codes of areas begin with those they lie in).
CREATE FUNCTION door.one_place(venue_a uuid, spot_a bytea, area_a text, venue_b uuid, spot_b bytea, area_b text)
RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(venue_a = venue_b, false) OR coalesce(spot_a = spot_b, false)
        OR ((venue_a IS NULL OR venue_b IS NULL)
            AND coalesce(starts_with(area_a, area_b) OR starts_with(area_b, area_a), false)) $$;

-- On which side somebody at an appointment is: 'reported'; 'safe' (who must not meet the reported person, and staff who
-- go to her); or none.
CREATE FUNCTION door.side_of(of_dossier uuid, whom uuid, staff uuid, kind text) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN EXISTS (SELECT FROM people_part p WHERE p.person_id = whom AND p.dossier_id = of_dossier
                     AND p.status = 'active' AND p.role = 'reported') THEN 'reported'
        WHEN staff IS NOT NULL AND kind IN ('outreach', 'home_visit') THEN 'safe'
        WHEN EXISTS (SELECT FROM people_part p WHERE p.person_id = whom AND p.dossier_id = of_dossier
                     AND p.status = 'active' AND p.role IN ('client', 'guardian', 'witness', 'reporter', 'trusted')) THEN 'safe'
    END $$;

-- The local time a unit keeps: of its own place, or of what stands above it. clocks.queries counts by the same.
CREATE FUNCTION door.zone_of(of_unit uuid) RETURNS text LANGUAGE sql STABLE AS $$
    WITH RECURSIVE chain AS (
        SELECT id, parent_id, place_id, 0 AS depth FROM access_organisation WHERE id = of_unit
        UNION ALL
        SELECT o.id, o.parent_id, o.place_id, c.depth + 1 FROM access_organisation o JOIN chain c ON o.id = c.parent_id
        WHERE c.depth < 10)
    SELECT coalesce((SELECT p.time_zone FROM chain c JOIN places_place p ON p.code = c.place_id
                     ORDER BY c.depth LIMIT 1), 'Asia/Jakarta') $$;

-- Whether somebody of one side at an appointment would meet the other: at the very appointment, at another of the file,
-- or where the reported person is known to be at that hour. Looks past what the asker may see, and says no more than
-- yes or no. What a supervisor has let in after ``decided_from`` was decided knowing of this one.
CREATE FUNCTION door.meets(b agenda_booking, side text, decided_from timestamptz) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
DECLARE early timestamptz := b.starts_at - door.apart_margin(); late timestamptz := b.ends_at + door.apart_margin();
        zone text := door.zone_of(b.unit_id);
        area text := coalesce(b.area_id, (SELECT v.area_id FROM agenda_venue v WHERE v.id = b.venue_id));
BEGIN
    IF EXISTS (
        SELECT FROM agenda_seat s JOIN agenda_booking o ON o.id = s.booking_id LEFT JOIN agenda_venue v ON v.id = o.venue_id
        WHERE s.dossier_id = b.dossier_id AND s.is_live AND s.starts_at < late AND s.ends_at > early
          AND (o.id = b.id OR door.one_place(b.venue_id, b.spot, area, o.venue_id, o.spot, coalesce(o.area_id, v.area_id)))
          AND (decided_from IS NULL OR o.overridden_by_id IS NULL OR o.made_at < decided_from)
          AND door.side_of(s.dossier_id, s.person_id, s.user_id, o.kind)
              = CASE side WHEN 'safe' THEN 'reported' WHEN 'reported' THEN 'safe' END) THEN
        RETURN true;
    END IF;
    RETURN side = 'safe' AND EXISTS (
        SELECT FROM agenda_presence w LEFT JOIN agenda_venue v ON v.id = w.venue_id
        -- Every local day that the appointment and its margins touch.
        CROSS JOIN LATERAL (
            SELECT (early AT TIME ZONE zone)::date + n AS day
            FROM generate_series(0, (late AT TIME ZONE zone)::date - (early AT TIME ZONE zone)::date) AS n) AS one
        WHERE w.dossier_id = b.dossier_id AND w.ended_at IS NULL
          AND door.side_of(w.dossier_id, w.person_id, NULL, '') = 'reported'
          AND one.day >= w.from_on AND (w.until_on IS NULL OR one.day <= w.until_on)
          AND (w.weekdays >> (extract(isodow FROM one.day)::integer - 1)) & 1 = 1
          AND ((one.day + w.from_time) AT TIME ZONE zone) < late
          AND ((one.day + w.until_time) AT TIME ZONE zone) > early
          AND door.one_place(b.venue_id, b.spot, area, w.venue_id, w.spot, coalesce(w.area_id, v.area_id)));
END $$;

-- One after the other: two that are written at this moment must see each other.
CREATE FUNCTION door.one_by_one() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('apart:' || NEW.dossier_id::text, 0));
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION door.one_by_one() FROM PUBLIC;
CREATE TRIGGER one_by_one BEFORE INSERT ON agenda_presence FOR EACH ROW EXECUTE FUNCTION door.one_by_one();

CREATE FUNCTION door.keep_apart() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE b agenda_booking; side text;
BEGIN
    IF NOT NEW.is_live THEN RETURN NEW; END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('apart:' || NEW.dossier_id::text, 0));
    SELECT * INTO b FROM agenda_booking WHERE id = NEW.booking_id AND dossier_id = NEW.dossier_id FOR KEY SHARE;
    IF NOT FOUND OR (b.starts_at, b.ends_at, b.section) IS DISTINCT FROM (NEW.starts_at, NEW.ends_at, NEW.section)
       OR b.state NOT IN ('planned', 'done') THEN
        RAISE EXCEPTION 'this seat is not of this appointment' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.person_id IS NOT NULL AND NOT EXISTS (
           SELECT FROM people_person p WHERE p.id = NEW.person_id AND p.dossier_id = NEW.dossier_id)
       OR NEW.resource_id IS NOT NULL AND NOT EXISTS (
           SELECT FROM agenda_resource r WHERE r.id = NEW.resource_id AND r.owner_id = NEW.unit_id)
       OR NEW.user_id IS NOT NULL AND NOT EXISTS (
           SELECT FROM access_membership m WHERE m.user_id = NEW.user_id AND m.organisation_id = NEW.unit_id
           AND m.since <= statement_timestamp() AND (m.until IS NULL OR m.until > statement_timestamp())) THEN
        RAISE EXCEPTION 'who or what sits there is not of this file and unit' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.user_id IS NOT NULL AND EXISTS (SELECT FROM access_wall w WHERE w.dossier_id = NEW.dossier_id
           AND w.person_id = NEW.user_id AND w.lifted_at IS NULL) THEN
        RAISE EXCEPTION 'somebody who is walled off can not be given this file''s hours' USING ERRCODE = 'RA004';
    END IF;
    side := door.side_of(NEW.dossier_id, NEW.person_id, NEW.user_id, b.kind);
    -- An override is of one appointment as it was seen by who decided; whatever else is booked there asks anew.
    IF b.overridden_by_id IS NULL AND side IS NOT NULL AND door.meets(b, side, NULL) THEN
        RAISE EXCEPTION 'two people who must not meet would be at one place' USING ERRCODE = 'RA003';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION door.keep_apart() FROM PUBLIC;
-- Not when the file moves to another stage: what was booked stays, also where a presence was told of since.
CREATE TRIGGER keep_apart BEFORE INSERT OR UPDATE OF booking_id, section, user_id, person_id, resource_id,
    starts_at, ends_at, is_live ON agenda_seat FOR EACH ROW EXECUTE FUNCTION door.keep_apart();

-- Only a supervisor or the head of the unit overrides, in the own name; where and when an appointment is does not change
-- (one that is moved ends, and another begins), and what has ended has ended.
CREATE FUNCTION door.bookings_stay() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE me uuid := (SELECT t.person FROM door.ticket() t);
BEGIN
    IF session_user <> 'ruangaman_app' THEN RETURN NEW; END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.made_by_id IS DISTINCT FROM me OR NEW.state <> 'planned' THEN
            RAISE EXCEPTION 'an appointment is made in the own name, and planned' USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF NEW.overridden_by_id IS NOT NULL
           AND (NEW.overridden_by_id IS DISTINCT FROM me OR NOT NEW.unit_id = ANY (door.seats('{supervisor,head}'))) THEN
            RAISE EXCEPTION 'only a supervisor overrides' USING ERRCODE = 'insufficient_privilege';
        END IF;
    ELSIF NEW.state IS DISTINCT FROM OLD.state
       AND (OLD.state <> 'planned' OR NEW.changed_by_id IS DISTINCT FROM me) THEN
        RAISE EXCEPTION 'an appointment ends once, by who says so' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION door.bookings_stay() FROM PUBLIC;
CREATE TRIGGER bookings_stay BEFORE INSERT OR UPDATE ON agenda_booking FOR EACH ROW EXECUTE FUNCTION door.bookings_stay();

-- An appointment that will not be frees the hours of everybody and everything in it.
CREATE FUNCTION door.free_hours() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    UPDATE agenda_seat SET is_live = false WHERE booking_id = NEW.id AND is_live;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION door.free_hours() FROM PUBLIC;
CREATE TRIGGER free_hours AFTER UPDATE OF state ON agenda_booking FOR EACH ROW
    WHEN (NEW.state IN ('moved', 'missed', 'cancelled')) EXECUTE FUNCTION door.free_hours();

-- A shelter is no place to be booked at, under no name that the network knows it by. Source: care.md 19.
CREATE FUNCTION door.no_shelter() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM network_facility f WHERE f.kind = 'shelter'
               AND lower(regexp_replace(f.name, '[^[:alnum:]]+', '', 'g')) = lower(regexp_replace(NEW.name, '[^[:alnum:]]+', '', 'g'))) THEN
        RAISE EXCEPTION 'this is no place for appointments' USING ERRCODE = 'RA005';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION door.no_shelter() FROM PUBLIC;
CREATE TRIGGER no_shelter BEFORE INSERT OR UPDATE OF name ON agenda_venue FOR EACH ROW EXECUTE FUNCTION door.no_shelter();

-- Appointments still to come that would bring people together by what was learned after they were made: somebody turned
-- out to be the reported person, or was seen there. Of one file; without one, of whoever asks: theirs, or made by them.
CREATE FUNCTION door.conflicts(of_dossier uuid, after timestamptz, most integer) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE units uuid[] := door.own_seats(); walled uuid[] := door.walled(); me uuid := door.person(); asked uuid[];
BEGIN
    IF of_dossier IS NULL THEN
        asked := ARRAY(SELECT s.booking_id FROM agenda_seat s WHERE s.user_id = me AND s.is_live AND s.starts_at > after
                       UNION SELECT m.id FROM agenda_booking m WHERE m.made_by_id = me AND m.starts_at > after);
    ELSE
        asked := ARRAY(SELECT m.id FROM agenda_booking m WHERE m.dossier_id = of_dossier AND m.starts_at > after);
    END IF;
    RETURN QUERY
        SELECT b.id FROM agenda_booking b
        WHERE b.id = ANY (asked) AND b.state = 'planned' AND b.overridden_by_id IS NULL
          AND b.unit_id = ANY (units) AND b.dossier_id <> ALL (walled)
          AND EXISTS (SELECT FROM agenda_seat s WHERE s.booking_id = b.id AND s.is_live
                      AND door.meets(b, door.side_of(s.dossier_id, s.person_id, s.user_id, b.kind), b.made_at))
        ORDER BY b.starts_at LIMIT most;
END $$;
"""
BACK = """
-- Who is back is waited for no longer, whatever of the file is still in reach of whom.
CREATE FUNCTION door.back_ends_the_clock() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.back_at IS NOT NULL AND OLD.back_at IS NULL THEN
        UPDATE clocks_clock SET ended_at = NEW.back_at, ended_by_id = NEW.ended_by_id, ending = 'met', fires_at = NULL
        WHERE dossier_id = NEW.dossier_id AND about = NEW.id AND ended_at IS NULL;
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION door.back_ends_the_clock() FROM PUBLIC;
CREATE TRIGGER back_ends_the_clock AFTER UPDATE ON agenda_outing
    FOR EACH ROW EXECUTE FUNCTION door.back_ends_the_clock();
"""
HOURS = """
-- When colleagues and resources of one's own unit are taken: hours, and nothing of what for.
CREATE FUNCTION door.taken(of_unit uuid, whom uuid[], since timestamptz, until timestamptz,
                           OUT who uuid, OUT starts timestamptz, OUT ends timestamptz) RETURNS SETOF record
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF NOT of_unit = ANY (door.own_seats()) THEN RETURN; END IF;
    RETURN QUERY
        SELECT s.user_id, s.starts_at, s.ends_at FROM agenda_seat s
        WHERE s.is_live AND s.user_id = ANY (whom) AND s.unit_id = of_unit
          AND tstzrange(s.starts_at, s.ends_at) && tstzrange(since, until)
        UNION ALL
        SELECT s.resource_id, s.starts_at, s.ends_at FROM agenda_seat s
        WHERE s.is_live AND s.resource_id = ANY (whom) AND s.unit_id = of_unit
          AND tstzrange(s.starts_at, s.ends_at) && tstzrange(since, until)
        ORDER BY 2;
END $$;

-- The appointments of whoever holds the secret of a feed: hours and ids, no word of what they are. Only of units where
-- that person still works.
CREATE FUNCTION door.feed(wanted bytea, since timestamptz,
                          OUT booking uuid, OUT starts timestamptz, OUT ends timestamptz, OUT live boolean, OUT changed timestamptz)
RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT b.id, s.starts_at, s.ends_at, s.is_live, coalesce(b.changed_at, b.made_at)
    FROM agenda_feed f JOIN access_user u ON u.id = f.person_id AND u.is_active
    JOIN agenda_seat s ON s.user_id = f.person_id JOIN agenda_booking b ON b.id = s.booking_id
    WHERE f.secret_hash = wanted AND length(wanted) = 32 AND s.ends_at > since
      AND EXISTS (SELECT FROM access_membership m JOIN access_organisation o ON o.id = m.organisation_id AND o.is_active
                  WHERE m.user_id = f.person_id AND m.organisation_id = s.unit_id AND m.since <= statement_timestamp()
                  AND (m.until IS NULL OR m.until > statement_timestamp()))
      AND NOT EXISTS (SELECT FROM access_wall w WHERE w.dossier_id = s.dossier_id AND w.person_id = f.person_id
                      AND w.lifted_at IS NULL)
    ORDER BY s.starts_at LIMIT 2000 $$;

-- Whether there is such a feed at all: an empty calendar is not a wrong address.
CREATE FUNCTION door.is_feed(wanted bytea) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM agenda_feed f JOIN access_user u ON u.id = f.person_id AND u.is_active
                   WHERE f.secret_hash = wanted AND length(wanted) = 32) $$;
"""
DOORS = (
    "taken(uuid, uuid[], timestamptz, timestamptz)",
    "feed(bytea, timestamptz)",
    "is_feed(bytea)",
    "conflicts(uuid, timestamptz, integer)",
    "zone_of(uuid)",
)
TRIGGERED = ("keep_apart", "no_shelter", "bookings_stay", "free_hours", "one_by_one", "back_ends_the_clock")
INNER = (
    "meets(agenda_booking, text, timestamptz)",
    "side_of(uuid, uuid, uuid, text)",
    "one_place(uuid, bytea, text, uuid, bytea, text)",
    "apart_margin()",
)
KEEPERS = "'{head,supervisor}'"
RISK = "'risk'"
ME = "(SELECT door.person())"
OWN_UNIT = "unit_id = ANY ((SELECT door.own_seats())::uuid[])"
KEPT = f"unit_id = ANY ((SELECT door.seats({KEEPERS}))::uuid[])"
OPEN = "dossier_id <> ALL ((SELECT door.walled())::uuid[])"
WAYS_OUT = [
    f"CREATE POLICY own ON agenda_outing FOR SELECT TO {APP} USING (user_id = {ME})",
    # Where colleagues are is the unit's to know, and no partner's.
    f"CREATE POLICY unit_alone ON agenda_outing AS RESTRICTIVE FOR SELECT TO {APP} USING ({OWN_UNIT} OR user_id = {ME})",
    # Whoever knows of a file goes out for it, also who writes nothing of its risks: a lawyer to court.
    f"CREATE POLICY go_out ON agenda_outing FOR INSERT TO {APP} WITH CHECK ({clause(RISK, 'r', 'agenda_outing')})",
    f"CREATE POLICY own_name ON agenda_outing AS RESTRICTIVE FOR INSERT TO {APP} WITH CHECK "
    f"(user_id = {ME} AND {OWN_UNIT} AND back_at IS NULL)",
    # Who has come back says so, also where the file has left them meanwhile; a supervisor or the head says who was found.
    f"CREATE POLICY come_back ON agenda_outing FOR UPDATE TO {APP} USING (user_id = {ME}) WITH CHECK (user_id = {ME})",
    f"CREATE POLICY find ON agenda_outing FOR UPDATE TO {APP} USING ({KEPT} AND {OPEN}) WITH CHECK ({KEPT} AND {OPEN})",
    f"CREATE POLICY once ON agenda_outing AS RESTRICTIVE FOR UPDATE TO {APP} "
    f"USING (back_at IS NULL AND (user_id = {ME} OR {KEPT})) WITH CHECK (CASE WHEN back_at IS NULL THEN user_id = {ME} "
    f"WHEN user_id = {ME} THEN ending = 'back' AND ended_by_id = {ME} "
    f"ELSE ending IN ('found', 'helped') AND ended_by_id = {ME} AND {KEPT} END)",
    f"REVOKE UPDATE ON agenda_outing FROM {APP}",
    f"GRANT UPDATE (expected_at, back_at, ending, ended_by_id) ON agenda_outing TO {APP}",
]
OWN = [
    # A section may be open to a partner; the unit's appointments in it are not.
    *(
        f"CREATE POLICY unit_alone ON {table} AS RESTRICTIVE FOR ALL TO {APP} USING "
        "(unit_id = ANY ((SELECT door.own_seats())::uuid[]))"
        for table in ("agenda_booking", "agenda_presence")
    ),
    f"CREATE POLICY unit_alone ON agenda_seat AS RESTRICTIVE FOR ALL TO {APP} USING "
    "(user_id = (SELECT door.person()) OR unit_id = ANY ((SELECT door.own_seats())::uuid[]))",
    # What an appointment is does not change; only what became of it is written. Its seats follow by a trigger.
    f"REVOKE UPDATE ON agenda_booking, agenda_seat FROM {APP}",
    "GRANT UPDATE (state, changed_side, changed_why, changed_by_id, changed_at, reminded_by_id, reminded_at) "
    f"ON agenda_booking TO {APP}",
    # One's own appointments, also where their section is out of reach; of these a page shows the hours.
    f"CREATE POLICY own ON agenda_seat FOR SELECT TO {APP} USING (user_id = (SELECT door.person()) AND {OPEN})",
    *WAYS_OUT,
    # What was told of a presence stays; only its end is written.
    f"REVOKE UPDATE ON agenda_presence FROM {APP}",
    f"GRANT UPDATE (ended_at) ON agenda_presence TO {APP}",
    *(
        statement
        for table in ("agenda_venue", "agenda_resource")
        for statement in (
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"GRANT SELECT, INSERT, UPDATE ON {table} TO {APP}",
            f"CREATE POLICY colleagues ON {table} FOR SELECT TO {APP} USING "
            "(owner_id = ANY ((SELECT door.own_seats())::uuid[]))",
            f"CREATE POLICY keep ON {table} FOR ALL TO {APP} USING "
            f"(owner_id = ANY ((SELECT door.seats({KEEPERS}))::uuid[])) WITH CHECK "
            f"(owner_id = ANY ((SELECT door.seats({KEEPERS}))::uuid[]))",
        )
    ),
    "ALTER TABLE agenda_feed ENABLE ROW LEVEL SECURITY",
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON agenda_feed TO {APP}",
    f"CREATE POLICY own ON agenda_feed FOR ALL TO {APP} USING (person_id = (SELECT door.person())) "
    "WITH CHECK (person_id = (SELECT door.person()))",
]


class Migration(migrations.Migration):
    dependencies = [
        ("agenda", "0001_initial"),
        ("clocks", "0002_protection"),
        ("papers", "0002_protection"),
        ("network", "0002_open"),
        ("people", "0004_contact_protection"),
        ("places", "0001_initial"),
    ]
    operations = [
        BtreeGistExtension(),
        Protect("Booking", section_column="section"),
        Protect("Seat", section_column="section"),
        Protect("Presence", section="parties"),
        Protect("Outing", section="risk"),
        *(migrations.RunSQL(forward, back) for forward, back in ONE_PLACE),
        migrations.RunSQL(
            APART + BACK + HOURS,
            "; ".join(f"DROP FUNCTION door.{f}() CASCADE" for f in TRIGGERED)
            + "; "
            + "; ".join(f"DROP FUNCTION door.{f}" for f in (*DOORS, *INNER)),
        ),
        migrations.RunSQL(
            [
                *(f"REVOKE ALL ON FUNCTION door.{f} FROM PUBLIC" for f in (*DOORS, *INNER)),
                *(f"GRANT EXECUTE ON FUNCTION door.{f} TO {APP}" for f in DOORS),
            ],
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(OWN, migrations.RunSQL.noop),
    ]
