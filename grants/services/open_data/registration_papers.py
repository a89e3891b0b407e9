"""Registration papers of an association (M5.10b), filled from its record: what it sends to the county when it is founded or
when something of it changes. Each is made as ODT, to go on with, and as PDF, to sign.
"""

from dataclasses import dataclass, field

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from communities import queries
from communities.enums import Office
from communities.models import OfficeTerm, Organisation
from communities.queries.waiting import waiting_changes
from miaoli_kaohsiung.accounts.counties import office_of
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib import clock, pdf
from miaoli_kaohsiung.lib.odt import Document
from miaoli_kaohsiung.lib.roc_date import format_roc

from .sample_forms import SAMPLES

# Lines of the list of members, which the association fills itself: the portal keeps no members.
BLANK_LINES = 30
# What a blank looks like on paper.
BLANK = "　" * 8


@dataclass(frozen=True)
class Paper:
    """A paper with its contents: `facts` are label and value, `table` has its heads first, `papers` are handed in with it."""

    slug: str
    title: str
    about: str
    facts: list[tuple[str, str]]
    table: list[tuple[str, ...]] = field(default_factory=list)
    papers: tuple[str, ...] = ()
    purpose: str = ""

    @property
    def heads(self) -> tuple[str, ...]:
        return self.table[0]

    @property
    def rows(self) -> list[tuple[str, ...]]:
        return self.table[1:]

    @property
    def missing(self) -> list[str]:
        """What the record does not say and stays blank on the paper."""
        return [label for label, value in self.facts if value == BLANK]


def papers_of(user: User, body: Organisation) -> dict[str, Paper]:
    """Return the papers of an association, filled as far as its record goes. The caller has asked permission."""
    made = (_founding(body), _change(user, body), _officers(body), _members(body))
    return {paper.slug: paper for paper in made}


def _or_blank(value: object) -> str:
    return str(value) if value not in (None, "") else BLANK


def _chair(body: Organisation) -> OfficeTerm | None:
    terms = queries.terms_of(body)
    return next(
        (term for term in terms if term.office == Office.CHAIRPERSON and term.valid_from <= clock.today()), None
    )


def _whose(body: Organisation) -> list[tuple[str, str]]:
    return [
        (_("團體名稱"), body.name),
        (_("統一編號"), _or_blank(body.tax_id)),
        (_("會址"), _or_blank(body.present_address)),
        (_("組織區域"), _or_blank(body.present_area)),
    ]


def _leading(body: Organisation) -> list[tuple[str, str]]:
    chair = _chair(body)
    until = _("%(name)s，任期至%(day)s") % {
        "name": chair.person_name if chair else BLANK,
        "day": format_roc(chair.valid_to) if chair and chair.valid_to else BLANK,
    }
    return [(_("理事長"), until if chair else BLANK), (_("會址電話"), _or_blank(body.phone))]


def _founding(body: Organisation) -> Paper:
    sample = SAMPLES["founding-registration"]
    facts = [
        *_whose(body),
        (_("宗旨"), _or_blank(body.purpose)),
        (_("會員人數"), _or_blank(body.members_count)),
        (_("成立大會日期"), BLANK),
        *_leading(body),
    ]
    purpose = _("本會已召開成立大會，選出理事、監事及理事長，請准予設立登記，發給立案證書及圖記。")
    return Paper(sample.slug, _("設立登記申請書"), _("成立大會後 30 日內送縣府。"), facts, [], sample.papers, purpose)


def _change(user: User, body: Organisation) -> Paper:
    """The application for a change; what the association proposed on screen and waits stands in its table already."""
    sample = SAMPLES["change-registration"]
    facts = [*_whose(body), (_("立案字號"), _or_blank(body.registration_number)), *_leading(body)]
    waiting = [(str(row.label), row.before, row.after) for _change, rows in waiting_changes(user, body) for row in rows]
    blank = [(item, "", "") for item in (_("理事長"), _("會址"), _("名稱"), _("章程"), _("其他"))]
    table: list[tuple[str, ...]] = [(_("變更事項"), _("變更前"), _("變更後")), *(waiting or blank)]
    purpose = _("本會下列登記事項已經會議通過變更，請准予變更登記，換發證書。")
    about = _("變更後 30 日內送縣府；在網頁上提出、還沒確認的變更已經帶進來。")
    return Paper(sample.slug, _("變更登記申請書"), about, facts, table, sample.papers, purpose)


def _officers(body: Organisation) -> Paper:
    today = clock.today()
    terms = [term for term in queries.terms_of(body) if term.valid_to is None or term.valid_to >= today]
    rows = [
        (
            str(term.get_office_display()),
            term.person_name,
            _("第 %(n)d 屆") % {"n": term.board_term_number} if term.board_term_number else "",
            f"{format_roc(term.valid_from)}－{format_roc(term.valid_to) if term.valid_to else ''}",
            term.phone,
        )
        for term in terms
    ]
    heads = (_("職稱"), _("姓名"), _("屆次"), _("任期"), _("聯絡電話"))
    blank = [("", "", "", "", "")] * max(3, 8 - len(rows))
    return Paper(
        "officers",
        _("職員名冊"),
        _("登錄在網站的職員已經填好，理事、監事請接著填。"),
        _whose(body),
        [heads, *rows, *blank],
    )


def _members(body: Organisation) -> Paper:
    heads = (_("編號"), _("姓名"), _("性別"), _("出生年月日"), _("住址"), _("電話"))
    rows = [(str(n), "", "", "", "", "") for n in range(1, BLANK_LINES + 1)]
    facts = [*_whose(body), (_("會員人數"), _or_blank(body.members_count))]
    about = _("網站不保存會員個人資料，名單請在自己的電腦上填。")
    return Paper("members", _("會員名冊"), about, facts, [heads, *rows])


def _signs(body: Organisation) -> list[str]:
    chair = _chair(body)
    name = chair.person_name if chair else BLANK
    return [
        _("申請單位：%(name)s（圖記）") % {"name": body.name},
        _("理事長：%(name)s（簽章）") % {"name": name},
        _("中華民國　　年　　月　　日"),
    ]


def as_pdf(paper: Paper, body: Organisation) -> bytes:
    """Return the paper to sign. Raises pdf.UnavailableError and pdf.UnprintableError."""
    words = {"paper": paper, "office": office_of(body.county, clock.today()), "signs": _signs(body)}
    return pdf.render(render_to_string("grants/open_data/registration_paper.html", words))


def as_text(paper: Paper, body: Organisation) -> bytes:
    """Return the paper as a text document to go on with."""
    made = Document()
    made.add("title", paper.title)
    made.add("plain", _("受文者：%(office)s") % {"office": office_of(body.county, clock.today())})
    if paper.purpose:
        made.add("plain", paper.purpose)
    made.table("facts", [[("cell", label), ("cell", value)] for label, value in paper.facts])
    if paper.table:
        made.add("plain", "")
        made.table("rows", [[("cell", cell) for cell in row] for row in paper.table])
    if paper.papers:
        made.add("plain", _("檢附文件"), *(f"{n}. {name}" for n, name in enumerate(paper.papers, 1)))
    made.add("plain", "", *_signs(body))
    return made.data()
