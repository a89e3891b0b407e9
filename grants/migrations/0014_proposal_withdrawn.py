from django.db import migrations, models


def close(apps, schema_editor):
    """A case that was withdrawn while its proposal was open kept it open."""
    rows = apps.get_model("grants", "Proposal").objects.filter(decision="open", application__status="withdrawn")
    for row in rows.select_related("application"):
        row.decision, row.decided_on = "withdrawn", row.application.status_since
        row.save(update_fields=["decision", "decided_on"])


class Migration(migrations.Migration):

    dependencies = [
        ("grants", "0013_settlement_edition"),
    ]

    operations = [
        migrations.AlterField(
            model_name="proposal",
            name="decision",
            field=models.CharField(choices=[("open", "待核定"), ("approved", "核定"), ("rejected", "不予補助"), ("sent_back", "退回重擬"), ("withdrawn", "申請單位撤回")], default="open", max_length=10, verbose_name="決定"),
        ),
        migrations.RunPython(close, migrations.RunPython.noop),
    ]
