
import uuid

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
            name='StoredFile',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=150, verbose_name='檔名')),
                ('content_type', models.CharField(max_length=80, verbose_name='格式')),
                ('size', models.BigIntegerField(verbose_name='大小')),
                ('sha256', models.CharField(db_index=True, max_length=64)),
                ('path', models.CharField(max_length=120, unique=True)),
                ('purpose', models.CharField(blank=True, max_length=60, verbose_name='用途')),
                ('pages', models.IntegerField(blank=True, null=True, verbose_name='頁數')),
                ('width', models.IntegerField(blank=True, null=True)),
                ('height', models.IntegerField(blank=True, null=True)),
                ('uploaded_at', models.DateTimeField(verbose_name='上傳時間')),
                ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='上傳者')),
            ],
            options={
                'verbose_name': '檔案',
                'verbose_name_plural': '檔案',
                'ordering': ['uploaded_at', 'id'],
            },
        ),
    ]
