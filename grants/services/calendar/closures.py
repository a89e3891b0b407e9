"""停班停課: one officer declares that offices were closed on a day, and what ends on it moves to the next workday at once.

Waiting for a second signature while the storm rages would help nobody; so another person of the county is asked to look
at it afterwards, and a wrong entry is taken back.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from communities import places
from communities.queries import township_name, townships_of
from grants.models import Closure, DueMove, ReviewAssignment
from grants.queries.calendar import book
from grants.queries.calendar.book import Book
from grants.queries.calendar.running import Planned, Running, moves_of, of_move, planned, running
from grants.services import notices
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import holders_of, post_with
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import ALLOW, Answer, Refused, deny, require
from miaoli_kaohsiung.lib.locks import lock
from miaoli_kaohsiung.lib.roc_date import format_roc
from miaoli_kaohsiung.notices.services import close

from .moves import Reason, hold_calendar, put_back, shift

DECLARE = actions.register("closure.declare", _l("登錄停班停課"))
SEEN = actions.register("closure.seen", _l("核對停班停課"))
TAKE_BACK = actions.register("closure.take_back", _l("取消停班停課的登錄"))
# How far back a day may be declared: an entry that somebody forgot, not history. It is announced the evening before.
DAYS_BACK, DAYS_AHEAD = 60, 1


@dataclass(frozen=True)
class Declared:
    """A closure as an officer declares it. Without `townships` it is the whole county."""

    county: str
    on: dt.date
    townships: tuple[str, ...]
    reason: str

    @property
    def closed(self) -> book.Closed:
        return book.Closed(self.county, self.on, frozenset(self.townships))


def may_declare(user: User, county: str) -> Answer:
    if post_with(user, CASE_HANDLERS, county=county):
        return ALLOW
    return deny(_("停班停課由本縣的承辦人或主管登錄。"))


def may_look(user: User, closure: Closure) -> Answer:
    """Allow another person of the county than the one who declared it to say that it is right."""
    if closure.declared_by_id == user.pk:
        return deny(_("登錄的人不能自己核對，請另一位同仁核對。"))
    if closure.taken_back_on or closure.seen_on:
        return deny(_("這一筆已經核對或取消了。"))
    return may_declare(user, closure.county)


def preview(declared: Declared) -> list[Planned]:
    """Return what would move. Raises Refused for a day that cannot be declared."""
    now = book.read()
    _refuse_unfit(declared, now)
    return _plans(declared.closed, now.and_closed(declared.closed))


def declare(user: User, declared: Declared) -> tuple[Closure, list[DueMove]]:
    """Keep the closure and move what ends on its day; a second time, or for a part of what is closed already, nothing
    changes. Raises Refused for another county's officer and for a day that cannot be declared.
    """
    with trail.unit_of_work(_actor(user, declared.county)):
        require(may_declare(user, declared.county))
        hold_calendar()
        now = book.read()
        if known := _known(declared):
            return known, []
        _refuse_unfit(declared, now)
        row = Closure.objects.create(
            county=declared.county,
            on=declared.on,
            townships=sorted(declared.townships),
            reason=declared.reason,
            declared_by=user,
            declared_on=clock.today(),
        )
        book.KEPT.forget_on_commit()
        after = {"on": row.on, "townships": row.townships, "reason": row.reason}
        trail.record(DECLARE, row, after=after)
        moved = shift(_plans(declared.closed, now.and_closed(declared.closed)), Reason(row, words(row)))
        _notify_offices(row, moved)
        return row, moved


def look(user: User, closure: Closure) -> Closure:
    """Note that a second person has looked at it and found it right."""
    with trail.unit_of_work(_actor(user, closure.county)):
        row = lock(Closure.objects.all(), pk=closure.pk)
        if row.seen_by_id == user.pk:
            return row
        require(may_look(user, row))
        row.seen_by, row.seen_on = user, clock.today()
        row.save(update_fields=["seen_by", "seen_on"])
        trail.record(SEEN, row, after={"seen_on": row.seen_on})
        close([_thread(row)])
        return row


def take_back(user: User, closure: Closure, why: str) -> tuple[Closure, int]:
    """Undo a wrong entry, and return how many days moved back. A second time nothing changes.

    What was done meanwhile, was set to another day, or whose earlier day is over while the later one still runs, stays:
    nobody becomes late by the county's mistake.
    """
    with trail.unit_of_work(_actor(user, closure.county)):
        require(may_declare(user, closure.county))
        hold_calendar()
        row = lock(Closure.objects.all(), pk=closure.pk)
        if row.taken_back_on is not None:
            return row, 0
        row.taken_back_by, row.taken_back_on, row.taken_back_why = user, clock.today(), why
        row.save(update_fields=["taken_back_by", "taken_back_on", "taken_back_why"])
        book.KEPT.forget_on_commit()
        trail.record(TAKE_BACK, row, after={"why": why})
        now, said = book.read(), _("%(day)s停止上班的登錄取消（%(why)s）") % {"day": format_roc(row.on), "why": why}
        moves = [*moves_of(row), *((move, of_move(move)) for move in _across(row))]
        back = sum(_undone(move, one, now, said) for move, one in reversed(moves))
        close([_thread(row)])
        _notify_of_taking_back(row, back)
        return row, back


def catch_up(day: dt.date) -> int:
    """Move what was counted onto a closed day after its declaration, for instance in the same moment; return how many."""
    recent = day - dt.timedelta(days=DAYS_BACK)
    if all(row.on < recent for row in book.current().closed):
        return 0
    hold_calendar()
    now = book.read()
    rows = Closure.objects.filter(taken_back_on=None, on__gte=recent)
    return sum(len(shift(_plans(book.closed_by(row), now), Reason(row, words(row)))) for row in rows)


def words(row: Closure) -> str:
    """Return why days move: 「99年9月20日停止上班（凡那比颱風）」, with the townships if it is not the whole county."""
    params = {"day": format_roc(row.on), "where": place(row), "why": row.reason}
    return _("%(day)s%(where)s停止上班（%(why)s）") % params


def place(row: Closure) -> str:
    return "、".join(township_name(code, row.on) for code in row.townships) if row.townships else _("全縣")


# --- Parts -----------------------------------------------------------------------------------------------------------------


def _actor(user: User, county: str) -> Actor:
    post = post_with(user, CASE_HANDLERS, county=county)
    return Actor(user, post.label if post else "")


def _refuse_unfit(declared: Declared, now: Book) -> None:
    today = clock.today()
    first, last = today - dt.timedelta(days=DAYS_BACK), today + dt.timedelta(days=DAYS_AHEAD)
    if not first <= declared.on <= last:
        days = {"first": format_roc(first), "last": format_roc(last)}
        raise Refused(_("只能登錄 %(first)s 到 %(last)s 的停班停課。") % days)
    if unknown := set(declared.townships) - {row.code for row in townships_of(declared.county)}:
        params = {"kinds": places.kinds(declared.county), "codes": "、".join(sorted(unknown))}
        raise Refused(_("本縣沒有這些%(kinds)s：%(codes)s。") % params)
    if not now.without_closures().of(declared.county).is_workday(declared.on):
        raise Refused(_("%(day)s本來就不上班，沒有期限在這一天結束。") % {"day": format_roc(declared.on)})


def _known(declared: Declared) -> Closure | None:
    """Return the closure that holds already, if the offices of all these places are closed on the day."""
    rows = list(Closure.objects.filter(county=declared.county, on=declared.on, taken_back_on=None).order_by("pk"))
    if whole := next((row for row in rows if not row.townships), None):
        return whole
    covered = {code for row in rows for code in row.townships}
    if not declared.townships or not set(declared.townships) <= covered:
        return None
    return next(row for row in rows if set(row.townships) & set(declared.townships))


def _plans(closed: book.Closed, then: Book) -> list[Planned]:
    found = [one for one in running([closed.on], [closed.county]) if closed.concerns(one.county, one.township)]
    return planned(found, then.of)


def _across(row: Closure) -> list[DueMove]:
    """Return the moves by other closures that went past this day because of it."""
    rows = DueMove.objects.filter(
        due_before__lt=row.on, due_after__gt=row.on, undone_on=None, closure__county=row.county
    )
    return list(rows.exclude(closure=row).order_by("pk"))


def _undone(move: DueMove, one: Running, now: Book, words: str) -> bool:
    """Return whether the move was taken back, wholly or in part."""
    if move.undone_on or not _ends_chain(move, one) or _done_since(move, one):
        return False
    to = now.of(one.county, one.township).next_workday(move.due_before)
    if to >= one.row.due_on:
        _hand_over(move, one)
        return False
    if to < clock.today() <= one.row.due_on:
        return False
    put_back(move, one, to, words)
    return True


def _ends_chain(move: DueMove, one: Running) -> bool:
    """Return whether the row still has the day that this move, and moves that follow from it, gave it."""
    same = {"deadline": move.deadline_id, "duty": move.duty_id, "assignment": move.assignment_id}
    day = move.due_after
    for later in DueMove.objects.filter(**same, undone_on=None, pk__gt=move.pk).order_by("pk"):
        if later.due_before != day:
            return False
        day = later.due_after
    return one.row.due_on == day


def _done_since(move: DueMove, one: Running) -> bool:
    row = one.row
    done = row.submitted_on if isinstance(row, ReviewAssignment) else row.done_on
    return done is not None and done >= move.moved_on


def _hand_over(move: DueMove, one: Running) -> None:
    """Let the move belong to another closure that keeps the day where it is."""
    others = Closure.objects.filter(county=one.county, on=move.due_before, taken_back_on=None)
    for other in others:
        if book.closed_by(other).concerns(one.county, one.township):
            move.closure = other
            move.save(update_fields=["closure"])
            return


def _thread(row: Closure) -> str:
    return f"closure:{row.pk}"


def _notify_offices(row: Closure, moved: list[DueMove]) -> None:
    """Notify the county's officers and approvers, who look at it, and the township offices of what moved."""
    found = [of_move(move) for move in moved]
    subject = _("停班停課：%(what)s") % {"what": words(row)}
    body = _("由%(who)s登錄，%(count)d 個期限順延到下一個上班日。請核對日期和地區；登錄錯的可以取消。")
    said = notices.Words(
        subject,
        body % {"who": row.declared_by, "count": len(found)},
        reverse("grants:closure", args=[row.pk]),
    )
    people = notices.others_than(row.declared_by, *(holders_of(role, county=row.county) for role in CASE_HANDLERS))
    notices.send(people, "closure.declared", _thread(row), said, at_once=True)
    counts = Counter(one.township for one in found if one.township)
    for code, count in counts.items():
        office = holders_of(Role.TOWNSHIP_OFFICER, county=row.county, township_code=code)
        body = _("貴所轄區有 %(count)d 個期限順延到下一個上班日，協會已收到通知。") % {"count": count}
        url = reverse("grants:office_calendar", args=[row.county, row.on.year])
        notices.send(
            office, "closure.township", f"{_thread(row)}:{code}", notices.Words(subject, body, url), at_once=True
        )


def _notify_of_taking_back(row: Closure, back: int) -> None:
    subject = _("停班停課的登錄已取消：%(what)s") % {"what": words(row)}
    body = _("%(why)s。改回 %(count)d 個期限。") % {"why": row.taken_back_why, "count": back}
    said = notices.Words(subject, body, reverse("grants:closure", args=[row.pk]))
    assert row.taken_back_by is not None
    people = notices.others_than(
        row.taken_back_by, *(holders_of(role, county=row.county) for role in CASE_HANDLERS), [row.declared_by]
    )
    notices.send(people, "closure.taken_back", f"{_thread(row)}:back", said, at_once=True)
