"""The table where rate limits are counted. It may be lost in a crash, so it costs no write-ahead log."""

from django.db import migrations

from ruangaman.kernel.protection import Open
from ruangaman.kernel.roles import APP, WORKER

TABLE = """
CREATE UNLOGGED TABLE kernel_cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX kernel_cache_expires ON kernel_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_door")]
    operations = [
        migrations.RunSQL(TABLE, "DROP TABLE kernel_cache"),
        Open(
            "kernel_cache", {APP: "SELECT, INSERT, UPDATE, DELETE", WORKER: "SELECT, INSERT, UPDATE, DELETE"}
        ),
    ]
