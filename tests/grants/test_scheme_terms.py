"""What a county asks beside the law, and when: by the terms of the day, kept by the case that was filed under them."""

import datetime as dt

import pytest
from django.urls import reverse

from grants.compliance import checklist
from grants.compliance.judging import judge
from grants.enums import ApplicationStatus
from grants.models import Document, SchemeRound
from grants.permissions import taken_in
from grants.queries.applications import answers, completeness, pages, versions
from grants.queries.applications.corrections import asked_of
from grants.queries.applications.pages import answer_words
from grants.queries.schemes.public import when_open
from grants.queries.schemes.terms import known_questions, missing_papers, paper_names
from grants.services.applications import drafts, filing
from grants.services.applications.paper import _papers
from miaoli_kaohsiung.lib.access import Refused
from tests.factories.communities import OrganisationFactory, chair_of, member_of
from tests.factories.grants import ApplicationFactory, ProgrammeFactory, SchemeFactory, terms_of

from .filing import file, ready_case, stored_file

pytestmark = pytest.mark.django_db

PLACE = {
    "code": "own_1",
    "label": "場地有多大？",
    "help": "坪數。",
    "type": "number",
    "required": True,
    "programmes": [],
}
BUS = {
    "code": "own_2",
    "label": "怎麼來？",
    "help": "",
    "type": "choice",
    "choices": ["走路", "公車"],
    "required": False,
    "programmes": [],
}
ELSEWHERE = PLACE | {"code": "own_3", "label": "別類的問題", "programmes": ["welfare_survey"]}
INSURANCE = {"code": "own_4", "name": "場地平面圖", "help": "手繪也可以。", "required": True, "programmes": []}
PHOTO = {"code": "own_5", "name": "去年的照片", "help": "", "required": False, "programmes": []}
ASKED = {"questions": [PLACE, BUS, ELSEWHERE], "papers": [INSURANCE, PHOTO]}
NEXT_MONTH = dt.date(2010, 7, 1)


@pytest.fixture
def organisation(db):
    return OrganisationFactory(registration_number="高縣社字第1號")


@pytest.fixture
def chair(organisation):
    return chair_of(organisation)


@pytest.fixture
def case(organisation):
    terms_of(SchemeFactory(), **ASKED)
    return ready_case(organisation)


def answer(user, case, **values):
    drafts.save_step(user, case, {"answers": values}, edition=case.edition)
    case.refresh_from_db()


def attach(user, case, code):
    return Document.objects.create(
        application=case, kind=code, file=stored_file(user, "圖.pdf"), added_by=user, added_on=dt.date(2010, 6, 1)
    )


def complete(user, case):
    answer(user, case, own_1=12)
    attach(user, case, "own_4")


class TestAsking:
    def test_the_form_asks_what_the_programme_is_asked(self, client, organisation, case):
        client.force_login(member_of(organisation))
        page = client.get(reverse("grants:application_project", args=[case.number])).content.decode()
        assert [words in page for words in ("場地有多大？", "怎麼來？", "可以不填。", "別類的問題")] == [
            True,
            True,
            True,
            False,
        ]
        papers = client.get(reverse("grants:application_documents", args=[case.number])).content.decode()
        assert [words in papers for words in ("場地平面圖", "手繪也可以。", "去年的照片", "可以不附")] == [True] * 4

    def test_only_what_is_required_is_missing(self, case):
        assert [(gap.step, gap.field, gap.message) for gap in completeness.gaps(case)] == [
            ("project", "own_1", "請回答「場地有多大？」。"),
            ("documents", "own_4", "請附上「場地平面圖」。"),
        ]
        assert [paper.code for paper in missing_papers(case, judge(case, stage="draft").case)] == ["own_4"]

    def test_the_link_of_what_is_missing_leads_to_it(self, client, organisation, case):
        client.force_login(member_of(organisation))
        review = client.get(reverse("grants:application_review", args=[case.number]))
        links = [url for _gap, _name, url in review.context["gaps"]]
        assert len(links) == 2
        for url in links:
            address, _hash, anchor = url.partition("#")
            assert f'id="{anchor}"' in client.get(address).content.decode(), url

    @pytest.mark.parametrize(("value", "missing"), [(0, False), (12, False), (None, True)])
    def test_zero_is_an_answer(self, organisation, case, value, missing):
        answer(member_of(organisation), case, own_1=value)
        assert ("own_1" in {gap.field for gap in completeness.gaps(case)}) is missing

    def test_it_cannot_be_filed_before_and_can_after(self, chair, case):
        with pytest.raises(filing.NotReadyError) as refused:
            file(chair, case)
        assert [gap.field for gap in refused.value.gaps] == ["own_1", "own_4"]
        complete(chair, case)
        assert file(chair, case).new

    def test_everybody_who_looks_sees_question_and_paper(self, chair, case):
        complete(chair, case)
        answer(chair, case, own_2="公車")
        contents = pages.contents(case)
        assert contents["answers"][-2:] == [("場地有多大？", "12"), ("怎麼來？", "公車")]
        assert "場地平面圖" in [row.name for row in contents["documents"]]
        sections = {
            section.key: section for section in answers.sections_of(case, contents["lines"], contents["documents"])
        }
        assert [row.label for row in sections["questions"].rows][-2:] == ["場地有多大？", "怎麼來？"]
        (row,) = (row for row in sections["documents"].rows if row.label == "場地平面圖")
        assert row.url.endswith("/documents/#div-own_4")
        assert _papers(case, judge(case, stage="draft"))[-1] == "場地平面圖"

    def test_the_checker_ticks_the_paper_and_reads_the_answer(self, client, people, case):
        complete(member_of(case.organisation), case)
        file(chair_of(case.organisation), case)
        case.refresh_from_db()
        items = {item.key: item for item in checklist.items_for(case)}
        assert (items["doc:own_4"].given, items["doc:own_4"].label, "doc:own_5" in items) == (True, "縣府要求", False)
        client.force_login(people.officer)
        page = client.get(reverse("grants:case_check", args=[case.number])).content.decode()
        assert [words in page for words in ("場地有多大？", "場地平面圖", "縣府要問的事")] == [True] * 3


@pytest.mark.parametrize(
    ("programme", "answer", "said"),
    [("family_services", "youth", "青少年"), ("growth_prevention", "history", "婦女歷史紀錄")],
)
def test_an_answer_is_read_with_the_question_of_its_own_programme(programme, answer, said):
    case = ApplicationFactory(programme=ProgrammeFactory(code=programme))
    assert answer_words(known_questions(case)["groups"], [answer]) == said


class TestWhatHolds:
    def test_a_draft_follows_the_day_and_a_filed_case_keeps_its_own(self, organisation, chair, case):
        complete(chair, case)
        file(chair, case)
        case.refresh_from_db()
        terms_of(case.scheme, questions=[], papers=[], township_first=True)
        draft = ready_case(organisation, number="88-099-0777")
        assert (case.terms.papers, case.terms.township_first, draft.terms.papers) == ([INSURANCE, PHOTO], False, [])
        assert (paper_names(case)["own_4"], known_questions(case)["own_1"].label) == ("場地平面圖", "場地有多大？")
        assert "own_4" not in paper_names(draft)

    def test_terms_of_a_later_day_do_not_hold_yet(self, case):
        terms_of(case.scheme, starts_on=NEXT_MONTH, questions=[BUS])
        case.scheme.__dict__.pop("dated_terms", None)
        assert [len(case.scheme.terms_on(NEXT_MONTH - dt.timedelta(days=n)).questions) for n in (1, 0)] == [3, 1]

    def test_of_one_day_the_newest_row_holds(self, case):
        newest = terms_of(case.scheme, questions=[])
        assert case.scheme.terms_on(dt.date(2010, 6, 1)) == newest

    def test_a_programme_that_is_not_offered_is_not_filed(self, chair, case):
        complete(chair, case)
        terms_of(case.scheme, programmes=["welfare_survey"])
        with pytest.raises(Refused, match="「成長性或預防性計畫」這一類現在沒有受理"):
            file(chair, case)

    def test_a_change_of_an_answer_is_told_by_its_question(self, chair, case):
        complete(chair, case)
        file(chair, case)
        old = case.versions.get().snapshot
        kept = [row for row in old["documents"] if row["kind"] != "own_4"]
        changed = old | {"answers": old["answers"] | {"own_1": 20}, "documents": kept}
        assert versions.changes(case, old, changed) == [
            ("場地有多大？", "12", "20"),
            ("場地平面圖", "圖.pdf", "已移除"),
        ]

    def test_a_correction_that_names_the_paper_leads_to_it(self, people, case):
        complete(member_of(case.organisation), case)
        file(chair_of(case.organisation), case)
        case.refresh_from_db()
        request = case.corrections.create(
            version=case.versions.get(),
            items="請重附場地平面圖",
            requested_by=people.officer,
            requested_on=dt.date(2010, 6, 1),
        )
        request.rows.create(place=1, text="請重附場地平面圖")
        (asked,) = asked_of(case, request)
        assert asked.url.endswith("/documents/#div-own_4")


class TestWindow:
    """A scheme that is open from 8 January 2010 to the end of 2012, with years of their own."""

    ROUNDS = ((2010, (2010, 3, 1), (2010, 5, 31)), (2011, (2010, 12, 1), (2011, 1, 31)))

    @pytest.fixture
    def scheme(self, db):
        return SchemeFactory()

    @pytest.fixture
    def rounds(self, scheme):
        for year, opens, closes in self.ROUNDS:
            SchemeRound.objects.create(scheme=scheme, year=year, opens_on=dt.date(*opens), closes_on=dt.date(*closes))

    @pytest.mark.parametrize(
        ("day", "reason"),
        [
            ((2010, 1, 7), "「88災後重建」從99年1月8日起受理，現在還不能送件。"),
            ((2010, 1, 8), ""),
            ((2012, 12, 31), ""),
            ((2013, 1, 1), "「88災後重建」的受理已在101年12月31日截止，下一次受理的日期還沒有公布。"),
        ],
    )
    def test_without_years_the_window_is_the_schemes(self, scheme, day, reason):
        assert taken_in(scheme, dt.date(*day)).reason == reason

    @pytest.mark.parametrize(
        ("day", "reason"),
        [
            ((2010, 2, 28), ""),  # before the first year that was opened on its own
            ((2010, 3, 1), ""),
            ((2010, 5, 31), ""),
            ((2010, 6, 1), "「88災後重建」的受理已在99年5月31日截止，下一次從99年12月1日起受理。"),
            ((2010, 11, 30), "「88災後重建」的受理已在99年5月31日截止，下一次從99年12月1日起受理。"),
            ((2010, 12, 1), ""),
            ((2011, 1, 31), ""),
            ((2011, 2, 1), "「88災後重建」的受理已在100年1月31日截止，下一次受理的日期還沒有公布。"),
        ],
    )
    def test_once_a_year_was_opened_only_its_days_count(self, scheme, rounds, day, reason):
        assert taken_in(scheme, dt.date(*day)).reason == reason

    def test_the_page_says_when(self, scheme, rounds):
        assert when_open(scheme, dt.date(2010, 5, 1)) == [
            "99年度：99年3月1日至99年5月31日，隨到隨審。",
            "下一次：100年度：99年12月1日至100年1月31日，隨到隨審。",
        ]
        assert when_open(scheme, dt.date(2010, 6, 1)) == [taken_in(scheme, dt.date(2010, 6, 1)).reason]

    def test_filing_outside_is_refused_in_words_and_the_draft_stays(self, client, chair, organisation, rounds):
        case = ready_case(organisation)
        with pytest.raises(Refused, match="下一次從99年12月1日起受理。"):
            file(chair, case)
        case.refresh_from_db()
        client.force_login(chair)
        page = client.get(reverse("grants:application_detail", args=[case.number])).content.decode()
        assert (case.status, "下一次從99年12月1日起受理。" in page) == (ApplicationStatus.DRAFT, True)

    def test_a_correction_after_the_window_is_no_new_filing(self, scheme, organisation, chair, people):
        case = ready_case(organisation)
        file(chair, case)
        SchemeRound.objects.create(
            scheme=scheme, year=2010, opens_on=dt.date(2010, 3, 1), closes_on=dt.date(2010, 5, 31)
        )
        case.refresh_from_db()
        case.corrections.create(
            version=case.versions.get(), items="補章", requested_by=people.officer, requested_on=dt.date(2010, 6, 1)
        )
        type(case).objects.filter(pk=case.pk).update(status=ApplicationStatus.CORRECTION_REQUESTED)
        case.refresh_from_db()
        assert filing.may_file(chair, case)
