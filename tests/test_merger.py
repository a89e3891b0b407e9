"""The day on which a county is renamed: every page, letter and export of the day before and of the day after.

On the day before nothing has a new name, on the day after nothing has an old one, except where it tells what was. No
name stands anywhere that never was: the county with a township of the city, the city with one of the county.
"""

import datetime as dt
import html
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from communities.models import Organisation
from communities.places import KEPT
from communities.services.organisations import load_townships
from grants.models import Scheme
from grants.rules import laws, ruleset
from grants.services.letters import drafts
from miaoli_kaohsiung.accounts import counties
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.permissions import PUBLIC, SIGNED_IN
from miaoli_kaohsiung.lib import clock
from tests.factories import reviews
from tests.factories.accounts import KAOHSIUNG
from tests.grants.papers import text_of_pdf
from tests.routes import World
from tests.test_routes import ADDRESSES, OURS, ROUTES, is_for_forms_only, takes_forms_only

pytestmark = pytest.mark.django_db
BEFORE, AFTER = dt.date(2010, 12, 24), dt.date(2010, 12, 26)
# Pages that tell what was: what somebody entered, filed or recorded on an earlier day, and letters of that day.
HISTORY = {
    "communities:account-request-answer",
    "communities:alliance",
    "communities:account-request-letter",
    "communities:enrolment-certificate",
    "communities:registry-import-columns",
    "communities:registry-import-preview",
    "communities:training-sheet",
    "grants:amendment",
    "grants:application_detail",
    "grants:central_request",
    "grants:audit_entry",
    "grants:evaluation",
    "grants:handover_paper",
    "grants:letter_detail",
    "grants:letter_final",
    "grants:letter_issue",
    "grants:payment_batch_pdf",
    "grants:ruling",
    "grants:sanction",
    "grants:session_minutes",
}
# Pages that say from which day on something is called what, and those that quote the law, which names both.
BOTH = {
    "communities:county",
    "communities:county-townships-file",
    "grants:award_again_facts",
    "grants:law",
    "grants:ruling_new",
    "grants:scheme",
    "grants:waivers",
}
POSTS = tuple(dict.fromkeys((Role.CASE_OFFICER, Role.APPROVER, Role.FINANCE_OFFICER, *Role)))
SEEN = ("text/html", "text/plain", "text/csv", "application/json")


@pytest.fixture(autouse=True)
def _townships_in_the_database() -> None:
    """A letter reads their names anew, and a test that empties the tables may have come before."""
    load_townships()


def townships(day: dt.date) -> set[str]:
    return {KEPT.get().on(row.code, day) for row in KEPT.get().rows if row.county == KAOHSIUNG}


OLD_COUNTY, NEW_COUNTY = "高雄縣", "高雄市"
OLD_VILLAGE, NEW_VILLAGE = "大田村", "大田里"


def readers(name: str, world: World) -> list[tuple[User | None, Callable[[World], Any]]]:
    """Who reads the address, with what builds it: the posts for which it is worth looking at, else one."""
    route, audience = ROUTES[name], ADDRESSES[name].view.audience
    if route.shows:
        return [(world[post], build) for post, build in route.shows]
    if audience == PUBLIC:
        return [(None, route.kwargs)]
    posts = [post for post in POSTS if (audience == SIGNED_IN or post in audience) and post not in route.refused]
    return [(world[post], route.kwargs) for post in posts[:1]]


def text_of(answer: HttpResponseBase) -> str:
    """The words of a page, those in its fields and labels too, of a PDF or of an export."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    kind = answer["Content-Type"].partition(";")[0]
    if kind == "application/pdf":
        # A file of a few bytes only stands for one.
        return text_of_pdf(body) if len(body) > 2000 else ""
    text = body.decode("utf-8-sig") if kind in SEEN else ""
    if kind != "text/html":
        return text
    # A name in a drawing goes over several lines.
    text = re.sub(r"</tspan>\s*<tspan[^>]*>", "", text)
    said = re.findall(r' (?:value|alt|title|placeholder|aria-label)="([^"]*)"', text)
    return html.unescape("\n".join([re.sub(r"<[^>]*>", " ", text), *said]))


def shown(user: User | None, url: str, day: dt.date) -> str:
    client = Client()
    with clock.travel(day):
        if user:
            client.force_login(user)
        answer = client.get(url)
        return text_of(answer) if answer.status_code == 200 and not takes_forms_only(answer) else ""


def pages(world: World) -> Iterator[tuple[str, dt.date, str]]:
    """What each address shows on each day; what its builder made is taken back before the next."""
    for name in [name for name in OURS if not is_for_forms_only(ADDRESSES[name].view)]:
        for user, build in readers(name, world):
            with transaction.atomic():
                url = reverse(name, kwargs=build(world))
                yield from ((name, day, shown(user, url, day)) for day in (BEFORE, AFTER))
                transaction.set_rollback(True)


def proper_names() -> list[str]:
    """Names that stay whatever the county is called: of bodies, schemes and laws, and the numbers of registrations."""
    found = {ruleset.load(slug).title for slug in laws.found()}
    for row in Organisation.objects.all():
        found |= {row.name, f"{row.registration_county} {row.registration_number}"}
    for scheme in Scheme.objects.all():
        found |= {scheme.name, scheme.legal_basis}
    return sorted(found, key=len, reverse=True)


def wrong_in(text: str, name: str, day: dt.date) -> list[str]:
    text = re.sub(r"[ \t\n]+", " ", text)
    for words in proper_names():
        text = text.replace(words, "◇")
    old, new = townships(BEFORE) - townships(AFTER), townships(AFTER) - townships(BEFORE)
    never = [f"{OLD_COUNTY}{place}" for place in new] + [f"{NEW_COUNTY}{place}" for place in old]
    wrong = [OLD_COUNTY, *old, OLD_VILLAGE] if day == AFTER else [NEW_COUNTY, *new, NEW_VILLAGE]
    if name in BOTH or (name in HISTORY and day == AFTER):
        wrong = []
    return [text[max(0, text.index(words) - 15) :][:40] for words in [*never, *wrong] if words in text]


def test_every_page_of_the_day_before_and_of_the_day_after():
    """What people wrote of places long before reads as on the day, too."""
    world = World()
    area = f"旗山鎮溪畔里第1至4鄰、甲仙鄉{OLD_VILLAGE}、高雄縣內門鄉"
    here = Organisation.objects.filter(county=KAOHSIUNG)
    here.update(area_served=area, address=f"高雄縣甲仙鄉{OLD_VILLAGE}新村路1號")
    found = {(name, f"{day}"): wrong for name, day, text in pages(world) if (wrong := wrong_in(text, name, day))}
    assert found == {}


@pytest.mark.parametrize(
    ("day", "head"),
    [
        (BEFORE, ("高雄縣政府", "830高雄縣鳳山市光復路2段132號", "縣長示範甲", "高雄縣旗山鎮公所")),
        (AFTER, ("高雄市政府", "802高雄市苓雅區四維三路2號", "市長示範乙", "高雄市旗山區公所")),
    ],
)
def test_a_letter_drafted_long_before(day, head):
    people = reviews.staff()
    draft = reviews.approved(people).application.letters.get()
    assert OLD_COUNTY in draft.copies
    with clock.travel(day):
        text = text_of_pdf(drafts.preview([draft], user=people.officer))
    assert [words for words in head if words not in text] == []
    assert wrong_in(text, "letter", day) == []


def test_exports_and_posts_of_the_two_days(client):
    world = World()
    for day, county, place in ((BEFORE, OLD_COUNTY, "旗山鎮"), (AFTER, NEW_COUNTY, "旗山區")):
        with clock.travel(day):
            export = text_of(client.get("/open-data/organisations.csv"))
            assert f",{county},{place}," in export
            assert (world[Role.TOWNSHIP_OFFICER].posts.get().label, world[Role.APPROVER].posts.get().label) == (
                f"{place}公所 公所承辦",
                f"{county} 主管",
            )
            assert dict(counties.choices())[KAOHSIUNG] == county
