"""Who reaches which table of access, and of the rooms before it."""

from django.db import migrations

from ruangaman.kernel.protection import Open, Protect
from ruangaman.kernel.roles import APP, COUNTER, WORKER

# The moves of access.states.STAGE_MOVES as they were made; a migration does not change with the code.
MOVES = "('intake', 'case'), ('intake', 'closed'), ('case', 'closed'), ('closed', 'case')"
LEGAL_MOVE = f"""
CREATE FUNCTION door.legal_move() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- A case that went back to intake would be open to every intake officer again.
    IF current_user IN ('{APP}', '{WORKER}') AND (OLD.stage, NEW.stage) NOT IN ({MOVES}) THEN
        RAISE EXCEPTION 'this is no legal move of a dossier' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION door.legal_move() FROM PUBLIC;
CREATE TRIGGER legal_move BEFORE UPDATE OF stage ON access_dossier FOR EACH ROW
WHEN (OLD.stage IS DISTINCT FROM NEW.stage) EXECUTE FUNCTION door.legal_move();
"""

# Who looks after a dossier's team: by rank in its unit, or by a grant of the section team.
TEAM = (
    "(stage || ':' || unit_id) = ANY ((SELECT door.reach('team', '{}'))::text[]) "
    "OR dossier_id = ANY ((SELECT door.teams('{}'))::uuid[])"
)
OPEN = "dossier_id <> ALL ((SELECT door.walled())::uuid[])"
OWN = [
    # Roles: one's own, and those of the organisations one looks after.
    "ALTER TABLE access_membership ENABLE ROW LEVEL SECURITY",
    f"GRANT SELECT ON access_membership TO {APP}",
    f"CREATE POLICY own ON access_membership FOR SELECT TO {APP} USING "
    "(user_id = (SELECT door.person()) OR organisation_id = ANY ((SELECT door.administered())::uuid[]))",
    # Powers: proposed in one's own name, decided in one's own name, never both (a table constraint).
    "ALTER TABLE access_powerproposal ENABLE ROW LEVEL SECURITY",
    f"GRANT SELECT, INSERT ON access_powerproposal TO {APP}",
    f"GRANT UPDATE (decision, decided_by_id, decided_at) ON access_powerproposal TO {APP}",
    f"CREATE POLICY see ON access_powerproposal FOR SELECT TO {APP} USING "
    "(organisation_id = ANY ((SELECT door.administered())::uuid[]))",
    f"CREATE POLICY propose ON access_powerproposal FOR INSERT TO {APP} WITH CHECK "
    "(proposed_by_id = (SELECT door.person()) AND user_id <> proposed_by_id AND decision = 'open' "
    "AND organisation_id = ANY ((SELECT door.administered())::uuid[]))",
    f"CREATE POLICY decide ON access_powerproposal FOR UPDATE TO {APP} USING "
    "(decision = 'open' AND organisation_id = ANY ((SELECT door.administered())::uuid[])) WITH CHECK "
    "(decided_by_id = (SELECT door.person()) AND decided_by_id <> proposed_by_id AND decided_by_id <> user_id)",
    # Grants: their holder sees them (a policy on the principal alone, so that no two policies call each other);
    # who looks after the team of a dossier gives and withdraws them.
    "ALTER TABLE access_grant ENABLE ROW LEVEL SECURITY",
    f"GRANT SELECT, INSERT ON access_grant TO {APP}",
    # Not the dossier, section or principal: a grant can't be turned to another file, nor to somebody else.
    f"GRANT UPDATE (writes, given_by_id, given_at, until, withdrawn_at) ON access_grant TO {APP}",
    f"CREATE POLICY own ON access_grant FOR SELECT TO {APP} USING (principal_id = ANY ((SELECT door.principals())::uuid[]))",
    f"CREATE POLICY team_read ON access_grant FOR SELECT TO {APP} USING ({TEAM.format('r', 'r')})",
    # Who writes a grant writes it in their own name, each time.
    f"CREATE POLICY team_add ON access_grant FOR INSERT TO {APP} WITH CHECK "
    f"(({TEAM.format('w', 'w')}) AND {OPEN} AND given_by_id = (SELECT door.person()))",
    f"CREATE POLICY team_change ON access_grant FOR UPDATE TO {APP} USING (({TEAM.format('w', 'w')}) AND {OPEN}) "
    f"WITH CHECK (({TEAM.format('w', 'w')}) AND {OPEN})",
    f"GRANT SELECT, DELETE ON access_grant TO {WORKER}",
    f"CREATE POLICY job_read ON access_grant FOR SELECT TO {WORKER} USING "
    "((stage || ':' || dossier_id) = ANY ((SELECT door.job_reach('team', 'r'))::text[]))",
    f"CREATE POLICY job_end ON access_grant FOR DELETE TO {WORKER} USING "
    "((stage || ':' || dossier_id) = ANY ((SELECT door.job_reach('team', 'w'))::text[]))",
    "ALTER TABLE access_grant ADD CONSTRAINT access_grant_place FOREIGN KEY (dossier_id, unit_id, stage) "
    "REFERENCES access_dossier (id, unit_id, stage) ON UPDATE CASCADE",
    # The ledger is read by who holds the journal of the unit, and one's own acts by oneself.
    f"GRANT SELECT ON ledger_entry, ledger_check TO {APP}",
    f"GRANT SELECT (number, count, sealed_at) ON ledger_seal TO {APP}",
    f"CREATE POLICY journal ON ledger_entry FOR SELECT TO {APP} USING "
    # Not by who is walled off, head or not: that a wall was raised tells the one it keeps out that there is a file.
    "(('case:' || unit_id) = ANY ((SELECT door.reach('journal', 'r'))::text[]) "
    "AND (dossier_id IS NULL OR dossier_id <> ALL ((SELECT door.walled())::uuid[])) "
    "OR actor_id = (SELECT door.person()))",
    f"CREATE POLICY chain ON ledger_seal FOR SELECT TO {APP} USING "
    "(cardinality((SELECT door.reach('journal', 'r'))::text[]) > 0)",
    f"CREATE POLICY checks ON ledger_check FOR SELECT TO {APP} USING "
    "(cardinality((SELECT door.reach('journal', 'r'))) > 0)",
    # Destroyed keys: written by the task that destroys, replayed by the owner after a restore.
    "ALTER TABLE access_destruction ENABLE ROW LEVEL SECURITY",
    f"GRANT INSERT ON access_destruction TO {WORKER}",
    f"CREATE POLICY add ON access_destruction FOR INSERT TO {WORKER} WITH CHECK "
    "(dossier_id = (SELECT door.scope('job_erasure')) AND EXISTS (SELECT FROM access_erasurerequest r "
    "WHERE r.dossier_id = access_destruction.dossier_id AND r.decision = 'approved'))",
    # Erasure: asked for in one's own name, decided by the head in the head's own name; nobody who is walled.
    "ALTER TABLE access_erasurerequest ENABLE ROW LEVEL SECURITY",
    f"GRANT SELECT, INSERT ON access_erasurerequest TO {APP}",
    f"GRANT UPDATE (decision, decided_by_id, decided_at) ON access_erasurerequest TO {APP}",
    f"CREATE POLICY see ON access_erasurerequest FOR SELECT TO {APP} USING "
    "(unit_id = ANY ((SELECT door.seats('{data_officer,supervisor,head}'))::uuid[]) "
    "AND dossier_id <> ALL ((SELECT door.walled())::uuid[]))",
    f"CREATE POLICY ask ON access_erasurerequest FOR INSERT TO {APP} WITH CHECK "
    "(asked_by_id = (SELECT door.person()) AND decision = 'open' "
    "AND unit_id = ANY ((SELECT door.seats('{data_officer,supervisor}'))::uuid[]) "
    "AND dossier_id <> ALL ((SELECT door.walled())::uuid[]))",
    f"CREATE POLICY decide ON access_erasurerequest FOR UPDATE TO {APP} USING "
    "(decision = 'open' AND unit_id = ANY ((SELECT door.seats('{head}'))::uuid[]) "
    "AND dossier_id <> ALL ((SELECT door.walled())::uuid[])) WITH CHECK "
    "(decided_by_id = (SELECT door.person()) AND decided_by_id <> asked_by_id)",
    f"GRANT SELECT ON access_erasurerequest TO {WORKER}",
    f"CREATE POLICY job_read ON access_erasurerequest FOR SELECT TO {WORKER} USING "
    "(dossier_id = (SELECT door.scope('job_erasure')))",
    "ALTER TABLE access_erasurerequest ADD CONSTRAINT access_erasurerequest_place FOREIGN KEY "
    "(dossier_id, unit_id, stage) REFERENCES access_dossier (id, unit_id, stage) "
    "ON UPDATE CASCADE DEFERRABLE INITIALLY IMMEDIATE",
    *(
        f"CREATE TRIGGER refuse_erased BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION door.refuse_erased()"
        for table in ("access_grant", "access_erasurerequest")
    ),
    # The web moves a dossier from stage to stage; that it was erased is written by the task that erased it.
    f"REVOKE UPDATE ON access_dossier FROM {APP}",
    f"GRANT UPDATE (stage) ON access_dossier TO {APP}",
]


class Migration(migrations.Migration):
    dependencies = [("access", "0002_doors"), ("places", "0001_initial")]
    operations = [
        Protect(
            "Dossier",
            section="file",
            spine=True,
            facts=("id", "unit_id", "stage", "opened_at", "erased_at"),
        ),
        # A key is made once. What the web can't change, an injected statement in the web can't destroy.
        Protect("DataKey", section_column="section", updates=False),
        Protect("Wall", section="team"),
        migrations.RunSQL(OWN, migrations.RunSQL.noop),
        migrations.RunSQL(LEGAL_MOVE, "DROP FUNCTION door.legal_move() CASCADE"),
        Open("places_place", {APP: "SELECT", WORKER: "SELECT", COUNTER: "SELECT"}),
        Open("access_organisation", {APP: "SELECT", WORKER: "SELECT", COUNTER: "SELECT"}),
        Open(
            "access_user",
            {APP: "SELECT, INSERT, UPDATE", WORKER: "SELECT (id, email, name, is_active, language)"},
        ),
        Open(
            "access_session",
            {APP: "SELECT, INSERT, UPDATE, DELETE", WORKER: "SELECT (key_hash, expires_at), DELETE"},
        ),
        Open("access_matrixcell", {APP: "SELECT"}),
    ]
