from django.urls import path

from .views import entries, own_marks, panel, results, rounds, sheets, tiers

app_name = "evaluation"

urlpatterns = [
    path("evaluation/", rounds.round_list, name="rounds"),
    path("evaluation/open/", rounds.open_page, name="open"),
    path("evaluation/<int:year>/", rounds.round_page, name="round"),
    path("evaluation/<int:year>/days/", rounds.days, name="days"),
    path("evaluation/<int:year>/grid/", sheets.grid, name="grid"),
    path("evaluation/<int:year>/panel/", panel.panel, name="panel"),
    path("evaluation/<int:year>/close/", rounds.close, name="close"),
    path("evaluation/<int:year>/publish/", rounds.publish, name="publish"),
    path("evaluation/<int:year>/results/", results.results, name="results"),
    path("evaluation/<int:year>/take-in/", results.take_in, name="take-in"),
    path("evaluation/<int:year>/difficulties/", results.difficulty_list, name="difficulty-list"),
    path("evaluation/entries/<int:pk>/", entries.entry, name="entry"),
    path("evaluation/entries/<int:pk>/excuse/", entries.excuse_entry, name="excuse"),
    path("evaluation/entries/<int:pk>/own/", own_marks.own_marks, name="own-marks"),
    path("evaluation/own/<int:pk>/file/", own_marks.own_file, name="own-file"),
    path("evaluation/entries/<int:pk>/moderate/", entries.moderate, name="moderate"),
    path("evaluation/entries/<int:pk>/take-back/", panel.take_sheet_back, name="take-back"),
    path("evaluation/entries/<int:pk>/difficulties/", entries.difficulties, name="difficulties"),
    path("evaluation/<int:year>/certificates.pdf", tiers.certificates, name="certificates"),
    path("evaluation/tiers/<int:pk>/certificate.pdf", tiers.certificate, name="certificate"),
    path("evaluation/tiers/<int:pk>/", tiers.tier, name="tier"),
    path("evaluation/sheets/<int:pk>/", sheets.sheet_page, name="sheet"),
    path("evaluation/sheets/<int:pk>/interest/", sheets.interest, name="interest"),
]
