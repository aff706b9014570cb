"""What stands of all that was answered, worked out in one place; who loses sight of something is asked to delete it."""

from django.db import migrations

from ruangaman.kernel.protection import Protect
from ruangaman.kernel.roles import APP

STANDING = f"""
-- A guardian who was refused in this dossier, by whichever of their records, and was not accepted again since.
CREATE FUNCTION door.is_barred(of_dossier uuid, whom uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM people_part p JOIN people_person q ON q.id = p.person_id
                   WHERE p.dossier_id = of_dossier AND p.role = 'guardian' AND p.status = 'refused'
                     AND q.one_id = door.one(whom))
       AND NOT EXISTS (SELECT FROM people_part p JOIN people_person q ON q.id = p.person_id
                       WHERE p.dossier_id = of_dossier AND p.role = 'guardian' AND p.status = 'active'
                         AND q.one_id = door.one(whom)) $$;
REVOKE ALL ON FUNCTION door.is_barred(uuid, uuid) FROM PUBLIC;

-- Whether somebody, by whichever of their records, is a client of this dossier.
CREATE FUNCTION door.is_client(of_dossier uuid, whom uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM people_part p JOIN people_person q ON q.id = p.person_id
                   WHERE p.dossier_id = of_dossier AND p.role = 'client' AND p.status = 'active'
                     AND q.one_id = door.one(whom)) $$;
REVOKE ALL ON FUNCTION door.is_client(uuid, uuid) FROM PUBLIC;

-- What holds of all that was answered about one recipient (null: the unit's own people): for each client and service the
-- newest answer that decides, where it is a yes. A guardian's no about medical care or protection decides nothing, and
-- what was given there by a guardian who was barred since goes on until it is asked again, because closing it could end
-- a treatment; everything else that such a guardian gave has ended. Of who is no client of the file any more nothing
-- holds. Source: care.md 10, 11.
CREATE FUNCTION door.standing(of_dossier uuid, to_whom uuid, OUT consent uuid, OUT one uuid, OUT service text,
    OUT scope jsonb, OUT answered timestamptz, OUT until timestamptz, OUT recorded_by uuid) RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT n.id, n.one_id, n.service, n.scope, n.answered_at, n.until, n.recorded_by_id
    FROM (SELECT DISTINCT ON (p.one_id, c.service) c.*, p.one_id
          FROM consent_consent c JOIN people_person p ON p.id = c.client_id
          WHERE c.dossier_id = of_dossier AND c.recipient_id IS NOT DISTINCT FROM to_whom
            AND door.is_client(of_dossier, p.one_id)
            AND NOT (c.answer <> 'given' AND c.basis = 'guardian' AND c.service IN ('medical', 'shelter'))
          ORDER BY p.one_id, c.service, c.answered_at DESC, c.id DESC) AS n
    WHERE n.answer = 'given' AND n.withdrawn_at IS NULL
      AND (n.basis <> 'guardian' OR n.service IN ('medical', 'shelter') OR NOT door.is_barred(of_dossier, n.given_by_id)) $$;
REVOKE ALL ON FUNCTION door.standing(uuid, uuid) FROM PUBLIC;

-- What a partner may see of one dossier becomes its grants, and nothing else does. What is told of the whole file (the
-- story, the risk) is shared only where every client of the file agrees to it. The matrix is the ceiling. Where
-- something closes, a recall is written in the same moment.
CREATE FUNCTION door.project(of_dossier uuid, to_whom uuid, at timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE d access_dossier; clients integer; had text[]; has text[];
BEGIN
    SELECT * INTO d FROM access_dossier WHERE id = of_dossier;
    SELECT count(DISTINCT p.one_id) INTO clients FROM people_part c JOIN people_person p ON p.id = c.person_id
    WHERE c.dossier_id = of_dossier AND c.role = 'client' AND c.status = 'active';
    -- Also what lapsed a moment ago and was not asked back yet (door.job_close_lapsed).
    had := ARRAY(SELECT section FROM access_grant WHERE dossier_id = of_dossier AND principal_id = to_whom
                 AND source = 'consent' AND withdrawn_at IS NULL);
    UPDATE access_grant SET withdrawn_at = at
    WHERE dossier_id = of_dossier AND principal_id = to_whom AND source = 'consent' AND withdrawn_at IS NULL;
    INSERT INTO access_grant (id, dossier_id, unit_id, stage, section, principal_id, writes, source, given_by_id, given_at, until)
    SELECT gen_random_uuid(), d.id, d.unit_id, d.stage, told.section, to_whom, bool_or(m.writes), 'consent',
           (array_agg(told.recorded_by ORDER BY told.answered DESC))[1], min(told.answered),
           CASE WHEN told.section IN ('narrative', 'risk') THEN min(told.until) ELSE max(told.until) END
    FROM (SELECT s.one, x.section, max(s.until) AS until, min(s.answered) AS answered,
                 (array_agg(s.recorded_by ORDER BY s.answered DESC))[1] AS recorded_by
          FROM door.standing(of_dossier, to_whom) s CROSS JOIN LATERAL jsonb_array_elements_text(s.scope) AS x (section)
          WHERE s.until > statement_timestamp() GROUP BY s.one, x.section) AS told
    JOIN access_matrixcell m ON m.role = 'partner_officer' AND m.reach = 'grant' AND m.stage = 'case'
                            AND m.section = told.section
    GROUP BY told.section
    HAVING told.section NOT IN ('narrative', 'risk') OR count(DISTINCT told.one) >= clients
    ON CONFLICT (dossier_id, section, principal_id, source) DO UPDATE
    SET writes = excluded.writes, given_by_id = excluded.given_by_id, given_at = excluded.given_at,
        until = excluded.until, withdrawn_at = NULL;
    has := ARRAY(SELECT section FROM access_grant WHERE dossier_id = of_dossier AND principal_id = to_whom
                 AND source = 'consent' AND withdrawn_at IS NULL);
    had := ARRAY(SELECT unnest(had) EXCEPT SELECT unnest(has) ORDER BY 1);
    IF cardinality(had) > 0 THEN
        PERFORM door.recall(d, to_whom, NULL, had);
    END IF;
    -- What she opened again in the meantime is not asked back.
    UPDATE consent_recall SET answer = 'reopened', answered_at = statement_timestamp(), answered_by_id = coalesce(
        door.person(), (SELECT given_by_id FROM access_grant WHERE dossier_id = of_dossier AND principal_id = to_whom
                        AND source = 'consent' AND withdrawn_at IS NULL ORDER BY given_at DESC LIMIT 1))
    WHERE dossier_id = of_dossier AND recipient_id = to_whom AND answered_at IS NULL AND sections <@ to_jsonb(has);
END $$;
REVOKE ALL ON FUNCTION door.project(uuid, uuid, timestamptz) FROM PUBLIC;

-- One question for all that one decision closed, however many answers it changed.
CREATE FUNCTION door.recall(d access_dossier, to_whom uuid, whom uuid, lost text[]) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    UPDATE consent_recall r
    SET sections = (SELECT jsonb_agg(DISTINCT s) FROM jsonb_array_elements(r.sections || to_jsonb(lost)) AS x (s))
    WHERE r.dossier_id = d.id AND r.recipient_id IS NOT DISTINCT FROM to_whom AND r.person_id IS NOT DISTINCT FROM whom
      AND r.answered_at IS NULL AND r.asked_at >= transaction_timestamp();
    IF FOUND THEN RETURN; END IF;
    INSERT INTO consent_recall (id, dossier_id, unit_id, stage, consent_id, recipient_id, person_id, reference, sections,
                                asked_at, answer)
    SELECT gen_random_uuid(), d.id, d.unit_id, d.stage, c.id, to_whom, whom, d.reference, to_jsonb(lost),
           statement_timestamp(), ''
    FROM consent_consent c WHERE c.dossier_id = d.id AND c.recipient_id IS NOT DISTINCT FROM to_whom
    ORDER BY coalesce(c.withdrawn_at, c.answered_at) DESC, c.id DESC LIMIT 1;
END $$;
REVOKE ALL ON FUNCTION door.recall(access_dossier, uuid, uuid, text[]) FROM PUBLIC;

-- The services of the unit's own people to which some client of the file agrees now.
CREATE FUNCTION door.agreed_now(of_dossier uuid) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS
$$ SELECT service FROM door.standing(of_dossier, NULL) WHERE until > statement_timestamp() $$;
REVOKE ALL ON FUNCTION door.agreed_now(uuid) FROM PUBLIC;

-- The unit's own psychologist, lawyer, guide or shelter officer is in a file for one service. When no client of the file
-- agrees to that service any more, their place on the team ends in the same moment; who is there for more keeps the rest.
-- To come back they are planned anew; who was put on the team after it ended was put there by a supervisor, to record late
-- what was given before, and stays. Source: flow.md 5; issue "People and consent", withdrawal; ADR-0016.
CREATE FUNCTION door.dismiss(of_dossier uuid, at timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE d access_dossier; gone record; lost text[];
BEGIN
    SELECT * INTO d FROM access_dossier WHERE id = of_dossier;
    FOR gone IN
        SELECT g.principal_id, g.section, EXISTS (
            SELECT FROM access_grant o WHERE o.dossier_id = of_dossier AND o.principal_id = g.principal_id
              AND o.source = 'team' AND o.withdrawn_at IS NULL AND o.writes AND o.section <> g.section
              AND (o.section = 'plan' OR o.section IN (SELECT door.agreed_now(of_dossier)))) AS stays
        FROM access_grant g
        WHERE g.dossier_id = of_dossier AND g.source = 'team' AND g.withdrawn_at IS NULL AND g.writes
          AND g.section IN ('psychological', 'legal', 'spiritual', 'shelter')
          AND g.section NOT IN (SELECT door.agreed_now(of_dossier))
          AND g.given_at <= (
              SELECT max(coalesce(c.withdrawn_at, CASE c.answer WHEN 'given' THEN least(c.until, statement_timestamp())
                                                  ELSE c.answered_at END))
              FROM consent_consent c WHERE c.dossier_id = of_dossier AND c.service = g.section AND c.recipient_id IS NULL)
    LOOP
        WITH closed AS (
            UPDATE access_grant SET withdrawn_at = at
            WHERE dossier_id = of_dossier AND principal_id = gone.principal_id AND source = 'team'
              AND withdrawn_at IS NULL AND (NOT gone.stays OR section = gone.section)
            RETURNING section)
        SELECT array_agg(section ORDER BY section) INTO lost FROM closed;
        IF cardinality(lost) > 0 THEN
            PERFORM door.recall(d, NULL, gone.principal_id, lost);
        END IF;
    END LOOP;
END $$;
REVOKE ALL ON FUNCTION door.dismiss(uuid, timestamptz) FROM PUBLIC;

CREATE OR REPLACE FUNCTION door.project_consents() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('consents:' || NEW.dossier_id::text, 0));
    IF NEW.recipient_id IS NULL THEN
        PERFORM door.dismiss(NEW.dossier_id, coalesce(NEW.withdrawn_at, NEW.answered_at));
    ELSE
        PERFORM door.project(NEW.dossier_id, NEW.recipient_id, coalesce(NEW.withdrawn_at, NEW.answered_at));
    END IF;
    RETURN NULL;
END $$;

-- Who the clients are, who stands for them, and who is one with whom, changes what stands.
CREATE FUNCTION door.project_all() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE one record;
BEGIN
    IF NOT EXISTS (SELECT FROM consent_consent WHERE dossier_id = NEW.dossier_id) THEN RETURN NULL; END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('consents:' || NEW.dossier_id::text, 0));
    FOR one IN SELECT DISTINCT recipient_id FROM consent_consent
               WHERE dossier_id = NEW.dossier_id AND recipient_id IS NOT NULL LOOP
        PERFORM door.project(NEW.dossier_id, one.recipient_id, statement_timestamp());
    END LOOP;
    PERFORM door.dismiss(NEW.dossier_id, statement_timestamp());
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION door.project_all() FROM PUBLIC;
CREATE TRIGGER project_all AFTER INSERT OR UPDATE OF status ON people_part FOR EACH ROW
    WHEN (NEW.role IN ('client', 'guardian')) EXECUTE FUNCTION door.project_all();
CREATE TRIGGER project_all AFTER UPDATE OF one_id ON people_person FOR EACH ROW
    WHEN (OLD.one_id IS DISTINCT FROM NEW.one_id) EXECUTE FUNCTION door.project_all();

CREATE OR REPLACE FUNCTION door.consented(wanted uuid, of_dossier uuid, of_service text, recipient uuid, at timestamptz)
RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM consent_consent c
        WHERE c.id = wanted AND c.dossier_id = of_dossier AND c.service = of_service AND c.answer = 'given'
          AND c.recipient_id IS NOT DISTINCT FROM recipient AND c.withdrawn_at IS NULL
          AND c.until > CASE WHEN session_user IN ('ruangaman_app', 'ruangaman_worker') THEN statement_timestamp() ELSE at END
          AND (c.basis <> 'guardian' OR NOT door.is_barred(of_dossier, c.given_by_id))
          -- Nor by an older answer where the newest one is a no, was withdrawn or has run out.
          AND EXISTS (
              SELECT FROM door.standing(of_dossier, recipient) s JOIN consent_consent n ON n.id = s.consent
              WHERE s.one = door.one(c.client_id) AND s.service = of_service
                AND (n.basis <> 'guardian' OR NOT door.is_barred(of_dossier, n.given_by_id))
                AND s.until > CASE WHEN session_user IN ('ruangaman_app', 'ruangaman_worker')
                                   THEN statement_timestamp() ELSE at END)) $$;

-- Of the people of one dossier, those whom a partner is shown: the clients who agreed that it sees such a section, and
-- who stands for them. Another client of the same file is nobody of its business.
CREATE FUNCTION door.shown_people(of_dossier uuid, wanted text) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE ones uuid[];
BEGIN
    ones := ARRAY(SELECT DISTINCT s.one FROM unnest(door.principals()) AS p (principal)
                  CROSS JOIN LATERAL door.standing(of_dossier, p.principal) s
                  WHERE s.until > statement_timestamp() AND s.scope ? wanted);
    IF cardinality(ones) = 0 THEN RETURN '{{}}'; END IF;
    RETURN ARRAY(
        SELECT p.id FROM people_person p WHERE p.dossier_id = of_dossier AND p.one_id = ANY (ones)
        UNION
        SELECT g.person_id FROM people_part g JOIN people_person w ON w.id = g.of_id
        WHERE wanted = 'identity' AND g.dossier_id = of_dossier AND g.role = 'guardian' AND g.status = 'active'
          AND w.one_id = ANY (ones));
END $$;
REVOKE ALL ON FUNCTION door.shown_people(uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION door.shown_people(uuid, text) TO {APP};
"""
# door.principals names a person, and besides only the partners they answer for: one name, no partner.
UNIT = "cardinality((SELECT door.principals())::uuid[]) < 2"


def shown(table: str, person: str, section: str) -> str:
    """A partner sees of this table only who agreed that it sees such a section."""
    return (
        f"CREATE POLICY shown_alone ON {table} AS RESTRICTIVE FOR ALL TO {APP} "
        f"USING ({UNIT} OR {person} = ANY (door.shown_people(dossier_id, '{section}')))"
    )


SHOWN = [
    shown("people_person", "id", "identity"),
    shown("people_part", "person_id", "identity"),
    shown("people_contact", "person_id", "contact"),
    shown("people_profile", "person_id", "support"),
    *(
        f"CREATE POLICY never_a_partner ON people_{table} AS RESTRICTIVE FOR ALL TO {APP} USING ({UNIT})"
        for table in ("earlieridentity", "nametoken", "unborn")
    ),
]
HIDDEN = [
    *(f"DROP POLICY shown_alone ON people_{table}" for table in ("person", "part", "contact", "profile")),
    *(
        f"DROP POLICY never_a_partner ON people_{table}"
        for table in ("earlieridentity", "nametoken", "unborn")
    ),
]
# Not who is walled off: that there is such a file is nothing for them to know.
ASKED = (
    "(recipient_id = ANY ((SELECT door.principals())::uuid[]) OR person_id = (SELECT door.person())) "
    "AND dossier_id <> ALL ((SELECT door.walled())::uuid[])"
)
RECALLS = f"""
-- What is asked back is written by the database, and answered once, by who is asked or by the unit that hears of it.
REVOKE INSERT, UPDATE ON consent_recall FROM {APP};
GRANT UPDATE (answer, answered_by_id, answered_at, stage) ON consent_recall TO {APP};
CREATE POLICY asked_read ON consent_recall FOR SELECT TO {APP} USING ({ASKED});
CREATE POLICY asked_answer ON consent_recall FOR UPDATE TO {APP} USING ({ASKED});

CREATE FUNCTION door.recall_answered() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.answered_at IS NOT NULL THEN
        RAISE EXCEPTION 'this was answered' USING ERRCODE = 'check_violation';
    END IF;
    IF session_user = '{APP}' AND NEW.answered_by_id IS DISTINCT FROM door.person() THEN
        RAISE EXCEPTION 'a recall is answered in the own name' USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- Here, because who answers sees the file no more.
    UPDATE clocks_clock c SET ended_at = NEW.answered_at, ended_by_id = NEW.answered_by_id, fires_at = NULL, ending = 'met'
    FROM clocks_definition f WHERE f.id = c.definition_id AND c.dossier_id = NEW.dossier_id AND c.about = NEW.id
      AND c.ended_at IS NULL AND 'recall_answered' = ANY (f.ends_on);
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION door.recall_answered() FROM PUBLIC;
CREATE TRIGGER recall_answered BEFORE UPDATE OF answer, answered_by_id, answered_at ON consent_recall
FOR EACH ROW EXECUTE FUNCTION door.recall_answered();

-- Decisions against her consent are a supervisor's, in the own name.
CREATE POLICY supervised ON consent_disclosure AS RESTRICTIVE FOR INSERT TO {APP} WITH CHECK (
    decided_by_id = (SELECT door.person()) AND unit_id = ANY ((SELECT door.seats('{{supervisor,head}}'))::uuid[]));
"""
UNRECALLED = """
DROP POLICY asked_read ON consent_recall; DROP POLICY asked_answer ON consent_recall;
DROP FUNCTION door.recall_answered() CASCADE; DROP POLICY supervised ON consent_disclosure;
"""
SOUND = f"""
-- What the page asks, the database asks as well: of whom an answer can be, to whom, by whom, and what can be shared at
-- all. Only what the web writes: the owner loads history that was looked at. Source: peers.md (Primero).
CREATE FUNCTION door.consent_is_sound() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE own text := CASE WHEN NEW.service IN ('social', 'return', 'reintegration') THEN 'plan' ELSE NEW.service END;
BEGIN
    IF session_user <> '{APP}' THEN RETURN NEW; END IF;
    IF NOT EXISTS (SELECT FROM people_person p WHERE p.id = NEW.client_id AND p.dossier_id = NEW.dossier_id)
       OR NOT door.is_client(NEW.dossier_id, NEW.client_id) THEN
        RAISE EXCEPTION 'an answer is that of a client of the file' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.recipient_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM access_organisation o WHERE o.id = NEW.recipient_id AND o.kind = 'partner' AND o.is_active) THEN
        RAISE EXCEPTION 'what is shared is shared with a partner' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT NEW.scope <@ (CASE WHEN NEW.recipient_id IS NULL OR NEW.answer <> 'given' THEN '[]'::jsonb ELSE
       jsonb_build_array('file', 'identity', 'referral', 'contact', 'narrative', 'risk', 'support', own) END) THEN
        RAISE EXCEPTION 'this is never shared' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.until > NEW.answered_at + interval '366 days' THEN
        RAISE EXCEPTION 'a consent holds for a year at most' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.basis = 'guardian' AND NOT EXISTS (
        SELECT FROM people_part g JOIN people_person w ON w.id = g.of_id
        WHERE g.dossier_id = NEW.dossier_id AND g.role = 'guardian' AND g.status = 'active'
          AND g.person_id = NEW.given_by_id AND w.one_id = door.one(NEW.client_id)) THEN
        RAISE EXCEPTION 'this is not the guardian of this child' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.recorded_by_id IS DISTINCT FROM door.person() OR (NEW.basis = 'best_interest'
       AND NOT NEW.unit_id = ANY (door.seats('{{supervisor}}'))) THEN
        RAISE EXCEPTION 'an answer is written down in the own name, and only a supervisor decides for a child'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION door.consent_is_sound() FROM PUBLIC;
CREATE TRIGGER consent_is_sound BEFORE INSERT ON consent_consent FOR EACH ROW EXECUTE FUNCTION door.consent_is_sound();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0003_words_and_recalls"),
        ("people", "0008_who_is_who_protection"),
        ("clocks", "0002_protection"),
    ]
    operations = [
        Protect("Recall", section="plan"),
        Protect("Disclosure", section="plan", updates=False),
        migrations.RunSQL(
            STANDING,
            "DROP FUNCTION door.shown_people(uuid, text) CASCADE; DROP FUNCTION door.project_all() CASCADE; "
            "DROP FUNCTION door.dismiss(uuid, timestamptz); DROP FUNCTION door.agreed_now(uuid); DROP FUNCTION door.recall(access_dossier, uuid, uuid, text[]); "
            "DROP FUNCTION door.project(uuid, uuid, timestamptz); DROP FUNCTION door.standing(uuid, uuid); "
            "DROP FUNCTION door.is_client(uuid, uuid) CASCADE; DROP FUNCTION door.is_barred(uuid, uuid) CASCADE",
        ),
        migrations.RunSQL(SOUND, "DROP FUNCTION door.consent_is_sound() CASCADE"),
        migrations.RunSQL(SHOWN, HIDDEN),
        migrations.RunSQL(RECALLS, UNRECALLED),
    ]
