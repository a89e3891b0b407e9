
import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import miaoli_kaohsiung.accounts.enums


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('display_name', models.CharField(max_length=60, verbose_name='姓名')),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='電子信箱')),
                ('session_epoch', models.PositiveIntegerField(default=0, editable=False)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': '帳號',
                'verbose_name_plural': '帳號',
            },
            managers=[
                ('objects', django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254, verbose_name='電子信箱')),
                ('display_name', models.CharField(max_length=60, verbose_name='姓名')),
                ('token_sha256', models.CharField(max_length=64, unique=True)),
                ('role', models.CharField(choices=miaoli_kaohsiung.accounts.enums.role_choices, max_length=20, verbose_name='職務')),
                ('county', models.CharField(blank=True, max_length=12, verbose_name='縣')),
                ('township_code', models.CharField(blank=True, max_length=8)),
                ('organisation_id', models.BigIntegerField(blank=True, null=True)),
                ('office', models.CharField(blank=True, choices=[('chairperson', '理事長'), ('executive_secretary', '總幹事'), ('accountant', '會計'), ('staff', '承辦人')], max_length=20, verbose_name='職稱')),
                ('place_name', models.CharField(blank=True, max_length=80, verbose_name='單位名稱')),
                ('office_term_id', models.BigIntegerField(blank=True, null=True)),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='任期迄')),
                ('created_at', models.DateTimeField()),
                ('expires_on', models.DateField(verbose_name='連結有效至')),
                ('used_at', models.DateTimeField(blank=True, null=True)),
                ('invited_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations_sent', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '邀請',
                'verbose_name_plural': '邀請',
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='IdentityChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('address', '變更電子信箱'), ('second_factor', '清除兩步驟驗證'), ('post', '給予職務'), ('invitation', '邀請'), ('own_address', '變更自己的電子信箱')], max_length=14, verbose_name='變更')),
                ('county', models.CharField(blank=True, max_length=12, verbose_name='縣')),
                ('data', models.JSONField(default=dict)),
                ('summary', models.CharField(max_length=300, verbose_name='內容')),
                ('proposed_at', models.DateTimeField(verbose_name='提出時間')),
                ('expires_on', models.DateField(verbose_name='確認期限')),
                ('token_sha256', models.CharField(blank=True, max_length=64)),
                ('decided_at', models.DateTimeField(null=True, verbose_name='決定時間')),
                ('confirmed', models.BooleanField(default=False, verbose_name='已確認')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='changes_decided', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes_proposed', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='changes', to=settings.AUTH_USER_MODEL, verbose_name='人員')),
            ],
            options={
                'verbose_name': '人員變更',
                'verbose_name_plural': '人員變更',
                'ordering': ['-proposed_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(('confirmed', False), ('kind', 'own_address'), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='change_four_eyes'), models.UniqueConstraint(condition=models.Q(('decided_at', None), models.Q(('kind__in', ['post', 'invitation']), _negated=True)), fields=('kind', 'user'), name='change_one_open')],
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=miaoli_kaohsiung.accounts.enums.role_choices, max_length=20, verbose_name='職務')),
                ('county', models.CharField(blank=True, max_length=12, verbose_name='縣')),
                ('township_code', models.CharField(blank=True, max_length=8, verbose_name='鄉鎮市代碼')),
                ('organisation_id', models.BigIntegerField(blank=True, db_index=True, null=True, verbose_name='單位')),
                ('office', models.CharField(blank=True, choices=[('chairperson', '理事長'), ('executive_secretary', '總幹事'), ('accountant', '會計'), ('staff', '承辦人')], max_length=20, verbose_name='職稱')),
                ('place_name', models.CharField(blank=True, max_length=80, verbose_name='單位名稱')),
                ('valid_from', models.DateField(verbose_name='起')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='迄')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to=settings.AUTH_USER_MODEL, verbose_name='姓名')),
            ],
            options={
                'verbose_name': '職務',
                'verbose_name_plural': '職務',
                'ordering': ['role', 'valid_from'],
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='post_ends_after_start'), models.CheckConstraint(condition=models.Q(models.Q(('role', 'member'), _negated=True), ('organisation_id__isnull', False), _connector='OR'), name='post_member_has_organisation'), models.CheckConstraint(condition=models.Q(models.Q(('role', 'township_officer'), _negated=True), models.Q(('township_code', ''), _negated=True), _connector='OR'), name='post_township_has_code'), models.CheckConstraint(condition=models.Q(('role', 'administrator'), models.Q(('county', ''), _negated=True), _connector='OR'), name='post_has_county')],
            },
        ),
        migrations.CreateModel(
            name='SignInFailures',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('minute', models.DateTimeField(verbose_name='時間')),
                ('passwords', models.PositiveIntegerField(default=0, verbose_name='密碼不對')),
                ('codes', models.PositiveIntegerField(default=0, verbose_name='驗證碼不對')),
                ('refused', models.PositiveIntegerField(default=0, verbose_name='鎖定中')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '登入失敗',
                'verbose_name_plural': '登入失敗',
                'ordering': ['minute'],
                'constraints': [models.UniqueConstraint(fields=('user', 'minute'), name='failures_once_a_minute', nulls_distinct=False)],
            },
        ),
    ]
