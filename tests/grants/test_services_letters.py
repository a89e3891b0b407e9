"""Issuing a letter once, keeping its bytes, replacing it, and print runs."""

import datetime as dt
import hashlib

import pytest
from django.core.files.storage import default_storage

from grants import letters as words
from grants.enums import LetterStatus
from grants.models import Letter, PrintRun
from grants.services import letters
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib.access import Refused
from tests.factories import reviews as make
from tests.factories.accounts import person
from tests.factories.communities import member_of

pytestmark = pytest.mark.django_db
NUMBER = "府社區字第0990001234號"
TODAY = dt.date(2010, 6, 1)


@pytest.fixture
def people():
    return make.staff()


@pytest.fixture
def draft(people):
    return make.approved(people).application.letters.get()


@pytest.fixture
def rendered(monkeypatch):
    """How many times a letter was rendered; the bytes are cheap ones."""
    calls = []

    def render(letters_):
        calls.append([letter.pk for letter in letters_])
        return b"%PDF-1.7 " + str(calls).encode()

    monkeypatch.setattr(words, "render", render)
    return calls


def issue(people, letter, number=NUMBER, on=TODAY):
    return letters.issue(people.officer, letter, dispatch_number=number, dispatched_on=on)


def test_issued_bytes_are_kept_and_never_rendered_again(people, draft, rendered, client):
    letter = issue(people, draft)
    kept = default_storage.open(letter.file.path).read()
    assert (letter.status, letter.dispatch_number) == (LetterStatus.ISSUED, NUMBER)
    assert letter.sha256 == hashlib.sha256(kept).hexdigest() == letter.file.sha256
    client.force_login(people.officer)
    for _ in range(2):
        answer = client.get(f"/letters/{letter.pk}.pdf")
        assert b"".join(answer.streaming_content) == kept
    assert rendered == [[letter.pk]]


def test_issuing_twice_is_once_and_another_number_is_refused(people, draft, rendered):
    assert issue(people, draft) == issue(people, draft)
    with pytest.raises(Refused, match="已發文"):
        issue(people, draft, "府社區字第0990001235號")
    assert len(rendered) == 1


def test_number_is_given_once_in_a_county(people, draft, rendered):
    issue(people, draft)
    other = make.approved(people).application.letters.get()
    with pytest.raises(Refused, match="已經有另一份公文用過"):
        issue(people, other)
    other.refresh_from_db()
    assert (other.status, other.file) == (LetterStatus.DRAFT, None)


def test_date_in_the_future_is_refused(people, draft, rendered):
    with pytest.raises(Refused, match="不能晚於今天"):
        issue(people, draft, on=dt.date(2010, 6, 2))


def test_names_of_the_dispatch_date_are_printed(people, draft, rendered):
    draft.copies = "高雄縣旗山鎮公所、本府社會處"
    words.redated(draft, dt.date(2010, 12, 25))
    assert draft.context["head"]["office"] == "高雄市政府"
    assert draft.copies.endswith("本府社會局")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("府社區字第0990001234號", NUMBER),
        (" 府社區字第 ０９９０００１２３４ 號", NUMBER),
        ("府社區字第09900012345號", "府社區字第09900012345號"),
    ],
)
def test_number_is_read_as_it_is_typed(typed, kept):
    assert letters.check_number(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", "1234", "府社區字0990001234號", "府社區字第一二三四號", "字第0990001234號", "府社區字第099號"]
)
def test_other_numbers_are_refused_with_an_example(typed):
    with pytest.raises(ValueError, match="○○字第0990001234號"):
        letters.check_number(typed)


VALUES = {
    "subject": "新的主旨，請查照。", "explanation": ["一點"], "originals": "某會", "copies": "", "urgency": "速件",
    "file_number": "0990301", "retention": "10",
}  # fmt: skip


def test_draft_is_edited_until_it_is_issued(people, draft, rendered):
    letter = letters.edit(people.officer, draft, VALUES)
    assert (letter.subject, letter.explanation, letter.context["urgency"]) == ("新的主旨，請查照。", ["一點"], "速件")
    issue(people, draft)
    with pytest.raises(Refused, match="不能再修改"):
        letters.edit(people.officer, draft, VALUES)


@pytest.mark.parametrize("role", [Role.FINANCE_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR, Role.REVIEWER])
def test_only_officer_and_approver_write_and_issue(people, draft, rendered, role):
    user = person(role)
    with pytest.raises(Refused):
        letters.edit(user, draft, VALUES)
    with pytest.raises(Refused):
        letters.issue(user, draft, dispatch_number=NUMBER, dispatched_on=TODAY)
    assert rendered == []


def test_later_letter_makes_the_earlier_one_void(people, draft, rendered):
    old = issue(people, draft)
    new = letters.replace(people.officer, old)
    assert letters.replace(people.officer, old) == new
    old.refresh_from_db()
    assert old.status == LetterStatus.ISSUED
    issue(people, new, "府社區字第0990001299號")
    old.refresh_from_db()
    assert (old.status, old.replaced_by) == (LetterStatus.VOID, new)
    assert old.file is not None


def test_failed_rendering_leaves_the_draft(people, draft, monkeypatch):
    def fail(letters_):
        raise words.CannotPrintError("這些字沒有")

    monkeypatch.setattr(words, "render", fail)
    with pytest.raises(Refused, match="這些字沒有"):
        issue(people, draft)
    draft.refresh_from_db()
    assert (draft.status, draft.dispatch_number) == (LetterStatus.DRAFT, "")


def test_print_run_is_one_document_of_all(people, draft, rendered):
    other = make.approved(people).application.letters.get()
    run = letters.start_run(people.officer, [draft, other])
    assert letters.print_pending() == 1
    assert letters.print_pending() == 0
    run.refresh_from_db()
    assert (run.done, run.total, run.error) == (2, 2, "")
    assert rendered == [[draft.pk, other.pk]]
    assert run.file.size > 0


def test_print_run_that_cannot_be_set_says_why(people, draft, monkeypatch):
    def fail(letters_):
        raise words.CannotPrintError("這些字沒有")

    monkeypatch.setattr(words, "render", fail)
    run = letters.start_run(people.admin, [draft])
    letters.print_pending()
    run.refresh_from_db()
    assert (run.error, run.file) == ("這些字沒有", None)
    assert run.finished_at is not None


def test_run_that_crashes_does_not_hold_up_the_next(people, draft, monkeypatch):
    def crash(letters_):
        raise RuntimeError("out of memory")

    runs = [letters.start_run(people.officer, [draft]) for _ in range(2)]
    monkeypatch.setattr(words, "render", crash)
    assert letters.print_pending() == 2
    assert set(PrintRun.objects.values_list("error", flat=True)) == {"排印時發生錯誤，請通知系統管理員。"}
    assert len(runs) == 2


def test_print_run_has_limits(people, draft):
    with pytest.raises(Refused, match="請先勾選"):
        letters.start_run(people.officer, [])
    with pytest.raises(Refused, match="一次最多排印 100 件"):
        letters.start_run(people.officer, [draft] * 101)
    with pytest.raises(Refused):
        letters.start_run(people.finance, [draft])
    assert PrintRun.objects.count() == 0


def test_pages_of_the_register(people, draft, rendered, client):
    client.force_login(people.officer)
    page = client.get("/letters/")
    assert draft.application.number in page.content.decode()
    page = client.get(f"/letters/{draft.pk}/")
    assert "發文並鎖定" in page.content.decode()
    data = {"command": "issue", "dispatch_number": "1234", "dispatched_on": "99/6/1"}
    answer = client.post(f"/letters/{draft.pk}/", data)
    assert answer.status_code == 422
    assert '<a href="#id_dispatch_number">發文字號：發文字號的格式是' in answer.content.decode()
    answer = client.post(f"/letters/{draft.pk}/", data | {"dispatch_number": NUMBER})
    assert answer.status_code == 302
    assert client.post(f"/letters/{draft.pk}/replace/").status_code == 302
    assert [row.status for row in Letter.objects.order_by("id")] == ["issued", "draft"]


def test_edit_form_keeps_sub_items(people, draft, client):
    client.force_login(people.officer)
    data = {
        "command": "edit", "subject": "主旨", "explanation": "一點：\n　細項\n\n二點", "originals": "某會", "copies": "",
        "urgency": "普通件", "file_number": "", "retention": "",
    }  # fmt: skip
    assert client.post(f"/letters/{draft.pk}/", data).status_code == 302
    draft.refresh_from_db()
    assert draft.explanation == ["一點：", "　細項", "二點"]


def test_print_pages(people, draft, rendered, client):
    client.force_login(people.admin)
    assert client.get("/letters/print/").status_code == 200
    assert client.post("/letters/print/").status_code == 422
    answer = client.post("/letters/print/", {"letters": [draft.pk, "x", "9" * 5000]})
    assert answer.status_code == 302
    page = client.get(answer.url)
    assert page["Refresh"] == "3"
    assert client.get(answer.url.rstrip("/") + ".pdf").status_code == 404
    letters.print_pending()
    page = client.get(answer.url)
    assert "Refresh" not in page
    assert "開啟列印檔 PDF" in page.content.decode()
    assert client.get(answer.url.rstrip("/") + ".pdf")["Content-Type"] == "application/pdf"


def test_association_sees_issued_letters_alone(people, draft, rendered, client):
    member = member_of(draft.application.organisation)
    client.force_login(member)
    assert client.get(f"/letters/{draft.pk}/").status_code == 404
    issue(people, draft)
    assert client.get(f"/letters/{draft.pk}/").status_code == 200
    assert client.get(f"/letters/{draft.pk}.pdf").status_code == 200
    assert client.post(f"/letters/{draft.pk}/", {"command": "edit"}).status_code == 403
    client.force_login(member_of(make.filed().organisation))
    assert client.get(f"/letters/{draft.pk}.pdf").status_code == 404
    client.force_login(person(Role.CASE_OFFICER, "miaoli"))
    assert client.get(f"/letters/{draft.pk}/").status_code == 404


def test_administrator_without_a_county_sees_all(people, draft, client):
    client.force_login(person(Role.ADMINISTRATOR, ""))
    assert client.get(f"/letters/{draft.pk}/").status_code == 200
    assert client.get(f"/letters/{draft.pk}.pdf").status_code == 200
