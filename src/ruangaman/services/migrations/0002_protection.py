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
    -- Nothing is given against a no or after a withdrawal, neither by a partner nor by the unit's own people. What was
    -- given while a consent held may be recorded late, and emergency care before anybody could ask, once she agreed.
    -- The owner loads history that other rules have looked at.
    IF session_user IN ('ruangaman_app', 'ruangaman_worker') AND NOT EXISTS (
        SELECT FROM consent_consent c
        WHERE c.dossier_id = NEW.dossier_id AND c.client_id = NEW.client_id AND c.service = NEW.service
          AND c.answer = 'given' AND coalesce(c.recipient_id, NEW.unit_id) = NEW.organisation_id
          AND (c.until AT TIME ZONE 'Asia/Jakarta')::date >= NEW.given_on
          AND (c.withdrawn_at IS NULL OR (c.withdrawn_at AT TIME ZONE 'Asia/Jakarta')::date > NEW.given_on
               OR NEW.recorded_at < c.withdrawn_at)
          AND NOT EXISTS (
              SELECT FROM consent_consent n
              WHERE n.dossier_id = c.dossier_id AND n.client_id = c.client_id AND n.service = c.service
                AND n.recipient_id IS NOT DISTINCT FROM c.recipient_id AND n.answer <> 'given'
                AND NOT (n.basis = 'guardian' AND n.service IN ('medical', 'shelter'))
                AND n.answered_at > c.answered_at
                AND (n.answered_at AT TIME ZONE 'Asia/Jakarta')::date <= NEW.given_on)) THEN
        RAISE EXCEPTION 'no consent covers this service on that day' USING ERRCODE = 'RA002';
    END IF;
    IF NEW.item_id IS NOT NULL THEN
        UPDATE cases_planitem i SET given = i.given + 1,
               last_given_on = greatest(coalesce(i.last_given_on, NEW.given_on), NEW.given_on)
        FROM cases_need n
        WHERE i.id = NEW.item_id AND i.dossier_id = NEW.dossier_id AND i.service = NEW.service
          AND n.id = i.need_id AND n.client_id = NEW.client_id;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'this plan is not of this client and service' USING ERRCODE = 'insufficient_privilege';
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
AGREED = f"""
-- Whether the newest answer that counts lets this recipient give this client this service: the rule by which consents
-- become grants (door.project_consents), for one service. Asked by the recipient alone, so that it is no oracle.
CREATE FUNCTION door.agreed(of_dossier uuid, of_client uuid, of_service text, recipient uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF NOT recipient = ANY (door.principals()) THEN RETURN false; END IF;
    RETURN coalesce((
        SELECT c.answer = 'given' AND c.withdrawn_at IS NULL AND c.until > statement_timestamp()
        FROM consent_consent c
        WHERE c.dossier_id = of_dossier AND c.client_id = of_client AND c.service = of_service
          AND c.recipient_id = recipient
          AND NOT (c.answer <> 'given' AND c.basis = 'guardian' AND c.service IN ('medical', 'shelter'))
        ORDER BY c.answered_at DESC, c.id DESC LIMIT 1), false);
END $$;
REVOKE ALL ON FUNCTION door.agreed(uuid, uuid, text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION door.agreed(uuid, uuid, text, uuid) TO {APP};
"""
# Who reads the plan: the unit's own people. A partner never does.
PLANS = (
    "(stage || ':' || unit_id) = ANY ((SELECT door.reach('plan', 'r'))::text[]) "
    "OR EXISTS (SELECT FROM access_grant g WHERE g.dossier_id = services_referral.dossier_id AND g.section = 'plan' "
    "AND g.until > statement_timestamp() AND g.withdrawn_at IS NULL "
    "AND (services_referral.stage || ':' || g.principal_id) = ANY ((SELECT door.granted('plan', 'r'))::text[]))"
)
# Of several partners in one dossier each sees its own referrals, and of its own only those whose service she still
# agrees to: with two services of one partner, a no to the one leaves the section open for the other.
OWN = (
    "organisation_id = ANY ((SELECT door.principals())::uuid[]) "
    "AND door.agreed(dossier_id, client_id, service, organisation_id)"
)


def by_own_referral(table: str, more: str = "") -> str:
    """What was given, and its visum: a partner sees and writes what rests on a referral it sees, and nothing else.

    ``door.principals`` names a person, and besides only the partners they answer for: one name, no partner. What the
    unit's own people see is the matrix's to say.
    """
    return (
        f"CREATE POLICY own_alone ON {table} AS RESTRICTIVE FOR ALL TO {APP} "
        "USING (cardinality((SELECT door.principals())::uuid[]) < 2 OR EXISTS ("
        f"SELECT FROM services_referral r WHERE r.id = {table}.referral_id AND r.dossier_id = {table}.dossier_id{more}))"
    )


SAME = (
    " AND r.organisation_id = services_delivery.organisation_id AND r.service = services_delivery.service"
    " AND r.item_id IS NOT DISTINCT FROM services_delivery.item_id"
)
OWN_ALONE = [
    f"CREATE POLICY own_alone ON services_referral AS RESTRICTIVE FOR ALL TO {APP} USING ({PLANS} OR ({OWN}))",
    # Nor does a partner send one on: who refers reads the plan.
    f"CREATE POLICY sent_by_the_unit ON services_referral AS RESTRICTIVE FOR INSERT TO {APP} WITH CHECK ({PLANS})",
    # What was asked, of whom and for whom, stays as it was sent; only where it stands changes.
    f"REVOKE UPDATE ON services_referral FROM {APP}",
    f"GRANT UPDATE (stage, status, answered_by_id, answered_at, decline, ended_at) ON services_referral TO {APP}",
    by_own_referral("services_delivery", SAME),
    by_own_referral("services_visum"),
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
        migrations.RunSQL(AGREED, "DROP FUNCTION door.agreed(uuid, uuid, text, uuid) CASCADE"),
        migrations.RunSQL(OWN_ALONE, migrations.RunSQL.noop),
        migrations.RunSQL(
            FOLLOW,
            "DROP FUNCTION door.follow_plan() CASCADE; DROP FUNCTION door.refuse_unconsented_referral() CASCADE",
        ),
    ]
