from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("grants", "0014_proposal_withdrawn"),
    ]

    operations = [
        migrations.AlterField(
            model_name="letter",
            name="kind",
            field=models.CharField(choices=[("approval", "核定函"), ("rejection", "不予補助函"), ("correction", "補正函"), ("not_accepted", "不予受理函"), ("sanction", "處分函")], max_length=14, verbose_name="種類"),
        ),
    ]
