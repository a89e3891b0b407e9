from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from grants.models import Application, PaperPart
from grants.services.applications import paper_batches
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.files.models import StoredFile
from miaoli_kaohsiung.lib import clock
from tests.files import samples
from tests.grants.filing import filed_case, ready_case

from . import Route, World
from .communities import kept_paper


def draft(world: World) -> dict:
    return {"number": ready_case(world.organisation, world[Role.MEMBER]).number}


def a_filed_case(world: World) -> Application:
    return filed_case(world.organisation, world[Role.MEMBER])


def filed(world: World) -> dict:
    return {"number": a_filed_case(world).number}


def evaluated(world: World) -> dict:
    case = a_filed_case(world)
    return {"number": case.number, "pk": case.evaluations.get().pk}


def awaiting(world: World) -> dict:
    case = ready_case(world.organisation, world[Role.MEMBER])
    Application.objects.filter(pk=case.pk).update(status="awaiting_chair")
    return {"number": case.number}


def in_correction(world: World) -> dict:
    case = a_filed_case(world)
    case.corrections.create(
        version=case.versions.get(),
        items="請補章",
        due_on=clock.today(),
        requested_by=world[Role.CASE_OFFICER],
        requested_on=clock.today(),
    )
    Application.objects.filter(pk=case.pk).update(status="correction_requested")
    return {"number": case.number}


def filed_document(world: World) -> dict:
    case = filed_case(world.organisation, world[Role.MEMBER], bytes_too=True)
    return {"number": case.number, "document_id": case.documents.first().pk}


def a_page(world: World) -> dict:
    case = filed_case(world.organisation, world[Role.MEMBER])
    document = case.documents.select_related("file").first()
    default_storage.save(document.file.path, ContentFile(samples.pdf()))
    StoredFile.objects.filter(pk=document.file_id).update(pages=1)
    return {"number": case.number, "document_id": document.pk, "page": 1}


def draft_document(world: World) -> dict:
    case = ready_case(world.organisation, world[Role.MEMBER])
    return {"number": case.number, "document_id": case.documents.first().pk}


def draft_file(world: World) -> dict:
    case = ready_case(world.organisation, world[Role.MEMBER])
    return {"number": case.number, "file_id": case.documents.first().file_id}


def a_kept_paper(world: World) -> dict:
    case = ready_case(world.organisation, world[Role.MEMBER])
    return {"number": case.number, "paper_id": kept_paper(world)["paper_id"]}


# A reviewer sees the cases that are assigned, and no others.
UNASSIGNED = {Role.REVIEWER: 404}


def a_batch(world: World) -> dict:
    upload = SimpleUploadedFile("scan.png", samples.picture("PNG"), content_type="image/png")
    return {"pk": paper_batches.take_in(world[Role.TOWNSHIP_OFFICER], upload).pk}


def a_part(world: World) -> dict:
    made = a_batch(world)
    return made | {"part_id": PaperPart.objects.get(batch=made["pk"]).pk}


# Everybody sees their own batches only.
OF_SOMEBODY_ELSE = {Role.CASE_OFFICER: 404}

ROUTES = {
    "grants:paper_batches": Route(),
    "grants:paper_batch": Route(a_batch, refused=OF_SOMEBODY_ELSE),
    "grants:paper_batch_scans": Route(a_batch, refused=OF_SOMEBODY_ELSE),
    "grants:paper_batch_place": Route(a_part, refused=OF_SOMEBODY_ELSE),
    # Only for a clerk at the counter (tests/grants/test_counter.py).
    "grants:chair_sheet": Route(draft, refused={Role.MEMBER: 403}),
    "grants:application_sign": Route(draft, post_refused={Role.MEMBER: 403}),
    "grants:chair_code_send": Route(draft, post_refused={Role.MEMBER: 403}),
    "grants:chair_code_letter": Route(draft, post_refused={Role.MEMBER: 403}),
    "grants:chair_code": Route(draft, post_refused={Role.MEMBER: 403}),
    "grants:application_list": Route(),
    # A post that names no organisation of one's own.
    "grants:application_new": Route(post_refused={Role.MEMBER: 404}),
    "grants:application_detail": Route(filed, refused=UNASSIGNED),
    "grants:application_paper": Route(filed, refused=UNASSIGNED),
    "grants:application_document": Route(filed_document, refused=UNASSIGNED),
    "grants:application_document_page": Route(a_page, refused=UNASSIGNED),
    "grants:evaluations": Route(filed),
    "grants:evaluation": Route(evaluated),
    "grants:application_edit": Route(draft),
    "grants:application_organisation": Route(draft),
    "grants:application_project": Route(draft),
    "grants:application_documents": Route(draft),
    "grants:application_review": Route(draft),
    "grants:application_budget": Route(draft),
    "grants:application_budget_check": Route(draft, leads_on=True),
    "grants:application_budget_import": Route(draft),
    "grants:application_budget_file": Route(lambda world: draft(world) | {"what": "template", "extension": "ods"}),
    "grants:application_file": Route(draft),
    "grants:application_hand": Route(draft),
    "grants:application_return": Route(awaiting),
    "grants:application_corrections": Route(in_correction, leads_on=True),
    "grants:application_take_back": Route(awaiting),
    "grants:application_discard": Route(draft),
    "grants:application_withdraw": Route(filed),
    "grants:application_document_remove": Route(draft_document),
    # Nothing was taken off in this session: refused in words.
    "grants:application_document_reuse": Route(a_kept_paper),
    "grants:application_document_restore": Route(draft_file, post_refused={Role.MEMBER: 403}),
}
