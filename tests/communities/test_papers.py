"""Papers that lie with the association: uploaded once, offered in each case, replaced without touching what was filed."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from communities.models import KeptPaper
from communities.queries import kept_papers
from communities.services import papers
from grants.services.applications import documents
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.audit.trail import Actor
from miaoli_kaohsiung.files.services import check
from miaoli_kaohsiung.lib import clock
from tests.factories.accounts import person
from tests.factories.communities import QISHAN, OrganisationFactory, member_of
from tests.files import samples
from tests.grants.filing import ready_case

pytestmark = pytest.mark.django_db

KIND = "registration_certificate"


@pytest.fixture
def staff(organisation):
    return member_of(organisation)


def upload(name: str = "立案證書.pdf", pages: int = 1) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, samples.pdf(pages))


def kept(organisation, staff, name: str = "立案證書.pdf", pages: int = 1, **more) -> KeptPaper:
    return papers.add(Actor(staff), organisation, KIND, check(upload(name, pages)), **more)


def test_the_association_keeps_a_paper_and_replaces_it(client, organisation, staff):
    client.force_login(staff)
    page = reverse("communities:organisation-papers", args=[organisation.pk])
    assert client.post(page, {"kind": KIND, "paper": upload("舊.pdf")}).status_code == 302
    assert client.post(page, {"kind": KIND, "paper": upload("新.pdf", 2), "valid_until": "99/12/31"}).status_code == 302
    (now,) = kept_papers(organisation.pk)
    assert (now.file.name, now.valid_until, now.kept_on) == ("新.pdf", dt.date(2010, 12, 31), clock.today())
    old = organisation.kept_papers.get(file__name="舊.pdf")
    assert old.replaced_on == clock.today()
    client.post(reverse("communities:organisation-paper-set", args=[organisation.pk, old.pk]), {"keep": "yes"})
    assert [row.file.name for row in kept_papers(organisation.pk)] == ["舊.pdf"]


def test_what_was_removed_can_be_put_back(client, organisation, staff):
    row = kept(organisation, staff)
    client.force_login(staff)
    address = reverse("communities:organisation-paper-set", args=[organisation.pk, row.pk])
    client.post(address)
    assert kept_papers(organisation.pk) == []
    assert "復原" in client.get(reverse("communities:organisation-papers", args=[organisation.pk])).content.decode()
    client.post(address, {"keep": "yes"})
    assert [paper.pk for paper in kept_papers(organisation.pk)] == [row.pk]


def test_a_paper_whose_time_is_over_is_not_offered(organisation, staff):
    kept(organisation, staff, valid_until=clock.today())
    assert len(kept_papers(organisation.pk)) == 1
    KeptPaper.objects.update(valid_until=clock.today() - dt.timedelta(days=1))
    assert kept_papers(organisation.pk) == []


def test_who_may_read_it(client, organisation, staff):
    row = kept(organisation, staff)
    address = reverse("communities:organisation-paper", args=[organisation.pk, row.pk])
    for user, status in (
        (staff, 200),
        (person(Role.CASE_OFFICER), 200),
        (member_of(OrganisationFactory()), 404),
        (person(Role.TOWNSHIP_OFFICER, township_code=QISHAN), 403),
    ):
        client.force_login(user)
        assert client.get(address).status_code == status, user


def test_a_case_takes_it_over_with_one_press_and_keeps_that_very_file(client, organisation, staff):
    row = kept(organisation, staff)
    case = ready_case(organisation, staff)
    case.documents.filter(kind=KIND).delete()
    client.force_login(staff)
    page = f"/applications/{case.number}/edit/documents/"
    address = f"/applications/{case.number}/documents/kept/{row.pk}/"
    assert f'formaction="{address}"' in client.get(page).content.decode()
    client.post(address)
    taken = case.documents.get(kind=KIND)
    assert taken.file_id == row.file_id
    # Offered no more, and pressed twice it is there once.
    assert f'formaction="{address}"' not in client.get(page).content.decode()
    client.post(address)
    assert case.documents.filter(kind=KIND).count() == 1
    newer = kept(organisation, staff, "換發.pdf", 2)
    assert case.documents.get(kind=KIND).file_id == row.file_id != newer.file_id


def test_a_paper_that_no_clause_asks_for_comes_among_the_others(organisation, staff):
    row = papers.add(Actor(staff), organisation, "charter", check(upload("章程.pdf")))
    case = ready_case(organisation, staff)
    document = documents.reuse_paper(staff, case, row)
    assert (document.kind, document.note, document.file_id) == ("other", "章程", row.file_id)


def test_another_associations_paper_is_not_found(client, organisation, staff):
    stranger = OrganisationFactory()
    row = kept(stranger, member_of(stranger))
    case = ready_case(organisation, staff)
    client.force_login(staff)
    assert client.post(f"/applications/{case.number}/documents/kept/{row.pk}/").status_code == 404


def test_what_a_case_brought_lies_with_the_association_from_then_on(organisation, staff):
    case = ready_case(organisation, staff)
    document = documents.attach_document(staff, case, KIND, upload("證書.pdf"))
    (row,) = kept_papers(organisation.pk)
    assert (row.kind, row.file_id) == (KIND, document.file_id)
    # A document that only this case has does not.
    documents.attach_document(staff, case, "timetable", upload("課程表.pdf", 3))
    assert len(kept_papers(organisation.pk)) == 1


def test_a_kept_paper_that_was_taken_off_comes_back(client, organisation, staff):
    row = kept(organisation, staff)
    case = ready_case(organisation, staff)
    case.documents.filter(kind=KIND).delete()
    document = documents.reuse_paper(staff, case, row)
    client.force_login(staff)
    client.post(f"/applications/{case.number}/documents/{document.pk}/remove/")
    client.post(f"/applications/{case.number}/documents/{row.file_id}/restore/")
    assert case.documents.get(kind=KIND).file_id == row.file_id
