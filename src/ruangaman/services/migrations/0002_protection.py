"""What was done lies in the section of its service; the plan is kept in step by the database."""

from django.db import migrations

from ruangaman.kernel.protection import Protect
from ruangaman.kernel.roles import APP

SPINE = ("id", "dossier_id", "unit_id", "stage", "client_id")
FOLLOW = """
-- A psychologist or a hospital records in a section of their own, and may not write the plan: that the plan was
-- followed is kept here, as a number and a day.
CREATE FUNCTION door.follow_plan() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.item_id IS NOT NULL THEN
        UPDATE cases_planitem SET given = given + 1,
               last_given_on = greatest(coalesce(last_given_on, NEW.given_on), NEW.given_on)
        WHERE id = NEW.item_id AND dossier_id = NEW.dossier_id AND service = NEW.service;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'this plan is not of this dossier and service' USING ERRCODE = 'insufficient_privilege';
        END IF;
    END IF;
    UPDATE cases_need SET state = 'met', unmet = ''
    WHERE dossier_id = NEW.dossier_id AND client_id = NEW.client_id AND service = NEW.service AND state <> 'met';
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION door.follow_plan() FROM PUBLIC;
CREATE TRIGGER follow_plan AFTER INSERT ON services_delivery FOR EACH ROW EXECUTE FUNCTION door.follow_plan();

-- Nothing is referred without consent to that recipient, whatever statement writes it.
CREATE FUNCTION door.refuse_unconsented_referral() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF NOT door.consented(NEW.consent_id, NEW.dossier_id, NEW.service, NEW.organisation_id, NEW.sent_at) THEN
        RAISE EXCEPTION 'no live consent covers this referral' USING ERRCODE = 'RA002';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION door.refuse_unconsented_referral() FROM PUBLIC;
CREATE TRIGGER refuse_unconsented_referral BEFORE INSERT OR UPDATE OF consent_id, service, organisation_id
ON services_referral FOR EACH ROW EXECUTE FUNCTION door.refuse_unconsented_referral();
"""
# Of several partners in one dossier each sees its own referrals: those of its organisation, or, by the plan, the unit's.
PLANS = (
    "(stage || ':' || unit_id) = ANY ((SELECT door.reach('plan', 'r'))::text[]) "
    "OR EXISTS (SELECT FROM access_grant g WHERE g.dossier_id = services_referral.dossier_id AND g.section = 'plan' "
    "AND g.until > statement_timestamp() AND g.withdrawn_at IS NULL "
    "AND (services_referral.stage || ':' || g.principal_id) = ANY ((SELECT door.granted('plan', 'r'))::text[]))"
)
OWN_ALONE = [
    f"CREATE POLICY own_alone ON services_referral AS RESTRICTIVE FOR ALL TO {APP} "
    f"USING (organisation_id = ANY ((SELECT door.principals())::uuid[]) OR {PLANS})",
    # Nor does a partner send one on: who refers reads the plan.
    f"CREATE POLICY sent_by_the_unit ON services_referral AS RESTRICTIVE FOR INSERT TO {APP} WITH CHECK ({PLANS})",
]


class Migration(migrations.Migration):
    dependencies = [("services", "0001_initial"), ("cases", "0002_protection")]
    operations = [
        Protect(
            "Referral",
            section="referral",
            facts=(*SPINE, "service", "organisation_id", "status", "sent_at", "answered_at", "ended_at"),
        ),
        Protect(
            "Delivery",
            section_column="section",
            updates=False,
            facts=(*SPINE, "service", "kind", "given_on", "organisation_id", "recorded_at"),
        ),
        Protect("Visum", section="medical", updates=False, facts=(*SPINE, "dated_on")),
        migrations.RunSQL(OWN_ALONE, migrations.RunSQL.noop),
        migrations.RunSQL(
            FOLLOW,
            "DROP FUNCTION door.follow_plan() CASCADE; DROP FUNCTION door.refuse_unconsented_referral() CASCADE",
        ),
    ]
