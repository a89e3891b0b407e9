import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0003_moderation"), ("files", "0001_initial")]

    operations = [
        migrations.AddField("entry", "own_edition", models.PositiveIntegerField(default=0)),
        migrations.AddField(
            "entry", "assessed_on", models.DateField(blank=True, null=True, verbose_name="自評日期")
        ),
        migrations.CreateModel(
            name="OwnMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "points",
                    models.DecimalField(
                        blank=True, decimal_places=1, max_digits=4, null=True, verbose_name="自評分數"
                    ),
                ),
                ("words", models.TextField(blank=True, verbose_name="說明")),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="own_marks", to="evaluation.entry"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="evaluation.indicator"
                    ),
                ),
            ],
            options={
                "verbose_name": "自評",
                "verbose_name_plural": "自評",
                "ordering": ["entry", "indicator__position"],
                "constraints": [
                    models.UniqueConstraint(fields=("entry", "indicator"), name="own_mark_once"),
                    models.CheckConstraint(
                        condition=Q(points=None) | Q(points__gte=0), name="own_mark_not_negative"
                    ),
                ],
            },
        ),
    ]
