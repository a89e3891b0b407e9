from django.urls import path, re_path

from grants.views.payments import returns
from grants.views.settlements import (
    papers,
    payees,
    record_corrections,
    reversing,
    rosters,
    sampling,
    voucher_checks,
    voucher_sending,
    vouchers,
)
from grants.views.settlements import steps as views

urlpatterns = [
    path("sampling/", sampling.sampling_of_counties, name="sampling_of_counties"),
    path("sampling/<slug:county>/", sampling.sampling, name="sampling"),
    path(
        "settlements/<slug:number>/vouchers/at-once/",
        sampling.settlement_vouchers_at_once,
        name="settlement_vouchers_at_once",
    ),
    path("payees/", payees.payee_list, name="payees"),
    path("settlements/<slug:number>/", views.settlement_detail, name="settlement_detail"),
    path("settlements/<slug:number>/complete/", views.settlement_complete, name="settlement_complete"),
    path(
        "settlements/<slug:number>/completion/correct/",
        record_corrections.completion_correct,
        name="completion_correct",
    ),
    path(
        "settlements/<slug:number>/completion/corrections/<int:pk>/withdraw/",
        record_corrections.completion_correct_withdraw,
        name="completion_correct_withdraw",
    ),
    re_path(
        r"^settlements/(?P<number>[-\w]+)/completion/corrections/(?P<pk>\d{1,12})/(?P<name>confirm|refuse)/$",
        record_corrections.completion_correct_decide,
        name="completion_correct_decide",
    ),
    path("settlements/<slug:number>/start/", views.settlement_start, name="settlement_start"),
    path("settlements/<slug:number>/report/", views.settlement_report, name="settlement_report"),
    path("settlements/<slug:number>/papers/<int:paper_id>/", views.settlement_paper, name="settlement_paper"),
    path(
        "settlements/<slug:number>/papers/<int:paper_id>/remove/",
        papers.settlement_paper_remove,
        name="settlement_paper_remove",
    ),
    path(
        "settlements/<slug:number>/papers/<uuid:file_id>/restore/",
        papers.settlement_paper_restore,
        name="settlement_paper_restore",
    ),
    path("settlements/<slug:number>/papers/<slug:kind>/add/", papers.settlement_paper_add, name="settlement_paper_add"),
    path("settlements/<slug:number>/vouchers/", vouchers.settlement_vouchers, name="settlement_vouchers"),
    path("settlements/<slug:number>/vouchers/new/", vouchers.settlement_voucher_photo, name="settlement_voucher_photo"),
    path(
        "settlements/<slug:number>/vouchers/send/",
        voucher_sending.settlement_voucher_send,
        name="settlement_voucher_send",
    ),
    path("settlements/worker.js", voucher_sending.voucher_worker, name="voucher_worker"),
    path("settlements/<slug:number>/vouchers/add/", vouchers.settlement_voucher_add, name="settlement_voucher_add"),
    path(
        "settlements/<slug:number>/vouchers/print/<slug:name>/",
        vouchers.settlement_voucher_paper,
        name="settlement_voucher_paper",
    ),
    path(
        "settlements/<slug:number>/rosters/<int:line>/add/",
        rosters.settlement_roster_add,
        name="settlement_roster_add",
    ),
    path(
        "settlements/<slug:number>/rosters/<int:line>/send/",
        voucher_sending.settlement_roster_send,
        name="settlement_roster_send",
    ),
    path(
        "settlements/<slug:number>/vouchers/<int:pk>/roster/",
        rosters.settlement_roster_change,
        name="settlement_roster_change",
    ),
    path(
        "settlements/<slug:number>/vouchers/<int:pk>/roster/paper/",
        rosters.settlement_roster_paper,
        name="settlement_roster_paper",
    ),
    path("settlements/<slug:number>/vouchers/<int:pk>/", vouchers.settlement_voucher, name="settlement_voucher"),
    path(
        "settlements/<slug:number>/vouchers/<int:pk>/change/",
        vouchers.settlement_voucher_change,
        name="settlement_voucher_change",
    ),
    path(
        "settlements/<slug:number>/vouchers/<int:pk>/remove/",
        vouchers.settlement_voucher_remove,
        name="settlement_voucher_remove",
    ),
    path(
        "settlements/<slug:number>/vouchers/<int:pk>/photo/",
        vouchers.settlement_voucher_file,
        name="settlement_voucher_file",
    ),
    path(
        "settlements/<slug:number>/vouchers/<int:pk>/straight/",
        vouchers.settlement_voucher_straight,
        name="settlement_voucher_straight",
    ),
    path(
        "settlements/<slug:number>/vouchers/<int:pk>/check/",
        voucher_checks.settlement_voucher_check,
        name="settlement_voucher_check",
    ),
    path("settlements/<slug:number>/sums/", views.settlement_sums, name="settlement_sums"),
    path("settlements/<slug:number>/content/", views.settlement_content, name="settlement_content"),
    path("settlements/<slug:number>/accept/", views.settlement_accept, name="settlement_accept"),
    path("settlements/<slug:number>/reverse/", reversing.settlement_reverse, name="settlement_reverse"),
    path("settlements/<slug:number>/correction/", views.settlement_correction, name="settlement_correction"),
    path("settlements/<slug:number>/money-back/", returns.settlement_money_back, name="settlement_money_back"),
    path("settlements/<slug:number>/return-proof/", returns.settlement_return_proof, name="settlement_return_proof"),
    path(
        "settlements/<slug:number>/return-proof/<int:proof_id>/",
        returns.settlement_return_file,
        name="settlement_return_file",
    ),
]
