"""A case that is ready to be filed, as people fill it in: shared by the tests of filing, views and compliance."""

from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from communities.models import Organisation
from grants.models import Application, Document
from grants.services.applications import drafts, filing
from grants.services.applications.drafts import BudgetChange
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.files.models import StoredFile
from miaoli_kaohsiung.lib import clock
from tests.factories.communities import member_of
from tests.factories.grants import ApplicationFactory

COURSE_PAPERS = ("application_form", "registration_certificate")
ANSWERS = {"activity": "regular", "course": False, "land_use": False, "groups": ["growth"]}


def stored_file(user: User, name: str = "掃描.pdf") -> StoredFile:
    """A row of a stored file, without bytes."""
    path = f"private/test/{name}-{StoredFile.objects.count()}"
    return StoredFile.objects.create(
        name=name,
        content_type="application/pdf",
        size=1234,
        sha256=f"{StoredFile.objects.count():064}",
        path=path,
        uploaded_by=user,
        uploaded_at=clock.now(),
    )


def ready_case(organisation: Organisation, staff: User | None = None, **fields) -> Application:
    """A draft with everything that filing asks for: one printing line of NT$10,000 and the two papers of 陸二."""
    staff = staff or member_of(organisation)
    project = {
        "contact_name": "王示範",
        "contact_phone": "07-6610000",
        "goal": "讓長輩走出家門",
        "content": "每週一次團體課程，講義由志工編寫",
        "beneficiaries": "社區長輩三十位",
        "answers": ANSWERS,
    }
    case = ApplicationFactory(organisation=organisation, created_by=staff, **project | fields)
    drafts.index(case)
    add_line(staff, case, "printing", requested=10_000, description="講義印製")
    for kind in COURSE_PAPERS:
        Document.objects.create(
            application=case, kind=kind, file=stored_file(staff), added_by=staff, added_on=clock.today()
        )
    case.refresh_from_db()
    return case


def filed_case(organisation: Organisation, chair: User, *, bytes_too: bool = False, **fields) -> Application:
    """A case that the chairperson filed; `bytes_too` puts something at the path of each document."""
    case = ready_case(organisation, chair, **fields)
    for document in case.documents.select_related("file") if bytes_too else ():
        default_storage.save(document.file.path, ContentFile(b"%PDF-1.7"))
    filing.file(chair, case, uuid4(), edition=case.edition)
    case.refresh_from_db()
    return case


def file(user: User, case: Application, token: UUID | None = None):
    case.refresh_from_db()
    return filing.file(user, case, token or uuid4(), edition=case.edition)


def add_line(staff: User, case: Application, item: str, **values):
    """A line with its values, as the budget page saves them."""
    case.refresh_from_db()
    drafts.save_budget(staff, case, BudgetChange(command="add", argument=item), edition=case.edition)
    case.refresh_from_db()
    line = case.lines.last()
    drafts.save_budget(staff, case, BudgetChange({line.pk: values}), edition=case.edition)
    case.refresh_from_db()
    line.refresh_from_db()
    return line
