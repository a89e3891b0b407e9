"""The check of two minutes: may we apply, for what, for how much. It asks only what can still change the result.

The answers are kept in the address of the page and nowhere else. The portal has no rule of its own here: every reason
is a finding of the engine about a case that holds the answers.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from communities.enums import OrganisationKind, Tier
from communities.queries import township_choices, township_name
from grants.models import Programme, Scheme
from grants.queries.applications.other_cases import NAMES_OF
from grants.rules import catalogue, engine, facts, own
from grants.rules.estimates import EACH, ESTIMATES, MOST_OF_A_UNIT, estimated_item
from grants.rules.findings import ERROR, INFO, PERSONS, TWD, WARNING, Finding
from grants.rules.ruleset import RuleSet
from miaoli_kaohsiung.accounts import counties
from miaoli_kaohsiung.lib import clock, roc_date
from miaoli_kaohsiung.lib.numbers import whole_number

from .rulesets import ruleset_for

COMPANY = "individual"
MOST_MONTHS = 36
FAR_ABOVE = 9_999_999
# Findings about what nobody has been asked yet, or about papers.
_NOT_REASONS = ("blank", "missing", "held", "notice")
# (clause, message, whether it stops) of each reason.
Outcome = tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True)
class Answers:
    """The answers given; "" if not given. `area` and `township` are codes, `starts` a day, `many` counts the unit of
    the programme's everyday plan.
    """

    kind: str = ""
    county: str = ""
    township: str = ""
    registered: str = ""
    served: str = ""
    programme: str = ""
    tier: str = ""
    area: str = ""
    starts: str = ""
    months: str = ""
    many: str = ""

    def pairs(self) -> list[tuple[str, str]]:
        """Return (name, answer) of the answers given, for addresses and hidden fields."""
        return [(name, value) for name in ORDER if (value := getattr(self, name))]

    @property
    def begins(self) -> dt.date | None:
        return dt.date.fromisoformat(self.starts) if self.starts else None

    @property
    def ends(self) -> dt.date | None:
        """The last day of the plan: the number of months from its first day."""
        if not (self.begins and self.months):
            return None
        month = self.begins.month - 1 + int(self.months)
        year, month = self.begins.year + month // 12, month % 12 + 1
        return dt.date(year, month, min(self.begins.day, 28)) - dt.timedelta(days=1)


ORDER = ("kind", "county", "township", "registered", "served", "programme", "tier", "area", "starts", "months", "many")
# Asked in any case: they choose the scheme, its programme and the size of the plan.
_ALWAYS = ("kind", "county", "programme")
_SUMS = ("starts", "months", "many")


@dataclass(frozen=True)
class Reason:
    """Why not, or what the county must be asked: a finding of the law with its clause."""

    clause: str
    label: str
    message: str
    stops: bool


@dataclass(frozen=True)
class Estimate:
    """The most that passes for an everyday plan, in whole NT dollars; `assumed` describes the plan, `notes` what the
    law says of so many people.
    """

    item: str
    amount: int
    arithmetic: str
    clause: str
    label: str
    assumed: str
    notes: tuple[str, ...] = ()


class Check:
    """One set of answers and the law of the day. Takes at most a few dozen evaluations, kept for the next page."""

    def __init__(self, answers: Answers, schemes: list[Scheme] | None = None) -> None:
        self.day = clock.today()
        every = schemes if schemes is not None else list(Scheme.objects.prefetch_related("programmes", "terms"))
        self.scheme = next((scheme for scheme in every if scheme.county == answers.county), None)
        self.programmes: list[Programme] = self.scheme.offered(self.day) if self.scheme else []
        self.ruleset: RuleSet | None = ruleset_for(self.scheme, self.day) if self.scheme else None
        self.answers = self._known(answers)

    def _known(self, answers: Answers) -> Answers:
        """Return only valid answers; an invalid one counts as not given, and so do later answers that rest on it."""
        for name in ORDER:
            value = getattr(answers, name)
            if value and not self._can_be(name, value, answers):
                answers = replace(answers, **{name: ""})
        return answers

    def _can_be(self, name: str, value: str, answers: Answers) -> bool:
        if name in ("months", "many"):
            most = MOST_MONTHS if name == "months" else MOST_OF_A_UNIT
            return 0 < (whole_number(value, digits=2) or 0) <= most
        if name == "starts":
            try:
                return self.day <= dt.date.fromisoformat(value) <= self.day + dt.timedelta(days=3 * 366)
            except ValueError:
                return False
        return value in dict(self.options(name, answers))

    def options(self, name: str, answers: Answers | None = None) -> list[tuple[str, str]]:
        """Return (value, words) to choose from."""
        county = (answers or self.answers).county
        if name == "kind":
            return [*((str(kind.value), str(kind.label)) for kind in OrganisationKind), (COMPANY, _("個人或公司行號"))]
        if name == "county":
            return counties.choices()
        if name in ("registered", "served"):
            return [("yes", _("是")), ("no", _("不是"))]
        if name in ("township", "area"):
            return township_choices(county) if county else []
        if name == "tier":
            return [*((str(tier.value), str(tier.label)) for tier in Tier), ("none", _("不知道，或還沒有分級"))]
        return [(programme.code, programme.name) for programme in self.programmes]

    # --- What to ask ----------------------------------------------------------------------------------------------

    def question(self) -> str:
        """The next question that can still change the result; "" once there is none."""
        for name in ORDER:
            if getattr(self.answers, name):
                continue
            if name in _SUMS:
                if any(reason.stops for reason in self.reasons()):
                    return ""
                if name != "many" or self.item:
                    return name
                continue
            outcomes = self._outcomes(name)
            if self._settled(outcomes):
                return ""
            if name in _ALWAYS or len(set(outcomes)) > 1:
                return name
        return ""

    def _outcomes(self, name: str) -> list[tuple[Outcome, ...]]:
        """Return what the law says for each possible answer to the question; if no programme is chosen yet, for the
        first and the last one.
        """
        if not self.ruleset:
            return []
        found = []
        for value, _words in self.options(name):
            answers = replace(self.answers, **{name: value})
            codes = [answers.programme] if answers.programme else [self.programmes[0].code, self.programmes[-1].code]
            found.append(tuple(_outcome(self.ruleset, self.day, replace(answers, programme=code)) for code in codes))
        return found

    @staticmethod
    def _settled(outcomes: list[tuple[Outcome, ...]]) -> bool:
        """Return whether every answer that can still be given is stopped."""
        return bool(outcomes) and all(any(stops for _clause, _message, stops in one) for row in outcomes for one in row)

    # --- The result ------------------------------------------------------------------------------------------------

    @property
    def programme(self) -> Programme | None:
        return next((row for row in self.programmes if row.code == self.answers.programme), None)

    @property
    def item(self) -> str | None:
        """The item on which the estimate for an everyday plan of the programme is based."""
        return estimated_item(catalogue.usual_codes(self.answers.programme))

    def reasons(self) -> list[Reason]:
        """Return why not, and what to ask the county; empty if nothing speaks against the answers given."""
        if not self.ruleset:
            return []
        code = self.answers.programme or self.programmes[0].code
        found = _outcome(self.ruleset, self.day, replace(self.answers, programme=code))
        return [Reason(clause, self._label(clause), message, stops) for clause, message, stops in found]

    def estimate(self) -> Estimate | None:
        """Return about how much at most: the engine names the limit of a line that asks for far more."""
        answers = self.answers
        if not (self.item and answers.many and answers.months and self.ruleset and self.programme):
            return None
        words, plan = ESTIMATES[self.item][2:]
        many, months = int(answers.many), int(answers.months)
        # Where each person has a limit of their own a month, one person is computed and multiplied.
        times = many if self.item in EACH else 1
        line = {"id": "1", "item": self.item, "requested": FAR_ABOVE, **plan(many // times, months)}
        found = engine.evaluate(_case(self.day, answers, [line], self.ruleset), self.ruleset).findings
        bounds = [f for f in found if f.unit == TWD and f.suggested is not None and f.line in ("1", None)]
        if not bounds:
            return None
        least = min(bounds, key=lambda f: f.suggested)
        how = least.arithmetic or least.message.partition("，超出")[0]
        crowd = tuple(f.message for f in found if f.unit == PERSONS and f.kind == "limit" and f.severity != INFO)
        name = catalogue.items()[self.item].name
        counted = f"{how}；{many} {ESTIMATES[self.item][1]}" if times > 1 else how
        return Estimate(name, least.suggested * times, counted, least.clause, self._label(least.clause), words, crowd)

    def papers(self) -> list[Any]:
        """Return the papers to be filed, by the answers given."""
        if not (self.ruleset and self.answers.programme):
            return []
        papers: list[Any] = list(catalogue.documents_for(_case(self.day, self.answers, [], self.ruleset)))
        assert self.scheme is not None, "a rule set is that of a scheme"
        return papers + list(own.papers(self.scheme.terms_on(self.day).papers, self.answers.programme))

    def carried(self) -> dict[str, Any]:
        """Return what a new application takes over: dates and area."""
        answers = self.answers
        area = [answers.area] if answers.area else []
        return {"starts_on": answers.begins, "ends_on": answers.ends, "service_area": area}

    def stated(self) -> Iterator[tuple[str, str]]:
        """Yield (name, answer in words) of the answers given, in order."""
        for name, value in self.answers.pairs():
            if name == "starts":
                yield name, roc_date.format_roc(dt.date.fromisoformat(value))
            elif name == "months":
                yield name, _("%(count)s 個月") % {"count": value}
            elif name == "many":
                yield name, f"{value} {ESTIMATES[self.item][1]}" if self.item else value
            else:
                yield name, dict(self.options(name))[value]

    def _label(self, clause: str) -> str:
        known = self.ruleset.clauses.get(clause) if self.ruleset else None
        return known.label if known else clause


@lru_cache(maxsize=4096)
def _outcome(ruleset: RuleSet, day: dt.date, answers: Answers) -> Outcome:
    """Return (clause, message, whether it stops) of what the law says of the answers, leaving out questions not asked."""
    found = engine.evaluate(_case(day, answers, [], ruleset), ruleset).findings
    return tuple((f.clause, f.message, f.severity == ERROR) for f in found if _is_reason(f))


def _is_reason(finding: Finding) -> bool:
    """Return whether a finding rests on the answers: it is not a blank, a paper, or a question of the application form."""
    if finding.severity not in (ERROR, WARNING) or finding.fact in catalogue.questions():
        return False
    # A law without the county's standards reports them as missing: that counts as a reason.
    return finding.kind not in _NOT_REASONS or (finding.kind == "missing" and finding.fact is None)


def _case(day: dt.date, answers: Answers, lines: list[dict[str, Any]], ruleset: RuleSet) -> facts.Case:
    """Return the case of an ordinary body of the kind that asks, today; unanswered questions get the most common value."""
    here = counties.names_of(answers.county)[0]
    names = {code: township_name(code, NAMES_OF) for code in (answers.township, answers.area) if code}
    served = day if answers.served != "no" else day.replace(year=day.year - 10, day=1)
    organisation = {
        "kind": answers.kind or str(OrganisationKind.COMMUNITY_ASSOCIATION),
        "county": here if answers.registered != "no" else _("其他縣市"),
        "township": names.get(answers.township, ""),
        "nonprofit": answers.kind != COMPANY,
        "last_service_on": served if answers.kind == OrganisationKind.NATIONAL_NONPROFIT else None,
        "tier": answers.tier if answers.tier in Tier.values else None,
        "profile_updated_on": day,
        "assembly_held_on": day,
    }
    area = [names[answers.area]] if answers.area else []
    project = {
        "programme": answers.programme,
        "service_area": area,
        "starts_on": answers.begins,
        "ends_on": answers.ends,
    }
    return facts.from_dict(
        {
            "submitted_on": day.isoformat(),
            "stage": "draft",
            "organisation": organisation,
            "project": project,
            "lines": lines,
        }
    )


def from_query(query: Mapping[str, str], prefix: str = "") -> Answers:
    """Return the answers in an address, or in a form's fields with a prefix; answers that are far too long are dropped."""
    return Answers(**{name: query.get(f"{prefix}{name}", "").replace("\x00", "").strip()[:40] for name in ORDER})
