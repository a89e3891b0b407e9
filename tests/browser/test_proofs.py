"""An association downloads the proof of its filing on a phone, and reads how it is checked."""

import pytest

from miaoli_kaohsiung.audit.proofs import line_of
from miaoli_kaohsiung.audit.services import seal_audit
from tests.audit.test_proofs import check
from tests.factories.communities import OrganisationFactory, chair_of
from tests.grants.filing import filed_case

from .acting import Person, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_proof_of_a_filing_is_downloaded_and_holds(phone, axe):
    organisation = OrganisationFactory()
    chair = chair_of(organisation)
    case = filed_case(organisation, chair)
    give_session(phone, chair)
    member = Person(phone, chair).goes(f"/applications/{case.number}/")
    phone.get_by_role("link", name="下載存證").click()
    member.sees("請明天再下載").fits()
    seal = seal_audit()
    with phone.expect_download() as caught:
        phone.get_by_role("link", name="下載存證").click()
    assert check.faults(caught.value.path().read_bytes(), line_of(seal)) == []
    phone.get_by_role("link", name="存證是什麼、怎麼核對").click()
    member.sees("核對的步驟", seal.mark).fits()
    axe(phone)
    with phone.expect_download() as caught:
        phone.get_by_role("link", name="check_proof.py").click()
    assert len(caught.value.path().read_text().splitlines()) <= 50
