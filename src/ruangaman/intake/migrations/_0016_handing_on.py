"""The part of 0016 by which a report about staff is found that nobody of its unit may read, and sent on."""

UNREAD = """
-- Whether a supervisor or head of a unit is there who is not kept out of a file of it. Nobody else decides on a report
-- about a member of staff. Source: issue 6.
CREATE FUNCTION door.has_reader(of_dossier uuid, of_unit uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM access_membership m JOIN access_user u ON u.id = m.user_id AND u.is_active
        JOIN access_organisation o ON o.id = m.organisation_id AND o.is_active
        WHERE m.organisation_id = of_unit AND m.role IN ('supervisor', 'head')
          AND m.since <= statement_timestamp() AND (m.until IS NULL OR m.until > statement_timestamp())
          AND NOT EXISTS (SELECT FROM access_wall w WHERE w.dossier_id = of_dossier AND w.person_id = m.user_id
                          AND w.lifted_at IS NULL)) $$;

-- Reports about staff, still to be worked on, that no supervisor or head of their unit may read. Those on which nobody
-- works may go to another unit; where a colleague was let in, or a team works on it, somebody of rank must come. One that
-- waits for another unit's answer comes again once that answer is late: at once after an hour where danger was told.
CREATE FUNCTION door.unread(OUT dossier uuid, OUT unit uuid, OUT received timestamptz, OUT goes_on boolean,
                            OUT on_its_way boolean) RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT r.dossier_id, r.unit_id, r.received_at,
           r.stage = 'intake' AND (r.triage IN ('received', 'answered') OR NOT (
               EXISTS (SELECT FROM access_grant g JOIN access_user u ON u.id = g.principal_id AND u.is_active
                       WHERE g.dossier_id = r.dossier_id AND g.source = 'team' AND g.section = 'file'
                         AND g.until > statement_timestamp() AND g.withdrawn_at IS NULL
                         AND NOT EXISTS (SELECT FROM access_wall w WHERE w.dossier_id = r.dossier_id
                                         AND w.person_id = g.principal_id AND w.lifted_at IS NULL))
               OR EXISTS (SELECT FROM access_membership m JOIN access_user u ON u.id = m.user_id AND u.is_active
                          WHERE m.organisation_id = r.unit_id AND m.role = 'intake_officer'
                            AND m.since <= statement_timestamp()
                            AND (m.until IS NULL OR m.until > statement_timestamp())
                            AND NOT EXISTS (SELECT FROM access_wall w WHERE w.dossier_id = r.dossier_id
                                            AND w.person_id = m.user_id AND w.lifted_at IS NULL)))),
           EXISTS (SELECT FROM intake_transfer t WHERE t.dossier_id = r.dossier_id AND t.state = 'sent' AND NOT (
               t.basis = 'unread' AND (
                   t.danger_now AND t.sent_at <= statement_timestamp() - interval '1 hour'
                   OR EXISTS (SELECT FROM clocks_clock c WHERE c.dossier_id = t.dossier_id AND c.about = t.id
                              AND c.ended_at IS NULL AND c.due_at <= statement_timestamp()))))
    FROM intake_report r JOIN access_dossier d ON d.id = r.dossier_id AND d.erased_at IS NULL
    WHERE r.about_staff AND r.stage <> 'closed'
      AND r.triage IN ('received', 'answered', 'outreach', 'head_office')
      AND NOT door.has_reader(r.dossier_id, r.unit_id) $$;

-- The highest organisation over a unit that has an administrator: who can give the unit a supervisor.
CREATE FUNCTION door.highest_over(of_unit uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    WITH RECURSIVE above AS (
        SELECT o.id, o.parent_id, 0 AS height FROM access_organisation o WHERE o.id = of_unit
        UNION ALL
        SELECT o.id, o.parent_id, a.height + 1 FROM access_organisation o JOIN above a ON o.id = a.parent_id
        WHERE a.height < 20)
    SELECT a.id FROM above a
    WHERE EXISTS (SELECT FROM access_membership m JOIN access_user u ON u.id = m.user_id AND u.is_active
                  JOIN access_organisation o ON o.id = m.organisation_id AND o.is_active
                  WHERE m.organisation_id = a.id AND m.role = 'administrator' AND m.since <= statement_timestamp()
                    AND (m.until IS NULL OR m.until > statement_timestamp()))
    ORDER BY a.height DESC LIMIT 1 $$;
"""
HANDING_ON = """
-- Which of them the task of every minute looks at, the oldest first. Ids only.
CREATE FUNCTION door.job_unread(most integer) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT u.dossier FROM door.unread() u WHERE NOT u.on_its_way ORDER BY u.received LIMIT most $$;

-- Supervisors and heads of other units to whom such a report could go: none who is kept out of it, and none who works in
-- its own unit as well. For that task alone, about the report of its ticket.
CREATE FUNCTION door.job_seniors(OUT unit uuid, OUT person uuid) RETURNS SETOF record
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT DISTINCT m.organisation_id, m.user_id
        FROM access_dossier d JOIN access_membership m ON m.organisation_id <> d.unit_id
        JOIN access_user u ON u.id = m.user_id AND u.is_active
        JOIN access_organisation o ON o.id = m.organisation_id AND o.is_active AND o.kind = 'unit'
        WHERE d.id = door.scope('job_handing_on') AND m.role IN ('supervisor', 'head')
          AND m.since <= statement_timestamp() AND (m.until IS NULL OR m.until > statement_timestamp())
          AND NOT EXISTS (SELECT FROM access_wall w WHERE w.dossier_id = d.id AND w.person_id = m.user_id
                          AND w.lifted_at IS NULL)
          AND NOT EXISTS (SELECT FROM access_membership own
                          WHERE own.user_id = m.user_id AND own.organisation_id = d.unit_id
                            AND (own.until IS NULL OR own.until > statement_timestamp()));
END $$;

-- One such report as it lies there, sealed, with its wrapped keys: what another unit needs to take it over. Nothing while
-- somebody of its own unit may read it, or while it waits elsewhere. The task reaches no section by its ticket.
CREATE FUNCTION door.job_unread_report(wanted uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE one record;
BEGIN
    IF wanted IS DISTINCT FROM door.scope('job_handing_on') THEN RETURN NULL; END IF;
    SELECT * INTO one FROM door.unread() u WHERE u.dossier = wanted AND NOT u.on_its_way;
    IF NOT FOUND THEN RETURN NULL; END IF;
    RETURN (
        SELECT jsonb_build_object(
            'unit', r.unit_id, 'goes_on', one.goes_on, 'danger_now', r.danger_now, 'place', coalesce(r.place_id, ''),
            'reporter_kind', r.reporter_kind, 'for_whom', r.for_whom, 'age_band', r.age_band,
            'asked', (SELECT coalesce(jsonb_agg(t.to_unit_id), '[]') FROM intake_transfer t
                      WHERE t.dossier_id = wanted AND t.basis = 'unread'),
            'keys', (SELECT jsonb_object_agg(k.section, jsonb_build_array(k.id, k.kek_number, encode(k.wrapped, 'base64')))
                     FROM access_datakey k WHERE k.dossier_id = wanted AND k.wrapped IS NOT NULL
                     AND k.section IN ('narrative', 'reporter')),
            'story', (SELECT jsonb_build_object('id', s.id, 'text', encode(s.text, 'base64'),
                                                'accused', encode(s.accused, 'base64'))
                      FROM intake_story s WHERE s.dossier_id = wanted ORDER BY s.id LIMIT 1),
            'contact', (SELECT jsonb_build_object('id', c.id, 'phone', encode(c.phone, 'base64'),
                'hours', encode(c.hours, 'base64'), 'code_word', encode(c.code_word, 'base64'),
                'trusted', encode(c.trusted, 'base64'), 'must_not_know', encode(c.must_not_know, 'base64'),
                'means', c.means, 'never_call', c.never_call OR coalesce(w.never_call, false), 'weekdays', c.weekdays,
                'from_time', c.from_time, 'until_time', c.until_time,
                'safe', NOT coalesce(w.doubted OR w.hers IS NOT NULL, false))
                FROM intake_safecontact c LEFT JOIN door.reporter_way(wanted) w ON true  -- 0017
                WHERE c.dossier_id = wanted ORDER BY c.id LIMIT 1),
            'reporter', (SELECT jsonb_build_object('id', p.id, 'name', encode(p.name, 'base64'))
                FROM people_part a JOIN people_person p ON p.id = a.person_id
                WHERE a.dossier_id = wanted AND a.role = 'reporter' AND p.name IS NOT NULL ORDER BY a.id LIMIT 1))
        FROM intake_report r WHERE r.dossier_id = wanted);
END $$;

-- Sends it: to a unit with a supervisor or head who is not meant. Whoever bears the accused's name there is kept out as
-- here, and here everybody is: nothing of it is left on a page of this unit. An answer that is late is waited for no
-- longer. True where it was sent.
CREATE FUNCTION door.job_hand_on(wanted uuid, number uuid, taker uuid, alike uuid[], content bytea, passed text,
                                 begun jsonb) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE r intake_report; d access_dossier; late uuid;
BEGIN
    IF wanted IS DISTINCT FROM door.scope('job_handing_on') THEN RETURN false; END IF;
    SELECT * INTO r FROM intake_report i WHERE i.dossier_id = wanted FOR UPDATE;
    SELECT * INTO d FROM access_dossier a WHERE a.id = wanted FOR KEY SHARE;
    IF NOT EXISTS (SELECT FROM door.unread() u WHERE u.dossier = wanted AND u.goes_on AND NOT u.on_its_way)
       OR content IS NULL
       OR NOT EXISTS (SELECT FROM door.job_seniors() s WHERE s.unit = taker AND NOT s.person = ANY (alike)) THEN
        RETURN false;
    END IF;
    UPDATE intake_transfer t SET state = 'taken_back', answered_at = statement_timestamp(), parcel = NULL
    WHERE t.dossier_id = wanted AND t.state = 'sent' AND t.basis = 'unread' RETURNING t.id INTO late;
    UPDATE clocks_clock c SET ended_at = statement_timestamp(), fires_at = NULL, ending = 'not_needed'
    WHERE c.dossier_id = wanted AND c.about = late AND c.ended_at IS NULL;
    INSERT INTO access_wall (id, dossier_id, unit_id, stage, person_id, raised_at)
    SELECT gen_random_uuid(), d.id, d.unit_id, d.stage, m.user_id, statement_timestamp()
    FROM access_membership m
    WHERE (m.organisation_id = d.unit_id OR m.organisation_id = taker AND m.user_id = ANY (alike))
      AND (m.until IS NULL OR m.until > statement_timestamp())
      AND NOT EXISTS (SELECT FROM access_wall w WHERE w.dossier_id = wanted AND w.person_id = m.user_id
                      AND w.lifted_at IS NULL)
    GROUP BY m.user_id;
    INSERT INTO intake_transfer (id, dossier_id, unit_id, stage, key_id, to_unit_id, outside, basis, passes, about_staff,
                                 danger_now, place_code, parcel, state, sent_at)
    SELECT number, d.id, d.unit_id, d.stage, k.id, taker, '', 'unread', passed, true, r.danger_now,
           coalesce(r.place_id, ''), content, 'sent', statement_timestamp()
    FROM access_datakey k WHERE k.dossier_id = wanted AND k.section = 'narrative';
    INSERT INTO clocks_clock (id, dossier_id, unit_id, stage, section, code, definition_id, about, holder_id,
                              started_at, given_at, due_at, fires_at, fired, ending)
    SELECT b.id, d.id, d.unit_id, d.stage, f.section, f.code, f.id, number, NULL, b.started, b.given, b.due, b.fires,
           '{}', ''
    FROM jsonb_to_recordset(begun) AS b (id uuid, definition uuid, started timestamptz, given timestamptz,
                                         due timestamptz, fires timestamptz)
    JOIN clocks_definition f ON f.id = b.definition AND f.starts_on = 'transfer_sent'
    ON CONFLICT DO NOTHING;
    RETURN true;
END $$;

-- Where no unit is left that could take it: the administrators of the highest organisation, who learn nothing but that
-- the unit lacks a supervisor. Whoever bears the accused's name is none of them.
CREATE FUNCTION door.job_administrators(wanted uuid, alike uuid[]) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE highest uuid;
BEGIN
    IF wanted IS DISTINCT FROM door.scope('job_handing_on') THEN RETURN; END IF;
    SELECT door.highest_over(u.unit) INTO highest FROM door.unread() u WHERE u.dossier = wanted;
    RETURN QUERY SELECT DISTINCT m.user_id FROM access_membership m
        JOIN access_user u ON u.id = m.user_id AND u.is_active
        WHERE m.organisation_id = highest AND m.role = 'administrator' AND NOT m.user_id = ANY (alike)
          AND m.since <= statement_timestamp() AND (m.until IS NULL OR m.until > statement_timestamp());
END $$;

-- The units that lack somebody of rank for such a report, as long as they do, to the administrators who were told.
-- Neither which report it is nor how many.
CREATE FUNCTION door.units_without_reader(OUT unit uuid, OUT since timestamptz) RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT u.unit, min(u.received) FROM door.unread() u
    WHERE cardinality(door.seats('{administrator}')) > 0 AND NOT u.on_its_way
      AND EXISTS (SELECT FROM notices_notice n WHERE n.person_id = door.person() AND n.kind = 'no_reader'
                  AND n.cause LIKE 'no-reader:' || u.unit || ':%')
    GROUP BY u.unit $$;
"""
