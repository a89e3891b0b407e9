"""Two short messages that a gateway would not take, so that the page of deliveries shows what an office does then."""

from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import Post
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.notices.models import Channel, Delivery, DeliveryState, Notice

from .places import KAOHSIUNG, MIAOLI


def refuse_texts() -> None:
    """Let the newest open notice of each county's associations go by SMS to a number that does not exist any more."""
    now = clock.now()
    for county in (KAOHSIUNG, MIAOLI):
        members = Post.objects.filter(role=Role.MEMBER, county=county).values("user")
        notice = Notice.objects.filter(recipient__in=members, closed_at=None).order_by("-pk").first()
        if notice is not None:
            Delivery.objects.create(
                notice=notice,
                recipient_id=notice.recipient_id,
                channel=Channel.SMS,
                text=notice.subject[:70],
                state=DeliveryState.FAILED,
                made_at=now,
                next_attempt_at=now,
                attempts=1,
                last_error="the gateway refused the text: 400",
            )
