"""The part of 0019 by which names that came later are kept, compared, and shut out meanwhile."""

WALLED = """
-- As access/0002 has it, and: a report about staff with which one's name was not compared yet. The table holds who came,
-- or took another name, within the last minute or so: one look into an index, and no row for anybody else.
CREATE OR REPLACE FUNCTION door.walled() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE me uuid := (SELECT t.person FROM door.ticket() t);
BEGIN
    RETURN coalesce((
        SELECT array_agg(w.dossier_id) FROM access_wall w WHERE w.person_id = me AND w.lifted_at IS NULL), '{}')
        || coalesce((SELECT array_agg(l.dossier_id) FROM intake_latername l WHERE l.person_id = me), '{}');
END $$;
"""
WALLED_BEFORE = """
CREATE OR REPLACE FUNCTION door.walled() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    RETURN coalesce((
        SELECT array_agg(w.dossier_id) FROM access_wall w
        WHERE w.person_id = (SELECT t.person FROM door.ticket() t) AND w.lifted_at IS NULL), '{}');
END $$;
"""
LATER = """
-- Held shared by who comes or takes another name, alone by who compares all names with that of a new report or parcel, to
-- the end of each transaction: whichever is second sees what the first one wrote, so that no name slips between the two.
CREATE FUNCTION door.hold_names() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('names of staff'));
    RETURN NULL;
END $$;
CREATE TRIGGER hold_names AFTER INSERT ON intake_report
FOR EACH ROW WHEN (NEW.about_staff) EXECUTE FUNCTION door.hold_names();
CREATE TRIGGER hold_names AFTER INSERT ON intake_transfer
FOR EACH ROW WHEN (NEW.about_staff) EXECUTE FUNCTION door.hold_names();

-- The reports about staff that somebody could come to read in these organisations, whatever their stage: by rank, as one
-- of a team or an agency, or because they are on their way there. Those that tell no name have nothing to be compared with.
CREATE FUNCTION door.compare_later(who uuid, places uuid[], before text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtext('names of staff'));
    INSERT INTO intake_latername (id, dossier_id, person_id, former, since)
    SELECT gen_random_uuid(), r.dossier_id, who, before, statement_timestamp()
    FROM intake_report r JOIN access_dossier d ON d.id = r.dossier_id AND d.erased_at IS NULL
    WHERE r.about_staff
      AND (r.unit_id = ANY (places)
           OR EXISTS (SELECT FROM intake_transfer t WHERE t.dossier_id = r.dossier_id AND t.state = 'sent'
                      AND t.to_unit_id = ANY (places))
           OR EXISTS (SELECT FROM access_grant g WHERE g.dossier_id = r.dossier_id AND g.withdrawn_at IS NULL
                      AND g.until > statement_timestamp()
                      AND (g.principal_id = who OR g.principal_id = ANY (places))))
      AND EXISTS (SELECT FROM intake_story s WHERE s.dossier_id = r.dossier_id AND s.accused IS NOT NULL)
      AND NOT EXISTS (SELECT FROM access_wall w WHERE w.dossier_id = r.dossier_id AND w.person_id = who
                      AND w.lifted_at IS NULL)
    -- Not DO NOTHING: this waits for a task that is comparing the name of before, and then writes the row anew.
    ON CONFLICT (person_id, dossier_id) DO UPDATE SET former = intake_latername.former;
END $$;

-- An account that takes another name, or is opened again: what closed accounts are called is compared at no filing.
CREATE FUNCTION door.later_name() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    PERFORM door.compare_later(NEW.id, ARRAY(
        SELECT m.organisation_id FROM access_membership m
        WHERE m.user_id = NEW.id AND (m.until IS NULL OR m.until > statement_timestamp())), OLD.name);
    RETURN NULL;
END $$;
CREATE TRIGGER later_name AFTER UPDATE ON access_user
FOR EACH ROW WHEN (NEW.name IS DISTINCT FROM OLD.name OR NEW.is_active AND NOT OLD.is_active)
EXECUTE FUNCTION door.later_name();

-- Who takes a seat, whichever their rank: by its name the trigger comes after keep_out_newcomer, whose walls stand then.
CREATE FUNCTION door.later_seat() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    PERFORM door.compare_later(u.id, ARRAY[NEW.organisation_id], u.name) FROM access_user u WHERE u.id = NEW.user_id;
    RETURN NULL;
END $$;
CREATE TRIGGER later_seat AFTER INSERT ON access_membership
FOR EACH ROW EXECUTE FUNCTION door.later_seat();
CREATE TRIGGER later_seat_again AFTER UPDATE ON access_membership
FOR EACH ROW WHEN ((NEW.user_id, NEW.organisation_id) IS DISTINCT FROM (OLD.user_id, OLD.organisation_id)
                   OR OLD.until IS NOT NULL AND (NEW.until IS NULL OR NEW.until > OLD.until))
EXECUTE FUNCTION door.later_seat();
"""
TOLD_LATER = """
-- Who waits to be compared is told of such a report by mail no sooner than that was done: where a wall was raised, nothing
-- is sent (door.job_may_tell). The notice itself is hidden from them meanwhile (door.walled).
CREATE FUNCTION door.tell_later() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM notices_notice n JOIN intake_latername l ON l.dossier_id = n.dossier_id
               AND l.person_id = n.person_id WHERE n.id = NEW.notice_id) THEN
        NEW.due_at := greatest(NEW.due_at, statement_timestamp() + interval '2 minutes');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER tell_later BEFORE INSERT ON notices_delivery FOR EACH ROW EXECUTE FUNCTION door.tell_later();
"""
COMPARING = """
-- The reports with which somebody's name is to be compared, who waits longest first. Ids only.
CREATE FUNCTION door.job_uncompared(most integer) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT l.dossier_id FROM intake_latername l GROUP BY l.dossier_id ORDER BY min(l.since), l.dossier_id LIMIT most $$;

-- Before all names are compared with that of a report which is handed on (door.hold_names). In the order in which an
-- answer to a parcel takes them, so that neither waits for the other for ever.
CREATE FUNCTION door.job_hold_names() RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE one uuid := door.scope('job_handing_on');
BEGIN
    PERFORM FROM intake_transfer t WHERE t.dossier_id = one AND t.state = 'sent' FOR UPDATE;
    PERFORM FROM intake_report r WHERE r.dossier_id = one FOR UPDATE;
    PERFORM pg_advisory_xact_lock(hashtext('names of staff'));
END $$;

-- What one report calls the accused, sealed, with the wrapped key; and whose names are to be compared. None of them can be
-- compared by another task, and none changes unseen, before this transaction ends.
CREATE FUNCTION door.job_later_names(wanted uuid, most integer) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE held uuid[];
BEGIN
    IF wanted IS DISTINCT FROM door.scope('job_comparing_names') THEN RETURN NULL; END IF;
    SELECT array_agg(one.id) INTO held FROM (
        SELECT l.id FROM intake_latername l WHERE l.dossier_id = wanted ORDER BY l.since, l.id LIMIT most FOR UPDATE) one;
    -- A statement of its own, which sees the names as they are now that nobody can change them unseen.
    RETURN (
        SELECT jsonb_build_object(
            'unit', d.unit_id,
            'keys', (SELECT jsonb_build_object(k.section, jsonb_build_array(k.id, k.kek_number, encode(k.wrapped, 'base64')))
                     FROM access_datakey k WHERE k.dossier_id = wanted AND k.section = 'narrative'
                     AND k.wrapped IS NOT NULL),
            'stories', (SELECT jsonb_agg(jsonb_build_object('id', s.id, 'accused', encode(s.accused, 'base64')))
                        FROM intake_story s WHERE s.dossier_id = wanted AND s.accused IS NOT NULL),
            'people', (SELECT jsonb_agg(jsonb_build_array(u.id, u.name, l.former, EXISTS (
                                  SELECT FROM access_wall w WHERE w.dossier_id = wanted AND w.person_id = u.id
                                  AND w.lifted_at IS NOT NULL)))
                       FROM intake_latername l JOIN access_user u ON u.id = l.person_id WHERE l.id = ANY (held)))
        FROM access_dossier d WHERE d.id = wanted AND d.erased_at IS NULL AND held IS NOT NULL);
END $$;

-- Ends the waiting of those who were compared, behind a wall each before those who may be meant; gives the walls raised.
CREATE FUNCTION door.job_compared(wanted uuid, compared uuid[], meant uuid[], OUT wall uuid, OUT person uuid)
RETURNS SETOF record
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF wanted IS DISTINCT FROM door.scope('job_comparing_names') THEN RETURN; END IF;
    RETURN QUERY
        INSERT INTO access_wall (id, dossier_id, unit_id, stage, person_id, raised_at)
        SELECT gen_random_uuid(), d.id, d.unit_id, d.stage, l.person_id, statement_timestamp()
        FROM access_dossier d JOIN intake_latername l ON l.dossier_id = d.id
        WHERE d.id = wanted AND l.person_id = ANY (compared) AND l.person_id = ANY (meant)
          AND NOT EXISTS (SELECT FROM access_wall w WHERE w.dossier_id = wanted AND w.person_id = l.person_id
                          AND w.lifted_at IS NULL)
        RETURNING id, person_id;
    DELETE FROM intake_latername l WHERE l.dossier_id = wanted AND l.person_id = ANY (compared);
END $$;
"""
