"""Where and within how many days money comes back: one person proposes it, another confirms it, and only then it holds."""

import pytest

from grants.models import ReturnTermsChange, Scheme
from grants.queries.desk import tasks
from grants.services import sanctions
from grants.services.schemes import return_terms
from grants.services.schemes.return_terms import ReturnTerms
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories.accounts import person
from tests.factories.grants import SchemeFactory
from tests.factories.money import approved, county, member

from .sanctioning import draft
from .settling import accepted, paid_first

pytestmark = pytest.mark.django_db
ACCOUNT = "臺灣銀行（代號0040037）帳號012345678901，戶名高雄縣政府"
TYPED = {
    "bank_code": "004-0037",
    "bank_account": "0123 4567 8901",
    "account_name": "高雄縣政府",
    "days": "20",
    "memo_number": "府社區簽字第0990000031號",
    "reason": "開立專戶",
}


@pytest.fixture
def scheme(people) -> Scheme:
    return SchemeFactory()


def terms(days: int = 20) -> ReturnTerms:
    return ReturnTerms(days, "0040037", "012345678901", "高雄縣政府", "府社區簽字第0990000031號", "開立專戶")


def waiting(user) -> dict[str, int]:
    return {count.queue.kind: count.number for count in tasks.desk_of(user).counts}


def held(scheme: Scheme) -> tuple[str, int]:
    return Scheme.objects.values_list("return_account", "return_days").get(pk=scheme.pk)


def test_an_account_holds_once_another_person_confirmed_it(people, scheme):
    change = return_terms.propose(people.finance, scheme, terms())
    assert held(scheme) == ("", 30)
    assert (waiting(people.head), waiting(people.finance)) == ({"return_terms": 1}, {})
    assert Notice.objects.filter(recipient=people.head, kind="return_terms.waits").count() == 1
    with pytest.raises(Refused, match="不能自己確認"):
        return_terms.decide(people.finance, change, "confirm")
    return_terms.decide(people.head, change, "confirm")
    return_terms.decide(people.head, change, "confirm")
    assert held(scheme) == (ACCOUNT, 20)
    assert waiting(people.head) == {}
    rows = AuditEntry.objects.filter(action__startswith="return_terms").order_by("seq")
    assert [row.action for row in rows] == ["return_terms.propose", "return_terms_change.confirm", "return_terms.set"]
    assert rows.last().before == {"return_account": "", "return_days": 30}


def test_a_refused_account_leaves_all_as_it_was(people, scheme):
    change = return_terms.propose(people.head, scheme, terms())
    return_terms.decide(people.finance, change, "refuse", "帳號少一碼")
    assert held(scheme) == ("", 30)
    assert Notice.objects.get(recipient=people.head, kind="return_terms.refuse").body.endswith("帳號少一碼")
    return_terms.propose(people.head, scheme, terms())
    with pytest.raises(Refused, match="已經有一筆繳回帳戶等人確認"):
        return_terms.propose(people.finance, scheme, terms())


@pytest.mark.parametrize("role", [Role.CASE_OFFICER, Role.ADMINISTRATOR, Role.AUDITOR, Role.REVIEWER])
def test_no_other_post_proposes_or_confirms(people, scheme, role):
    user = person(role)
    with pytest.raises(Refused):
        return_terms.propose(user, scheme, terms())
    change = return_terms.propose(people.finance, scheme, terms())
    for stranger in (user, person(Role.APPROVER, "miaoli")):
        with pytest.raises(Refused):
            return_terms.decide(stranger, change, "confirm")
    assert held(scheme) == ("", 30)


def test_pages(people, scheme, client):
    at = f"/schemes/{scheme.slug}/returns/"
    client.force_login(people.finance)
    assert client.post(at, TYPED).status_code == 302
    change = ReturnTermsChange.objects.get()
    page = client.get(at).content.decode()
    assert (ACCOUNT in page, "確認這個帳戶" in page) == (True, False)
    assert client.post(f"{at}{change.pk}/confirm/").status_code == 403
    client.force_login(people.head)
    assert "確認這個帳戶" in client.get(at).content.decode()
    assert client.post(f"{at}{change.pk}/refuse/").status_code == 422
    assert client.post(f"{at}{change.pk}/confirm/").status_code == 302
    assert "歷次登錄" in client.get(at).content.decode()
    assert at in client.get(f"/schemes/{scheme.slug}/").content.decode()
    client.force_login(people.officer)
    assert (client.get(at).status_code, client.post(at, TYPED).status_code) == (200, 403)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("bank_code", "004", "7位數字"),
        ("bank_account", "12345", "10到16位數字"),
        ("account_name", "", "必須填寫"),
        ("days", "0", "至少要填1"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(people, scheme, client, name, value, words):
    client.force_login(people.head)
    answer = client.post(f"/schemes/{scheme.slug}/returns/", TYPED | {name: value})
    form = answer.context["form"]
    assert (answer.status_code, list(form.errors), ReturnTermsChange.objects.count()) == (422, [name], 0)
    assert words in form.errors[name][0] or name == "account_name"
    assert TYPED["reason"] in answer.content.decode()


def test_the_association_reads_where_and_how_to_pay(client):
    staff = county()
    award = approved((80_000, 40_000), staff=staff)
    change = return_terms.propose(staff.finance, award.application.scheme, terms())
    paid_first(award, staff)
    accepted(award, staff, (30_000, 20_000))
    client.force_login(member(award))
    at = f"/settlements/{award.number}/"
    assert "還沒有登錄收款帳戶" in client.get(at).content.decode()
    return_terms.decide(staff.head, change, "confirm")
    page = client.get(at).content.decode()
    assert (ACCOUNT in page, "目前是 20 天" in page, f"備註寫案號 {award.number}" in page) == (True, True, True)
    assert "/returns/" not in page


def test_before_the_letter_is_out_the_term_is_told_in_days(client):
    staff = county()
    award = approved(staff=staff)
    paid_first(award, staff)
    sanctions.confirm(staff.head, sanctions.record(staff.officer, award, draft()))
    client.force_login(member(award))
    page = client.get(f"/settlements/{award.number}/").content.decode()
    assert ("縣府的函送達以後 30 天內" in page, "應繳回 60,000 元，等縣府發函" in page) == (True, True)
