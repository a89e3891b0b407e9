"""A county's list on its way into the registry: what is added, changed, left alone and refused, and why."""

import datetime as dt

import pytest

from communities.models import ImportRow, OfficeTerm, Organisation, RegistryImport
from communities.services.registry_import import imports
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.files.sheets import UnreadableSheetError
from miaoli_kaohsiung.lib import clock
from tests.factories.accounts import KAOHSIUNG, MIAOLI, person
from tests.factories.communities import QISHAN, OrganisationFactory, township, yuanli

from .lists import HEADS, as_csv, as_sheet, numbered, row, table

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    township()
    yuanli()
    return Actor(person(Role.CASE_OFFICER), "高雄縣 縣府承辦人")


def previewed(by, upload, accepted=(), county=KAOHSIUNG) -> RegistryImport:
    made = imports.start(by, county, upload)
    imports.preview(by, made, imports.guessed(made), list(accepted))
    return RegistryImport.objects.get(pk=made.pk)


def imported(by, upload, accepted=()) -> dict[str, int]:
    return imports.confirm(by, previewed(by, upload, accepted)).counts


def counts(added=0, changed=0, unchanged=0, refused=0) -> dict[str, int]:
    return {"added": added, "changed": changed, "unchanged": unchanged, "refused": refused}


def problems(made: RegistryImport) -> list[tuple[int, str]]:
    """Row and column of each problem."""
    return [(one.number, key) for one in made.rows.all() for key, _sentence, _code in one.problems]


FILES = {
    "csv": lambda rows: as_csv(rows),
    "csv with mark": lambda rows: as_csv(rows, "utf-8-sig"),
    "csv in Big5": lambda rows: as_csv(rows, "cp950"),
    "csv of Excel's Unicode text": lambda rows: as_csv(rows, "utf-16"),
    "xlsx": lambda rows: as_sheet(rows, "xlsx"),
    "ods": lambda rows: as_sheet(rows, "ods"),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_list_of_each_kind_is_read_with_its_people(by, kind):
    rows = table([row("旗山鎮溪畔社區發展協會", 統編="12345675", 總幹事="林小美", 總幹事任期起="98.3.5")])
    assert imported(by, FILES[kind](rows)) == counts(added=1)
    made = Organisation.objects.get()
    assert (made.name, made.kind, made.township_id, made.tax_id, made.registration_county) == (
        "旗山鎮溪畔社區發展協會", "community_association", QISHAN, "12345675", "高雄縣",
    )  # fmt: skip
    chair, secretary = OfficeTerm.objects.order_by("office")
    assert (chair.person_name, chair.board_term_number, chair.phone) == ("王大明", 3, "0912-345-678")
    assert (chair.valid_from, chair.valid_to) == (dt.date(2009, 3, 1), dt.date(2013, 2, 28))
    assert (secretary.office, secretary.person_name, secretary.valid_to) == ("executive_secretary", "林小美", None)


def test_a_number_is_of_the_county_as_it_was_called_when_it_was_given(by):
    days = ("98/3/1", "99/12/25", "")
    rows = table([[*row(numbered(place)), day] for place, day in enumerate(days)], [*HEADS, "立案日期"])
    with clock.travel(dt.date(2010, 12, 26)):
        made = previewed(by, as_csv(rows))
    found = [after for one in made.rows.all() for key, _before, after in one.changes if key == "registration_county"]
    assert found == ["高雄縣", "高雄市", "高雄市"]


def test_the_same_list_again_changes_nothing(by):
    rows = table([row(numbered(number), 立案字號=f"府社區字第098000{number:04}號") for number in range(5)])
    assert imported(by, as_csv(rows)) == counts(added=5)
    entries = AuditEntry.objects.filter(action__startswith="organisation.").count()
    before = list(Organisation.objects.order_by("pk").values())
    assert imported(by, as_csv(rows)) == counts(unchanged=5)
    assert list(Organisation.objects.order_by("pk").values()) == before
    assert AuditEntry.objects.filter(action__startswith="organisation.").count() == entries == 5


def test_nothing_is_written_before_it_is_confirmed(by):
    made = previewed(by, as_csv(table([row("旗山鎮溪畔社區發展協會")])))
    assert (made.counts, Organisation.objects.count(), OfficeTerm.objects.count()) == (counts(added=1), 0, 0)
    imports.discard(by, made)
    assert (RegistryImport.objects.count(), ImportRow.objects.count()) == (0, 0)


FAULTS = [
    ({"統編": "1234"}, "tax_id"),
    ({"統編": "12345678"}, "tax_id"),
    ({"鄉鎮市區": "苑裡鎮"}, "township_id"),
    ({"立案字號": "字第12號"}, "registration_number"),
    ({"電話": "12345"}, "phone"),
    ({"電話": "0912345678"}, "phone"),
    ({"任期": "98/3/1-98/2/1"}, "chairperson.valid_to"),
    ({"任期": "98年"}, "chairperson.days"),
    ({"總幹事": "林小美"}, "executive_secretary.valid_from"),
    ({"單位名稱": ""}, "name"),
]


def test_five_hundred_rows_with_forty_faults(by):
    rows, expected = [], []
    for number in range(500):
        change, column = FAULTS[number % 10] if number < 40 else ({}, "")
        rows.append(row(numbered(number), **{"立案字號": f"府社區字第09800{number:04}號"} | change))
        expected += [(number + 2, column)] if column else []
    made = previewed(by, as_csv(table(rows)))
    assert (made.counts, problems(made)) == (counts(added=460, refused=40), expected)
    imports.confirm(by, made)
    assert (Organisation.objects.count(), OfficeTerm.objects.count()) == (460, 460)
    again = previewed(by, as_csv(table(rows)))
    assert (again.counts, problems(again)) == (counts(unchanged=460, refused=40), expected)


def test_a_change_shows_old_and_new_and_stands_in_the_history(by):
    body = OrganisationFactory(
        name="旗山鎮溪畔社區發展協會", address="舊地址1號", registration_number="府社區字第0980001234號"
    )
    made = previewed(
        by,
        as_csv(
            table([row("高雄縣旗山區溪畔社區發展協會", 會址="新地址2號", 理事長="", 屆次="", 任期="", 理事長手機="")])
        ),
    )
    assert made.counts == counts(changed=1)
    assert made.rows.get().changes == [["address", "舊地址1號", "新地址2號"]]
    imports.confirm(by, made)
    body.refresh_from_db()
    assert (body.name, body.address, body.phone) == ("旗山鎮溪畔社區發展協會", "新地址2號", "")
    entry = AuditEntry.objects.get(action="organisation.import_change", object_id=str(body.pk))
    assert (entry.before, entry.after) == ({"address": "舊地址1號"}, {"address": "新地址2號"})
    total = AuditEntry.objects.get(action="registry_import.confirm")
    assert total.after == {"counts": counts(changed=1), "sha256": made.sha256}


def test_a_body_with_another_name_is_known_by_its_tax_id(by):
    body = OrganisationFactory(name="旗山鎮溪畔社區發展協會", tax_id="12345675")
    made = previewed(by, as_csv(table([row("旗山鎮水岸社區發展協會", 統編="12345675")])))
    assert made.rows.get().changes[0] == ["name", "旗山鎮溪畔社區發展協會", "旗山鎮水岸社區發展協會"]
    imports.confirm(by, made)
    body.refresh_from_db()
    assert (body.name, body.folded_name) == ("旗山鎮水岸社區發展協會", f"{QISHAN}:水岸社區發展協會")


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"單位名稱": "旗山鎮溪畔社區發展協會", "統編": "04595257"}, "tax_id"),
        ({"單位名稱": "旗山鎮別的社區發展協會", "立案字號": "府社區字第0990009999號"}, "registration_number"),
        ({"單位名稱": "旗山鎮外地社區發展協會", "統編": "10458574"}, "tax_id"),
    ],
)
def test_a_row_that_mixes_two_bodies_is_refused(by, cells, column):
    OrganisationFactory(name="旗山鎮溪畔社區發展協會", registration_number="府社區字第0990009999號")
    OrganisationFactory(name="旗山鎮水岸社區發展協會", tax_id="04595257", registration_number="府社區字第0990008888號")
    OrganisationFactory(name="苑裡鎮房裡社區發展協會", county=MIAOLI, township=yuanli(), tax_id="10458574")
    name = cells.pop("單位名稱")
    assert problems(previewed(by, as_csv(table([row(name, **cells)])))) == [(2, column)]


def test_a_body_that_comes_twice_is_taken_once(by):
    rows = table([row("旗山鎮溪畔社區發展協會"), row("旗山區 溪畔社區發展協會", 立案字號="府社區字第0980001235號")])
    made = previewed(by, as_csv(rows))
    assert (made.counts, problems(made)) == (counts(added=1, refused=1), [(3, "name")])


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"單位名稱": "旗山鎮溪畔協會"}, "alike"),
        ({"電話": "0912-345-678"}, "mobile"),
        ({"任期": "98/3/1-103/2/28"}, "long"),
    ],
)
def test_what_may_be_right_is_taken_after_a_yes(by, cells, code):
    OrganisationFactory(name="旗山鎮溪畔社區發展協會", registration_number="府社區字第0990009999號")
    listed = row("旗山鎮水岸社區發展協會", **{"單位類別": "community_association"} | cells)
    listed = [*listed, "社區發展協會"]
    upload = table([listed], [*HEADS, "單位類別"])
    first = previewed(by, as_csv(upload))
    assert (first.counts, [one[2] for one in first.rows.get().problems]) == (counts(refused=1), [code])
    assert imported(by, as_csv(upload), [code]) == counts(added=1)


def test_another_chair_follows_and_one_at_the_same_time_does_not(by):
    body = OrganisationFactory(name="旗山鎮溪畔社區發展協會", registration_number="府社區字第0980001234號")
    OfficeTerm.objects.create(
        organisation=body, office="chairperson", person_name="陳示範", valid_from=dt.date(2007, 1, 1), valid_to=dt.date(2009, 2, 28)
    )  # fmt: skip
    made = previewed(by, as_csv(table([row(body.name)])))
    assert made.rows.get().changes[0] == ["chairperson.person_name", "陳示範", "王大明"]
    assert problems(previewed(by, as_csv(table([row(body.name, 任期="98/2/28-102/2/28")])))) == [
        (2, "chairperson.valid_from")
    ]
    imports.confirm(by, made)
    assert list(OfficeTerm.objects.order_by("valid_from").values_list("person_name", flat=True)) == ["陳示範", "王大明"]
    assert imported(by, as_csv(table([row(body.name, 理事長手機="0922-000-111")]))) == counts(changed=1)
    assert OfficeTerm.objects.get(person_name="王大明").phone == "0922-000-111"


def test_the_end_of_a_term_with_an_account_is_not_changed_by_a_list(by):
    body = OrganisationFactory(name="旗山鎮溪畔社區發展協會", registration_number="府社區字第0980001234號")
    OfficeTerm.objects.create(
        organisation=body, office="chairperson", person_name="王大明", user=by.user,
        valid_from=dt.date(2009, 3, 1), valid_to=dt.date(2012, 2, 28),
    )  # fmt: skip
    assert problems(previewed(by, as_csv(table([row(body.name)])))) == [(2, "chairperson.valid_to")]


def test_what_changed_after_the_preview_is_not_overwritten(by):
    body = OrganisationFactory(
        name="旗山鎮溪畔社區發展協會", address="舊", registration_number="府社區字第0980001234號"
    )
    made = previewed(
        by, as_csv(table([row(body.name, 會址="新"), row("旗山鎮水岸社區發展協會", 立案字號="府社區字第0980001236號")]))
    )
    Organisation.objects.filter(pk=body.pk).update(address="剛剛改的")
    with pytest.raises(imports.ChangedMeanwhile):
        imports.confirm(by, made)
    assert (Organisation.objects.count(), Organisation.objects.get().address) == (1, "剛剛改的")
    made.refresh_from_db()
    assert made.confirmed_on is None


def test_a_list_is_confirmed_once(by):
    made = previewed(by, as_csv(table([row("旗山鎮溪畔社區發展協會")])))
    imports.confirm(by, made)
    for again in (imports.confirm, imports.discard):
        with pytest.raises(imports.ListRefused, match="已經匯入"):
            again(by, made)


def test_the_account_is_never_taken_from_a_list(by):
    upload = as_csv(
        table([[*row("旗山鎮溪畔社區發展協會"), "0040011", "123456789012"]], [*HEADS, "金融機構代號", "帳號"])
    )
    made = imports.start(by, KAOHSIUNG, upload)
    assert imports.guessed(made)[-2:] == ["bank", "bank"]
    imports.preview(by, made, imports.guessed(made), [])
    imports.confirm(by, made)
    assert Organisation.objects.get().bank_account == ""


def test_the_heads_that_counties_use_are_known(by):
    heads = ["社團名稱", "類別", "鄉鎮", "統編", "地址", "負責人", "任期起"]
    made = imports.start(by, KAOHSIUNG, as_csv([heads, ["旗山鎮溪畔社區發展協會", *[""] * 6]]))
    assert "" not in imports.guessed(made)


def test_heads_below_a_title_are_found(by):
    made = imports.start(
        by, KAOHSIUNG, as_csv([["高雄縣社區發展協會名冊", ""], [], HEADS, row("旗山鎮溪畔社區發展協會")])
    )
    assert (made.heads, made.rows.get().number) == (HEADS, 4)


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (as_csv([HEADS]), "沒有資料"),
        (as_csv([["一句話"]]), "不是試算表"),
        (as_sheet([["甲"], ["乙"]], "ods"), ""),
    ],
)
def test_a_file_without_a_list_is_refused_in_words(by, upload, words):
    if words:
        with pytest.raises((imports.ListRefused, UnreadableSheetError), match=words):
            imports.start(by, KAOHSIUNG, upload)
    else:
        made = imports.start(by, KAOHSIUNG, upload)
        with pytest.raises(imports.ListRefused, match="單位名稱"):
            imports.preview(by, made, imports.guessed(made), [])


def test_rows_are_forgotten_and_counts_stay(by):
    done = previewed(by, as_csv(table([row("旗山鎮溪畔社區發展協會")])))
    imports.confirm(by, done)
    waiting = previewed(by, as_csv(table([row("旗山鎮水岸社區發展協會")])))
    assert imports.forget(waiting.made_on + dt.timedelta(days=imports.DAYS_WAITING)) == 1
    assert imports.forget(done.made_on + dt.timedelta(days=imports.DAYS_KEPT)) == 1
    assert (ImportRow.objects.count(), RegistryImport.objects.get().counts) == (0, counts(added=1))
