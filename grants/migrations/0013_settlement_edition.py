from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("grants", "0012_attendance_explained"),
    ]

    operations = [
        migrations.AddField(
            model_name="settlement",
            name="edition",
            field=models.PositiveIntegerField(default=1),
        ),
    ]
