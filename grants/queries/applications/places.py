"""The places of a case that can be opened for a correction: fields, questions, budget lines and papers, by key."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from grants.enums import ApplicationStatus
from grants.models import Application, BudgetLine, CorrectionRequest, Document
from grants.queries.applications import stamps
from grants.queries.schemes import terms
from grants.rules import catalogue

# Adding lines, copying and importing them, and restoring removed ones.
NEW_LINES = "budget"
OTHER = "other"


@dataclass(frozen=True)
class Place:
    """A place of the form: its key, the part of the case, its name, and the address where it is corrected."""

    key: str
    group: str
    name: str
    url: str


@dataclass(frozen=True)
class Openness:
    """What the association may change now: everything, or only the places with these keys."""

    whole: bool = True
    keys: frozenset[str] = frozenset()

    def field(self, name: str) -> bool:
        return self.whole or f"field:{name}" in self.keys

    def question(self, key: str) -> bool:
        return self.whole or f"question:{key}" in self.keys

    def line(self, pk: int) -> bool:
        return self.whole or f"line:{pk}" in self.keys

    @property
    def new_lines(self) -> bool:
        return self.whole or NEW_LINES in self.keys

    def paper(self, kind: str) -> bool:
        """Return whether papers of the kind may change. What follows from another change is always open: the stamped
        form, which is printed anew, and the sheet that the chairperson signs.
        """
        return self.whole or kind in (stamps.STAMPED, Document.SIGNED) or f"paper:{kind}" in self.keys


def open_request(case: Application) -> CorrectionRequest | None:
    """Return the request that the association has not answered yet."""
    if case.status != ApplicationStatus.CORRECTION_REQUESTED:
        return None
    return case.corrections.filter(answered_on__isnull=True).prefetch_related("rows").first()


def openness_of(case: Application) -> Openness:
    """Return what the office opened; a draft is open as a whole."""
    request = open_request(case)
    if request is None or request.whole:
        return Openness()
    return Openness(False, frozenset(row.about for row in request.rows.all() if row.about))


def places_of(case: Application) -> list[Place]:
    """Return every place of the case, part by part."""
    papers = reverse("grants:application_documents", args=[case.number])
    budget = reverse("grants:application_budget", args=[case.number])
    project = reverse("grants:application_project", args=[case.number])
    organisation = reverse("grants:application_organisation", args=[case.number])
    own = [*catalogue.all_programmes()[case.programme.code].questions]
    own += [row.question for row in terms.questions_of(case)]
    contact = [("name", _("聯絡人")), ("phone", _("聯絡電話")), ("email", _("聯絡信箱"))]
    plan, money, paper, people = _("計畫"), _("經費"), _("附件"), _("聯絡方式")
    return [
        *(Place(f"field:{field}", plan, name, f"{project}#ask-{field}") for field, name in _fields()),
        *(Place(f"question:{one.key}", plan, one.label, f"{project}#ask-{one.key}") for one in own),
        *(Place(f"line:{line.pk}", money, _line(line), f"{budget}#line-{line.pk}") for line in case.lines.all()),
        Place(NEW_LINES, money, _("新增經費項目"), budget),
        *(
            Place(f"paper:{code}", paper, name.split("（")[0], f"{papers}#div-{code}")
            for code, name in terms.paper_names(case).items()
        ),
        Place(f"paper:{OTHER}", paper, _("其他文件"), f"{papers}#div-{OTHER}"),
        *(
            Place(f"field:contact_{part}", people, name, f"{organisation}#div_id_contact_{part}")
            for part, name in contact
        ),
    ]


def _line(line: BudgetLine) -> str:
    """Return the item's name, with the description where the case may have the item several times."""
    name = catalogue.items()[line.item].name
    return f"{name}（{line.description}）" if line.description else name


def _fields() -> list[tuple[str, str]]:
    return [
        ("title", _("計畫名稱")),
        ("starts_on", _("開始日期")),
        ("ends_on", _("結束日期")),
        ("service_area", _("服務區域")),
        ("place", _("辦理地點")),
        ("goal", _("為什麼要辦")),
        ("content", _("要做什麼")),
        ("beneficiaries", _("服務對象")),
        ("outcome", _("預期成果")),
        ("other_funding", _("其他單位補助")),
    ]
