"""The pages of filing as a whole: who sees them, what hostile input meets, how many queries they run."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from grants.enums import ApplicationStatus as S
from grants.models import Application, BudgetLine
from miaoli_kaohsiung.accounts.enums import Role
from tests.factories.accounts import person
from tests.factories.communities import OrganisationFactory, member_of
from tests.factories.grants import ApplicationFactory, ProgrammeFactory

from .filing import add_line, file
from .pages import fresh, signed_in, text_of

pytestmark = pytest.mark.django_db


class TestWhoSees:
    PAGES = ("", "paper.pdf")
    STEPS = ("edit/", "edit/organisation/", "edit/project/", "budget/", "edit/documents/", "edit/review/")

    def test_own_people_see_every_page_of_the_draft(self, member, case):
        client = signed_in(member)
        assert client.get(f"/applications/{case.number}/").status_code == 200
        for step in self.STEPS[1:]:
            assert client.get(f"/applications/{case.number}/{step}").status_code == 200, step

    def test_another_organisation_finds_nothing(self, case):
        client = signed_in(member_of(OrganisationFactory()))
        for page in (*self.PAGES, *self.STEPS):
            assert client.get(f"/applications/{case.number}/{page}").status_code == 404, page

    def test_the_county_sees_no_draft_and_then_the_filed_case(self, chair, case):
        client = signed_in(person(Role.CASE_OFFICER))
        assert client.get(f"/applications/{case.number}/").status_code == 404
        file(chair, case)
        assert client.get(f"/applications/{case.number}/").status_code == 200

    def test_the_other_county_finds_nothing(self, chair, case):
        file(chair, case)
        assert signed_in(person(Role.CASE_OFFICER, "miaoli")).get(f"/applications/{case.number}/").status_code == 404

    def test_steps_lead_to_the_case_with_the_reason_once_filed(self, chair, member, case):
        file(chair, case)
        client, address = signed_in(member), f"/applications/{case.number}/budget/"
        response = client.get(address, follow=True)
        assert response.redirect_chain == [(f"/applications/{case.number}/", 302)]
        assert "目前是「已送件」，不能修改內容" in text_of(response)
        refused = client.post(address, {})
        assert (refused.status_code, "目前是「已送件」，不能修改內容" in text_of(refused)) == (403, True)

    def test_steps_are_for_members(self, chair, case):
        file(chair, case)
        assert signed_in(person(Role.CASE_OFFICER)).get(f"/applications/{case.number}/budget/").status_code == 403

    def test_a_reviewer_sees_only_the_name_before_declaring(self, chair, case):
        from grants.models import ReviewAssignment
        from miaoli_kaohsiung.lib import clock

        file(chair, case)
        reviewer, today = person(Role.REVIEWER), clock.today()
        client = signed_in(reviewer)
        assert client.get(f"/applications/{case.number}/").status_code == 404
        assignment = ReviewAssignment.objects.create(
            application=case, reviewer=reviewer, assigned_by=chair, assigned_on=today, due_on=today
        )
        page = text_of(client.get(f"/applications/{case.number}/"))
        assert case.organisation.name in page
        assert case.title not in page
        listed = client.get("/applications/")
        assert listed.context["to_declare"] == [{"number": case.number, "township": "旗山鎮"}]
        assert listed.context["list"].table.paginator.count == 0
        assert f'href="/applications/{case.number}/review/">聲明利害關係</a>' in text_of(listed)
        for sought in (f"q={case.title}", f"programme={case.programme_id}", f"status={S.SUBMITTED}"):
            assert client.get(f"/applications/?{sought}").context["list"].table.paginator.count == 0
        assert client.get(f"/applications/{case.number}/paper.pdf").status_code == 403
        document = case.documents.first()
        assert client.get(f"/applications/{case.number}/documents/{document.pk}/").status_code == 403
        assignment.interest = ReviewAssignment.Interest.NONE
        assignment.save()
        assert case.title in text_of(client.get(f"/applications/{case.number}/"))
        (row,) = client.get(f"/applications/?q={case.title}").context["list"].rows
        assert (row.title, row.requested_total) == (case.title, case.requested_total)
        assert case.requested_total > 0

    def test_signed_out_people_are_led_to_the_sign_in_and_back(self, member, case):
        page = f"/applications/{case.number}/budget/"
        assert Client().get(page).url == f"/accounts/login/?next={page}"
        # What was typed in a session that has ended waits behind the sign-in page.
        client = signed_in(member)
        client.get(page)
        Session.objects.all().delete()
        assert client.post(page, {}).url == "/accounts/login/?next=/accounts/rescued/"


PAYLOADS = [
    "\x00",
    "'; DROP TABLE grants_application; --",
    "<script>alert(1)</script>",
    "{{ case.organisation.bank_account }}",
    "a\r\nBcc: x@example.org",
    "\u202e反向",
    "𠮷" * 30,
    "=1+1",
]


class TestPayloads:
    @pytest.mark.parametrize("payload", PAYLOADS)
    def test_in_every_text_field(self, member, case, payload):
        client = signed_in(member)
        line = add_line(member, case, "insurance", requested=500, quantities={"insurance_kind": "other"})
        project = {"title": payload, "place": payload, "goal": payload, "starts_on": payload, "q_activity": payload}
        project |= {"service_area": payload, "q_groups": payload}
        answers = [
            client.post(f"/applications/{case.number}/edit/project/", {"edition": fresh(case).edition, **project}),
            client.post(
                f"/applications/{case.number}/edit/organisation/",
                {"edition": fresh(case).edition, "contact_name": payload, "contact_email": payload},
            ),
            client.post(
                f"/applications/{case.number}/budget/",
                {
                    "edition": fresh(case).edition,
                    "command": payload,
                    "item": payload,
                    f"line-{line.pk}-description": payload,
                    f"line-{line.pk}-requested": payload,
                    f"line-{line.pk}-insurance_kind": payload,
                    f"reason:K4.2.1:{line.pk}": payload,
                    f"reason:{payload}:{payload}": payload,
                },
            ),
            client.get("/applications/", {"q": payload, "status": payload, "programme": payload, "page": payload}),
            client.post("/applications/new/", {"organisation": payload, "programme": payload, "copy_of": payload}),
            client.post(f"/applications/{case.number}/file/", {"token": payload, "edition": payload}),
        ]
        assert [answer.status_code for answer in answers if answer.status_code >= 500] == []
        for page in ("", "edit/project/", "budget/", "edit/review/"):
            assert "<script>alert(1)" not in text_of(client.get(f"/applications/{case.number}/{page}"))

    @pytest.mark.parametrize("number", ["%00", "88-099-0001%00", "%F0%A0%AE%B7", "..%2f", "' OR 1=1"])
    def test_in_the_address(self, member, case, number):
        assert signed_in(member).get(f"/applications/{number}/").status_code == 404

    def test_a_reason_for_no_clause_is_not_kept(self, member, case):
        data = {"edition": fresh(case).edition, "reason:K99:": "x", "reason:K4.2.1:": "y"}
        signed_in(member).post(f"/applications/{case.number}/edit/review/", data)
        assert list(case.justifications.values_list("clause", "text")) == [("K4.2.1", "y")]


class TestPages:
    def test_discard_asks_first(self, member, case):
        client, address = signed_in(member), f"/applications/{case.number}/discard/"
        assert client.get(address).status_code == 200
        assert fresh(case).status == S.DRAFT
        assert client.post(address).status_code == 302
        assert fresh(case).status == S.WITHDRAWN

    def test_withdrawal_wants_a_reason(self, chair, case):
        file(chair, case)
        client, address = signed_in(chair), f"/applications/{case.number}/withdraw/"
        assert client.post(address, {"reason": ""}).status_code == 422
        assert client.post(address, {"reason": "場地沒了"}).status_code == 302
        assert fresh(case).status == S.WITHDRAWN


class TestQueries:
    def rows(self, count, organisation):
        programme = ProgrammeFactory()
        start = Application.objects.count()
        for n in range(start, start + count):
            ApplicationFactory(
                organisation=organisation,
                programme=programme,
                number=f"88-098-{n:04}",
                status=S.SUBMITTED,
                first_filed_on="2010-06-01",
            )

    def queries_of(self, django_assert_max_num_queries, user, address):
        client = signed_in(user)
        client.get(address)
        with django_assert_max_num_queries(18) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    @pytest.mark.parametrize("query", ["", "?q=示範", "?status=submitted", "?q=共餐&status=submitted"])
    def test_the_list_at_1_3_and_30_rows(self, django_assert_max_num_queries, organisation, query):
        officer = person(Role.CASE_OFFICER)
        counts = []
        for more in (1, 2, 27):
            self.rows(more, organisation)
            for case in Application.objects.all():
                from grants.services.applications.drafts import index

                index(case)
            counts.append(self.queries_of(django_assert_max_num_queries, officer, f"/applications/{query}"))
        assert counts[0] == counts[1] == counts[2]
        # Five are of the choices of filters, two of the person's views and rows, two of the number of rows and their sums.
        assert counts[2] <= (16 if "q=" in query else 15)

    def test_at_most_forty_a_page(self, organisation):
        self.rows(55, organisation)
        client = signed_in(person(Role.CASE_OFFICER))
        first, second = (text_of(client.get(f"/applications/?page={n}")) for n in (1, 2))
        assert (first.count('<th scope="row"'), second.count('<th scope="row"')) == (41, 16), "and the line of sums"

    @pytest.mark.parametrize("page", ["", "edit/project/", "budget/", "edit/documents/", "edit/review/"])
    def test_the_pages_of_a_case_at_1_and_30_lines(self, django_assert_max_num_queries, member, case, page):
        address = f"/applications/{case.number}/{page}"
        one = self.queries_of(django_assert_max_num_queries, member, address)
        lines = [
            BudgetLine(application=case, position=n, item="printing", requested=100, description=f"第{n}項")
            for n in range(2, 31)
        ]
        BudgetLine.objects.bulk_create(lines)
        assert self.queries_of(django_assert_max_num_queries, member, address) == one
