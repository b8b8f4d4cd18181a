"""What each database role may do, applied from the models after every migrate.

A model says it in GRANTS; a table without one is granted to nobody. Every table with a site has
forced row security: no site set, no row. See docs/decisions.md.
"""

from django.apps import apps
from django.db import connection

ROLES = ("scs_app", "scs_seal", "scs_release", "scs_purge")
ROLES_SQL = "".join(f"create role {role} nologin; grant {role} to current_user; " for role in ROLES)
MINE = (
    "site_id = any((select string_to_array(nullif(current_setting('app.sites', true), ''), ',')"
    "::bigint[])::bigint[])"
)
THIRD_PARTY = {
    "django_content_type": {"scs_app": "SELECT"},
    "django_migrations": {"scs_app": "SELECT"},
    "auth_permission": {"scs_app": "SELECT"},
    "auth_group": {},
    "auth_group_permissions": {},
    "account_emailaddress": {"scs_app": "SELECT"},
    "account_emailconfirmation": {},
    "mfa_authenticator": {"scs_app": "SELECT, INSERT, UPDATE, DELETE"},
    "scs_cache": {"scs_app": "SELECT, INSERT, UPDATE, DELETE"},
}


def create_roles(cursor) -> None:
    """Create what is missing; the error of a login that may not is turned into the SQL to run."""
    cursor.execute("select rolname from pg_roles where rolname = any(%s)", [list(ROLES)])
    existing = {name for (name,) in cursor.fetchall()}
    # From 16 on, who makes a role may hand it out but not take it without being granted it.
    may_take = "set" if connection.pg_version >= 160000 else "member"
    for role in ROLES:
        if role not in existing:
            cursor.execute(f"create role {role} nologin")
        cursor.execute("select pg_has_role(current_user, %s, %s)", [role, may_take])
        if not cursor.fetchone()[0]:
            cursor.execute(f"grant {role} to current_user")


# Table → role → privileges, of who destroys: told by the rules of retention, not table by table.
DESTROYING: dict[str, dict[str, str]] = {}


def grants() -> dict[str, dict[str, str]]:
    """Table → role → privileges."""
    declared = {model._meta.db_table: model.GRANTS for model in apps.get_app_config("scs").get_models()}
    declared |= THIRD_PARTY
    return {table: DESTROYING.get(table, {}) | roles for table, roles in declared.items()}


def site_rows() -> dict[str, str]:
    """Table → the condition under which a row may be seen and written."""
    conditions = {}
    for model in apps.get_app_config("scs").get_models():
        columns = {field.column for field in model._meta.concrete_fields}
        if "site_id" in columns:
            conditions[model._meta.db_table] = getattr(model, "SITE_ROWS", "{mine}").format(mine=MINE)
    return conditions


def _grant(cursor, tables: set[str]) -> None:
    cursor.execute(f"grant usage on schema public to {', '.join(ROLES)}")
    for table, roles in grants().items():
        if table not in tables:
            continue
        cursor.execute(f'revoke all on "{table}" from public, {", ".join(ROLES)}')
        for role, privileges in roles.items():
            if privileges:
                cursor.execute(f'grant {privileges} on "{table}" to {role}')
    cursor.execute(f"grant usage on all sequences in schema public to {', '.join(ROLES)}")


def _secure_rows(cursor, tables: set[str]) -> None:
    for table, condition in site_rows().items():
        if table not in tables:
            continue
        cursor.execute(f'alter table "{table}" enable row level security')
        cursor.execute(f'alter table "{table}" force row level security')
        cursor.execute(f'drop policy if exists site_rows on "{table}"')
        cursor.execute(f'create policy site_rows on "{table}" using ({condition}) with check ({condition})')


def apply(**_) -> None:
    """Bring grants and row security to what the models declare."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        _grant(cursor, tables)
        _secure_rows(cursor, tables)
