"""The papers of a 結報: add, remove and restore, while the association may change it."""

from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.models import Settlement, SettlementDocument
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.files.models import StoredFile
from miaoli_kaohsiung.files.services import Upload, store
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused

from .locks import open_to_member

ATTACH = actions.register("settlement.attach", _l("上傳結報文件"))
DETACH = actions.register("settlement.detach", _l("移除結報文件"))
REATTACH = actions.register("settlement.reattach", _l("復原結報文件"))


def add_document(user: User, settlement: Settlement, kind: str, upload: Upload) -> SettlementDocument:
    """Keep a paper of the 結報. `upload` is an upload or what CheckedFileField made of it."""
    with open_to_member(user, settlement) as row:
        stored = store(upload, actor=trail.current_actor(), purpose=f"settlement_{kind}")
        paper = SettlementDocument.objects.create(
            settlement=row, kind=kind, file=stored, added_by=user, added_on=clock.today()
        )
        trail.record(ATTACH, row, after=_described(kind, stored), case=row.number)
        return paper


def remove_document(user: User, paper: SettlementDocument) -> None:
    """Remove a paper from the 結報; its bytes stay stored."""
    with open_to_member(user, paper.settlement) as row:
        trail.record(DETACH, row, before=_described(paper.kind, paper.file), case=row.number)
        paper.delete()


def restore_document(user: User, settlement: Settlement, kind: str, file_id: UUID) -> SettlementDocument:
    """Restore a removed paper. Raises Refused for a file that this 結報 cannot have had."""
    with open_to_member(user, settlement) as row:
        stored = StoredFile.objects.filter(pk=file_id, purpose=f"settlement_{kind}").first()
        if stored is None or SettlementDocument.objects.filter(file=stored).exclude(settlement=row).exists():
            raise Refused(_("找不到這個檔案，請重新上傳。"))
        paper, new = SettlementDocument.objects.get_or_create(
            settlement=row, kind=kind, file=stored, defaults={"added_by": user, "added_on": clock.today()}
        )
        if new:
            trail.record(REATTACH, row, after=_described(kind, stored), case=row.number)
        return paper


def _described(kind: str, stored: StoredFile) -> dict[str, str]:
    return {"kind": kind, "name": stored.name, "sha256": stored.sha256}
