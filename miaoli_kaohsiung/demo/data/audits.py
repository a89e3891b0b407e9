"""What is looked at afterwards: a disposal list carried out by two people, who read what, and an auditor's sample."""

import datetime as dt
from collections.abc import Iterator

from grants.models import AuditSample, Award
from grants.queries.audit.sampling import Plan
from grants.services.audit.sampling import draw_sample
from miaoli_kaohsiung.accounts import reads
from miaoli_kaohsiung.changes.services import confirm
from miaoli_kaohsiung.lists.services import note_export
from miaoli_kaohsiung.privacy import services
from miaoli_kaohsiung.privacy.models import DisposalList

from .places import KAOHSIUNG
from .registry import World

SEED = "99年5月公益彩券 03 11 19 24 30 41"


def year(world: World) -> Iterator[dt.date]:
    """The list of March is confirmed, one of May is still open; the auditor draws two cases of each layer."""
    yield dt.date(2010, 3, 2)
    officer, head = world.of(KAOHSIUNG, "officer"), world.of(KAOHSIUNG, "head")
    row = DisposalList.objects.get(county=KAOHSIUNG)
    first = row.items.order_by("pk").first()
    assert first is not None
    services.leave_out(officer, row, {first.pk: "訴願還沒有結束"})
    change = services.put_forward(officer, row)
    yield dt.date(2010, 3, 3)
    confirm(head, change)
    yield dt.date(2010, 5, 27)
    award = Award.objects.filter(county=KAOHSIUNG, notified_on__isnull=False).order_by("pk").first()
    assert award is not None
    finance, auditor = world.of(KAOHSIUNG, "finance"), world.users["auditor"]
    body = award.application.organisation
    reads.note(finance, reads.PERSONAL, body, "金融帳戶、幹部和聯絡電話")
    reads.note(finance, reads.MONEY, award, "收支紀錄", award.number)
    note_export(officer, "awards", "ods", "late=on", 3)
    yield dt.date(2010, 5, 28)
    reads.note(auditor, reads.MONEY, award, "收支紀錄", award.number)
    draw_sample(auditor, Plan(KAOHSIUNG, 2010, AuditSample.By.PROGRAMME, 50_000, 100_000, 2, SEED))
