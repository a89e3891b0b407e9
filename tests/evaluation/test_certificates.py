"""Certificates of excellent associations: only of tiers that an evaluation gave and another person confirmed."""

import pytest
from django.urls import reverse

from communities.models import TierDecision
from communities.services.tiers import decide_tier
from evaluation.services import certificates
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib.access import Refused
from tests.factories.accounts import MIAOLI, person
from tests.factories.communities import OrganisationFactory, chair_of
from tests.factories.evaluation import a_round, published, score_fully

pytestmark = pytest.mark.django_db


@pytest.fixture
def drawn(monkeypatch):
    """What would be drawn: nothing is set, so that no test waits for it."""
    pages: list[str] = []
    monkeypatch.setattr(certificates.pdf, "render", lambda text: pages.append(text) or b"%PDF-1.7")
    return pages


def test_each_excellent_association_has_one_once_its_tier_is_confirmed(client, drawn):
    best, weak = OrganisationFactory(name="楓香社區發展協會"), OrganisationFactory(name="苦楝社區發展協會")
    round_, head = a_round(), person(Role.APPROVER)
    score_fully(round_.entries.get(organisation=best), 90)
    score_fully(round_.entries.get(organisation=weak), 50)
    published(head, round_)
    with pytest.raises(Refused, match="主管確認績優型以後"):
        certificates.certificates(head, round_)
    for decision in TierDecision.objects.all():
        decide_tier(head, decision, confirm=True, note="")
    assert certificates.certificates(head, round_) == b"%PDF-1.7"
    assert [("楓香" in text, "苦楝" in text, "績優型" in text) for text in drawn] == [(True, False, True)]
    own, other = (TierDecision.objects.get(organisation=body) for body in (best, weak))
    assert certificates.certificate(chair_of(best), own) == b"%PDF-1.7"
    for stranger in (chair_of(weak), person(Role.CASE_OFFICER, MIAOLI), person(Role.REVIEWER)):
        with pytest.raises(Refused, match="協會自己和縣府"):
            certificates.certificate(stranger, own)
        with pytest.raises(Refused, match="由縣府列印"):
            certificates.certificates(stranger, round_)
    with pytest.raises(Refused, match="才有獎狀"):
        certificates.certificate(chair_of(weak), other)
    client.force_login(chair_of(best))
    page = client.get(reverse("evaluation:tier", args=[own.pk])).content.decode()
    assert reverse("evaluation:certificate", args=[own.pk]) in page
