"""Each table of a case in its section; a plan without a live consent is refused by the database itself."""

from django.db import migrations

from ruangaman.kernel.protection import Protect

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


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("consent", "0002_protection")]
    operations = [
        Protect("Case", section="administration", facts=(*SPINE, "taken_at", "risk", "ended_at")),
        Protect(
            "Incident",
            section="coding",
            facts=(*SPINE, "client_id", "happened_on", "setting", "place_id", "online", "recorded_at"),
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
    ]
