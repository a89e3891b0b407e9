from django.urls import path

from grants.views.letters import register as views
from grants.views.letters import words

urlpatterns = [
    path("letters/", views.letter_list, name="letter_list"),
    path("letters/print/", views.letter_print, name="letter_print"),
    path("letters/print/<int:pk>/", views.print_run, name="print_run"),
    path("letters/print/<int:pk>.pdf", views.print_run_pdf, name="print_run_pdf"),
    path("counties/<slug:slug>/letterhead.pdf", views.letterhead, name="letterhead"),
    path("letters/words/", words.words_list, name="letter_words"),
    path("letters/words/<slug:county>/<slug:kind>/", words.words_of_kind, name="letter_words_of"),
    path("letters/words/<slug:county>/<slug:kind>/edit/", words.words_edit, name="letter_words_edit"),
    path("letters/words/<slug:county>/<slug:kind>/specimen.pdf", words.words_specimen, name="letter_words_specimen"),
    path("letters/<int:pk>/", views.letter_detail, name="letter_detail"),
    path("letters/<int:pk>.pdf", views.letter_pdf, name="letter_pdf"),
    path("letters/<int:pk>/issue/", views.letter_issue, name="letter_issue"),
    path("letters/<int:pk>/final.pdf", views.letter_final, name="letter_final"),
    path("letters/<int:pk>/cancel/", views.letter_cancel, name="letter_cancel"),
    path("letters/<int:pk>/replace/", views.letter_replace, name="letter_replace"),
]
