"""The pages of letters: the register, the draft, its preview, the confirmation, print runs; who sees which."""

import csv
import datetime as dt

import pytest
from django.core.files.storage import default_storage

from grants.letters import compose
from grants.models import Letter, PrintRun
from grants.services.letters import drafts, print_runs
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import CountyParticulars
from tests.factories import reviews
from tests.factories.accounts import person
from tests.factories.communities import member_of

from .issuing import NUMBER, TODAY, VALUES, form_data, issue
from .papers import text_of_pdf

pytestmark = pytest.mark.django_db


def test_pages_of_the_register(people, letter_draft, rendered, client):
    client.force_login(people.officer)
    page = client.get("/letters/")
    assert letter_draft.application.number in page.content.decode()
    at = f"/letters/{letter_draft.pk}/"
    data = form_data(client.get(at), command="check")
    answer = client.post(at, data | {"dispatch_number": "號"})
    assert answer.status_code == 422
    assert '<a href="#id_dispatch_number">發文字號：請照公文系統給的字號輸入' in answer.content.decode()
    assert client.post(at, data).status_code == 422
    answer = client.post(at, data | {"dispatch_number": NUMBER})
    assert answer.url == f"{at}issue/"
    page = client.get(answer.url)
    assert NUMBER in page.content.decode()
    assert client.post(answer.url, form_data(page)).url == at
    assert client.post(f"{at}replace/").status_code == 302
    assert [row.status for row in Letter.objects.order_by("id")] == ["issued", "draft"]


def test_only_who_may_open_the_case_is_led_to_it(people, letter_draft, client):
    """An administrator prints letters and decides no case."""
    for user, led in ((people.officer, True), (person(Role.ADMINISTRATOR), False)):
        client.force_login(user)
        page = client.get(f"/letters/{letter_draft.pk}/").content.decode()
        assert (f'href="/applications/{letter_draft.application.number}/"' in page) == led


def test_what_is_locked_is_what_was_on_the_screen(people, letter_draft, client):
    """The text goes along with the number, and the confirmation shows the paper that is then kept."""
    client.force_login(people.officer)
    at = f"/letters/{letter_draft.pk}/"
    subject = "貴會申請補助一案，同意辦理，請查照。"
    data = form_data(client.get(at), command="check", dispatch_number=NUMBER, subject=subject)
    where = client.post(at, data).url
    page = client.get(where)
    assert subject in page.content.decode()
    shown = text_of_pdf(client.get(f"{at}final.pdf").content)
    assert client.post(where, form_data(page)).status_code == 302
    letter = Letter.objects.get(pk=letter_draft.pk)
    kept = text_of_pdf(default_storage.open(letter.file.path).read())
    assert shown == kept
    for words in (subject, NUMBER, "中華民國99年6月1日", "縣長示範甲", "99/0301/1", "10年", "（99年7月5日前）"):
        assert words in kept
    assert (letter.subject, "稿" in kept) == (subject, False)


def test_preview_shows_what_is_typed_and_keeps_nothing(people, letter_draft, client):
    client.force_login(people.officer)
    at = f"/letters/{letter_draft.pk}/"
    data = form_data(client.get(at), command="preview", subject="只是看看，請查照。")
    answer = client.post(at, data)
    assert answer["Content-Type"] == "application/pdf"
    read = text_of_pdf(answer.content)
    for words in ("只是看看，請查照。", "函（稿）", "中華民國99年6月1日"):
        assert words in read
    letter_draft.refresh_from_db()
    assert letter_draft.edition == 1


def test_a_draft_saved_elsewhere_is_shown_beside_what_was_typed(people, letter_draft, rendered, client):
    client.force_login(people.officer)
    at = f"/letters/{letter_draft.pk}/"
    stale = form_data(client.get(at), command="save", subject="我打的主旨，請查照。")
    drafts.edit(people.head, letter_draft, VALUES)
    answer = client.post(at, stale)
    page = answer.content.decode()
    assert (answer.status_code, "我打的主旨，請查照。" in page, VALUES["subject"] in page) == (409, True, True)
    letter_draft.refresh_from_db()
    assert letter_draft.subject == VALUES["subject"]
    assert client.post(at, form_data(answer, command="save")).status_code == 302
    letter_draft.refresh_from_db()
    assert letter_draft.subject == "我打的主旨，請查照。"


def test_what_was_saved_after_the_confirmation_was_shown_is_not_locked(people, letter_draft, rendered, client):
    client.force_login(people.officer)
    at = f"/letters/{letter_draft.pk}/"
    where = client.post(at, form_data(client.get(at), command="check", dispatch_number=NUMBER)).url
    shown = client.get(where).context["letter"].edition
    drafts.edit(people.head, letter_draft, VALUES)
    answer = client.post(where, {"edition": shown})
    letter_draft.refresh_from_db()
    assert (answer.status_code, letter_draft.status) == (422, "draft")


def test_an_unusual_number_is_asked_back_and_not_refused(people, letter_draft, client):
    client.force_login(people.officer)
    at = f"/letters/{letter_draft.pk}/"
    data = form_data(client.get(at), command="check", dispatch_number="簽存字99-12")
    answer = client.post(at, data)
    assert answer.status_code == 422
    assert "確定是這個文號" in answer.content.decode()
    assert client.post(at, data | {"sure": "on"}).url == f"{at}issue/"


def test_the_form_saves_itself(people, letter_draft, client):
    client.force_login(people.officer)
    at = f"/letters/{letter_draft.pk}/"
    data = form_data(client.get(at), subject="自己存的主旨，請查照。")
    answer = client.post(at, data, headers={"accept": "application/json"})
    assert answer.json()["edition"] == 2
    letter_draft.refresh_from_db()
    assert letter_draft.subject == "自己存的主旨，請查照。"
    assert client.post(at, data, headers={"accept": "application/json"}).status_code == 409
    data |= {"subject": "", "edition": 2}
    assert client.post(at, data, headers={"accept": "application/json"}).status_code == 422


@pytest.mark.parametrize(("on", "words"), [("99/5/31", "不能早於擬稿日 99年6月1日"), ("99/6/2", "不能晚於今天")])
def test_a_dispatch_date_before_the_draft_or_ahead_is_refused(people, letter_draft, client, on, words):
    client.force_login(people.officer)
    at = f"/letters/{letter_draft.pk}/"
    where = client.post(at, form_data(client.get(at), command="check", dispatch_number=NUMBER, dispatched_on=on)).url
    page = client.get(where)
    assert (page.status_code, words in page.content.decode()) == (422, True)
    client.post(where, {"edition": page.context["letter"].edition})
    letter_draft.refresh_from_db()
    assert letter_draft.status == "draft"


def test_only_a_draft_that_was_to_replace_a_letter_can_be_given_up(people, letter_draft, rendered, client):
    client.force_login(people.officer)
    assert client.post(f"/letters/{letter_draft.pk}/cancel/").status_code == 403
    issue(people, letter_draft)
    new = drafts.replace(people.officer, letter_draft)
    assert client.post(f"/letters/{new.pk}/cancel/").status_code == 302
    assert set(Letter.objects.values_list("status", flat=True)) == {"issued", "cancelled"}


def test_the_officer_in_post_is_printed_and_another_contact_can_be_typed(people, letter_draft, rendered, client):
    assert drafts.as_issued(letter_draft, TODAY).context["contact"]["name"] == str(people.officer)
    people.officer.posts.update(valid_to=dt.date(2010, 5, 31))
    successor = person(Role.CASE_OFFICER)
    client.force_login(successor)
    at = f"/letters/{letter_draft.pk}/"
    page = client.get(at)
    assert form_data(page)["contact_name"] == str(successor)
    where = client.post(at, form_data(page, command="check", dispatch_number=NUMBER)).url
    assert client.get(where).context["final"].context["contact"]["email"] == successor.email
    typed = form_data(client.get(at), command="check", contact_name="示範代", contact_phone="07-7477611轉9")
    client.post(at, typed)
    contact = client.get(where).context["final"].context["contact"]
    assert (contact["name"], contact["phone"]) == ("示範代", "07-7477611轉9")


def test_edit_form_keeps_sub_items(people, letter_draft, client):
    client.force_login(people.officer)
    at = f"/letters/{letter_draft.pk}/"
    data = form_data(client.get(at), command="save", subject="主\r\n旨", explanation="一點：\n　細項\n\n二點")
    assert client.post(at, data).status_code == 302
    letter_draft.refresh_from_db()
    assert (letter_draft.subject, letter_draft.explanation) == ("主 旨", ["一點：", "　細項", "二點"])


def test_print_pages(people, letter_draft, rendered, client):
    client.force_login(people.admin)
    nothing = client.post("/letters/", {"act": "print"}, follow=True)
    assert "請先勾選要辦的列。" in nothing.content.decode()
    answer = client.post("/letters/", {"act": "print_duplex", "row": [letter_draft.pk, "x", "9" * 5000]})
    assert PrintRun.objects.get().duplex
    assert answer.url in client.get("/letters/print/").content.decode()
    page = client.get(answer.url)
    assert page["Refresh"] == "3"
    assert client.get(answer.url.rstrip("/") + ".pdf").status_code == 404
    print_runs.print_pending()
    page = client.get(answer.url)
    assert "Refresh" not in page
    assert "開啟列印檔 PDF" in page.content.decode()
    assert client.get(answer.url.rstrip("/") + ".pdf")["Content-Type"] == "application/pdf"


def test_association_sees_issued_letters_alone(people, letter_draft, rendered, client):
    member = member_of(letter_draft.application.organisation)
    client.force_login(member)
    assert client.get(f"/letters/{letter_draft.pk}/").status_code == 404
    issue(people, letter_draft)
    assert client.get(f"/letters/{letter_draft.pk}/").status_code == 200
    assert client.get(f"/letters/{letter_draft.pk}.pdf").status_code == 200
    assert client.post(f"/letters/{letter_draft.pk}/", {"command": "edit"}).status_code == 403
    client.force_login(member_of(reviews.filed().organisation))
    assert client.get(f"/letters/{letter_draft.pk}.pdf").status_code == 404
    client.force_login(person(Role.CASE_OFFICER, "miaoli"))
    assert client.get(f"/letters/{letter_draft.pk}/").status_code == 404


def test_administrator_without_a_county_sees_all(people, letter_draft, client):
    client.force_login(person(Role.ADMINISTRATOR, ""))
    assert client.get(f"/letters/{letter_draft.pk}/").status_code == 200
    assert client.get(f"/letters/{letter_draft.pk}.pdf").status_code == 200


def test_what_the_county_changed_after_the_confirmation_was_shown_is_shown_again(
    people, letter_draft, rendered, client
):
    client.force_login(people.officer)
    url = f"/letters/{letter_draft.pk}/"
    client.post(url, form_data(client.get(url), dispatch_number=NUMBER, command="check"))
    page = client.get(f"{url}issue/")
    CountyParticulars.objects.filter(county="kaohsiung").update(phone="07-1234567")
    answer = client.post(f"{url}issue/", form_data(page))
    assert (answer.status_code, rendered) == (422, [])
    assert "您核對以後，這份函的內容變了" in answer.content.decode()
    assert client.post(f"{url}issue/", form_data(answer)).status_code == 302
    letter_draft.refresh_from_db()
    assert letter_draft.status == "issued"


def test_secrecy_enclosures_and_authority_stand_on_the_letter(people, letter_draft, client):
    client.force_login(people.officer)
    url = f"/letters/{letter_draft.pk}/"
    typed = {"enclosures": "核定表1份、領據1份", "delegation": "本案依分層負責規定授權業務主管決行"}
    wrong = client.post(url, form_data(client.get(url), secrecy="秘密", **typed))
    assert "密等請從 密、機密、極機密、絕對機密 開始寫。" in wrong.content.decode()
    assert "核定表1份、領據1份" in wrong.content.decode()
    kept = form_data(client.get(url), secrecy="密（本件於公布時解密）", command="preview", **typed)
    read = text_of_pdf(client.post(url, kept).content)
    for words in ("密（本件於公布時解密）", "附件：核定表1份、領據1份", typed["delegation"]):
        assert words in read
    drafts.edit(people.officer, letter_draft, {"secrecy": "密（本件於公布時解密）", **typed})
    letter_draft.refresh_from_db()
    assert compose.secrecy_of(letter_draft) == ("密", "本件於公布時解密")
    assert compose.enclosures_of(letter_draft) == typed["enclosures"]


def found(client, query: str) -> list[str]:
    return [str(row) for row in client.get(f"/letters/?{query}").context["list"].rows]


def test_the_register_is_searched_by_number_words_day_kind_and_state(people, letter_draft, rendered, client):
    issue(people, letter_draft, "府社區字第0990001234號之1")
    other = reviews.approved(people).application.letters.get()
    client.force_login(people.officer)
    sent, draft = f"{letter_draft.get_kind_display()} 府社區字第0990001234號之1", f"{other.get_kind_display()} （稿）"
    assert found(client, "") == [draft, sent]
    for query in ("q=0990001234-1", "q=０９９０００１２３４", "since=99/6/1", "until=99/6/1", "status=issued"):
        assert found(client, query) == [sent]
    assert found(client, f"q={other.case_number}") == [draft]
    assert found(client, f"q={other.addressee.name[:4]}+補助經費&status=draft") == [draft]
    assert found(client, "q=沒有的字") == found(client, "since=99/6/2") == found(client, "kind=free") == []
    page = client.get("/letters/?since=99/13/1").content.decode()
    assert 'value="99/13/1"' in page
    drawn_up = f"preparer={other.prepared_by_id}&township={other.case.township_code}"
    assert found(client, drawn_up) == [draft, sent]
    assert found(client, "preparer=0") == [draft, sent]


def test_the_book_holds_what_went_out_in_order(people, letter_draft, rendered, client):
    first = issue(people, letter_draft)
    other = reviews.approved(people).application.letters.get()
    issue(people, other, "府社區字第0990001200號")
    issue(people, drafts.replace(people.officer, first), "府社區字第0990001300號")
    client.force_login(people.officer)
    rows = list(
        csv.reader(b"".join(client.get("/letters/book/?as=csv").streaming_content).decode("utf-8-sig").splitlines())
    )
    assert [(row[1], row[8]) for row in rows[1:]] == [
        ("府社區字第0990001200號", ""),
        (NUMBER, "作廢"),
        ("府社區字第0990001300號", ""),
    ]
    read = text_of_pdf(client.get("/letters/book/?as=pdf&q=0990001200").content)
    assert "高雄縣政府發文登記簿" in read
    assert ("0990001200" in read, NUMBER in read) == (True, False)
    assert client.get("/letters/book/").status_code == 200
    assert client.get("/letters/book/?as=exe").status_code == 404
    client.force_login(member_of(other.addressee))
    assert client.get("/letters/book/?as=pdf").status_code == 403
