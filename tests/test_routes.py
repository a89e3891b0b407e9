"""Every address of the portal against every post: who is let in, who reads why not, who finds nothing.

A new route needs an audience (a decorator of accounts.permissions) and an entry in tests/routes/<stage>.py; without
them the tests here fail and name it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.middleware import SEEN_AT, SIGNED_IN_AT
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.permissions import PUBLIC, SIGNED_IN
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.leads_back import LeadsBack
from tests.markup import faults_of
from tests.routes import Route, World, all_routes

NOBODY = "nobody"
IN, LOGIN = "in", "login"
# Sessions and messages live in this table; a page that is looked at may write there and nowhere else.
SESSIONS = '"django_session"'
# Counting how often somebody asks is what limits are for.
COUNTERS = '"portal_counters"'
# And that somebody took a file or looked at personal data is what the trail is for.
NOTED = (SESSIONS, COUNTERS, '"audit_auditentry"', '"audit_audithead"')
WRITES = ("INSERT ", "UPDATE ", "DELETE ", "TRUNCATE ")


@dataclass(frozen=True)
class Address:
    name: str
    view: Any


def walk(patterns: list[URLPattern | URLResolver], namespace: str = "") -> Iterator[Address]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from walk(pattern.url_patterns, inner)
        else:
            yield Address(f"{namespace}{pattern.name or pattern.pattern}", pattern.callback)


def is_others(address: Address) -> bool:
    """Django's administration and django-allauth guard themselves; what they promise is tested below."""
    return address.name.startswith("admin:") or address.view.__module__.startswith("allauth.")


ADDRESSES = {address.name: address for address in walk(get_resolver().url_patterns)}
OURS = sorted(name for name, address in ADDRESSES.items() if not is_others(address))
ROUTES: dict[str, Route] = all_routes()


# --- Nothing is forgotten ----------------------------------------------------------------------------------------------------


def test_every_view_says_for_whom_it_is():
    """By a decorator: audience(), signed_in or public_page."""
    audiences = {name: getattr(ADDRESSES[name].view, "audience", None) for name in OURS}
    assert [name for name, audience in audiences.items() if not audience] == []
    posts = {name: audience for name, audience in audiences.items() if audience not in (PUBLIC, SIGNED_IN)}
    assert [name for name, audience in posts.items() if not audience <= frozenset(Role)] == []


def test_every_route_stands_in_the_tests():
    """In ROUTES of tests/routes/<stage>.py; and none that is gone stands there."""
    assert sorted(ROUTES) == OURS


# --- Route × post ------------------------------------------------------------------------------------------------------------------


def session_of(user: User | None) -> str:
    """The cookie of somebody who has signed in and looked at a page; empty for nobody."""
    if not user:
        return ""
    now, session = int(clock.now().timestamp()), SessionStore()
    session.update({SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0]})
    # Each request notes the first look anew, because it is taken back.
    session.update({HASH_SESSION_KEY: user.get_session_auth_hash(), SIGNED_IN_AT: now, SEEN_AT: now})
    session.create()
    return str(session.session_key)


def visitor(session: str, **options: bool) -> Client:
    """A browser with nothing but this session: asking does not cost a sign-in each time."""
    client = Client(**options)
    if session:
        client.cookies[settings.SESSION_COOKIE_NAME] = session
    return client


def ask(session: str, method: str, url: str) -> tuple[Any, list[str]]:
    """The answer and the tables' writes, all of it taken back. POST sends nothing but the post."""
    client = visitor(session)
    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        answer = client.generic(method, url, content_type="application/x-www-form-urlencoded")
        transaction.set_rollback(True)
    statements = [query["sql"] for query in asked]
    return answer, [sql for sql in statements if sql.startswith(WRITES) and not any(name in sql for name in NOTED)]


def takes_forms_only(answer: Any) -> bool:
    """The method is not the view's: POST gets 405, GET is led back to the page where the form stands."""
    return answer.status_code == 405 or isinstance(answer, LeadsBack)


def is_for_forms_only(view: Any) -> bool:
    """Whether the view says itself that it takes POST and nothing else (Django's require_POST)."""
    while view:
        kept = dict(zip(view.__code__.co_freevars, view.__closure__ or (), strict=True))
        if "request_method_list" in kept:
            return list(kept["request_method_list"].cell_contents) == ["POST"]
        view = getattr(view, "__wrapped__", None)
    return False


def outcome(answer: Any) -> str | int:
    if answer.status_code == 302 and answer.url.startswith(reverse("account_login")):
        return LOGIN
    return answer.status_code if answer.status_code in (403, 404) or answer.status_code >= 500 else IN


def expected(audience: Any, post: str, refused: Mapping[str, int]) -> str | int:
    if audience == PUBLIC:
        return refused.get(post, IN)
    if post == NOBODY:
        return LOGIN
    if audience != SIGNED_IN and post not in audience:
        return 403
    return refused.get(post, IN)


def is_refused_as_forged(session: str, url: str, template: str) -> bool:
    """Without its CSRF token, or its signature, nothing is posted, not even in the name of somebody who is let in."""
    answer = visitor(session, enforce_csrf_checks=True).post(url)
    return answer.status_code == 403 and [template.name for template in answer.templates][:1] == [template]


KNOWN = [name for name in OURS if name in ROUTES]


@pytest.mark.django_db
@pytest.mark.parametrize("name", KNOWN)
def test_who_is_let_in(name):
    """Everybody of the own county, those outside it, and whoever reloads; in one world, because it takes longest to build."""
    world = World()
    url = reverse(name, kwargs=dict(ROUTES[name].kwargs(world)))
    sessions = {post: session_of(user) for post, user in [*world.people.items(), (NOBODY, None)]}
    everybody_gets_what_the_audience_says(name, url, sessions)
    strangers_find_nothing(name, url, world)
    reloading_shows_a_page(name, url, sessions)


def everybody_gets_what_the_audience_says(name: str, url: str, sessions: Mapping[str, str]) -> None:
    route, audience = ROUTES[name], ADDRESSES[name].view.audience
    wanted, found, written, faults = {}, {}, {}, {}
    for post, session in sessions.items():
        for method, refused in [("GET", route.refused), ("POST", {**route.refused, **route.post_refused})]:
            answer, writes = ask(session, method, url)
            wanted[post, method] = expected(audience, post, refused)
            # A method that a view does not have is refused to everybody alike and tells nothing.
            found[post, method] = wanted[post, method] if takes_forms_only(answer) else outcome(answer)
            if method == "GET" and writes:
                written[post] = writes
            if wrong := faults_of(answer):
                faults[post, method] = wrong
    assert found == wanted
    assert faults == {}
    assert written == {}, "looking at a page changes nothing"
    refusal = "403.html" if route.signed else "403_csrf.html"
    # Before any view asks who it is: nobody, and one who is let in.
    assert [is_refused_as_forged(sessions[post], url, refusal) for post in (NOBODY, one_let_in(name))] == [True, True]


def strangers_find_nothing(name: str, url: str, world: World) -> None:
    """The other county, the next township and another association find nothing where the post has a part in it. A post
    that has none is refused before anything is looked for, whosever the object is: by the same answer as above.
    """
    route, audience = ROUTES[name], ADDRESSES[name].view.audience
    if audience == PUBLIC or route.shared or route.kwargs is Route().kwargs:
        return
    found = {}
    for post, user in world.strangers.items():
        if audience != SIGNED_IN and post not in audience:
            continue
        session = session_of(user)
        for method in ("POST",) if route.leads_on else ("GET", "POST"):
            answer, _writes = ask(session, method, url)
            found[post, method] = 404 if takes_forms_only(answer) else outcome(answer)
    assert found
    assert found == dict.fromkeys(found, 404)


def reloading_shows_a_page(name: str, url: str, sessions: Mapping[str, str]) -> None:
    """A form's own address, asked for with GET, leads to a page with words, never to an empty 405 or to nothing."""
    client = visitor(sessions[one_let_in(name)])
    leads_back = isinstance(client.get(url), LeadsBack)
    assert leads_back or not is_for_forms_only(ADDRESSES[name].view)
    if leads_back:
        shown = client.get(url, follow=True)
        assert (shown.status_code, bool(shown.content)) == (200, True), shown.redirect_chain


def one_let_in(name: str) -> str:
    """The first post that may do all that the address does."""
    route, audience = ROUTES[name], ADDRESSES[name].view.audience
    let_in = [role for role in Role if audience in (PUBLIC, SIGNED_IN) or role in audience]
    return next((role for role in let_in if role not in {**route.refused, **route.post_refused}), let_in[0])


# --- What others guard -----------------------------------------------------------------------------------------------------------------

# django-allauth's addresses and what somebody who has not signed in gets on GET.
ALLAUTH = {
    "account_login": 200,
    "account_logout": 302,
    "account_inactive": 200,
    "account_signup": 200,
    "account_reauthenticate": LOGIN,
    "account_email": 302,  # the portal's own page instead
    "account_email_verification_sent": 200,
    "account_confirm_email": 200,
    "account_change_password": LOGIN,
    "account_set_password": LOGIN,
    "account_reset_password": 200,
    "account_reset_password_done": 200,
    "account_reset_password_from_key": 200,
    "account_reset_password_from_key_done": 200,
    "account_confirm_login_code": LOGIN,
    "mfa_index": LOGIN,
    "mfa_authenticate": LOGIN,
    "mfa_reauthenticate": LOGIN,
    "mfa_activate_totp": LOGIN,
    "mfa_deactivate_totp": LOGIN,
    "mfa_list_webauthn": LOGIN,
    "mfa_add_webauthn": LOGIN,
    "mfa_edit_webauthn": LOGIN,
    "mfa_remove_webauthn": LOGIN,
    "mfa_reauthenticate_webauthn": LOGIN,
    "mfa_login_webauthn": LOGIN,
    "mfa_view_recovery_codes": LOGIN,
    "mfa_generate_recovery_codes": LOGIN,
    "mfa_download_recovery_codes": LOGIN,
    "usersessions_list": LOGIN,
}
ARGUMENTS = {
    "account_confirm_email": {"key": "x"},
    "account_reset_password_from_key": {"uidb36": "1", "key": "x"},
    "mfa_edit_webauthn": {"pk": 1},
    "mfa_remove_webauthn": {"pk": 1},
}


def test_the_addresses_of_allauth_are_those_that_are_known():
    names = {name for name, address in ADDRESSES.items() if address.view.__module__.startswith("allauth.")}
    assert names == set(ALLAUTH)


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "answer"), ALLAUTH.items())
def test_strangers_at_the_addresses_of_allauth(client, name, answer):
    got = client.get(reverse(name, kwargs=ARGUMENTS.get(name)))
    assert (LOGIN if outcome(got) == LOGIN else got.status_code) == answer


def admin_url(name: str) -> str:
    if name.endswith(("_change", "_delete", "_history")) and name.count("_") > 1:
        return reverse(name, args=["1"])
    arguments = {"admin:app_list": ["accounts"], "admin:view_on_site": [1, "1"]}
    return reverse(name, args=arguments.get(name, []))


@pytest.mark.django_db
def test_the_administration_lets_nobody_else_in():
    world = World()
    # Those without a name only lead on to one that has one.
    named = [name for name in ADDRESSES if name.startswith("admin:") and "<" not in name and name != "admin:logout"]
    assert named
    for post, user in world.people.items():
        if post == Role.ADMINISTRATOR:
            continue
        client = Client()
        client.force_login(user)
        answers = {name: client.get(admin_url(name)) for name in named}
        assert answers.pop("admin:login").status_code == 403, post
        assert {answer.url.split("?")[0] for answer in answers.values()} == {reverse("admin:login")}, post


# PostgreSQL's own shell beside addresses that stand where they belong.
NO_CODE_OF_PAGES = {"urls.py", "settings.py", "clause_table.py", "postgres.py"}
LITERAL = re.compile(r"""f?["']/[a-z]+[a-z-]*/""")


def test_code_names_routes_and_writes_no_addresses():
    """An address is written once, in urls; the map of clauses prints address patterns for people, settings what Django asks for."""
    exempt = ("urls", "migrations", "demo", "trial")
    found = {
        f"{path}:{number}"
        for app in ("grants", "communities", "evaluation", "miaoli_kaohsiung")
        for path in Path(settings.BASE_DIR, app).rglob("*.py")
        if not set(exempt) & set(path.parts) and path.name not in NO_CODE_OF_PAGES
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if LITERAL.search(line)
    }
    assert found == set()
