from django.urls import path

from grants.views.treasury import batches, imports

urlpatterns = [
    path("payments/batches/", batches.payment_batches, name="payment_batches"),
    path("payments/batches/<int:pk>/", batches.payment_batch, name="payment_batch"),
    path("payments/batches/<int:pk>/send/", batches.payment_batch_send, name="payment_batch_send"),
    path("payments/batches/<int:pk>/recall/", batches.payment_batch_recall, name="payment_batch_recall"),
    path("payments/batches/<int:pk>/discard/", batches.payment_batch_discard, name="payment_batch_discard"),
    path("payments/batches/<int:pk>/rows/<int:position>/", batches.payment_batch_row, name="payment_batch_row"),
    path("payments/batches/<int:pk>/batch.pdf", batches.payment_batch_pdf, name="payment_batch_pdf"),
    path("payments/batches/<int:pk>/table.<slug:extension>", batches.payment_batch_table, name="payment_batch_table"),
    path("payments/batches/<int:pk>/transfer.csv", batches.payment_batch_transfer, name="payment_batch_transfer"),
    path("payments/imports/", imports.payment_imports, name="payment_imports"),
    path("payments/imports/<int:pk>/", imports.payment_import, name="payment_import"),
    path("payments/imports/<int:pk>/discard/", imports.payment_import_discard, name="payment_import_discard"),
]
