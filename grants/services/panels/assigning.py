"""Asking reviewers about many cases in one go, so that each case gets as many and nobody gets more than the others.

For each case in the order of the numbers: whoever has the fewest cases waiting comes first, and of several the one who
stands first in the roster. Whoever has an interest in the case, or is not asked about its programme or township, is passed
over. So the same rows give the same panels, and the preview says why.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from communities.places import TOWNSHIP
from grants.enums import BEING_CHECKED
from grants.models import Application, ReviewAssignment, ReviewerRemit
from grants.permissions import holds
from grants.queries import scope
from grants.queries.panels.interests import apart_in
from grants.queries.panels.roster import APART, loads, remits_of, roster
from grants.services.reviews import reviewers
from miaoli_kaohsiung.accounts.audiences import CASE_OFFICERS
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib import clock, natural, office_calendar
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.fields import RocDateField
from miaoli_kaohsiung.lists.bulk.kinds import Kind, Options, Planned, register

# How many reviewers a case gets at most, and unless another number is chosen; how many days they have.
MOST, USUAL, DAYS = 9, 3, 14


@dataclass(frozen=True)
class Choice:
    """Whom a case gets, each with the cases that waited for them before it; or why it gets nobody."""

    people: list[tuple[User, int]] = field(default_factory=list)
    refusal: str = ""


@dataclass
class Bench:
    """A county's reviewers in the order of the roster with what is known of them; `loads` grows as they are chosen."""

    people: Sequence[User]
    remits: Mapping[int, ReviewerRemit]
    loads: dict[int, int]
    apart: Mapping[int, set[int]]

    def choose(self, case: Application, asked: Sequence[int], size: int) -> Choice:
        """Choose so many that the case has `size`; `asked` review it already."""
        missing = size - len(asked)
        if missing <= 0:
            return Choice(refusal=_("已經有 %(count)d 位委員，不必再派。") % {"count": len(asked)})
        free = [person for person in self.people if person.pk not in asked and self._may(person, case)]
        if len(free) < missing:
            words = _("能派的委員只有 %(free)d 位，還缺 %(missing)d 位；請放寬委員的審查範圍，或單獨指派。")
            return Choice(refusal=words % {"free": len(free), "missing": missing})
        first = sorted(free, key=lambda person: self.loads[person.pk])[:missing]
        found = [(person, self.loads[person.pk]) for person in first]
        for person in first:
            self.loads[person.pk] += 1
        return Choice(found)

    def _may(self, person: User, case: Application) -> bool:
        if person.pk in self.apart.get(case.pk, ()):
            return False
        remit = self.remits.get(person.pk)
        return remit is None or remit.covers(case)


def bench_of(county: str, cases: Sequence[Application]) -> Bench:
    """Return the county's reviewers for these cases, in a few queries for any number of cases."""
    people = list(roster(county))
    return Bench(people, remits_of(county), loads(county, people), apart_in(cases, people))


def _plan(user: User, keys: Sequence[int], options: Options) -> list[Planned]:
    cases = list(_cases(user, keys))
    size = int(options.get("size") or USUAL)
    asked = _asked(cases)
    benches = {
        county: bench_of(county, [case for case in cases if case.county == county])
        for county in sorted({case.county for case in cases})
    }
    planned = []
    for case in cases:
        choice = _choice(user, case, benches[case.county], asked[case.pk], size)
        detail = {"reviewers": [person.pk for person, _load in choice.people]} if choice.people else {}
        url = reverse("grants:application_detail", args=[case.number])
        planned.append(Planned(case.pk, _label(case), url, _said(choice), choice.refusal, detail))
    return planned


def _choice(user: User, case: Application, bench: Bench, asked: list[int], size: int) -> Choice:
    if case.status not in BEING_CHECKED:
        return Choice(refusal=_("檢核或審查中的案件才能指派審查委員。"))
    if not (answer := holds(user, case, Role.CASE_OFFICER)):
        return Choice(refusal=answer.reason)
    return bench.choose(case, asked, size)


def _said(choice: Choice) -> str:
    people = [_("%(name)s（手上 %(count)d 件）") % {"name": person, "count": load} for person, load in choice.people]
    return _("請%(people)s審查") % {"people": "、".join(people)} if people else ""


def _asked(cases: Sequence[Application]) -> dict[int, list[int]]:
    """Return by case who reviews it; an interest takes the reviewer out."""
    found: dict[int, list[int]] = defaultdict(list)
    rows = ReviewAssignment.objects.filter(application__in=cases).exclude(interest=APART)
    for case, person in rows.values_list("application", "reviewer"):
        found[case].append(person)
    return found


def _assign(user: User, key: int, options: Options) -> str:
    case = _cases(user, [key]).first()
    if case is None or not options.get("reviewers"):
        raise Refused(_("這一件在確認的時候還不能指派，請單獨辦理。"))
    people = list(User.objects.filter(pk__in=options["reviewers"]))
    reviewers.assign(user, case, people, due_on=dt.date.fromisoformat(options["due_on"]))
    return _("已請%(people)s審查") % {"people": "、".join(str(person) for person in people)}


class _LaterDayField(RocDateField):
    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day and day <= clock.today():
            raise ValidationError(_("審查期限要在今天之後。"))
        return day


def _fields(user: User, keys: Sequence[int]) -> dict[str, forms.Field]:
    county = _cases(user, keys).values_list("county", flat=True).first() or ""
    due_on = office_calendar.of(county).next_workday(clock.today() + dt.timedelta(days=DAYS))
    sizes = [(number, _("%(number)d 位") % {"number": number}) for number in range(1, MOST + 1)]
    return {
        "size": forms.TypedChoiceField(
            label=_l("每件幾位委員"),
            choices=sizes,
            coerce=int,
            initial=USUAL,
            help_text=_l("已經派過的也算在內，只補不足的人數。"),
        ),
        "due_on": _LaterDayField(label=_l("審查期限"), initial=due_on),
    }


def _label(case: Application) -> str:
    return f"{case.number} {case.organisation.name} {case.title}"


def _cases(user: User, keys: Sequence[int]) -> Any:
    rows = scope.cases(user).filter(pk__in=keys).select_related("organisation", "scheme", "programme")
    return rows.order_by(natural.in_order("number"), "pk")


ASSIGN = register(
    Kind(
        "case.assign_reviewers",
        _l("指派審查委員"),
        format_lazy(
            _l(
                "手上未評分件數最少的委員先派，一樣多的照名冊順序；有利害關係的、不審這個類別或{kinds}的不派。每件人數相同。"
            ),
            kinds=TOWNSHIP,
        ),
        CASE_OFFICERS,
        _plan,
        _assign,
        _fields,
    )
)
