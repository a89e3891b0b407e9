"""Every judge has a sheet of their own. What was scored before belonged to an association and not to a judge, and no
release has it, so nothing is carried over; totals that were published stay.
"""

import datetime as dt

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

INTEREST = [("unanswered", "尚未聲明"), ("none", "沒有利害關係"), ("conflict", "應迴避")]


def days_of_opening(apps, schema_editor):
    """Rounds of before had one day: that of their opening."""
    first = F("opened_on")
    apps.get_model("evaluation", "Round").objects.update(self_until=first, visits_until=first, closes_on=first)


def last_day(name, words):
    field = models.DateField(default=dt.date(2099, 12, 31), verbose_name=words)
    return migrations.AddField("round", name, field, preserve_default=False)


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.DeleteModel("Score"),
        migrations.RemoveField("entry", "comment"),
        migrations.AlterField(
            "entry",
            "total",
            models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="總分"),
        ),
        migrations.AlterField(
            "round",
            "status",
            models.CharField(
                choices=[("scoring", "評分中"), ("closed", "評分結束，待公布"), ("published", "已公布")],
                default="scoring",
                max_length=10,
                verbose_name="狀態",
            ),
        ),
        migrations.AddField(
            "round", "decimals", models.PositiveSmallIntegerField(default=1, verbose_name="結果取到小數幾位")
        ),
        last_day("self_until", "自評截止"),
        last_day("visits_until", "訪視截止"),
        last_day("closes_on", "評分截止"),
        migrations.AddField(
            "round",
            "closed_by",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            "round", "closed_on", models.DateField(blank=True, null=True, verbose_name="結束評分日期")
        ),
        migrations.RunPython(days_of_opening, migrations.RunPython.noop),
        migrations.AddConstraint(
            "round",
            models.CheckConstraint(
                condition=Q(self_until__gte=F("opened_on"), visits_until__gte=F("self_until"), closes_on__gte=F("visits_until")),
                name="round_days_in_order",
            ),
        ),
        migrations.CreateModel(
            name="Sheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "interest",
                    models.CharField(choices=INTEREST, default="unanswered", max_length=12, verbose_name="利害關係"),
                ),
                ("interest_note", models.CharField(blank=True, max_length=200, verbose_name="說明")),
                ("comment", models.TextField(blank=True, verbose_name="評語")),
                ("assigned_on", models.DateField(verbose_name="指派日期")),
                ("submitted_on", models.DateField(blank=True, null=True, verbose_name="送出日期")),
                ("edition", models.PositiveIntegerField(default=0)),
                (
                    "assigned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sheets", to="evaluation.entry"
                    ),
                ),
                (
                    "judge",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evaluation_sheets",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="評鑑委員",
                    ),
                ),
            ],
            options={"verbose_name": "評分表", "verbose_name_plural": "評分表", "ordering": ["entry", "id"]},
        ),
        migrations.CreateModel(
            name="Score",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("points", models.DecimalField(decimal_places=1, max_digits=4, verbose_name="得分")),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="evaluation.indicator"
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="scores", to="evaluation.sheet"
                    ),
                ),
            ],
            options={"ordering": ["sheet", "indicator__position"]},
        ),
        migrations.AddConstraint("sheet", models.UniqueConstraint(fields=("entry", "judge"), name="sheet_once")),
        migrations.AddConstraint(
            "sheet",
            models.CheckConstraint(
                condition=Q(submitted_on=None) | Q(interest="none"), name="sheet_submitted_without_interest"
            ),
        ),
        migrations.AddConstraint("score", models.UniqueConstraint(fields=("sheet", "indicator"), name="evaluation_score_once")),
        migrations.AddConstraint(
            "score", models.CheckConstraint(condition=Q(points__gte=0), name="score_not_negative")
        ),
    ]
