"""What the office does to many rows of its lists at once: receive and reassign cases, urge missed deadlines, issue letters."""

import datetime as dt
import re
from collections.abc import Sequence

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext

from grants.enums import RUNNING, DeadlineKind, LetterStatus
from grants.letters import names
from grants.models import Application, Award, Deadline, Letter
from grants.queries import scope
from grants.queries.applications.running import under_way
from grants.queries.desk.handovers import belongs, officers_of
from grants.services.awards import progress
from grants.services.desk import handover
from grants.services.letters import dispatch, terms
from grants.services.reminders import urging
from grants.services.reviews import checks
from grants.workflow import applications, letters
from miaoli_kaohsiung.accounts.audiences import CASE_HANDLERS, CASE_OFFICERS
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib import clock, dispatch_number
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.due_dates import reckoned
from miaoli_kaohsiung.lib.fields import RocDateField
from miaoli_kaohsiung.lib.lines import OneLineField
from miaoli_kaohsiung.lib.roc_date import format_roc, roc_year
from miaoli_kaohsiung.lists.bulk.kinds import Kind, Options, Planned, register

# What is counted up from letter to letter: the last digits before 號, with a branch letter behind them.
_COUNTED = re.compile(r"^(.*?)(\d+)([^\d]*)$")


def _label(case: Application) -> str:
    return f"{case.number} {case.organisation.name} {case.title}"


def _cases(user: User, keys: Sequence[int]) -> QuerySet[Application]:
    rows = scope.cases(user).filter(pk__in=keys).select_related("organisation", "scheme", "officer")
    return rows.order_by("status_since", "pk")


def _plan_receiving(user: User, keys: Sequence[int], options: Options) -> list[Planned]:
    planned = []
    for case in _cases(user, keys):
        answer = applications.TABLE.answer(case, "receive", user)
        url = reverse("grants:application_detail", args=[case.number])
        words = _("收件，接著檢核；%(day)s起等到現在") % {"day": format_roc(case.status_since)}
        planned.append(Planned(case.pk, _label(case), url, words, answer.reason))
    return planned


def _receive(user: User, key: int, options: Options) -> str:
    case = _cases(user, [key]).first()
    if case is None:
        raise Refused(_("找不到這一件，或不是您可以辦的案件。"))
    row = checks.receive(user, case)
    return _("已收件，由%(name)s承辦") % {"name": row.officer}


def _fields_of_reassigning(user: User, keys: Sequence[int]) -> dict[str, forms.Field]:
    people = officers_of({case.county for case in _cases(user, keys)})
    return {
        "officer": forms.ChoiceField(
            label=_l("改由誰承辦"), choices=[("", "—"), *((str(person.pk), str(person)) for person in people)]
        ),
        "reason": OneLineField(label=_l("原因"), max_length=200, help_text=_l("例如：分案、請假、平均案量。")),
    }


def _plan_reassigning(user: User, keys: Sequence[int], options: Options) -> list[Planned]:
    """Say of each case who has it and who gets it; one that cannot pass says why."""
    cases = _cases(user, keys)
    open_ones = set(under_way(cases).values_list("pk", flat=True))
    taker = _taker(options, {case.county for case in cases})
    planned = []
    for case in cases:
        refusal = "" if case.pk in open_ones else _("已經辦完，不用改派。")
        if taker and not refusal:
            refusal = _unfit(taker, case)
        params = {"giver": case.officer or _("還沒有人"), "taker": taker or _("上面選的人")}
        words = _("由%(taker)s承辦（現在：%(giver)s）") % params
        url = reverse("grants:application_detail", args=[case.number])
        planned.append(Planned(case.pk, _label(case), url, words, refusal))
    return planned


def _taker(options: Options, counties: set[str]) -> User | None:
    return next((person for person in officers_of(counties) if str(person.pk) == options.get("officer")), None)


def _unfit(taker: User, case: Application) -> str:
    if case.officer_id == taker.pk:
        return _("已經由%(name)s承辦。") % {"name": taker}
    return _("%(name)s是申請單位的人員，要迴避。") % {"name": taker} if belongs(taker, case) else ""


def _reassign(user: User, key: int, options: Options) -> str:
    case = under_way(_cases(user, [key])).first()
    taker = _taker(options, {case.county}) if case else None
    if case is None or taker is None:
        raise Refused(_("這一件或這位承辦人已經變動，請重新改派。"))
    if reason := _unfit(taker, case):
        raise Refused(reason)
    handover.assign(user, case, taker, options["reason"])
    return _("改由%(name)s承辦") % {"name": taker}


def _deadlines(user: User, keys: Sequence[int]) -> QuerySet[Deadline]:
    rows = Deadline.objects.filter(pk__in=keys, application__in=scope.cases(user))
    return rows.select_related("application__organisation").order_by("due_on", "pk")


def _plan_urging(user: User, keys: Sequence[int], options: Options) -> list[Planned]:
    planned = []
    for deadline in _deadlines(user, keys):
        case, refusal = deadline.case, ""
        if deadline.done_on is not None or deadline.due_on >= clock.today():
            refusal = _("已經辦了，或還沒有逾期。")
        kind = DeadlineKind(deadline.kind).label
        words = _("催辦%(kind)s，期限 %(day)s") % {"kind": kind, "day": reckoned(deadline.due_on)}
        url = reverse("grants:application_detail", args=[case.number])
        planned.append(Planned(deadline.pk, _label(case), url, words, refusal))
    return planned


def _urge(user: User, key: int, options: Options) -> str:
    deadline = _deadlines(user, [key]).first()
    if deadline is None:
        raise Refused(_("找不到這一件，或不是您可以辦的案件。"))
    count = urging.urge(user, deadline)
    return ngettext("已通知 %(count)d 人。", "已通知 %(count)d 人。", count) % {"count": count}


def _awards(user: User, keys: Sequence[int]) -> QuerySet[Award]:
    rows = scope.awards(user).filter(pk__in=keys).select_related("application__organisation")
    return rows.order_by("ends_on", "pk")


def _plan_asking(user: User, keys: Sequence[int], options: Options) -> list[Planned]:
    return [
        Planned(
            award.pk,
            _label(award.application),
            reverse("grants:award_detail", args=[award.number]),
            _("請說明進度，執行期間到 %(day)s") % {"day": format_roc(award.ends_on)},
            "" if award.status in RUNNING else _("已經不在執行中。"),
        )
        for award in _awards(user, keys)
    ]


def _ask_progress(user: User, key: int, options: Options) -> str:
    award = _awards(user, [key]).first()
    if award is None:
        raise Refused(_("找不到這一件，或不是您可以辦的案件。"))
    count = progress.ask_progress(user, award)
    return ngettext("已通知 %(count)d 人。", "已通知 %(count)d 人。", count) % {"count": count}


class _NumberField(OneLineField):
    """The dispatch number of the first letter, as the document system gave it."""

    def clean(self, value: object) -> str:
        typed = super().clean(value)
        try:
            return dispatch_number.read(typed)
        except ValueError as unreadable:
            raise ValidationError(str(unreadable)) from unreadable


def counted_up(number: str, more: int) -> str:
    """Return the dispatch number that comes so many after this one: 第0990001239號, 1 → 第0990001240號."""
    found = _COUNTED.match(number)
    if found is None or not more:
        return number
    before, digits, after = found.groups()
    year = f"{roc_year(clock.today().year):03}"
    if digits.startswith(year) and len(digits) > len(year):
        # The year is no part of what is counted: after 0999999 comes 09910000.
        before, digits = before + year, digits.removeprefix(year)
    return f"{before}{int(digits) + more:0{len(digits)}}{after}"


def _letters(user: User, keys: Sequence[int]) -> QuerySet[Letter]:
    rows = scope.letters(user).filter(pk__in=keys)
    return rows.select_related("application__organisation", "application__scheme", "organisation").order_by("pk")


def _fields_of_issuing(user: User, keys: Sequence[int]) -> dict[str, forms.Field]:
    first = _letters(user, keys).first()
    example = names.example_number(names.receiver_of(first), clock.today()) if first else ""
    return {
        "number": _NumberField(
            label=_l("第一件的發文字號"),
            max_length=dispatch_number.MOST,
            help_text=_l("例如 %(example)s；後面各件依序加一。已經填了字號的函，用它自己的字號。")
            % {"example": example},
        ),
        "on": RocDateField(label=_l("發文日期"), initial=clock.today()),
        "guessed": forms.BooleanField(label=_l("沒有行事曆的年度，期限照週六、週日推算，我已經核對"), required=False),
    }


def _plan_issuing(user: User, keys: Sequence[int], options: Options) -> list[Planned]:
    """Say which number each letter gets; one that cannot be issued uses up none."""
    planned, used = [], 0
    on = dt.date.fromisoformat(options["on"]) if options.get("on") else clock.today()
    for letter in _letters(user, keys):
        refusal = _refusal(user, letter, on, guessed=bool(options.get("guessed")))
        own = letter.context.get("sending", {}).get("number", "")
        number = own or (counted_up(options["number"], used) if options.get("number") else "")
        if not refusal and not own:
            used += 1
        words = _("發文，%(number)s") % {"number": number or _("字號依上面填的編")}
        url = reverse("grants:letter_detail", args=[letter.pk])
        label = f"{letter.get_kind_display()} {letter.case_number} {letter.addressee or letter.originals}"
        detail = {"number": number} if number and not refusal else {}
        planned.append(Planned(letter.pk, label, url, words, refusal, detail))
    return planned


def _refusal(user: User, letter: Letter, on: dt.date, *, guessed: bool) -> str:
    """Return why the letter cannot be issued on the day, "" if it can."""
    if letter.status != LetterStatus.DRAFT:
        return _("已經發文或取消了。")
    if not (answer := letters.TABLE.answer(letter, "issue", user)):
        return answer.reason
    final = dispatch.ready(user, letter, on)
    days = terms.days_of(final, on)
    if found := dispatch.objections(final, on, days):
        return "".join(objection.reason for objection in found)
    return _("函裡有依週六、週日推算的期限，請先勾選確認。") if not guessed and dispatch.guessed(final, days) else ""


def _issue(user: User, key: int, options: Options) -> str:
    letter = _letters(user, [key]).first()
    if letter is None or not options.get("number"):
        raise Refused(_("這份函在確認的時候還不能發文，請單獨辦理。"))
    on = dt.date.fromisoformat(options["on"])
    row = dispatch.issue(
        user, letter, dispatch_number=options["number"], dispatched_on=on, guessed_days=options["guessed"]
    )
    return _("已發文，%(number)s") % {"number": row.dispatch_number}


RECEIVE = register(
    Kind("case.receive", _l("收件"), _l("收下勾選的案件，由您承辦。"), CASE_OFFICERS, _plan_receiving, _receive)
)
REASSIGN = register(
    Kind(
        "case.reassign",
        _l("改派承辦人"),
        _l("把勾選的案件交給一位承辦人，逐件留下紀錄並通知他。"),
        CASE_HANDLERS,
        _plan_reassigning,
        _reassign,
        _fields_of_reassigning,
    )
)
URGE = register(
    Kind("deadline.urge", _l("催辦"), _l("通知勾選的單位，請他們補辦逾期的事。"), CASE_HANDLERS, _plan_urging, _urge)
)
ASK_PROGRESS = register(
    Kind(
        "award.ask_progress",
        _l("請單位說明進度"),
        _l("通知勾選的單位，請他們先記已有的單據，辦不完的及早申請變更。"),
        CASE_HANDLERS,
        _plan_asking,
        _ask_progress,
    )
)
ISSUE = register(
    Kind(
        "letter.issue",
        _l("發文"),
        _l("核對每一件的字號，確認後發文並鎖定。"),
        CASE_HANDLERS,
        _plan_issuing,
        _issue,
        _fields_of_issuing,
    )
)
