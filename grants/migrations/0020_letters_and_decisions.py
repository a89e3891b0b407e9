import re
import unicodedata

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def fill(apps, schema_editor):
    """What was issued or paid before counts as told; what rests on a draft waits for its letter."""
    _keys(apps.get_model("grants", "Letter"))
    _awards(apps)
    _corrections(apps)
    for row in apps.get_model("grants", "Sanction").objects.filter(status="confirmed"):
        row.notified_on = row.confirmed_on
        row.save(update_fields=["notified_on"])


def _keys(letters):
    """The same number in another width counts as taken; where two letters have it already, the later keeps a mark."""
    taken = set()
    for row in letters.objects.exclude(dispatch_number="").order_by("id"):
        key = re.sub(r"\s+", "", unicodedata.normalize("NFKC", row.dispatch_number)).upper().replace("台", "臺")[:50]
        if (row.county, key) in taken:
            key = f"{key}#{row.pk}"
        taken.add((row.county, key))
        row.dispatch_key = key
        row.save(update_fields=["dispatch_key"])


def _awards(apps):
    letters, deadlines = apps.get_model("grants", "Letter"), apps.get_model("grants", "Deadline")
    for award in apps.get_model("grants", "Award").objects.all():
        own = letters.objects.filter(application=award.application_id, kind="approval")
        issued = own.exclude(dispatched_on=None).order_by("id").first()
        moved = award.instalments.exclude(requested_on=None).exists() or award.completed_on is not None
        if issued or moved:
            award.notified_on = issued.dispatched_on if issued else award.approved_on
            award.save(update_fields=["notified_on"])
            continue
        waiting = deadlines.objects.filter(award=award, kind__in=["first_receipt", "settlement"], done_on=None)
        days = {row.kind: row.due_on for row in waiting}
        for draft in own.filter(status="draft"):
            _mark(draft, {"【領據期限】": days.get("first_receipt"), "【結報期限】": days.get("settlement")})
        waiting.delete()


def _corrections(apps):
    letters, deadlines = apps.get_model("grants", "Letter"), apps.get_model("grants", "Deadline")
    waiting = apps.get_model("grants", "CorrectionRequest").objects.filter(answered_on=None, by_township=False)
    for asked in waiting.filter(application__status="correction_requested").select_related("application"):
        own = letters.objects.filter(application=asked.application_id, kind="correction", prepared_on__gte=asked.requested_on)
        draft = own.filter(status="draft").order_by("-id").first()
        if draft is None or own.filter(status="issued").exists():
            continue
        asked.days = max(1, (asked.due_on - asked.requested_on).days)
        _mark(draft, {"【補正期限】": asked.due_on}, correction=asked.pk)
        asked.due_on = asked.application.correction_due_on = None
        asked.save(update_fields=["due_on", "days"])
        asked.application.save(update_fields=["correction_due_on"])
        deadlines.objects.filter(kind="correction", subject_key=f"correction:{asked.pk}").delete()


def _mark(draft, days, **context):
    """The day that was fixed when the letter was drafted becomes a mark, which the dispatch date fills in."""
    for mark, day in days.items():
        if day is None:
            continue
        printed = f"{day.year - 1911}年{day.month}月{day.day}日"
        draft.subject = draft.subject.replace(f"{printed}前", f"{mark}前")
        draft.explanation = [text.replace(f"{printed}前", f"{mark}前") for text in draft.explanation]
    draft.context = {**draft.context, **context}
    draft.save(update_fields=["subject", "explanation", "context"])



class Migration(migrations.Migration):

    dependencies = [
        ('files', '0001_initial'),
        ('grants', '0019_corrections_item_by_item'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='EnvelopeChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='年度（西元）')),
                ('before', models.BigIntegerField(blank=True, null=True)),
                ('amount', models.BigIntegerField(verbose_name='額度（元）')),
                ('memo_number', models.CharField(max_length=60, verbose_name='簽文號')),
                ('reason', models.TextField(verbose_name='理由')),
                ('status', models.CharField(choices=[('draft', '待另一位確認'), ('confirmed', '已確認'), ('refused', '未同意')], default='draft', max_length=10, verbose_name='狀態')),
                ('proposed_on', models.DateField()),
                ('decided_on', models.DateField(blank=True, null=True)),
                ('decision_note', models.CharField(blank=True, max_length=200, verbose_name='不同意的理由')),
            ],
            options={
                'verbose_name': '額度登錄',
                'verbose_name_plural': '額度登錄',
                'ordering': ['-id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='letter',
            name='dispatch_number_once',
        ),
        migrations.RemoveConstraint(
            model_name='letter',
            name='issued_letter_is_kept',
        ),
        migrations.AddField(
            model_name='award',
            name='notified_on',
            field=models.DateField(blank=True, null=True, verbose_name='核定函發文日期'),
        ),
        migrations.AddField(
            model_name='correctionrequest',
            name='days',
            field=models.PositiveSmallIntegerField(default=10, verbose_name='補正天數'),
        ),
        migrations.AddField(
            model_name='letter',
            name='dispatch_key',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name='letter',
            name='edition',
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='sanction',
            name='notified_on',
            field=models.DateField(blank=True, null=True, verbose_name='處分函發文日期'),
        ),
        migrations.AlterField(
            model_name='correctionrequest',
            name='due_on',
            field=models.DateField(blank=True, null=True, verbose_name='補正期限'),
        ),
        migrations.AlterField(
            model_name='letter',
            name='status',
            field=models.CharField(choices=[('draft', '函稿'), ('issued', '已發文'), ('void', '作廢'), ('cancelled', '不發文')], default='draft', max_length=10, verbose_name='狀態'),
        ),
        migrations.AlterField(
            model_name='proposal',
            name='decision',
            field=models.CharField(choices=[('open', '待核定'), ('approved', '核定'), ('rejected', '不予補助'), ('not_accepted', '不予受理'), ('sent_back', '退回重擬'), ('withdrawn', '申請單位撤回')], default='open', max_length=12, verbose_name='決定'),
        ),
        migrations.AlterField(
            model_name='proposal',
            name='outcome',
            field=models.CharField(choices=[('approve', '建議補助'), ('reject', '建議不予補助'), ('not_accept', '建議不予受理')], max_length=10, verbose_name='建議'),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.UniqueConstraint(condition=models.Q(('dispatch_key', ''), _negated=True), fields=('county', 'dispatch_key'), name='dispatch_key_once'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'cancelled']), models.Q(models.Q(('dispatch_number', ''), _negated=True), models.Q(('sha256', ''), _negated=True), ('file__isnull', False)), _connector='OR'), name='issued_letter_is_kept'),
        ),
        migrations.AddField(
            model_name='envelopechange',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='envelopechange',
            name='proposed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='envelopechange',
            name='scan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile'),
        ),
        migrations.AddField(
            model_name='envelopechange',
            name='scheme',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='envelope_changes', to='grants.scheme'),
        ),
        migrations.AddConstraint(
            model_name='envelopechange',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='envelope_four_eyes'),
        ),
        migrations.AddConstraint(
            model_name='envelopechange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'confirmed'), _negated=True), ('decided_by__isnull', False), _connector='OR'), name='envelope_confirmed_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='envelopechange',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='envelope_change_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='envelopechange',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'draft')), fields=('scheme', 'year'), name='envelope_one_open_change'),
        ),
    ]
