
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
            name='JobRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('job', models.CharField(max_length=60, verbose_name='工作')),
                ('period', models.CharField(max_length=40, verbose_name='期間')),
                ('token', models.UUIDField(default=uuid.uuid4)),
                ('claimed_at', models.DateTimeField(verbose_name='開始')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='結束')),
                ('result', models.TextField(blank=True, verbose_name='結果')),
            ],
            options={
                'verbose_name': '排程紀錄',
                'verbose_name_plural': '排程紀錄',
                'ordering': ['-claimed_at'],
                'constraints': [models.UniqueConstraint(fields=('job', 'period'), name='job_once_a_period')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=60, verbose_name='類別')),
                ('object_key', models.CharField(max_length=100, verbose_name='對象')),
                ('due_on', models.DateField(verbose_name='日期')),
                ('subject', models.CharField(max_length=200, verbose_name='主旨')),
                ('body', models.TextField(verbose_name='內容')),
                ('url', models.CharField(blank=True, max_length=300, verbose_name='連結')),
                ('created_at', models.DateTimeField(verbose_name='通知時間')),
                ('read_at', models.DateTimeField(blank=True, null=True, verbose_name='已讀時間')),
                ('thread', models.CharField(blank=True, max_length=100, verbose_name='所屬的事')),
                ('case_number', models.CharField(blank=True, max_length=16, verbose_name='案號')),
                ('first_on', models.DateField(blank=True, null=True, verbose_name='第一次通知')),
                ('times', models.PositiveSmallIntegerField(default=1, verbose_name='第幾次')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='結束時間')),
                ('address', models.EmailField(blank=True, max_length=254, verbose_name='另寄信箱')),
                ('email_state', models.CharField(choices=[('pending', '待寄'), ('sent', '已寄'), ('failed', '未能寄達'), ('no_address', '沒有信箱'), ('queued', '等每日彙整'), ('digested', '已列入每日彙整'), ('not_needed', '已辦完，不用寄')], default='pending', max_length=10, verbose_name='郵件')),
                ('email_sent_at', models.DateTimeField(blank=True, null=True, verbose_name='寄出時間')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='已試次數')),
                ('next_attempt_at', models.DateTimeField(verbose_name='下次嘗試')),
                ('last_error', models.CharField(blank=True, max_length=300, verbose_name='錯誤')),
                ('message_id', models.CharField(max_length=200, unique=True)),
                ('digest', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='listed', to='notices.notice')),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL, verbose_name='收件人')),
            ],
            options={
                'verbose_name': '通知',
                'verbose_name_plural': '通知',
                'ordering': ['-created_at', '-id'],
                'indexes': [models.Index(condition=models.Q(('email_state', 'pending')), fields=['next_attempt_at', 'id'], name='notice_outbox'), models.Index(condition=models.Q(('closed_at__isnull', True), ('read_at__isnull', True)), fields=['recipient'], name='notice_unread'), models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['thread'], name='notice_open'), models.Index(condition=models.Q(('email_state', 'queued')), fields=['recipient'], name='notice_queued'), models.Index(fields=['recipient', '-created_at', '-id'], name='notice_inbox')],
                'constraints': [models.UniqueConstraint(fields=('recipient', 'kind', 'object_key', 'due_on'), name='notice_told_once')],
            },
        ),
    ]
