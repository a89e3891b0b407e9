"""What a county keeps of itself: proposed by one person, confirmed by another, in force from its day on."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from communities import naming, places
from communities.filters import DirectoryFilter
from communities.forms.account_requests import AccountRequestForm
from communities.forms.people import PostForm
from communities.models import Organisation, Township
from communities.queries import search, township_choices, township_name
from communities.services.counties import openings, township_file, townships
from communities.services.counties.particulars import Draft
from communities.services.organisations import index, load_townships
from grants.letters.contacts import contacts
from miaoli_kaohsiung.accounts import counties
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import CountyParticulars
from miaoli_kaohsiung.changes import services
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.lib.access import Refused
from tests.factories.accounts import KAOHSIUNG, MIAOLI, person
from tests.factories.communities import QISHAN, OrganisationFactory

from .letterheads import TODAY, propose, signed_change

pytestmark = pytest.mark.django_db
MERGER = dt.date(2010, 12, 25)
TAITUNG = {
    "name": "臺東縣",
    "postal_code": "95001",
    "street": "臺東市中山路276號",
    "phone": "089-326141",
    "signatory": "縣長",
    "signatory_name": "示範丁",
    "department": "本府社會處",
    "accounting": "本府主計處",
    "ministry": "內政部",
    "accent": "#34466b",
}
LIST = "代碼,郵遞區號,名稱,起,迄\n10014010,950,臺東市,,\n10014020,961,成功鎮,,\n10014030,956,關山鎮,,\n"


@pytest.fixture
def officer():
    return person(Role.CASE_OFFICER)


@pytest.fixture
def head():
    return person(Role.APPROVER)


@pytest.fixture
def confirmed(head, run_on_commit):
    """Confirm a change as another person, and let this process see it."""

    def confirm(change: Change, by=None) -> Change:
        with run_on_commit():
            return services.confirm(by or head, change)

    return confirm


def refusal(act, *args, **named):
    with pytest.raises(Refused) as refused:
        act(*args, **named)
    return refused.value.reason


def on(day: dt.date, county: str = KAOHSIUNG):
    return counties.particulars(county, day)


class TestParticulars:
    def test_they_hold_from_their_day_once_another_person_confirmed(self, officer, confirmed):
        july = dt.date(2010, 7, 1)
        change = propose(officer, on=july, phone="07-7000000", signatory_name="示範戊")
        assert on(july).phone == "07-7477611"
        assert refusal(services.confirm, officer, change) == "由主管、系統管理員確認；確認以前照原來的資料。"
        confirmed(change)
        assert [on(day).phone for day in (july - dt.timedelta(days=1), july)] == ["07-7477611", "07-7000000"]
        assert (on(july).signatory_name, on(july).name) == ("示範戊", "高雄縣")

    def test_a_later_row_follows_what_it_had_not_said_anew(self, officer, confirmed):
        confirmed(propose(officer, fax="07-7000001", email="new@example.org", department="本府社會課"))
        after = on(MERGER)
        # The city's own fax and department stay; its address for mail was that of the county.
        assert (after.fax, after.email, after.department) == ("07-3368334", "new@example.org", "本府社會局")

    def test_a_change_of_the_present_row_adds_none(self, officer, confirmed):
        count = CountyParticulars.objects.count()
        confirmed(propose(officer, on=dt.date(1912, 1, 1), footer="縣府社會處"))
        assert (CountyParticulars.objects.count(), on(TODAY).footer) == (count, "縣府社會處")

    def test_the_same_values_are_no_change_and_one_waits_at_a_time(self, officer):
        assert refusal(propose, officer, phone="07-7477611") == "內容和現在的一樣，沒有要變更的地方。"
        propose(officer, phone="07-7000000")
        assert "已經有一件變更等人確認" in refusal(propose, officer, phone="07-7000001")

    def test_another_countys_are_not_for_this_officer(self, officer):
        assert "沒有這個權限" in refusal(propose, officer, MIAOLI, phone="037-000000")

    def test_values_that_changed_meanwhile_are_proposed_anew(self, officer, head):
        change = propose(officer, phone="07-7000000")
        CountyParticulars.objects.filter(county=KAOHSIUNG).update(fax="07-7000009")
        assert "已經又改過了" in refusal(services.confirm, head, change)

    def test_a_signature_is_kept_as_a_picture_until_a_name_is_typed_again(self, officer, confirmed):
        change = signed_change(officer)
        confirmed(change)
        assert on(TODAY).signature == change.data["signature"] != ""
        confirmed(propose(officer, typed=True))
        assert on(TODAY).signature == ""


class TestTownships:
    def read(self, text, county=KAOHSIUNG):
        return township_file.read(text.encode(), places.KEPT.get().rows, county)

    def test_a_new_name_ends_the_old_one_the_day_before(self, officer, confirmed):
        qishan = OrganisationFactory(name="高雄縣旗山鎮溪埔社區發展協會")
        index([qishan])
        july = dt.date(2010, 7, 1)
        reading = self.read(f"code,postal_code,name,valid_from,valid_to\n{QISHAN},842,旗尾鎮,99/7/1,2010-12-24\n")
        assert reading.faults == []
        change = townships.propose(officer, KAOHSIUNG, reading.townships)
        assert township_name(QISHAN, july) == "旗山鎮"
        confirmed(change)
        days = (july - dt.timedelta(days=1), july, MERGER)
        assert [township_name(QISHAN, day) for day in days] == ["旗山鎮", "旗尾鎮", "旗山區"]
        # The body is found by the new name, and a second one by that name is the same.
        assert list(search(Organisation.objects.all(), "旗尾鎮溪埔")) == [qishan]
        qishan.refresh_from_db()
        assert naming.fold("旗尾鎮溪埔社區發展協會", KAOHSIUNG) == qishan.folded_name

    def test_each_wrong_cell_is_named_by_row_and_column(self):
        text = (
            f"代碼,郵遞區號,名稱,起,迄\n1,84,旗山,99/13/1,\n10005010,360,苗栗市,,\n{QISHAN},842,旗山鎮,99/7/1,99/6/1\n"
        )
        found = [(fault.row, fault.column) for fault in self.read(text).faults]
        assert found == [(2, "代碼"), (2, "郵遞區號"), (2, "名稱"), (2, "起"), (3, "代碼"), (4, "迄")]

    @pytest.mark.parametrize(
        ("rows", "column", "reason"),
        [
            ("10014010,950,臺東市,,99/12/31\n10014010,950,臺東區,100/2/1,", "迄", "到下一個名稱之間有空檔。"),
            ("10014010,950,臺東市,,99/12/31", "迄", "最後一個名稱的迄日要空白。"),
            ("10014010,950,臺東市,,\n10014010,951,臺東區,100/1/1,", "郵遞區號", "同一個代碼的郵遞區號不一樣。"),
            ("10014010,950,臺東市,,\n10014010,950,臺東區,,", "起", "同一個代碼有兩列從同一天起。"),
            ("10014010,950,臺東市,,\n10014020,951,台東市,,", "名稱", "本縣市已經有叫「台東市」的。"),
        ],
    )
    def test_names_that_do_not_follow_one_another_are_refused(self, rows, column, reason):
        faults = self.read(f"代碼,郵遞區號,名稱,起,迄\n{rows}\n", "taitung").faults
        assert [(fault.column, fault.reason) for fault in faults] == [(column, reason)]

    @pytest.mark.parametrize("end", ["\r", "\r\n"])
    def test_lines_end_the_way_of_any_system(self, end):
        assert len(township_file.read(LIST.replace("\n", end).encode(), (), "taitung").townships) == 3

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp950"])
    def test_files_of_every_usual_encoding(self, encoding):
        assert len(township_file.read(LIST.encode(encoding), (), "taitung").townships) == 3

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"\xff\xfe\x81", "請用「CSV UTF-8」或 Big5 另存後再上傳"),
            ("代碼,名稱\n1,二".encode(), "沒有找到：郵遞區號"),
            ("代碼,郵遞區號,名稱\n".encode(), "清單要有 1 到 1000 列"),
            (b"\n\n", "檔案裡沒有資料"),
            (b"\r\x01\x00", "沒有找到"),
            (b"a" * 200_000, "不是 CSV"),
            (b"x" * (township_file.MOST_BYTES + 1), "最多 256 KB"),
        ],
    )
    def test_what_is_no_such_table_is_refused(self, data, reason):
        assert reason in refusal(township_file.read, data, (), "taitung")


class TestAFurtherCounty:
    def test_two_administrators_add_it_with_its_townships(self, confirmed):
        one, other = (person(Role.ADMINISTRATOR, "") for _number in range(2))
        reading = township_file.read(LIST.encode(), (), "taitung")
        change = openings.propose(one, "taitung", Draft(TODAY, TAITUNG), reading.townships)
        assert "taitung" not in counties.slugs()
        assert refusal(services.confirm, one, change) == "提出的人不能自己確認，請另一位同仁確認。"
        confirmed(change, by=other)
        assert counties.choices()[-1] == ("taitung", "臺東縣")
        assert [name for _code, name in township_choices("taitung")] == ["臺東市", "成功鎮", "關山鎮"]
        assert Township.objects.filter(county="taitung").count() == 3
        # It is chosen in the directory, for a post and for an account, and stands among the telephones.
        option = ("taitung", "臺東縣")
        assert option in DirectoryFilter({}, queryset=Organisation.objects.all()).form.fields["county"].choices
        assert option in PostForm(counties=counties.slugs()).fields["county"].choices
        assert option[1] in dict(AccountRequestForm().fields["township"].choices)
        assert contacts(TODAY)[-1].office == "臺東縣政府社會處"

    def test_an_officer_adds_none(self, officer):
        assert "由系統管理員辦理" in refusal(openings.propose, officer, "taitung", Draft(TODAY, TAITUNG), [])


def posted(client, url, **changed):
    """What the form of the page posts, with these values."""
    form = client.get(url).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value not in (None, False)} | changed


class TestPages:
    at = f"/counties/{KAOHSIUNG}/edit/"

    @pytest.mark.parametrize(
        ("field", "value", "reason"),
        [
            ("name", "高雄", "最後一個字是縣或市"),
            ("name", "高雄市", "市的轄內是區；生效日那一天還有 27 個不是"),
            ("name", "苗栗縣", "已經有叫「苗栗縣」的縣市"),
            ("postal_code", "83", "3、5 或 6 位數字"),
            ("street", "高雄縣鳳山市光復路", "地址不用寫縣市名稱"),
            ("street", "鳳山區光復路", "鳳山區在生效日那一天叫鳳山市"),
            ("phone", "打來就好", "電話請填數字"),
            ("dispatch_word", "府社", "最後一個字是「字」"),
            ("file_number", "【年】/1", "只能用「【年度】」"),
            ("retention", "很久", "請寫年數或永久"),
            ("accent", "綠色", "用 # 和六個數字或字母"),
            ("accent", "#9ad0c9", "這個顏色太淺"),
            ("signatory_name", "示範\U00013000", "印不出來"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(self, client, officer, field, value, reason):
        client.force_login(officer)
        answer = client.post(self.at, posted(client, self.at, **{"footer": "留著"} | {field: value}))
        assert answer.status_code == 422
        assert [reason in message for message in answer.context["form"].errors[field]] == [True]
        assert "留著" in answer.content.decode()
        assert not Change.objects.exists()

    @pytest.mark.portal_date(2011, 1, 1)
    def test_what_is_history_is_not_changed(self, client, officer):
        client.force_login(officer)
        answer = client.post(self.at, posted(client, self.at, starts_on="99/12/24"))
        reason = "生效日不能早於現在這份資料的起日 99年12月25日；更早的已經是歷史。"
        assert answer.context["form"].errors["starts_on"] == [reason]

    def test_a_proposal_leads_to_its_preview(self, client, officer):
        client.force_login(officer)
        answer = client.post(self.at, posted(client, self.at, signatory_name="示範己"))
        change = Change.objects.get()
        assert answer.url == f"/changes/{change.pk}/"
        page = client.get(answer.url).content.decode()
        assert "縣長　示範己" in page
        assert (
            client.get(f"/counties/{KAOHSIUNG}/letterhead.pdf?change={change.pk}")["Content-Type"] == "application/pdf"
        )
        assert "有一件變更等另一位同仁確認" in client.get(f"/counties/{KAOHSIUNG}/").content.decode()

    def test_a_further_county_is_typed_in_once(self, client):
        one = person(Role.ADMINISTRATOR, "")
        client.force_login(one)
        file = SimpleUploadedFile("鄉鎮.csv", LIST.encode(), content_type="text/csv")
        data = {**TAITUNG, "slug": "Tai", "starts_on": "99/6/1", "file": file}
        wrong = client.post("/counties/new/", data)
        assert wrong.status_code == 422
        assert "清單已經讀好：3 個鄉鎮市區" in wrong.content.decode()
        kept = wrong.context["form"]["read_before"].value()
        answer = client.post("/counties/new/", {**data, "slug": "taitung", "file": "", "read_before": kept})
        change = Change.objects.get()
        assert (answer.url, change.county, change.subject) == (f"/changes/{change.pk}/", "", "taitung")
        assert "10014020" in client.get(answer.url).content.decode()

    def test_a_faulty_file_is_shown_row_by_row(self, client, officer):
        client.force_login(officer)
        file = SimpleUploadedFile("鄉鎮.csv", "代碼,郵遞區號,名稱\n64000300,842,旗山\n".encode())
        answer = client.post(f"/counties/{KAOHSIUNG}/townships/", {"file": file})
        assert answer.status_code == 422
        assert "第 2 列" in answer.content.decode()

    def test_the_present_list_can_be_sent_again_and_changes_nothing(self, client, officer):
        load_townships()
        client.force_login(officer)
        data = client.get(f"/counties/{KAOHSIUNG}/townships.csv").content
        file = SimpleUploadedFile("townships.csv", data)
        answer = client.post(f"/counties/{KAOHSIUNG}/townships/", {"file": file})
        assert answer.status_code == 422
        assert answer.context["problems"] == ["內容和現在的一樣，沒有要變更的地方。"]

    def test_the_colour_of_the_day_is_a_style_sheet(self, client, officer, confirmed):
        before = client.get("/").content.decode()
        confirmed(propose(officer, accent="#34466b"))
        sheet = client.get("/counties/colours.css")
        assert sheet["Content-Type"].startswith("text/css")
        assert '[data-county="kaohsiung"] { --accent: #34466b;' in sheet.content.decode()
        address = next(line for line in client.get("/").content.decode().splitlines() if "colours.css" in line)
        assert address not in before
