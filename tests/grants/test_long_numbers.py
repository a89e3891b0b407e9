"""Numbers outgrow their digits: 9,999 and 10,000 in each series, in order, found, printed, brought in and taken out."""

import csv
import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from grants.enums import ApplicationStatus as S
from grants.models import Application, Instalment, NumberSeries, PaymentBatch
from grants.queries.panels.agendas import cases_for
from grants.services.applications import drafts
from grants.services.desk import bulk
from grants.services.treasury import batches, reading
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.lib import natural
from miaoli_kaohsiung.lib.paper_codes import PaperCode, read
from tests.factories.accounts import person
from tests.factories.grants import ApplicationFactory, ProgrammeFactory
from tests.grants.filing import file, ready_case
from tests.grants.pages import signed_in, text_of
from tests.grants.papers import text_of_pdf
from tests.grants.paying import ready

pytestmark = pytest.mark.django_db

LAST, NEXT = "88-099-9999", "88-099-10000"
FILED = {"status": S.SUBMITTED, "first_filed_on": dt.date(2010, 6, 1), "filed_on": dt.date(2010, 6, 1)}


@pytest.fixture
def two(scheme) -> list[Application]:
    """The 9,999th and the ten thousandth case of a year, and the first of the next, filed; the later made first."""
    rows = [ApplicationFactory(scheme=scheme, number=number, **FILED) for number in ("88-100-0001", NEXT, LAST)]
    for row in rows:
        drafts.index(row)
    return rows[::-1]


def numbers_of(page) -> list[str]:
    return [row.record["number"] for row in page.context["list"].table.page]


def test_the_series_goes_on_with_five_digits(organisation, member, scheme):
    NumberSeries.objects.create(scheme=scheme, year=2010, last=9_998)
    made = [
        drafts.start(member, organisation, ProgrammeFactory(scheme=scheme, code=code, position=place))[0].number
        for place, code in enumerate(("growth_prevention", "local_industry"), 14)
    ]
    assert made == [LAST, NEXT]


def test_a_list_and_its_file_are_in_the_order_of_counting(two):
    client = signed_in(person(Role.CASE_OFFICER))
    assert numbers_of(client.get("/applications/?sort=number")) == [LAST, NEXT, "88-100-0001"]
    assert numbers_of(client.get("/applications/?sort=-number")) == ["88-100-0001", NEXT, LAST]
    answer = client.post("/applications/?sort=number&column=number", {"export": "csv"})
    rows = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == [LAST, NEXT, "88-100-0001"]


def test_a_session_offers_cases_in_the_order_of_counting(two):
    Application.objects.update(status=S.UNDER_REVIEW)
    officer = person(Role.CASE_OFFICER)
    assert [row.number for row in cases_for(officer, two[0].scheme)] == [LAST, NEXT, "88-100-0001"]


def test_each_is_found_by_its_number_and_not_by_the_others(two):
    client = signed_in(person(Role.CASE_OFFICER))
    for number in (LAST, NEXT):
        assert numbers_of(client.get(f"/applications/?q={number}")) == [number]


def test_a_case_of_five_digits_is_filed_shown_and_printed(organisation, chair, member):
    case = ready_case(organisation, member)
    Application.objects.filter(pk=case.pk).update(number=NEXT)
    case.number = NEXT
    file(chair, case)
    client = signed_in(member)
    assert NEXT in text_of(client.get(f"/applications/{NEXT}/"))
    assert NEXT in text_of_pdf(client.get(f"/applications/{NEXT}/paper.pdf").content)


def test_a_printed_paper_says_five_digits_and_is_read_again():
    code = PaperCode(NEXT, "plan", "0123456789abcdef")
    assert read(code.text) == code


def test_the_treasurys_file_names_a_case_of_five_digits():
    text = f"附言,金額,付款憑單號碼,付款日期\n{NEXT}-2,60000,10000,99/6/1\n{LAST},1,9999,99/6/1\n"
    lines = reading.read(SimpleUploadedFile("paid.csv", text.encode()))
    assert [(line.texts["case"], line.texts["part"]) for line in lines] == [(NEXT, "2"), (LAST, "")]


def test_batches_go_on_and_stay_in_order(staff):
    finance = staff.finance
    PaymentBatch.objects.create(
        county="kaohsiung", year=99, serial=9_998, number="99-9998", made_by=finance, made_on="2010-05-01"
    )
    made = [batches.make(finance, [ready(staff).pk])[0].number for _turn in range(2)]
    assert made == ["99-9999", "99-10000"]
    page = signed_in(finance).get("/payments/batches/?sort=number")
    assert [row.record.number for row in page.context["list"].table.page] == ["99-9998", "99-9999", "99-10000"]


def test_a_batch_takes_an_instalment_of_a_long_number(staff):
    row = ready(staff)
    for model in (row.award, row.award.application):
        type(model).objects.filter(pk=model.pk).update(number=NEXT)
    batch, _left = batches.make(staff.finance, [row.pk])
    assert Instalment.objects.get(pk=row.pk).award.number == NEXT
    assert batch.payments.count() == 1


@pytest.mark.parametrize(
    ("number", "more", "wanted"),
    [
        ("府社區字第0999998號", 1, "府社區字第0999999號"),
        ("府社區字第0999999號", 1, "府社區字第09910000號"),
        ("府社區字第0990009999號", 1, "府社區字第0990010000號"),
        ("府社區字第0999999999號", 1, "府社區字第09910000000號"),
        ("第099號", 1, "第100號"),
    ],
)
def test_a_dispatch_number_keeps_its_year_when_it_grows(number, more, wanted):
    assert bulk.counted_up(number, more) == wanted


def test_vouchers_and_receipts_of_any_length_are_in_order():
    typed = ["第10000號", "第9999號", "憑字第10000號", "憑字第9999號", "領9999", "領10000"]
    assert sorted(typed, key=natural.key) == [
        "憑字第9999號",
        "憑字第10000號",
        "第9999號",
        "第10000號",
        "領9999",
        "領10000",
    ]
    case = ApplicationFactory(status=S.SUBMITTED)
    for number in ("88-099-10000-02", "88-099-10000-10", "88-099-9999-99", "88-099-9999-100", "ML-098-0001"):
        case.pk, case.number = None, number
        case.save()
    numbers = list(Application.objects.values_list("number", flat=True))
    in_order = Application.objects.order_by(natural.in_order("number")).values_list("number", flat=True)
    assert list(in_order) == sorted(numbers, key=natural.key)
