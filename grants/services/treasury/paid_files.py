"""The treasury's file from its first look to the recorded payments: nothing is recorded before the preview is confirmed.

The whole file is recorded or none of it. What is recorded is compared once more with the payments locked, so that the same
file brought twice, even at once, pays each instalment once.
"""

import datetime as dt
import hashlib
from collections import Counter
from dataclasses import replace
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.enums import WRITTEN_ROWS, PaymentRowOutcome
from grants.models import Award, Instalment, PaymentImport, PaymentImportRow
from grants.queries.treasury import payables
from grants.services.payments import instalments
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import counties_with
from miaoli_kaohsiung.accounts.services import actor
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.locks import lock_all

from . import reading
from .comparing import Found, compare, key_of
from .places import lock_treasury

READ = actions.register("payment_import.read", _l("讀入付款結果"))
CONFIRM = actions.register("payment_import.confirm", _l("登記付款結果"))
DISCARD = actions.register("payment_import.discard", _l("不登記付款結果"))
# Days after which a file that nobody confirmed, and the rows of a confirmed one, are deleted.
DAYS_WAITING = 14
DAYS_KEPT = 90


class ChangedMeanwhile(Refused):
    """The payments are no longer what the preview was compared with; nothing was recorded, and the preview is new."""


class ReasonWanted(Refused):
    """A voucher number stands for several payments, and nobody said why."""


def start(user: User, county: str, upload: "UploadedFile[Any]", fee_bearer: str) -> PaymentImport:
    """Read a file, compare its rows and keep what was found. Raises UnreadableSheetError, FileRefused."""
    if county not in counties_with(user, Role.FINANCE_OFFICER):
        raise Refused(_("付款結果由該縣的主計、出納登記。"))
    lines = reading.read(upload)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    with trail.unit_of_work(actor(user, Role.FINANCE_OFFICER, county=county)):
        made = PaymentImport.objects.create(
            county=county,
            file_name=(upload.name or _("檔案"))[-120:],
            sha256=digest.hexdigest(),
            fee_bearer=fee_bearer,
            made_by=user,
            made_on=clock.today(),
        )
        kept = [PaymentImportRow(payment_import=made, number=line.number, texts=line.texts) for line in lines]
        _keep(made, kept, _compared(user, made, kept))
        PaymentImportRow.objects.bulk_create(kept)
        trail.record(READ, made, after={"counts": made.counts, "sha256": made.sha256})
    return made


def confirm(user: User, payment_import: PaymentImport, *, reason: str = "") -> PaymentImport:
    """Record the payments that the preview showed, and only those. Confirmed once more, it changes nothing.

    Raises ChangedMeanwhile, ReasonWanted.
    """
    with trail.unit_of_work(actor(user, Role.FINANCE_OFFICER, county=payment_import.county)):
        made = _waiting(user, payment_import)
        if made is None:
            return PaymentImport.objects.get(pk=payment_import.pk)
        rows = list(made.rows.all())
        _lock(made.county, {key_of(row)[0] for row in rows})
        found = _compared(user, made, rows)
        if changed := any(_differs(row, one) for row, one in zip(rows, found, strict=True)):
            _keep(made, rows, found)
            PaymentImportRow.objects.bulk_update(rows, ["outcome", "sentence", "instalment"])
        else:
            _write(user, made, found, reason)
    if changed:
        raise ChangedMeanwhile(_("預覽之後有款項變動過，還沒有登記。請看新的預覽，再確認。"))
    return made


def discard(user: User, payment_import: PaymentImport) -> None:
    """Forget a file that was not confirmed."""
    with trail.unit_of_work(actor(user, Role.FINANCE_OFFICER, county=payment_import.county)):
        row = _waiting(user, payment_import)
        if row is None:
            raise Refused(_("這個檔案已經登記了。"))
        trail.record(DISCARD, row, before={"file_name": row.file_name, "sha256": row.sha256})
        row.delete()


def forget(day: dt.date) -> int:
    """Delete files that nobody confirmed, and the rows of older ones; return how many. Runs with the daily jobs."""
    waiting = PaymentImport.objects.filter(confirmed_on=None, made_on__lte=day - dt.timedelta(days=DAYS_WAITING))
    old = PaymentImportRow.objects.filter(payment_import__confirmed_on__lte=day - dt.timedelta(days=DAYS_KEPT))
    with trail.unit_of_work(Actor.daily()):
        ended = old.values("payment_import").distinct().count() + waiting.count()
        old.delete()
        waiting.delete()
    return ended


def _waiting(user: User, payment_import: PaymentImport) -> PaymentImport | None:
    """Return the file, locked, while it waits to be confirmed; None once it was."""
    if payment_import.county not in counties_with(user, Role.FINANCE_OFFICER):
        raise Refused(_("付款結果由該縣的主計、出納登記。"))
    row = PaymentImport.objects.select_for_update(of=("self",)).filter(pk=payment_import.pk).first()
    if row is None:
        raise Refused(_("這個檔案已經刪除了。"))
    return None if row.confirmed_on else row


def _lock(county: str, cases: set[str]) -> None:
    """Lock the awards of the file and their instalments, then the county's voucher numbers."""
    awards = lock_all(Award.objects.filter(county=county, number__in=cases).order_by("pk"))
    lock_all(Instalment.objects.filter(award__in=awards).order_by("award_id", "number"))
    lock_treasury(county)


def _compared(user: User, made: PaymentImport, rows: list[PaymentImportRow]) -> list[Found]:
    known = payables(made.county, {key_of(row)[0] for row in rows})
    return compare(user, rows, known, made.fee_bearer)


def _keep(made: PaymentImport, rows: list[PaymentImportRow], found: list[Found]) -> None:
    for row, one in zip(rows, found, strict=True):
        row.outcome, row.sentence, row.instalment = one.outcome, one.sentence[:400], one.instalment
    counts = Counter(one.outcome for one in found)
    made.counts = {outcome: counts[outcome] for outcome in PaymentRowOutcome}
    made.save(update_fields=["counts"])


def _differs(row: PaymentImportRow, one: Found) -> bool:
    return (row.outcome, row.sentence, row.instalment_id) != (
        one.outcome,
        one.sentence[:400],
        one.instalment.pk if one.instalment else None,
    )


def _write(user: User, made: PaymentImport, found: list[Found], reason: str) -> None:
    written = [one for one in found if one.outcome in WRITTEN_ROWS]
    if not written:
        raise Refused(_("這個檔案沒有可以登記的付款。"))
    if not reason and any(one.outcome == PaymentRowOutcome.ASKED for one in written):
        raise ReasonWanted(_("有憑單號碼重複的列，請寫原因，例如「一張付款憑單付整份清冊」。"))
    for one in written:
        assert one.instalment is not None
        assert one.payment is not None
        asked = one.outcome == PaymentRowOutcome.ASKED
        payment = replace(one.payment, voucher_reason=reason[:200] if asked else "")
        instalments.record(user, one.instalment, payment)
    made.confirmed_by, made.confirmed_on, made.reason = user, clock.today(), reason[:200]
    made.save(update_fields=["confirmed_by", "confirmed_on", "reason"])
    trail.record(CONFIRM, made, after={"counts": made.counts, "sha256": made.sha256, "reason": reason})
