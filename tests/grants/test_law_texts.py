"""The archive of the law's text: what was judged by an older law file is made again by it, byte for byte."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from grants.compliance import judging, rulesets
from grants.compliance.impact import impact_of
from grants.compliance.stored import keep_text, replay, store_evaluation
from grants.enums import RulingStatus
from grants.models import LawText, Ruling, Scheme, StoredEvaluation
from grants.rules import laws, ruleset
from grants.services.applications import filing
from grants.services.rulings import RulingDraft, record_ruling
from grants.services.schemes.sync import sync
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import clock
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, chair_of, member_of

from .filing import add_line, ready_case

LAW = ruleset.load("kaohsiung_88")
LAW_FOLDER = laws.FOLDER


@pytest.fixture
def amend(tmp_path, monkeypatch):
    """Edit a copy of the law folder, as a release does: from then on a lecturer's hour is worth so much."""

    def edit(amount: int) -> ruleset.RuleSet:
        folder = tmp_path / f"law-{amount}"
        shutil.copytree(LAW_FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
        path = folder / "kaohsiung_88" / "law.toml"
        text = path.read_text("utf-8")
        start = text.index('[parameter."lecturer_fee.hourly"]')
        end = text.index("[parameter", start + 1)
        path.write_text(text[:start] + text[start:end].replace("1600", str(amount)) + text[end:], "utf-8")
        monkeypatch.setattr(laws, "FOLDER", folder)
        law = ruleset._of_folder.__wrapped__("kaohsiung_88")
        assert law.value("lecturer_fee.hourly", law.effective_from) == amount
        monkeypatch.setattr(rulesets, "load", lambda slug, on: {"kaohsiung_88": law}[slug])
        return law

    return edit


def filed(asked: int) -> StoredEvaluation:
    """The evaluation that is kept of a case with a lecture of one hour for so much."""
    organisation = OrganisationFactory()
    staff = member_of(organisation)
    case = ready_case(organisation, staff)
    add_line(staff, case, "lecturer_fee", requested=asked, quantities={"hours": 1, "in_house": False})
    return store_evaluation(case, "submission", judging.judge(case, stage="submission"))


def limits(stored: StoredEvaluation) -> list[tuple[int, int]]:
    return [(f["allowed"], f["over"]) for f in stored.result["findings"] if f["clause"] == "K4.1.2" and f["over"]]


def replayed() -> str:
    out = StringIO()
    call_command("replay", stdout=out)
    return out.getvalue()


def recorded(scheme: Scheme, amount: int) -> Ruling:
    draft = RulingDraft("lecturer_fee.hourly", {"value": amount}, clock.today(), "簽099第1號")
    return record_ruling(person(Role.CASE_OFFICER), scheme, draft)


def in_force(scheme: Scheme, amount: int) -> None:
    ruling = recorded(scheme, amount)
    Ruling.objects.filter(pk=ruling.pk).update(status=RulingStatus.CONFIRMED)


def tamper(statement: str, *values: str) -> None:
    """As the owner of the database could: the trigger refuses everybody else."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


@pytest.mark.django_db
class TestAmended:
    def test_new_evaluations_use_the_new_number_and_old_ones_come_again(self, amend):
        old = filed(1_650)
        amend(1_640)
        new = filed(1_650)
        assert (limits(old), limits(new)) == ([(1_600, 50)], [(1_640, 10)])
        assert [replay(row) for row in (old, new)] == [(True, ""), (True, "")]
        assert replayed() == "2 evaluations reproduced, 0 not.\n"

    def test_several_times_over_with_a_ruling_laid_over_the_last(self, amend):
        rows = [filed(1_650)]
        for amount in (1_640, 1_630):
            amend(amount)
            rows.append(filed(1_650))
        in_force(rows[0].application.scheme, 1_620)
        rows.append(filed(1_650))
        amend(1_600)
        assert [limits(row)[0][0] for row in rows] == [1_600, 1_640, 1_630, 1_620]
        assert LawText.objects.count() == 3
        assert replayed() == "4 evaluations reproduced, 0 not.\n"

    def test_the_kept_text_is_that_of_the_files(self):
        filed(100)
        (kept,) = LawText.objects.all()
        assert (kept.sha256, kept.slug, kept.files) == (LAW.text_sha256, "kaohsiung_88", LAW.files)

    def test_a_second_evaluation_by_the_same_text_keeps_nothing_new(self):
        filed(100)
        filed(200)
        assert LawText.objects.count() == 1

    def test_filing_keeps_it(self):
        organisation = OrganisationFactory()
        case = ready_case(organisation, member_of(organisation))
        filing.file(chair_of(organisation), case, uuid4(), edition=case.edition)
        assert LawText.objects.get().sha256 == LAW.text_sha256

    def test_bringing_the_schemes_in_keeps_both_texts(self):
        sync()
        sync()
        assert sorted(LawText.objects.values_list("slug", flat=True)) == ["kaohsiung_88", "miaoli"]

    def test_a_ruling_is_weighed_by_the_law_of_the_case(self, amend):
        """Over by 50 then and now: by today's text the case would have been over by 10 only."""
        stored = filed(1_650)
        case = stored.application
        case.status, case.first_filed_on = "submitted", stored.on
        case.save()
        amend(1_640)
        (change,) = impact_of(recorded(case.scheme, 1_645)).changed
        assert (change.over_before, change.over_after) == (50, 5)


@pytest.mark.django_db
class TestNoticed:
    def test_a_text_that_is_nowhere_is_told_plainly(self, amend):
        stored = filed(1_650)
        tamper("DELETE FROM grants_lawtext")
        assert replay(stored) == (True, "")
        amend(1_640)
        reason = f"the law text of rule set {stored.ruleset_sha256[:12]} is not kept"
        assert replay(stored) == (False, reason)
        with pytest.raises(CommandError, match="1 stored evaluations could not be reproduced"):
            replayed()

    @pytest.mark.parametrize(
        "change",
        [
            lambda files: files | {"kaohsiung_88.toml": files["kaohsiung_88.toml"].replace("1600", "1650")},
            lambda files: files | {"kaohsiung_88_clauses_9.toml": files["kaohsiung_88_clauses_9.toml"] + "\n"},
            lambda files: files | {"kaohsiung_88.toml": "not TOML"},
            lambda files: {name: text for name, text in files.items() if name != "kaohsiung_88_clauses_9.toml"},
            lambda files: files | {"kaohsiung_88.toml": 7},
            lambda files: {},
            lambda files: [],
        ],
    )
    def test_a_changed_text_is_noticed(self, amend, change):
        stored = filed(1_650)
        amend(1_640)
        assert replay(stored) == (True, "")
        tamper("UPDATE grants_lawtext SET files = %s", json.dumps(change(LAW.files)))
        reason = f"the kept law text {LAW.text_sha256[:12]} was changed or cannot be read"
        assert replay(stored) == (False, reason)

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE grants_lawtext SET files = '{}'",
            "DELETE FROM grants_lawtext",
            "TRUNCATE grants_lawtext",
        ],
    )
    def test_the_database_refuses_to_change_it(self, statement):
        filed(100)
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
        assert LawText.objects.get().files == LAW.files


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_many_who_keep_the_same_text_at_once_keep_it_once():
    def keep(_number: int) -> int:
        try:
            with transaction.atomic():
                keep_text(LAW)
            return LawText.objects.filter(pk=LAW.text_sha256).count()
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(keep, range(16))) == [1] * 16
