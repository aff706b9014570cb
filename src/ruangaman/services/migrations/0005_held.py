"""What a partner had of a file by its referrals is listed when it is asked to delete it."""

from django.db import migrations

from ruangaman.kernel.roles import APP

HELD = f"""
CREATE FUNCTION door.held_services(of_dossier uuid, to_whom uuid, OUT at timestamptz, OUT what text, OUT service text)
RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
    SELECT r.sent_at, 'referral', r.service::text FROM services_referral r
    WHERE r.dossier_id = of_dossier AND r.organisation_id = to_whom AND door.may_list_held(of_dossier, to_whom)
    UNION ALL
    (SELECT d.recorded_at, 'delivery', d.service::text FROM services_delivery d
     WHERE d.dossier_id = of_dossier AND door.may_list_held(of_dossier, to_whom)
       AND (d.organisation_id = to_whom OR d.recorded_by_id = to_whom)
     ORDER BY d.recorded_at DESC LIMIT 60) $$;
REVOKE ALL ON FUNCTION door.held_services(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION door.held_services(uuid, uuid) TO {APP};
"""


class Migration(migrations.Migration):
    dependencies = [("services", "0004_one_person"), ("consent", "0005_asking_back")]
    operations = [migrations.RunSQL(HELD, "DROP FUNCTION door.held_services(uuid, uuid)")]
