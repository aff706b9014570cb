"""Nobody in two places at once; nobody brought together who must not meet; one's own hours for oneself."""

from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations

from ruangaman.kernel.protection import Protect
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
-- How long before and after they must not be at one place either. agenda.policies.MARGIN says the same; a test compares.
CREATE FUNCTION door.apart_margin() RETURNS interval LANGUAGE sql IMMUTABLE AS $$ SELECT interval '60 minutes' $$;

-- Whether two places are one: the same building; the same sealed words; or, where either is told no nearer than an area,
-- the same area or one within the other (codes of areas begin with those they lie in).
CREATE FUNCTION door.one_place(venue_a uuid, spot_a bytea, area_a text, venue_b uuid, spot_b bytea, area_b text)
RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(venue_a = venue_b, false) OR coalesce(spot_a = spot_b, false)
        OR ((venue_a IS NULL AND spot_a IS NULL OR venue_b IS NULL AND spot_b IS NULL
             OR (venue_a IS NULL) <> (venue_b IS NULL))
            AND coalesce(starts_with(area_a, area_b) OR starts_with(area_b, area_a), false)) $$;

-- Whether a booking of one side would bring it together with the other: with another booking of the file, or with hours
-- at which the reported person is known to be there. ``side`` is 'safe' (client, guardian, witness, and staff who go to
-- her) or 'reported'. Looks past what the asker may see, and says no more than yes or no.
CREATE FUNCTION door.meets(of_dossier uuid, side text, venue uuid, spot bytea, area text, begins timestamptz, finishes timestamptz, zone text)
RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE early timestamptz := begins - door.apart_margin(); late timestamptz := finishes + door.apart_margin();
BEGIN
    IF EXISTS (
        SELECT FROM agenda_seat s JOIN agenda_booking b ON b.id = s.booking_id
        WHERE s.dossier_id = of_dossier AND s.is_live AND b.overridden_by_id IS NULL
          AND s.starts_at < late AND s.ends_at > early
          AND door.one_place(venue, spot, area, b.venue_id, b.spot, b.area_id)
          AND (CASE side WHEN 'safe' THEN
                 EXISTS (SELECT FROM people_part p WHERE p.person_id = s.person_id AND p.dossier_id = of_dossier
                         AND p.status = 'active' AND p.role = 'reported')
               ELSE
                 s.user_id IS NOT NULL AND b.kind IN ('outreach', 'home_visit')
                 OR EXISTS (SELECT FROM people_part p WHERE p.person_id = s.person_id AND p.dossier_id = of_dossier
                            AND p.status = 'active' AND p.role IN ('client', 'guardian', 'witness')) END)) THEN
        RETURN true;
    END IF;
    RETURN side = 'safe' AND EXISTS (
        SELECT FROM agenda_presence w
        -- Every local day that the appointment and its margins touch.
        CROSS JOIN generate_series((early AT TIME ZONE zone)::date, (late AT TIME ZONE zone)::date, interval '1 day') AS one (day)
        WHERE w.dossier_id = of_dossier AND w.ended_at IS NULL
          AND EXISTS (SELECT FROM people_part p WHERE p.person_id = w.person_id AND p.dossier_id = of_dossier
                      AND p.status = 'active' AND p.role = 'reported')
          AND one.day::date >= w.from_on AND (w.until_on IS NULL OR one.day::date <= w.until_on)
          AND (w.weekdays >> (extract(isodow FROM one.day)::integer - 1)) & 1 = 1
          AND ((one.day::date + w.from_time) AT TIME ZONE zone) < late
          AND ((one.day::date + w.until_time) AT TIME ZONE zone) > early
          AND door.one_place(venue, spot, area, w.venue_id, w.spot, w.area_id));
END $$;

CREATE FUNCTION door.keep_apart() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE b agenda_booking; side text; zone text;
BEGIN
    IF NOT NEW.is_live THEN RETURN NEW; END IF;
    -- One after the other: two that are booked at this moment must see each other.
    PERFORM pg_advisory_xact_lock(hashtextextended('apart:' || NEW.dossier_id::text, 0));
    SELECT * INTO b FROM agenda_booking WHERE id = NEW.booking_id AND dossier_id = NEW.dossier_id;
    IF NOT FOUND OR (b.starts_at, b.ends_at) IS DISTINCT FROM (NEW.starts_at, NEW.ends_at) OR b.section <> NEW.section THEN
        RAISE EXCEPTION 'this seat is not of this booking' USING ERRCODE = 'check_violation';
    END IF;
    IF b.overridden_by_id IS NOT NULL THEN RETURN NEW; END IF;
    IF EXISTS (SELECT FROM people_part p WHERE p.person_id = NEW.person_id AND p.dossier_id = NEW.dossier_id
               AND p.status = 'active' AND p.role = 'reported') THEN
        side := 'reported';
    ELSIF NEW.user_id IS NOT NULL AND b.kind IN ('outreach', 'home_visit')
       OR EXISTS (SELECT FROM people_part p WHERE p.person_id = NEW.person_id AND p.dossier_id = NEW.dossier_id
                  AND p.status = 'active' AND p.role IN ('client', 'guardian', 'witness')) THEN
        side := 'safe';
    ELSE
        RETURN NEW;
    END IF;
    SELECT coalesce(nullif(pl.time_zone, ''), 'Asia/Jakarta') INTO zone FROM access_organisation o LEFT JOIN places_place pl ON pl.code = o.place_id
    WHERE o.id = NEW.unit_id;
    IF door.meets(NEW.dossier_id, side, b.venue_id, b.spot, b.area_id, NEW.starts_at, NEW.ends_at, coalesce(zone, 'Asia/Jakarta')) THEN
        RAISE EXCEPTION 'two people who must not meet would be at one place' USING ERRCODE = 'RA003';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION door.keep_apart() FROM PUBLIC;
CREATE TRIGGER keep_apart BEFORE INSERT OR UPDATE ON agenda_seat FOR EACH ROW EXECUTE FUNCTION door.keep_apart();

-- Only a supervisor or the head of the unit overrides, in the own name; where and when an appointment is does not change
-- (one that is moved ends, and another begins).
CREATE FUNCTION door.bookings_stay() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF session_user <> 'ruangaman_app' THEN RETURN NEW; END IF;
    IF NEW.overridden_by_id IS NOT NULL AND (TG_OP = 'INSERT' OR OLD.overridden_by_id IS DISTINCT FROM NEW.overridden_by_id)
       AND (NEW.overridden_by_id IS DISTINCT FROM (SELECT t.person FROM door.ticket() t)
            OR NOT NEW.unit_id = ANY (door.seats('{supervisor,head}'))) THEN
        RAISE EXCEPTION 'only a supervisor overrides' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.starts_at, NEW.ends_at, NEW.venue_id, NEW.spot, NEW.area_id, NEW.kind, NEW.section, NEW.overridden_by_id)
       IS DISTINCT FROM (OLD.starts_at, OLD.ends_at, OLD.venue_id, OLD.spot, OLD.area_id, OLD.kind, OLD.section, OLD.overridden_by_id) THEN
        RAISE EXCEPTION 'an appointment is moved by making another' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION door.bookings_stay() FROM PUBLIC;
CREATE TRIGGER bookings_stay BEFORE INSERT OR UPDATE ON agenda_booking FOR EACH ROW EXECUTE FUNCTION door.bookings_stay();
"""
HOURS = """
-- When colleagues and resources of one's own unit are taken: hours, and nothing of what for.
CREATE FUNCTION door.taken(of_unit uuid, since timestamptz, until timestamptz,
                           OUT who uuid, OUT what uuid, OUT starts timestamptz, OUT ends timestamptz) RETURNS SETOF record
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF NOT of_unit = ANY (door.own_seats()) THEN RETURN; END IF;
    RETURN QUERY SELECT s.user_id, s.resource_id, s.starts_at, s.ends_at FROM agenda_seat s
        WHERE s.is_live AND s.person_id IS NULL AND s.starts_at < until AND s.ends_at > since AND s.unit_id = of_unit;
END $$;

-- The appointments of whoever holds the secret of a feed: hours and ids, no word of what they are.
CREATE FUNCTION door.feed(wanted bytea, since timestamptz,
                          OUT booking uuid, OUT starts timestamptz, OUT ends timestamptz, OUT live boolean, OUT changed timestamptz)
RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT b.id, s.starts_at, s.ends_at, s.is_live, coalesce(b.changed_at, b.made_at)
    FROM agenda_feed f JOIN access_user u ON u.id = f.person_id AND u.is_active
    JOIN agenda_seat s ON s.user_id = f.person_id JOIN agenda_booking b ON b.id = s.booking_id
    WHERE f.secret_hash = wanted AND length(wanted) = 32 AND s.ends_at > since
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
    "taken(uuid, timestamptz, timestamptz)",
    "feed(bytea, timestamptz)",
    "is_feed(bytea)",
)
INNER = (
    "meets(uuid, text, uuid, bytea, text, timestamptz, timestamptz, text)",
    "one_place(uuid, bytea, text, uuid, bytea, text)",
    "apart_margin()",
)
KEEPERS = "'{head,supervisor}'"
OPEN = "dossier_id <> ALL ((SELECT door.walled())::uuid[])"
OWN = [
    # A section may be open to a partner; the unit's appointments in it are not.
    *(
        f"CREATE POLICY unit_alone ON {table} AS RESTRICTIVE FOR ALL TO {APP} USING "
        "(unit_id = ANY ((SELECT door.own_seats())::uuid[]))"
        for table in ("agenda_booking", "agenda_presence")
    ),
    # One's own appointments, also where their section is out of reach; of these a page shows the hours.
    f"CREATE POLICY own ON agenda_seat FOR SELECT TO {APP} USING (user_id = (SELECT door.person()) AND {OPEN})",
    f"CREATE POLICY own ON agenda_outing FOR SELECT TO {APP} USING (user_id = (SELECT door.person()))",
    f"CREATE POLICY own_name ON agenda_outing AS RESTRICTIVE FOR INSERT TO {APP} WITH CHECK "
    "(user_id = (SELECT door.person()))",
    # Who has come back says so, also where the file has left them meanwhile.
    f"CREATE POLICY come_back ON agenda_outing FOR UPDATE TO {APP} USING "
    "(user_id = (SELECT door.person()) AND back_at IS NULL)",
    f"REVOKE UPDATE ON agenda_outing FROM {APP}",
    f"GRANT UPDATE (stage, back_at, ending, ended_by_id) ON agenda_outing TO {APP}",
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
        ("papers", "0002_protection"),
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
            APART + HOURS,
            "DROP FUNCTION door.keep_apart() CASCADE; DROP FUNCTION door.bookings_stay() CASCADE; "
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
