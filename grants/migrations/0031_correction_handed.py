from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grants", "0030_money_sums")]

    operations = [
        migrations.AddIndex(
            model_name='correctionrequest',
            index=models.Index(condition=models.Q(('answered_on__isnull', True), ('handed_on__isnull', False)), fields=['application'], name='correction_handed'),
        ),
    ]
