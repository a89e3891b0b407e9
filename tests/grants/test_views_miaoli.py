"""What an association of Miaoli is asked for: what the county's own plan needs, and nothing of Kaohsiung's regulation."""

import datetime as dt
import re

import pytest

from communities.models import Organisation
from grants.compliance import checklist
from grants.forms.applications.budget import BudgetForms
from grants.models import Application, Document
from grants.queries.law.margins import item_help
from grants.rules import catalogue
from grants.rules.ruleset import load
from grants.services.schemes.sync import sync
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, member_of
from tests.factories.grants import ApplicationFactory, BudgetLineFactory, EnvelopeFactory

from .filing import stored_file
from .rulings import in_force

pytestmark = pytest.mark.django_db
GONGGUAN = "10005110"
STEPS = ("edit/organisation/", "edit/project/", "budget/", "edit/documents/", "edit/review/")


@pytest.fixture
def organisation() -> Organisation:
    return OrganisationFactory(
        county="miaoli", township_id=GONGGUAN, name="苗栗縣公館鄉示範社區發展協會", address="公館鄉示範路1號"
    )


@pytest.fixture
def case(organisation) -> Application:
    programme = next(scheme for scheme in sync() if scheme.slug == "miaoli-welfare").programmes.get(
        code="welfare_services"
    )
    case = ApplicationFactory(
        number="ML-099-0001",
        programme=programme,
        organisation=organisation,
        service_area=[GONGGUAN],
        created_by=member_of(organisation),
    )
    for item in ("printing", "lecturer_fee", "site_materials"):
        BudgetLineFactory(application=case, item=item, requested=1_000)
    return case


@pytest.fixture
def page(client, case):
    client.force_login(case.created_by)

    def main_of(step: str) -> str:
        html = client.get(f"/applications/{case.number}/{step}").content.decode()
        return html[html.index("<main") : html.index("</main")]

    return main_of


def test_no_paper_of_the_other_county_is_asked_for(page):
    html = page("edit/documents/")
    assert re.findall(r'id="div-(\w+)"', html) == ["other"]
    assert "這個計畫沒有規定要附的文件" in html
    assert 'class="tag stop"' not in html


def test_a_paper_can_be_added_all_the_same(page, case):
    Document.objects.create(
        application=case,
        kind="application_form",
        file=stored_file(case.created_by),
        added_by=case.created_by,
        added_on=case.created_on,
    )
    assert "掃描.pdf" in page("edit/documents/")


@pytest.mark.parametrize("step", STEPS)
def test_no_step_speaks_of_the_other_countys_regulation(page, step):
    html = page(step)
    assert [word for word in ("高雄", "88災", "莫拉克", "#K", "立案證書") if word in html] == []


def test_nor_is_the_officer_asked_about_such_papers(case):
    assert [item.key for item in checklist.items_for(case) if item.key.startswith("doc:")] == []
    assert {item.clause[0] for item in checklist.items_for(case)} == {"M"}


def test_an_item_tells_the_countys_filed_standard(page, case):
    value = {"value": {"printing": 80, "lecturer_fee": 0}}
    in_force(case.scheme, parameter="subsidy.unit_caps", value=value, on=dt.date(2010, 6, 1))
    html = page("budget/")
    printing, lecturer, materials = html.split('class="entry"')[1:]
    assert "縣府標準：每單位最高 80 元" in printing
    assert "縣府標準：不補助這一項" in lecturer
    assert "縣府標準" not in materials
    own = [catalogue.items()[item].help for item in ("printing", "lecturer_fee", "site_materials")]
    assert [words for words in own if words in html] == []


@pytest.mark.parametrize("caps", [{"printing": 80}, {}])
def test_no_item_speaks_in_the_words_of_the_other_regulation(caps):
    filed = load("miaoli").with_rulings([{"parameter": "subsidy.unit_caps", "from": "2010-06-01", "value": caps}])
    day = dt.date(2010, 6, 1)
    helps = {item.code: item_help(item, filed, day) for item in catalogue.items().values()}
    assert {code: words for code, words in helps.items() if words} == (
        {"printing": "縣府標準：每單位最高 80 元"} if caps else {}
    )
    assert {item_help(item, filed, dt.date(2010, 5, 31)) for item in catalogue.items().values()} == {""}


def test_the_other_county_keeps_its_own_words():
    for item in catalogue.items().values():
        assert item_help(item, load("kaohsiung_88"), dt.date(2010, 6, 1)) == item.help


def test_the_memo_beyond_the_money_of_the_year_is_asked_for_by_the_countys_plan(client, case):
    officer, approver = person("case_officer", "miaoli"), person("approver", "miaoli")
    Application.objects.filter(pk=case.pk).update(
        status="proposed", filed_on=case.created_on, first_filed_on=case.created_on
    )
    EnvelopeFactory(scheme=case.scheme, amount=2_999)
    proposal = case.proposals.create(outcome="approve", total=3_000, proposed_by=officer, proposed_on=case.created_on)
    for line in case.lines.all():
        proposal.lines.create(line=line, requested=1_000, amount=1_000)
    client.force_login(approver)
    html = client.get(f"/applications/{case.number}/decision/").content.decode()
    assert "超出年度額度才需要填（陸）。" in html
    assert "捌、二" not in html


def test_own_money_has_its_field_in_front_where_the_law_asks_for_a_share_of_it(page, case):
    for entry in page("budget/").split('<div class="entry"')[1:]:
        assert entry.index("-own_funds") < entry.index('<details class="more"') < entry.index("-other_funds")
    known = catalogue.all_programmes()
    assert {row.law for row in known.values() if BudgetForms(lines=[], programme=row.code).own_first} == {"miaoli"}
