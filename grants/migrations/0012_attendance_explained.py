import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("grants", "0011_counted_duties"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="settlementmonth",
            name="explanation",
            field=models.CharField(blank=True, max_length=200, verbose_name="人數不足的說明"),
        ),
        migrations.AddField(
            model_name="settlementmonth",
            name="verdict",
            field=models.CharField(choices=[("pending", "待審"), ("accepted", "同意"), ("refused", "不同意")], default="pending", max_length=10, verbose_name="審查"),
        ),
        migrations.AddField(
            model_name="settlementmonth",
            name="verdict_note",
            field=models.CharField(blank=True, max_length=200, verbose_name="審查說明"),
        ),
        migrations.AddField(
            model_name="settlementmonth",
            name="verdict_by",
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
    ]
