"""What happens next with a case: who does it, by when, and the one button for it."""

import datetime as dt
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from communities.queries import expired_chairs
from grants.enums import BEING_CHECKED, AwardStatus
from grants.enums import ApplicationStatus as S
from grants.models import Application
from grants.permissions import is_chair, post_for, taken_in
from grants.queries.applications.officers import handler_of
from grants.queries.desk.queues import BY_KIND
from grants.queries.payments import award_of
from grants.workflow import letters
from grants.workflow.applications import TABLE
from grants.workflow.core import Move
from miaoli_kaohsiung.accounts.audiences import AWARD_READERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.heads import said_of
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib import clock, roc_date
from miaoli_kaohsiung.lib.due_dates import due_in_words

# Who holds a case, in the words that others read.
HOLDERS = {
    Role.TOWNSHIP_OFFICER: _l("公所承辦人"),
    Role.CASE_OFFICER: _l("縣府承辦人"),
    Role.APPROVER: _l("縣府主管"),
}


@dataclass(frozen=True)
class Next:
    """The next step for partials/next.html. `state` is "" if it is one's own turn, "waits" if another's, "late" if
    overdue.
    """

    text: str
    sub: str = ""
    state: str = ""
    url: str = ""
    label: str | Promise = ""
    # The address to which the button posts, instead of `url`.
    action: str = ""


def next_of(case: Application, user: User) -> Next:
    """Return the first panel of the case page for this person."""
    own = post_for(user, case, Role.MEMBER) is not None
    usual = TABLE.usual(case.status)
    if usual is None:
        if case.status == S.APPROVED:
            return _approved(case, own, reads_award=post_for(user, case, AWARD_READERS) is not None)
        return _ended(case)
    match case.status:
        case S.DRAFT if case.chair_note:
            text = _returned(case)
            return Next(text, _window(case), "", _at("grants:application_edit", case), _("接著修改"))
        case S.DRAFT:
            return _turn(case, usual, _window(case))
        case S.AWAITING_CHAIR if is_chair(user, case):
            return _turn(case, usual, _window(case))
        case S.AWAITING_CHAIR:
            text = _("等%(head)s登入確認送件") % {"head": case.organisation.head_word}
            return Next(text, _term_over(case) or _window(case), "waits")
        case S.CORRECTION_REQUESTED if own:
            return _correction(case, user, usual)
        case S.CORRECTION_REQUESTED if _overdue(case) and (late := _overdue_turn(case, user)):
            return late
        case S.CORRECTION_REQUESTED if case.correction_due_on is None:
            return _letter_missing(case, user)
    if case.status in BEING_CHECKED and post_for(user, case, Role.REVIEWER):
        if asked := case.assignments.filter(reviewer=user, submitted_on__isnull=True).first():
            queue = BY_KIND["score"]
            return Next(_("請您審查並評分"), _by(asked.due_on), "", _at(queue.route, case), queue.label)
    return _with_the_holder(case, user, usual)


def _turn(case: Application, usual: Move, sub: str, state: str = "") -> Next:
    """Return the usual move for the person who makes it."""
    address, asks = _at(usual.screen.page, case), said_of(usual.asks, case.organisation.head_word)
    if usual.screen.at_once:
        return Next(asks, sub, state, label=str(usual.label), action=address)
    return Next(asks, sub, state, address, usual.button)


def _with_the_holder(case: Application, user: User, usual: Move) -> Next:
    """Return the move for whoever holds the case; others read who holds it and since when."""
    held = _at_township(case)
    if post_for(user, case, usual.roles):
        return _turn(case, usual, _("由您辦理，%(since)s等候") % {"since": _since(case)} + held)
    role = usual.roles[0]
    who = HOLDERS.get(role, case.organisation.name)
    if role == Role.CASE_OFFICER and (handler := handler_of(case)):
        who = str(handler)
    due = case.correction_due_on if case.status == S.CORRECTION_REQUESTED else None
    sub = _("由%(who)s辦理。%(since)s") % {"who": who, "since": _by(due) if due else _since(case)}
    return Next(said_of(usual.waits, case.organisation.head_word), sub + held, "waits")


def _at_township(case: Application) -> str:
    """Return how many days the case has lain at the township's office; "" elsewhere and on the first day."""
    days = (clock.today() - case.status_since).days if case.status == S.TOWNSHIP_REVIEW else 0
    return _("，在公所已 %(days)d 天") % {"days": days} if days else ""


def _overdue_turn(case: Application, user: User) -> Next | None:
    """Return the decision about an overdue correction, for the office that asked for it; only the county may refuse the
    case.
    """
    if _asked_at(case) == S.TOWNSHIP_REVIEW:
        queue, role, text = BY_KIND["overdue_first"], Role.TOWNSHIP_OFFICER, _("補正期限已過，請決定要不要再給期限")
    else:
        queue, role, text = BY_KIND["overdue"], Role.CASE_OFFICER, _("補正期限已過，請決定：再給期限，或不予受理")
    if post_for(user, case, role) is None:
        return None
    assert case.correction_due_on is not None
    return Next(text, _by(case.correction_due_on), "late", _at(queue.route, case), queue.label)


def _at(route: str, case: Application) -> str:
    return reverse(route, args=[case.number])


def _letter_missing(case: Application, user: User) -> Next:
    """Return the panel while the letter that asks for the correction is not issued: no period runs before."""
    if post_for(user, case, Role.CASE_OFFICER):
        text = _("補正函還沒有發文，請核對後發文；發文後期限才開始算")
        drafts = reverse("grants:letter_list") + "?status=draft"
        return Next(text, _since(case), "", drafts, letters.TABLE["issue"].button)
    return Next(_("縣府的補正函還沒有發出，申請單位可以先補正"), _since(case), "waits")


def _correction(case: Application, user: User, usual: Move) -> Next:
    due, late = case.correction_due_on, "late" if _overdue(case) else ""
    sub = _by(due) if due else _("縣府的補正函還沒有發出，期限從送達起算。")
    if case.corrections.filter(answered_on__isnull=True, handed_on__isnull=False).exists():
        page = _at("grants:application_review", case)
        if is_chair(user, case):
            return Next(_("承辦人已補正，請您看過後送回"), sub, late, page, _("看內容並送回"))
        text = _("已送請%(head)s，等%(head)s登入送回") % {"head": case.organisation.head_word}
        return Next(text, sub, late or "waits", page, _("看補正內容"))
    turn = _turn(case, usual, sub, late)
    if case.chair_note:
        return replace(turn, text=_returned(case))
    return turn


def _returned(case: Application) -> str:
    return _("%(head)s請承辦人修改：%(note)s") % {"head": case.organisation.head_word, "note": case.chair_note}


def _overdue(case: Application) -> bool:
    return case.correction_due_on is not None and case.correction_due_on < clock.today()


def _term_over(case: Application) -> str:
    """Return why nobody can confirm if the chairperson's term is over with nobody elected since."""
    term = expired_chairs().filter(organisation=case.organisation_id).first()
    if term is None:
        return ""
    assert term.valid_to is not None
    words = _("%(head)s任期到 %(day)s，不能確認送件。請辦理改選，或請縣府承辦人登錄延任。")
    return words % {"head": case.organisation.head_word, "day": roc_date.format_roc(term.valid_to)}


def _approved(case: Application, own: bool, *, reads_award: bool) -> Next:
    words = {
        AwardStatus.CLOSED: _("這一案已經結案"),
        AwardStatus.NOT_EXECUTED: _("這一案登記為計畫未執行"),
        AwardStatus.REVOKED: _("這一案已經廢止核定"),
        AwardStatus.GIVEN_UP: _("申請單位放棄這一案，縣府已同意"),
    }
    award = award_of(case)
    status = AwardStatus(award.status) if award else AwardStatus.ACTIVE
    text = words.get(status, _("已核定，接下來是請款和結報"))
    if not reads_award:
        return Next(text, "", "waits")
    turn = own and status not in words
    return Next(text, "", "" if turn else "waits", _at("grants:award_detail", case), _("看核定與撥款"))


def _ended(case: Application) -> Next:
    return Next(_("這一件已經結束：%(status)s") % {"status": case.get_status_display()}, _since(case), "waits")


def _window(case: Application) -> str:
    """Return until when the case can be filed, or why it cannot be filed today."""
    today = clock.today()
    window = case.scheme.window_on(today)
    if window is None:
        return taken_in(case.scheme, today).reason
    return _("受理到%(by)s") % {"by": due_in_words(window.closes_on, today)} if window.closes_on else ""


def _since(case: Application) -> str:
    return _("%(day)s起") % {"day": roc_date.format_roc(case.status_since)}


def _by(due: dt.date) -> str:
    return _("期限：%(by)s") % {"by": due_in_words(due, clock.today())}


def _asked_at(case: Application) -> S:
    """Return the status of the office that sent the case back for correction."""
    if not case.terms.township_first or case.status != S.CORRECTION_REQUESTED:
        return S.COMPLETENESS_CHECK
    return S.TOWNSHIP_REVIEW if case.waits_at_township else S.COMPLETENESS_CHECK


def stages(case: Application) -> list[dict[str, str]]:
    """Return the stages for the track across the top of the case page."""
    names: list[tuple[str, str]] = [(S.DRAFT, _("填寫")), (S.SUBMITTED, _("送件"))]
    if case.terms.township_first:
        # A case at the township counts as filed; the county's counter comes next.
        names[1:] = [(S.TOWNSHIP_REVIEW, _("公所初審")), (S.SUBMITTED, _("縣府收件"))]
    names += [
        (S.COMPLETENESS_CHECK, _("收件檢核")),
        (S.UNDER_REVIEW, _("審查")),
        (S.PROPOSED, _("核定")),
        (S.APPROVED, _("撥款結報")),
    ]
    places: dict[str, str] = {
        S.AWAITING_CHAIR: S.DRAFT,
        S.CORRECTION_REQUESTED: _asked_at(case),
        S.REJECTED: S.PROPOSED,
        S.NOT_ACCEPTED: S.COMPLETENESS_CHECK,
        S.WITHDRAWN: S.DRAFT if case.first_filed_on is None else S.SUBMITTED,
    }
    at = places.get(case.status, case.status)
    place = [status for status, _name in names].index(at)
    return [
        {"label": name, "state": "done" if i < place else "now" if i == place else "todo"}
        for i, (_status, name) in enumerate(names)
    ]
