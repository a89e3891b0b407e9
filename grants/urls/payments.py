from django.urls import path

from grants.views.payments import instalments as views
from grants.views.payments import ledger, lists

urlpatterns = [
    path("payments/", lists.payment_list, name="payment_list"),
    path("awards/<slug:number>/ledger/", ledger.award_ledger, name="award_ledger"),
    path("awards/<slug:number>/ledger/<int:pk>/", ledger.entry_correct, name="entry_correct"),
    path("awards/<slug:number>/regained/", ledger.award_regained, name="award_regained"),
    path("awards/<slug:number>/instalments/<int:n>/overpaid/", ledger.instalment_overpaid, name="instalment_overpaid"),
    path("awards/<slug:number>/receipt/<int:n>.pdf", views.receipt_pdf, name="receipt_pdf"),
    path("awards/<slug:number>/receipt/<int:n>/", views.receipt_file, name="receipt_file"),
    path("awards/<slug:number>/instalments/<int:n>/request/", views.instalment_request, name="instalment_request"),
    path("awards/<slug:number>/instalments/<int:n>/return/", views.instalment_return, name="instalment_return"),
    path("awards/<slug:number>/instalments/<int:n>/approve/", views.instalment_approve, name="instalment_approve"),
    path("awards/<slug:number>/passbook/<int:n>/", views.passbook_file, name="passbook_file"),
    path("awards/<slug:number>/instalments/<int:n>/withdraw/", views.instalment_withdraw, name="instalment_withdraw"),
    path("awards/<slug:number>/instalments/<int:n>/pay/", views.instalment_pay, name="instalment_pay"),
]
