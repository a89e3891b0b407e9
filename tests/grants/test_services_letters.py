"""Issuing a letter once, keeping its bytes, replacing it, and print runs."""

import datetime as dt
import hashlib

import pytest
from django.core.files.storage import default_storage

from grants import letters as words
from grants.enums import LetterStatus
from grants.models import Letter, PrintRun
from grants.services import dispatch, letters, payments, print_runs
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories import reviews as make
from tests.factories.accounts import person
from tests.factories.communities import member_of

from .test_letters import text_of

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

    def render(letters_, *, final=False):
        calls.append([letter.pk for letter in letters_])
        return b"%PDF-1.7 " + str(calls).encode()

    monkeypatch.setattr(words, "render", render)
    return calls


def issue(people, letter, number=NUMBER, on=TODAY):
    return dispatch.issue(people.officer, letter, dispatch_number=number, dispatched_on=on)


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
    draft.context["recipient"]["address"] = "高雄縣旗山鎮中山路1號"
    letter = letters.as_issued(draft, dt.date(2010, 12, 25), people.officer)
    assert letter.context["head"]["office"] == "高雄市政府"
    assert letter.copies == "高雄市旗山區公所、本府社會局"
    assert letter.context["recipient"]["address"] == "高雄市旗山區中山路1號"
    assert draft.copies == "高雄縣旗山鎮公所、本府社會處"


VALUES = {
    "subject": "新的主旨，請查照。", "explanation": ["一點"], "originals": "某會", "copies": "", "urgency": "速件",
    "file_number": "0990301", "retention": "10",
    "signatory": "", "contact_name": "示範員", "contact_phone": "", "contact_email": "",
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
        dispatch.issue(user, draft, dispatch_number=NUMBER, dispatched_on=TODAY)
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
    def fail(letters_, *, final=False):
        raise words.CannotPrintError("這些字沒有")

    monkeypatch.setattr(words, "render", fail)
    with pytest.raises(Refused, match="這些字沒有"):
        issue(people, draft)
    draft.refresh_from_db()
    assert (draft.status, draft.dispatch_number) == (LetterStatus.DRAFT, "")


def test_print_run_is_one_document_of_all(people, draft, rendered):
    other = make.approved(people).application.letters.get()
    run = print_runs.start_run(people.officer, [draft, other])
    assert print_runs.print_pending() == 1
    assert print_runs.print_pending() == 0
    run.refresh_from_db()
    assert (run.done, run.total, run.error) == (2, 2, "")
    assert rendered == [[draft.pk, other.pk]]
    assert run.file.size > 0


def test_print_run_that_cannot_be_set_says_why(people, draft, monkeypatch):
    def fail(letters_, *, final=False):
        raise words.CannotPrintError("這些字沒有")

    monkeypatch.setattr(words, "render", fail)
    run = print_runs.start_run(people.admin, [draft])
    print_runs.print_pending()
    run.refresh_from_db()
    assert (run.error, run.file) == ("這些字沒有", None)
    assert run.finished_at is not None


def test_run_that_crashes_does_not_hold_up_the_next(people, draft, monkeypatch):
    def crash(letters_, *, final=False):
        raise RuntimeError("out of memory")

    runs = [print_runs.start_run(people.officer, [draft]) for _ in range(2)]
    monkeypatch.setattr(words, "render", crash)
    assert print_runs.print_pending() == 2
    assert set(PrintRun.objects.values_list("error", flat=True)) == {"排印時發生錯誤，請通知系統管理員。"}
    assert len(runs) == 2


def test_print_run_has_limits(people, draft):
    with pytest.raises(Refused, match="請先勾選"):
        print_runs.start_run(people.officer, [])
    with pytest.raises(Refused, match="一次最多排印 100 件"):
        print_runs.start_run(people.officer, [draft] * 101)
    with pytest.raises(Refused):
        print_runs.start_run(people.finance, [draft])
    assert PrintRun.objects.count() == 0


def form_data(page, **changed):
    """What the draft's page would post."""
    form = page.context["form"]
    data = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in data.items() if value not in (None, False)} | changed


def test_pages_of_the_register(people, draft, rendered, client):
    client.force_login(people.officer)
    page = client.get("/letters/")
    assert draft.application.number in page.content.decode()
    at = f"/letters/{draft.pk}/"
    data = form_data(client.get(at), command="check")
    answer = client.post(at, data | {"dispatch_number": "號"})
    assert answer.status_code == 422
    assert '<a href="#id_dispatch_number">發文字號：請照公文系統給的字號輸入' in answer.content.decode()
    assert client.post(at, data).status_code == 422
    answer = client.post(at, data | {"dispatch_number": NUMBER})
    assert answer.url == f"{at}issue/"
    page = client.get(answer.url)
    assert NUMBER in page.content.decode()
    assert client.post(answer.url, {"edition": page.context["letter"].edition}).url == at
    assert client.post(f"{at}replace/").status_code == 302
    assert [row.status for row in Letter.objects.order_by("id")] == ["issued", "draft"]


def test_only_who_may_open_the_case_is_led_to_it(people, draft, client):
    """An administrator prints letters and decides no case."""
    for user, led in ((people.officer, True), (person(Role.ADMINISTRATOR), False)):
        client.force_login(user)
        page = client.get(f"/letters/{draft.pk}/").content.decode()
        assert (f'href="/applications/{draft.application.number}/"' in page) == led


def test_what_is_locked_is_what_was_on_the_screen(people, draft, client):
    """The text goes along with the number, and the confirmation shows the paper that is then kept."""
    client.force_login(people.officer)
    at = f"/letters/{draft.pk}/"
    subject = "貴會申請補助一案，同意辦理，請查照。"
    data = form_data(client.get(at), command="check", dispatch_number=NUMBER, subject=subject, signatory="示範明")
    where = client.post(at, data).url
    page = client.get(where)
    assert subject in page.content.decode()
    shown = text_of(client.get(f"{at}final.pdf").content)
    assert client.post(where, {"edition": page.context["letter"].edition}).status_code == 302
    letter = Letter.objects.get(pk=draft.pk)
    kept = text_of(default_storage.open(letter.file.path).read())
    assert shown == kept
    for told in (subject, NUMBER, "中華民國99年6月1日", "縣長示範明", "（99年7月5日前）"):
        assert told in kept
    assert (letter.subject, "稿" in kept) == (subject, False)
    # The next letter knows who signs.
    other = make.approved(people).application.letters.get()
    assert form_data(client.get(f"/letters/{other.pk}/"))["signatory"] == "示範明"


def test_preview_shows_what_is_typed_and_keeps_nothing(people, draft, client):
    client.force_login(people.officer)
    at = f"/letters/{draft.pk}/"
    data = form_data(client.get(at), command="preview", subject="只是看看，請查照。")
    answer = client.post(at, data)
    assert answer["Content-Type"] == "application/pdf"
    read = text_of(answer.content)
    for told in ("只是看看，請查照。", "函（稿）", "中華民國99年6月1日"):
        assert told in read
    draft.refresh_from_db()
    assert draft.edition == 1


def test_a_draft_saved_elsewhere_is_shown_beside_what_was_typed(people, draft, rendered, client):
    client.force_login(people.officer)
    at = f"/letters/{draft.pk}/"
    stale = form_data(client.get(at), command="save", subject="我打的主旨，請查照。")
    letters.edit(people.head, draft, VALUES)
    answer = client.post(at, stale)
    page = answer.content.decode()
    assert (answer.status_code, "我打的主旨，請查照。" in page, VALUES["subject"] in page) == (409, True, True)
    draft.refresh_from_db()
    assert draft.subject == VALUES["subject"]
    assert client.post(at, form_data(answer, command="save")).status_code == 302
    draft.refresh_from_db()
    assert draft.subject == "我打的主旨，請查照。"


def test_what_was_saved_after_the_confirmation_was_shown_is_not_locked(people, draft, rendered, client):
    client.force_login(people.officer)
    at = f"/letters/{draft.pk}/"
    where = client.post(at, form_data(client.get(at), command="check", dispatch_number=NUMBER)).url
    shown = client.get(where).context["letter"].edition
    letters.edit(people.head, draft, VALUES)
    answer = client.post(where, {"edition": shown})
    draft.refresh_from_db()
    assert (answer.status_code, draft.status) == (422, "draft")


def test_an_unusual_number_is_asked_back_and_not_refused(people, draft, client):
    client.force_login(people.officer)
    at = f"/letters/{draft.pk}/"
    data = form_data(client.get(at), command="check", dispatch_number="簽存字99-12")
    answer = client.post(at, data)
    assert answer.status_code == 422
    assert "確定是這個文號" in answer.content.decode()
    assert client.post(at, data | {"sure": "on"}).url == f"{at}issue/"


def test_the_form_saves_itself(people, draft, client):
    client.force_login(people.officer)
    at = f"/letters/{draft.pk}/"
    data = form_data(client.get(at), subject="自己存的主旨，請查照。")
    answer = client.post(at, data, headers={"accept": "application/json"})
    assert answer.json()["edition"] == 2
    draft.refresh_from_db()
    assert draft.subject == "自己存的主旨，請查照。"
    assert client.post(at, data, headers={"accept": "application/json"}).status_code == 409
    data |= {"subject": "", "edition": 2}
    assert client.post(at, data, headers={"accept": "application/json"}).status_code == 422


@pytest.mark.parametrize(("on", "words"), [("99/5/31", "不能早於擬稿日 99年6月1日"), ("99/6/2", "不能晚於今天")])
def test_a_dispatch_date_before_the_draft_or_ahead_is_refused(people, draft, client, on, words):
    client.force_login(people.officer)
    at = f"/letters/{draft.pk}/"
    where = client.post(at, form_data(client.get(at), command="check", dispatch_number=NUMBER, dispatched_on=on)).url
    page = client.get(where)
    assert (page.status_code, words in page.content.decode()) == (422, True)
    client.post(where, {"edition": page.context["letter"].edition})
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_days_are_counted_from_the_dispatch_date(people, draft, rendered):
    with clock.travel(dt.date(2010, 12, 27)):
        letter = issue(people, draft, on=dt.date(2010, 12, 27))
    assert any("（100年1月31日前）檢送領據" in text for text in letter.explanation)
    found = dict(letter.application.award.deadlines.values_list("kind", "due_on"))
    assert found == {"first_receipt": dt.date(2011, 1, 31), "settlement": dt.date(2011, 1, 31)}
    assert letter.application.award.notified_on == dt.date(2010, 12, 27)


def test_a_plan_that_ended_before_its_letter_is_settled_within_a_month_of_the_letter(people, draft, rendered):
    award = draft.application.award
    award.ends_on = dt.date(2010, 11, 30)
    award.save()
    with clock.travel(dt.date(2011, 3, 1)):
        issue(people, draft, on=dt.date(2011, 3, 1))
    assert award.deadlines.get(kind="settlement").due_on == dt.date(2011, 4, 1)


def test_a_letter_does_not_ask_for_something_by_a_day_that_is_over(people, draft, rendered):
    letter = letters.edit(people.officer, draft, VALUES | {"explanation": ["請於99年5月31日前檢送領據。"]})
    with pytest.raises(dispatch.ObjectionsError, match="「99年5月31日前」已經過了") as refused:
        issue(people, letter)
    assert [objection.field for objection in refused.value.objections] == ["explanation"]
    letters.edit(people.officer, draft, VALUES | {"explanation": ["請於99年6月1日前檢送領據。"]})
    assert issue(people, draft).status == LetterStatus.ISSUED


def test_the_letter_starts_what_rests_on_it(people, draft, rendered):
    award, member = draft.application.award, member_of(draft.application.organisation)
    first = award.instalments.get(number=1)
    with pytest.raises(Refused, match="核定函還沒有發文"):
        payments.request_payment(people.officer, first, receipt_number="1")
    assert award.deadlines.count() == 0
    issue(people, draft)
    told = Notice.objects.get(recipient=member, kind__startswith="application.approval")
    assert "99年7月5日 前送第一期款的領據" in told.body
    assert payments.request_payment(people.officer, first, receipt_number="1").status == "requested"


def test_a_letter_that_replaces_another_never_shortens_a_term(people, draft, rendered):
    issue(people, draft)
    new = letters.replace(people.officer, draft)
    assert any("【領據期限】" in text for text in new.explanation)
    with clock.travel(dt.date(2010, 6, 9)):
        issue(people, new, "府社區字第0990001299號", dt.date(2010, 6, 9))
    assert dict(draft.application.award.deadlines.values_list("kind", "due_on")) == {
        "first_receipt": dt.date(2010, 7, 12), "settlement": dt.date(2011, 1, 31),
    }  # fmt: skip


def test_only_a_draft_that_was_to_replace_a_letter_can_be_given_up(people, draft, rendered, client):
    client.force_login(people.officer)
    assert client.post(f"/letters/{draft.pk}/cancel/").status_code == 403
    issue(people, draft)
    new = letters.replace(people.officer, draft)
    assert client.post(f"/letters/{new.pk}/cancel/").status_code == 302
    assert set(Letter.objects.values_list("status", flat=True)) == {"issued", "cancelled"}


def test_the_officer_in_post_is_printed_and_another_contact_can_be_typed(people, draft, rendered, client):
    assert letters.as_issued(draft, TODAY).context["contact"]["name"] == str(people.officer)
    people.officer.posts.update(valid_to=dt.date(2010, 5, 31))
    successor = person(Role.CASE_OFFICER)
    client.force_login(successor)
    at = f"/letters/{draft.pk}/"
    page = client.get(at)
    assert form_data(page)["contact_name"] == str(successor)
    where = client.post(at, form_data(page, command="check", dispatch_number=NUMBER)).url
    assert client.get(where).context["final"].context["contact"]["email"] == successor.email
    typed = form_data(client.get(at), command="check", contact_name="示範代", contact_phone="07-7477611轉9")
    client.post(at, typed)
    contact = client.get(where).context["final"].context["contact"]
    assert (contact["name"], contact["phone"]) == ("示範代", "07-7477611轉9")


def test_the_same_number_in_another_width_is_taken(people, draft, rendered):
    issue(people, draft)
    other = make.approved(people).application.letters.get()
    with pytest.raises(Refused, match="已經有另一份公文用過"):
        issue(people, other, "府社區字第０９９０００１２３４號")


def test_edit_form_keeps_sub_items(people, draft, client):
    client.force_login(people.officer)
    at = f"/letters/{draft.pk}/"
    data = form_data(client.get(at), command="save", subject="主\r\n旨", explanation="一點：\n　細項\n\n二點")
    assert client.post(at, data).status_code == 302
    draft.refresh_from_db()
    assert (draft.subject, draft.explanation) == ("主 旨", ["一點：", "　細項", "二點"])


def test_print_pages(people, draft, rendered, client):
    client.force_login(people.admin)
    assert client.get("/letters/print/").status_code == 200
    assert client.post("/letters/print/").status_code == 422
    answer = client.post("/letters/print/", {"letters": [draft.pk, "x", "9" * 5000]})
    assert answer.status_code == 302
    page = client.get(answer.url)
    assert page["Refresh"] == "3"
    assert client.get(answer.url.rstrip("/") + ".pdf").status_code == 404
    print_runs.print_pending()
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
