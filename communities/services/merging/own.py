"""The registry's own part: tiers, terms of office, and what the two records say of themselves."""

import datetime as dt
from itertools import product

from django.utils.translation import gettext as _

from communities import naming
from communities.enums import Office, TierDecisionStatus
from communities.models import OfficeTerm, Organisation, TierDecision
from miaoli_kaohsiung.accounts.models import Invitation
from miaoli_kaohsiung.changes.enums import ChangeStatus
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.lib.roc_date import format_roc, roc_year

from . import parts

_FILLED_IN = ("user_id", "board_term_number", "valid_to", "phone", "email")


def of_records(kept: Organisation, merged: Organisation) -> list[str]:
    """Return why two records cannot be one body by what they say themselves."""
    if kept.pk == merged.pk:
        return [_("這是同一筆登記。")]
    if merged.merged_into_id or kept.merged_into_id:
        return [_("其中一筆已經合併過了。")]
    if kept.county != merged.county:
        return [_("兩筆登記在不同的縣，不能合併。")]
    problems = []
    if kept.kind != merged.kind:
        problems.append(_("兩筆的單位類別不同；是同一個單位，請先把類別改成一樣。"))
    if kept.tax_id and merged.tax_id and kept.tax_id != merged.tax_id:
        problems.append(_("兩筆的統一編號不同，是兩個單位；登記錯的，請先更正。"))
    if kept.bank_account and merged.bank_account and _account(kept) != _account(merged):
        problems.append(_("兩筆的金融帳戶不同，請先依換帳戶的程序改成同一個。"))
    return [*problems, *_waiting(kept, merged)]


def _account(body: Organisation) -> tuple[str, str]:
    return body.bank_code, body.bank_account


def _waiting(kept: Organisation, merged: Organisation) -> list[str]:
    """A change of either record that waits would be confirmed for a body that is no longer what it was."""
    waiting = Change.objects.filter(kind__startswith="organisation.", status=ChangeStatus.WAITING)
    numbers = {str(kept.pk), str(merged.pk)}
    titles = [
        change.title
        for change in waiting.exclude(kind="organisation.merge").only("subject", "title")
        if change.subject.partition(":")[0] in numbers
    ]
    return [_("還有變更等人確認，請先處理：%(titles)s。") % {"titles": "、".join(titles)}] if titles else []


def _of_tiers(kept: Organisation, merged: Organisation) -> list[str]:
    open_ones = TierDecision.objects.filter(status=TierDecisionStatus.PROPOSED)
    years = set(open_ones.filter(organisation=kept).values_list("year", flat=True))
    both = sorted(years & set(open_ones.filter(organisation=merged).values_list("year", flat=True)))
    words = _("兩筆的%(year)d年度分級都在等主管確認，請先確認或不同意其中一件。")
    return [words % {"year": roc_year(year)} for year in both]


def _of_terms(kept: Organisation, merged: Organisation) -> list[str]:
    """On any day there is one chairperson; the same term in both records is one term."""
    chairs = OfficeTerm.objects.filter(office=Office.CHAIRPERSON)
    words = _("兩筆的%(head)s任期重疊（%(one)s、%(other)s），請先更正或結束其中一個任期。")
    return [
        words % {"head": kept.head_word, "one": _words(one), "other": _words(other)}
        for one, other in product(chairs.filter(organisation=kept), chairs.filter(organisation=merged))
        if not _is_same(one, other) and _overlap(one, other)
    ]


def _words(term: OfficeTerm) -> str:
    return f"{term.person_name} {format_roc(term.valid_from)}"


def _is_same(one: OfficeTerm, other: OfficeTerm) -> bool:
    same = (one.office, one.valid_from) == (other.office, other.valid_from)
    return same and naming.same_person(one.person_name, other.person_name)


def _overlap(one: OfficeTerm, other: OfficeTerm) -> bool:
    ends = one.valid_to or dt.date.max, other.valid_to or dt.date.max
    return one.valid_from <= ends[1] and other.valid_from <= ends[0]


def _move_terms(kept: Organisation, merged: Organisation) -> int:
    """Point the terms; one that both have stays with the merged record, and what it alone says is copied."""
    here, moved = list(OfficeTerm.objects.filter(organisation=kept)), 0
    for term in OfficeTerm.objects.filter(organisation=merged):
        if same := next((one for one in here if _is_same(one, term)), None):
            _fill(same, term)
        else:
            term.organisation = kept
            term.save(update_fields=["organisation"])
            moved += 1
    return moved


def _fill(kept: OfficeTerm, merged: OfficeTerm) -> None:
    for name in _FILLED_IN:
        if not getattr(kept, name):
            setattr(kept, name, getattr(merged, name))
    kept.save(update_fields=[name.removesuffix("_id") for name in _FILLED_IN])
    Invitation.objects.filter(office_term_id=merged.pk, used_at=None).update(office_term_id=kept.pk)


parts.register(parts.Part("communities.organisation", of_records))
parts.register(parts.Part("communities.tierdecision", _of_tiers))
parts.register(parts.Part("communities.officeterm", _of_terms, _move_terms))
