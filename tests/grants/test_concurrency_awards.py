"""Many approvers at once against an envelope with room for one: real connections, the page as people press it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from grants.models import Award, LedgerEntry, Letter, Proposal
from grants.services.awards import decisions
from tests.factories import reviews
from tests.factories.grants import EnvelopeFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
AT_ONCE = 50
TOTAL = 123_456


def press(user, proposal, barrier):
    """Sign in on an own connection, wait for the others, press 核定; (status, where to or what is said)."""
    try:
        client = Client(raise_request_exception=False)
        client.force_login(user)
        barrier.wait(120)
        number = proposal.application.number
        data = {"command": "approve", "edition": proposal.application.edition, "proposal": proposal.pk}
        answer = client.post(f"/applications/{number}/decision/", data)
        return answer.status_code, answer.get("Location", "") or answer.content.decode()
    finally:
        connection.close()


def together(pairs):
    barrier = Barrier(len(pairs))
    with ThreadPoolExecutor(len(pairs)) as pool:
        return list(pool.map(lambda pair: press(*pair, barrier), pairs))


def test_the_last_dollar_goes_to_one_case(people):
    proposals = [reviews.proposed(people) for _ in range(AT_ONCE)]
    envelope = EnvelopeFactory(scheme=proposals[0].application.scheme, amount=TOTAL + TOTAL - 1)
    answers = together([(people.head, proposal) for proposal in proposals])
    assert sorted(status for status, _message in answers) == [302] + [422] * (AT_ONCE - 1)
    assert all(
        "已核定 123,456 元＋本案 123,456 元 = 246,912 元，超出 1 元" in message
        for status, message in answers
        if status == 422
    )
    assert [award.total for award in Award.objects.all()] == [TOTAL]
    assert [entry.amount for entry in LedgerEntry.objects.filter(envelope=envelope)] == [TOTAL]
    assert Proposal.objects.filter(decision=Proposal.Decision.OPEN).count() == AT_ONCE - 1


def test_one_case_pressed_many_times_is_one_award(people):
    proposal = reviews.proposed(people)
    EnvelopeFactory(scheme=proposal.application.scheme)
    answers = together([(people.head, proposal)] * 20)
    assert {status for status, _message in answers} == {302}
    assert Award.objects.count() == LedgerEntry.objects.count() == Letter.objects.count() == 1


def test_every_write_of_an_approval_or_none(people, monkeypatch):
    """A crash at the last step leaves the case proposed and the envelope whole."""
    proposal = reviews.proposed(people)
    EnvelopeFactory(scheme=proposal.application.scheme)

    def crash(*args, **kwargs):
        raise RuntimeError("out of power")

    monkeypatch.setattr(decisions.notices, "about_case", crash)
    with pytest.raises(RuntimeError):
        decisions.approve(people.head, proposal.application)
    proposal.refresh_from_db()
    assert (proposal.decision, proposal.application.status) == ("open", "proposed")
    assert Award.objects.count() == LedgerEntry.objects.count() == Letter.objects.count() == 0
