from django.urls import path

from . import change_views, channel_views, deputy_views, entry_views, health, held, inbox, line_views, views

urlpatterns = [
    path("favicon.ico", views.favicon, name="favicon"),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("accounts/me/", views.me, name="me"),
    path("accounts/me/channels/", channel_views.show, name="channels"),
    path("accounts/me/channels/<slug:act>/", channel_views.act, name="channels-act"),
    path("line/webhook/", line_views.webhook, name="line-webhook"),
    path("accounts/email/", views.email, name="me-email"),
    path("accounts/uploads/", held.hold, name="upload-hold"),
    path("accounts/address/<str:token>/", change_views.own_address, name="own-address"),
    path("accounts/changes/", change_views.waiting, name="changes"),
    path("accounts/changes/<int:pk>/confirm/", change_views.confirm, name="change-confirm"),
    path("accounts/changes/<int:pk>/refuse/", change_views.refuse, name="change-refuse"),
    path("accounts/changes/<int:pk>/withdraw/", change_views.withdraw, name="change-withdraw"),
    path("accounts/acting/", views.act_as, name="act-as"),
    path("accounts/deputies/", deputy_views.arranging, name="deputies"),
    path("accounts/deputies/<int:pk>/end/", deputy_views.end, name="deputy-end"),
    path("accounts/start/", entry_views.start, name="entry"),
    path("accounts/start/password/", entry_views.password, name="entry-password"),
    path("accounts/start/<str:token>/", entry_views.link, name="entry-link"),
    path("accounts/rescued/", views.rescued, name="rescued"),
    path("notices/", inbox.inbox, name="notices"),
    path("notices/read/", inbox.read_all, name="notices-read-all"),
    path("n/<int:pk>/", inbox.go, name="notice-go"),
    path("notices/<int:pk>/read/", inbox.read, name="notice-read"),
]
