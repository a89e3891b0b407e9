"""The order of a scheme's cases by their scores in the browser, and as a file."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from communities import places
from communities.queries import township_name
from grants.compliance.criteria import criteria_of
from grants.forms.panels.rankings import RankingForm
from grants.models import Scheme
from grants.queries import scope
from grants.queries.panels import ranking
from miaoli_kaohsiung.accounts.audiences import CHECK_READERS
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.queries import counties_with
from miaoli_kaohsiung.files import written_sheets
from miaoli_kaohsiung.lib.roc_date import roc_year
from miaoli_kaohsiung.lists.pages import FORMATS
from miaoli_kaohsiung.lists.services import note_export


@audience(CHECK_READERS)
@require_http_methods(["GET", "POST"])
def ranking_of_scheme(request: SignedIn, slug: str) -> HttpResponseBase:
    """Show the cases of a year, the best on top; what is posted asks for them as a file."""
    scheme = get_object_or_404(Scheme.objects.filter(county__in=counties_with(request.user, CHECK_READERS)), slug=slug)
    cases = scope.cases(request.user)
    form = RankingForm(request.GET, scheme=scheme, years=ranking.years_of(cases, scheme))
    rows = form.narrowed(ranking.of_scheme(form.cases(cases), scheme, form.year_chosen, criteria_of))
    if request.method == "POST" and request.POST.get("export") in FORMATS:
        return _file(request, scheme, form, rows, request.POST["export"])
    return _page(request, scheme, form, rows)


def _page(request: SignedIn, scheme: Scheme, form: RankingForm, rows: list[ranking.Ranked]) -> HttpResponse:
    context = {
        "scheme": scheme,
        "accent_county": scheme.county,
        "form": form,
        "rows": [(row, township_name(row.case.township_code)) for row in rows],
        "formats": [(extension, extension.upper()) for extension in FORMATS],
        "scored": sum(1 for row in rows if row.rank),
        "unscored": sum(len(row.waiting) for row in rows),
        "nobody": sum(1 for row in rows if not row.asked),
        "wide": ranking.WIDE,
        "year": roc_year(form.year_chosen),
    }
    return render(request, "grants/panels/ranking.html", context)


def _file(
    request: SignedIn, scheme: Scheme, form: RankingForm, rows: list[ranking.Ranked], extension: str
) -> HttpResponseBase:
    query = urlencode({"scheme": scheme.slug, **request.GET.dict()})
    note_export(request.user, "ranking", extension, query, len(rows))
    title = _("%(year)d年排序") % {"year": roc_year(form.year_chosen)}
    heads = [
        _("名次"), _("案號"), _("計畫名稱"), _("單位"), places.kinds(scheme.county), _("加權平均"), _("最高"), _("最低"), _("相差"), _("標準差"),
        _("已評"), _("應評"), _("未評的委員"), _("申請（元）"), _("狀態"),
    ]  # fmt: skip
    return written_sheets.answer(f"ranking-{scheme.slug}-{form.year_chosen}", extension, title, heads, _lines(rows))


def _lines(rows: list[ranking.Ranked]) -> Iterator[list[Any]]:
    for row in rows:
        case = row.case
        waiting = "、".join(str(assignment.reviewer) for assignment in row.waiting)
        yield [
            row.rank or "", case.number, case.title, case.organisation.name, township_name(case.township_code),
            _figure(row.mean), _figure(row.highest), _figure(row.lowest), row.spread if row.given else "",
            _figure(row.deviation), row.scored, row.asked, waiting, case.requested_total, str(case.get_status_display()),
        ]  # fmt: skip


def _figure(points: float | None) -> float | str:
    return "" if points is None else points
