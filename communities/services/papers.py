"""Papers that an association keeps with the portal, to be offered in each of its cases."""

import datetime as dt

from communities import actions
from communities.enums import PaperKind
from communities.models import KeptPaper, Organisation
from miaoli_kaohsiung.audit import trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.files.models import StoredFile
from miaoli_kaohsiung.files.services import Checked, Held, store
from miaoli_kaohsiung.lib import clock

Upload = Checked | Held


def add(
    by: Actor, organisation: Organisation, kind: str, upload: Upload, valid_until: dt.date | None = None
) -> KeptPaper:
    """Keep an upload that passed the gate; an older one of the kind is no longer offered."""
    with trail.unit_of_work(by):
        stored = store(upload, actor=by, purpose=f"organisation:{organisation.pk}")
        return keep(by, organisation, kind, stored, valid_until)


def keep(
    by: Actor, organisation: Organisation, kind: str, stored: StoredFile, valid_until: dt.date | None = None
) -> KeptPaper:
    """Offer a stored file as the association's paper of this kind from now on."""
    with trail.unit_of_work(by):
        Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
        now = organisation.kept_papers.filter(kind=kind, replaced_on=None)
        now.update(replaced_on=clock.today())
        row = KeptPaper.objects.create(
            organisation=organisation,
            kind=PaperKind(kind),
            file=stored,
            valid_until=valid_until,
            kept_on=clock.today(),
            kept_by=by.user,
        )
        values = {"kind": kind, "name": stored.name, "sha256": stored.sha256, "valid_until": valid_until}
        trail.record(actions.KEEP_PAPER, row, after=values)
        return row


def retire(by: Actor, paper: KeptPaper) -> None:
    """Stop offering the paper; the file stays with the cases that use it."""
    with trail.unit_of_work(by):
        if KeptPaper.objects.filter(pk=paper.pk, replaced_on=None).update(replaced_on=clock.today()):
            trail.record(actions.REPLACE_PAPER, paper, before={"kind": paper.kind, "name": paper.file.name})


def revive(by: Actor, paper: KeptPaper) -> None:
    """Offer the paper again, instead of one that was added since."""
    with trail.unit_of_work(by):
        others = KeptPaper.objects.filter(organisation_id=paper.organisation_id, kind=paper.kind, replaced_on=None)
        others.exclude(pk=paper.pk).update(replaced_on=clock.today())
        if KeptPaper.objects.filter(pk=paper.pk).exclude(replaced_on=None).update(replaced_on=None):
            trail.record(actions.REVIVE_PAPER, paper, after={"kind": paper.kind, "name": paper.file.name})
