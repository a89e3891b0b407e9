"""A county files a law as data: two people, from a day on, for every process, and judged by again whatever comes after."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from grants.compliance.judging import judge
from grants.compliance.rulesets import ruleset_for
from grants.compliance.stored import replay, store_evaluation
from grants.models import FiledLaw, LawText, Scheme
from grants.models.law import _read
from grants.queries.law import filed
from grants.rules import catalogue, laws
from grants.rules.ruleset import load
from grants.services import law
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.changes import services
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from tests.factories.accounts import KAOHSIUNG, MIAOLI, person
from tests.factories.communities import OrganisationFactory
from tests.factories.grants import ApplicationFactory, BudgetLineFactory, SchemeFactory
from tests.grants.law_filing import SINCE, changed, file_law, never_changed, scheme_of_the_example
from tests.grants.rules.filing_laws import SLUG, example

pytestmark = pytest.mark.django_db
DEARER = ("value = 1_600 }]", "value = 2_000 }]")
AUTUMN = dt.date(2010, 9, 1)


def a_case(requested: int, hours: str = "1"):
    scheme = scheme_of_the_example()
    case = ApplicationFactory(
        number="TT-099-0001",
        programme=scheme.programmes.get(code="tt_course"),
        organisation=OrganisationFactory(),
        answers={"tt_open_to_all": True},
    )
    BudgetLineFactory(
        application=case,
        item="tt_lecturer",
        requested=requested,
        own_funds=500,
        quantities={"hours": hours, "in_house": False},
    )
    return case


def of_money(judged):
    return [(f.clause, f.allowed) for f in judged.evaluation.findings if f.unit == "TWD"]


class TestTwoPeople:
    def test_nothing_holds_before_another_person_confirms(self, client):
        officer, head = person(Role.CASE_OFFICER, MIAOLI), person(Role.APPROVER, MIAOLI)
        change = law.propose(officer, MIAOLI, example(), SINCE, memo_number="簽1")
        assert SLUG not in laws.found()
        assert not Scheme.objects.exists()
        with pytest.raises(Refused):
            services.confirm(officer, change)
        services.confirm(head, change)
        scheme = scheme_of_the_example()
        assert (scheme.slug, scheme.county, scheme.number_prefix) == ("taitung-civic", MIAOLI, "TT")
        assert scheme.terms.get().township_first is True
        assert list(scheme.programmes.values_list("code", flat=True)) == ["tt_course", "tt_festival"]
        assert scheme.law_version == FiledLaw.objects.get().pk
        assert LawText.objects.filter(slug=SLUG).count() == 1
        trail = set(AuditEntry.objects.values_list("action", flat=True))
        assert {"law.bundle.propose", "law.bundle.confirm", "scheme.open_by_law"} <= trail
        page = client.get("/schemes/taitung-civic/law/?chapter=all").content.decode()
        assert "第六點　補助項目和標準" in page
        assert "申請 4,801 元：外聘講師每小時最高 1,600 元" in page
        assert client.get("/schemes/taitung-civic/calculator/").status_code == 200

    def test_whoever_proposed_does_not_confirm_and_a_refused_law_is_none(self):
        head, other = person(Role.APPROVER, MIAOLI), person(Role.APPROVER, MIAOLI)
        change = law.propose(head, MIAOLI, example(), SINCE)
        with pytest.raises(Refused, match="提出的人不能自己確認"):
            services.confirm(head, change)
        services.refuse(other, change, "條號不對")
        assert not FiledLaw.objects.exists()

    @pytest.mark.parametrize(
        ("role", "county"), [(Role.FINANCE_OFFICER, MIAOLI), (Role.AUDITOR, MIAOLI), (Role.CASE_OFFICER, KAOHSIUNG)]
    )
    def test_other_posts_propose_none(self, role, county):
        with pytest.raises(Refused):
            law.propose(person(role, county), MIAOLI, example(), SINCE)

    def test_the_rows_are_never_changed(self):
        row = file_law()
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            never_changed(row)


class TestRefused:
    def refusal(self, county=MIAOLI, files=None, on=SINCE):
        with pytest.raises(Refused) as refused:
            law.propose(person(Role.CASE_OFFICER, county), county, files or example(), on)
        return refused.value.reason

    def test_a_mistake(self):
        wrong = changed("rules.toml", '"meals.head"', '"meals.heads"')
        assert self.refusal(files=wrong).endswith("[[cap]] 第 5 個　parameter：law.toml 裡沒有標準 meals.heads")

    def test_the_law_or_the_scheme_of_somebody_else(self):
        file_law()
        assert "是別的縣的法規" in self.refusal(KAOHSIUNG)
        another = {
            name: text.replace("taitung_civic", "hualien_civic")
            .replace('"tt', '"hl')
            .replace("TT", "HL")
            .replace("tt_", "hl_")
            for name, text in example().items()
        }
        assert "已經有方案用這個網址" in self.refusal(KAOHSIUNG, another)
        SchemeFactory(slug="another", number_prefix="HL")
        with_address = {**another, "law.toml": another["law.toml"].replace('"taitung-civic"', '"hualien-civic"')}
        assert "已經有方案用這個案號開頭" in self.refusal(KAOHSIUNG, with_address)

    def test_a_new_version_that_would_hold_for_filed_cases_or_says_nothing_new(self):
        file_law()
        assert self.refusal(files=changed("law.toml", *DEARER), on=dt.date(2010, 5, 31)).startswith("新版本要從今天")
        assert self.refusal() == "內容和現在的一樣，沒有要變更的地方。"

    def test_a_version_that_another_one_overtook(self):
        first = file_law()
        officer, head = person(Role.CASE_OFFICER, MIAOLI), person(Role.APPROVER, MIAOLI)
        change = law.propose(officer, MIAOLI, changed("law.toml", *DEARER), AUTUMN)
        FiledLaw.objects.create(
            slug=SLUG, county=MIAOLI, starts_on=SINCE, files=changed("law.toml", "40_000", "30_000"), change=change
        )
        with pytest.raises(Refused, match="已經又改過了"):
            services.confirm(head, change)
        assert first.pk


class TestVersions:
    def test_a_case_is_judged_by_the_version_of_its_day_and_again_byte_for_byte(self):
        file_law()
        case = a_case(1_601)
        before = judge(case, stage="submission")
        kept = store_evaluation(case, "submission", before)
        assert ("TT6.1", 1_600) in of_money(before)
        file_law(files=changed("law.toml", *DEARER), on=AUTUMN)
        case = type(case).objects.get(pk=case.pk)
        assert of_money(judge(case, stage="submission")) == of_money(before)
        with clock.travel(AUTUMN):
            after = judge(case, stage="submission")
            assert of_money(after) == []
            newer = store_evaluation(case, "submission", after)
            assert [replay(kept), replay(newer)] == [(True, ""), (True, "")]
        assert kept.ruleset_sha256 != newer.ruleset_sha256
        assert {"lecturer.hourly"} <= set(after.evaluation.parameters_read)

    def test_the_page_of_a_day_shows_the_version_of_that_day(self, client):
        file_law()
        file_law(files=changed("clauses.toml", "一小時最多 1,600 元", "一小時最多 2,000 元"), on=AUTUMN)
        address = "/schemes/taitung-civic/law/?chapter=all&on="
        assert "一小時最多 1,600 元" in client.get(f"{address}99/8/31").content.decode()
        assert "一小時最多 2,000 元" in client.get(f"{address}99/9/1").content.decode()

    def test_an_item_that_ends_and_one_that_is_new(self):
        file_law()
        more = changed("items.toml", 'name = "印刷費"', 'name = "印刷費"\noffered = false')
        more["items.toml"] += '[[item]]\ncode = "tt_gas"\nname = "瓦斯費"\ngroup = "tt_activity"\nclause = "TT6.6"\n'
        file_law(files=more, on=AUTUMN)
        codes = [item.code for _title, items in catalogue.items_for("tt_course") for item in items]
        assert "tt_printing" not in codes
        assert "tt_gas" in codes
        case = a_case(100)
        BudgetLineFactory(application=case, item="tt_gas", requested=100, position=2)
        said = "瓦斯費不在補助項目裡，請換一個項目。"
        assert said in [f.message for f in judge(case, stage="submission").evaluation.findings]
        with clock.travel(AUTUMN):
            assert said not in [f.message for f in judge(case, stage="submission").evaluation.findings]


def test_a_new_scheme_can_rest_on_it_in_the_county_that_filed_it(client):
    file_law()
    laws.file_law(SLUG, ())
    client.force_login(person(Role.CASE_OFFICER, MIAOLI))
    assert SLUG in client.get("/schemes/new/").content.decode()
    assert client.get(f"/schemes/new/?law={SLUG}").status_code == 200
    client.force_login(person(Role.CASE_OFFICER, KAOHSIUNG))
    assert SLUG not in client.get("/schemes/new/").content.decode()


class TestOtherProcesses:
    @pytest.fixture
    def forgotten(self):
        """As a process that has read nothing yet."""
        file_law()
        laws.file_law(SLUG, ())
        _read.clear()

    def test_whoever_reads_the_scheme_knows_its_law_and_reads_it_once(self, forgotten, django_assert_num_queries):
        with django_assert_num_queries(2):
            scheme = scheme_of_the_example()
        assert SLUG in laws.found()
        with django_assert_num_queries(1):
            scheme_of_the_example()
        with django_assert_num_queries(1):
            assert ruleset_for(scheme, SINCE).clause("TT5.1").label == "第五點（一）"

    def test_a_law_or_code_that_is_asked_for_first_is_read(self, forgotten):
        assert load(SLUG).title.startswith("臺東縣")
        laws.file_law(SLUG, ())
        assert catalogue.items()["tt_meals"].name == "誤餐費"
        laws.file_law(SLUG, ())
        assert catalogue.all_programmes()["tt_course"].law == SLUG
        with pytest.raises(KeyError):
            catalogue.items()["tt_nothing"]
        with pytest.raises(KeyError):
            load("nobody")

    def test_a_newer_version_is_noticed(self, forgotten):
        scheme_of_the_example()
        old = load(SLUG)
        known = laws.versions(SLUG)
        file_law(files=changed("law.toml", *DEARER), on=AUTUMN)
        laws.file_law(SLUG, known)
        _read[SLUG] -= 1
        assert load(SLUG) is old
        scheme_of_the_example()
        assert load(SLUG).value("lecturer.hourly", AUTUMN) == 2_000
        assert load(SLUG, SINCE) is old


def test_the_preview_has_words_and_days_for_people():
    shown = [(row.about, row.value) for row in filed.preview(example(), SINCE).rules]
    assert ("活動開放民眾參加嗎？", "") in shown
    assert ("", "11月30日") in shown
