"""The items that an office asked to correct, and the place in the form where each is corrected, if its words name one."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from grants.enums import ApplicationStatus, DeadlineKind
from grants.models import Application, CorrectionItem, CorrectionRequest, Deadline
from grants.queries.schemes import terms
from grants.rules import catalogue


@dataclass(frozen=True)
class Asked:
    """An item and the address of the field, line or paper that it names; "" if it names none."""

    item: CorrectionItem
    url: str
    label: str


def open_request(case: Application) -> CorrectionRequest | None:
    """Return the request that the association has not answered yet."""
    if case.status != ApplicationStatus.CORRECTION_REQUESTED:
        return None
    return case.corrections.filter(answered_on__isnull=True).prefetch_related("rows").first()


def running(case: Application) -> QuerySet[Deadline]:
    """Return the open deadlines of corrections."""
    return Deadline.objects.filter(application=case, kind=DeadlineKind.CORRECTION, done_on__isnull=True)


def asked_of(case: Application, request: CorrectionRequest) -> list[Asked]:
    """Return the items in the office's order, each with its place in the form."""
    places = _places(case)
    return [Asked(item, *_place_of(item.text, places)) for item in request.rows.all()]


def _place_of(text: str, places: list[tuple[str, str]]) -> tuple[str, str]:
    """Return the address and name of the place with the longest name that occurs in the text."""
    named = [(name, url) for name, url in places if name and name in text]
    name, url = max(named, key=lambda place: len(place[0]), default=("", ""))
    return url, name


def _places(case: Application) -> list[tuple[str, str]]:
    """Return (name, address) of the papers, budget lines, fields and questions of the form."""
    papers = reverse("grants:application_documents", args=[case.number])
    budget = reverse("grants:application_budget", args=[case.number])
    project = reverse("grants:application_project", args=[case.number])
    organisation = reverse("grants:application_organisation", args=[case.number])
    own = [*catalogue.all_programmes()[case.programme.code].questions]
    own += [row.question for row in terms.questions_of(case)]
    return [
        *((name.split("（")[0], f"{papers}#div-{code}") for code, name in terms.paper_names(case).items()),
        *((catalogue.items()[line.item].name, f"{budget}#line-{line.pk}") for line in case.lines.all()),
        *((question.label.rstrip("？"), f"{project}#ask-{question.key}") for question in own),
        *((name, f"{project}#ask-{field}") for field, name in _fields()),
        (_("聯絡人"), f"{organisation}#div_id_contact_name"),
        (_("聯絡電話"), f"{organisation}#div_id_contact_phone"),
    ]


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
