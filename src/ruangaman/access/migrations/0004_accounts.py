"""Nobody takes over an account with SQL: a password is changed by its owner, an address by nobody at run time."""

from django.db import migrations

from ruangaman.kernel.roles import APP

GUARD = f"""
CREATE FUNCTION door.guard_account() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF current_user <> '{APP}' THEN RETURN NEW; END IF;
    IF TG_OP = 'INSERT' THEN
        IF cardinality(door.administered()) > 0 THEN RETURN NEW; END IF;
    ELSIF (NEW.id, NEW.email, NEW.is_active) IS NOT DISTINCT FROM (OLD.id, OLD.email, OLD.is_active)
          AND ((NEW.password, NEW.name) IS NOT DISTINCT FROM (OLD.password, OLD.name) OR OLD.id = door.person()) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an account is changed by its owner only' USING ERRCODE = 'insufficient_privilege';
END $$;
REVOKE ALL ON FUNCTION door.guard_account() FROM PUBLIC;

CREATE TRIGGER guard_account BEFORE INSERT OR UPDATE ON access_user
    FOR EACH ROW EXECUTE FUNCTION door.guard_account();
"""
UNDO = "DROP TRIGGER guard_account ON access_user; DROP FUNCTION door.guard_account();"


class Migration(migrations.Migration):
    dependencies = [("access", "0003_protection")]
    operations = [migrations.RunSQL(GUARD, UNDO)]
