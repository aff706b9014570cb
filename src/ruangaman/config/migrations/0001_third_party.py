"""What the run-time roles need of other packages' tables; policy/open_tables.yaml says why each may be read."""

from django.db import migrations

from ruangaman.kernel.protection import Open
from ruangaman.kernel.roles import APP, SEALER, WORKER

ALL = "SELECT, INSERT, UPDATE, DELETE"
QUEUE = [
    "procrastinate_jobs",
    "procrastinate_events",
    "procrastinate_periodic_defers",
    "procrastinate_workers",
]
MARKS = "SELECT"


class Migration(migrations.Migration):
    dependencies = [
        ("account", "__latest__"),
        ("mfa", "__latest__"),
        ("procrastinate", "__latest__"),
        ("contenttypes", "__latest__"),
        ("intake", "0002_protection"),
        ("network", "0002_open"),
    ]
    operations = [
        Open("account_emailaddress", {APP: ALL}),
        Open("mfa_authenticator", {APP: ALL}),
        Open("django_migrations", {APP: MARKS, WORKER: MARKS, SEALER: MARKS}),
        *(Open(table, {WORKER: ALL}) for table in QUEUE),
        *(Open(table, {APP: "SELECT, INSERT"}) for table in ("procrastinate_jobs", "procrastinate_events")),
        migrations.RunSQL(
            f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP}, {WORKER}", migrations.RunSQL.noop
        ),
    ]
