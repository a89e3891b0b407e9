"""The proofs that an association and an auditor download: of a filing with all that was filed, of an issued letter."""

import datetime as dt
import json

import pytest
from django.urls import reverse

from grants.models import Letter
from grants.services.letters import dispatch
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.proofs import line_of
from miaoli_kaohsiung.audit.services import seal_audit
from miaoli_kaohsiung.files.models import StoredFile
from miaoli_kaohsiung.lib import clock
from tests.audit.test_proofs import check
from tests.audit.test_verify_audit import tamper
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, chair_of, member_of
from tests.grants.filing import filed_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    organisation = OrganisationFactory()
    return filed_case(organisation, chair_of(organisation))


def asked(client, user, case, filing=1):
    client.force_login(user)
    return client.get(reverse("grants:filing_proof", args=[case.number, filing]))


def words_of(client, answer):
    return [str(message) for message in client.get(answer.url).context["messages"]]


@pytest.mark.parametrize("who", ["member", Role.AUDITOR, Role.CASE_OFFICER])
def test_a_filing_is_proved_with_all_that_was_filed(client, case, who):
    seal = seal_audit()
    user = member_of(case.organisation) if who == "member" else person(who)
    answer = asked(client, user, case)
    assert answer["Content-Disposition"] == f'attachment; filename="proof-{case.number}-1.json"'
    assert check.faults(answer.content, line_of(seal)) == []
    content = json.loads(answer.content)["content"]
    assert content == case.versions.get().snapshot
    assert content["fields"]["goal"] == "讓長輩走出家門"
    changed = answer.content.replace("讓長輩走出家門".encode(), "讓長輩留在家裡".encode())
    assert check.faults(changed) == ["內容和紀錄不符"]


def test_on_the_day_itself_the_page_says_from_when_there_is_one(client, case):
    answer = asked(client, member_of(case.organisation), case)
    assert answer.url == reverse("grants:application_detail", args=[case.number])
    assert words_of(client, answer) == ["存證要等當天的紀錄封存以後才有。請明天再下載。"]


def test_a_filing_of_an_older_release_and_a_broken_trail_are_said(client, case):
    seal_audit()
    user = member_of(case.organisation)
    tamper("UPDATE audit_auditseal SET tree = repeat('0', 64)")
    assert words_of(client, asked(client, user, case)) == ["紀錄和當天封存的值不符，沒有辦法提供存證。請通知稽核人員。"]
    tamper("UPDATE audit_auditentry SET action = 'test.save' WHERE action = 'application.keep'")
    assert words_of(client, asked(client, user, case)) == ["這一件在存證功能開始以前辦理，沒有存證。"]


def test_nobody_else_gets_it(client, case):
    seal_audit()
    answers = [
        asked(client, user, case).status_code
        for user in (
            person(Role.TOWNSHIP_OFFICER, township_code=case.township_code, place_name="公所"),
            member_of(OrganisationFactory()),
            person(Role.AUDITOR, "miaoli"),
        )
    ]
    assert answers == [403, 404, 404]
    assert asked(client, person(Role.AUDITOR), case, filing=2).status_code == 404


def test_a_letter_is_proved_by_the_hash_of_its_file(client, case, monkeypatch):
    letter = _issued(case, monkeypatch)
    seal = seal_audit()
    client.force_login(member_of(case.organisation))
    answer = client.get(reverse("grants:letter_proof", args=[letter.pk]))
    paper = b"%PDF-1.7 the letter"
    assert check.faults(answer.content, line_of(seal), [("letter.pdf", paper)]) == []
    assert check.faults(answer.content, files=[("letter.pdf", paper + b"!")]) == ["存證裡沒有 letter.pdf"]


def _issued(case, monkeypatch) -> Letter:
    from grants.services.awards import decisions
    from grants.services.letters import drafts
    from grants.services.reviews import proposals

    officer = person(Role.CASE_OFFICER)
    proposals.propose_refusal(officer, case, reason="逾受理期間")
    decisions.not_accept(person(Role.APPROVER), case)
    monkeypatch.setattr(drafts, "printed", lambda letters, *, final: b"%PDF-1.7 the letter")
    return dispatch.issue(
        officer, case.letters.get(), dispatch_number="府社區字第0990001234號", dispatched_on=clock.today()
    )


def test_the_file_of_an_issued_letter_is_the_one_that_was_proved(client, case, monkeypatch):
    letter = _issued(case, monkeypatch)
    assert StoredFile.objects.get(pk=letter.file_id).sha256 == letter.sha256


def test_anybody_reads_how_to_check_and_the_marks_of_the_days(client, case):
    assert "還沒有存證值" in client.get("/proofs/").content.decode()
    first = seal_audit()
    with clock.travel(clock.today() + dt.timedelta(days=1)):
        second = seal_audit()
    html = client.get("/proofs/").content.decode()
    assert (html.index(second.mark) < html.index(first.mark), "check_proof.py" in html) == (True, True)
    assert client.get("/proofs/heads.txt").content.decode() == f"{line_of(first)}\n{line_of(second)}\n"


def test_case_and_letter_offer_it(client, case, monkeypatch):
    letter = _issued(case, monkeypatch)
    client.force_login(member_of(case.organisation))
    page = client.get(reverse("grants:application_detail", args=[case.number])).content.decode()
    assert reverse("grants:filing_proof", args=[case.number, 1]) in page
    page = client.get(reverse("grants:letter_detail", args=[letter.pk])).content.decode()
    assert reverse("grants:letter_proof", args=[letter.pk]) in page
    client.force_login(person(Role.TOWNSHIP_OFFICER, township_code=case.township_code, place_name="公所"))
    page = client.get(reverse("grants:letter_detail", args=[letter.pk])).content.decode()
    assert reverse("grants:letter_proof", args=[letter.pk]) not in page
