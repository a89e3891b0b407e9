from django.db import migrations

# What was filed, what the law said of it, and every movement of money stay as they were written.
TABLES = ("grants_ledgerentry", "grants_applicationversion", "grants_storedevaluation", "grants_lawtext")

FUNCTION = """
CREATE FUNCTION grants_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused.', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
"""

CREATE = FUNCTION + "".join(
    f"CREATE TRIGGER {table}_rows BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION grants_refuse();\n"
    f"CREATE TRIGGER {table}_table BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION grants_refuse();\n"
    for table in TABLES
)

REMOVE = (
    "".join(f"DROP TRIGGER {table}_rows ON {table};\nDROP TRIGGER {table}_table ON {table};\n" for table in TABLES)
    + "DROP FUNCTION grants_refuse();"
)


class Migration(migrations.Migration):
    dependencies = [("grants", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, REMOVE)]
