import django.db.models.deletion
from django.db import migrations, models

# By when an instalment can be paid at the latest: by the deadline that runs, whatever program writes either.
EXPECTED = """
CREATE FUNCTION grants_instalment_expected() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.expected_on := CASE NEW.status
        WHEN 'awaiting_receipt' THEN (
            SELECT min(d.due_on) FROM grants_deadline d
            WHERE d.instalment_id = NEW.id AND d.kind = 'receipt' AND d.done_on IS NULL
        )
        WHEN 'scheduled' THEN COALESCE((
            SELECT min(d.due_on) FROM grants_deadline d
            WHERE d.award_id = NEW.award_id AND d.kind = 'settlement' AND d.done_on IS NULL
        ), (SELECT a.ends_on FROM grants_award a WHERE a.id = NEW.award_id))
    END;
    RETURN NEW;
END $$;
CREATE TRIGGER grants_instalment_expected BEFORE INSERT OR UPDATE ON grants_instalment
    FOR EACH ROW EXECUTE FUNCTION grants_instalment_expected();
UPDATE grants_instalment SET expected_on = NULL WHERE status IN ('awaiting_receipt', 'scheduled');

CREATE FUNCTION grants_deadline_expected() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    laid record;
BEGIN
    IF TG_OP = 'DELETE' THEN laid := OLD; ELSE laid := NEW; END IF;
    IF laid.kind = 'receipt' THEN
        UPDATE grants_instalment SET expected_on = NULL WHERE id = laid.instalment_id AND status = 'awaiting_receipt';
    ELSIF laid.kind = 'settlement' THEN
        UPDATE grants_instalment SET expected_on = NULL WHERE award_id = laid.award_id AND status = 'scheduled';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER grants_deadline_expected AFTER INSERT OR UPDATE OR DELETE ON grants_deadline
    FOR EACH ROW EXECUTE FUNCTION grants_deadline_expected();
CREATE FUNCTION grants_award_expected() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE grants_instalment SET expected_on = NULL WHERE award_id = NEW.id AND status = 'scheduled';
    RETURN NULL;
END $$;
CREATE TRIGGER grants_award_expected AFTER UPDATE ON grants_award FOR EACH ROW
    WHEN (OLD.ends_on IS DISTINCT FROM NEW.ends_on) EXECUTE FUNCTION grants_award_expected();
"""
WITHOUT_EXPECTED = """
DROP TRIGGER grants_award_expected ON grants_award;
DROP TRIGGER grants_deadline_expected ON grants_deadline;
DROP TRIGGER grants_instalment_expected ON grants_instalment;
DROP FUNCTION grants_award_expected();
DROP FUNCTION grants_deadline_expected();
DROP FUNCTION grants_instalment_expected();
"""
# What the overviews sum up. Rows are only added, never changed, so that no writer waits for another's sum.
SUMS = """
CREATE FUNCTION grants_sum_moves(of_award bigint, of_kind text, of_period date, more bigint, number int)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO grants_moneysum (envelope_id, programme_id, kind, period, amount, rows)
        SELECT a.envelope_id, c.programme_id, of_kind, of_period, more, grants_sum_moves.number
        FROM grants_award a JOIN grants_application c ON c.id = a.application_id WHERE a.id = of_award;
END $$;
CREATE FUNCTION grants_year(day date) RETURNS date LANGUAGE sql IMMUTABLE AS $$ SELECT date_trunc('year', day)::date $$;
CREATE FUNCTION grants_month(day date) RETURNS date LANGUAGE sql IMMUTABLE AS $$ SELECT date_trunc('month', day)::date $$;

-- All sums anew from what they sum up.
CREATE FUNCTION grants_sums_anew() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    LOCK TABLE grants_ledgerentry, grants_award, grants_settlement, grants_instalment, grants_debt IN SHARE MODE;
    DELETE FROM grants_moneysum;
    INSERT INTO grants_moneysum (envelope_id, programme_id, kind, period, amount, rows)
        SELECT m.envelope_id, c.programme_id, m.kind, m.period, sum(m.amount), sum(m.rows) FROM (
            SELECT envelope_id, award_id, kind, grants_year("on") AS period, sum(amount) AS amount, count(*) AS rows
                FROM grants_ledgerentry GROUP BY 1, 2, 3, 4
            UNION ALL SELECT envelope_id, id, 'approved', grants_year(approved_on), total, 1 FROM grants_award
            UNION ALL SELECT a.envelope_id, a.id, 'accepted', grants_year(s.accepted_on), COALESCE(s.eligible + s.surcharge, 0), 1
                FROM grants_settlement s JOIN grants_award a ON a.id = s.award_id WHERE s.accepted_on IS NOT NULL
            UNION ALL SELECT a.envelope_id, a.id, 'waits', grants_month(i.expected_on), i.amount, 1
                FROM grants_instalment i JOIN grants_award a ON a.id = i.award_id
                WHERE i.status NOT IN ('paid', 'cancelled')
            UNION ALL SELECT a.envelope_id, a.id, 'due', grants_month(d.due_on), d.amount, 1
                FROM grants_debt d JOIN grants_award a ON a.id = d.award_id WHERE d.kind = 'return'
        ) m JOIN grants_award a ON a.id = m.award_id JOIN grants_application c ON c.id = a.application_id
        GROUP BY 1, 2, 3, 4;
END $$;
SELECT grants_sums_anew();

CREATE FUNCTION grants_ledger_sums() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO grants_moneysum (envelope_id, programme_id, kind, period, amount, rows)
        SELECT NEW.envelope_id, c.programme_id, NEW.kind, grants_year(NEW."on"), NEW.amount, 1
        FROM grants_award a JOIN grants_application c ON c.id = a.application_id WHERE a.id = NEW.award_id;
    RETURN NULL;
END $$;
CREATE TRIGGER grants_ledger_sums AFTER INSERT ON grants_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION grants_ledger_sums();

CREATE FUNCTION grants_award_sums() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        PERFORM grants_sum_moves(OLD.id, 'approved', grants_year(OLD.approved_on), -OLD.total, -1);
    END IF;
    PERFORM grants_sum_moves(NEW.id, 'approved', grants_year(NEW.approved_on), NEW.total, 1);
    RETURN NULL;
END $$;
CREATE TRIGGER grants_award_sums_of_new AFTER INSERT ON grants_award
    FOR EACH ROW EXECUTE FUNCTION grants_award_sums();
CREATE TRIGGER grants_award_sums AFTER UPDATE ON grants_award FOR EACH ROW
    WHEN ((OLD.total, OLD.approved_on) IS DISTINCT FROM (NEW.total, NEW.approved_on))
    EXECUTE FUNCTION grants_award_sums();

CREATE FUNCTION grants_settlement_sums() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.accepted_on IS NOT NULL THEN
        PERFORM grants_sum_moves(OLD.award_id, 'accepted', grants_year(OLD.accepted_on), -COALESCE(OLD.eligible + OLD.surcharge, 0), -1);
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.accepted_on IS NOT NULL THEN
        PERFORM grants_sum_moves(NEW.award_id, 'accepted', grants_year(NEW.accepted_on), COALESCE(NEW.eligible + NEW.surcharge, 0), 1);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER grants_settlement_sums_of_new AFTER INSERT OR DELETE ON grants_settlement
    FOR EACH ROW EXECUTE FUNCTION grants_settlement_sums();
CREATE TRIGGER grants_settlement_sums AFTER UPDATE ON grants_settlement FOR EACH ROW
    WHEN ((OLD.accepted_on, OLD.eligible, OLD.surcharge) IS DISTINCT FROM (NEW.accepted_on, NEW.eligible, NEW.surcharge))
    EXECUTE FUNCTION grants_settlement_sums();

CREATE FUNCTION grants_instalment_sums() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.status NOT IN ('paid', 'cancelled') THEN
        PERFORM grants_sum_moves(OLD.award_id, 'waits', grants_month(OLD.expected_on), -OLD.amount, -1);
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.status NOT IN ('paid', 'cancelled') THEN
        PERFORM grants_sum_moves(NEW.award_id, 'waits', grants_month(NEW.expected_on), NEW.amount, 1);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER grants_instalment_sums_of_new AFTER INSERT OR DELETE ON grants_instalment
    FOR EACH ROW EXECUTE FUNCTION grants_instalment_sums();
CREATE TRIGGER grants_instalment_sums AFTER UPDATE ON grants_instalment FOR EACH ROW
    WHEN ((OLD.status, OLD.amount, OLD.expected_on) IS DISTINCT FROM (NEW.status, NEW.amount, NEW.expected_on))
    EXECUTE FUNCTION grants_instalment_sums();

CREATE FUNCTION grants_debt_sums() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.kind = 'return' THEN
        PERFORM grants_sum_moves(OLD.award_id, 'due', grants_month(OLD.due_on), -OLD.amount, -1);
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.kind = 'return' THEN
        PERFORM grants_sum_moves(NEW.award_id, 'due', grants_month(NEW.due_on), NEW.amount, 1);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER grants_debt_sums AFTER INSERT OR UPDATE OR DELETE ON grants_debt
    FOR EACH ROW EXECUTE FUNCTION grants_debt_sums();
"""
WITHOUT_SUMS = """
DROP TRIGGER grants_debt_sums ON grants_debt;
DROP TRIGGER grants_instalment_sums ON grants_instalment;
DROP TRIGGER grants_instalment_sums_of_new ON grants_instalment;
DROP TRIGGER grants_settlement_sums ON grants_settlement;
DROP TRIGGER grants_settlement_sums_of_new ON grants_settlement;
DROP TRIGGER grants_award_sums ON grants_award;
DROP TRIGGER grants_award_sums_of_new ON grants_award;
DROP TRIGGER grants_ledger_sums ON grants_ledgerentry;
DROP FUNCTION grants_debt_sums();
DROP FUNCTION grants_instalment_sums();
DROP FUNCTION grants_settlement_sums();
DROP FUNCTION grants_award_sums();
DROP FUNCTION grants_ledger_sums();
DROP FUNCTION grants_sums_anew();
DROP FUNCTION grants_month(date);
DROP FUNCTION grants_year(date);
DROP FUNCTION grants_sum_moves(bigint, text, date, bigint, int);
"""


class Migration(migrations.Migration):
    dependencies = [("grants", "0029_originals")]

    operations = [
        migrations.CreateModel(
            name='MoneySum',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('envelope', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sums', to='grants.envelope')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='grants.programme')),
                ('kind', models.CharField(choices=[('committed', '核定保留'), ('renewed', '重新核定保留'), ('surcharge', '收費加成'), ('released', '釋出'), ('restored', '回復保留'), ('paid', '撥付'), ('returned', '繳回'), ('recovered', '追繳'), ('overpaid', '重複撥付'), ('regained', '重複撥付收回'), ('approved', '核定'), ('accepted', '准予核銷'), ('waits', '還要撥'), ('due', '應收繳回')], max_length=10)),
                ('period', models.DateField(null=True)),
                ('amount', models.BigIntegerField(verbose_name='金額')),
                ('rows', models.IntegerField()),
            ],
            options={'verbose_name': '款項合計', 'verbose_name_plural': '款項合計'},
        ),
        migrations.AddField(
            model_name='instalment', name='expected_on', field=models.DateField(editable=False, null=True, verbose_name='最遲撥付日期')
        ),
        migrations.AddIndex(
            model_name='award',
            index=models.Index(fields=['county', '-id'], include=('total',), name='award_county'),
        ),
        migrations.RunSQL(EXPECTED, WITHOUT_EXPECTED),
        migrations.RunSQL(SUMS, WITHOUT_SUMS),
    ]
