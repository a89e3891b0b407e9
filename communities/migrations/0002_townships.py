from django.db import migrations

from communities.places import load_townships


def load(apps, schema_editor):
    load_townships(apps.get_model("communities", "Township"), apps.get_model("communities", "TownshipName"))


class Migration(migrations.Migration):
    dependencies = [("communities", "0001_initial")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
