"""People at their browsers: signing in, filling, pressing and reading, in the words that stand on the screen."""

import re
from dataclasses import dataclass
from types import SimpleNamespace

from django.conf import settings
from django.test import Client
from playwright.sync_api import Locator, Page, Route, expect

from communities.models import Organisation
from grants.services.schemes import sync
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.notices.tasks import deliver_notices
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, chair_of, member_of
from tests.factories.grants import EnvelopeFactory
from tests.files import samples

PASSWORD = "demo-88-2010"


def county_and_association() -> SimpleNamespace:
    """The filed schemes, an association with staff and chairperson, one officer of each post, and who pays."""
    for scheme in sync.sync():
        EnvelopeFactory(scheme=scheme)
    organisation: Organisation = OrganisationFactory(tax_id="04595257", name="高雄縣旗山鎮楓香社區發展協會")
    return SimpleNamespace(
        organisation=organisation,
        staff=member_of(organisation),
        chair=chair_of(organisation),
        officer=person(Role.CASE_OFFICER),
        head=person(Role.APPROVER),
        finance=person(Role.FINANCE_OFFICER),
        cashier=person(Role.FINANCE_OFFICER),
    )


def give_session(page: Page, user: User) -> None:
    """Sign somebody in without the form."""
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "domain": "localhost", "path": "/"}]
    )


def a_file(name: str, data: bytes | None = None, kind: str = "application/pdf") -> dict:
    """What a file input is given."""
    return {"name": name, "mimeType": kind, "buffer": samples.pdf() if data is None else data}


@dataclass
class Person:
    """Somebody at a page of their own."""

    page: Page
    user: User

    def sign_in(self) -> "Person":
        self.page.goto("/accounts/login/")
        return self.fill({"帳號或電子信箱": self.user.username, "密碼": PASSWORD}).press("登入")

    def goes(self, path: str) -> "Person":
        # A page that renews itself at this moment can take the answer away.
        answer = self.page.goto(path) or self.page.goto(path)
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.status}"
        return self

    def fill(self, fields: dict[str, str], within: Locator | None = None) -> "Person":
        for label, value in fields.items():
            self.field(label, within).fill(value)
        return self

    def field(self, label: str, within: Locator | None = None) -> Locator:
        """The field whose label begins so."""
        return (within or self.page.locator("main")).get_by_label(_begins(label)).first

    def press(self, name: str, within: Locator | None = None) -> "Person":
        """Press the button, else follow the link, whose words begin so, and wait for the page that answers."""
        root = within or self.page.locator("main")
        button = root.get_by_role("button", name=_begins(name))
        wanted = button if button.count() else root.get_by_role("link", name=_begins(name))
        with self.page.expect_navigation():
            wanted.first.click()
        return self

    def sees(self, *words: str) -> "Person":
        """These words can be read: what is hidden or folded away does not count."""
        for word in words:
            expect(self.page.locator("body")).to_contain_text(word, use_inner_text=True)
        return self

    def fits(self) -> "Person":
        """The page does not scroll sideways. A page that a click has just opened may have nothing to measure yet."""
        self.page.wait_for_load_state()
        width = self.page.viewport_size["width"]  # type: ignore[index]
        assert self.page.evaluate("document.documentElement.scrollWidth") <= width, self.page.url
        return self


class Held:
    """Requests that do not arrive until they are released."""

    def __init__(self) -> None:
        self.routes: list[Route] | None = []

    def take(self, route: Route) -> None:
        if self.routes is None:
            route.continue_()
        else:
            self.routes.append(route)

    def release(self) -> None:
        routes, self.routes = self.routes or [], None
        for route in routes:
            route.continue_()


def hold(page: Page, pattern: str) -> Held:
    """Hold what scripts post to addresses of this pattern."""
    held = Held()
    page.route(pattern, lambda route: held.take(route) if route.request.method == "POST" else route.continue_())
    return held


@dataclass
class Letterbox:
    """The mails of one person about one case, read step by step."""

    outbox: list
    user: User
    number: str

    def brings(self, *subjects: str) -> None:
        """These and no others since it was looked at last, each once."""
        deliver_notices()
        mails = [mail.subject for mail in self.outbox if self.user.email in mail.to]
        self.outbox.clear()
        got = [subject.partition(f"：{self.number}")[0] for subject in mails]
        assert got == list(subjects), got


def _begins(words: str) -> re.Pattern:
    return re.compile(rf"^\s*{re.escape(words)}")
