import datetime as dt
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command

from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.notices import services
from miaoli_kaohsiung.notices.models import EmailState, Notice
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def run() -> str:
    said = StringIO()
    call_command("retry_mails", stdout=said)
    return said.getvalue().strip()


def test_what_failed_for_good_goes_out_again_and_leaves_a_trace():
    person = UserFactory(email="wang@example.org")
    states = (EmailState.FAILED, EmailState.SENT, EmailState.FAILED, EmailState.NO_ADDRESS)
    rows = [services.notify(person, "kind", f"award:{n}", dt.date(2010, 6, 1), "主旨", "內文") for n in range(4)]
    for row, state in zip(rows, states, strict=True):
        Notice.objects.filter(pk=row.pk).update(email_state=state, attempts=services.MAX_ATTEMPTS)
    assert run() == "2 mails will be sent again."
    entries = AuditEntry.objects.order_by("seq").values_list("action", "object_id", "post_label", "after")
    pending = {"email_state": "pending"}
    assert list(entries) == [
        ("notice.retry_mail", str(rows[0].pk), "retry_mails", pending),
        ("notice.retry_mail", str(rows[2].pk), "retry_mails", pending),
    ]
    assert services.deliver_pending() == 2
    assert [message.extra_headers["Message-ID"] for message in mail.outbox] == [rows[0].message_id, rows[2].message_id]
    assert run() == "No mail had failed for good."
    assert AuditEntry.objects.count() == 2
