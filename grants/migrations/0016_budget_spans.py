# The types first: PostgreSQL alters no column that a generated one is made of.
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grants", "0015_sanction_letter"),
    ]

    operations = [
        migrations.AddField(
            model_name="application",
            name="removed_lines",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="budgetline",
            name="follows",
            field=models.BooleanField(default=False, verbose_name="隨其他項目自動調整"),
        ),
        migrations.AlterField(
            model_name="budgetline",
            name="month",
            field=models.CharField(blank=True, max_length=200, verbose_name="服務月份"),
        ),
        migrations.AlterField(
            model_name="budgetline",
            name="person",
            field=models.CharField(blank=True, max_length=200, verbose_name="人員姓名"),
        ),
        migrations.AddField(
            model_name="budgetline",
            name="people",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(
                    django.db.models.functions.text.Lower(
                        django.db.models.functions.text.Replace(
                            models.Func(
                                models.Func("person", template="normalize(%(expressions)s, NFKC)"),
                                models.Value("\\s"),
                                models.Value(""),
                                models.Value("g"),
                                function="regexp_replace",
                            ),
                            models.Value("臺"),
                            models.Value("台"),
                        )
                    ),
                    models.Value("[,;/、]"),
                    function="regexp_split_to_array",
                ),
                output_field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None),
            ),
        ),
        migrations.AddIndex(
            model_name="budgetline",
            index=django.contrib.postgres.indexes.GinIndex(fields=["people"], name="budget_line_people"),
        ),
    ]
