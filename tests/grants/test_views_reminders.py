"""An officer edits a reminder, sees it with a real case, and another person confirms it."""

import datetime as dt

import pytest
from django.urls import reverse

from grants.enums import DeadlineKind
from grants.models import CountyReminder
from grants.queries.reminders.table import filed, reminders_of
from grants.services.reminders.rows import unsaved
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.changes.services import confirm
from miaoli_kaohsiung.lib import clock
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, member_of
from tests.factories.money import approved, county

from .pages import signed_in, text_of

pytestmark = pytest.mark.django_db
TODAY = dt.date(2010, 6, 1)
CODE = "return.asked"
EDIT = f"/reminders/kaohsiung/{CODE}/edit/"


def typed(**more) -> dict:
    values = {
        "active": "on", "who": ["members"], "before": "10、5", "after": "", "every": "", "channels": ["email"],
        "subject": "請繳回【金額】元：【案號】", "body": "【單位】請在【期限】前繳回。", "short": "", "starts_on": "99/6/10",
        "memo_number": "", "reason": "提早一點",
    }  # fmt: skip
    return values | more


@pytest.fixture
def people():
    staff, organisation = county(), OrganisationFactory(name="甲社區發展協會")
    member_of(organisation)
    award = approved((50_000, 60_000), staff=staff, organisation=organisation)
    unsaved(DeadlineKind.RETURN, award, clause="K7.3b", due_on=dt.date(2010, 9, 30), opened_on=TODAY).save()
    return staff


@pytest.fixture
def officer(people):
    return signed_in(people.officer)


def test_the_table_and_a_reminder_with_a_real_case(officer):
    page = text_of(officer.get("/reminders/"))
    assert all(row.name in page for row in filed().values())
    assert "簡訊還沒有開通" in page
    assert "LINE 還沒有開通" in page
    page = text_of(officer.get(f"/reminders/kaohsiung/{CODE}/"))
    assert "甲社區發展協會" in page
    assert "99年9月23日" in page
    assert "申請單位全體人員 1 人" in page


def test_a_county_without_such_a_thing_reads_an_invented_example(officer):
    assert "虛構的例子" in text_of(officer.get("/reminders/kaohsiung/correction.asked/"))


def test_a_preview_keeps_nothing_and_loses_nothing(officer):
    page = text_of(officer.post(EDIT, typed(preview="1")))
    assert "甲社區發展協會請在99年9月30日前繳回。" in page
    assert "99年9月20日" in page
    assert "提早一點" in page
    assert not Change.objects.exists()


def test_two_people_change_a_reminder_from_a_day_on(people, officer):
    answer = officer.post(EDIT, typed(propose="1"))
    change = Change.objects.get()
    assert answer.url == reverse("changes:show", args=[change.pk])
    assert reminders_of("kaohsiung", dt.date(2010, 6, 10))[CODE] == filed()[CODE]
    page = text_of(signed_in(people.head).get(answer.url))
    assert "期限前 7 天；期限當天" in page
    assert "甲社區發展協會請在99年9月30日前繳回。" in page
    assert signed_in(people.officer).post(reverse("changes:confirm", args=[change.pk])).status_code == 422
    assert not CountyReminder.objects.exists()
    confirm(people.head, change)
    assert [reminders_of("kaohsiung", TODAY + dt.timedelta(days=days))[CODE].days for days in (8, 9)] == [
        (-7, 0),
        (-10, -5),
    ]
    entry = AuditEntry.objects.get(action="reminder.set")
    assert (entry.before["days"], entry.after["days"]) == ([-7, 0], [-10, -5])
    assert "提早一點" not in text_of(officer.get(f"/reminders/kaohsiung/{CODE}/"))
    assert "歷次變更" in text_of(officer.get(f"/reminders/kaohsiung/{CODE}/"))


def test_a_row_confirmed_late_begins_on_that_day(people, officer):
    officer.post(EDIT, typed(propose="1"))
    with clock.travel(dt.date(2010, 7, 5)):
        confirm(people.head, Change.objects.get())
    assert CountyReminder.objects.get().starts_on == dt.date(2010, 7, 5)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("subject", "【期線】", "【期線】 不能用。這裡可以用的是 【案號】"),
        ("body", "請在【期限前", "【 不能用"),
        ("subject", "", "這一欄還沒有填"),
        ("short", "【單位】請繳回", "【單位】 不能用"),
        ("who", [], "請至少選一種人"),
        ("before", "十天", "請只填數字"),
        ("before", "181", "0 到 180 之間"),
        ("after", "0", "1 到 365 之間"),
        ("every", "2", "至少要隔 3 天"),
        ("before", "", "請至少填一個日子"),
        ("before", "1、2、3、4、5、6、7、8、9、10、11", "最多 10 個日子"),
        ("starts_on", "99/5/31", "不能早於今天"),
        ("reason", "", "這一欄還沒有填"),
    ],
)
def test_bad_input_has_its_sentence_at_its_field(officer, field, value, sentence):
    answer = officer.post(EDIT, typed(propose="1", **{field: value}))
    assert answer.status_code == 422
    assert any(sentence in error for error in answer.context["form"].errors[field])
    assert "提早一點" in text_of(answer) or field == "reason"


def test_the_same_again_and_a_second_proposal_are_refused(officer):
    row = filed()[CODE]
    same = typed(
        propose="1", before="7、0", channels=list(row.channels), subject=row.subject, body=row.body, short=row.short
    )
    assert "沒有要變更的地方" in text_of(officer.post(EDIT, same))
    officer.post(EDIT, typed(propose="1"))
    assert "已經有一件變更等人確認" in text_of(officer.post(EDIT, typed(propose="1", before="9")))


def test_days_of_the_law_stay_where_none_are_typed(officer):
    values = typed(propose="1", before="", after="", every="10", subject="結報", channels=["email"])
    officer.post("/reminders/kaohsiung/settlement.late/edit/", values)
    data = Change.objects.get().data
    assert (data["days"], data["every"]) == ([], 10)


@pytest.mark.parametrize("code", filed())
def test_every_reminder_opens_and_takes_its_own_words_again(officer, code):
    row = filed()[code]
    form = officer.get(f"/reminders/kaohsiung/{code}/edit/").context["form"]
    values = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    posted = {name: value for name, value in values.items() if value not in (None, False)}
    posted |= {"starts_on": "99/6/1", "reason": "試", "propose": "1", "subject": row.subject + "。"}
    officer.post(f"/reminders/kaohsiung/{code}/edit/", posted)
    change = Change.objects.get()
    assert change.data == row.values() | {"subject": row.subject + "。"}


def test_another_county_is_not_found_and_the_auditor_only_reads(people):
    other = signed_in(person(Role.CASE_OFFICER, "miaoli"))
    assert other.get(f"/reminders/kaohsiung/{CODE}/").status_code == 404
    assert other.get("/reminders/kaohsiung/nothing/").status_code == 404
    auditor = signed_in(person(Role.AUDITOR))
    assert "修改這個提醒" not in text_of(auditor.get(f"/reminders/kaohsiung/{CODE}/"))
    assert auditor.get(EDIT).status_code == 403
