"""Filing: what blocks, what is kept, who is notified; the same page posted twice; correction, withdrawal."""

import threading
from uuid import uuid4

import pytest
from django.db import connection

from grants.enums import ApplicationStatus as S
from grants.models import Application, ApplicationVersion, CorrectionRequest, Proposal, Sanction, StoredEvaluation
from grants.queries.desk.tasks import desk_of
from grants.services import sanctions
from grants.services.applications import drafts, filing
from grants.services.awards import decisions
from grants.services.sanctions import SanctionDraft
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.chain import digest_of
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories import money, reviews
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, chair_of, member_of
from tests.factories.grants import ProgrammeFactory, SchemeFactory

from .filing import add_line, file, ready_case


@pytest.fixture
def organisation(db):
    return OrganisationFactory()


class TestFile:
    def test_keeps_version_evaluation_and_dates(self, chair, case):
        done = file(chair, case)
        case.refresh_from_db()
        kept = StoredEvaluation.objects.get()
        assert (case.status, case.filed_on, case.first_filed_on) == (S.SUBMITTED, clock.today(), clock.today())
        assert (done.new, done.version.number, done.version.filed_by) == (True, 1, chair)
        assert done.version.snapshot["fields"]["title"] == case.title
        assert done.version.snapshot["lines"][0]["requested"] == 10_000
        assert (kept.ruleset_sha256, kept.stage) == (done.version.ruleset_sha256, "submission")

    def test_tells_the_case_officers_of_the_county_and_nobody_else(self, chair, case):
        officer, _other_county = person(Role.CASE_OFFICER), person(Role.CASE_OFFICER, "miaoli")
        person(Role.APPROVER)
        file(chair, case)
        notices = Notice.objects.filter(kind__startswith="application.filed")
        assert [notice.recipient for notice in notices] == [officer]
        assert notices[0].url == f"/applications/{case.number}/"

    def test_leaves_the_trail(self, chair, case):
        file(chair, case)
        kept, last = AuditEntry.objects.filter(case=case.number).order_by("-seq")[:2]
        assert (last.action, last.after["status"], last.actor) == ("application.file", S.SUBMITTED, chair)
        snapshot = case.versions.get().snapshot
        assert (kept.action, kept.after) == ("application.keep", {"sha256": digest_of(snapshot)})

    def test_refused_to_staff(self, member, case):
        with pytest.raises(Refused, match="理事長"):
            file(member, case)
        assert not ApplicationVersion.objects.exists()

    def test_refused_to_the_chair_of_another_organisation(self, case):
        with pytest.raises(Refused):
            file(chair_of(OrganisationFactory()), case)

    @pytest.mark.parametrize("name", ["title", "goal", "content", "beneficiaries", "contact_name", "starts_on"])
    def test_a_gap_blocks_and_says_where(self, chair, case, name):
        Application.objects.update(**{name: None if name == "starts_on" else ""})
        with pytest.raises(filing.NotReadyError) as refused:
            file(chair, case)
        assert name in [gap.field for gap in refused.value.gaps]
        case.refresh_from_db()
        assert case.status == S.DRAFT

    def test_a_line_over_its_cap_blocks(self, chair, member, case):
        quantities = {"hours": 6, "in_house": False}
        line = add_line(member, case, "lecturer_fee", requested=10_200, quantities=quantities, person="李示範")
        with pytest.raises(filing.NotReadyError) as refused:
            file(chair, case)
        assert ("K4.1.2", str(line.pk)) in [(f.clause, f.line) for f in refused.value.findings]

    def test_a_missing_paper_blocks(self, chair, case):
        case.documents.filter(kind="application_form").delete()
        with pytest.raises(filing.NotReadyError) as refused:
            file(chair, case)
        assert [f.fact for f in refused.value.findings] == ["application_form"]

    def test_a_warning_blocks_until_a_reason_is_written(self, chair, member, case):
        line = add_line(member, case, "insurance", requested=500, quantities={"insurance_kind": "other"})
        with pytest.raises(filing.NotReadyError) as refused:
            file(chair, case)
        assert [(f.clause, f.line) for f in refused.value.findings] == [("K4.2.1", str(line.pk))]
        case.refresh_from_db()
        drafts.save_reasons(member, case, {("K4.2.1", line.pk): "場地要求另保火險"}, edition=case.edition)
        assert file(chair, case).new

    def test_a_stale_page_is_refused(self, chair, member, case):
        with pytest.raises(drafts.StaleError):
            filing.file(chair, case, uuid4(), edition=case.edition - 1)

    @pytest.mark.portal_date(2010, 1, 7)
    def test_the_day_before_the_window_is_refused(self, chair, case):
        with pytest.raises(Refused, match="從99年1月8日起受理，現在還不能送件。"):
            file(chair, case)

    @pytest.mark.portal_date(2013, 1, 1)
    def test_the_day_after_the_window_is_refused(self, chair, case):
        with pytest.raises(Refused, match="的受理已在101年12月31日截止"):
            file(chair, case)


class TestTwice:
    def test_the_same_token_finds_the_first_version(self, chair, case):
        token = uuid4()
        first, again = file(chair, case, token), file(chair, case, token)
        assert (first.new, again.new, again.version) == (True, False, first.version)
        assert ApplicationVersion.objects.count() == StoredEvaluation.objects.count() == 1

    def test_the_same_token_with_another_edition_is_refused(self, chair, case):
        token = uuid4()
        file(chair, case, token)
        with pytest.raises(drafts.StaleError):
            filing.file(chair, case, token, edition=case.edition + 1)

    def test_two_tokens_of_one_page_make_one_version(self, chair, case):
        first, again = file(chair, case), file(chair, case)
        assert (again.new, again.version) == (False, first.version)


class TestChair:
    def test_staff_hand_over_and_the_chair_is_told(self, member, chair, case):
        filing.hand_to_chair(member, case)
        case.refresh_from_db()
        assert case.status == S.AWAITING_CHAIR
        assert [notice.recipient for notice in Notice.objects.filter(kind="application.chair")] == [chair]
        assert file(chair, case).new

    def test_what_is_not_ready_is_not_handed_over(self, member, case):
        Application.objects.update(goal="")
        with pytest.raises(filing.NotReadyError):
            filing.hand_to_chair(member, case)
        case.refresh_from_db()
        assert (case.status, Notice.objects.count()) == (S.DRAFT, 0)

    def test_taken_back_it_can_be_changed_again(self, member, case):
        filing.hand_to_chair(member, case)
        with pytest.raises(Refused, match="收回修改"):
            drafts.save_step(member, case, {"title": "改"}, edition=case.edition)
        filing.take_back(member, case)
        assert drafts.save_step(member, case, {"title": "改"}, edition=case.edition).title == "改"


class TestCorrection:
    @pytest.fixture
    def asked(self, chair, case):
        version = file(chair, case).version
        officer = person(Role.CASE_OFFICER)
        CorrectionRequest.objects.create(
            application=case,
            version=version,
            items="請補講義內容",
            due_on=clock.today(),
            requested_by=officer,
            requested_on=clock.today(),
        )
        Application.objects.update(status=S.CORRECTION_REQUESTED, correction_due_on=clock.today(), officer=officer)
        return officer

    def test_refiled_to_the_county_with_what_changed(self, member, chair, case, asked):
        from grants.queries.applications.versions import changes

        case.refresh_from_db()
        line = case.lines.get()
        drafts.save_budget(member, case, drafts.BudgetChange({line.pk: {"requested": 9_000}}), edition=case.edition)
        version = file(chair, case).version
        case.refresh_from_db()
        old, new = case.versions.all()
        assert (case.status, version.number, case.correction_due_on) == (S.COMPLETENESS_CHECK, 2, None)
        assert not case.corrections.filter(answered_on__isnull=True).exists()
        assert changes(case, old.snapshot, new.snapshot) == [
            ("申請金額", "10,000", "9,000"),
            ("經費：印刷費", "講義印製，申請 10,000 元", "講義印製，申請 9,000 元"),
        ]
        assert Notice.objects.filter(kind="application.filed-2").get().recipient == asked

    def test_withdrawn_with_a_reason(self, chair, member, case, asked):
        with pytest.raises(Refused, match="理事長"):
            filing.withdraw(member, case, "不辦了")
        filing.withdraw(chair, case, "不辦了")
        case.refresh_from_db()
        assert case.status == S.WITHDRAWN
        assert Notice.objects.get(kind="application.withdrawn").body == f"計畫：{case.title}（申請 10,000 元）\n不辦了"

    def test_withdrawn_while_proposed_closes_the_proposal(self, db):
        people = reviews.staff()
        proposal = reviews.proposed(people)
        other = reviews.proposed(people, number="62-099-0099")
        assert [count.number for count in desk_of(people.head).counts] == [2]
        filing.withdraw(chair_of(proposal.application.organisation), proposal.application, "不辦了")
        proposal.refresh_from_db()
        assert (proposal.decision, proposal.decided_on, proposal.decided_by) == ("withdrawn", clock.today(), None)
        assert list(Proposal.objects.filter(decision="open")) == [other]
        assert [count.number for count in desk_of(people.head).counts] == [1]
        with pytest.raises(Refused):
            decisions.approve(people.head, proposal.application)


class TestMiaoli:
    def test_refused_while_the_county_has_filed_no_standards(self, db):
        from tests.factories.communities import yuanli
        from tests.factories.grants import SchemeFactory

        scheme = SchemeFactory(
            slug="miaoli-welfare", county="miaoli", ruleset="miaoli", number_prefix="61", township_first=True
        )
        programme = ProgrammeFactory(scheme=scheme, code="welfare_services", name="福利社區化服務")
        body = OrganisationFactory(
            county="miaoli", name="苗栗縣苑裡鎮示範社區發展協會", township=yuanli(), registration_county="苗栗縣"
        )
        case = ready_case(body, programme=programme, answers={}, number="61-099-0001", service_area=["10005020"])
        with pytest.raises(filing.NotReadyError) as refused:
            file(chair_of(body), case)
        assert "還沒有公告這個方案的補助標準" in refused.value.findings[0].message


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
class TestParallel:
    def together(self, work, times=20):
        results, errors, gate = [], [], threading.Barrier(times)

        def run():
            try:
                gate.wait(120)
                results.append(work())
            except Exception as error:  # noqa: BLE001 - every kind of failure is shown by the assertion
                errors.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=run) for _n in range(times)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
        assert errors == []
        return results

    def test_twenty_posts_of_one_token_make_one_version(self):
        organisation = OrganisationFactory()
        chair, case, token = chair_of(organisation), ready_case(organisation), uuid4()
        done = self.together(lambda: filing.file(chair, case, token, edition=case.edition))
        assert ApplicationVersion.objects.count() == 1
        assert {d.version.pk for d in done} == {ApplicationVersion.objects.get().pk}
        assert sorted(d.new for d in done) == [False] * 19 + [True]
        assert AuditEntry.objects.filter(action="application.file").count() == 1

    def test_two_filed_at_once_use_one_bar_once(self):
        """What is counted across an association's cases is counted one case after the other."""
        organisation, officers = OrganisationFactory(), money.county()
        award = money.approved(staff=officers, organisation=organisation)
        decision = SanctionDraft("misuse", clock.today(), clock.today(), "帳目不實")
        row = sanctions.confirm(officers.head, sanctions.record(officers.officer, award, decision))
        Sanction.objects.filter(pk=row.pk).update(notified_on=clock.today())
        other = ProgrammeFactory(scheme=SchemeFactory(slug="other", number_prefix="89"))
        chair, cases = chair_of(organisation), [ready_case(organisation), ready_case(organisation, programme=other)]
        waiting = [(chair, case, uuid4()) for case in cases]

        def file_one():
            user, case, token = waiting.pop()
            return filing.file(user, case, token, edition=case.edition)

        self.together(file_one, 2)
        statuses = Application.objects.filter(pk__in=[case.pk for case in cases]).values_list("status", flat=True)
        assert sorted(statuses) == ["not_accepted", "submitted"]

    def test_twenty_starts_make_one_draft(self):
        organisation = OrganisationFactory()
        member, programme = member_of(organisation), ProgrammeFactory()
        done = self.together(lambda: drafts.start(member, organisation, programme))
        assert Application.objects.count() == 1
        assert {case.number for case, _new in done} == {"88-099-0001"}

    def test_twenty_organisations_get_twenty_numbers(self):
        programme = ProgrammeFactory()
        bodies = [OrganisationFactory() for _n in range(20)]
        waiting = [(member_of(body), body) for body in bodies]
        done = self.together(lambda: drafts.start(*waiting.pop(), programme))
        assert sorted(case.number for case, _new in done) == [f"88-099-{n:04}" for n in range(1, 21)]
