from django.db import migrations

# What was filed, what the law said of it, the law's own texts, and every movement and version of money stay as written.
ROWS_AND_TABLE = (
    "grants_ledgerentry",
    "grants_applicationversion",
    "grants_storedevaluation",
    "grants_lawtext",
    "grants_awardversion",
)
# A filed case rests on a row of these; a table may be emptied by tests.
ROWS = ("grants_schemeterms", "grants_filedlaw")

FUNCTION = """
CREATE FUNCTION grants_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused.', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
"""

CREATE = (
    FUNCTION
    + "".join(
        f"CREATE TRIGGER {table}_rows BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION grants_refuse();\n"
        for table in (*ROWS_AND_TABLE, *ROWS)
    )
    + "".join(
        f"CREATE TRIGGER {table}_table BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION grants_refuse();\n"
        for table in ROWS_AND_TABLE
    )
)
REMOVE = (
    "".join(f"DROP TRIGGER {table}_rows ON {table};\n" for table in (*ROWS_AND_TABLE, *ROWS))
    + "".join(f"DROP TRIGGER {table}_table ON {table};\n" for table in ROWS_AND_TABLE)
    + "DROP FUNCTION grants_refuse();"
)


class Migration(migrations.Migration):
    dependencies = [("grants", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, REMOVE)]
