"""What a form still lacks before it can be filed, apart from the findings of the law: by step, with a sentence each."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grants.enums import ApplicationStatus
from grants.models import Application, CorrectionItem
from grants.queries.schemes import terms
from grants.rules import catalogue

from . import costs, stamps

INSURANCE = "insurance"
# The steps of the form in order, with what each is called; the last one shows everything and files. A step is found by its
# word in every layer: its address, its form or view, its template.
STEPS = {
    "organisation": _l("單位資料"),
    "project": _l("計畫內容"),
    "budget": _l("經費概算"),
    "documents": _l("附件"),
    "review": _l("確認送件"),
}


@dataclass(frozen=True)
class Gap:
    """One missing thing: its step and its field."""

    step: str
    field: str
    message: str


def gaps(case: Application) -> list[Gap]:
    """Return everything that is missing, in the order of the form."""
    wanted = (
        ("organisation", "contact_name", _("請填聯絡人。")),
        ("organisation", "contact_phone", _("請填聯絡電話。")),
        ("project", "title", _("請填計畫名稱。")),
        ("project", "starts_on", _("請填計畫開始日期。")),
        ("project", "ends_on", _("請填計畫結束日期。")),
        ("project", "service_area", _("請選服務區域。")),
        ("project", "goal", _("請寫為什麼要辦。")),
        ("project", "content", _("請寫要做什麼。")),
        ("project", "beneficiaries", _("請寫幫助到誰。")),
    )
    found = [Gap(step, name, message) for step, name, message in wanted if not getattr(case, name)]
    if case.starts_on and case.ends_on and case.ends_on < case.starts_on:
        found.append(Gap("project", "ends_on", _("結束日期不可以早於開始日期。")))
    return [
        *found,
        *_question_gaps(case),
        *_budget_gaps(case),
        *_paper_gaps(case),
        *_stamp_gaps(case),
        *_correction_gaps(case),
    ]


def _question_gaps(case: Application) -> list[Gap]:
    """Return the questions of the programme and of the county that must be answered and are not."""
    law = [row for row in catalogue.all_programmes()[case.programme.code].questions if row.needed]
    county = [row.question for row in terms.questions_of(case) if row.required]
    return [
        Gap("project", row.key, _("請回答「%(question)s」。") % {"question": row.label})
        for row in (*law, *county)
        if case.answers.get(row.key) in (None, "", [])
    ]


def _paper_gaps(case: Application) -> list[Gap]:
    """Return the county's own papers that are required and missing; the law's are findings."""
    held = {document.kind for document in case.documents.all()}
    return [
        Gap("documents", paper.code, _("請附上「%(paper)s」。") % {"paper": paper.name})
        for paper in terms.papers_of(case)
        if paper.required and paper.code not in held
    ]


def _correction_gaps(case: Application) -> list[Gap]:
    """Return the items of the office's correction that have no tick and sentence yet."""
    if case.status != ApplicationStatus.CORRECTION_REQUESTED:
        return []
    rows = CorrectionItem.objects.filter(request__application=case, request__answered_on__isnull=True)
    return [
        Gap("review", f"correction-{row.pk}", _("補正事項第 %(place)d 項還沒有寫怎麼處理。") % {"place": row.place})
        for row in rows
        if not row.answered
    ]


def _budget_gaps(case: Application) -> list[Gap]:
    lines = list(case.lines.all())
    if not lines:
        return [Gap("budget", "item", _("請至少填一個經費項目。"))]
    blank = [
        Gap("budget", f"line-{line.pk}-requested", _("第 %(place)d 項還沒有填申請補助的金額。") % {"place": place})
        for place, line in enumerate(lines, 1)
        if line.requested is None
    ]
    blank += [
        Gap("budget", f"line-{line.pk}-insurance_kind", _("第 %(place)d 項還沒有選保險種類。") % {"place": place})
        for place, line in enumerate(lines, 1)
        if line.item == INSURANCE and not line.quantities.get("insurance_kind")
    ]
    blank += [
        Gap(
            "budget",
            f"line-{line.pk}-own_funds",
            _("第 %(place)d 項的金額加起來和單價 × 數量不同。") % {"place": place},
        )
        for place, line in enumerate(lines, 1)
        if costs.uncovered(line)
    ]
    if blank or any(line.requested for line in lines):
        return blank
    return [Gap("budget", "item", _("申請補助的總金額是 0 元，請填要申請的金額。"))]


def _stamp_gaps(case: Application) -> list[Gap]:
    """Return a gap unless the stamped 申請書 says the same as the case (K6.2.1)."""
    if not stamps.must_be_printed_anew(case):
        return []
    return [Gap("documents", "application_form", _("申請書蓋章後內容有變動，請重新列印用印，再上傳。"))]
