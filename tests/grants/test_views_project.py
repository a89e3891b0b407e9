"""The steps of an application beside its budget: beginning a draft, the project, the last look, filing."""

import re

import pytest

from grants.enums import ApplicationStatus as S
from grants.models import Application
from tests.factories.communities import OrganisationFactory, member_of
from tests.factories.grants import ProgrammeFactory

from .pages import fresh, signed_in, text_of

pytestmark = pytest.mark.django_db


class TestStart:
    def test_a_new_draft_leads_to_its_first_step(self, organisation, member):
        data = {"organisation": organisation.pk, "programme": ProgrammeFactory().pk}
        client = signed_in(member)
        response = client.post("/applications/new/", data)
        assert response.url == "/applications/88-099-0001/edit/"
        assert client.get(response.url).url == "/applications/88-099-0001/edit/organisation/"

    def test_a_draft_is_offered_first(self, member, case):
        page = text_of(signed_in(member).get("/applications/new/"))
        assert "接續填寫" in page
        assert f"/applications/{case.number}/edit/" in page

    def test_posting_again_leads_to_the_same_draft(self, organisation, member, case):
        data = {"organisation": organisation.pk, "programme": case.programme.pk}
        response = signed_in(member).post("/applications/new/", data)
        assert response.url == f"/applications/{case.number}/edit/"
        assert Application.objects.count() == 1

    def test_another_organisation_cannot_be_named(self, member):
        data = {"organisation": OrganisationFactory().pk, "programme": ProgrammeFactory().pk}
        assert signed_in(member).post("/applications/new/", data).status_code == 404

    @pytest.mark.parametrize("wrong", ["", "x", "-1", "99999999999999999999", "１"])
    def test_rubbish_finds_nothing(self, member, wrong):
        data = {"organisation": wrong, "programme": wrong}
        assert signed_in(member).post("/applications/new/", data).status_code == 404


class TestProject:
    def save(self, member, case, **data):
        data = {"edition": fresh(case).edition, **data}
        return signed_in(member).post(f"/applications/{case.number}/edit/project/", data)

    def test_saves_roc_dates_and_answers(self, member, case):
        data = {"title": "新計畫", "starts_on": "９９／７／１", "ends_on": "0991231", "q_course": "true"}
        response = self.save(member, case, **data, q_groups=["growth", "history"])
        assert response.status_code == 302
        saved = fresh(case)
        assert (saved.title, str(saved.starts_on), str(saved.ends_on)) == ("新計畫", "2010-07-01", "2010-12-31")
        assert (saved.answers["course"], saved.answers["groups"]) == (True, ["growth", "history"])

    @pytest.mark.parametrize(
        ("typed", "message"),
        [
            ("99/2/31", "只有1日到28日"),
            ("0/1/1", "沒有民國0年"),
            ("昨天", "看不懂這個日期"),
        ],
    )
    def test_a_bad_date_gets_a_sentence_and_the_rest_is_saved(self, member, case, typed, message):
        response = self.save(member, case, title="留下來", starts_on=typed)
        page = text_of(response)
        assert response.status_code == 422
        assert message in page
        assert f'value="{typed}"' in page
        assert fresh(case).title == "留下來"

    def test_an_end_before_the_beginning(self, member, case):
        page = text_of(self.save(member, case, starts_on="99/7/2", ends_on="99/7/1"))
        assert "結束日期不可以早於開始日期" in page

    def test_a_stale_page_keeps_what_was_typed(self, member, case):
        response = signed_in(member).post(
            f"/applications/{case.number}/edit/project/", {"edition": 1, "title": "我打的字"}
        )
        page = text_of(response)
        assert response.status_code == 409
        assert "我打的字" in page
        assert f'name="edition" value="{fresh(case).edition}"' in page
        assert fresh(case).title != "我打的字"

    def test_autosave_answers_in_json(self, member, case):
        client = signed_in(member)
        address, accept = f"/applications/{case.number}/edit/project/", {"Accept": "application/json"}
        saved = client.post(address, {"edition": case.edition, "title": "自動"}, headers=accept)
        assert (saved.status_code, saved.json()["edition"]) == (200, case.edition + 1)
        wrong = client.post(address, {"edition": case.edition + 1, "starts_on": "x"}, headers=accept)
        assert (wrong.status_code, list(wrong.json()["errors"])) == (422, ["starts_on"])

    def test_a_step_whose_answer_was_lost_goes_on(self, member, case):
        client = signed_in(member)
        address, accept = f"/applications/{case.number}/edit/project/", {"Accept": "application/json"}
        data = {"edition": case.edition, "page": "mine", "title": "山路上"}
        assert client.post(address, data, headers=accept).status_code == 200
        assert client.post(address, data | {"title": "山路上，再存"}, headers=accept).status_code == 200
        assert fresh(case).title == "山路上，再存"

    def test_what_did_not_arrive_is_not_taken_for_a_blank(self, member, case):
        self.save(member, case, place="活動中心")
        assert (fresh(case).title, fresh(case).place) == (case.title, "活動中心")

    def test_undeclared_fields_change_nothing(self, member, case):
        self.save(
            member, case, title="x", status="approved", requested_total="1", number="88-099-9999", county="miaoli"
        )
        saved = fresh(case)
        assert (saved.status, saved.requested_total, saved.county) == (S.DRAFT, 10_000, "kaohsiung")


class TestReview:
    def test_the_chair_files_and_a_second_post_changes_nothing(self, chair, case):
        client, address = signed_in(chair), f"/applications/{case.number}/edit/review/"
        page = text_of(client.get(address))
        assert "確認送件" in page
        token = re.search(r'name="token" value="([0-9a-f-]+)"', page)[1]
        data = {"token": token, "edition": fresh(case).edition}
        first = client.post(f"/applications/{case.number}/file/", data)
        again = client.post(f"/applications/{case.number}/file/", data)
        assert (
            (first.status_code, first.url) == (again.status_code, again.url) == (302, f"/applications/{case.number}/")
        )
        assert case.versions.count() == 1

    def test_staff_hand_over(self, member, chair, case):
        client = signed_in(member)
        assert "送請理事長確認" in text_of(client.get(f"/applications/{case.number}/edit/review/"))
        client.post(f"/applications/{case.number}/hand-to-chair/")
        assert fresh(case).status == S.AWAITING_CHAIR
        assert "確認送件" in text_of(signed_in(chair).get(f"/applications/{case.number}/edit/review/"))

    @pytest.mark.parametrize(
        "step", ["edit/organisation/", "edit/project/", "budget/", "budget/import/", "edit/documents/"]
    )
    def test_the_address_of_a_step_leads_to_the_case_while_the_chair_reads(self, member, chair, case, step):
        signed_in(member).post(f"/applications/{case.number}/hand-to-chair/")
        for user in (member, chair):
            client = signed_in(user)
            answer = client.get(f"/applications/{case.number}/{step}", follow=True)
            assert answer.redirect_chain == [(f"/applications/{case.number}/", 302)]
            assert "已經送請理事長確認。要再修改，請先按「收回修改」。" in text_of(answer)
            assert client.post(f"/applications/{case.number}/{step}", {}).status_code == 403
        stranger = member_of(OrganisationFactory())
        assert signed_in(stranger).get(f"/applications/{case.number}/{step}").status_code == 404

    def test_staff_cannot_file(self, member, case):
        data = {"token": "00000000-0000-4000-8000-000000000000", "edition": case.edition}
        assert signed_in(member).post(f"/applications/{case.number}/file/", data).status_code == 403

    def test_what_is_missing_is_listed_with_its_step(self, chair, case):
        case.documents.all().delete()
        Application.objects.update(goal="")
        page = text_of(signed_in(chair).get(f"/applications/{case.number}/edit/review/"))
        assert "請寫為什麼要辦" in page
        assert "到「附件」" in page
        assert 'name="token"' not in page
