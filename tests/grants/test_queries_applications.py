"""What a list, a first panel and a law margin say."""

import datetime as dt

import pytest

from grants.enums import ApplicationStatus as S
from grants.queries import scope
from grants.queries.applications import next_steps
from grants.queries.law import margins
from grants.rules.findings import ERROR, TWD, WARNING, Finding
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.queries import posts_of
from tests.factories.accounts import person
from tests.factories.communities import QISHAN, OrganisationFactory, chair_of, member_of
from tests.factories.grants import ApplicationFactory, terms_of

TODAY = dt.date(2010, 6, 1)


class Book:
    """A law book of which every clause is known by its own id."""

    label = staticmethod(str)
    url = staticmethod("/law/#{}".format)


@pytest.mark.django_db
class TestNext:
    @pytest.fixture
    def organisation(self):
        return OrganisationFactory()

    def case(self, organisation, status, **more):
        return ApplicationFactory(organisation=organisation, status=status, first_filed_on=TODAY, **more)

    def test_a_draft_goes_on(self, organisation):
        case = ApplicationFactory(organisation=organisation)
        panel = next_steps.next_of(case, member_of(organisation))
        assert (panel.state, panel.url) == ("", f"/applications/{case.number}/edit/")
        assert panel.sub == "受理到101年12月31日（還有 944 天）"

    def test_the_chair_is_asked_and_staff_wait(self, organisation):
        case = self.case(organisation, S.AWAITING_CHAIR)
        chair, staff = chair_of(organisation), member_of(organisation)
        assert next_steps.next_of(case, chair).url.endswith("/edit/review/")
        assert (next_steps.next_of(case, staff).state, next_steps.next_of(case, staff).url) == ("waits", "")

    @pytest.mark.parametrize(
        ("status", "role", "scoped", "page"),
        [
            (S.TOWNSHIP_REVIEW, Role.TOWNSHIP_OFFICER, {"township_code": QISHAN}, "forward"),
            (S.SUBMITTED, Role.CASE_OFFICER, {}, "receive"),
            (S.COMPLETENESS_CHECK, Role.CASE_OFFICER, {}, "check"),
            (S.UNDER_REVIEW, Role.CASE_OFFICER, {}, "proposal"),
            (S.PROPOSED, Role.APPROVER, {}, "decision"),
        ],
    )
    def test_the_office_that_holds_it_acts_and_the_association_waits(self, organisation, status, role, scoped, page):
        case = self.case(organisation, status)
        turn = next_steps.next_of(case, person(role, **scoped))
        assert (turn.url or turn.action) == f"/applications/{case.number}/{page}/"
        assert bool(turn.action) == (page == "receive")
        waits = next_steps.next_of(case, member_of(organisation))
        assert (waits.state, waits.url) == ("waits", "")

    @pytest.mark.parametrize(
        ("due", "state", "words"),
        [
            (dt.date(2010, 6, 4), "", "期限：99年6月4日（還有 3 天）"),
            (TODAY, "", "期限：99年6月1日（今天到期）"),
            (dt.date(2010, 5, 30), "late", "期限：99年5月30日（已逾 2 天）"),
        ],
    )
    def test_a_correction_has_its_day(self, organisation, due, state, words):
        case = self.case(organisation, S.CORRECTION_REQUESTED, correction_due_on=due)
        panel = next_steps.next_of(case, member_of(organisation))
        assert (panel.state, panel.sub) == (state, words)

    @pytest.mark.parametrize(
        ("due", "state", "page"), [(TODAY, "waits", ""), (dt.date(2010, 5, 31), "late", "/correction/")]
    )
    def test_a_correction_that_never_came_is_the_officers_to_decide(self, organisation, due, state, page):
        case = self.case(organisation, S.CORRECTION_REQUESTED, correction_due_on=due)
        panel = next_steps.next_of(case, person(Role.CASE_OFFICER))
        assert (panel.state, panel.url) == (state, f"/applications/{case.number}{page}" if page else "")

    def test_the_track_and_the_panel_ask_once_who_wants_the_correction(self, organisation, django_assert_num_queries):
        case = self.case(organisation, S.CORRECTION_REQUESTED, correction_due_on=dt.date(2010, 5, 31))
        terms_of(case.scheme, township_first=True)
        officer = person(Role.CASE_OFFICER)
        posts_of(officer)
        assert case.terms.township_first
        with django_assert_num_queries(1):
            next_steps.stages(case)
            assert next_steps.next_of(case, officer).state == "late"

    @pytest.mark.parametrize(("submitted", "state"), [(None, ""), (TODAY, "waits")])
    def test_a_reviewer_is_led_to_the_review_until_it_is_submitted(self, organisation, submitted, state):
        case = self.case(organisation, S.UNDER_REVIEW)
        reviewer = person(Role.REVIEWER)
        case.assignments.create(
            reviewer=reviewer, assigned_by=reviewer, assigned_on=TODAY, due_on=TODAY, submitted_on=submitted
        )
        assert next_steps.next_of(case, reviewer).state == state

    def test_a_reviewer_is_not_led_to_the_money(self, organisation):
        """The page of an award is not theirs: a link would end at a refusal."""
        case = self.case(organisation, S.APPROVED)
        panel = next_steps.next_of(case, person(Role.REVIEWER))
        assert (panel.state, panel.url, panel.label) == ("waits", "", "")
        assert next_steps.next_of(case, person(Role.CASE_OFFICER)).url == f"/awards/{case.number}/"

    @pytest.mark.parametrize("status", list(S))
    def test_every_status_has_words_and_a_place_on_the_track(self, organisation, status):
        case = self.case(organisation, status)
        terms_of(case.scheme, township_first=True)
        assert next_steps.next_of(case, person(Role.AUDITOR)).text
        assert [stage["state"] for stage in next_steps.stages(case)].count("now") == 1


@pytest.mark.django_db
def test_a_draft_is_its_associations_alone():
    draft = ApplicationFactory()
    staff, office = member_of(draft.organisation), person(Role.CASE_OFFICER)
    assert [list(scope.cases(user)) for user in (staff, office)] == [[draft], []]


class TestMargins:
    def finding(self, clause, severity, message="超出", **more):
        return Finding(clause, severity, message, **more)

    def test_clauses_of_the_same_words_share_a_note_and_a_reason(self):
        twins = [self.finding(clause, WARNING, line="7") for clause in ("K1", "K2")]
        (note,) = margins.notes_of(twins, {}, Book)
        assert note.laws == (("K1", "/law/#K1"), ("K2", "/law/#K2"))
        assert (note.kind, note.asks, note.reason_name) == ("ask", True, "reason:K1+K2:7")
        assert margins.reason_keys(note.reason_name) == [("K1", 7), ("K2", 7)]

    def test_other_words_are_another_note(self):
        notes = margins.notes_of([self.finding("K1", ERROR), self.finding("K1", ERROR, "不足")], {}, Book)
        assert [note.message for note in notes] == ["超出", "不足"]

    def test_the_cap_is_offered_for_money_of_a_line_only(self):
        findings = [
            self.finding("K1", ERROR, line="7", unit=TWD, suggested=9_600),
            self.finding("K2", ERROR, "人數", line="7", unit="persons", suggested=3),
            self.finding("K3", ERROR, "整件", unit=TWD, suggested=1),
        ]
        assert [note.suggested for note in margins.notes_of(findings, {}, Book)] == [9_600, None, None]

    @pytest.mark.parametrize(
        "name",
        [
            "title",
            "reason:",
            "reason::",
            "reason::7",
            "reason:K1:x",
            "reason:K1:１",
            f"reason:{'K' * 21}:",
            "reason:K1",
        ],
    )
    def test_other_names_are_no_reasons(self, name):
        assert margins.reason_keys(name) == []

    @pytest.mark.parametrize(
        ("finding", "step"),
        [
            (Finding("K4.1.2", ERROR, "", line="7"), "budget"),
            (Finding("K6.2.1", ERROR, "", fact="application_form"), "documents"),
            (Finding("K2.3", ERROR, "", fact="last_service_on"), "organisation"),
            (Finding("K6.1a", ERROR, "", fact="ends_on"), "project"),
            (Finding("K3.I.2.1.4a", ERROR, "", fact="elders"), "project"),
            (Finding("K3.I.2.1.4b", WARNING, "", unit="persons"), "budget"),
            (Finding("K2.1a", ERROR, ""), "organisation"),
            (Finding("K6.1b", ERROR, ""), "project"),
        ],
    )
    def test_each_finding_is_mended_in_its_step(self, finding, step):
        assert margins.step_of(finding) == step
