from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0002_sheets")]

    operations = [
        migrations.AddField(
            "round",
            "outlier_points",
            models.PositiveSmallIntegerField(default=15, verbose_name="和其他委員差幾分以上要討論"),
        ),
        migrations.AddField(
            "entry", "themes", models.JSONField(blank=True, default=list, verbose_name="困難的類別")
        ),
        migrations.AddField(
            "entry",
            "moderated",
            models.DecimalField(
                blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="討論後的總分"
            ),
        ),
        migrations.AddField("entry", "moderation_reason", models.TextField(blank=True, verbose_name="調整的理由")),
    ]
