from django.urls import path

from grants.views.applications import (
    budget,
    budget_import,
    chair_codes,
    corrections,
    documents,
    editing,
    filing,
    lists,
    paper_batches,
    starting,
)
from grants.views.applications import cases as views
from grants.views.law import evaluations

urlpatterns = [
    path("applications/", lists.application_list, name="application_list"),
    path("applications/new/", starting.application_new, name="application_new"),
    path("papers/", paper_batches.batches, name="paper_batches"),
    path("papers/<int:pk>/", paper_batches.batch, name="paper_batch"),
    path("papers/<int:pk>/scans/", paper_batches.scans, name="paper_batch_scans"),
    path("papers/<int:pk>/<int:part_id>/place/", paper_batches.place, name="paper_batch_place"),
    path("applications/<slug:number>/", views.application_detail, name="application_detail"),
    path("applications/<slug:number>/paper.pdf", views.application_paper, name="application_paper"),
    path("applications/<slug:number>/evaluations/", evaluations.evaluation_list, name="evaluations"),
    path("applications/<slug:number>/evaluations/<int:pk>/", evaluations.evaluation_page, name="evaluation"),
    path("applications/<slug:number>/edit/", editing.edit, name="application_edit"),
    *(
        path(f"applications/<slug:number>/edit/{step}/", page, name=f"application_{step}")
        for step, page in editing.PLAIN_PAGES.items()
    ),
    path("applications/<slug:number>/edit/project/", editing.edit_project, name="application_project"),
    path("applications/<slug:number>/edit/documents/", documents.edit_documents, name="application_documents"),
    path("applications/<slug:number>/edit/review/", filing.edit_review, name="application_review"),
    path("applications/<slug:number>/budget/", budget.budget, name="application_budget"),
    path(
        "applications/<slug:number>/budget/import/", budget_import.budget_import_page, name="application_budget_import"
    ),
    path(
        "applications/<slug:number>/budget/<slug:what>.<slug:extension>",
        budget_import.budget_file,
        name="application_budget_file",
    ),
    path("applications/<slug:number>/budget/check/", budget.budget_check, name="application_budget_check"),
    path("applications/<slug:number>/file/", filing.application_file, name="application_file"),
    path("applications/<slug:number>/hand-to-chair/", filing.application_hand, name="application_hand"),
    path("applications/<slug:number>/chair-sheet.pdf", filing.chair_sheet, name="chair_sheet"),
    path("applications/<slug:number>/sign/", filing.application_sign, name="application_sign"),
    path("applications/<slug:number>/chair-code/send/", chair_codes.send, name="chair_code_send"),
    path("applications/<slug:number>/chair-code/letter.pdf", chair_codes.letter, name="chair_code_letter"),
    path("applications/<slug:number>/chair-code/", chair_codes.confirm, name="chair_code"),
    path("applications/<slug:number>/return-to-staff/", filing.application_return, name="application_return"),
    path("applications/<slug:number>/corrections/", corrections.answers, name="application_corrections"),
    path("applications/<slug:number>/take-back/", filing.application_take_back, name="application_take_back"),
    path("applications/<slug:number>/discard/", filing.application_discard, name="application_discard"),
    path("applications/<slug:number>/withdraw/", filing.application_withdraw, name="application_withdraw"),
    path(
        "applications/<slug:number>/documents/<int:document_id>/",
        views.application_document,
        name="application_document",
    ),
    path(
        "applications/<slug:number>/documents/<int:document_id>/pages/<int:page>/",
        views.application_document_page,
        name="application_document_page",
    ),
    path(
        "applications/<slug:number>/documents/<int:document_id>/remove/",
        documents.document_remove,
        name="application_document_remove",
    ),
    path(
        "applications/<slug:number>/documents/<uuid:file_id>/restore/",
        documents.document_restore,
        name="application_document_restore",
    ),
    path(
        "applications/<slug:number>/documents/kept/<int:paper_id>/",
        documents.document_reuse,
        name="application_document_reuse",
    ),
]
