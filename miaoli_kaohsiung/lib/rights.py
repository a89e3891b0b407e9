"""What the portal's own role may do in the database: read and write rows, and nothing else (OWASP ASVS 5.0, 13.2.2).

Two roles know the database. Its owner makes and changes tables, in migrations alone. The serving role is that of web, worker and
beat: it owns nothing, so that who gets hold of it can neither change a table nor switch a trigger off. A table that a trigger
keeps from being changed (`audit_refuse`, `grants_refuse`) it may not change by its rights either. Which roles serve stands in
the database: those for whom the owner's default privileges are, so that tables of later migrations are theirs at once.
"""

from collections import defaultdict
from typing import Any

from django.db import transaction
from psycopg2.sql import SQL, Identifier

# Written when migrations are done, by the owner.
READ_ONLY = frozenset({"django_migrations", "django_content_type", "auth_permission"})

# Bits of pg_trigger.tgtype.
_DELETE, _UPDATE = 8, 16

_TABLES = """
SELECT c.relname, COALESCE(bit_or(t.tgtype) FILTER (WHERE right(p.proname, 7) = '_refuse'), 0)
FROM pg_class c
LEFT JOIN pg_trigger t ON t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgqual IS NULL AND t.tgattr::text = ''
LEFT JOIN pg_proc p ON p.oid = t.tgfoid
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND pg_get_userbyid(c.relowner) = current_user
GROUP BY c.relname ORDER BY c.relname
"""

# Default privileges for tables of this schema: by whom, for whom.
_SERVING = """
SELECT DISTINCT pg_get_userbyid(a.grantee) FROM pg_default_acl d, aclexplode(d.defaclacl) a
WHERE d.defaclnamespace = current_schema()::regnamespace AND d.defaclobjtype = 'r' AND a.grantee <> d.defaclrole
"""

# With %s those alone whom the role of this connection let serve.
_SERVING_NAMES = _SERVING + "AND (NOT %s OR pg_get_userbyid(d.defaclrole) = current_user) ORDER BY 1"

_OWNER = f"""
SELECT pg_get_userbyid(relowner) FROM pg_class
WHERE relnamespace = current_schema()::regnamespace AND relname = 'django_migrations' AND pg_get_userbyid(relowner) <> current_user
AND (NOT pg_has_role(relowner, 'USAGE') OR EXISTS ({_SERVING}))
"""  # noqa: S608 -- words of ours

# In this order: the first two make a role that may do whatever it likes with the tables.
_EXCESS = {
    "is a superuser": "r.rolsuper",
    "owns tables": "EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relowner = r.oid)",
    "may make roles": "r.rolcreaterole",
    "may make databases": "r.rolcreatedb",
    "may replicate": "r.rolreplication",
    "may pass over policies of rows": "r.rolbypassrls",
    "has the rights of other roles": (
        "NOT r.rolsuper AND EXISTS (SELECT FROM pg_roles o WHERE o.oid <> r.oid AND pg_has_role(r.oid, o.oid, 'MEMBER'))"
    ),
    "may make tables": "NOT r.rolsuper AND has_schema_privilege(r.oid, current_schema(), 'CREATE')",
    "may make schemas": "NOT r.rolsuper AND has_database_privilege(r.oid, current_database(), 'CREATE')",
    "may make temporary tables": "NOT r.rolsuper AND has_database_privilege(r.oid, current_database(), 'TEMP')",
    "may change the trail": (
        "NOT r.rolsuper AND COALESCE(has_table_privilege(r.oid, to_regclass('audit_auditentry'), 'UPDATE, DELETE, TRUNCATE'), false)"
    ),
}
# Of the role that is named, of that of this connection if none is.
_HELD = f"SELECT {', '.join(_EXCESS.values())} FROM pg_roles r WHERE rolname = COALESCE(%s, current_user)"  # noqa: S608 -- words of ours
MASTERS = frozenset(list(_EXCESS)[:2])
# What no GRANT or REVOKE of the owner changes.
OF_THE_ROLE = frozenset(list(_EXCESS)[:7])

# What holds for every table alike; each table's own rights follow. Tables that a migration makes have the rights on rows at
# once, because a trigger of the older release may write into them; the command that follows takes away what is too much.
_OF_ALL = (
    # Other roles keep what they need to look on, such as one that measures.
    "REVOKE CREATE, TEMPORARY ON DATABASE {database} FROM PUBLIC, {role}",
    "GRANT CONNECT ON DATABASE {database} TO {role}",
    "REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {role}",
    "GRANT USAGE ON SCHEMA {schema} TO {role}",
    "REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM PUBLIC, {role}",
    "REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM PUBLIC, {role}",
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE ON SEQUENCES TO {role}",
)


def excess(cursor: Any, role: str | None = None) -> list[str]:
    """Return what a role may do beyond rows, in words; of the role of this connection if none is named."""
    cursor.execute(_HELD, [role])
    row = cursor.fetchone()
    if row is None:
        raise LookupError(role)
    return [words for words, holds in zip(_EXCESS, row, strict=True) if holds]


def serving_roles(cursor: Any, *, of_owner: bool = False) -> list[str]:
    """Return the roles that an owner has let serve; with `of_owner` those of the role of this connection alone."""
    cursor.execute(_SERVING_NAMES, [of_owner])
    return [name for (name,) in cursor.fetchall()]


def owner_elsewhere(cursor: Any) -> str | None:
    """Return the owner of the tables if tables that the role of this connection makes would not be as the owner's are."""
    cursor.execute(_OWNER)
    row = cursor.fetchone()
    return row[0] if row else None


def tables(cursor: Any) -> dict[str, tuple[str, ...]]:
    """Return what a serving role may do with each table of the role of this connection."""
    cursor.execute(_TABLES)
    return {name: _rights(name, refused) for name, refused in cursor.fetchall()}


def _rights(table: str, refused: int) -> tuple[str, ...]:
    if table in READ_ONLY:
        return ("SELECT",)
    found = {"SELECT": True, "INSERT": True, "UPDATE": not refused & _UPDATE, "DELETE": not refused & _DELETE}
    return tuple(right for right, holds in found.items() if holds)


def grant(cursor: Any, role: str) -> dict[str, tuple[str, ...]]:
    """Give a role what serving needs and take everything else away; return its rights by table. For the owner, at any time:
    who works meanwhile goes on, and there is no moment at which the role has less.
    """
    cursor.execute("SELECT current_schema(), current_database()")
    schema, database = cursor.fetchone()
    names = {"role": Identifier(role), "schema": Identifier(schema), "database": Identifier(database)}
    by_table = tables(cursor)
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for table, rights in by_table.items():
        alike[rights].append(table)
    with transaction.atomic():
        for statement in _OF_ALL:
            cursor.execute(SQL(statement).format(**names))
        for rights, those in alike.items():
            listed = SQL(", ").join(map(Identifier, those))
            cursor.execute(SQL("GRANT {} ON {} TO {role}").format(SQL(", ".join(rights)), listed, **names))
    return by_table
