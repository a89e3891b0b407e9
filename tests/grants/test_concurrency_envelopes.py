"""Two people confirm the first money of a year at the same moment: one row, nobody sees an error."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from grants.models import Envelope, EnvelopeChange
from grants.services.schemes import envelopes
from grants.services.schemes.envelopes import EnvelopeDraft
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.files.services import check
from miaoli_kaohsiung.lib.access import Refused
from tests.factories.accounts import person
from tests.factories.grants import SchemeFactory
from tests.files.samples import pdf

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def test_a_change_confirmed_by_many_at_once_is_one_envelope():
    scheme = SchemeFactory()
    scan = check(SimpleUploadedFile("簽.pdf", pdf(), content_type="application/pdf"))
    change = envelopes.propose(person(Role.FINANCE_OFFICER), scheme, EnvelopeDraft(2013, 5, "簽1", "新年度", scan))
    heads = [person(Role.APPROVER) for _ in range(8)]

    def confirm(head):
        try:
            return envelopes.decide(head, change, "confirm").decided_by_id == head.pk
        except Refused:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(confirm, heads)) == 1
    assert list(Envelope.objects.values_list("year", "amount")) == [(2013, 5)]
    assert EnvelopeChange.objects.get().status == "confirmed"
