import django.db.models.deletion
from django.db import migrations, models

# The county of a row is that of its award or case, whatever program writes it.
COUNTIES = """
CREATE FUNCTION grants_county_of_award() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT county INTO STRICT NEW.county FROM grants_award WHERE id = NEW.award_id;
    RETURN NEW;
END $$;
CREATE FUNCTION grants_county_of_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.county := COALESCE((SELECT county FROM grants_application WHERE id = NEW.application_id), '');
    RETURN NEW;
END $$;
UPDATE grants_instalment i SET county = a.county FROM grants_award a WHERE a.id = i.award_id;
UPDATE grants_settlement s SET county = a.county FROM grants_award a WHERE a.id = s.award_id;
UPDATE grants_deadline d SET county = a.county FROM grants_application a WHERE a.id = d.application_id;
CREATE TRIGGER grants_instalment_county BEFORE INSERT OR UPDATE OF county, award_id ON grants_instalment
    FOR EACH ROW EXECUTE FUNCTION grants_county_of_award();
CREATE TRIGGER grants_settlement_county BEFORE INSERT OR UPDATE OF county, award_id ON grants_settlement
    FOR EACH ROW EXECUTE FUNCTION grants_county_of_award();
CREATE TRIGGER grants_deadline_county BEFORE INSERT OR UPDATE OF county, application_id ON grants_deadline
    FOR EACH ROW EXECUTE FUNCTION grants_county_of_case();
"""
WITHOUT_COUNTIES = """
DROP TRIGGER grants_deadline_county ON grants_deadline;
DROP TRIGGER grants_settlement_county ON grants_settlement;
DROP TRIGGER grants_instalment_county ON grants_instalment;
DROP FUNCTION grants_county_of_case();
DROP FUNCTION grants_county_of_award();
"""
# What must come back of an award: a row while there is any. The award is locked first, so that of two writers the second
# one counts what the first one wrote.
DEBTS = """
CREATE FUNCTION grants_debt_keep(of_award bigint, in_county text, of_kind text, due bigint, has bigint)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF due <= 0 THEN
        DELETE FROM grants_debt WHERE award_id = of_award AND kind = of_kind;
        RETURN;
    END IF;
    INSERT INTO grants_debt (award_id, county, kind, amount, held, due_on)
        SELECT of_award, in_county, of_kind, due, has, min(d.due_on) FROM grants_deadline d
        WHERE d.award_id = of_award AND d.kind = of_kind AND d.done_on IS NULL
        ON CONFLICT (award_id, kind) DO UPDATE SET amount = excluded.amount, held = excluded.held
        WHERE (grants_debt.amount, grants_debt.held) IS DISTINCT FROM (excluded.amount, excluded.held);
END $$;

CREATE FUNCTION grants_debts_of(of_award bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    award record;
    paid bigint;
    back bigint;
    overpaid bigint;
    misused bigint;
    borne bigint;
BEGIN
    PERFORM 1 FROM grants_award WHERE id = of_award FOR NO KEY UPDATE;
    SELECT a.county, a.status, a.total, c.status AS decided, s.accepted_on, s.eligible,
           COALESCE(s.surcharge, 0) AS surcharge
        INTO award FROM grants_award a JOIN grants_application c ON c.id = a.application_id
        LEFT JOIN grants_settlement s ON s.award_id = a.id WHERE a.id = of_award;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT COALESCE(SUM(amount) FILTER (WHERE kind = 'paid'), 0),
           COALESCE(SUM(amount) FILTER (WHERE kind IN ('returned', 'recovered')), 0),
           COALESCE(SUM(CASE kind WHEN 'overpaid' THEN amount WHEN 'regained' THEN -amount END), 0)
        INTO paid, back, overpaid FROM grants_ledgerentry WHERE award_id = of_award;
    PERFORM grants_debt_keep(of_award, award.county, 'overpaid', overpaid, paid - back);
    IF NOT (award.status IN ('not_executed', 'revoked', 'given_up')
            OR award.status = 'completed' AND award.accepted_on IS NOT NULL) THEN
        PERFORM grants_debt_keep(of_award, award.county, 'return', 0, 0);
        RETURN;
    END IF;
    IF award.status IN ('not_executed', 'given_up')
        OR award.status = 'revoked' AND award.decided IN ('withdrawn', 'rejected', 'not_accepted') THEN
        borne := 0;
    ELSE
        SELECT COALESCE(SUM(disallowed), 0) INTO misused FROM grants_sanction
            WHERE award_id = of_award AND status = 'confirmed';
        -- Before acceptance the surcharge is 0 and nothing is eligible: all that was paid counts as spent.
        borne := LEAST(award.total + award.surcharge,
                       GREATEST(COALESCE(award.eligible + award.surcharge, paid) - misused, 0));
    END IF;
    PERFORM grants_debt_keep(of_award, award.county, 'return', paid - back - borne, paid - back);
END $$;

CREATE FUNCTION grants_debts_of_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM grants_debts_of(CASE WHEN TG_OP = 'DELETE' THEN OLD.award_id ELSE NEW.award_id END);
    RETURN NULL;
END $$;
CREATE FUNCTION grants_debts_of_award() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM grants_debts_of(NEW.id);
    RETURN NULL;
END $$;
CREATE FUNCTION grants_debts_of_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM grants_debts_of(id) FROM grants_award WHERE application_id = NEW.id;
    RETURN NULL;
END $$;
CREATE FUNCTION grants_debt_due() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    laid record;
BEGIN
    IF TG_OP = 'DELETE' THEN laid := OLD; ELSE laid := NEW; END IF;
    UPDATE grants_debt b SET due_on = (
        SELECT min(d.due_on) FROM grants_deadline d
        WHERE d.award_id = b.award_id AND d.kind = b.kind AND d.done_on IS NULL
    ) WHERE b.award_id = laid.award_id AND b.kind = laid.kind;
    RETURN NULL;
END $$;

SELECT grants_debts_of(id) FROM grants_award ORDER BY id;

CREATE TRIGGER grants_ledger_debts AFTER INSERT ON grants_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION grants_debts_of_row();
CREATE TRIGGER grants_award_debts AFTER UPDATE ON grants_award FOR EACH ROW
    WHEN ((OLD.status, OLD.total) IS DISTINCT FROM (NEW.status, NEW.total))
    EXECUTE FUNCTION grants_debts_of_award();
CREATE TRIGGER grants_settlement_debts AFTER UPDATE ON grants_settlement FOR EACH ROW
    WHEN ((OLD.accepted_on, OLD.eligible, OLD.surcharge) IS DISTINCT FROM (NEW.accepted_on, NEW.eligible, NEW.surcharge))
    EXECUTE FUNCTION grants_debts_of_row();
CREATE TRIGGER grants_settlement_debts_of_new AFTER INSERT OR DELETE ON grants_settlement
    FOR EACH ROW EXECUTE FUNCTION grants_debts_of_row();
CREATE TRIGGER grants_sanction_debts AFTER UPDATE ON grants_sanction FOR EACH ROW
    WHEN ((OLD.status, OLD.disallowed) IS DISTINCT FROM (NEW.status, NEW.disallowed))
    EXECUTE FUNCTION grants_debts_of_row();
CREATE TRIGGER grants_sanction_debts_of_new AFTER INSERT OR DELETE ON grants_sanction
    FOR EACH ROW EXECUTE FUNCTION grants_debts_of_row();
CREATE TRIGGER grants_application_debts AFTER UPDATE ON grants_application FOR EACH ROW
    WHEN (OLD.status IS DISTINCT FROM NEW.status)
    EXECUTE FUNCTION grants_debts_of_case();
CREATE TRIGGER grants_deadline_debts AFTER INSERT ON grants_deadline FOR EACH ROW
    WHEN (NEW.kind IN ('return', 'overpaid'))
    EXECUTE FUNCTION grants_debt_due();
CREATE TRIGGER grants_deadline_debts_of_changed AFTER UPDATE OR DELETE ON grants_deadline FOR EACH ROW
    WHEN (OLD.kind IN ('return', 'overpaid'))
    EXECUTE FUNCTION grants_debt_due();
"""
WITHOUT_DEBTS = """
DROP TRIGGER grants_deadline_debts_of_changed ON grants_deadline;
DROP TRIGGER grants_deadline_debts ON grants_deadline;
DROP TRIGGER grants_application_debts ON grants_application;
DROP TRIGGER grants_sanction_debts_of_new ON grants_sanction;
DROP TRIGGER grants_sanction_debts ON grants_sanction;
DROP TRIGGER grants_settlement_debts_of_new ON grants_settlement;
DROP TRIGGER grants_settlement_debts ON grants_settlement;
DROP TRIGGER grants_award_debts ON grants_award;
DROP TRIGGER grants_ledger_debts ON grants_ledgerentry;
DROP FUNCTION grants_debt_due();
DROP FUNCTION grants_debts_of_case();
DROP FUNCTION grants_debts_of_award();
DROP FUNCTION grants_debts_of_row();
DROP FUNCTION grants_debts_of(bigint);
DROP FUNCTION grants_debt_keep(bigint, text, text, bigint, bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("grants", "0025_withdrawn_proposals")]

    operations = [
        migrations.CreateModel(
            name='Debt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('award', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='debts', to='grants.award')),
                ('county', models.CharField(max_length=12)),
                ('kind', models.CharField(choices=[('return', '繳回期限'), ('overpaid', '溢付退還期限')], max_length=16)),
                ('amount', models.BigIntegerField(verbose_name='應繳回（元）')),
                ('held', models.BigIntegerField(verbose_name='已撥未繳回（元）')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='期限')),
            ],
            options={
                'verbose_name': '待繳回的款項',
                'verbose_name_plural': '待繳回的款項',
            },
        ),
        migrations.AddField(
            model_name='deadline',
            name='county',
            field=models.CharField(blank=True, db_default='', editable=False, max_length=12),
        ),
        migrations.AddField(
            model_name='instalment',
            name='county',
            field=models.CharField(db_default='', editable=False, max_length=12),
        ),
        migrations.AddField(
            model_name='settlement',
            name='county',
            field=models.CharField(db_default='', editable=False, max_length=12),
        ),
        migrations.AddConstraint(
            model_name='debt',
            constraint=models.UniqueConstraint(fields=('award', 'kind'), name='debt_once'),
        ),
        migrations.AddConstraint(
            model_name='debt',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='debt_positive'),
        ),
        migrations.RunSQL(COUNTIES, WITHOUT_COUNTIES),
        migrations.RunSQL(DEBTS, WITHOUT_DEBTS),
    ]
