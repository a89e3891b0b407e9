"""Sample forms of 設立登記 and 變更登記 (M5.10b): two short pages with blanks, marked 範例. Reads no database."""

from dataclasses import dataclass
from functools import cache

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from miaoli_kaohsiung.lib import pdf

# Whose plan asks for the forms. Its name stands where {county} does.
COUNTY = "miaoli"


@dataclass(frozen=True)
class Sample:
    """A form: `title` names the act, `rows` are pairs of label and blank, `papers` are to be handed in with it."""

    slug: str
    title: str
    purpose: str
    rows: tuple[tuple[str, str], ...]
    papers: tuple[str, ...]


# The papers are those that county offices ask for under the Civil Associations Act; the page says whose word counts.
SAMPLES = {
    form.slug: form
    for form in (
        Sample(
            "founding-registration",
            "設立登記",
            "本會已於民國○○年○○月○○日召開成立大會，選出理事、監事及理事長，請准予設立登記，發給立案證書及圖記。",
            (
                ("團體名稱", "{county}○○鄉（鎮、市）○○社區發展協會"),
                ("會址", "{county}○○鄉（鎮、市）○○村（里）○○路○○號"),
                ("組織區域", "○○村（里）第○鄰至第○鄰"),
                ("會員人數", "個人會員○○人，團體會員○個"),
                ("成立大會日期", "民國○○年○○月○○日"),
                ("理事長", "○○○，任期至民國○○年○○月○○日"),
                ("聯絡人與電話", "○○○，（０３７）○○○○○○"),
            ),
            (
                "章程",
                "會員名冊",
                "選任職員簡歷冊",
                "成立大會及第一次理事會、監事會會議紀錄",
                "年度工作計畫及經費預算",
                "會址使用同意書",
            ),
        ),
        Sample(
            "change-registration",
            "變更登記",
            "本會下列登記事項已經會員（會員代表）大會或理事會通過變更，請准予變更登記，換發證書。",
            (
                ("團體名稱", "{county}○○鄉（鎮、市）○○社區發展協會"),
                ("立案字號", "○○字第○○○○○○○○號"),
                ("變更事項", "□理事長　□會址　□名稱　□章程　□其他○○○"),
                ("變更前", "○○○"),
                ("變更後", "○○○"),
                ("通過的會議與日期", "第○屆第○次○○會議，民國○○年○○月○○日"),
                ("聯絡人與電話", "○○○，（０３７）○○○○○○"),
            ),
            (
                "通過變更的會議紀錄和簽到簿",
                "改選時：選任職員簡歷冊、新舊任理事長交接清冊",
                "會址變更時：新會址使用同意書",
                "章程變更時：修正條文對照表和修正後章程",
                "原立案證書",
            ),
        ),
    )
}


@cache
def render(sample: Sample, county: str) -> bytes:
    """Return the form with the county's name of the day as a tagged PDF, which each process makes once. Raises
    pdf.UnavailableError on a machine without the libraries.
    """
    rows = [(label, value.format(county=county)) for label, value in sample.rows]
    words = {"form": sample, "rows": rows, "office": _("%(county)s政府") % {"county": county}}
    return pdf.render(render_to_string("letters/samples/sample.html", words))
