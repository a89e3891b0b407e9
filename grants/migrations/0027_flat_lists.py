from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grants", "0026_open_money")]

    operations = [
        migrations.AddIndex(
            model_name='application',
            index=models.Index(fields=['county', 'status', 'status_since', 'id'], include=('officer',), name='application_queue'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(condition=models.Q(('status', 'correction_requested')), fields=['county', 'correction_due_on', 'status_since', 'id'], name='application_correcting'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(condition=models.Q(('officer__isnull', False)), fields=['county', 'officer'], name='application_county_officer'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(condition=models.Q(models.Q(('status__in', ('draft', 'awaiting_chair')), _negated=True), ('first_filed_on__isnull', False)), fields=['county', '-id'], name='application_filed'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(condition=models.Q(models.Q(('status__in', ('draft', 'awaiting_chair')), _negated=True), ('first_filed_on__isnull', False)), fields=['county', 'status', '-id'], name='application_filed_status'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(models.F('county'), models.Func(models.Func(models.F('number'), models.Value('([0-9]+)'), models.Value('000000000000\\1'), models.Value('g'), function='regexp_replace', output_field=models.TextField()), models.Value('[0-9]*([0-9]{12})'), models.Value('\\1'), models.Value('g'), function='regexp_replace', output_field=models.TextField()), condition=models.Q(models.Q(('status__in', ('draft', 'awaiting_chair')), _negated=True), ('first_filed_on__isnull', False)), name='application_filed_number'),
        ),
        migrations.AddIndex(
            model_name='deadline',
            index=models.Index(condition=models.Q(('done_on__isnull', True)), fields=['county', 'kind', 'due_on', 'award'], name='deadline_county_award'),
        ),
        migrations.AddIndex(
            model_name='deadline',
            index=models.Index(condition=models.Q(('done_on__isnull', True), ('kind', 'receipt')), fields=['county', 'due_on', 'instalment'], name='deadline_county_receipt'),
        ),
        migrations.AddIndex(
            model_name='instalment',
            index=models.Index(fields=['county', 'status', 'requested_on', 'id'], include=('amount', 'requested_by'), name='instalment_county_status'),
        ),
        migrations.AddIndex(
            model_name='instalment',
            index=models.Index(condition=models.Q(('status', 'paid')), fields=['county', 'paid_on', 'id'], include=('amount',), name='instalment_county_paid'),
        ),
        migrations.AddIndex(
            model_name='instalment',
            index=models.Index(fields=['county', 'award', 'number'], include=('amount',), name='instalment_county_award'),
        ),
        migrations.AddIndex(
            model_name='ledgerentry',
            index=models.Index(fields=['envelope', 'kind'], include=('amount',), name='ledger_envelope_sums'),
        ),
        migrations.RemoveIndex(
            model_name='ledgerentry',
            name='ledger_envelope_kind',
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(fields=['county', 'prepared_by'], name='letter_preparer'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(condition=models.Q(('status', 'draft')), fields=['county', 'prepared_on', 'id'], name='letter_drafted'),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=models.Index(condition=models.Q(('decision', 'open')), fields=['proposed_by'], include=('application',), name='proposal_open_by'),
        ),
        migrations.AddIndex(
            model_name='proposal',
            index=models.Index(condition=models.Q(('decision', 'open'), ('deferred_until__isnull', False)), fields=['deferred_until'], include=('application',), name='proposal_put_off'),
        ),
        migrations.AddIndex(
            model_name='settlement',
            index=models.Index(fields=['county', 'status', 'submitted_on', 'id'], include=('sums_checked_by', 'content_checked_by'), name='settlement_county_status'),
        ),
        migrations.AddIndex(
            model_name='settlement',
            index=models.Index(condition=models.Q(('status__in', ['submitted', 'sums_checked', 'content_checked'])), fields=['county', 'submitted_on', 'id'], name='settlement_with_county'),
        ),
        migrations.AddIndex(
            model_name='debt',
            index=models.Index(fields=['county', 'kind', 'due_on', 'award'], include=('amount', 'held'), name='debt_county_due'),
        ),
    ]
