from django.urls import path

from grants.views.letters import book, printing, register, words, writing

urlpatterns = [
    path("letters/", register.letter_list, name="letter_list"),
    path("letters/print/", printing.print_runs_made, name="print_runs"),
    path("letters/print/<int:pk>/", printing.print_run, name="print_run"),
    path("letters/print/<int:pk>.pdf", printing.print_run_pdf, name="print_run_pdf"),
    path("letters/print/<int:pk>/labels.pdf", printing.print_run_labels, name="print_run_labels"),
    path("letters/print/<int:pk>/postal.pdf", printing.print_run_postal, name="print_run_postal"),
    path("letters/print/<int:pk>/exchange.zip", printing.print_run_exchange, name="print_run_exchange"),
    path("letters/<int:pk>.di", printing.letter_exchange, name="letter_exchange"),
    path("letters/<int:pk>.odt", printing.letter_text, name="letter_text"),
    path("counties/<slug:slug>/letterhead.pdf", register.letterhead, name="letterhead"),
    path("applications/<slug:number>/letter/", writing.case_letter, name="case_letter"),
    path("applications/<slug:number>/letter/<slug:kind>/", writing.case_letter_of, name="case_letter_of"),
    path("applications/<slug:number>/memo.pdf", writing.case_memo, name="case_memo"),
    path("letters/to/<int:pk>/", writing.organisation_letter, name="organisation_letter"),
    path("letters/book/", book.letter_book, name="letter_book"),
    path("letters/words/", words.words_list, name="letter_words"),
    path("letters/words/<slug:county>/<slug:kind>/", words.words_of_kind, name="letter_words_of"),
    path("letters/words/<slug:county>/<slug:kind>/edit/", words.words_edit, name="letter_words_edit"),
    path("letters/words/<slug:county>/<slug:kind>/specimen.pdf", words.words_specimen, name="letter_words_specimen"),
    path("letters/<int:pk>/", register.letter_detail, name="letter_detail"),
    path("letters/<int:pk>.pdf", register.letter_pdf, name="letter_pdf"),
    path("letters/<int:pk>/issue/", register.letter_issue, name="letter_issue"),
    path("letters/<int:pk>/final.pdf", register.letter_final, name="letter_final"),
    path("letters/<int:pk>/cancel/", register.letter_cancel, name="letter_cancel"),
    path("letters/<int:pk>/replace/", register.letter_replace, name="letter_replace"),
]
