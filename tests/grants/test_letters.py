"""Letters: the words, the numbering, the typesetting, and what the PDF says when it is read back."""

import datetime as dt
import io
import re
import subprocess

import pytest
from pypdf import PdfReader

from communities.enums import OrganisationKind
from grants.enums import LetterKind
from grants.letters import compose, numbering
from grants.services.letters.drafts import prepare, preview
from miaoli_kaohsiung.accounts.counties import particulars
from miaoli_kaohsiung.audit.trail import Actor, unit_of_work
from miaoli_kaohsiung.lib import pdf
from tests.factories import reviews
from tests.factories.grants import SchemeFactory

from .papers import text_of_pdf

pytestmark = pytest.mark.django_db
FIRST_INSTALMENT = (
    "核定金額達10萬元以上，請於文到30日內（【領據期限】前）檢送領據（新臺幣陸萬元整）及存摺影本，憑撥第一期款；"
    "餘款於計畫執行完畢檢據核銷後撥付。"
)


def test_partial_approval_names_amount_dates_and_cuts(people):
    award = reviews.approved(people, {2: (40_000, "頁數核實，肆、二、2–5")})
    letter = award.application.letters.get()
    assert [row["reason"] for row in letter.context["table"]] == ["", "頁數核實，肆、二、2–5"]
    assert letter.subject == "貴會申請「長者共餐與健康促進計畫」補助經費一案，部分同意補助新臺幣12萬元整，請查照。"
    assert letter.explanation == [
        f"復貴會99年6月1日申請書（案號{award.number}）。",
        "依據「高雄縣88災後社區及生活重建協力方案補助辦法」辦理。",
        "核定經費明細如附件，執行期間自99年7月1日至99年12月31日止；經費應專款專用。",
        "原申請新臺幣12萬3,456元整，核減新臺幣3,456元整，核減項目、金額及理由詳如附件。",
        FIRST_INSTALMENT,
        "請於【結報期限】前檢送原始支出憑證、成果照片及活動相關資料函送本府結報。",
        "涉及個人所得之支出，請依所得稅法辦理扣繳。",
        "如不服本處分，得自本件送達之次日起30日內，繕具訴願書經由本府向內政部提起訴願。",
    ]
    assert letter.copies == "高雄縣旗山鎮公所（含附件）、本府主計處（含附件）、本府社會處（含附件）"


def test_cut_gives_the_clause_of_its_item(people):
    letter = reviews.approved(people, {2: (40_000, "頁數核實")}).application.letters.get()
    assert [row["reason"] for row in letter.context["table"]] == ["", "頁數核實（肆、二、2–5）"]


def test_full_approval_below_the_threshold_is_paid_once_and_has_no_remedy_clause(people):
    award = reviews.approved(people, amounts=(60_000, 39_999))
    letter = award.application.letters.get()
    assert "同意核定補助新臺幣9萬9,999元整" in letter.subject
    assert "部分" not in letter.subject
    assert letter.explanation[3] == (
        "本案補助款於計畫執行完畢，檢送領據（新臺幣玖萬玖仟玖佰玖拾玖元整）、存摺影本及支出憑證核銷後一次撥付。"
    )
    assert not any("訴願" in text for text in letter.explanation)


@pytest.mark.parametrize("kind", [LetterKind.REJECTION, LetterKind.NOT_ACCEPTED])
def test_refusals_give_the_reason_and_the_remedy(people, kind):
    case = reviews.filed()
    letter = compose.compose(kind, case, people.officer, dt.date(2010, 6, 1), reason="與貳、一不符。")
    assert letter.subject.endswith("請查照。")
    assert any(text.endswith("與貳、一不符。") for text in letter.explanation)
    assert letter.explanation[-1].startswith("如不服本處分，得自本件送達之次日起30日內")


def test_correction_lists_its_items_below_each_other(people):
    case = reviews.filed()
    letter = compose.compose(
        LetterKind.CORRECTION,
        case,
        people.officer,
        dt.date(2010, 6, 1),
        items=["補章", "補課程表"],
        days=10,
    )
    rows = numbering.numbered(letter.explanation)
    assert "請於文到10個工作日內（【補正期限】前）補正函送本府，逾期未補正者不予受理" in letter.subject
    assert [row["mark"] for row in rows] == ["一、", "二、", "三、", "四、"]
    below = [{"mark": "(一)", "text": "補章", "below": []}, {"mark": "(二)", "text": "補課程表", "below": []}]
    assert rows[2]["below"] == below


@pytest.mark.parametrize(
    ("number", "written"),
    [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一"), (99, "九十九")],
)
def test_chinese_numbers(number, written):
    assert numbering.chinese_number(number) == written


@pytest.mark.parametrize(
    ("kind", "you"),
    [
        (OrganisationKind.COMMUNITY_ASSOCIATION, "貴會"),
        (OrganisationKind.CIVIC_GROUP, "貴會"),
        (OrganisationKind.SCHOOL, "貴校"),
        (OrganisationKind.TOWNSHIP_OFFICE, "貴所"),
        (OrganisationKind.CHURCH, "貴教會"),
    ],
)
def test_each_kind_of_applicant_is_addressed_as_it_is_used_to(people, kind, you):
    case = reviews.filed()
    case.organisation.kind = kind
    letter = compose.compose(LetterKind.REJECTION, case, people.officer, dt.date(2010, 6, 1), reason="無")
    assert letter.subject.startswith(f"{you}申請")


@pytest.mark.parametrize(
    ("county", "on", "office", "ministry"),
    [
        ("kaohsiung", dt.date(2010, 12, 24), "高雄縣政府", "內政部"),
        ("kaohsiung", dt.date(2010, 12, 25), "高雄市政府", "內政部"),
        ("miaoli", dt.date(2013, 7, 22), "苗栗縣政府", "內政部"),
        ("miaoli", dt.date(2013, 7, 23), "苗栗縣政府", "衛生福利部"),
    ],
)
def test_letterhead_of_the_day(county, on, office, ministry):
    head = particulars(county, on)
    assert (head.office, head.ministry) == (office, ministry)


def test_signs_of_chinese_type_are_marked_and_text_is_escaped():
    assert compose.typeset("<b>99年○&") == '&lt;b&gt;99年<span class="kai">○</span>&amp;'


def test_pdf_can_be_read_back(people):
    award = reviews.approved(people, {2: (40_000, "頁數核實")})
    data = preview([award.application.letters.get()])
    read = text_of_pdf(data)
    for words in (
        "高雄縣政府函（稿）",
        award.application.organisation.name,
        "新臺幣12萬元整",
        "99年7月1日至99年12月31日",
        "核定經費明細表",
        "43,45640,0003,456頁數核實（肆、二、",
        "第1頁，共2頁",
        "第2頁，共2頁",
        "請於文到30日內（99年7月5日前）檢送領據",
        "請於100年1月31日前檢送原始支出憑證",
        "縣長",
    ):
        assert words in read
    assert "○" not in read
    reader = PdfReader(io.BytesIO(data))
    root = reader.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"].value) == ("zh-Hant-TW", True)
    assert reader.metadata.title.startswith("貴會申請「長者共餐與健康促進計畫」")


def test_print_run_counts_the_pages_of_each_letter_from_one(people):
    case = reviews.filed()
    drafts = [_draft(people, case, kind) for kind in (LetterKind.REJECTION, LetterKind.NOT_ACCEPTED)]
    partial = reviews.approved(people, {2: (40_000, "頁數核實")}).application.letters.get()
    read = text_of_pdf(compose.render([drafts[0], partial, drafts[1]]))
    marks = re.findall(r"第\d+頁，共\d+頁", read)
    assert marks == ["第1頁，共1頁", "第1頁，共2頁", "第2頁，共2頁", "第1頁，共1頁"]


def pages_of(letter) -> list[str]:
    read = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=compose.render([letter]), capture_output=True, check=True
    )
    return ["".join(page.split()) for page in read.stdout.decode().split("\f") if page.strip()]


def test_a_correction_is_one_sheet_and_a_signature_never_stands_alone(people):
    case = reviews.filed()
    with unit_of_work(Actor(people.officer)):
        items = ["設備請附估價單。", "課程時間與活動中心的使用時段重疊，請確認。"]
        correction = prepare(people.officer, case, LetterKind.CORRECTION, items=items, days=10)
    assert len(pages_of(correction)) == 1
    approval = reviews.approved(people, {2: (40_000, "頁數核實")}).application.letters.get()
    approval.explanation[2:2] = ["本案請依核定內容確實辦理，並依規定留存資料備查，以供本府查核。"] * 4
    second = pages_of(approval)[1]
    assert second.index("如不服本處分") < second.index("正本：") < second.index("縣長")


def test_the_letter_of_a_forwarded_case_answers_the_townships_letter(people):
    SchemeFactory(township_first=True)
    case = reviews.filed()
    letter = compose.compose(LetterKind.REJECTION, case, people.officer, dt.date(2010, 6, 1), reason="無")
    assert letter.explanation[0] == f"復高雄縣旗山鎮公所層轉貴會99年6月1日申請書（案號{case.number}）。"
    letter = compose.compose(LetterKind.REJECTION, case, people.officer, dt.date(2010, 12, 25), reason="無")
    assert letter.explanation[0].startswith("復高雄市旗山區公所層轉")


def test_only_letters_about_money_have_a_copy_for_accounting(people):
    case = reviews.filed()
    letter = compose.compose(LetterKind.REJECTION, case, people.officer, dt.date(2010, 6, 1), reason="無")
    assert letter.copies == "高雄縣旗山鎮公所、本府社會處"


def test_a_line_break_in_what_somebody_typed_does_not_end_a_letter_s_sentence(people):
    case = reviews.filed()
    case.title = "共餐」補助經費一案，同意核定補助新臺幣100萬元整，請查照。\nx"
    letter = compose.compose(LetterKind.REJECTION, case, people.officer, dt.date(2010, 6, 1), reason="無\n　同意補助")
    assert letter.subject.endswith("x」補助經費一案，經審查與規定未符，歉難同意補助，請查照。")
    assert "未予補助之理由：無 同意補助。" in letter.explanation


def test_parts_of_a_run_read_as_one_file(people):
    case = reviews.filed()
    drafts = [_draft(people, case, kind) for kind in (LetterKind.REJECTION, LetterKind.NOT_ACCEPTED)]
    data = pdf.joined(compose.part([row], "公文列印檔（2 件）", even=False) for row in drafts)
    assert text_of_pdf(data) == text_of_pdf(compose.render(drafts))
    assert PdfReader(io.BytesIO(data)).metadata.title == "公文列印檔（2 件）"
    both_sides = PdfReader(io.BytesIO(pdf.joined([compose.part(drafts, "公文列印檔", even=True)])))
    assert [bool(page.extract_text()) for page in both_sides.pages] == [True, False, True, False]


def _draft(people, case, kind):
    with unit_of_work(Actor(people.officer)):
        return prepare(people.officer, case, kind, reason="無")


def test_character_without_a_glyph_is_named(people):
    case = reviews.filed()
    letter = _draft(people, case, LetterKind.REJECTION)
    letter.subject += "\U0001f600"
    with pytest.raises(pdf.UnprintableError) as refused:
        compose.render([letter])
    assert refused.value.reason == "這些字印不出來，請改用通用的字：「\U0001f600」（U+1F600）"


def test_rare_names_are_set(people):
    case = reviews.filed()
    letter = _draft(people, case, LetterKind.REJECTION)
    letter.explanation = ["堃喆峯栢𡍼"]
    assert "堃喆峯栢" in text_of_pdf(compose.render([letter]))


def test_officer_of_the_case_is_the_contact(people):
    case = reviews.received(people)
    letter = _draft(people, case, LetterKind.REJECTION)
    assert letter.context["contact"]["name"] == str(people.officer)
