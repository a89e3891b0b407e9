"""Who got what, on the organisation's page that everybody may read."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities.models import Organisation
from grants.enums import LedgerKind
from grants.models import LedgerEntry
from miaoli_kaohsiung.lib import clock
from tests.factories import money
from tests.factories.communities import OrganisationFactory

pytestmark = pytest.mark.django_db


def rows(client, organisation: Organisation) -> list[list[str]]:
    html = client.get(f"/communities/{organisation.pk}/").content.decode()
    found = re.findall(r"<tr>\s*<th scope=\"row\">(.*?)</tr>", html, re.DOTALL)
    return [re.findall(r"data-label=\"(?:核定（元）|已撥（元）)\">([\d,]+)", row) for row in found]


def test_the_public_page_says_what_was_awarded_and_paid(client):
    organisation = OrganisationFactory()
    award = money.approved(organisation=organisation)
    assert rows(client, organisation) == [["120,000", "0"]]
    first = award.instalments.get(number=1)
    LedgerEntry.objects.create(
        award=award,
        envelope=award.envelope,
        instalment=first,
        kind=LedgerKind.PAID,
        amount=first.amount,
        on=award.approved_on,
        at=clock.now(),
        by=award.approved_by,
    )
    money.approved((50_000,), organisation=organisation)
    money.approved((70_000,), organisation=OrganisationFactory())
    assert rows(client, organisation) == [["50,000", "0"], ["120,000", "60,000"]]


def test_an_organisation_without_awards_says_so(client):
    html = client.get(f"/communities/{OrganisationFactory().pk}/").content.decode()
    assert "還沒有獲得補助" in html


def test_as_many_queries_for_three_awards_as_for_one(client):
    organisation, asked = OrganisationFactory(), []
    for _ in range(2):
        money.approved(organisation=organisation)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/communities/{organisation.pk}/").status_code == 200
        asked.append(len(captured))
        money.approved(organisation=organisation)
    assert asked[0] == asked[1]
