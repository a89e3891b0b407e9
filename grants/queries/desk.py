"""My desk: what waits for each post, the most urgent thing first.

One query counts everything that waits (each queue at most CAP, oldest first), and one more for each kind of object
fills the rows shown: however many cases there are, the desk looks at a few hundred index entries.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Case, DateField, F, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from communities.enums import AccountRequestStatus, Office, TierDecisionStatus
from communities.models import AccountRequest, TierDecision
from grants.duties import DUTIES, OF_ASSOCIATIONS
from grants.enums import ApplicationStatus as S
from grants.enums import AwardStatus, InstalmentStatus, LetterStatus, RulingStatus, SettlementStatus
from grants.models import (
    Application,
    Award,
    Duty,
    Envelope,
    Instalment,
    Letter,
    ReviewAssignment,
    Ruling,
    Sanction,
    Settlement,
    Waiver,
)
from grants.queries.duties import in_state, waiting
from grants.queries.schemes import EnvelopeUse, envelope_uses
from miaoli_kaohsiung.accounts.enums import COUNTY_STAFF, Role
from miaoli_kaohsiung.accounts.models import Post, User
from miaoli_kaohsiung.accounts.queries import posts_of
from miaoli_kaohsiung.lib import clock

CAP = 100
SHOWN = 15


@dataclass(frozen=True)
class Queue:
    """One kind of work. `text` says what to do; `late` marks what is overdue by nature; `of` finds it for a post.

    `url` is filled with the row's number. Queues stand in the order of urgency.
    """

    kind: str
    title: str
    text: str
    label: str
    url: str
    of: Callable[[Post, User, dt.date], QuerySet | None]
    due: str = ""
    late: bool = False
    list_url: str = ""


@dataclass(frozen=True)
class Task:
    """A row of the desk, in plain values. `amount` is whole NT dollars."""

    queue: Queue
    number: str
    who: str
    amount: int | None
    due_on: dt.date | None
    since: dt.date | None
    url: str


@dataclass(frozen=True)
class Count:
    queue: Queue
    number: int

    @property
    def more(self) -> bool:
        """More than were counted."""
        return self.number >= CAP


@dataclass(frozen=True)
class Desk:
    counts: list[Count]
    tasks: list[Task]

    @property
    def first(self) -> Task | None:
        return self.tasks[0] if self.tasks else None

    @property
    def total(self) -> int:
        return sum(count.number for count in self.counts)

    @property
    def more(self) -> bool:
        return any(count.more for count in self.counts)


def _for(role: Role, rows: Callable[[Post, User, dt.date], QuerySet | None]):
    return lambda post, user, today: rows(post, user, today) if post.role == role else None


def _own(status: str):
    """The officer's own cases in a status."""
    return _for(
        Role.CASE_OFFICER,
        lambda post, user, today: Application.objects.filter(county=post.county, officer=user, status=status),
    )


def _mine(**fields):
    return _for(
        Role.MEMBER,
        lambda post, user, today: Application.objects.filter(organisation_id=post.organisation_id, **fields),
    )


def _to_confirm(post: Post, user: User, today: dt.date) -> QuerySet | None:
    if post.role != Role.MEMBER or post.office != Office.CHAIRPERSON:
        return None
    return Application.objects.filter(organisation_id=post.organisation_id, status=S.AWAITING_CHAIR)


def _county_instalments(status: str):
    return lambda post, user, today: Instalment.objects.filter(status=status, award__county=post.county)


def _to_pay(post: Post, user: User, today: dt.date) -> QuerySet:
    """Not what this person asked for, approved or decided, nor what follows from vouchers they checked: another one
    pays it.
    """
    rows = _county_instalments(InstalmentStatus.APPROVED)(post, user, today)
    mine = Q(requested_by=user) | Q(approved_by=user) | Q(award__proposed_by=user) | Q(award__approved_by=user)
    return rows.exclude(mine).exclude(award__settlement__sums_checked_by=user)


def _settlements(status: str):
    return lambda post, user, today: Settlement.objects.filter(status=status, award__county=post.county)


def _late_settlements(post: Post, user: User, today: dt.date) -> QuerySet:
    unsettled = Q(settlement__isnull=True) | Q(settlement__status__in=[SettlementStatus.DRAFT])
    awards = Award.objects.filter(application__organisation_id=post.organisation_id, status=AwardStatus.ACTIVE)
    return awards.filter(unsettled, ends_on__lt=today)


def _overdue(post: Post, user: User, today: dt.date) -> QuerySet:
    cases = Application.objects.filter(county=post.county, officer=user, status=S.CORRECTION_REQUESTED)
    return cases.filter(correction_due_on__lt=today)


def _duties(post: Post, user: User, today: dt.date) -> QuerySet | None:
    """What a week or less is left for, for whoever writes it down; visits to associations have a queue of their own."""
    rows = waiting(Duty.objects.filter(due_on__lte=today + dt.timedelta(days=7)))
    if post.role == Role.MEMBER:
        mine = [key for key, duty in DUTIES.items() if duty.by == Role.MEMBER]
        own = Q(application__organisation_id=post.organisation_id) | Q(organisation_id=post.organisation_id)
        return rows.filter(own, key__in=mine)
    if post.role == Role.CASE_OFFICER:
        mine = [key for key, duty in DUTIES.items() if duty.by == post.role and key not in OF_ASSOCIATIONS]
        return rows.filter(county=post.county, key__in=mine)
    return None


def _visits(post: Post, user: User, today: dt.date) -> QuerySet:
    rows = waiting(Duty.objects.filter(due_on__lte=today + dt.timedelta(days=7)))
    return rows.filter(county=post.county, key="guidance")


def _unchecked(post: Post, user: User, today: dt.date) -> QuerySet:
    return in_state(Duty.objects.filter(county=post.county, organisation__isnull=False), "unchecked")


def _officers(rows: Callable[[Post, User, dt.date], QuerySet]):
    """For decisions that an officer or the approver may confirm, whoever did not record them."""
    return lambda post, user, today: (
        rows(post, user, today) if post.role in (Role.CASE_OFFICER, Role.APPROVER) else None
    )


def _waivers(post: Post, user: User, today: dt.date) -> QuerySet:
    rows = Waiver.objects.filter(application__county=post.county, status=RulingStatus.DRAFT)
    return rows.exclude(author=user)


def _sanctions(post: Post, user: User, today: dt.date) -> QuerySet:
    return Sanction.objects.filter(county=post.county, status=RulingStatus.DRAFT).exclude(recorded_by=user)


QUEUES = (
    Queue("overdue", _l("補正逾期"), _l("決定補正逾期的處理：再給期限，或不予受理"), _l("處理這一件"),
          "/applications/{}/correction/", _for(Role.CASE_OFFICER, _overdue), "correction_due_on", late=True,
          list_url="/applications/?status=correction_requested"),
    Queue("correct", _l("要補正"), _l("照通知補正，再由理事長送回"), _l("開始補正"), "/applications/{}/edit/",
          _mine(status=S.CORRECTION_REQUESTED), "correction_due_on"),
    Queue("confirm", _l("待您確認送件"), _l("看過內容後確認送件"), _l("看內容並送件"), "/applications/{}/edit/review/",
          _to_confirm),
    Queue("receipt", _l("要送領據"), _l("送領據，縣府收到後撥款"), _l("送領據請款"), "/awards/{}/",
          _for(Role.MEMBER, lambda post, user, today: Instalment.objects.filter(
              status=InstalmentStatus.AWAITING_RECEIPT, award__application__organisation_id=post.organisation_id)),
          "deadlines__due_on"),
    Queue("settle", _l("要結報"), _l("計畫已執行完畢，請辦理結報"), _l("辦理結報"), "/settlements/{}/",
          _for(Role.MEMBER, _late_settlements), "ends_on"),
    Queue("duty", _l("應辦事項"), _l("登錄這一項的紀錄"), _l("登錄"), "/tasks/{}/", _duties, "due_on", list_url="/tasks/"),
    Queue("guidance", _l("分級輔導"), _l("到社區輔導，登錄紀錄"), _l("登錄"), "/tasks/{}/",
          _for(Role.CASE_OFFICER, _visits), "due_on", list_url="/tasks/communities/?kind=guidance"),
    Queue("unchecked", _l("會務待確認"), _l("看協會登錄的會務、財務事項"), _l("看紀錄並確認"), "/tasks/{}/",
          _for(Role.CASE_OFFICER, _unchecked), list_url="/tasks/communities/?state=unchecked"),
    Queue("draft", _l("草稿"), _l("接著填寫"), _l("接著填寫"), "/applications/{}/edit/", _mine(status=S.DRAFT)),
    Queue("first_review", _l("待初審"), _l("初審後層轉縣府，或請協會補正"), _l("看案件"), "/applications/{}/",
          _for(Role.TOWNSHIP_OFFICER, lambda post, user, today: Application.objects.filter(
              township_code=post.township_code, county=post.county, status=S.TOWNSHIP_REVIEW))),
    Queue("decide", _l("待核定"), _l("核定、不予補助或退回"), _l("看建議並決定"), "/applications/{}/decision/",
          _for(Role.APPROVER, lambda post, user, today: Application.objects.filter(
              county=post.county, status=S.PROPOSED).exclude(proposals__decision="open", proposals__proposed_by=user)),
          list_url="/applications/?status=proposed"),
    Queue("receive", _l("待收件"), _l("收件"), _l("看案件並收件"), "/applications/{}/",
          _for(Role.CASE_OFFICER, lambda post, user, today: Application.objects.filter(
              county=post.county, status=S.SUBMITTED)), list_url="/applications/?status=submitted"),
    Queue("account", _l("帳號申請"), _l("有人申請帳號，打電話確認後開立或不開立"), _l("看申請"), "/registry/requests/{}/",
          _for(Role.CASE_OFFICER, lambda post, user, today: AccountRequest.objects.filter(
              county=post.county, status=AccountRequestStatus.WAITING)), list_url="/registry/requests/"),
    Queue("check", _l("待檢核"), _l("檢核文件與說明"), _l("開始檢核"), "/applications/{}/check/",
          _own(S.COMPLETENESS_CHECK), list_url="/applications/?status=completeness_check"),
    Queue("propose", _l("待提核定建議"), _l("提核定建議"), _l("提核定建議"), "/applications/{}/proposal/",
          _own(S.UNDER_REVIEW), list_url="/applications/?status=under_review"),
    Queue("letter", _l("待發函"), _l("核對函稿並發文"), _l("看函稿"), "/letters/{}/",
          _for(Role.CASE_OFFICER, lambda post, user, today: Letter.objects.filter(
              county=post.county, status=LetterStatus.DRAFT)), list_url="/letters/?status=draft"),
    Queue("payment", _l("待核付"), _l("核對領據後核付"), _l("看領據"), "/awards/{}/",
          _for(Role.CASE_OFFICER, _county_instalments(InstalmentStatus.REQUESTED)), list_url="/payments/"),
    Queue("pay", _l("待撥款"), _l("撥款並登記憑單"), _l("登記撥款"), "/awards/{}/",
          _for(Role.FINANCE_OFFICER, _to_pay), list_url="/payments/"),
    Queue("sums", _l("待核憑證"), _l("核對結報憑證"), _l("核憑證"), "/settlements/{}/",
          _for(Role.FINANCE_OFFICER, _settlements(SettlementStatus.SUBMITTED))),
    Queue("content", _l("待核成果"), _l("核對結報成果"), _l("核成果"), "/settlements/{}/",
          _for(Role.CASE_OFFICER, _settlements(SettlementStatus.SUMS_CHECKED))),
    Queue("accept", _l("待准予核銷"), _l("准予核銷"), _l("看結報"), "/settlements/{}/",
          _for(Role.APPROVER, _settlements(SettlementStatus.CONTENT_CHECKED))),
    Queue("score", _l("待審查"), _l("聲明利害關係並評分"), _l("審查這一件"), "/applications/{}/review/",
          _for(Role.REVIEWER, lambda post, user, today: ReviewAssignment.objects.filter(
              reviewer=user, submitted_on__isnull=True, application__county=post.county,
              application__status__in=[S.COMPLETENESS_CHECK, S.UNDER_REVIEW],
          ).exclude(interest=ReviewAssignment.Interest.CONFLICT)), "due_on"),
    Queue("tier", _l("分級待確認"), _l("確認社區分級"), _l("看分級建議"), "/registry/{}/",
          _for(Role.APPROVER, lambda post, user, today: TierDecision.objects.filter(
              organisation__county=post.county, status=TierDecisionStatus.PROPOSED).exclude(proposed_by=user))),
    Queue("ruling", _l("函釋待確認"), _l("確認函釋"), _l("看函釋"), "/rulings/{}/",
          _for(Role.APPROVER, lambda post, user, today: Ruling.objects.filter(
              scheme__county=post.county, status=RulingStatus.DRAFT).exclude(author=user)), list_url="/rulings/"),
    Queue("waiver", _l("個案同意待確認"), _l("看理由和簽文，確認或不同意"), _l("看個案同意"), "/applications/{}/waivers/",
          _officers(_waivers)),
    Queue("sanction", _l("停止申請處分待確認"), _l("看事實和理由，確認或不同意"), _l("看處分"), "/sanctions/{}/",
          _officers(_sanctions), list_url="/sanctions/"),
)  # fmt: skip

_TITLES = [When(key=key, then=Value(duty.title)) for key, duty in DUTIES.items()]
_KIND = Case(*_TITLES, output_field=TextField())
_DUTY_NAME = Coalesce("application__number", NullIf("title", Value("")), _KIND, output_field=TextField())
# Where each kind of row finds what the desk shows: number for the address, organisation, amount, since.
_COLUMNS = {
    Application: ("number", "number", "organisation__name", "requested_total", "status_since"),
    Award: ("number", "number", "application__organisation__name", "total", "approved_on"),
    Instalment: ("award__number", "award__number", "award__application__organisation__name", "amount", "requested_on"),
    Letter: ("pk", "application__number", "application__organisation__name", None, "prepared_on"),
    Settlement: ("number", "number", "award__application__organisation__name", "award__total", "submitted_on"),
    ReviewAssignment: ("application__number", "application__number", "application__organisation__name", None,
                       "assigned_on"),
    TierDecision: ("organisation_id", "organisation__name", "organisation__name", None, "proposed_on"),
    Duty: ("pk", _DUTY_NAME, Coalesce("application__organisation__name", "organisation__name"), None, "opened_on"),
    AccountRequest: ("pk", "organisation_name", "organisation_name", None, "requested_on"),
    Ruling: ("pk", "memo_number", "scheme__short_name", None, "recorded_on"),
    Waiver: ("application__number", "application__number", "application__organisation__name", None, "recorded_on"),
    Sanction: ("pk", "award__number", "organisation__name", "disallowed", "recorded_on"),
}  # fmt: skip


def desk_of(user: User) -> Desk:
    """What waits for all posts of the user, at most SHOWN rows."""
    arms, found = _arms(user), {}
    for kind, pk, due in _waiting(arms):
        found.setdefault(kind, []).append((pk, due))
    counts = [Count(queue, len(found[queue.kind])) for queue, _rows in arms if queue.kind in found]
    counts = list({count.queue.kind: count for count in counts}.values())
    return Desk(counts, _tasks(counts, found, {queue.kind: rows.model for queue, rows in arms}))


def envelopes_of(user: User) -> list[EnvelopeUse]:
    """This year's envelopes of the user's county, for those who decide on money."""
    counties = {post.county for post in posts_of(user) if post.role in COUNTY_STAFF}
    if not counties:
        return []
    return envelope_uses(Envelope.objects.filter(scheme__county__in=counties, year=clock.today().year))


def _arms(user: User) -> list[tuple[Queue, QuerySet]]:
    today = clock.today()
    found = ((queue, queue.of(post, user, today)) for queue in QUEUES for post in posts_of(user))
    return [(queue, rows) for queue, rows in found if rows is not None]


def _waiting(arms: Iterable[tuple[Queue, QuerySet]]) -> Iterable[tuple[str, int, dt.date | None]]:
    """(kind, key, due) of at most CAP rows a queue, those due first, then the oldest, in one query."""
    parts = [_capped(queue, rows) for queue, rows in arms]
    if not parts:
        return []
    return list(parts[0].union(*parts[1:], all=True)) if len(parts) > 1 else list(parts[0])


def _capped(queue: Queue, rows: QuerySet) -> QuerySet:
    due = F(queue.due) if queue.due else Value(None, output_field=DateField())
    named = rows.annotate(_kind=Value(queue.kind, output_field=TextField()), _due=due)
    order = (F("_due").asc(nulls_last=True), "pk") if queue.due else ("pk",)
    return named.order_by(*order).values_list("_kind", "pk", "_due")[:CAP]


def _tasks(counts: list[Count], found: dict[str, list], models: dict[str, type]) -> list[Task]:
    # A long queue must not hide the others.
    each = max(3, SHOWN // max(1, len(counts)))
    chosen = [(count.queue, pk, due) for count in counts for pk, due in found[count.queue.kind][:each]][:SHOWN]
    details: dict[tuple[type, int], tuple] = {}
    for model in {models[queue.kind] for queue, _pk, _due in chosen}:
        keys = [pk for queue, pk, _due in chosen if models[queue.kind] is model]
        columns = [column or Value(None, output_field=TextField()) for column in _COLUMNS[model]]
        for pk, *values in model.objects.filter(pk__in=keys).values_list("pk", *columns):
            details[model, pk] = tuple(values)
    return [
        Task(queue, str(number or queue.title), who or "", amount, due, since, queue.url.format(key))
        for queue, pk, due in chosen
        for key, number, who, amount, since in [details[models[queue.kind], pk]]
    ]


def entries_of(user: User) -> list[tuple[str, str, str]]:
    """(words, what is there, address) for posts that look after things rather than work a queue."""
    roles = {post.role for post in posts_of(user)}
    known = (
        (Role.AUDITOR, _("稽核紀錄"), _("誰在什麼時候做了什麼，並檢查紀錄有沒有被改過"), "/audit/"),
        (Role.AUDITOR, _("每日封存值"), _("和通知、紙本上的值核對"), "/audit/seals/"),
        (Role.AUDITOR, _("申請案"), _("全縣的案件，只供查閱"), "/applications/"),
        (Role.AUDITOR, _("撥款核銷"), _("每一件的領據、撥款和結報"), "/payments/"),
        (Role.AUDITOR, _("公文"), _("已發和待發的函"), "/letters/"),
        (Role.AUDITOR, _("函釋"), _("縣府訂的數字和解讀，以及依據"), "/rulings/"),
        (Role.ADMINISTRATOR, _("人員與職務"), _("停用帳號、職務起訖、重設第二道驗證"), "/accounts/people/"),
        (Role.ADMINISTRATOR, _("邀請"), _("請新的同仁開帳號，或取消邀請"), "/accounts/invitations/"),
        (Role.ADMINISTRATOR, _("排印公文"), _("把多件公文排成一個列印檔"), "/letters/print/"),
        (Role.ADMINISTRATOR, _("補助方案"), _("各方案的規定、額度和條文"), "/schemes/"),
        (Role.MEMBER, _("申請補助"), _("看有哪些補助，開始一件新的申請"), "/applications/new/"),
    )
    return [(title, text, url) for role, title, text, url in known if role in roles]
