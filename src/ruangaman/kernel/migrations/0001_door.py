"""The door: where the database checks tickets. Its tables are the owner's alone."""

from django.db import migrations

from ruangaman.kernel.roles import APP, COUNTER, RUNTIME_ROLES, WORKER

TICKET = """
CREATE SCHEMA door;

CREATE TABLE door.ticket_key (
    number text PRIMARY KEY,
    inner_pad bytea NOT NULL CHECK (length(inner_pad) = 64),
    outer_pad bytea NOT NULL CHECK (length(outer_pad) = 64)
);
COMMENT ON TABLE door.ticket_key IS 'What HMAC-SHA256 needs of the key that signs tickets. Only the owner reads it.';

CREATE FUNCTION door.ticket(OUT person uuid, OUT purpose text, OUT scope uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    shown text := current_setting('app.ticket', true);
    parts text[];
    key record;
    mac bytea;
BEGIN
    IF shown IS NULL OR shown = '' THEN RETURN; END IF;
    parts := string_to_array(shown, '|');
    IF cardinality(parts) <> 6 THEN RETURN; END IF;
    SELECT k.inner_pad, k.outer_pad INTO key FROM door.ticket_key k WHERE k.number = parts[1];
    IF NOT FOUND THEN RETURN; END IF;
    mac := sha256(key.outer_pad || sha256(key.inner_pad || convert_to(array_to_string(parts[1:5], '|'), 'UTF8')));
    IF encode(mac, 'hex') <> parts[6] THEN RETURN; END IF;
    -- Only what was signed is read below this line.
    -- The statement's moment, not the transaction's: who keeps a transaction open keeps nothing open with it.
    IF parts[5]::bigint < extract(epoch FROM statement_timestamp()) THEN RETURN; END IF;
    person := nullif(parts[2], '')::uuid;
    purpose := parts[3];
    scope := nullif(parts[4], '')::uuid;
END $$;

CREATE FUNCTION door.person() RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN (SELECT t.person FROM door.ticket() t); END $$;

CREATE FUNCTION door.scope(wanted text) RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN (SELECT t.scope FROM door.ticket() t WHERE t.purpose = wanted); END $$;
"""


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.RunSQL(TICKET, "DROP SCHEMA door CASCADE"),
        migrations.RunSQL(
            [
                f"GRANT USAGE ON SCHEMA door, public TO {', '.join(RUNTIME_ROLES)}",
                "REVOKE ALL ON ALL FUNCTIONS IN SCHEMA door FROM PUBLIC",
                f"GRANT EXECUTE ON FUNCTION door.person(), door.scope(text) TO {APP}, {WORKER}, {COUNTER}",
            ],
            migrations.RunSQL.noop,
        ),
    ]
