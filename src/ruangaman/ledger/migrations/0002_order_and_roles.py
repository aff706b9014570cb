"""What only the database writes (epoch, transaction), and who may add, read and seal."""

from django.db import migrations

from ruangaman.kernel.roles import APP, SEALER, WORKER

ORDER = """
CREATE TABLE door.ledger_epoch (
    number integer PRIMARY KEY,
    began_at timestamptz NOT NULL DEFAULT now(),
    reason text NOT NULL
);
COMMENT ON TABLE door.ledger_epoch IS
    'A restore into another server begins the numbers of transactions anew: each such life is an epoch.';
INSERT INTO door.ledger_epoch (number, reason) VALUES (1, 'installed');

CREATE FUNCTION door.epoch() RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ SELECT max(number) FROM door.ledger_epoch $$;

ALTER TABLE ledger_entry
    ADD COLUMN epoch integer NOT NULL DEFAULT door.epoch(),
    ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX ledger_entry_order ON ledger_entry (epoch, xid, id);

ALTER TABLE ledger_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger_seal ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger_check ENABLE ROW LEVEL SECURITY;
"""
UNDO = """
DROP INDEX ledger_entry_order;
ALTER TABLE ledger_entry DROP COLUMN epoch, DROP COLUMN xid;
DROP FUNCTION door.epoch();
DROP TABLE door.ledger_epoch;
"""
WRITABLE = "id, at, actor_id, actor_kind, verb, unit_id, dossier_id, objects_named, fields_named, mac"
GRANTS = [
    "REVOKE ALL ON FUNCTION door.epoch() FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION door.epoch() TO {APP}, {WORKER}, {SEALER}",
    # Not epoch and xid: an entry can't be dated back into a transaction that is sealed.
    f"GRANT INSERT ({WRITABLE}) ON ledger_entry TO {APP}, {WORKER}",
    f"GRANT SELECT ON ledger_entry, ledger_seal TO {SEALER}",
    f"GRANT INSERT ON ledger_seal, ledger_check TO {SEALER}",
    f"CREATE POLICY check_add ON ledger_check FOR INSERT TO {SEALER} WITH CHECK (true)",
    # Nobody writes an entry in somebody else's name.
    f"CREATE POLICY add_as_oneself ON ledger_entry FOR INSERT TO {APP}, {WORKER} "
    "WITH CHECK (actor_id IS NOT DISTINCT FROM (SELECT door.person()))",
    f"CREATE POLICY seal_read ON ledger_entry FOR SELECT TO {SEALER} USING (true)",
    f"CREATE POLICY seal_chain ON ledger_seal FOR SELECT TO {SEALER} USING (true)",
    f"CREATE POLICY seal_add ON ledger_seal FOR INSERT TO {SEALER} WITH CHECK (true)",
]
UNDO_GRANTS = [
    *(f"DROP POLICY {name} ON ledger_entry" for name in ("add_as_oneself", "seal_read")),
    *(f"DROP POLICY {name} ON ledger_seal" for name in ("seal_chain", "seal_add")),
    f"REVOKE ALL ON ledger_entry, ledger_seal FROM {APP}, {WORKER}, {SEALER}",
]


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial"), ("kernel", "0001_door")]
    operations = [migrations.RunSQL(ORDER, UNDO), migrations.RunSQL(GRANTS, UNDO_GRANTS)]
