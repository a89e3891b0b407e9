"""What an association of Miaoli is asked for: what the county's own plan needs, and nothing of Kaohsiung's regulation."""

import re

import pytest

from communities.models import Organisation
from grants import checklist
from grants.models import Application, Document
from grants.services.schemes import sync
from tests.factories.communities import OrganisationFactory, member_of
from tests.factories.grants import ApplicationFactory, BudgetLineFactory

from .filing import stored_file

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
    programme = next(scheme for scheme in sync() if scheme.slug == "miaoli-welfare").programmes.get()
    case = ApplicationFactory(number="ML-099-0001", programme=programme, organisation=organisation,
                              service_area=[GONGGUAN], created_by=member_of(organisation))  # fmt: skip
    for item in ("printing", "lecturer_fee", "site_materials"):
        BudgetLineFactory(application=case, item=item, requested=1_000)
    return case


@pytest.fixture
def page(client, case):
    client.force_login(case.created_by)

    def main_of(step: str) -> str:
        told = client.get(f"/applications/{case.number}/{step}").content.decode()
        return told[told.index("<main") : told.index("</main")]

    return main_of


def test_no_paper_of_the_other_county_is_asked_for(page):
    told = page("edit/documents/")
    assert re.findall(r'id="div-(\w+)"', told) == ["other"]
    assert "這個計畫沒有規定要附的文件" in told
    assert 'class="tag stop"' not in told


def test_a_paper_can_be_added_all_the_same(page, case):
    Document.objects.create(application=case, kind="application_form", file=stored_file(case.created_by),
                            added_by=case.created_by, added_on=case.created_on)  # fmt: skip
    assert "掃描.pdf" in page("edit/documents/")


@pytest.mark.parametrize("step", STEPS)
def test_no_step_speaks_of_the_other_countys_regulation(page, step):
    told = page(step)
    assert [word for word in ("高雄", "88災", "莫拉克", "#K", "立案證書") if word in told] == []


def test_nor_is_the_officer_asked_about_such_papers(case):
    assert [item.key for item in checklist.items_for(case) if item.key.startswith("doc:")] == []
    assert {item.clause[0] for item in checklist.items_for(case)} == {"M"}
