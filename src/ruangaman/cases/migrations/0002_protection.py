"""Each table of a case in its section; a plan without a live consent is refused by the database itself.

The level of the newest safety note is copied for lists by the database, because who writes such a note may not write
the case; and who provides a service may learn of the own appointments of a plan that is not theirs to read.
"""

from django.db import migrations

from ruangaman.kernel.protection import Protect
from ruangaman.kernel.roles import APP

SPINE = ("id", "dossier_id", "unit_id", "stage")
REFUSE = """
-- Nothing is planned without consent, whatever statement writes it. Source: flow.md 5.
CREATE FUNCTION door.refuse_unconsented_plan() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF NOT door.consented(NEW.consent_id, NEW.dossier_id, NEW.service, NEW.organisation_id, NEW.planned_at)
       OR NOT EXISTS (SELECT FROM cases_need n WHERE n.id = NEW.need_id AND n.dossier_id = NEW.dossier_id
                      AND n.service = NEW.service) THEN
        RAISE EXCEPTION 'no live consent covers this plan' USING ERRCODE = 'RA002';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION door.refuse_unconsented_plan() FROM PUBLIC;
CREATE TRIGGER refuse_unconsented_plan BEFORE INSERT OR UPDATE OF consent_id, service, organisation_id, need_id
ON cases_planitem FOR EACH ROW EXECUTE FUNCTION door.refuse_unconsented_plan();
"""

RISK = """
CREATE FUNCTION door.copy_risk() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    UPDATE cases_case SET risk = NEW.level WHERE dossier_id = NEW.dossier_id;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION door.copy_risk() FROM PUBLIC;
CREATE TRIGGER copy_risk AFTER INSERT ON cases_safetynote FOR EACH ROW EXECUTE FUNCTION door.copy_risk();
"""
OWN_PLAN = f"""
-- What a plan asks of the ticket's person: which service, from when, how often. Never why, nor what else is planned.
CREATE FUNCTION door.own_plan(of_dossier uuid, until date, most integer, OUT item uuid, OUT dossier uuid,
    OUT client uuid, OUT service text, OUT sessions smallint, OUT given smallint, OUT starts_on date, OUT last_given_on date)
RETURNS SETOF record
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE t record; gone uuid[]; can text[];
BEGIN
    SELECT * INTO t FROM door.ticket();
    IF t.purpose IS DISTINCT FROM 'staff' THEN RETURN; END IF;
    gone := door.walled();
    can := door.granted('file', 'r');
    RETURN QUERY
        SELECT i.id, i.dossier_id, n.client_id, i.service::text, i.sessions, i.given, i.starts_on, i.last_given_on
        FROM cases_planitem i JOIN cases_need n ON n.id = i.need_id
        WHERE i.provider_id = t.person AND i.dropped_at IS NULL AND i.stage = 'case' AND i.starts_on <= until
          AND (of_dossier IS NULL AND i.given = 0 OR i.dossier_id = of_dossier)
          AND i.dossier_id <> ALL (gone)
          -- Nobody is told to begin what she no longer agrees to; what was given before can be recorded late.
          AND (of_dossier IS NOT NULL OR door.consented(
               i.consent_id, i.dossier_id, i.service::text, i.organisation_id, statement_timestamp()))
          AND EXISTS (SELECT FROM access_grant g
                      WHERE g.dossier_id = i.dossier_id AND g.section = 'file' AND g.principal_id = t.person
                        AND g.until > statement_timestamp() AND g.withdrawn_at IS NULL
                        AND (i.stage || ':' || g.principal_id) = ANY (can))
        ORDER BY i.starts_on, i.id LIMIT most;
END $$;
REVOKE ALL ON FUNCTION door.own_plan(uuid, date, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION door.own_plan(uuid, date, integer) TO {APP};
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("consent", "0002_protection")]
    operations = [
        Protect("Case", section="administration", facts=(*SPINE, "taken_at", "risk", "ended_at")),
        Protect(
            "Incident",
            section="coding",
            facts=(
                *SPINE,
                "client_id",
                "happened_on",
                "setting",
                "place_id",
                "online",
                "recorded_at",
                "replaced_at",
            ),
        ),
        Protect("Violence", section="coding", updates=False, facts=(*SPINE, "incident_id", "form")),
        Protect("Assessment", section="narrative", facts=(*SPINE, "seen_alone", "done_at")),
        Protect("SafetyNote", section="risk", updates=False, facts=(*SPINE, "level", "written_at")),
        Protect(
            "Need", section="plan", facts=(*SPINE, "client_id", "service", "state", "unmet", "recorded_at")
        ),
        Protect(
            "PlanItem",
            section="plan",
            facts=(
                *SPINE,
                "need_id",
                "service",
                "sessions",
                "starts_on",
                "planned_at",
                "given",
                "last_given_on",
            ),
        ),
        migrations.RunSQL(REFUSE, "DROP FUNCTION door.refuse_unconsented_plan() CASCADE"),
        migrations.RunSQL(RISK, "DROP FUNCTION door.copy_risk() CASCADE"),
        migrations.RunSQL(OWN_PLAN, "DROP FUNCTION door.own_plan(uuid, date, integer)"),
    ]
