"""What makes somebody another person to the portal needs two: nobody alone becomes the approver."""

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from miaoli_kaohsiung.accounts import changes, services
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import IdentityChange, Invitation, Post, User
from miaoli_kaohsiung.accounts.permissions import may_decide_change
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.notices.models import Notice
from miaoli_kaohsiung.notices.services import deliver_pending
from tests.factories.accounts import PostFactory, UserFactory, person
from tests.factories.communities import OrganisationFactory, member_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_counted")]
PASSWORD = "demo-88-2010"


@pytest.fixture
def admin():
    return person(Role.ADMINISTRATOR, county="")


@pytest.fixture
def head():
    user = person(Role.APPROVER, county="miaoli")
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    return user


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(name, *args):
    return reverse(name, args=args)


def save(admin, user, email):
    values = {"display_name": user.display_name, "email": email}
    return signed_in(admin).post(url("communities:person-save", user.pk), values)


# --- One administrator alone ----------------------------------------------------------------------------------------------


def test_one_administrator_does_not_become_the_approver(admin, head, mailoutbox):
    """The whole way of it: own address, factor cleared, password by mail. Every step stops, and the approver hears of it."""
    assert save(admin, head, "mine@example.org").status_code == 302
    signed_in(admin).post(url("communities:person-second-factor", head.pk))
    head.refresh_from_db()
    assert (head.email != "mine@example.org", Authenticator.objects.filter(user=head).exists()) == (True, True)
    for change in IdentityChange.objects.all():
        assert signed_in(admin).post(url("change-confirm", change.pk)).status_code == 403
    Client().post(reverse("account_reset_password"), {"email": "mine@example.org"})
    assert not any("/key/" in mail.body for mail in mailoutbox if mail.to == ["mine@example.org"])
    deliver_pending()
    subjects = [mail.subject for mail in mailoutbox if mail.to == [head.email]]
    assert subjects == ["有人提出變更您的帳號"] or subjects == ["有人提出變更您的帳號"] * 2


@pytest.mark.parametrize("role", ["case_officer", "approver", "finance_officer", "auditor", "administrator"])
def test_no_deciding_post_is_given_or_offered_by_one_alone(admin, role):
    user, client = UserFactory(), signed_in(admin)
    values = {"role": role, "county": "miaoli", "valid_from": "99/6/1"}
    assert client.post(url("communities:post-give", user.pk), values).status_code == 302
    values |= {"display_name": "新人", "email": "new@example.org"}
    assert client.post(url("communities:invitations"), values).status_code == 302
    assert not Post.objects.filter(user=user).exists()
    assert not Invitation.objects.exists()
    kinds = IdentityChange.objects.order_by("kind").values_list("kind", flat=True)
    assert list(kinds) == ["invitation", "post"]


# --- The second person ----------------------------------------------------------------------------------------------------


def waiting(admin, user) -> IdentityChange:
    return changes.propose_address(Actor(admin), user, "new@example.org")


def who_may(change, *people):
    return [bool(may_decide_change(user, change)) for user in people]


def test_another_administrator_or_the_countys_approver_confirms(admin):
    user = person(Role.CASE_OFFICER, county="miaoli")
    change = waiting(admin, user)
    allowed = [person(Role.ADMINISTRATOR, county=""), person(Role.ADMINISTRATOR, county="miaoli")]
    allowed.append(person(Role.APPROVER, county="miaoli"))
    refused = [admin, user, person(Role.APPROVER), person(Role.ADMINISTRATOR, county="kaohsiung")]
    refused += [person(role, county="miaoli") for role in (Role.CASE_OFFICER, Role.FINANCE_OFFICER, Role.AUDITOR)]
    assert who_may(change, *allowed) == [True] * 3
    assert who_may(change, *refused) == [False] * 7


def test_nobody_confirms_what_concerns_himself(admin, head):
    assert who_may(waiting(admin, head), head, person(Role.APPROVER, county="miaoli")) == [False, True]


def test_who_serves_both_counties_is_known_to_either_approver(admin):
    both = person(Role.REVIEWER, county="miaoli")
    PostFactory(user=both, role=Role.REVIEWER, county="kaohsiung")
    change = waiting(admin, both)
    assert who_may(change, person(Role.APPROVER), person(Role.ADMINISTRATOR, county="miaoli")) == [True, False]


def test_an_address_is_changed_when_confirmed_and_the_old_one_hears_of_it(admin, head, mailoutbox):
    user = person(Role.CASE_OFFICER, county="miaoli")
    old = user.email
    save(admin, user, "New@example.org")
    page = signed_in(head).get(url("changes")).content.decode()
    assert f"電子信箱由 {old} 改為 new@example.org" in page
    deliver_pending()
    assert [mail.subject for mail in mailoutbox if mail.to == [head.email]] == ["有一件人員變更等您確認"]
    mailoutbox.clear()
    done = signed_in(head).post(url("change-confirm", IdentityChange.objects.get().pk), follow=True)
    follows = "從現在起用 new@example.org 登入和收通知，舊信箱不再收到；登入密碼沒有改。"
    assert f"本人接下來：{follows}" in done.content.decode()
    user.refresh_from_db()
    assert user.email == "new@example.org"
    deliver_pending()
    (decided,) = [mail for mail in mailoutbox if mail.to == [old]]
    assert (decided.subject, follows in decided.body) == ("您帳號的變更已經決定", True)
    entries = AuditEntry.objects.order_by("seq").values_list("action", "actor_id")
    assert list(entries) == [("change.propose", admin.pk), ("change.confirm", head.pk), ("account.update", head.pk)]
    assert not Notice.objects.filter(kind="change.wait", closed_at=None).exists()
    # Once is enough.
    assert signed_in(head).post(url("change-confirm", IdentityChange.objects.get().pk)).status_code == 404


def test_a_second_factor_is_cleared_when_confirmed_and_sessions_end(admin, head):
    other, old = person(Role.ADMINISTRATOR, county=""), signed_in(head)
    change = changes.propose_second_factor(Actor(admin), head)
    signed_in(other).post(url("change-confirm", change.pk))
    assert not Authenticator.objects.filter(user=head).exists()
    assert old.get(reverse("me")).status_code == 302


def test_a_post_is_given_when_confirmed(admin, head):
    user = UserFactory()
    values = {"role": "finance_officer", "county": "miaoli", "valid_from": "99/6/1", "valid_to": "99/12/31"}
    signed_in(admin).post(url("communities:post-give", user.pk), values)
    signed_in(head).post(url("change-confirm", IdentityChange.objects.get().pk))
    post = Post.objects.get(user=user)
    assert (post.role, post.county, post.valid_from, post.valid_to) == (
        "finance_officer",
        "miaoli",
        dt.date(2010, 6, 1),
        dt.date(2010, 12, 31),
    )


def test_an_invitation_goes_out_when_confirmed(admin, head, mailoutbox):
    values = {"role": "finance_officer", "county": "miaoli", "display_name": "新人", "email": "new@example.org"}
    signed_in(admin).post(url("communities:invitations"), values)
    assert mailoutbox == []
    page = signed_in(admin).get(url("communities:invitations"))
    assert [change.data["email"] for change in page.context["waiting"]] == ["new@example.org"]
    assert "等另一個人確認的邀請" in page.content.decode()
    elsewhere = signed_in(person(Role.ADMINISTRATOR, county="kaohsiung")).get(url("communities:invitations"))
    assert list(elsewhere.context["waiting"]) == []
    signed_in(head).post(url("change-confirm", IdentityChange.objects.get().pk))
    assert [mail.to for mail in mailoutbox] == [["new@example.org"]]
    assert "等另一個人確認的邀請" not in signed_in(admin).get(url("communities:invitations")).content.decode()
    assert Invitation.objects.get().invited_by == admin


def test_refused_or_withdrawn_changes_nothing(admin, head):
    user = person(Role.CASE_OFFICER, county="miaoli")
    signed_in(head).post(url("change-refuse", waiting(admin, user).pk))
    signed_in(admin).post(url("change-withdraw", waiting(admin, user).pk))
    assert User.objects.get(pk=user.pk).email == user.email
    assert list(IdentityChange.objects.values_list("confirmed", "decided_by").order_by("pk")) == [
        (False, head.pk),
        (False, admin.pk),
    ]
    actions = AuditEntry.objects.order_by("seq").values_list("action", flat=True)
    assert list(actions) == ["change.propose", "change.refuse", "change.propose", "change.withdraw"]


def test_only_one_of_a_kind_waits_for_a_person_and_an_old_one_is_over(admin, head):
    user = person(Role.CASE_OFFICER, county="miaoli")
    change = waiting(admin, user)
    with pytest.raises(changes.ChangeError, match="已經有一件相同的變更"):
        waiting(admin, user)
    with clock.travel(dt.date(2010, 6, 15)):
        assert may_decide_change(head, change)
    with clock.travel(dt.date(2010, 6, 16)):
        assert not may_decide_change(head, change)
        assert waiting(admin, user).pk != change.pk


def test_an_address_that_was_taken_meanwhile_is_said_and_goes_on_waiting(admin, head):
    change = waiting(admin, person(Role.CASE_OFFICER, county="miaoli"))
    UserFactory(email="new@example.org")
    page = signed_in(head).post(url("change-confirm", change.pk), follow=True)
    assert "這個電子信箱已經有人使用" in page.content.decode()
    change.refresh_from_db()
    assert change.decided_at is None


# --- Posts over their whole time -------------------------------------------------------------------------------------------------


def give(user, role, first, last=None, county="miaoli"):
    with services.trail.unit_of_work(Actor.system("test")):
        return services.record_post(user, role=role, county=county, valid_from=first, valid_to=last)


TODAY, TOMORROW = dt.date(2010, 6, 1), dt.date(2010, 6, 2)


@pytest.mark.parametrize("one", [Role.APPROVER, Role.FINANCE_OFFICER, Role.CASE_OFFICER, Role.AUDITOR])
@pytest.mark.parametrize("turned", [False, True])
def test_approver_from_tomorrow_and_administrator_from_today_are_not_one_person(one, turned):
    user = UserFactory()
    first, then = (one, Role.ADMINISTRATOR) if turned else (Role.ADMINISTRATOR, one)
    give(user, first, TOMORROW)
    with pytest.raises(services.PostError, match="不能同時擔任"):
        give(user, then, TODAY)
    assert Post.objects.filter(user=user).count() == 1
    give(user, then, TODAY, TODAY)
    assert Post.objects.filter(user=user).count() == 2


# --- The own address ------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def member():
    return member_of(OrganisationFactory())


def ask(member, email="new@example.org", password=PASSWORD):
    values = {"display_name": member.display_name, "email": email, "password": password}
    return signed_in(member).post(reverse("me"), values)


def link_of(mail) -> str:
    return "/accounts/address/" + mail.body.split("/accounts/address/")[1].split()[0]


@pytest.mark.parametrize("password", ["", "wrong"])
def test_an_open_browser_alone_changes_no_address(member, mailoutbox, password):
    answer = ask(member, password=password)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["password"])
    assert (mailoutbox, IdentityChange.objects.count()) == ([], 0)
    assert User.objects.get(pk=member.pk).email == member.email


def test_guesses_of_the_password_lock_as_at_sign_in(member):
    for _number in range(5):
        ask(member, password="wrong")
    assert "請等 5 分鐘" in str(ask(member).context["form"].errors["password"])


def test_the_new_address_counts_when_its_mail_was_read(member, mailoutbox):
    old = member.email
    assert ask(member).status_code == 302
    assert [mail.to for mail in mailoutbox] == [["new@example.org"]]
    assert User.objects.get(pk=member.pk).email == old
    assert "等候確認" in signed_in(member).get(reverse("me")).content.decode()
    link = link_of(mailoutbox[0])
    stranger = Client()
    assert stranger.get(link).status_code == 200
    assert User.objects.get(pk=member.pk).email == old, "looking confirms nothing"
    own = signed_in(member)
    answer = own.post(link, follow=True).content.decode()
    assert "電子信箱已經換好了。從現在起用 new@example.org 登入和收通知，舊信箱不再收到；登入密碼沒有改。" in answer
    assert User.objects.get(pk=member.pk).email == "new@example.org"
    assert stranger.post(link).status_code == 410
    mailoutbox.clear()
    deliver_pending()
    assert {(mail.subject, mail.to[0]) for mail in mailoutbox} == {
        ("有人要把您帳號的電子信箱換掉", old),
        ("您帳號的電子信箱已經換了", old),
    }


def test_a_later_wish_or_a_withdrawal_makes_the_link_worthless(member, mailoutbox):
    ask(member, "first@example.org")
    ask(member, "second@example.org")
    assert Client().get(link_of(mailoutbox[0])).status_code == 410
    signed_in(member).post(url("change-withdraw", IdentityChange.objects.get(decided_at=None).pk))
    assert Client().get(link_of(mailoutbox[1])).status_code == 410
    assert User.objects.get(pk=member.pk).email == member.email


def test_a_link_is_good_for_three_days(member, mailoutbox):
    ask(member)
    with clock.travel(dt.date(2010, 6, 5)):
        assert Client().post(link_of(mailoutbox[0])).status_code == 410
    with clock.travel(dt.date(2010, 6, 4)):
        assert Client().post(link_of(mailoutbox[0])).status_code == 302


def test_an_address_taken_meanwhile_is_said(member, mailoutbox):
    ask(member)
    User.objects.filter(pk=person(Role.CASE_OFFICER).pk).update(email="new@example.org")
    answer = Client().post(link_of(mailoutbox[0]))
    assert (answer.status_code, "已經有人使用" in answer.content.decode()) == (410, True)


def test_the_own_wish_is_nobodys_to_confirm(member, admin):
    ask(member)
    change = IdentityChange.objects.get()
    assert signed_in(admin).get(url("changes")).context["rows"] == []
    assert signed_in(admin).post(url("change-confirm", change.pk)).status_code == 404


def test_whoever_asked_for_another_address_reads_what_to_do(member):
    client = signed_in(member)
    data = {"display_name": member.display_name, "email": "new@example.org", "password": PASSWORD}
    page = client.post(reverse("me"), data, follow=True).content.decode()
    assert "確認信已經寄到 new@example.org。請在 3 天內打開那封信，按裡面的連結" in page
