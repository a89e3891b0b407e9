"""The county's two yearly figures gave way to rows of the associations: open ones go, recorded ones stay readable."""

from django.db import migrations
from django.db.models import Value
from django.db.models.functions import Concat

KEYS = ("guidance", "governance_items")


def give_way(apps, schema_editor):
    rows = apps.get_model("grants", "Duty").objects.filter(application=None, organisation=None, key__in=KEYS)
    rows.filter(done_on=None).delete()
    rows.filter(key="governance_items").update(key="guidance", period=Concat("period", Value("/2")))


class Migration(migrations.Migration):
    dependencies = [("grants", "0010_duties_of_associations")]

    operations = [migrations.RunPython(give_way, migrations.RunPython.noop)]
