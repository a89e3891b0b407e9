"""A change of a county's own data: one person proposes it, another decides, and until then nothing holds."""

import datetime as dt

import pytest
from django.urls import reverse

from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import Post, User
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.changes import kinds, services
from miaoli_kaohsiung.changes.enums import ChangeStatus
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.changes.permissions import may_decide
from miaoli_kaohsiung.changes.queries import history, open_change, visible_to, waiting_for
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories.accounts import person

from .example import GREETING, greeting_of, propose_greeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return person(Role.CASE_OFFICER)


@pytest.fixture
def head():
    return person(Role.APPROVER)


def signed_in(client, user):
    client.force_login(user)
    return client


def refusal(act, *args):
    with pytest.raises(Refused) as refused:
        act(*args)
    return refused.value.reason


class TestProposing:
    def test_nothing_holds_before_somebody_else_confirms(self, officer, head):
        change = propose_greeting(officer, "早安", starts_on=dt.date(2010, 7, 1), memo_number="簽1號")
        assert (change.status, change.proposed_by, change.before, change.data) == (
            ChangeStatus.WAITING,
            officer,
            {"words": "您好"},
            {"words": "早安"},
        )
        assert greeting_of("kaohsiung") == {"words": "您好"}
        assert [list(waiting_for(user)) for user in (officer, head)] == [[], [change]]
        notices = Notice.objects.filter(kind="data_change.waits")
        assert [(row.recipient, row.url) for row in notices] == [(head, f"/changes/{change.pk}/")]

    def test_only_the_posts_of_the_kind_in_the_county_propose(self, head):
        words = "這項資料由縣府承辦人辦理，您目前的職務沒有這個權限。"
        assert refusal(propose_greeting, head, "早安") == words
        assert refusal(propose_greeting, person(Role.CASE_OFFICER, "miaoli"), "早安") == words

    def test_what_changes_nothing_is_no_change(self, officer):
        assert refusal(propose_greeting, officer, "您好") == "內容和現在的一樣，沒有要變更的地方。"
        assert not Change.objects.exists()

    def test_one_waits_for_the_same_data_and_those_of_another_county_do_not_count(self, officer):
        propose_greeting(officer, "早安")
        propose_greeting(person(Role.CASE_OFFICER, "miaoli"), "早安", "miaoli")
        words = "這項資料已經有一件變更等人確認，請先確認、不同意或收回那一件。"
        assert refusal(propose_greeting, officer, "午安") == words
        assert Change.objects.count() == 2

    def test_a_kind_is_registered_once(self):
        with pytest.raises(ValueError, match="registered already"):
            kinds.register(GREETING)


class TestDeciding:
    def test_another_person_confirms_and_it_holds(self, officer, head):
        change = propose_greeting(officer, "早安")
        services.confirm(head, change)
        change.refresh_from_db()
        assert (change.status, change.decided_by, change.decided_on) == (
            ChangeStatus.CONFIRMED,
            head,
            dt.date(2010, 6, 1),
        )
        assert greeting_of("kaohsiung") == {"words": "早安"}
        actions = AuditEntry.objects.order_by("seq").values_list("action", "actor_name")
        assert list(actions) == [
            ("example.greeting.propose", officer.display_name),
            ("example.greeting.confirm", head.display_name),
        ]
        assert Notice.objects.get(recipient=head).closed_at is not None
        assert Notice.objects.get(recipient=officer).subject == "「問候語」的變更已經確認"

    def test_nobody_decides_on_their_own(self, officer):
        change = propose_greeting(officer, "早安")
        words = "提出的人不能自己確認，請另一位同仁確認。"
        assert refusal(services.confirm, officer, change) == words
        assert refusal(services.refuse, officer, change, "不好") == words
        assert may_decide(person(Role.CASE_OFFICER), change)

    def test_whoever_proposed_from_outside_reads_who_confirms_and_no_refusal(self, officer):
        change = propose_greeting(officer, "早安")
        Post.objects.filter(user=officer).delete()
        outside = User.objects.get(pk=officer.pk)
        assert may_decide(outside, change).reason == "由縣府承辦人、主管確認；確認以前照原來的資料。"

    def test_the_other_county_and_other_posts_do_not_decide(self, officer):
        change = propose_greeting(officer, "早安")
        words = "這項資料由縣府承辦人、主管辦理，您目前的職務沒有這個權限。"
        for stranger in (person(Role.APPROVER, "miaoli"), person(Role.FINANCE_OFFICER), person(Role.AUDITOR)):
            assert refusal(services.confirm, stranger, change) == words

    def test_what_cannot_be_made_waits_on(self, officer, head):
        change = propose_greeting(officer, "再見")
        assert refusal(services.confirm, head, change) == "這句話不是問候。"
        change.refresh_from_db()
        assert change.status == ChangeStatus.WAITING

    def test_data_that_moved_meanwhile_ask_for_a_new_proposal(self, officer, head):
        change = propose_greeting(officer, "早安")
        Change.objects.update(before={"words": "晚安"})
        assert refusal(services.confirm, head, change).startswith("提出以後，原來的資料已經又改過了。")

    def test_a_refusal_has_its_reason_and_changes_nothing(self, officer, head):
        change = propose_greeting(officer, "早安")
        services.refuse(head, change, "太早了")
        change.refresh_from_db()
        assert (change.status, change.note) == (ChangeStatus.REFUSED, "太早了")
        assert greeting_of("kaohsiung") == {"words": "您好"}
        assert refusal(services.confirm, head, change) == "這件變更已經決定了。"

    def test_only_the_proposer_withdraws_and_only_while_it_waits(self, officer, head):
        change = propose_greeting(officer, "早安")
        assert refusal(services.withdraw, head, change) == "只有提出的人可以收回。"
        services.withdraw(officer, change)
        assert open_change(GREETING.name, "kaohsiung", "greeting") is None
        assert refusal(services.withdraw, officer, change) == "這件變更已經決定了，不能收回。"
        second = propose_greeting(officer, "午安")
        assert list(history(GREETING.name, "kaohsiung", "greeting")) == [second, change]


class TestPages:
    def test_old_and_new_stand_side_by_side_with_the_buttons_of_who_may(self, client, officer, head):
        change = propose_greeting(officer, "早安", reason="新年", memo_number="簽1號")
        url = reverse("changes:show", args=[change.pk])
        page = signed_in(client, head).get(url).content.decode()
        for words in ("您好", "早安", "新年", "簽1號", "確認這件變更", "不同意，退回提出的人"):
            assert words in page
        page = signed_in(client, officer).get(url).content.decode()
        assert ("收回這件變更" in page, "確認這件變更" in page) == (True, False)

    def test_a_refusal_without_a_reason_says_so_at_its_field(self, client, officer, head):
        change = propose_greeting(officer, "早安")
        answer = signed_in(client, head).post(reverse("changes:refuse", args=[change.pk]), {"note": " "})
        assert answer.status_code == 422
        assert "請寫不同意的理由，提出的人會看到。" in answer.content.decode()

    def test_what_cannot_be_made_is_said_on_the_page(self, client, officer, head):
        change = propose_greeting(officer, "再見")
        answer = signed_in(client, head).post(reverse("changes:confirm", args=[change.pk]))
        assert (answer.status_code, "這句話不是問候。" in answer.content.decode()) == (422, True)

    def test_the_pages_where_data_stand_are_those_that_open(self, client, officer):
        for user in (officer, person(Role.ADMINISTRATOR, ""), person(Role.FINANCE_OFFICER)):
            page = signed_in(client, user).get("/changes/").context
            assert page["pages"]
            assert [client.get(url, follow=True).status_code for _label, url in page["pages"]] == [200] * len(
                page["pages"]
            )

    def test_what_waits_stands_on_the_desk_of_who_confirms(self, client, officer, head):
        propose_greeting(officer, "早安")
        words = "看變更前後的內容，確認或不同意"
        shown = [words in signed_in(client, user).get("/desk/").content.decode() for user in (head, officer)]
        assert shown == [True, False]
        assert list(visible_to(person(Role.FINANCE_OFFICER))) == []
