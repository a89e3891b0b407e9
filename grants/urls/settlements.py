from django.urls import path

from grants.views import record_corrections, returns
from grants.views import settlement_papers as papers
from grants.views import settlements as views

urlpatterns = [
    path("settlements/<str:number>/", views.settlement_detail, name="settlement_detail"),
    path("settlements/<str:number>/complete/", views.settlement_complete, name="settlement_complete"),
    path(
        "settlements/<str:number>/completion/correct/", record_corrections.completion_correct, name="completion_correct"
    ),
    path(
        "settlements/<str:number>/completion/corrections/<int:pk>/<str:name>/",
        record_corrections.completion_correct_decide,
        name="completion_correct_decide",
    ),
    path("settlements/<str:number>/start/", views.settlement_start, name="settlement_start"),
    path("settlements/<str:number>/report/", views.settlement_report, name="settlement_report"),
    path("settlements/<str:number>/papers/<int:paper_id>/", views.settlement_paper, name="settlement_paper"),
    path(
        "settlements/<str:number>/papers/<int:paper_id>/remove/",
        papers.settlement_paper_remove,
        name="settlement_paper_remove",
    ),
    path(
        "settlements/<str:number>/papers/<uuid:file_id>/restore/",
        papers.settlement_paper_restore,
        name="settlement_paper_restore",
    ),
    path("settlements/<str:number>/papers/<slug:kind>/add/", papers.settlement_paper_add, name="settlement_paper_add"),
    path("settlements/<str:number>/sums/", views.settlement_sums, name="settlement_sums"),
    path("settlements/<str:number>/content/", views.settlement_content, name="settlement_content"),
    path("settlements/<str:number>/accept/", views.settlement_accept, name="settlement_accept"),
    path("settlements/<str:number>/correction/", views.settlement_correction, name="settlement_correction"),
    path("settlements/<str:number>/money-back/", returns.settlement_money_back, name="settlement_money_back"),
    path("settlements/<str:number>/return-proof/", returns.settlement_return_proof, name="settlement_return_proof"),
    path(
        "settlements/<str:number>/return-proof/<int:proof_id>/",
        returns.settlement_return_file,
        name="settlement_return_file",
    ),
]
