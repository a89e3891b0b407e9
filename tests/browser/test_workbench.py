"""The workbench of a case: papers beside what is checked, few clicks, keys alone, a phone, and without JavaScript."""

import re
from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from playwright.sync_api import Page, expect

from communities.models import Organisation
from grants.enums import ApplicationStatus as S
from grants.models import Application
from grants.services.reviews import checks
from miaoli_kaohsiung.files.models import StoredFile
from tests.factories import reviews
from tests.factories.communities import OrganisationFactory, chair_of
from tests.factories.grants import EnvelopeFactory
from tests.files import samples
from tests.grants.filing import filed_case

from .acting import Person, give_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people() -> SimpleNamespace:
    return reviews.staff()


@pytest.fixture
def case(people) -> Application:
    """A case with real papers, received."""
    organisation: Organisation = OrganisationFactory()
    case = filed_case(organisation, chair_of(organisation))
    for document in case.documents.select_related("file"):
        default_storage.save(document.file.path, ContentFile(samples.pdf(2)))
        StoredFile.objects.filter(pk=document.file_id).update(pages=2)
    return checks.receive(people.officer, case)


@pytest.fixture
def other(people) -> Application:
    """Another one that waits for the same officer."""
    organisation: Organisation = OrganisationFactory()
    case = filed_case(organisation, chair_of(organisation), number="88-099-0702", title="社區防災")
    return checks.receive(people.officer, case)


def read_through(page: Page) -> None:
    """Scroll the pane from its first part to its last."""
    for part in page.locator("[data-pane] [data-place]").all():
        part.scroll_into_view_if_needed()
        expect(part).to_have_attribute("data-seen", "")


def test_a_clean_check_takes_four_clicks_and_the_next_case_one_more(people, case, other, page, axe):
    clicks = []
    page.expose_function("clicked", lambda: clicks.append(1))
    page.add_init_script("addEventListener('click', (e) => e.isTrusted && e.detail && window.clicked(), true)")
    give_session(page, people.officer)
    officer = Person(page, people.officer).goes(f"/applications/{case.number}/")
    officer.press("開始檢核").fits()
    axe(page)
    read_through(page)
    drawn = page.locator(".sheet-of-paper").first
    assert drawn.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 900
    officer.press("看過的都符合").sees("可以按「檢核完成」")
    officer.press("檢核完成").sees("檢核完成，進入審查")
    assert len(clicks) <= 4
    officer.press("下一件")
    expect(page).to_have_url(re.compile(f"/applications/{other.number}/check/$"))
    assert len(clicks) <= 5
    case.refresh_from_db()
    assert case.status == S.UNDER_REVIEW


def test_what_was_not_opened_is_not_met_and_every_open_item_is_a_link(people, case, page):
    give_session(page, people.officer)
    officer = Person(page, people.officer).goes(f"/applications/{case.number}/check/")
    officer.press("看過的都符合").sees("項要看")
    papers = set(case.documents.values_list("kind", flat=True))
    assert not papers.intersection(case.checklist.values_list("item", flat=True))
    officer.press("檢核完成")
    links = page.locator("[data-error-summary] a")
    assert links.count() == page.locator("fieldset.check.open").count() >= len(papers)
    links.last.click()
    expect(page.locator("fieldset.check.open").last).to_be_in_viewport()


def test_by_keys_alone(people, case, other, page):
    give_session(page, people.officer)
    page.goto(f"/applications/{case.number}/check/")
    press, rows = page.keyboard.press, page.locator("fieldset.check")
    for place in range(rows.count()):
        press("j")
        row = rows.nth(place)
        expect(row).to_be_focused()
        place_of = row.get_attribute("data-place") or ""
        if place_of.startswith("doc:"):
            expect(page.locator(f'[data-pane] [data-place="{place_of}"]').first).to_be_in_viewport()
        press("1")
        expect(row.get_by_label("符合", exact=True)).to_be_checked()
    press("2")
    expect(rows.last.get_by_label(re.compile("說明$"))).to_be_focused()
    page.keyboard.type("缺名冊")
    with page.expect_navigation():
        press("Enter")
    expect(page.locator("body")).to_contain_text("檢核結果已儲存")
    assert case.checklist.filter(verdict="refused", note="缺名冊").count() == 1
    press("?")
    shown = page.get_by_role("dialog", name="快速鍵")
    for words in ("符合", "不符合", "儲存檢核結果", "檢核完成", "下一件", "找案件"):
        expect(shown.get_by_role("row").filter(has_text=words).first).to_be_visible()
    press("Escape")
    press("/")
    expect(page.locator("#bench-search")).to_be_focused()
    page.locator("#bench-search").blur()
    with page.expect_navigation():
        press("n")
    expect(page).to_have_url(re.compile(f"/applications/{other.number}/check/$"))


def test_on_a_phone_the_papers_stand_below(people, case, phone):
    give_session(phone, people.officer)
    Person(phone, people.officer).goes(f"/applications/{case.number}/check/").fits()
    check, pane = (phone.locator(name).bounding_box() for name in ("#check", "[data-pane]"))
    assert check["y"] + check["height"] <= pane["y"]


def test_without_a_script_a_paper_counts_once_its_file_was_opened(people, case, page_without_js):
    page = page_without_js
    give_session(page, people.officer)
    officer = Person(page, people.officer).goes(f"/applications/{case.number}/check/")
    document = case.documents.first()
    link = page.locator(f"#doc-{document.pk} a").first
    page.request.get(link.get_attribute("href"))
    page.goto(f"/applications/{case.number}/check/")
    officer.press("看過的都符合").sees("項要看")
    marked = set(case.checklist.values_list("item", flat=True))
    assert {item for item in marked if item.startswith("doc:")} == {f"doc:{document.kind}"}
    assert any(not item.startswith("doc:") for item in marked)


def test_papers_stand_beside_proposal_and_decision_and_keys_lead_to_each_line(people, case, page, phone, axe):
    reviews.checked(people, case)
    EnvelopeFactory(scheme=case.scheme)
    give_session(page, people.officer)
    officer = Person(page, people.officer).goes(f"/applications/{case.number}/proposal/").fits()
    axe(page)
    press, pane = page.keyboard.press, page.locator("[data-pane]")
    lines = list(case.lines.all())
    for line in lines:
        press("j")
        expect(pane.locator(f"#asked-{line.pk}")).to_be_in_viewport()
        expect(pane.locator("[data-here]")).to_have_attribute("id", f"asked-{line.pk}")
    press("Enter")
    expect(page.locator(f"#id_amount-{lines[-1].pk}")).to_be_focused()
    page.locator(f"#id_amount-{lines[-1].pk}").blur()
    press("d")
    expect(pane.locator(".paper-pages").first).to_be_in_viewport()
    drawn = pane.locator(".sheet-of-paper").first
    assert drawn.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 900
    press("p")
    expect(pane.locator("#plan")).to_be_in_viewport()
    with page.expect_navigation():
        press("c")
    officer.sees("已提出核定建議")
    give_session(page, people.head)
    head = Person(page, people.head).goes(f"/applications/{case.number}/decision/").fits()
    axe(page)
    press("j")
    expect(pane.locator("[data-here]")).to_have_attribute("id", f"asked-{lines[0].pk}")
    press("Enter")
    expect(page.locator(f"#id_amount-{lines[0].pk}")).to_be_focused()
    give_session(phone, people.head)
    Person(phone, people.head).goes(f"/applications/{case.number}/decision/").fits()
    form, below = (phone.locator(name).bounding_box() for name in ("#decision", "[data-pane]"))
    assert form["y"] + form["height"] <= below["y"]
    head.press("核定並產生函稿").sees("已核定")
