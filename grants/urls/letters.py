from django.urls import path

from grants.views import letters as views

urlpatterns = [
    path("letters/", views.letter_list, name="letter_list"),
    path("letters/print/", views.letter_print, name="letter_print"),
    path("letters/print/<int:pk>/", views.print_run, name="print_run"),
    path("letters/print/<int:pk>.pdf", views.print_run_pdf, name="print_run_pdf"),
    path("counties/<slug:slug>/letterhead.pdf", views.letterhead, name="letterhead"),
    path("letters/<int:pk>/", views.letter_detail, name="letter_detail"),
    path("letters/<int:pk>.pdf", views.letter_pdf, name="letter_pdf"),
    path("letters/<int:pk>/issue/", views.letter_issue, name="letter_issue"),
    path("letters/<int:pk>/final.pdf", views.letter_final, name="letter_final"),
    path("letters/<int:pk>/cancel/", views.letter_cancel, name="letter_cancel"),
    path("letters/<int:pk>/replace/", views.letter_replace, name="letter_replace"),
]
