"""The auditor's workbench: what is found, what stays out of sight, fifteen a page, and the check of the chain."""

import csv
import datetime as dt
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit import actions, trail
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.audit.services import seal_audit
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import clock
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, yuanli
from tests.factories.grants import ApplicationFactory

pytestmark = pytest.mark.django_db
SAVE = actions.register("test.save", "儲存")
OTHER = actions.register("test.other", "別的動作")


def write(case, count=1, user=None, action=SAVE):
    user = user or person(Role.CASE_OFFICER, case.county)
    with trail.unit_of_work(Actor(user, "承辦人")):
        for n in range(count):
            trail.record(action, case, before={"title": f"舊{n}"}, after={"title": f"新{n}"}, case=case.number)


def miaoli_case():
    return ApplicationFactory(
        organisation=OrganisationFactory(county="miaoli", township=yuanli()), number="ML-099-0001"
    )


@pytest.fixture
def auditor(client):
    user = person(Role.AUDITOR)
    client.force_login(user)
    return user


def shown(client, query=""):
    html = client.get(f"/audit/{query}").content.decode()
    return [int(n) for n in re.findall(r'<a href="/audit/(\d+)/">', html)]


def test_newest_first_fifteen_a_page(client, auditor):
    write(ApplicationFactory(), 32)
    assert shown(client) == list(range(32, 17, -1))
    assert shown(client, "?before=18") == list(range(17, 2, -1))
    assert shown(client, "?before=3") == [2, 1]
    assert "較早的 15 筆" in client.get("/audit/?before=18").content.decode()
    assert "較早的 15 筆" not in client.get("/audit/?before=3").content.decode()
    assert shown(client, "?before=abc") == shown(client)


def test_exactly_one_page_leads_no_further(client, auditor):
    write(ApplicationFactory(), 15)
    assert "較早的 15 筆" not in client.get("/audit/").content.decode()


def test_search_by_case_person_action_words_and_days(client, auditor):
    one, two = ApplicationFactory(number="88-099-0001"), ApplicationFactory(number="88-099-0002")
    amy, ben = person(Role.CASE_OFFICER), person(Role.CASE_OFFICER)
    amy.display_name, ben.display_name = "王甲", "李乙"
    with clock.travel(dt.date(2010, 6, 1)):
        write(one, user=amy)
    with clock.travel(dt.date(2010, 6, 2)):
        write(two, user=ben, action=OTHER)
    assert shown(client, "?case=88-099-0001") == [1]
    assert shown(client, "?case=%2088-099-0002%20") == [2]
    assert shown(client, "?person=王") == [1]
    assert shown(client, "?action=test.other") == [2]
    assert shown(client, "?words=88-099-0002") == [2]
    assert shown(client, "?until=99/6/1") == [1]
    assert shown(client, "?since=99/6/2") == [2]
    assert shown(client, "?since=99/6/1&until=99/6/2") == [2, 1]
    assert shown(client, "?case=88-099-0001&action=test.other") == []
    assert "看不懂這個日期" in client.get("/audit/?since=abc").content.decode()


def test_search_by_amount_and_by_a_group_of_kinds(client, auditor):
    case = ApplicationFactory()
    with trail.unit_of_work(Actor(person(Role.CASE_OFFICER), "承辦人")):
        for before, after in (
            (None, {"total": 900}),
            ({"amount": 1000}, None),
            (None, {"total": True}),
            (None, {"rows": 950}),
        ):
            trail.record(SAVE, case, before=before, after=after, case=case.number)
        trail.record("application.file", case, after={"total": 5_000}, case=case.number)
    assert shown(client, "?least=900&most=1,000") == [2, 1]
    assert shown(client, "?least=901") == [5, 2]
    assert shown(client, "?most=900") == [1]
    assert shown(client, "?least=0") == [5, 2, 1]
    assert shown(client, "?action=group:申請案") == [5]
    assert shown(client, "?action=application.file") == [5]


def test_what_is_shown_is_taken_out_as_it_is_and_that_is_an_entry(client, auditor):
    case = ApplicationFactory(number="88-099-0003")
    write(case, 17)
    answer = client.post("/audit/?case=88-099-0003&person=", {"export": "csv"})
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert rows[0] == ["序號", "時間", "人員", "職務", "案號", "做了什麼"]
    assert [row[0] for row in rows[1:]] == [str(n) for n in range(17, 0, -1)]
    assert rows[1][5].endswith("（承辦人）儲存：申請案 88-099-0003。計畫名稱由「舊16」改為「新16」。")
    entry = AuditEntry.objects.get(seq=18)
    assert (entry.action, entry.after["list"], entry.after["rows"]) == ("list.export", "audit", 17)
    assert entry.after["query"] == "case=88-099-0003&person="
    assert client.post("/audit/", {"export": "exe"}).status_code == 200
    assert AuditEntry.objects.count() == 18


def test_the_other_county_stays_out_of_sight(client, auditor):
    mine, theirs = ApplicationFactory(), miaoli_case()
    write(mine)
    write(theirs)
    mine_person, their_person = person(Role.CASE_OFFICER), person(Role.CASE_OFFICER, "miaoli")
    for user in (mine_person, their_person):
        with trail.unit_of_work(Actor(user)):
            trail.record(SAVE, user)
    with trail.unit_of_work(Actor.system("daily")):
        trail.record(SAVE, mine.organisation)
    assert shown(client) == [5, 3, 1]
    assert client.get("/audit/2/").status_code == 404
    assert client.get("/audit/1/").status_code == 200
    client.force_login(person(Role.AUDITOR, "miaoli"))
    assert shown(client) == [5, 4, 2]


def test_an_entry_shows_both_sides_under_the_screens_names(client, auditor):
    write(ApplicationFactory())
    html = client.get("/audit/1/").content.decode()
    assert re.findall(r"<th scope=\"row\">([^<]*)</th>\s*<td[^>]*>([^<]*)</td>\s*<td[^>]*>([^<]*)</td>", html) == [
        ("計畫名稱", "舊0", "新0")
    ]
    assert AuditEntry.objects.get(seq=1).hash in html


def test_checking_the_chain_says_what_was_found_and_is_recorded(client, auditor):
    write(ApplicationFactory(), 2)
    assert client.get("/audit/verify/").url == "/audit/"
    page = client.post("/audit/verify/", follow=True).content.decode()
    assert "已檢查最近 2 筆，全部相連，沒有遭更動。" in page
    assert AuditEntry.objects.order_by("seq").last().action == "audit.verify"
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE audit_auditentry SET actor_name = '別人' WHERE seq = 1")
        cursor.execute("SET session_replication_role = origin")
    page = client.post("/audit/verify/", follow=True).content.decode()
    assert "檢查發現問題：第 1 筆" in page


def test_seals_are_listed(client, auditor):
    write(ApplicationFactory())
    seal = seal_audit()
    html = client.get("/audit/seals/").content.decode()
    assert seal.hash in html
    assert "99年6月1日" in html


@pytest.mark.parametrize("role", [role for role in Role if role != Role.AUDITOR])
def test_only_auditors(client, role):
    scope = {Role.MEMBER: {"organisation_id": 1}, Role.TOWNSHIP_OFFICER: {"township_code": "64000300"}}.get(role, {})
    client.force_login(person(role, **scope))
    for address in ("/audit/", "/audit/1/", "/audit/seals/"):
        assert client.get(address).status_code == 403
    assert client.post("/audit/verify/").status_code == 403


def test_the_same_queries_for_one_and_thirty(client, auditor):
    case = ApplicationFactory()

    def queries():
        with CaptureQueriesContext(connection) as found:
            assert client.get("/audit/").status_code == 200
        return len(found)

    client.get("/audit/")  # the first page of a session notes when it began
    write(case)
    first = queries()
    write(case, 29)
    assert queries() == first
    assert first <= 10


@pytest.mark.parametrize(
    ("status", "filed_on", "leads"), [("draft", None, False), ("submitted", dt.date(2010, 5, 3), True)]
)
def test_an_entry_leads_to_its_case_once_the_county_may_read_it(client, auditor, status, filed_on, leads):
    case = ApplicationFactory(status=status, first_filed_on=filed_on)
    write(case)
    page = client.get("/audit/1/").content.decode()
    assert (f'href="/applications/{case.number}/"' in page) == leads
    assert case.number in page
