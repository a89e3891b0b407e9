"""Budget lines from and to a spreadsheet: paste or upload a table, check it, take it over; or download one."""

from typing import Any

import tablib
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from grants.forms.applications import budget_import
from grants.models import Application
from grants.queries.applications.pages import quantity_cell
from grants.rules import catalogue
from grants.services.applications import drafts
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.files.sheets import UnreadableSheetError, rows_of
from miaoli_kaohsiung.lib import service_months
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.lib.safe_cell import safe_row

from .steps import editable_case, frame, posted_edition

# The accessibility norm asks for open formats; associations may upload XLSX as well.
TYPES = {"ods": "application/vnd.oasis.opendocument.spreadsheet"}
LONGEST = 60_000


@audience(Role.MEMBER)
@require_http_methods(["GET", "POST"])
def budget_import_page(request: SignedIn, number: str) -> HttpResponse:
    """Show a pasted or uploaded table as the lines that it makes, then add them after the present lines."""
    case = editable_case(request, number)
    text, problem = request.POST.get("table", "")[:LONGEST], ""
    if upload := request.FILES.get("file"):
        try:
            text = budget_import.to_text(rows_of(upload))
        except UnreadableSheetError as refused:
            problem = refused.reason
    rows = budget_import.read(budget_import.from_text(text), (case.starts_on, case.ends_on)) if text else []
    wrong = [row for row in rows if row.problems]
    if request.method == "POST" and not rows and not problem:
        problem = _("請先貼上表格，或選一個檔案。")
    if request.POST.get("command") == "import" and rows and not wrong:
        try:
            drafts.import_lines(
                request.user, case, [(row.line.item, row.values) for row in rows], edition=posted_edition(request)
            )
        except Refused as refused:
            problem = refused.reason
        else:
            messages.success(request, _("已加入 %(count)d 項，請看每一項旁邊的規定。") % {"count": len(rows)})
            return redirect("grants:application_budget", number)
    return _page(request, case, text, rows, problem)


def _page(
    request: SignedIn, case: Application, text: str, rows: list[budget_import.ImportedRow], problem: str
) -> HttpResponse:
    wrong = any(row.problems for row in rows)
    context = frame(case, "budget") | {
        "text": text,
        "rows": rows,
        "wrong": wrong,
        "problem": problem,
        "heads": [label for _key, label in budget_import.BASE[:6]],
        "edition": case.edition,
        "total": sum(row.values.get("requested") or 0 for row in rows),
    }
    status = 422 if problem or (wrong and request.POST.get("command") == "import") else 200
    return render(request, "grants/applications/budget_import.html", context, status=status)


@audience(Role.MEMBER)
@require_safe
def budget_file(request: SignedIn, number: str, what: str, extension: str) -> HttpResponse:
    """Return the lines of the budget (`lines`), or the empty table with the right columns (`template`), as ODS."""
    case = editable_case(request, number)
    if extension not in TYPES or what not in ("lines", "template"):
        raise Http404
    lines = list(case.lines.all()) if what == "lines" else []
    usual = [item for _title, items in catalogue.items_for(case.programme.code)[:1] for item in items]
    columns = budget_import.columns([*usual, *(catalogue.items()[line.item] for line in lines)])
    sheet = tablib.Dataset(headers=[label for _key, label in columns], title=_("經費概算"))
    for line in lines:
        sheet.append(safe_row(_cell(line, key) for key, _label in columns))
    names = tablib.Dataset(headers=[_("可以填的項目"), _("單位")], title=_("項目"))
    for item in catalogue.items().values():
        names.append(safe_row([item.name, item.unit]))
    answer = HttpResponse(tablib.Databook([sheet, names]).export(extension), content_type=TYPES[extension])
    answer["Content-Disposition"] = f'attachment; filename="budget-{case.number}-{what}.{extension}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _cell(line: Any, key: str) -> Any:
    if key == "item":
        return catalogue.items()[line.item].name
    if key == "month":
        return service_months.words([month for month in line.month.split(",") if month])
    if key in catalogue.quantities():
        return quantity_cell(catalogue.quantities()[key], line.quantities.get(key))
    value = getattr(line, key)
    return "" if value is None else value
