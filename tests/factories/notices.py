"""Messages that did not arrive: an SMS that the gateway refuses, a mail that the server never takes."""

import itertools

from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.notices.models import Channel, Delivery, DeliveryState, EmailState, Notice

_KEYS = itertools.count(1)


def notice(person: User, email_state: str = EmailState.NOT_ASKED, **more: object) -> Notice:
    number = next(_KEYS)
    return Notice.objects.create(
        recipient=person,
        kind="test.about",
        object_key=f"test:{number}",
        due_on=clock.today(),
        subject="請送第一期款領據：88-099-0001",
        body="內容",
        created_at=clock.now(),
        next_attempt_at=clock.now(),
        email_state=email_state,
        message_id=f"<{number}@test>",
        **more,
    )


def failed_mail(person: User) -> Notice:
    return notice(person, EmailState.FAILED, attempts=20)


def failed_sms(person: User, about: Notice | None = None, **more: object) -> Delivery:
    values = {"state": DeliveryState.FAILED, "attempts": 1, "text": "88-099-0001 請送領據"} | more
    now = clock.now()
    return Delivery.objects.create(
        notice=about or notice(person),
        recipient=person,
        channel=Channel.SMS,
        made_at=now,
        next_attempt_at=now,
        **values,
    )
