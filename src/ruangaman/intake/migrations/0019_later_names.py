"""Who comes later, or takes another name, is kept out of reports about staff until their name was compared."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import ruangaman.kernel.ids
from ruangaman.intake.migrations._0019_comparing import COMPARING, LATER, TOLD_LATER, WALLED, WALLED_BEFORE
from ruangaman.kernel.roles import WORKER

WITHIN = ("compare_later(uuid, uuid[], text)",)  # for other functions of the door alone
TRIGGERS = ("hold_names()", "later_name()", "later_seat()", "tell_later()")
JOB_DOORS = (
    "job_uncompared(integer)",
    "job_hold_names()",
    "job_later_names(uuid, integer)",
    "job_compared(uuid, uuid[], uuid[])",
)
OWN = [
    # The web's role reads none of it. The worker's deletes them with the dossier, under the ticket of an erasure.
    "ALTER TABLE intake_latername ENABLE ROW LEVEL SECURITY",
    f"GRANT SELECT, DELETE ON intake_latername TO {WORKER}",
    *(
        f"CREATE POLICY job_{verb.lower()} ON intake_latername FOR {verb} TO {WORKER} "
        "USING (dossier_id = (SELECT door.scope('job_erasure')))"
        for verb in ("SELECT", "DELETE")
    ),
]


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0018_shared_word"),
        ("access", "0006_client_thread"),
        ("notices", "0005_no_reader"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            "LaterName",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ruangaman.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("former", models.CharField(max_length=120)),
                ("since", models.DateTimeField()),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.dossier"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person", "dossier"), name="intake_one_later_name")
                ]
            },
        ),
        migrations.RunSQL(
            WALLED + LATER + TOLD_LATER + COMPARING,
            WALLED_BEFORE
            + "; ".join(f"DROP FUNCTION door.{f} CASCADE" for f in (*TRIGGERS, *JOB_DOORS, *WITHIN)),
        ),
        migrations.RunSQL(
            [
                *(f"REVOKE ALL ON FUNCTION door.{f} FROM PUBLIC" for f in (*TRIGGERS, *JOB_DOORS, *WITHIN)),
                *(f"GRANT EXECUTE ON FUNCTION door.{f} TO {WORKER}" for f in JOB_DOORS),
                *OWN,
            ],
            migrations.RunSQL.noop,
        ),
        # Who came before this was kept, and after a report: compared once, like somebody who comes now.
        migrations.RunSQL(
            "SELECT door.compare_later(u.id, ARRAY[m.organisation_id], u.name) "
            "FROM access_membership m JOIN access_user u ON u.id = m.user_id "
            "WHERE m.until IS NULL OR m.until > statement_timestamp()",
            migrations.RunSQL.noop,
        ),
    ]
