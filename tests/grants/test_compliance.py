"""The bridge: facts from rows, what other cases hold, rulings, waivers, stored evaluations that replay byte for byte."""

import datetime as dt
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from grants.compliance import judging
from grants.compliance.facts import facts_for
from grants.compliance.rulesets import ruleset_for
from grants.compliance.stored import replay
from grants.enums import ApplicationStatus as S
from grants.enums import RulingStatus
from grants.management.commands.replay import share
from grants.models import Application, Ruling, StoredEvaluation, Waiver
from grants.queries.law import margins
from grants.services.applications import filing
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import clock
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, chair_of
from tests.factories.grants import ApplicationFactory, BudgetLineFactory

from .filing import add_line

pytestmark = pytest.mark.django_db
TODAY = dt.date(2010, 6, 1)


@pytest.fixture
def organisation():
    return OrganisationFactory(village="溪洲里")


def facts(case, **more):
    return facts_for(case, stage="submission", on=TODAY, **more)


def findings(case, clause, **more):
    found = judging.evaluate(case, stage="submission", on=TODAY, **more).findings
    return [(f.severity, f.line) for f in found if f.clause == clause]


def ruling(scheme, status=RulingStatus.CONFIRMED, effective_from=TODAY, **more):
    one, two = person(Role.CASE_OFFICER), person(Role.APPROVER)
    values = {"parameter": "lecturer_fee.hourly", "value": {"value": 1_700}, "memo_number": "府社字第0990000001號"}
    return Ruling.objects.create(
        scheme=scheme,
        status=status,
        effective_from=effective_from,
        author=one,
        recorded_on=TODAY,
        decided_by=two if status == RulingStatus.CONFIRMED else None,
        **values | more,
    )


class TestFacts:
    def test_names_of_2010_stand_for_codes(self, case):
        seen = facts(case)
        assert (seen.organisation.county, seen.organisation.township) == ("高雄縣", "旗山鎮")
        assert seen.project.service_area == ("旗山鎮",)

    def test_also_after_the_townships_became_districts(self, case):
        seen = facts_for(case, stage="submission", on=dt.date(2011, 3, 1))
        assert seen.project.service_area == ("旗山鎮",)

    def test_blank_is_not_zero(self, member, case):
        line = add_line(member, case, "lecturer_fee")
        found = {part.id: part for part in facts(case).lines}[str(line.pk)]
        assert (found.requested, found.number("hours"), found.yes("in_house")) == (None, None, None)

    def test_halves_are_exact(self, member, case):
        line = add_line(member, case, "lecturer_fee", quantities={"hours": "1.5"})
        found = {part.id: part for part in facts(case).lines}[str(line.pk)]
        assert found.number("hours") * 2 == 3

    def test_approved_amounts_stand_in_for_requested_ones(self, case):
        line = case.lines.get()
        assert facts(case, amounts={line.pk: 4_000}).lines[0].requested == 4_000
        assert facts(case, amounts={}).lines[0].requested == 10_000

    def test_documents_are_their_codes(self, case):
        assert sorted(facts(case).project.documents) == ["application_form", "registration_certificate"]


class TestElsewhere:
    def other(self, organisation, status=S.SUBMITTED, **more):
        number = f"88-098-{Application.objects.count():04}"
        fields = {"number": number, "status": status, "first_filed_on": TODAY, "filed_on": TODAY}
        return ApplicationFactory(organisation=organisation, **fields | more)

    @pytest.mark.parametrize(
        ("status", "counted"),
        [(S.SUBMITTED, 1), (S.APPROVED, 1), (S.WITHDRAWN, 0), (S.REJECTED, 0), (S.NOT_ACCEPTED, 0)],
    )
    def test_live_applications_of_the_year_count(self, organisation, case, status, counted):
        self.other(organisation, status)
        seen = facts(case)
        assert (seen.organisation.applications_this_year, seen.elsewhere.same_programme) == (counted, counted)

    def test_last_years_do_not(self, organisation, case):
        self.other(organisation, first_filed_on=dt.date(2009, 12, 31))
        assert facts(case).organisation.applications_this_year == 0

    def test_the_same_person_in_the_same_month(self, organisation, member, case):
        add_line(member, case, "casual_pay", person="李示範", month="2010-07", quantities={"hours": 10}, requested=950)
        other = self.other(organisation)
        BudgetLineFactory(application=other, item="casual_pay", person="李示範", month="2010-07", requested=17_000)
        BudgetLineFactory(application=other, item="casual_pay", person="李示範", month="2010-08", requested=5_000)
        BudgetLineFactory(application=other, item="casual_pay", person="陳示範", month="2010-07", requested=5_000)
        held = facts(case).elsewhere.person_months
        assert [(part.person, part.month, part.amount) for part in held] == [("李示範", "2010-07", 17_000)]

    def test_several_people_and_months_of_one_line_are_divided(self, organisation, member, case):
        add_line(member, case, "casual_pay", person="李 示範", month="2010-07", quantities={"hours": 10}, requested=950)
        other = self.other(organisation)
        BudgetLineFactory(
            application=other,
            item="casual_pay",
            person="陳示範、李示範",
            month="2010-07,2010-08,2010-09",
            requested=60_000,
        )
        held = facts(case).elsewhere.person_months
        assert [(part.person, part.month, part.share, part.case) for part in held] == [
            ("李示範", "2010-07", 10_000, "")
        ]

    def test_another_bodys_case_is_looked_at_by_the_office_alone(self, organisation, member, case):
        """Wages are counted over all bodies of the county; the applicant never reads of another's case."""
        add_line(
            member, case, "casual_pay", person="臺示範", month="2010-07", quantities={"hours": 100}, requested=9_500
        )
        other = self.other(OrganisationFactory(village="大德里"))
        BudgetLineFactory(application=other, item="casual_pay", person="台示範", month="2010-07", requested=9_500)
        abroad = self.other(OrganisationFactory(county="miaoli"), county="miaoli")
        BudgetLineFactory(application=abroad, item="casual_pay", person="台示範", month="2010-07", requested=17_000)
        for stage in ("draft", "submission", "settlement"):
            judgement = judging.judge(case, stage=stage)
            assert judgement.case.elsewhere.person_months == ()
            assert [f for f in judgement.evaluation.findings if f.kind == "namesake"] == []
        judged = judging.judge(case, stage="approval")
        (found,) = [f for f in judged.evaluation.findings if f.kind == "namesake"]
        assert (found.severity, found.requested, found.over, found.suggested) == ("warning", 19_000, 1_720, None)
        assert other.number in found.message
        notes = margins.line_notes(
            judged.evaluation, case.lines.all(), {}, margins.Lawbook(judged.ruleset, "kaohsiung-88")
        )
        (note,) = [note for row in notes.values() for note in row if note.kind == "ask"]
        assert (note.asks, note.suggested, note.explained_above) == (False, None, False)

    def test_aides_of_the_same_village(self, organisation, member, case):
        add_line(member, case, "elder_aide", requested=100)
        neighbour = self.other(OrganisationFactory(village="溪洲里"))
        elsewhere = self.other(OrganisationFactory(village="大德里"))
        for other, heads in ((neighbour, 2), (elsewhere, 9)):
            BudgetLineFactory(application=other, item="elder_aide", quantities={"persons": heads})
        assert facts(case).elsewhere.community_aides == 2

    def test_other_cases_cost_at_most_four_queries(self, organisation, member, case, django_assert_max_num_queries):
        add_line(member, case, "elder_aide", person="李示範", month="2010-07", requested=100)
        whole = Application.objects.select_related("scheme", "programme", "organisation").get(pk=case.pk)
        for _n in range(3):
            BudgetLineFactory(application=self.other(organisation), item="elder_aide", person="李示範", month="2010-07")
        # The case's own lines and documents are two more.
        with django_assert_max_num_queries(6):
            facts(whole)


class TestRulings:
    def lecture(self, member, case):
        quantities = {"hours": 6, "in_house": False}
        return add_line(member, case, "lecturer_fee", requested=10_200, quantities=quantities)

    def test_a_confirmed_ruling_counts_from_its_day(self, member, case):
        line = self.lecture(member, case)
        assert findings(case, "K4.1.2") == [("error", str(line.pk))]
        ruling(case.scheme)
        assert findings(case, "K4.1.2") == []

    @pytest.mark.parametrize("status", [RulingStatus.DRAFT, RulingStatus.REFUSED])
    def test_an_unconfirmed_one_does_not(self, member, case, status):
        line = self.lecture(member, case)
        ruling(case.scheme, status)
        assert findings(case, "K4.1.2") == [("error", str(line.pk))]

    def test_nor_one_of_tomorrow(self, member, case):
        line = self.lecture(member, case)
        ruling(case.scheme, effective_from=TODAY + dt.timedelta(days=1))
        assert findings(case, "K4.1.2") == [("error", str(line.pk))]

    def test_the_rule_set_of_the_day_has_its_own_hash(self, case):
        before = ruleset_for(case.scheme, TODAY).sha256
        ruling(case.scheme)
        assert ruleset_for(case.scheme, TODAY).sha256 != before
        assert ruleset_for(case.scheme, TODAY - dt.timedelta(days=1)).sha256 == before


class TestWaivers:
    def test_a_confirmed_waiver_lets_the_case_pass(self, member, case):
        quantities = {"hours": 6, "in_house": False}
        line = add_line(member, case, "lecturer_fee", requested=10_200, quantities=quantities)
        one, two = person(Role.CASE_OFFICER), person(Role.APPROVER)
        waiver = Waiver.objects.create(
            application=case, clause="K4.1.2", memo_number="簽1", reason="專案", author=one, recorded_on=TODAY
        )
        assert findings(case, "K4.1.2") == [("error", str(line.pk))]
        waiver.status, waiver.decided_by = RulingStatus.CONFIRMED, two
        waiver.save()
        assert findings(case, "K4.1.2") == [("info", str(line.pk))]


class TestReplay:
    @pytest.fixture
    def stored(self, organisation, member, case):
        ruling(case.scheme)
        quantities = {"hours": "1.5", "in_house": False}
        add_line(member, case, "expert_fee", requested=2_000, quantities={"sessions": 1}, person="李示範")
        add_line(member, case, "script_fee", requested=630, quantities={"characters": 1000} | quantities)
        filing.file(chair_of(organisation), case, uuid4(), edition=case.edition)
        return StoredEvaluation.objects.get()

    def replay(self):
        out = StringIO()
        call_command("replay", stdout=out)
        return out.getvalue()

    def test_processes_share_the_evaluations(self, stored):
        shares = [share((), part, 2) for part in (0, 1)]
        assert sorted(shares) == [(0, []), (1, [])]
        assert shares[stored.pk % 2] == (1, [])
        assert share(["88-099-0000"], stored.pk % 2, 2) == (0, [])

    def test_the_same_bytes_come_again(self, stored):
        assert replay(stored) == (True, "")
        assert self.replay() == "1 evaluations reproduced, 0 not.\n"

    def test_whatever_the_rows_say_now(self, stored, case):
        Application.objects.update(title="改名", starts_on=None)
        Ruling.objects.update(value={"value": 1})
        assert replay(stored) == (True, "")

    @pytest.mark.parametrize("part", ["facts", "result", "ruleset_sha256"])
    def test_a_changed_row_is_noticed(self, stored, part):
        if part == "facts":
            stored.facts["case"]["lines"][0]["requested"] = 1
        elif part == "result":
            stored.result["totals"]["requested"] += 1
        else:
            stored.ruleset_sha256 = "0" * 64
        with connection.cursor() as cursor:
            # As somebody with the rights of a database owner would: the trigger refuses everybody else.
            cursor.execute("SET LOCAL session_replication_role = replica")
        stored.save()
        with pytest.raises(CommandError, match="1 stored evaluations"):
            self.replay()


def test_the_portals_day_decides(case):
    assert judging.judge(case, stage="draft").on == clock.today() == TODAY
