"""Drafting: start, save, budget lines, reasons, documents; and who may not."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities.models import OfficeTerm, Organisation
from grants.enums import ApplicationStatus as S
from grants.enums import Verdict
from grants.models import Application, BudgetLine
from grants.services.applications import drafts
from grants.services.applications.drafts import BudgetChange
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib.access import Refused
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, chair_of, member_of
from tests.factories.grants import ApplicationFactory, BudgetLineFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(organisation, member):
    return ApplicationFactory(organisation=organisation, created_by=member)


def actions(case):
    return list(AuditEntry.objects.filter(case=case.number).order_by("seq").values_list("action", flat=True))


class TestStart:
    def test_numbers_follow_each_other_within_the_roc_year(self, organisation, member):
        one, _new = drafts.start(member, organisation, ProgrammeFactory(code="growth_prevention"))
        two, _new = drafts.start(member, organisation, ProgrammeFactory(code="local_industry", position=15))
        assert [one.number, two.number] == ["88-099-0001", "88-099-0002"]
        assert actions(one) == ["application.start"]

    @pytest.mark.portal_date(2011, 1, 3)
    def test_a_new_roc_year_begins_again(self, organisation, member):
        case, _new = drafts.start(member, organisation, ProgrammeFactory())
        assert case.number == "88-100-0001"

    def test_starting_twice_leads_back_to_the_draft(self, organisation, member):
        first, new = drafts.start(member, organisation, ProgrammeFactory())
        again, new_again = drafts.start(member, organisation, ProgrammeFactory())
        assert (new, new_again, again.pk) == (True, False, first.pk)
        assert Application.objects.count() == 1

    def test_copies_words_and_lines_but_no_dates(self, organisation, member):
        old = ApplicationFactory(
            organisation=organisation, status=S.APPROVED, goal="陪伴長輩", requested_total=9_600, number="88-098-0007"
        )
        BudgetLineFactory(
            application=old, item="lecturer_fee", requested=9_600, quantities={"hours": 6}, month="2009-07"
        )
        case, _new = drafts.start(member, organisation, old.programme, old)
        line = case.lines.get()
        assert (case.goal, case.starts_on, case.requested_total) == ("陪伴長輩", None, 9_600)
        assert (line.item, line.requested, line.quantities, line.month) == ("lecturer_fee", 9_600, {"hours": 6}, "")

    def test_another_organisations_case_is_not_copied(self, organisation, member):
        strange = ApplicationFactory(goal="別人的", number="88-098-0008")
        case, _new = drafts.start(member, organisation, strange.programme, strange)
        assert case.goal == ""

    def test_refused_for_people_of_another_organisation(self, organisation):
        stranger = member_of(OrganisationFactory())
        with pytest.raises(Refused, match="只有這個單位的人員"):
            drafts.start(stranger, organisation, ProgrammeFactory())

    def test_refused_for_the_county(self, organisation):
        with pytest.raises(Refused):
            drafts.start(person(Role.CASE_OFFICER), organisation, ProgrammeFactory())


class TestSaveStep:
    def test_saves_with_fields_empty_and_counts_the_edition(self, member, draft):
        saved = drafts.save_step(member, draft, {"title": "", "starts_on": None}, edition=1)
        draft.refresh_from_db()
        assert (draft.title, draft.starts_on, draft.edition, saved.edition) == ("", None, 2, 2)
        assert actions(draft) == ["application.save"]

    def test_nothing_changed_is_nothing_written(self, member, draft):
        saved = drafts.save_step(member, draft, {"title": draft.title}, edition=1)
        assert (saved.edition, actions(draft)) == (1, [])

    def test_answers_are_merged(self, member, draft):
        drafts.save_step(member, draft, {"answers": {"course": True}}, edition=1)
        saved = drafts.save_step(member, draft, {"answers": {"land_use": False}}, edition=2)
        assert saved.answers == {"course": True, "land_use": False}

    def test_a_stale_page_is_refused_and_changes_nothing(self, member, draft):
        drafts.save_step(member, draft, {"title": "新的"}, edition=1)
        with pytest.raises(drafts.StaleError, match="別的視窗"):
            drafts.save_step(member, draft, {"title": "舊的"}, edition=1)
        draft.refresh_from_db()
        assert draft.title == "新的"

    @pytest.mark.parametrize("status", [s for s in S if s not in (S.DRAFT, S.CORRECTION_REQUESTED)])
    def test_refused_once_it_is_out_of_hand(self, member, draft, status):
        Application.objects.update(status=status)
        with pytest.raises(Refused):
            drafts.save_step(member, draft, {"title": "改"}, edition=1)

    def test_allowed_while_a_correction_is_asked_for(self, member, draft):
        Application.objects.update(status=S.CORRECTION_REQUESTED)
        assert drafts.save_step(member, draft, {"title": "改"}, edition=1).title == "改"

    @pytest.mark.parametrize("role", [Role.CASE_OFFICER, Role.APPROVER, Role.AUDITOR, Role.ADMINISTRATOR])
    def test_refused_to_the_county(self, draft, role):
        with pytest.raises(Refused):
            drafts.save_step(person(role), draft, {"title": "改"}, edition=1)


class TestBudget:
    def add(self, member, draft, item="lecturer_fee"):
        draft.refresh_from_db()
        drafts.save_budget(member, draft, BudgetChange(command="add", argument=item), edition=draft.edition)
        draft.refresh_from_db()
        return draft.lines.last()

    def save(self, member, draft, rows, command="", argument=""):
        draft.refresh_from_db()
        change = BudgetChange(rows, command=command, argument=str(argument))
        saved = drafts.save_budget(member, draft, change, edition=draft.edition)
        draft.refresh_from_db()
        return saved

    def test_total_is_the_sum_of_the_lines(self, member, draft):
        one, two = self.add(member, draft), self.add(member, draft, "printing")
        self.save(member, draft, {one.pk: {"requested": 9_600}, two.pk: {"requested": 400}})
        assert draft.requested_total == 10_000

    def test_a_blank_amount_stays_blank(self, member, draft):
        line = self.add(member, draft)
        self.save(member, draft, {line.pk: {"requested": None, "own_funds": 0}})
        line.refresh_from_db()
        assert (line.requested, line.own_funds) == (None, 0)

    def test_quantities_are_merged(self, member, draft):
        line = self.add(member, draft)
        self.save(member, draft, {line.pk: {"quantities": {"hours": "1.5"}}})
        self.save(member, draft, {line.pk: {"quantities": {"in_house": False}}})
        line.refresh_from_db()
        assert line.quantities == {"hours": "1.5", "in_house": False}

    def test_cap_is_the_laws_and_not_the_browsers(self, member, draft):
        line = self.add(member, draft)
        rows = {line.pk: {"requested": 10_200, "quantities": {"hours": 6, "in_house": False}}}
        self.save(member, draft, rows, "cap", line.pk)
        line.refresh_from_db()
        assert (line.requested, draft.requested_total) == (9_600, 9_600)
        assert "application.take_cap" in actions(draft)

    def test_copy_and_remove(self, member, draft):
        line = self.add(member, draft)
        self.save(member, draft, {line.pk: {"requested": 100, "description": "瑜珈"}}, "copy", line.pk)
        assert [(x.description, x.requested) for x in draft.lines.all()] == [("瑜珈", 100), ("瑜珈", 100)]
        self.save(member, draft, {}, "remove", line.pk)
        assert (draft.lines.count(), draft.requested_total) == (1, 100)

    def test_an_unknown_item_is_refused(self, member, draft):
        with pytest.raises(Refused, match="先選一個經費項目"):
            self.add(member, draft, "gold_bars")
        assert draft.lines.count() == 0

    def test_at_most_sixty_lines(self, member, draft):
        BudgetLine.objects.bulk_create(BudgetLine(application=draft, position=n, item="printing") for n in range(1, 60))
        self.add(member, draft)
        with pytest.raises(drafts.TooManyLinesError, match="最多 60 項"):
            self.add(member, draft)

    def test_lines_of_another_case_are_not_touched(self, member, draft):
        strange = BudgetLineFactory(requested=5, application__number="88-099-0999")
        self.save(member, draft, {strange.pk: {"requested": 1}}, "remove", strange.pk)
        strange.refresh_from_db()
        assert strange.requested == 5

    def test_a_changed_reason_must_be_read_again(self, member, draft):
        reasons = {("K3.I.2.1.4b", None): "服務 45 位長者"}
        drafts.save_reasons(member, draft, reasons, edition=1)
        draft.justifications.update(verdict=Verdict.ACCEPTED, verdict_note="可")
        drafts.save_reasons(member, draft, {("K3.I.2.1.4b", None): "服務 46 位長者"}, edition=2)
        reason = draft.justifications.get()
        assert (reason.text, reason.verdict, reason.verdict_note) == ("服務 46 位長者", Verdict.PENDING, "")

    def test_stale_budget_is_refused(self, member, draft):
        self.add(member, draft)
        with pytest.raises(drafts.StaleError):
            drafts.save_budget(member, draft, BudgetChange(command="add", argument="printing"), edition=1)
        assert draft.lines.count() == 1


class TestSearch:
    @pytest.mark.parametrize("typed", ["88-099-0001", "共餐", "旗山", "示範"])
    def test_found_by_number_title_and_organisation(self, organisation, member, typed):
        from grants.queries.applications.lists import sought

        case, _new = drafts.start(member, organisation, ProgrammeFactory())
        drafts.save_step(member, case, {"title": "長者共餐"}, edition=1)
        assert [found.pk for found in sought(Application.objects.all(), typed).cases] == [case.pk]

    @pytest.mark.parametrize(
        ("typed", "asked_for"),
        [
            ("04595257", "tax id"),
            ("０４５９５２５７", "tax id"),
            ("王小", "chairperson"),
            ("0459525", None),
            ("88-099-0002", None),
        ],
    )
    def test_tax_id_and_chairperson_are_asked_for_where_they_may_be_meant(self, organisation, member, typed, asked_for):
        from grants.queries.applications.lists import sought

        Organisation.objects.filter(pk=organisation.pk).update(tax_id="04595257")
        OfficeTerm.objects.create(
            organisation=organisation, office="chairperson", person_name="王小明", valid_from="2009-01-01"
        )
        case, _new = drafts.start(member, organisation, ProgrammeFactory())
        with CaptureQueriesContext(connection) as asked:
            found = sought(Application.objects.all(), typed).cases
            assert [row.pk for row in found] == ([case.pk] if asked_for else [])
        arms = next(one["sql"] for one in asked if '"arm"' in one["sql"])
        assert ("tax_id" in arms, "person_name" in arms) == (asked_for == "tax id", asked_for == "chairperson")

    def test_common_words_find_the_same(self, organisation, member, monkeypatch):
        from grants.queries.applications import lists

        case, _new = drafts.start(member, organisation, ProgrammeFactory())
        drafts.save_step(member, case, {"title": "長者共餐"}, edition=1)
        monkeypatch.setattr(lists, "COMMON", 0)
        for often, by_index in ((0, False), (1_000_000, True)):
            monkeypatch.setattr(lists, "OFTEN", often)
            found = lists.sought(Application.objects.all(), "共餐")
            assert found.over == 0
            assert ("ts_match_vq" not in str(found.cases.query)) is by_index
            assert [row.pk for row in found.cases] == [case.pk]
            other = lists.sought(Application.objects.all(), "甲仙")
            assert other.over is None
            assert not other.cases.exists()

    def test_of_many_cases_the_newest_say_first_whether_words_are_common(self, organisation, member, monkeypatch):
        from grants.queries.applications import lists

        case, _new = drafts.start(member, organisation, ProgrammeFactory())
        drafts.save_step(member, case, {"title": "長者共餐"}, edition=1)
        monkeypatch.setattr(lists, "COMMON", 0)
        monkeypatch.setattr(lists, "MANY", 0)
        with CaptureQueriesContext(connection) as asked:
            found = lists.sought(Application.objects.all(), "共餐")
            assert [row.pk for row in found.cases] == [case.pk]
        assert (found.over, [query["sql"] for query in asked if " @@ " in query["sql"]]) == (0, [])
        # What the newest do not have is looked for by the index.
        monkeypatch.setattr(lists, "COMMON", 300)
        found = lists.sought(Application.objects.all(), "共餐")
        assert (found.over, [row.pk for row in found.cases]) == (None, [case.pk])
        assert lists.sought(Application.objects.all(), "甲仙").over is None

    def test_how_many_have_the_words_is_estimated_from_the_first(self):
        from grants.queries.applications.lists import _estimated

        assert _estimated(list(range(1, 302)), 1_000_000) == 1_003_571
        assert _estimated(list(range(10, 3_020, 10)), 1_000_000) == 100_357
        # A row that was written again lies elsewhere and says nothing.
        assert _estimated([*range(10, 3_010, 10), 999_999], 1_000_000) == 100_357
        assert _estimated([5, 9], 1_000_000) == 1_000_000

    def test_not_found_by_other_words(self, organisation, member):
        from grants.queries.applications.lists import sought

        drafts.start(member, organisation, ProgrammeFactory())
        assert not sought(Application.objects.all(), "甲仙").cases.exists()


def test_dates_are_kept(member, draft):
    saved = drafts.save_step(member, draft, {"ends_on": dt.date(2012, 12, 31)}, edition=1)
    assert saved.ends_on == dt.date(2012, 12, 31)


def test_the_chair_may_write_too(organisation, draft):
    assert drafts.save_step(chair_of(organisation), draft, {"title": "我來"}, edition=1).title == "我來"
