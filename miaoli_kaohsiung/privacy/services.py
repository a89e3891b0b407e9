"""Disposal lists: drawn up by the daily jobs, looked at and proposed by an officer, carried out when another person confirms.

What is carried out stands in the trail by the number of the record and the names of its columns, never with what stood there.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from miaoli_kaohsiung.accounts import counties
from miaoli_kaohsiung.accounts.audiences import DATA_CONFIRMERS, DATA_PROPOSERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import holders_of
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.changes.enums import ChangeStatus
from miaoli_kaohsiung.changes.kinds import Kind, Row, register
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.changes.permissions import may_propose, post_for
from miaoli_kaohsiung.changes.services import Proposal, propose
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused, require
from miaoli_kaohsiung.lib.locks import lock
from miaoli_kaohsiung.notices.services import close, notify

from .models import DisposalItem, DisposalList
from .register import terms
from .rules import BY_TERM, RULES
from .rules.base import Rule

DRAW_UP = actions.register("privacy.disposal.draw_up", _l("編製銷毀清冊"))
LEAVE_OUT = actions.register("privacy.disposal.leave_out", _l("銷毀清冊：留下還要的"))
DISPOSE = actions.register("privacy.disposal.item", _l("銷毀個人資料"))
# What an officer left out of a list comes back on one of the next year.
LEFT_OUT_DAYS = 365


def draw_up(day: dt.date) -> int:
    """Put what is over, and not on a list yet, on the open list of its county; return how many records. Runs with the daily
    jobs. A list that waits for confirmation stays as it is.
    """
    with trail.unit_of_work(Actor.daily()):
        due: dict[str, list[tuple[Rule, int, str]]] = {}
        for rule in RULES:
            for row in rule.due(day).exclude(pk__in=_settled(rule.term, day)):
                county = rule.county(row) or counties.slugs()[0]
                due.setdefault(county, []).append((rule, row.pk, rule.title(row)[:160]))
        return sum(_listed(county, found, day) for county, found in due.items())


def _settled(term: str, day: dt.date) -> list[int]:
    """Return the keys that stand on an open list, or were left out of one a short while ago."""
    items = DisposalItem.objects.filter(term=term)
    lately = items.exclude(left_out="").filter(disposal_list__carried_out_on__gt=day - dt.timedelta(days=LEFT_OUT_DAYS))
    on_open = items.filter(disposal_list__carried_out_on=None)
    return [*on_open.values_list("key", flat=True), *lately.values_list("key", flat=True)]


def _listed(county: str, found: list[tuple[Rule, int, str]], day: dt.date) -> int:
    row = DisposalList.objects.select_for_update().filter(county=county, carried_out_on=None).first()
    if row and _waits(row):
        return 0
    is_new = row is None
    row = row or DisposalList.objects.create(county=county, made_on=day)
    DisposalItem.objects.bulk_create(
        DisposalItem(disposal_list=row, term=rule.term, key=key, title=title) for rule, key, title in found
    )
    trail.record(DRAW_UP, row, after=dict(Counter(rule.term for rule, _key, _title in found)))
    if is_new:
        _notify(row, len(found))
    return len(found)


def _notify(row: DisposalList, count: int) -> None:
    subject = _("有 %(count)d 筆個人資料保存期限到了，請看銷毀清冊") % {"count": count}
    words = _("請看過清冊，還要用的寫理由留下，其他送另一位同仁確認後刪除。")
    for person in holders_of(Role.CASE_OFFICER, county=row.county):
        notify(person, "privacy.disposal", _key(row), clock.today(), subject, words, _url(row), at_once=False)


def leave_out(user: User, row: DisposalList, reasons: Mapping[int, str]) -> int:
    """Note, by key of the item, why a record is still needed; "" puts it back on the list. Returns how many changed."""
    with trail.unit_of_work(_actor(user, row)):
        row = lock(DisposalList.objects.all(), pk=row.pk)
        _require_open(user, row)
        items = [item for item in row.items.filter(pk__in=reasons) if item.left_out != reasons[item.pk]]
        for item in items:
            before, item.left_out = item.left_out, reasons[item.pk]
            item.save(update_fields=["left_out"])
            trail.record(LEAVE_OUT, item, before={"left_out": before}, after={"left_out": item.left_out})
    return len(items)


def put_forward(user: User, row: DisposalList) -> Change:
    """Put what is on the list to another person. Raises Refused."""
    with trail.unit_of_work(_actor(user, row)):
        row = lock(DisposalList.objects.all(), pk=row.pk)
        _require_open(user, row)
        counts = Counter(row.items.filter(left_out="").values_list("term", flat=True))
        if not counts:
            raise Refused(_("清冊上沒有要銷毀的資料。"))
        title = _("銷毀 %(count)d 筆期滿的個人資料") % {"count": counts.total()}
        row.change = propose(user, KIND, Proposal(row.county, str(row.pk), title, dict(counts)))
        row.save(update_fields=["change"])
        close([_key(row)])
    return row.change


def _require_open(user: User, row: DisposalList) -> None:
    require(may_propose(user, KIND, row.county))
    if row.carried_out_on:
        raise Refused(_("這份清冊已經銷毀完畢。"))
    if _waits(row):
        raise Refused(_("這份清冊正在等另一位同仁確認，現在不能改。"))


def _waits(row: DisposalList) -> bool:
    return row.change is not None and row.change.status == ChangeStatus.WAITING


def _apply(change: Change, by: Actor) -> None:
    """Empty every record on the list of which the term is still over; what began anew meanwhile is left alone."""
    row = lock(DisposalList.objects.all(), pk=int(change.subject))
    day = clock.today()
    for term, items in _by_term(row.items.filter(left_out="")).items():
        rule = BY_TERM[term]
        keys = [item.key for item in items]
        found = {one.pk: one for one in rule.due(day).filter(pk__in=keys)}
        for item in items:
            if one := found.get(item.key):
                rule.empty(one)
                item.carried_out = True
                item.save(update_fields=["carried_out"])
                trail.record(DISPOSE, item, after={"columns": _columns(rule), "record": item.key})
    row.carried_out_on = day
    row.save(update_fields=["carried_out_on"])


def _by_term(items: Iterable[DisposalItem]) -> dict[str, list[DisposalItem]]:
    found: dict[str, list[DisposalItem]] = {}
    for item in items:
        found.setdefault(item.term, []).append(item)
    return found


def _columns(rule: Rule) -> list[str]:
    return [f"{label}.{name}" for label, names in rule.columns.items() for name in names]


def _rows(change: Change) -> list[Row]:
    return [
        Row(terms()[term].words, _("%(count)d 筆") % {"count": count}, _("刪除")) for term, count in change.data.items()
    ]


def _actor(user: User, row: DisposalList) -> Actor:
    post = post_for(user, DATA_PROPOSERS, row.county)
    return Actor(user, post.label if post else "")


def _key(row: DisposalList) -> str:
    return f"privacy.disposal:{row.pk}"


def _url(row: DisposalList) -> str:
    return reverse("privacy:disposal", args=[row.pk])


KIND = register(
    Kind(
        name="privacy.disposal",
        label=_l("銷毀期滿的個人資料"),
        proposers=DATA_PROPOSERS,
        confirmers=DATA_CONFIRMERS,
        rows=_rows,
        apply=_apply,
        page=lambda change: reverse("privacy:disposal", args=[int(change.subject)]),
    )
)
