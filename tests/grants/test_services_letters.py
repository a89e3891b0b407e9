"""Issuing a letter once, keeping its bytes, replacing it, and print runs."""

import datetime as dt
import hashlib

import pytest
from django.core.files.storage import default_storage
from pypdf import PdfReader

from grants.enums import LetterStatus
from grants.letters import compose
from grants.models import PrintPart, PrintRun
from grants.services.letters import dispatch, drafts, print_runs
from grants.services.payments import instalments
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import clock, pdf
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories import reviews
from tests.factories.accounts import person
from tests.factories.communities import member_of

from .issuing import NUMBER, TODAY, VALUES, issue

pytestmark = pytest.mark.django_db


def test_issued_bytes_are_kept_and_never_rendered_again(people, letter_draft, rendered, client):
    letter = issue(people, letter_draft)
    kept = default_storage.open(letter.file.path).read()
    assert (letter.status, letter.dispatch_number) == (LetterStatus.ISSUED, NUMBER)
    assert letter.sha256 == hashlib.sha256(kept).hexdigest() == letter.file.sha256
    client.force_login(people.officer)
    for _ in range(2):
        answer = client.get(f"/letters/{letter.pk}.pdf")
        assert b"".join(answer.streaming_content) == kept
    assert rendered == [[letter.pk]]


def test_issuing_twice_is_once_and_another_number_is_refused(people, letter_draft, rendered):
    assert issue(people, letter_draft) == issue(people, letter_draft)
    with pytest.raises(Refused, match="已發文"):
        issue(people, letter_draft, "府社區字第0990001235號")
    assert len(rendered) == 1


def test_number_is_given_once_in_a_county(people, letter_draft, rendered):
    issue(people, letter_draft)
    other = reviews.approved(people).application.letters.get()
    with pytest.raises(Refused, match="已經有另一份公文用過"):
        issue(people, other)
    other.refresh_from_db()
    assert (other.status, other.file) == (LetterStatus.DRAFT, None)


def test_date_in_the_future_is_refused(people, letter_draft, rendered):
    with pytest.raises(Refused, match="不能晚於今天"):
        issue(people, letter_draft, on=dt.date(2010, 6, 2))


def test_names_of_the_dispatch_date_are_printed(people, letter_draft, rendered):
    letter_draft.copies = "高雄縣旗山鎮公所、本府社會處"
    letter_draft.context["recipient"]["address"] = "高雄縣旗山鎮中山路1號"
    letter = drafts.as_issued(letter_draft, dt.date(2010, 12, 25), user=people.officer)
    assert letter.context["head"]["office"] == "高雄市政府"
    assert letter.copies == "高雄市旗山區公所、本府社會局"
    assert letter.context["recipient"]["address"] == "高雄市旗山區中山路1號"
    assert letter_draft.copies == "高雄縣旗山鎮公所、本府社會處"


def test_draft_is_edited_until_it_is_issued(people, letter_draft, rendered):
    letter = drafts.edit(people.officer, letter_draft, VALUES)
    assert (letter.subject, letter.explanation, letter.context["urgency"]) == ("新的主旨，請查照。", ["一點"], "速件")
    issue(people, letter_draft)
    with pytest.raises(Refused, match="不能再修改"):
        drafts.edit(people.officer, letter_draft, VALUES)


@pytest.mark.parametrize("role", [Role.FINANCE_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR, Role.REVIEWER])
def test_only_officer_and_approver_write_and_issue(people, letter_draft, rendered, role):
    user = person(role)
    with pytest.raises(Refused):
        drafts.edit(user, letter_draft, VALUES)
    with pytest.raises(Refused):
        dispatch.issue(user, letter_draft, dispatch_number=NUMBER, dispatched_on=TODAY)
    assert rendered == []


def test_later_letter_makes_the_earlier_one_void(people, letter_draft, rendered):
    old = issue(people, letter_draft)
    new = drafts.replace(people.officer, old)
    assert drafts.replace(people.officer, old) == new
    old.refresh_from_db()
    assert old.status == LetterStatus.ISSUED
    issue(people, new, "府社區字第0990001299號")
    old.refresh_from_db()
    assert (old.status, old.replaced_by) == (LetterStatus.VOID, new)
    assert old.file is not None


def test_failed_rendering_leaves_the_draft(people, letter_draft, monkeypatch):
    def fail(letters_, *, final=False):
        raise pdf.UnprintableError("這些字沒有")

    monkeypatch.setattr(compose, "render", fail)
    with pytest.raises(Refused, match="這些字沒有"):
        issue(people, letter_draft)
    letter_draft.refresh_from_db()
    assert (letter_draft.status, letter_draft.dispatch_number) == (LetterStatus.DRAFT, "")


@pytest.fixture
def parts(monkeypatch) -> list[list[int]]:
    """Which letters were set, part by part; a part is a cheap page."""
    calls = []

    def part(letters, title, *, even):
        calls.append([letter.pk for letter in letters])
        return pdf.part(
            f'<!doctype html><html lang="zh-Hant-TW"><head><title>{title}</title></head><body>{even}</body></html>'
        )

    monkeypatch.setattr(compose, "part", part)
    return calls


def test_print_run_is_one_document_of_all(people, letter_draft, parts, monkeypatch):
    monkeypatch.setattr(print_runs, "LETTERS_A_PART", 2)
    rows = [letter_draft, *(reviews.approved(people).application.letters.get() for _ in range(2))]
    run = print_runs.start_run(people.officer, rows, duplex=True)
    assert print_runs.print_pending() == 1
    assert print_runs.print_pending() == 0
    run.refresh_from_db()
    assert (run.done, run.total, run.error) == (3, 3, "")
    assert parts == [[row.pk for row in rows[:2]], [rows[2].pk]]
    read = PdfReader(default_storage.open(run.file.path))
    assert [page.extract_text() for page in read.pages] == ["True", "True"]
    assert read.metadata.title == "公文列印檔（3 件）"
    assert PrintPart.objects.count() == 0


def test_a_run_goes_on_where_it_was_ended(people, letter_draft, parts, monkeypatch):
    """Letters 1 to 56 are two parts; a crash of the process at 57 leaves them, and the next one begins with 57."""
    keys = [letter_draft.pk] * 60
    run = print_runs.start_run(people.officer, [letter_draft] * 60)
    assert list(run.parts.values_list("position", flat=True)) == [1, 29, 57]
    real, ended = compose.part, []

    def end(letters, title, *, even):
        if len(parts) == 2 and not ended:
            ended.append(True)
            raise KeyboardInterrupt
        return real(letters, title, even=even)

    monkeypatch.setattr(compose, "part", end)
    with pytest.raises(KeyboardInterrupt):
        print_runs.print_pending()
    run.refresh_from_db()
    assert (run.done, run.finished_at) == (56, None)
    print_runs.print_pending()
    run.refresh_from_db()
    assert (run.done, [key for part in parts for key in part]) == (60, keys)


def test_print_run_that_cannot_be_set_names_the_letter(people, letter_draft):
    letter_draft.subject = f"\U0001f600{letter_draft.subject}"
    letter_draft.save()
    run = print_runs.start_run(people.admin, [letter_draft])
    print_runs.print_pending()
    run.refresh_from_db()
    begin = letter_draft.subject[:30]
    assert (run.error, run.file) == (f"{begin}：這些字印不出來，請改用通用的字：「\U0001f600」（U+1F600）", None)
    assert run.finished_at is not None


def test_run_that_crashes_does_not_hold_up_the_next(people, letter_draft, monkeypatch):
    def crash(letters_, title_, *, even):
        raise RuntimeError("out of memory")

    runs = [print_runs.start_run(people.officer, [letter_draft]) for _ in range(2)]
    monkeypatch.setattr(compose, "part", crash)
    assert print_runs.print_pending() == 0
    assert set(PrintRun.objects.values_list("error", flat=True)) == {"排印時發生錯誤，請通知系統管理員。"}
    assert len(runs) == 2


def test_print_run_has_limits(people, letter_draft):
    with pytest.raises(Refused, match="請先勾選"):
        print_runs.start_run(people.officer, [])
    with pytest.raises(Refused):
        print_runs.start_run(people.finance, [letter_draft])
    assert PrintRun.objects.count() == 0


def test_days_are_counted_from_the_dispatch_date(people, letter_draft, rendered):
    with clock.travel(dt.date(2010, 12, 27)):
        letter = issue(people, letter_draft, on=dt.date(2010, 12, 27))
    assert any("（100年1月31日前）檢送領據" in text for text in letter.explanation)
    found = dict(letter.application.award.deadlines.values_list("kind", "due_on"))
    assert found == {"receipt": dt.date(2011, 1, 31), "settlement": dt.date(2011, 1, 31)}
    assert letter.application.award.notified_on == dt.date(2010, 12, 27)


def test_a_plan_that_ended_before_its_letter_is_settled_within_a_month_of_the_letter(people, letter_draft, rendered):
    award = letter_draft.application.award
    award.ends_on = dt.date(2010, 11, 30)
    award.save()
    with clock.travel(dt.date(2011, 3, 1)):
        issue(people, letter_draft, on=dt.date(2011, 3, 1))
    assert award.deadlines.get(kind="settlement").due_on == dt.date(2011, 4, 1)


def test_a_letter_does_not_ask_for_something_by_a_day_that_is_over(people, letter_draft, rendered):
    letter = drafts.edit(people.officer, letter_draft, VALUES | {"explanation": ["請於99年5月31日前檢送領據。"]})
    with pytest.raises(dispatch.ObjectionsError, match="「99年5月31日前」已經過了") as refused:
        issue(people, letter)
    assert [objection.field for objection in refused.value.objections] == ["explanation"]
    drafts.edit(people.officer, letter_draft, VALUES | {"explanation": ["請於99年6月1日前檢送領據。"]})
    assert issue(people, letter_draft).status == LetterStatus.ISSUED


def test_the_letter_starts_what_rests_on_it(people, letter_draft, rendered):
    award, member = letter_draft.application.award, member_of(letter_draft.application.organisation)
    first = award.instalments.get(number=1)
    with pytest.raises(Refused, match="核定函還沒有發文"):
        instalments.request_payment(people.officer, first, receipt_number="1")
    assert award.deadlines.count() == 0
    issue(people, letter_draft)
    notice = Notice.objects.get(recipient=member, kind__startswith="application.approval")
    assert "99年7月5日 前送第 1 期款" in notice.body
    assert instalments.request_payment(people.officer, first, receipt_number="1").status == "requested"


def test_a_letter_that_replaces_another_never_shortens_a_term(people, letter_draft, rendered):
    issue(people, letter_draft)
    new = drafts.replace(people.officer, letter_draft)
    assert any("【領據期限】" in text for text in new.explanation)
    with clock.travel(dt.date(2010, 6, 9)):
        issue(people, new, "府社區字第0990001299號", dt.date(2010, 6, 9))
    assert dict(letter_draft.application.award.deadlines.values_list("kind", "due_on")) == {
        "receipt": dt.date(2010, 7, 12),
        "settlement": dt.date(2011, 1, 31),
    }


def test_the_same_number_in_another_width_is_taken(people, letter_draft, rendered):
    issue(people, letter_draft)
    other = reviews.approved(people).application.letters.get()
    with pytest.raises(Refused, match="已經有另一份公文用過"):
        issue(people, other, "府社區字第０９９０００１２３４號")
