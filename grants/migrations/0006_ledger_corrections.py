import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

# The bounds of money, whatever program writes it. The award is locked first, so that of two writers the second one counts
# what the first one wrote.
CREATE = """
CREATE FUNCTION grants_ledger_bounds() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    earlier grants_ledgerentry;
    set_aside bigint;
    paid bigint;
    back bigint;
    overpaid bigint;
    approved bigint;
    of_instalment bigint;
    latest record;
BEGIN
    PERFORM 1 FROM grants_award WHERE id = NEW.award_id FOR NO KEY UPDATE;
    IF NEW.corrects_id IS NOT NULL THEN
        SELECT * INTO earlier FROM grants_ledgerentry WHERE id = NEW.corrects_id;
        IF ROW(earlier.award_id, earlier.envelope_id, earlier.instalment_id, earlier.kind, earlier.amount)
            IS DISTINCT FROM ROW(NEW.award_id, NEW.envelope_id, NEW.instalment_id, NEW.kind, -NEW.amount) THEN
            RAISE EXCEPTION 'ledger_corrects_whole: An entry takes back another one of its kind, whole.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_corrects_whole';
        END IF;
    END IF;
    SELECT COALESCE(SUM(CASE WHEN kind = 'released' THEN -amount
                             WHEN kind IN ('committed', 'renewed', 'surcharge', 'restored') THEN amount END), 0),
           COALESCE(SUM(amount) FILTER (WHERE kind = 'paid'), 0),
           COALESCE(SUM(amount) FILTER (WHERE kind IN ('returned', 'recovered')), 0),
           COALESCE(SUM(CASE kind WHEN 'overpaid' THEN amount WHEN 'regained' THEN -amount END), 0)
        INTO set_aside, paid, back, overpaid FROM grants_ledgerentry WHERE award_id = NEW.award_id;
    IF set_aside < 0 THEN
        RAISE EXCEPTION 'ledger_released_at_most_set_aside: More is released than was set aside.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_released_at_most_set_aside';
    END IF;
    -- An entry that is taken back to be entered anew under the right day leaves nothing paid in between.
    IF back < 0 OR (back > paid AND NEW.correction <> 'particulars') THEN
        RAISE EXCEPTION 'ledger_returned_at_most_paid: More comes back than was paid.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_returned_at_most_paid';
    END IF;
    IF overpaid < 0 THEN
        RAISE EXCEPTION 'ledger_regained_at_most_overpaid: More comes back than left twice.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_regained_at_most_overpaid';
    END IF;
    IF NEW.kind = 'paid' THEN
        SELECT amount INTO approved FROM grants_instalment WHERE id = NEW.instalment_id AND award_id = NEW.award_id;
        SELECT SUM(amount) INTO of_instalment FROM grants_ledgerentry
            WHERE award_id = NEW.award_id AND instalment_id = NEW.instalment_id AND kind = 'paid';
        IF approved IS NULL OR of_instalment < 0 OR of_instalment > approved THEN
            RAISE EXCEPTION 'ledger_paid_at_most_instalment: More is paid than the instalment.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_paid_at_most_instalment';
        END IF;
        -- What is only entered anew under the right day or number was paid before, also where some of it must come back.
        SELECT id, amount, correction INTO latest FROM grants_ledgerentry
            WHERE instalment_id = NEW.instalment_id AND kind = 'paid' AND id <> NEW.id ORDER BY id DESC LIMIT 1;
        IF NEW.amount > 0 AND paid - back > set_aside
            AND NOT COALESCE(latest.correction = 'particulars' AND latest.amount = -NEW.amount, false) THEN
            RAISE EXCEPTION 'ledger_paid_at_most_approved: More is paid than was approved.'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_paid_at_most_approved';
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER grants_ledger_bounds AFTER INSERT ON grants_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION grants_ledger_bounds();

CREATE FUNCTION grants_instalment_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status IN ('approved', 'paid') AND NEW.status IN ('approved', 'paid')
        AND ROW(OLD.amount, OLD.receipt_id, OLD.receipt_number, OLD.bank_code, OLD.bank_account, OLD.bank_account_name)
            IS DISTINCT FROM
            ROW(NEW.amount, NEW.receipt_id, NEW.receipt_number, NEW.bank_code, NEW.bank_account, NEW.bank_account_name)
    THEN
        RAISE EXCEPTION 'instalment_frozen: What was approved to be paid is frozen.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'instalment_frozen';
    END IF;
    IF NEW.amount < OLD.amount AND NEW.amount < (
        SELECT COALESCE(SUM(amount), 0) FROM grants_ledgerentry
        WHERE award_id = NEW.award_id AND instalment_id = NEW.id AND kind = 'paid'
    ) THEN
        RAISE EXCEPTION 'instalment_at_least_paid: An instalment is not less than what was paid of it.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'instalment_at_least_paid';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER grants_instalment_frozen BEFORE UPDATE ON grants_instalment
    FOR EACH ROW EXECUTE FUNCTION grants_instalment_frozen();
"""
REMOVE = """
DROP TRIGGER grants_instalment_frozen ON grants_instalment;
DROP FUNCTION grants_instalment_frozen();
DROP TRIGGER grants_ledger_bounds ON grants_ledgerentry;
DROP FUNCTION grants_ledger_bounds();
"""
REASONS = [
    ("bounced", "退匯：帳戶不能入帳，請單位確認帳戶、重送領據"),
    ("pay_again", "退匯：帳戶沒有錯，重新核付後再撥"),
    ("mistaken", "誤登：這筆錢沒有撥出或收到"),
    ("particulars", "日期或憑單號碼登錯"),
]
KINDS = [
    ("committed", "核定保留"),
    ("renewed", "重新核定保留"),
    ("surcharge", "收費加成"),
    ("released", "釋出"),
    ("restored", "回復保留"),
    ("paid", "撥付"),
    ("returned", "繳回"),
    ("recovered", "追繳"),
    ("overpaid", "重複撥付"),
    ("regained", "重複撥付收回"),
]


class Migration(migrations.Migration):
    dependencies = [('grants', '0005_vouchers')]

    operations = [
        migrations.RemoveConstraint(model_name="ledgerentry", name="ledger_amount_positive"),
        migrations.RemoveConstraint(model_name="ledgerentry", name="ledger_paid_once"),
        migrations.AddField(
            model_name="ledgerentry",
            name="correction",
            field=models.CharField(blank=True, choices=REASONS, max_length=12, verbose_name="更正原因"),
        ),
        migrations.AddField(
            model_name="ledgerentry",
            name="corrects",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrected_by",
                to="grants.ledgerentry",
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.CheckConstraint(
                condition=Q(amount__gt=0, corrects=None, correction="")
                | (Q(amount__lt=0, corrects__isnull=False) & ~Q(correction="")),
                name="ledger_negative_only_corrects",
            ),
        ),
        migrations.AlterField(
            model_name="ledgerentry",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=10, verbose_name="種類"),
        ),
        migrations.RunSQL(CREATE, REMOVE),
    ]
