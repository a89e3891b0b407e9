"""The auditor reads what was stored: inputs, law, findings and arithmetic, and whether it is still reproduced."""

import pytest

from grants.models import StoredEvaluation
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.accounts import person
from tests.factories.grants import SchemeFactory
from tests.grants.pages import signed_in, text_of
from tests.grants.rulings import filed_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    SchemeFactory()
    return filed_case(2000)


@pytest.fixture
def auditor():
    return person(Role.AUDITOR)


def test_the_auditor_finds_them_from_the_case(auditor, case):
    client, address = signed_in(auditor), f"/applications/{case.number}/"
    assert f'href="{address}evaluations/"' in text_of(client.get(address))
    row = case.evaluations.get()
    page = text_of(client.get(f"{address}evaluations/"))
    assert f'href="{address}evaluations/{row.pk}/"' in page
    assert row.ruleset_sha256[:12] in page


def test_one_of_them_shows_inputs_law_findings_and_arithmetic(auditor, case):
    row = case.evaluations.get()
    page = text_of(signed_in(auditor).get(f"/applications/{case.number}/evaluations/{row.pk}/"))
    for words in (row.ruleset_sha256, row.result_sha256, "1,900 元，超出 100 元", "casual_pay.hourly", "重算相同"):
        assert words in page
    assert 'href="/schemes/kaohsiung-88/law/?clause=K4.1.4#K4.1.4">肆、一、4</a>' in page
    assert "&quot;requested&quot;: 2000" in page


def test_one_that_is_not_reproduced_is_said(auditor, case, monkeypatch):
    monkeypatch.setattr("grants.views.law.evaluations.replay", lambda row: (False, "the findings differ"))
    row = StoredEvaluation.objects.get()
    page = text_of(signed_in(auditor).get(f"/applications/{case.number}/evaluations/{row.pk}/"))
    assert "重算不同" in page
    assert "重算相同" not in page


def test_another_county_finds_nothing_and_one_of_another_case_neither(auditor, case):
    row = case.evaluations.get()
    address = f"/applications/{case.number}/evaluations/{row.pk}/"
    assert signed_in(person(Role.AUDITOR, "miaoli")).get(address).status_code == 404
    other = filed_case(1900)
    assert signed_in(auditor).get(f"/applications/{other.number}/evaluations/{row.pk}/").status_code == 404
