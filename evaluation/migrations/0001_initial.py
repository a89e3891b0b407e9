
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('communities', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Round',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('county', models.CharField(max_length=12, verbose_name='縣')),
                ('year', models.PositiveSmallIntegerField(verbose_name='年度（西元）')),
                ('status', models.CharField(choices=[('scoring', '評分中'), ('published', '已公布')], default='scoring', max_length=10, verbose_name='狀態')),
                ('excellent_from', models.PositiveSmallIntegerField(default=80, verbose_name='績優型最低分')),
                ('potential_from', models.PositiveSmallIntegerField(default=60, verbose_name='潛力型最低分')),
                ('opened_on', models.DateField()),
                ('published_on', models.DateField(blank=True, null=True, verbose_name='公布日期')),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('published_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '評鑑',
                'verbose_name_plural': '評鑑',
                'ordering': ['-year', 'county'],
            },
        ),
        migrations.CreateModel(
            name='Indicator',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dimension', models.CharField(choices=[('governance', '會務'), ('finance', '財務'), ('services', '業務')], max_length=12, verbose_name='面向')),
                ('name', models.CharField(max_length=60, verbose_name='指標')),
                ('points', models.PositiveSmallIntegerField(verbose_name='配分')),
                ('position', models.PositiveSmallIntegerField()),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='indicators', to='evaluation.round')),
            ],
            options={
                'ordering': ['round', 'position'],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('difficulties', models.TextField(blank=True, verbose_name='困難與需要')),
                ('comment', models.TextField(blank=True, verbose_name='評語')),
                ('not_evaluated', models.CharField(blank=True, max_length=200, verbose_name='未受評原因')),
                ('total', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='總分')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evaluation_entries', to='communities.organisation')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='evaluation.round')),
            ],
            options={
                'ordering': ['round', 'organisation'],
            },
        ),
        migrations.CreateModel(
            name='Score',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('points', models.PositiveSmallIntegerField(verbose_name='得分')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scores', to='evaluation.entry')),
                ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='evaluation.indicator')),
            ],
            options={
                'ordering': ['entry', 'indicator__position'],
            },
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.UniqueConstraint(fields=('county', 'year'), name='round_once_a_year'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(('excellent_from__gt', models.F('potential_from')), ('excellent_from__lte', 100)), name='round_cut_offs_in_order'),
        ),
        migrations.AddConstraint(
            model_name='indicator',
            constraint=models.CheckConstraint(condition=models.Q(('points__gt', 0)), name='indicator_has_points'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.UniqueConstraint(fields=('round', 'organisation'), name='entry_once'),
        ),
        migrations.AddConstraint(
            model_name='score',
            constraint=models.UniqueConstraint(fields=('entry', 'indicator'), name='entry_score_once'),
        ),
    ]
