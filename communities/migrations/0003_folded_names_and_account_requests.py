import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.search import SearchVectorField
from django.db import migrations, models
from django.db.models import Func, Value

from communities import naming
from miaoli_kaohsiung.lib import bigrams

SEARCHED = ("name", "village", "area_served", "tax_id")


def fold_names(apps, schema_editor):
    """Give every body its folded name and its search words anew. Bodies that turn out to have one name are kept apart by
    their number, for the county to merge; a third one is refused from now on.
    """
    organisations = apps.get_model("communities", "Organisation").objects
    taken = set()
    for body in organisations.order_by("pk").iterator(chunk_size=500):
        folded = naming.fold(body.name, body.county)
        if (body.county, folded) in taken:
            folded = f"{folded}#{body.pk}"
        taken.add((body.county, folded))
        text = " ".join(getattr(body, name) for name in SEARCHED)
        words = bigrams.of(naming.indexed(text, body.township_id or "", body.county))
        vector = Func(Value(words), function="array_to_tsvector", output_field=SearchVectorField())
        organisations.filter(pk=body.pk).update(folded_name=folded, search=vector)


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0002_townships'),
        ('files', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AccountRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county', models.CharField(choices=[('kaohsiung', '高雄縣'), ('miaoli', '苗栗縣')], max_length=12, verbose_name='縣')),
                ('organisation_name', models.CharField(max_length=80, verbose_name='協會或單位全名')),
                ('registration_number', models.CharField(blank=True, max_length=40, verbose_name='立案字號')),
                ('person_name', models.CharField(blank=True, max_length=60, verbose_name='您的姓名')),
                ('office', models.CharField(choices=[('chairperson', '理事長'), ('executive_secretary', '總幹事'), ('accountant', '會計'), ('staff', '承辦人')], max_length=20, verbose_name='您的職稱')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='聯絡電話')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='電子信箱')),
                ('needs', models.TextField(blank=True, verbose_name='想辦什麼事')),
                ('requested_on', models.DateField(verbose_name='提出日期')),
                ('received_at', models.DateTimeField()),
                ('status', models.CharField(choices=[('waiting', '待處理'), ('invited', '已開立'), ('refused', '不開立')], default='waiting', max_length=10, verbose_name='狀態')),
                ('reason', models.TextField(blank=True, verbose_name='不開立的理由')),
                ('decided_on', models.DateField(blank=True, null=True, verbose_name='處理日期')),
                ('forgotten_on', models.DateField(blank=True, null=True, verbose_name='個人資料刪除日期')),
            ],
            options={
                'verbose_name': '帳號申請',
                'verbose_name_plural': '帳號申請',
                'ordering': ['requested_on', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='organisation',
            name='bank_name_reason',
            field=models.CharField(blank=True, max_length=200, verbose_name='戶名與立案全名不同的說明'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='folded_name',
            field=models.CharField(blank=True, editable=False, max_length=100),
        ),
        migrations.AddField(
            model_name='organisation',
            name='tax_id_reason',
            field=models.CharField(blank=True, max_length=200, verbose_name='統一編號檢查碼不符的說明'),
        ),
        migrations.RunPython(fold_names, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.UniqueConstraint(condition=models.Q(('folded_name', ''), _negated=True), fields=('county', 'folded_name'), name='organisation_folded_name_once_a_county'),
        ),
        migrations.AddField(
            model_name='accountrequest',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='accountrequest',
            name='organisation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.organisation'),
        ),
        migrations.AddField(
            model_name='accountrequest',
            name='township',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='communities.township', verbose_name='鄉鎮市'),
        ),
        migrations.AddIndex(
            model_name='accountrequest',
            index=models.Index(fields=['county', 'status'], name='account_request_waiting'),
        ),
        migrations.AddConstraint(
            model_name='accountrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'refused'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='account_request_refused_why'),
        ),
    ]
