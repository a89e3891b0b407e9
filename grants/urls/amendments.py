from django.urls import path

from grants.views.amendments import page, papers

urlpatterns = [
    path("awards/<slug:number>/amendments/new/", page.amendment_new, name="amendment_new"),
    path("awards/<slug:number>/give-up/", page.give_up, name="award_give_up"),
    path("amendments/<int:pk>/", page.amendment, name="amendment"),
    path("amendments/<int:pk>/signed/", page.signed, name="amendment_signed"),
    path("amendments/<int:pk>/papers/", papers.paper_add, name="amendment_paper_add"),
    path("amendments/<int:pk>/papers/<int:paper_id>/", papers.paper, name="amendment_paper"),
    path("amendments/<int:pk>/papers/<int:paper_id>/remove/", papers.paper_remove, name="amendment_paper_remove"),
    path("amendments/<int:pk>/papers/<int:paper_id>/pages/<int:page>/", papers.paper_page, name="amendment_paper_page"),
    path("amendments/<int:pk>/confirm/", page.confirm, name="amendment_confirm"),
    path("amendments/<int:pk>/withdraw/", page.withdraw, name="amendment_withdraw"),
    path("amendments/<int:pk>/check/", page.check, name="amendment_check"),
    path("amendments/<int:pk>/decide/", page.decide, name="amendment_decide"),
    path("amendments/<int:pk>/send-back/", page.send_back, name="amendment_send_back"),
]
