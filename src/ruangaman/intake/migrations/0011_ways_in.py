"""What partner applications, tickets and the log need of the database beyond their tables."""

from django.db import migrations, models

from ruangaman.kernel.roles import APP, WORKER

ME = "(SELECT door.person())"
POLICIES = [
    # A key is made in one's own name, revoked in one's own name, and never comes back.
    f"CREATE POLICY in_ones_own_name ON intake_appkey AS RESTRICTIVE FOR INSERT TO {APP} "
    f"WITH CHECK (made_by_id = {ME} AND revoked_at IS NULL AND used_on IS NULL)",
    f"CREATE POLICY once ON intake_appkey AS RESTRICTIVE FOR UPDATE TO {APP} USING (revoked_at IS NULL) "
    f"WITH CHECK (revoked_by_id = {ME} AND revoked_at IS NOT NULL)",
    f"CREATE POLICY in_ones_own_name ON intake_talk AS RESTRICTIVE FOR INSERT TO {APP} "
    f"WITH CHECK (written_by_id = {ME})",
    "CREATE INDEX intake_receipt_kept ON intake_delivery (receipt_until) WHERE receipt IS NOT NULL",
]
DOORS = """
-- What whoever asks has logged from a telephone and not yet deleted there: no word of it. Also where the file has moved
-- on to a stage they don't see: the telephone still holds it.
CREATE FUNCTION door.own_unwiped(most integer, OUT talk uuid, OUT reference text, OUT written_at timestamptz)
RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS
$$ SELECT t.id, d.reference, t.written_at FROM intake_talk t JOIN access_dossier d ON d.id = t.dossier_id
   WHERE t.written_by_id = door.person() AND t.medium = 'messenger' AND t.wiped_at IS NULL
   ORDER BY t.written_at, t.id LIMIT least(greatest(most, 0), 1000) $$;

-- Says that it is deleted there: by who wrote it, once. Gives its file for the ledger, or nothing.
CREATE FUNCTION door.wiped(wanted uuid, OUT dossier uuid, OUT unit uuid)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS
$$ UPDATE intake_talk SET wiped_at = statement_timestamp()
   WHERE id = wanted AND written_by_id = door.person() AND medium = 'messenger' AND wiped_at IS NULL
   RETURNING dossier_id, unit_id $$;

-- Receipts of applications whose day is over.
CREATE FUNCTION door.job_forget_receipts() RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
DECLARE gone integer;
BEGIN
    UPDATE intake_delivery SET receipt = NULL WHERE receipt IS NOT NULL AND receipt_until <= statement_timestamp();
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END $$;
"""
APP_DOORS = ("own_unwiped(integer)", "wiped(uuid)")
JOB_DOORS = ("job_forget_receipts()",)


class Migration(migrations.Migration):
    dependencies = [("intake", "0010_threads")]
    operations = [
        # An erasure empties both. Source: policy/data.yaml.
        migrations.AlterField("delivery", "number_hash", models.BinaryField(max_length=32, null=True)),
        migrations.AlterField("delivery", "receipt", models.BinaryField(null=True)),
        migrations.RunSQL(DOORS, "; ".join(f"DROP FUNCTION door.{f}" for f in (*APP_DOORS, *JOB_DOORS))),
        migrations.RunSQL(
            [
                *(f"REVOKE ALL ON FUNCTION door.{f} FROM PUBLIC" for f in (*APP_DOORS, *JOB_DOORS)),
                *(f"GRANT EXECUTE ON FUNCTION door.{f} TO {APP}" for f in APP_DOORS),
                *(f"GRANT EXECUTE ON FUNCTION door.{f} TO {WORKER}" for f in JOB_DOORS),
            ],
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(POLICIES, migrations.RunSQL.noop),
    ]
