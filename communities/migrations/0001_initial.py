
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('files', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Township',
            fields=[
                ('code', models.CharField(max_length=8, primary_key=True, serialize=False, verbose_name='代碼')),
                ('county', models.CharField(max_length=12, verbose_name='縣')),
                ('postal_code', models.CharField(max_length=3, verbose_name='郵遞區號')),
                ('position', models.PositiveSmallIntegerField(verbose_name='順序')),
            ],
            options={
                'verbose_name': '鄉鎮市',
                'verbose_name_plural': '鄉鎮市',
                'ordering': ['county', 'position'],
            },
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('community_association', '社區發展協會'), ('welfare_institution', '社會福利服務機構'), ('civic_group', '民間團體'), ('township_office', '公所'), ('church', '教會'), ('school', '學校'), ('national_nonprofit', '全國性非營利團體')], max_length=24, verbose_name='單位類別')),
                ('name', models.CharField(max_length=80, verbose_name='立案全名')),
                ('folded_name', models.CharField(blank=True, editable=False, max_length=100)),
                ('county', models.CharField(max_length=12, verbose_name='主管縣')),
                ('village', models.CharField(blank=True, max_length=40, verbose_name='村里')),
                ('status', models.CharField(choices=[('active', '正常運作'), ('reorganising', '限期整理'), ('dissolved', '已解散')], default='active', max_length=16, verbose_name='狀態')),
                ('registration_county', models.CharField(blank=True, max_length=10, verbose_name='立案縣市')),
                ('registration_number', models.CharField(blank=True, max_length=40, verbose_name='立案字號')),
                ('registered_on', models.DateField(blank=True, null=True, verbose_name='立案日期')),
                ('nonprofit', models.BooleanField(default=True, verbose_name='非營利')),
                ('tax_id', models.CharField(blank=True, max_length=8, verbose_name='統一編號')),
                ('tax_id_reason', models.CharField(blank=True, max_length=200, verbose_name='統一編號檢查碼不符的說明')),
                ('address', models.CharField(blank=True, max_length=120, verbose_name='會址')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='會址電話')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='電子信箱')),
                ('purpose', models.TextField(blank=True, verbose_name='宗旨')),
                ('area_served', models.CharField(blank=True, max_length=200, verbose_name='社區範圍')),
                ('households', models.PositiveIntegerField(blank=True, null=True, verbose_name='戶數')),
                ('population', models.PositiveIntegerField(blank=True, null=True, verbose_name='人口數')),
                ('members_count', models.PositiveIntegerField(blank=True, null=True, verbose_name='會員數')),
                ('bank_code', models.CharField(blank=True, max_length=7, verbose_name='金融機構代碼')),
                ('bank_account', models.CharField(blank=True, max_length=16, verbose_name='帳號')),
                ('bank_account_name', models.CharField(blank=True, max_length=80, verbose_name='戶名')),
                ('bank_name_reason', models.CharField(blank=True, max_length=200, verbose_name='戶名與立案全名不同的說明')),
                ('manpower_grant', models.CharField(choices=[('none', '沒有申請'), ('pending', '申請中'), ('granted', '已核定'), ('refused', '未獲核定')], default='none', max_length=8, verbose_name='人力支持計畫')),
                ('last_service_on', models.DateField(blank=True, null=True, verbose_name='最近在本縣服務日期')),
                ('current_tier', models.CharField(blank=True, choices=[('excellent', '績優型'), ('potential', '潛力型'), ('basic', '基本型')], max_length=10, verbose_name='分級')),
                ('current_tier_year', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='分級年度（西元）')),
                ('profile_updated_on', models.DateField(blank=True, null=True, verbose_name='資料更新日期')),
                ('search', django.contrib.postgres.search.SearchVectorField(editable=False, null=True)),
                ('seal', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile', verbose_name='圖記')),
                ('township', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='organisations', to='communities.township', verbose_name='鄉鎮市')),
            ],
            options={
                'verbose_name': '單位',
                'verbose_name_plural': '單位',
                'ordering': ['county', 'township', 'name'],
            },
        ),
        migrations.CreateModel(
            name='KeptPaper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('registration_certificate', '立案證書'), ('service_proof', '在本縣服務的證明'), ('charter', '章程'), ('members', '會員名冊'), ('officers', '理監事及幹部名冊'), ('passbook', '存摺封面')], max_length=30, verbose_name='文件')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='有效至')),
                ('kept_on', models.DateField(verbose_name='上傳日期')),
                ('replaced_on', models.DateField(blank=True, editable=False, null=True)),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('kept_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='kept_papers', to='communities.organisation')),
            ],
            options={
                'verbose_name': '單位的文件',
                'verbose_name_plural': '單位的文件',
                'ordering': ['organisation', 'kind', '-id'],
            },
        ),
        migrations.CreateModel(
            name='AccountRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county', models.CharField(max_length=12, verbose_name='縣')),
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
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.organisation')),
                ('township', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='communities.township', verbose_name='鄉鎮市')),
            ],
            options={
                'verbose_name': '帳號申請',
                'verbose_name_plural': '帳號申請',
                'ordering': ['requested_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='TownshipName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=10, verbose_name='名稱')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='起')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='迄')),
                ('township', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='names', to='communities.township')),
            ],
            options={
                'ordering': ['township', 'valid_from'],
            },
        ),
        migrations.CreateModel(
            name='OfficeTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.CharField(choices=[('chairperson', '理事長'), ('executive_secretary', '總幹事'), ('accountant', '會計'), ('staff', '承辦人')], max_length=20, verbose_name='職稱')),
                ('person_name', models.CharField(max_length=60, verbose_name='姓名')),
                ('board_term_number', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='屆次')),
                ('valid_from', models.DateField(verbose_name='任期起')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='任期迄')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='聯絡電話（不公開）')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='office_terms', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='terms', to='communities.organisation')),
            ],
            options={
                'verbose_name': '任期',
                'verbose_name_plural': '任期',
                'ordering': ['organisation', '-valid_from', 'office'],
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='term_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='TierDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='年度（西元）')),
                ('tier', models.CharField(choices=[('excellent', '績優型'), ('potential', '潛力型'), ('basic', '基本型')], max_length=10, verbose_name='分級')),
                ('basis', models.CharField(choices=[('evaluation', '年度評鑑'), ('decision', '個案認定')], max_length=12, verbose_name='依據')),
                ('reason', models.TextField(verbose_name='理由')),
                ('what_would_lift', models.TextField(blank=True, verbose_name='怎樣可以升級')),
                ('governance_score', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name='會務')),
                ('finance_score', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name='財務')),
                ('services_score', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name='業務')),
                ('status', models.CharField(choices=[('proposed', '待主管確認'), ('confirmed', '已確認'), ('refused', '未同意')], default='proposed', max_length=10, verbose_name='狀態')),
                ('proposed_on', models.DateField(verbose_name='提報日期')),
                ('decided_on', models.DateField(blank=True, null=True, verbose_name='確認日期')),
                ('decision_note', models.TextField(blank=True, verbose_name='主管意見')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tier_decisions', to='communities.organisation')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '分級決定',
                'verbose_name_plural': '分級決定',
                'ordering': ['-year', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='tier_four_eyes'), models.UniqueConstraint(condition=models.Q(('status', 'proposed')), fields=('organisation', 'year'), name='tier_one_open_proposal')],
            },
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search'], name='organisation_search'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=models.Index(fields=['county', 'current_tier'], name='organisation_tier'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.UniqueConstraint(fields=('county', 'name'), name='organisation_name_once_a_county'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.UniqueConstraint(condition=models.Q(('folded_name', ''), _negated=True), fields=('county', 'folded_name'), name='organisation_folded_name_once_a_county'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.UniqueConstraint(condition=models.Q(('tax_id', ''), _negated=True), fields=('tax_id',), name='organisation_tax_id_once'),
        ),
        migrations.AddIndex(
            model_name='accountrequest',
            index=models.Index(fields=['county', 'status'], name='account_request_waiting'),
        ),
        migrations.AddConstraint(
            model_name='accountrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'refused'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='account_request_refused_why'),
        ),
        migrations.AddConstraint(
            model_name='townshipname',
            constraint=models.UniqueConstraint(fields=('township', 'valid_from'), name='township_one_name_a_day', nulls_distinct=False),
        ),
    ]
