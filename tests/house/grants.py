"""What each role of the database may do, read from its catalogue; tests/house/grants.yaml is what was agreed."""

from collections import defaultdict

from django.db import connections

ROLES = "('ruangaman_app', 'ruangaman_worker', 'ruangaman_sealer', 'ruangaman_counter', 'public')"
OURS = "nspname !~ '^pg_' AND nspname <> 'information_schema'"
# Every right, one a row: role, kind, object, right, column or "".
RIGHTS = f"""
WITH given AS (
    SELECT relacl AS acl, CASE relkind WHEN 'S' THEN 'sequence' ELSE 'table' END AS kind,
           CASE nspname WHEN 'public' THEN '' ELSE nspname || '.' END || relname AS name, '' AS part
    FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE {OURS} AND relkind IN ('r', 'p', 'v', 'm', 'S')
    UNION ALL
    SELECT attacl, 'table', CASE nspname WHEN 'public' THEN '' ELSE nspname || '.' END || relname, attname
    FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid JOIN pg_namespace n ON n.oid = relnamespace
    WHERE {OURS} AND attacl IS NOT NULL
    UNION ALL
    SELECT proacl, 'function', CASE nspname WHEN 'public' THEN '' ELSE nspname || '.' END || proname, ''
    FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace WHERE {OURS} AND proacl IS NOT NULL
    UNION ALL
    SELECT nspacl, 'schema', nspname, '' FROM pg_namespace WHERE {OURS}
)
SELECT DISTINCT CASE grantee WHEN 0 THEN 'public' ELSE grantee::regrole::text END, kind, name, privilege_type, part
FROM given, aclexplode(acl)
WHERE CASE grantee WHEN 0 THEN 'public' ELSE grantee::regrole::text END IN {ROLES} AND name NOT LIKE '%%\\_id\\_seq'
"""

Rights = dict[str, dict[str, str]]


def held() -> Rights:
    """For each role: ``table x`` or ``function x`` → the rights, a column list where it is not the whole table."""
    parts: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    with connections["owner"].cursor() as cursor:
        cursor.execute(RIGHTS.replace("%%", "%"))
        for role, kind, name, right, part in cursor.fetchall():
            parts[role.removeprefix("ruangaman_"), f"{kind} {name}", right].add(part)
    found: Rights = defaultdict(dict)
    for (role, thing, right), columns in sorted(parts.items()):
        told = right if "" in columns else f"{right} ({', '.join(sorted(columns))})"
        before = found[role].get(thing, "")
        found[role][thing] = f"{before}, {told}" if before else told
    return dict(found)
