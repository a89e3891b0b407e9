from django.db import migrations, models

TABLE = "grants_lawtext"
# As 0002_append_only does for what the kept text explains.
CREATE = f"""
CREATE TRIGGER {TABLE}_rows BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION grants_refuse();
CREATE TRIGGER {TABLE}_table BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION grants_refuse();
"""
REMOVE = f"DROP TRIGGER {TABLE}_rows ON {TABLE};\nDROP TRIGGER {TABLE}_table ON {TABLE};\n"


class Migration(migrations.Migration):
    dependencies = [("grants", "0008_settlement_months")]

    operations = [
        migrations.CreateModel(
            name="LawText",
            fields=[
                ("sha256", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("slug", models.CharField(max_length=30, verbose_name="規則集")),
                ("files", models.JSONField()),
                ("kept_at", models.DateTimeField()),
            ],
            options={"verbose_name": "法規條文檔", "verbose_name_plural": "法規條文檔", "ordering": ["slug", "kept_at"]},
        ),
        migrations.RunSQL(CREATE, REMOVE),
    ]
