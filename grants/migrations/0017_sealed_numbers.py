from django.db import migrations, models

from miaoli_kaohsiung.lib import sealed


def seal(apps, schema_editor):
    """Every number that is there is sealed and marked, before the column with the bare numbers goes."""
    rows = apps.get_model("grants", "RosterRow").objects
    for row in rows.exclude(national_id="").iterator(chunk_size=500):
        numbers = {"sealed_id": sealed.seal(row.national_id), "id_mark": sealed.mark_of(row.national_id)}
        rows.filter(pk=row.pk).update(**numbers)


def unseal(apps, schema_editor):
    rows = apps.get_model("grants", "RosterRow").objects
    for row in rows.exclude(sealed_id="").iterator(chunk_size=500):
        rows.filter(pk=row.pk).update(national_id=sealed.unseal(row.sealed_id))


class Migration(migrations.Migration):
    dependencies = [("grants", "0016_ban_ends")]

    operations = [
        migrations.AddField("rosterrow", "id_mark", models.CharField(blank=True, max_length=64, default=""), False),
        migrations.AddField("rosterrow", "sealed_id", models.TextField(blank=True, default=""), False),
        migrations.RunPython(seal, unseal),
        migrations.RemoveIndex("rosterrow", "roster_row_month_number"),
        migrations.RemoveField("rosterrow", "national_id"),
        migrations.AddIndex("rosterrow", models.Index(fields=["month", "id_mark"], name="roster_row_month_mark")),
    ]
