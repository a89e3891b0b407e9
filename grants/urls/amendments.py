from django.urls import path

from grants.views import amendments

urlpatterns = [
    path("awards/<slug:number>/amendments/new/", amendments.amendment_new, name="amendment_new"),
    path("awards/<slug:number>/give-up/", amendments.give_up, name="award_give_up"),
    path("amendments/<int:pk>/", amendments.amendment, name="amendment"),
    path("amendments/<int:pk>/signed/", amendments.signed, name="amendment_signed"),
    path("amendments/<int:pk>/confirm/", amendments.confirm, name="amendment_confirm"),
    path("amendments/<int:pk>/withdraw/", amendments.withdraw, name="amendment_withdraw"),
    path("amendments/<int:pk>/check/", amendments.check, name="amendment_check"),
    path("amendments/<int:pk>/decide/", amendments.decide, name="amendment_decide"),
    path("amendments/<int:pk>/send-back/", amendments.send_back, name="amendment_send_back"),
]
