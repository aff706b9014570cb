"""What was given to somebody who was written down twice counts for the one they are; consents count as they stand."""

from django.db import migrations

FOLLOW = """
CREATE OR REPLACE FUNCTION door.follow_plan() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    -- Nothing is given against a no or after a withdrawal, neither by a partner nor by the unit's own people. What was
    -- given while a consent held may be recorded late, and emergency care before anybody could ask, once she agreed.
    -- The owner loads history that other rules have looked at.
    IF session_user IN ('ruangaman_app', 'ruangaman_worker') AND NOT EXISTS (
        SELECT FROM consent_consent c
        WHERE c.dossier_id = NEW.dossier_id AND door.one(c.client_id) = door.one(NEW.client_id) AND c.service = NEW.service
          AND c.answer = 'given' AND coalesce(c.recipient_id, NEW.unit_id) = NEW.organisation_id
          AND (c.until AT TIME ZONE 'Asia/Jakarta')::date >= NEW.given_on
          AND (c.withdrawn_at IS NULL OR (c.withdrawn_at AT TIME ZONE 'Asia/Jakarta')::date > NEW.given_on
               OR NEW.recorded_at < c.withdrawn_at)
          AND NOT EXISTS (
              SELECT FROM consent_consent n
              WHERE n.dossier_id = c.dossier_id AND door.one(n.client_id) = door.one(c.client_id) AND n.service = c.service
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
          AND n.id = i.need_id AND door.one(n.client_id) = door.one(NEW.client_id);
        IF NOT FOUND THEN
            RAISE EXCEPTION 'this plan is not of this client and service' USING ERRCODE = 'insufficient_privilege';
        END IF;
    END IF;
    UPDATE cases_need SET state = 'met', unmet = ''
    WHERE dossier_id = NEW.dossier_id AND door.one(client_id) = door.one(NEW.client_id) AND service = NEW.service AND state <> 'met';
    RETURN NULL;
END $$;
"""
AGREED = """
CREATE OR REPLACE FUNCTION door.agreed(of_dossier uuid, of_client uuid, of_service text, recipient uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
BEGIN
    IF NOT recipient = ANY (door.principals()) THEN RETURN false; END IF;
    RETURN EXISTS (SELECT FROM door.standing(of_dossier, recipient) s
                   WHERE s.one = door.one(of_client) AND s.service = of_service AND s.until > statement_timestamp());
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("services", "0003_sections"), ("consent", "0004_standing")]
    operations = [
        migrations.RunSQL(FOLLOW, migrations.RunSQL.noop),
        migrations.RunSQL(AGREED, migrations.RunSQL.noop),
    ]
