"""Every sentence of the law engine, as people read it. The sentences stand in messages.txt: a change there is meant.

`python -m tests.grants.rules.test_messages` writes the file anew, to be read over before it is committed.
"""

import datetime as dt
from pathlib import Path

from grants.rules import payments, settlement
from grants.rules.engine import evaluate
from grants.rules.findings import plain
from tests.grants.rules.broken_cases import cases
from tests.grants.rules.build import LAW, ruled

from . import test_miaoli

FILE = Path(__file__).with_name("messages.txt")
DAY = dt.date(2010, 6, 1)


def sentences():
    """All sentences, a line each: the case, clause, severity, place, figures and words."""
    for what, the_case, rulings in cases():
        yield from (sentence(what, f) for f in evaluate(the_case, LAW.with_rulings(rulings), trace=True).findings)
    for what, the_case, law in cases_of_miaoli():
        yield from (sentence(what, f) for f in evaluate(the_case, law).findings)
    yield from (sentence("money", f) for f in findings_of_money())


def cases_of_miaoli():
    """(what, case, law)"""
    flagship = test_miaoli.case(
        test_miaoli.line(999999, own=0, item="equipment", quantity=1),
        test_miaoli.line(None),
        programme="flagship",
        ends_on="2011-01-01",
        organisation={"county": "高雄縣", "tier": "basic", "profile_updated_on": None},
    )
    centre = test_miaoli.case(programme="activity_centre", starts_on="2010-08-01", ends_on="2010-07-01")
    yield "flagship", flagship, test_miaoli.FILED
    yield (
        "shares",
        test_miaoli.case(test_miaoli.line(1000, own=100), programme="flagship", members_adjacent=True, joint_total=999),
        test_miaoli.FILED,
    )
    yield "centre", centre, test_miaoli.FILED
    yield "no dates", test_miaoli.case(ends_on=None), test_miaoli.FILED
    yield "nothing filed", flagship, test_miaoli.PLAN
    yield "no assembly", test_miaoli.case(test_miaoli.line()), test_miaoli.ASSEMBLY


def findings_of_money():
    yield from payments.envelope(2010, 29_900_000, 100_001, LAW)
    yield from payments.envelope(2013, 0, 1, LAW)
    yield from payments.envelope(2010, 30_000_000, 1, ruled("reading.envelope", "hard"))
    yield from payments.unit_envelope(1000, 900, 200, test_miaoli.PLAN)
    yield from payments.attendance_findings({"2010-05": 14.5}, LAW, DAY)
    yield from settlement.papers("after_school_care", ())
    yield from settlement.receipts("1", "admin_overhead", "other_title", "協會")
    yield from settlement.receipts("2", "travel", "no_ticket", "協會")
    yield from settlement.receipts("3", "participant_transport", "receipt", "協會")
    yield from settlement.receipts("4", "meals", "roster", "協會")


def sentence(what, f):
    figures = "/".join(
        "" if each is None else str(plain(each)) for each in (f.requested, f.allowed, f.over, f.suggested, f.unit)
    )
    place = "/".join(each or "" for each in (f.line, f.person, f.month, f.fact))
    return f"{what} | {f.clause} | {f.severity} {f.kind} | {place} | {figures} | {f.message}"


def test_every_sentence_is_as_it_was_read():
    assert list(sentences()) == FILE.read_text(encoding="utf-8").splitlines()


def test_every_clause_that_a_rule_speaks_of_is_heard():
    """Clauses without a sentence in the file would go unread."""
    from grants.rules import registry

    spoken = {each.split(" | ")[1] for each in sentences()}
    silent = {clause for rule in registry.rules() for clause in rule.clauses} - spoken
    # Items without a cap share the sentence for a blank amount.
    assert silent == {"K4.2.7–9", "K4.3.1–2", "K4.4.2", "K4.5.1"}


def test_sentences_are_short_and_polite():
    for each in sentences():
        message = each.split(" | ")[-1]
        assert message.endswith("。")
        assert len(message) <= 110, message


if __name__ == "__main__":
    FILE.write_text("\n".join(sentences()) + "\n", encoding="utf-8")
