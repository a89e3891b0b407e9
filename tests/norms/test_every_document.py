"""Every kind of PDF that the portal makes is PDF/UA-1 and PDF/A-2a at once, by veraPDF."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.test.signals import template_rendered

from communities.models import Enrolment, OfficeTerm, TierDecision
from communities.services import account_requests, entry_letters
from communities.services.tiers import decide_tier
from communities.services.training import courses, enrolments
from communities.services.training.papers import certificate, sign_in_list
from evaluation.services.certificates import certificates
from grants.compliance.judging import judge
from grants.letters import compose, words
from grants.letters.specimen import specimen, specimen_of
from grants.models import PrintRun, Settlement
from grants.queries.audit.as_of import as_of
from grants.services.applications import chair_codes, paper, signatures
from grants.services.assets.papers import printed as register_of_property
from grants.services.audit import bundles, check_sheets
from grants.services.audit.sampling import draw_sample
from grants.services.books.papers import printed
from grants.services.desk import handover
from grants.services.letters import book, drafts, envelopes, memo, print_runs
from grants.services.open_data import registration_papers, sample_forms
from grants.services.panels import minutes, sessions
from grants.services.payments import receipts
from grants.services.settlements import voucher_papers
from grants.services.settlements.shares import Share
from grants.services.treasury import papers
from miaoli_kaohsiung.accounts.counties import particulars
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.lib import clock, pdf
from tests.communities.test_account_requests import asked
from tests.factories import money, reviews
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, chair_of, member_of
from tests.factories.evaluation import a_round, published, score_fully
from tests.factories.letters import issued
from tests.factories.training import announced
from tests.files import samples
from tests.grants import paying, settling
from tests.grants.filing import ready_case
from tests.grants.sampling import plan_of
from tests.grants.test_assets import bought
from tests.grants.test_chair_codes import a_clerk
from tests.grants.test_letterheads import propose, services, stamp
from tests.grants.vouchers import entered

from .verapdf import broken

pytestmark = pytest.mark.django_db

LONG = "https://example.org/" + "Q20100601ABCDEFGHIJKLMNOPQRSTUVWXYZ" * 4
# Whole documents for browsers.
PAGES = {"base.html", "bare.html", "privacy/copy.html"}


def a_letter(people: SimpleNamespace) -> bytes:
    """With its enclosure and a picture of the signature."""
    services.confirm(people.head, propose(people.officer, signature=stamp()))
    award = reviews.approved(people, {2: (40_000, "頁數核實")})
    return compose.render([drafts.as_issued(award.application.letters.get(), clock.today())])


def every_kind_of_letter(people: SimpleNamespace) -> bytes:
    """One after the other, with the words and an example of each merge field."""
    today = clock.today()
    return drafts.printed([specimen_of(wording, "kaohsiung", today) for wording in words.filed().values()])


def a_letterhead(people: SimpleNamespace) -> bytes:
    return drafts.printed([specimen(particulars("kaohsiung", clock.today()), clock.today())])


def a_book_of_letters(people: SimpleNamespace) -> bytes:
    return book.paper(
        [issued(people.officer, reviews.approved(people).application.letters.get())], ["kaohsiung"], None, None
    )


def a_memo(people: SimpleNamespace) -> bytes:
    return memo.paper(people.officer, reviews.proposed(people, {2: (40_000, "頁數核實")}).application)


def a_print_file(people: SimpleNamespace) -> bytes:
    letters = [reviews.approved(people).application.letters.get() for _ in range(2)]
    return pdf.joined(compose.part([letter], "公文列印檔", even=True) for letter in letters)


def a_receipt(people: SimpleNamespace) -> bytes:
    award = money.approved(staff=money.county(), settlement_due=dt.date(2010, 9, 30))
    chair_of(award.application.organisation)
    return receipts.render(award.instalments.get(number=1))


def sheets_for_vouchers(people: SimpleNamespace) -> bytes:
    return voucher_papers.sheets(an_account())


def a_register_of_vouchers(people: SimpleNamespace) -> bytes:
    return voucher_papers.register(an_account())


def a_roster(people: SimpleNamespace) -> bytes:
    return voucher_papers.roster(an_account().voucher_rows.get(kind="roster"))


def a_table_of_shares(people: SimpleNamespace) -> bytes:
    return voucher_papers.share_table(an_account())


def an_account() -> Settlement:
    award = money.approved(staff=money.county())
    settlement = settling.opened(award, money.member(award))
    entered(settlement, money.member(award), 1_200, note=LONG, payee="堃喆商行")
    entered(settlement, money.member(award), 900, place=2, kind="roster", title="")
    shared = (Share("funder", 700, LONG[:60]), Share("own", 300))
    entered(settlement, money.member(award), 1_000, place=2, paper_total=2_000, shares=shared)
    return settlement


def an_application_form(people: SimpleNamespace) -> bytes:
    case = reviews.filed()
    case.lines.update(description=LONG[:120])
    return paper.application_form(case, judge(case, stage="draft"))


def a_sheet_for_the_chairperson(people: SimpleNamespace) -> bytes:
    return signatures.sheet(reviews.filed())


def a_letter_for_the_chairperson(people: SimpleNamespace) -> bytes:
    body = OrganisationFactory()
    chair_of(body)
    case = ready_case(body, member_of(body))
    return chair_codes.letter(a_clerk(body), case)


def a_handover_list(people: SimpleNamespace) -> bytes:
    taker = person(Role.CASE_OFFICER)
    ((made, _rows),) = handover.hand_over(people.head, [reviews.received(people) for _ in range(3)], taker, "調職")
    return handover.paper(made)


def the_minutes_of_a_session(people: SimpleNamespace) -> bytes:
    case = reviews.checked(people)
    plan = sessions.Plan(LONG[:60], clock.today(), dt.time(14), "第一會議室", 20, [people.reviewer], [case])
    made = sessions.plan(people.officer, case.scheme, plan)
    sessions.invite(people.officer, made)
    heard = {
        made.items.get().pk: sessions.Heard(True, "理事長", f"請補充課程表，參考 {LONG}。\n堃喆委員：請說明場地。")
    }
    said = sessions.Minutes("科長", "照案通過。", [made.members.get().pk], heard)
    return minutes.paper(people.officer, sessions.record(people.officer, made, said))


def a_registration_paper(people: SimpleNamespace) -> bytes:
    body = OrganisationFactory(area_served=LONG)
    chair = chair_of(body)
    return registration_papers.as_pdf(registration_papers.papers_of(chair, body)["officers"], body)


def a_sample_form(people: SimpleNamespace) -> bytes:
    # Another test of this process may have made it, and it is kept.
    sample_forms.render.cache_clear()
    return sample_forms.render(next(iter(sample_forms.SAMPLES.values())), "苗栗縣")


def a_refusal(people: SimpleNamespace) -> bytes:
    made = asked(email="")
    return account_requests.refusal_letter(
        account_requests.refuse(Actor(people.officer), made, "重複申請", reached_by="letter")
    )


def letters_with_codes(people: SimpleNamespace) -> bytes:
    body = OrganisationFactory()
    terms = [
        OfficeTerm.objects.create(organisation=body, office="staff", person_name=name, valid_from=clock.today())
        for name in ("李承辦", "堃喆")
    ]
    return entry_letters.first_letters(Actor(people.officer), terms)


def a_list_to_sign(people: SimpleNamespace) -> bytes:
    return sign_in_list(people.officer, a_course(people).course)


def an_honour(people: SimpleNamespace) -> bytes:
    OrganisationFactory(), OrganisationFactory()
    round_ = a_round(opener=people.officer)
    for entry in round_.entries.all():
        score_fully(entry, 100)
    published(people.head, round_)
    for decision in TierDecision.objects.all():
        decide_tier(people.head, decision, confirm=True, note="")
    return certificates(people.officer, round_)


def a_certificate(people: SimpleNamespace) -> bytes:
    return certificate(people.officer, a_course(people))


def a_course(people: SimpleNamespace) -> Enrolment:
    made, body = announced(people.officer), OrganisationFactory()
    row, _waiting = enrolments.enrol(people.officer, made, body, ["堃喆", "王示範"])
    enrolments.note(people.officer, made, [row.pk], present=True)
    courses.hold(people.officer, made)
    return Enrolment.objects.select_related("course", "person__organisation").get(pk=row.pk)


def labels(people: SimpleNamespace) -> bytes:
    return envelopes.labels(a_run(people), sheet="3x8", first=3, one_a_body=False)


def a_postal_list(people: SimpleNamespace) -> bytes:
    return envelopes.postal_list(a_run(people), sent_as="registered", together=True)


def a_payment_batch(people: SimpleNamespace) -> bytes:
    """Of more than one page."""
    staff = money.county()
    rows = [paying.ready(staff) for _row in range(16)]
    return papers.paper(paying.sent(staff, *rows))


def a_book_of_a_year(people: SimpleNamespace) -> bytes:
    award = an_account().award
    settling.paid_first(award, money.county())
    return printed(award.application.organisation, clock.today().year)


def a_register_of_property(people: SimpleNamespace) -> bytes:
    return register_of_property(bought(money.county()).application.organisation)


def check_sheets_of_a_sample(people: SimpleNamespace) -> bytes:
    award = reviews.approved(people)
    auditor = person(Role.AUDITOR)
    return check_sheets.printed(auditor, draw_sample(auditor, plan_of(award)))


def a_case_as_of_a_day(people: SimpleNamespace) -> bytes:
    case = reviews.approved(people, {2: (40_000, "頁數核實")}).application
    return bundles.paper(case, as_of(case, clock.today()))


def a_run(people: SimpleNamespace) -> PrintRun:
    letters = [reviews.approved(people).application.letters.get() for _ in range(2)]
    for letter in letters:
        letter.context["recipient"]["address"] = LONG
        letter.save()
    return print_runs.start_run(people.officer, letters)


KINDS: tuple[Callable[[SimpleNamespace], bytes], ...] = (
    a_letter,
    every_kind_of_letter,
    a_letterhead,
    a_book_of_letters,
    a_memo,
    a_print_file,
    a_receipt,
    sheets_for_vouchers,
    a_register_of_vouchers,
    a_roster,
    a_table_of_shares,
    an_application_form,
    a_sheet_for_the_chairperson,
    a_letter_for_the_chairperson,
    a_handover_list,
    the_minutes_of_a_session,
    a_registration_paper,
    a_sample_form,
    a_refusal,
    letters_with_codes,
    labels,
    a_postal_list,
    a_payment_batch,
    a_list_to_sign,
    a_certificate,
    an_honour,
    a_book_of_a_year,
    a_register_of_property,
    check_sheets_of_a_sample,
    a_case_as_of_a_day,
)


def drawn_by(kind: Callable[[SimpleNamespace], bytes], people: SimpleNamespace, path: Path) -> set[str]:
    """Write the document and return the templates that were drawn."""
    names: set[str] = set()

    def note(template, **_kwargs):
        names.add(template.name)

    template_rendered.connect(note)
    try:
        path.write_bytes(kind(people))
    finally:
        template_rendered.disconnect(note)
    return names


def test_every_kind_keeps_both_norms_and_none_is_forgotten(tmp_path):
    """One test, because starting Java costs more than reading a file."""
    people = reviews.staff()
    drawn = set().union(*(drawn_by(kind, people, tmp_path / f"{kind.__name__}.pdf") for kind in KINDS))
    found = broken(sorted(tmp_path.glob("*.pdf")))
    assert {Path(name).stem: rules for name, rules in found.items() if rules} == {}
    assert len(found) == len(KINDS)
    folder = Path(settings.BASE_DIR) / "templates"
    whole = {str(path.relative_to(folder)) for path in folder.rglob("*.html") if "<!doctype" in path.read_text()}
    assert whole - PAGES - drawn == set()


def test_a_file_that_keeps_neither_is_found(tmp_path):
    (tmp_path / "plain.pdf").write_bytes(samples.pdf())
    (rules,) = broken([tmp_path / "plain.pdf"]).values()
    assert {rule.split()[0] for rule in rules} == {"PDFUA_1", "PDFA_2_A"}
