"""A list: what the address chooses, sums over all pages, files of what is shown, views that are kept and shared."""

import copy
import io

import pytest
import tablib
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import conditional_escape
from django_tables2 import Column, Table

from communities.enums import OrganisationKind
from communities.models import Organisation
from grants.enums import ApplicationStatus
from grants.forms.applications.lists import ApplicationFilter
from grants.models import Application
from grants.queries.applications import lists
from grants.tables import applications
from grants.tables.applications import ApplicationTable
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.lib import search
from miaoli_kaohsiung.lists import pages, tables
from miaoli_kaohsiung.lists.cells import reader, row_drawer
from miaoli_kaohsiung.lists.models import SavedView
from miaoli_kaohsiung.lists.tables import RowAddress
from tests.factories import reviews
from tests.factories.accounts import person
from tests.factories.communities import chair_of

pytestmark = pytest.mark.django_db

LIST = "/applications/"


@pytest.fixture
def cases():
    return [
        reviews.filed((amount,), title=title) for amount, title in [(30_000, "乙"), (10_000, "=甲"), (20_000, "丙")]
    ]


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def rows_of(answer) -> list[list]:
    """The rows of a file, without its heads."""
    data, kind = b"".join(answer.streaming_content), answer["Content-Disposition"].rpartition(".")[2].strip('"')
    if kind == "csv":
        return [list(row) for row in tablib.Dataset().load(data.decode("utf-8-sig"), format="csv")]
    return [list(row) for row in tablib.Dataset().load(io.BytesIO(data), format=kind)]


def test_order_filter_columns_and_sums_come_from_the_address(cases):
    client = signed_in(person(Role.CASE_OFFICER))
    page = client.get(LIST, {"sort": "-requested_total", "column": ["number", "requested_total"]}).context["list"]
    shown = [
        [row.get_cell_value(name) for name in ("number", "requested_total")] for row in page.table.page.object_list
    ]
    assert [amount for _number, amount in shown] == [30_000, 20_000, 10_000]
    assert page.table.columns.names() == ["number", "requested_total"]
    assert page.table.foot == [("案號", "共 3 筆"), ("申請（元）", "60,000")]
    narrowed = client.get(LIST, {"amount_from": "15,000", "amount_to": "２００００"}).context["list"]
    assert [row.record["title"] for row in narrowed.table.page.object_list] == ["丙"]
    assert narrowed.table.added["requested_total"] == 20_000
    wrong = client.get(LIST, {"filed_from": "昨天", "sort": "nothing", "column": "nothing", "page": "x"})
    assert "昨天" in wrong.content.decode()
    assert wrong.context["list"].table.paginator.count == 3
    assert wrong.context["list"].filter.form["filed_from"].errors


@pytest.mark.parametrize("extension", ["ods", "csv", "xlsx"])
def test_a_file_has_what_is_shown(cases, extension):
    officer = person(Role.CASE_OFFICER)
    address = f"{LIST}?sort=requested_total&column=title&column=requested_total&amount_to=20000"
    answer = signed_in(officer).post(address, {"export": extension})
    assert [(title, float(amount)) for title, amount in rows_of(answer)] == [("'=甲", 10_000), ("丙", 20_000)]
    entry = AuditEntry.objects.get(action="list.export")
    assert (entry.actor_id, entry.after["rows"], entry.after["format"]) == (officer.pk, 2, extension)
    assert "amount_to=20000" in entry.after["query"]


def test_a_file_holds_nothing_of_another_county_and_none_is_made_for_an_association(cases):
    other = signed_in(person(Role.CASE_OFFICER, "miaoli")).post(f"{LIST}?column=title", {"export": "csv"})
    assert rows_of(other) == []
    member = chair_of(cases[0].organisation)
    assert signed_in(member).post(LIST, {"export": "csv"}).status_code == 302
    assert AuditEntry.objects.get(action="list.export").after["rows"] == 0


def test_a_list_asks_the_same_for_one_row_and_for_many():
    officer, counts = person(Role.CASE_OFFICER), []
    client = signed_in(officer)
    reviews.filed()
    client.get(LIST)
    for _more in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get(LIST)
        counts.append(len(asked))
        for _case in range(4):
            reviews.filed()
    assert counts[0] == counts[1]


def test_views_are_kept_and_shared_with_the_county_and_removed_by_owner_or_head(cases):
    owner, colleague, head = person(Role.CASE_OFFICER), person(Role.FINANCE_OFFICER), person(Role.APPROVER)
    stranger = person(Role.CASE_OFFICER, "miaoli")
    address = f"{LIST}?status=submitted&sort=days&page=3"
    assert signed_in(owner).post(address, {"save_view": "", "name": "", "shared": ""}).context["list"].view_form.errors
    signed_in(owner).post(address, {"save_view": "", "name": "待收件", "shared": "on"})
    signed_in(owner).post(LIST, {"save_view": "", "name": "自己的"})
    view = SavedView.objects.get(name="待收件")
    assert view.query == "status=submitted&sort=days"
    seen = {
        who: [one.view.name for one in signed_in(user).get(LIST).context["list"].views]
        for who, user in {"owner": owner, "colleague": colleague, "stranger": stranger}.items()
    }
    assert seen == {"owner": ["待收件", "自己的"], "colleague": ["待收件"], "stranger": []}
    assert signed_in(colleague).post(LIST, {"remove_view": view.pk}).status_code == 403
    assert signed_in(stranger).post(LIST, {"remove_view": view.pk}).status_code == 302
    assert SavedView.objects.filter(pk=view.pk).exists()
    signed_in(head).post(LIST, {"remove_view": view.pk})
    assert not SavedView.objects.filter(pk=view.pk).exists()


def test_the_title_of_a_cell_says_its_words_without_their_link(cases):
    """A title such as "><b> stays text in the title and in the cell."""
    case = reviews.filed(title='"><b>甲</b> & 乙')
    page = signed_in(person(Role.CASE_OFFICER)).get("/desk/receive/").content.decode()
    cell = page[page.index('title="&quot;&gt;&lt;b&gt;甲&lt;/b&gt; &amp; 乙"') :]
    assert f'<a href="/applications/{case.number}/">&quot;&gt;&lt;b&gt;甲&lt;/b&gt; &amp; 乙</a>' in cell[:300]


def test_rows_are_dense_until_the_person_wants_room():
    officer = person(Role.CASE_OFFICER)
    client = signed_in(officer)
    assert not client.get(LIST).context["list"].roomy
    client.post(LIST, {"rows": "roomy"})
    assert signed_in(officer).get(LIST).context["list"].roomy
    assert not signed_in(person(Role.CASE_OFFICER)).get(LIST).context["list"].roomy


def test_a_list_of_more_rows_than_are_counted_says_so_and_its_file_has_them_all(cases, monkeypatch):
    officer = signed_in(person(Role.CASE_OFFICER))
    monkeypatch.setattr(tables, "MOST_COUNTED", 3)
    exact = officer.get(f"{LIST}?column=number&column=requested_total")
    assert exact.context["list"].table.foot == [("案號", "共 3 筆"), ("申請（元）", "60,000")]
    monkeypatch.setattr(tables, "MOST_COUNTED", 2)
    monkeypatch.setattr(pages, "PER_PAGE", 1)
    page = officer.get(f"{LIST}?column=number&column=requested_total&page=9")
    table = page.context["list"].table
    assert (table.foot, table.page.number) == ([("案號", "超過 2 筆"), ("申請（元）", "")], 2)
    words = page.content.decode()
    assert "這裡列前 2 筆，不算合計；請用條件縮小範圍。匯出的檔案有全部。" in words
    assert "第 2 頁" in words
    assert "共 2 頁" not in words
    assert len(rows_of(officer.post(f"{LIST}?column=number", {"export": "csv"}))) == 3
    assert AuditEntry.objects.get(action="list.export").after["rows"] == 3


def test_the_cells_of_a_file_are_those_of_django_tables2(cases):
    officer = person(Role.CASE_OFFICER)
    page = signed_in(officer).get(LIST, {"column": [name for name, _words in ApplicationTable.columns_to_choose()]})
    table = page.context["list"].table
    names = [column.name for column in table.columns]
    bound = [[row.get_cell_value(name) for name in names] for row in table.rows]
    assert list(table.rows_of_file()) == bound
    assert len(bound) == 3


def test_models_and_choices_are_read_the_same_way():
    people = reviews.staff()
    draft = reviews.approved(people).application.letters.get()
    table = signed_in(people.officer).get("/letters/").context["list"].table
    names = [column.name for column in table.columns]
    assert list(table.rows_of_file()) == [[row.get_cell_value(name) for name in names] for row in table.rows]
    assert draft.subject in next(iter(table.rows_of_file()))


@pytest.mark.parametrize(("address", "number"), [("/applications/", 4), ("/letters/", 1)])
def test_the_cells_of_a_page_are_those_of_django_tables2(cases, address, number):
    people = reviews.staff()
    reviews.approved(people)
    table = signed_in(people.officer).get(address).context["list"].table
    draw, drawn, bound = row_drawer(table), [], []
    for row in table.rows:
        cells = [
            (column.header, column.attrs["td"].as_html(), conditional_escape(cell)) for column, cell in row.items()
        ]
        others = [f'<td data-label="{header}" {look}>{cell}</td>' for header, look, cell in cells[1:]]
        bound.append("".join([f'<th scope="row" {cells[0][1]}>{cells[0][2]}</th>', *others]))
        drawn.append(draw(row.record))
    assert drawn == bound
    assert len(drawn) == number


def test_words_that_a_model_says_in_its_own_way_are_its_own(cases):
    Application.objects.update(status=ApplicationStatus.AWAITING_CHAIR)
    Organisation.objects.filter(pk=cases[0].organisation_id).update(kind=OrganisationKind.SCHOOL)

    class Plain(Table):
        status = Column()
        body = Column(accessor="organisation__kind")

    table = Plain(Application.objects.filter(pk=cases[0].pk))
    readers = [reader(table, column) for column in table.columns]
    assert [[read(row.record) for read in readers] for row in table.rows] == [["待校長確認", "學校"]]


def test_what_is_said_of_a_value_is_said_once_for_a_page(cases, monkeypatch):
    said = []
    monkeypatch.setattr(applications, "township_name", lambda code: said.append(code) or "某鄉")
    page = signed_in(person(Role.CASE_OFFICER)).get(LIST)
    assert page.content.decode().count(">某鄉</td>") == 3
    assert len(said) == 1


def test_the_address_of_a_page_is_made_once_for_all_rows(cases, monkeypatch):
    made = []
    monkeypatch.setattr(tables, "reverse", lambda route, args: made.append(args) or reverse(route, args=args))
    words = signed_in(person(Role.CASE_OFFICER)).get(LIST).content.decode()
    for case in cases:
        assert f'href="{reverse("grants:application_detail", args=[case.number])}"' in words
    assert len(made) == 1


def test_a_key_that_stands_in_an_address_in_another_way_has_its_own_address():
    address = RowAddress("grants:application_detail")
    assert [address(key) for key in ("88-099-0001", "88_099", "88-099-0002")] == [
        reverse("grants:application_detail", args=[key]) for key in ("88-099-0001", "88_099", "88-099-0002")
    ]


def test_two_people_at_once_have_filters_and_columns_of_their_own():
    first, second = ApplicationFilter.base_filters, copy.deepcopy(ApplicationFilter.base_filters)
    second["township"].extra["choices"] = [("1", "甲")]
    second["q"].parent = "somebody"
    assert (first["township"].extra.get("choices"), hasattr(first["q"], "parent")) == (None, False)
    assert (second["q"].filter.f, first["q"].filter.f) == (second["q"], first["q"])
    columns = copy.deepcopy(ApplicationTable.base_columns)
    assert columns["number"] is not ApplicationTable.base_columns["number"]
    assert list(columns) == list(ApplicationTable.base_columns)


def test_a_list_that_is_likely_long_is_counted_before_it_is_added_up(cases):
    client = signed_in(person(Role.CASE_OFFICER))
    client.get(LIST)
    for address, whole in ((LIST, True), (f"{LIST}?status=submitted", True), (f"{LIST}?amount_from=1", False)):
        with CaptureQueriesContext(connection) as asked:
            table = client.get(address).context["list"].table
        counted = [one["sql"] for one in asked if "grants_application" in one["sql"] and "COUNT(*)" in one["sql"]]
        assert table.likely_long is whole
        assert ["SUM(" in sql for sql in counted] == ([False, True] if whole else [True])
        assert table.added == {"requested_total": 60_000, "award__total": 0}


def test_of_words_that_the_index_finds_first_only_the_rows_of_the_page_are_joined(monkeypatch):
    client = signed_in(person(Role.CASE_OFFICER))
    keys = [reviews.filed((amount,), title="長者共餐").pk for amount in (30_000, 10_000, 20_000)]
    Application.objects.update(search=search.vector("長者共餐"))
    # As many are shown as are counted.
    monkeypatch.setattr(lists, "COMMON", 2)
    for often, whole in ((1_000_000, True), (0, False)):
        monkeypatch.setattr(lists, "OFTEN", often)
        for sort, order in (("", sorted(keys, reverse=True)), ("&sort=number", keys)):
            with CaptureQueriesContext(connection) as asked:
                page = client.get(f"{LIST}?q=共餐{sort}").context["list"]
            assert [row.record["pk"] for row in page.table.page.object_list] == order[:2]
            found = "@@" if whole else "ts_match_vq"
            put_in_order = [one["sql"] for one in asked if found in one["sql"] and "ORDER BY" in one["sql"]]
            assert page.table.ordered_whole is whole
            assert [" JOIN " in sql for sql in put_in_order] == ([False, True] if whole else [True])


def test_only_what_the_columns_show_is_read(cases):
    client = signed_in(person(Role.CASE_OFFICER))
    for address, joined in ((LIST, False), (f"{LIST}?column=number&column=programme__name&column=status", True)):
        with CaptureQueriesContext(connection) as asked:
            page = client.get(address)
        (rows,) = [
            one["sql"] for one in asked if "LIMIT 3" in one["sql"] and '"grants_application"."number"' in one["sql"]
        ]
        assert ('JOIN "grants_programme"' in rows) is joined
        assert (cases[0].programme.name in page.content.decode().partition("<tbody")[2]) is joined
        assert str(ApplicationStatus(cases[0].status).label) in page.content.decode().partition("<tbody")[2]


def test_what_every_list_asks_is_built_once_and_asked_each_time(cases, monkeypatch):
    client, officer = signed_in(person(Role.CASE_OFFICER)), person(Role.CASE_OFFICER)
    assert f'<option value="{officer.pk}">' not in client.get(LIST).content.decode()
    monkeypatch.setattr(lists, "officers_of", None)
    Application.objects.filter(pk=cases[0].pk).update(officer=officer)
    SavedView.objects.create(
        listing="applications", name="新的檢視", query="", owner=person(Role.CASE_OFFICER), county="kaohsiung"
    )
    words = client.get(LIST).content.decode()
    assert f'<option value="{officer.pk}">{officer}</option>' in words
    assert "新的檢視" in words
    page = client.get(f"{LIST}?officer={officer.pk}")
    assert [row["pk"] for row in page.context["list"].table.data.data] == [cases[0].pk]
