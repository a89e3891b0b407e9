"""A county's own schemes: one person proposes a scheme, a change or a year, another confirms, and only then it holds."""

import datetime as dt

import pytest
from django.urls import reverse

from grants.models import Envelope, Scheme, SchemeRound
from grants.queries.schemes.own_data import codes_given
from grants.services.schemes import envelopes, particulars, values, years
from grants.services.schemes.envelopes import EnvelopeDraft
from grants.services.schemes.particulars import Paperwork
from grants.services.schemes.sync import sync
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.models import AuditEntry
from miaoli_kaohsiung.changes import services
from miaoli_kaohsiung.changes.kinds import kind_of
from miaoli_kaohsiung.changes.models import Change
from miaoli_kaohsiung.files.services import check
from miaoli_kaohsiung.lib import clock
from miaoli_kaohsiung.lib.access import Refused
from miaoli_kaohsiung.notices.models import Notice
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, chair_of
from tests.factories.grants import terms_of

from .filing import file, ready_case
from .papers import paper

pytestmark = pytest.mark.django_db

WHY = Paperwork("年度檢討")
PLACE = {
    "code": "own_1",
    "label": "場地有多大？",
    "help": "",
    "type": "number",
    "choices": [],
    "required": True,
    "programmes": [],
}
PLAN = {"code": "own_2", "name": "場地平面圖", "help": "", "required": True, "programmes": []}
JULY = dt.date(2010, 7, 1)


@pytest.fixture
def kaohsiung(db) -> Scheme:
    return next(scheme for scheme in sync() if scheme.slug == "kaohsiung-88")


@pytest.fixture
def officer():
    return person(Role.CASE_OFFICER)


@pytest.fixture
def head():
    return person(Role.APPROVER)


def changed(scheme: Scheme, **new) -> dict:
    return values.values_of(scheme) | new


def year(scheme: Scheme, number: int, opens: str, closes: str, **new) -> dict:
    return years.values_of(scheme, number) | {"opens_on": opens, "closes_on": closes, **new}


def fresh(scheme: Scheme) -> Scheme:
    return Scheme.objects.get(pk=scheme.pk)


class TestChanging:
    def test_nothing_holds_before_another_person_confirms(self, kaohsiung, officer, head):
        data = changed(kaohsiung, name="重建專案", questions=[PLACE], township_first=True)
        change = particulars.propose_change(officer, kaohsiung, data, JULY, WHY)
        assert (fresh(kaohsiung).name, len(fresh(kaohsiung).dated_terms)) == (kaohsiung.name, 1)
        with pytest.raises(Refused, match="提出的人不能自己確認"):
            services.confirm(officer, change)
        services.confirm(head, change)
        scheme = fresh(kaohsiung)
        before, after = (scheme.terms_on(JULY - dt.timedelta(days=days)) for days in (1, 0))
        assert (scheme.name, before.township_first, after.township_first) == ("重建專案", False, True)
        assert (before.questions, after.questions, after.starts_on) == ([], [PLACE], JULY)
        entry = AuditEntry.objects.get(action="scheme.set")
        assert (entry.before["name"], entry.after["name"]) == (kaohsiung.name, "重建專案")

    def test_what_becomes_of_the_originals_holds_from_a_day_on(self, client, kaohsiung, officer, head):
        change = particulars.propose_change(officer, kaohsiung, changed(kaohsiung, originals="sent"), JULY, WHY)
        services.confirm(head, change)
        scheme = fresh(kaohsiung)
        words = [scheme.terms_on(day).get_originals_display() for day in (JULY - dt.timedelta(days=1), JULY)]
        assert words == ["拍照或掃描上傳就好，正本由單位保存", "正本黏貼、簽章後，隨結報寄送縣府"]
        client.force_login(officer)
        assert words[1] in client.get(reverse("changes:show", args=[change.pk])).content.decode()
        for day, word in ((dt.date(2010, 6, 1), words[0]), (JULY, words[1])):
            with clock.travel(day):
                assert word in client.get(reverse("grants:scheme", args=[scheme.slug])).content.decode()

    @pytest.mark.parametrize("role", [Role.FINANCE_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR])
    def test_only_those_who_carry_cases_propose(self, kaohsiung, role):
        with pytest.raises(Refused):
            particulars.propose_change(person(role), kaohsiung, changed(kaohsiung, name="別的"), JULY, WHY)

    def test_nobody_of_another_county_confirms(self, kaohsiung, officer):
        change = particulars.propose_change(officer, kaohsiung, changed(kaohsiung, name="別的"), JULY, WHY)
        with pytest.raises(Refused):
            services.confirm(person(Role.APPROVER, "miaoli"), change)

    def test_words_alone_make_no_new_terms(self, kaohsiung, officer, head):
        change = particulars.propose_change(officer, kaohsiung, changed(kaohsiung, summary="改過"), JULY, WHY)
        services.confirm(head, change)
        assert (change.starts_on, len(fresh(kaohsiung).dated_terms)) == (None, 1)

    def test_a_filed_case_keeps_its_terms_and_a_draft_is_told(self, kaohsiung, officer, head):
        body = OrganisationFactory()
        chair = chair_of(body)
        programme = kaohsiung.programmes.get(code="growth_prevention")
        filed = ready_case(body, chair, programme=programme, number="88-099-0801")
        file(chair, filed)
        draft = ready_case(body, chair, programme=programme, number="88-099-0802")
        data = changed(kaohsiung, questions=[PLACE], papers=[PLAN])
        services.confirm(head, particulars.propose_change(officer, kaohsiung, data, clock.today(), WHY))
        filed.refresh_from_db()
        draft = type(draft).objects.get(pk=draft.pk)
        assert (filed.terms.questions, draft.terms.questions) == ([], [PLACE])
        (notice,) = Notice.objects.filter(kind="application.asked_anew", recipient=chair)
        assert notice.object_key.startswith(f"application:{draft.number}")

    def test_a_day_that_is_over_when_it_is_confirmed_becomes_that_day(self, kaohsiung, officer, head):
        data = changed(kaohsiung, township_first=True)
        change = particulars.propose_change(officer, kaohsiung, data, clock.today(), WHY)
        with clock.travel(JULY):
            services.confirm(head, change)
        assert fresh(kaohsiung).dated_terms[-1].starts_on == JULY

    def test_terms_before_those_of_a_later_day_are_refused(self, kaohsiung, officer, head):
        terms_of(kaohsiung, starts_on=JULY, township_first=True)
        data = changed(fresh(kaohsiung), questions=[PLACE])
        change = particulars.propose_change(officer, fresh(kaohsiung), data, clock.today(), WHY)
        with pytest.raises(Refused, match="99年7月1日起的規定已經訂好了"):
            services.confirm(head, change)
        change.refresh_from_db()
        assert change.status == "waiting"

    def test_a_prefix_of_another_scheme_is_refused(self, kaohsiung, officer):
        with pytest.raises(Refused, match="案號字首「ML」別的方案已經用過"):
            particulars.propose_change(officer, kaohsiung, changed(kaohsiung, number_prefix="ML"), JULY, WHY)

    def test_the_page_of_the_change_shows_old_new_and_the_form(self, client, kaohsiung, officer, head):
        data = changed(kaohsiung, questions=[PLACE], papers=[PLAN], closes_on=None)
        change = particulars.propose_change(officer, kaohsiung, data, JULY, WHY)
        rows = {row.label: row for row in kind_of(change).rows(change)}
        assert rows["縣府另外要問的事"].after == "場地有多大？（數字；必答）"
        assert (rows["受理迄日"].before, rows["受理迄日"].after) == ("101年12月31日", "")
        client.force_login(head)
        page = client.get(reverse("changes:show", args=[change.pk])).content.decode()
        for words in ("公開的方案頁會這樣寫", "申請的人會看到", "場地平面圖", "已經送件的 0 件"):
            assert words in page

    def test_another_change_in_between_has_to_be_seen_first(self, kaohsiung, officer, head):
        change = particulars.propose_change(officer, kaohsiung, changed(kaohsiung, name="甲"), JULY, WHY)
        Scheme.objects.filter(pk=kaohsiung.pk).update(name="乙")
        with pytest.raises(Refused, match="原來的資料已經又改過了"):
            services.confirm(head, change)


class TestYears:
    def test_a_year_opens_with_what_it_asks_and_the_money_is_asked_for(self, kaohsiung, officer, head):
        finance = person(Role.FINANCE_OFFICER)
        data = year(kaohsiung, 2010, "2010-06-01", "2010-07-31", questions=[PLACE])
        services.confirm(head, years.propose(officer, kaohsiung, data, WHY))
        scheme = fresh(kaohsiung)
        opened = scheme.rounds.get()
        assert (opened.year, opened.opens_on, opened.closes_on) == (2010, dt.date(2010, 6, 1), dt.date(2010, 7, 31))
        assert scheme.terms_on(clock.today()).questions == [PLACE]
        asked = Notice.objects.filter(kind="scheme.envelope_missing")
        assert {notice.recipient for notice in asked} == {finance, head}
        draft = EnvelopeDraft(2010, 5, "簽1", "新年度", check(paper()))
        envelopes.decide(head, envelopes.propose(finance, scheme, draft), "confirm")
        assert not Notice.objects.filter(kind="scheme.envelope_missing", closed_at=None).exists()
        assert Envelope.objects.get().amount == 5

    def test_the_next_year_is_a_copy_of_the_last(self, kaohsiung):
        SchemeRound.objects.create(
            scheme=kaohsiung, year=2012, opens_on=dt.date(2012, 2, 29), closes_on=dt.date(2012, 3, 31)
        )
        terms_of(kaohsiung, questions=[PLACE], papers=[PLAN], programmes=["welfare_survey"])
        copy = years.copy_of_last(kaohsiung)
        assert copy == {
            "year": 2013,
            "opens_on": dt.date(2013, 2, 28),
            "closes_on": dt.date(2013, 3, 31),
            "programmes": ["welfare_survey"],
            "papers": [PLAN],
            "questions": [PLACE],
        }

    @pytest.mark.parametrize(
        ("number", "opens", "closes", "words"),
        [
            (2013, "2012-12-01", "2013-01-31", "方案的受理期間是99年1月8日至101年12月31日"),
            (2010, "2010-01-07", "2010-02-01", "方案的受理期間是99年1月8日至101年12月31日"),
            (2012, "2011-03-31", "2011-05-01", "和100年度的受理期間（100年2月1日至100年3月31日）重疊了。"),
        ],
    )
    def test_days_outside_or_across_are_refused(self, kaohsiung, officer, number, opens, closes, words):
        SchemeRound.objects.create(
            scheme=kaohsiung, year=2011, opens_on=dt.date(2011, 2, 1), closes_on=dt.date(2011, 3, 31)
        )
        with pytest.raises(Refused) as refused:
            years.propose(officer, kaohsiung, year(kaohsiung, number, opens, closes), WHY)
        assert words in refused.value.reason

    def test_opening_a_year_again_moves_its_days(self, kaohsiung, officer, head):
        for closes in ("2010-07-31", "2010-08-31"):
            data = year(fresh(kaohsiung), 2010, "2010-06-01", closes)
            services.confirm(head, years.propose(officer, fresh(kaohsiung), data, WHY))
        assert [row.closes_on for row in kaohsiung.rounds.all()] == [dt.date(2010, 8, 31)]


class TestNew:
    def data(self, kaohsiung, **new) -> dict:
        further = {"slug": "elder-care", "county": "kaohsiung", "ruleset": "miaoli", "number_prefix": "EC"}
        programmes = {"programmes": ["welfare_services"], "purposes": {"welfare_services": "長輩的事。"}}
        return changed(kaohsiung, name="長者照顧", short_name="長照") | further | programmes | new

    def test_a_confirmed_scheme_takes_in_cases(self, kaohsiung, officer, head, client):
        change = particulars.propose_new(officer, self.data(kaohsiung, papers=[PLAN]), WHY)
        client.force_login(head)
        assert "長輩的事。" in client.get(reverse("changes:show", args=[change.pk])).content.decode()
        services.confirm(head, change)
        scheme = Scheme.objects.get(slug="elder-care")
        (offered,) = scheme.offered(clock.today())
        assert (offered.code, offered.purpose, scheme.terms_on(clock.today()).papers) == (
            "welfare_services",
            "長輩的事。",
            [PLAN],
        )
        assert "場地平面圖" in client.get(reverse("grants:scheme", args=["elder-care"])).content.decode()
        assert client.get(reverse("grants:scheme_data", args=["elder-care"])).status_code == 200

    @pytest.mark.parametrize(
        ("new", "words"), [({"slug": "miaoli-welfare"}, "網址代碼"), ({"number_prefix": "88"}, "案號字首")]
    )
    def test_what_is_taken_is_refused(self, kaohsiung, officer, new, words):
        with pytest.raises(Refused, match=words):
            particulars.propose_new(officer, self.data(kaohsiung, **new), WHY)

    def test_a_refused_one_can_still_be_read(self, kaohsiung, officer, head, client):
        change = particulars.propose_new(officer, self.data(kaohsiung), WHY)
        services.refuse(head, change, "先不辦")
        client.force_login(officer)
        assert client.get(reverse("changes:show", args=[change.pk])).status_code == 200


class TestForms:
    def posted(self, client, url: str, **typed) -> dict:
        """What the form's own fields hold, with `typed` laid over."""
        context = client.get(url).context
        data = {}
        for form in context["forms"]:
            for field in form:
                value = field.value()
                if isinstance(value, bool) or value is None:
                    continue
                data[field.html_name] = field.field.prepare_value(value)
            data |= {field.html_name: "on" for field in form if field.value() is True and field.name == "required"}
        for rows in context["asked"].sets():
            data |= {field.html_name: field.value() for field in rows.management_form}
        if "township_first" in context["form"].fields:
            data["township_first"] = "false"
        return data | {"reason": "年度檢討", **typed}

    def test_preview_then_propose(self, client, kaohsiung, officer):
        client.force_login(officer)
        url = reverse("grants:scheme_change", args=[kaohsiung.slug])
        row = {"questions-0-label": "怎麼來？", "questions-0-type": "choice", "questions-0-choices": "走路\n公車\n走路"}
        typed = self.posted(client, url, name="重建新案", **row)
        page = client.post(url, typed | {"command": "preview"})
        assert (page.status_code, Change.objects.count()) == (200, 0)
        assert ("怎麼來？" in page.content.decode(), "走路／公車" in page.content.decode()) == (True, True)
        answer = client.post(url, typed | {"command": "propose"})
        change = Change.objects.get()
        assert answer.url == reverse("changes:show", args=[change.pk])
        (question,) = change.data["questions"]
        assert (question["code"], question["choices"], change.data["name"]) == ("own_1", ["走路", "公車"], "重建新案")
        assert {name for name in change.data if change.data[name] != change.before[name]} == {"name", "questions"}

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ({"name": ""}, "名稱"),
            ({"number_prefix": "ab"}, "只用一到四個大寫英文字母或數字"),
            ({"closes_on": "98/1/1"}, "受理迄日不可以早於受理起日。"),
            ({"starts_on": "99/5/31"}, "已經過去的日子不能改"),
            ({"questions-0-label": "怎麼來？", "questions-0-type": "choice"}, "單選至少要兩個選項，一行一個。"),
            ({"questions-0-help": "只有說明"}, "請填名稱；不要這一列的話，請勾「刪除」。"),
            ({"papers-0-name": "圖", "papers-1-name": "圖"}, "「圖」寫了兩次"),
            ({"correction_days": "0"}, "補正天數"),
            ({"recommends": "建議補助"}, "兩種用語要一起填，而且不能相同。"),
            ({"first_review_items": "會" * 81}, "最多 20 項，每項最多 80 個字。"),
            ({"reason": ""}, "理由"),
        ],
    )
    def test_bad_input_gets_its_sentence_and_is_not_lost(self, client, kaohsiung, officer, typed, words):
        client.force_login(officer)
        url = reverse("grants:scheme_change", args=[kaohsiung.slug])
        page = client.post(url, self.posted(client, url, summary="我剛打的字") | typed | {"command": "propose"})
        text = page.content.decode()
        assert (page.status_code, Change.objects.count()) == (422, 0)
        assert [part in text for part in (words, "我剛打的字")] == [True, True]

    def test_a_prefix_that_is_taken_is_said_at_its_field_before_the_preview(self, client, kaohsiung, officer):
        client.force_login(officer)
        url = reverse("grants:scheme_change", args=[kaohsiung.slug])
        page = client.post(url, self.posted(client, url, number_prefix="ML") | {"command": "preview"})
        assert page.status_code == 422
        assert page.context["form"].errors == {"number_prefix": ["案號字首「ML」別的方案已經用過，請換一個。"]}

    def test_the_townships_items_and_words_are_kept_with_the_terms(self, client, kaohsiung, officer):
        client.force_login(officer)
        url = reverse("grants:scheme_change", args=[kaohsiung.slug])
        typed = {"first_review_items": "會址在本鎮\n\n附件齊全\n", "recommends": "建議補助", "recommends_not": "不建議"}
        page = client.post(url, self.posted(client, url, **typed) | {"command": "propose"})
        change = Change.objects.get()
        asked = [change.data[name] for name in ("first_review_items", "first_review_words")]
        assert (page.status_code, asked) == (302, [["會址在本鎮", "附件齊全"], ["建議補助", "不建議"]])
        assert "會址在本鎮" in client.get(reverse("changes:show", args=[change.pk])).content.decode()

    @pytest.mark.parametrize(("weights", "sum_of"), [(("60", "30"), 90), (("60", "60"), 120)])
    def test_weights_are_a_hundred(self, client, officer, weights, sum_of):
        miaoli = next(scheme for scheme in sync() if scheme.slug == "miaoli-welfare")
        client.force_login(person(Role.CASE_OFFICER, "miaoli"))
        url = reverse("grants:scheme_change", args=[miaoli.slug])
        rows = {
            "criteria-0-name": "可行",
            "criteria-1-name": "創新",
            "criteria-0-weight": weights[0],
            "criteria-1-weight": weights[1],
        }
        page = client.post(url, self.posted(client, url, **rows) | {"command": "propose"})
        assert (page.status_code, f"現在是 {sum_of}。" in page.content.decode()) == (422, True)

    def test_a_law_with_criteria_leaves_the_weights_to_a_ruling(self, client, kaohsiung, officer):
        client.force_login(officer)
        page = client.get(reverse("grants:scheme_change", args=[kaohsiung.slug]))
        assert page.context["asked"].criteria is None
        shown = client.get(reverse("grants:scheme_data", args=[kaohsiung.slug])).content.decode()
        assert ("只在函釋登錄" in shown, "四項審查原則的權重" in shown) == (True, True)

    def test_a_code_is_never_given_again(self, kaohsiung, officer):
        terms_of(kaohsiung, questions=[PLACE])
        terms_of(kaohsiung, questions=[], papers=[])
        data = changed(fresh(kaohsiung), papers=[PLAN | {"code": "own_7"}])
        particulars.propose_change(officer, fresh(kaohsiung), data, JULY, WHY)
        assert codes_given(fresh(kaohsiung)) == {"own_1", "own_7"}

    def test_a_new_scheme_begins_with_its_law_or_a_copy(self, client, kaohsiung, officer):
        client.force_login(officer)
        url = reverse("grants:scheme_new")
        assert kaohsiung.name in client.get(url).content.decode()
        copied = client.get(url, {"copy": kaohsiung.slug})
        assert copied.context["form"].initial["legal_basis"] == kaohsiung.legal_basis
        assert len(client.get(url, {"law": "miaoli"}).context["form"].fields["programmes"].choices) == 3

    def test_a_year_is_opened_from_its_form(self, client, kaohsiung, officer):
        client.force_login(officer)
        url = reverse("grants:scheme_year", args=[kaohsiung.slug])
        days = {"year": "99", "opens_on": "99/6/1", "closes_on": "99/7/31", "command": "propose"}
        client.post(url, self.posted(client, url) | days)
        change = Change.objects.get()
        assert (change.kind, change.title, change.data["opens_on"]) == (
            "scheme.year",
            "開辦99年度：88災後重建",
            "2010-06-01",
        )
