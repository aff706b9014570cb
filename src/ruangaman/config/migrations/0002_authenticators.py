"""A second factor is added, changed and taken away by its owner only, whatever SQL the web's role is made to run."""

from django.db import migrations

from ruangaman.kernel.roles import APP

GUARD = f"""
CREATE FUNCTION door.guard_authenticator() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF current_user <> '{APP}' THEN RETURN coalesce(NEW, OLD); END IF;
    -- When it was last used is noted before its owner is signed in.
    IF TG_OP = 'UPDATE' AND (NEW.id, NEW.user_id, NEW.type, NEW.data) IS NOT DISTINCT FROM
                            (OLD.id, OLD.user_id, OLD.type, OLD.data) THEN
        RETURN NEW;
    END IF;
    IF (TG_OP = 'INSERT' OR OLD.user_id = door.person()) AND (TG_OP = 'DELETE' OR NEW.user_id = door.person()) THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    RAISE EXCEPTION 'a second factor is changed by its owner only' USING ERRCODE = 'insufficient_privilege';
END $$;
REVOKE ALL ON FUNCTION door.guard_authenticator() FROM PUBLIC;

CREATE TRIGGER guard_authenticator BEFORE INSERT OR UPDATE OR DELETE ON mfa_authenticator
    FOR EACH ROW EXECUTE FUNCTION door.guard_authenticator();
"""
UNDO = "DROP TRIGGER guard_authenticator ON mfa_authenticator; DROP FUNCTION door.guard_authenticator();"


class Migration(migrations.Migration):
    dependencies = [("config", "0001_third_party")]
    operations = [migrations.RunSQL(GUARD, UNDO)]
