
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditSeal',
            fields=[
                ('day', models.DateField(primary_key=True, serialize=False, verbose_name='日期')),
                ('seq', models.BigIntegerField(verbose_name='序號')),
                ('hash', models.CharField(max_length=64, verbose_name='雜湊值')),
                ('made_at', models.DateTimeField(verbose_name='產生時間')),
            ],
            options={
                'verbose_name': '每日封存值',
                'verbose_name_plural': '每日封存值',
                'ordering': ['day'],
            },
        ),
        migrations.CreateModel(
            name='AuditHead',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('seq', models.BigIntegerField()),
                ('hash', models.CharField(max_length=64)),
            ],
            options={
                'verbose_name': '稽核鏈首',
                'verbose_name_plural': '稽核鏈首',
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='audit_one_head')],
            },
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('seq', models.BigIntegerField(primary_key=True, serialize=False, verbose_name='序號')),
                ('at', models.DateTimeField(verbose_name='時間')),
                ('portal_date', models.DateField(verbose_name='系統日期')),
                ('actor_name', models.CharField(max_length=150, verbose_name='姓名')),
                ('post_label', models.CharField(blank=True, max_length=100, verbose_name='職務')),
                ('action', models.CharField(max_length=60, verbose_name='動作')),
                ('object_type', models.CharField(max_length=100, verbose_name='資料類別')),
                ('object_id', models.CharField(max_length=64, verbose_name='資料代碼')),
                ('object_label', models.CharField(max_length=200, verbose_name='資料')),
                ('case', models.CharField(blank=True, max_length=40, verbose_name='案號')),
                ('before', models.JSONField(null=True, verbose_name='變更前')),
                ('after', models.JSONField(null=True, verbose_name='變更後')),
                ('request_id', models.CharField(blank=True, max_length=64)),
                ('prev_hash', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='人員')),
            ],
            options={
                'verbose_name': '稽核紀錄',
                'verbose_name_plural': '稽核紀錄',
                'ordering': ['seq'],
                'indexes': [models.Index(fields=['case', 'seq'], name='audit_case'), models.Index(fields=['object_type', 'object_id', 'seq'], name='audit_object'), models.Index(fields=['actor', 'seq'], name='audit_actor'), models.Index(fields=['portal_date', 'seq'], name='audit_portal_date')],
            },
        ),
    ]
