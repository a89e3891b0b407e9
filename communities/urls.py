from django.urls import path

from .views import account_requests, directory, papers, people, registry, terms, tiers

app_name = "communities"

urlpatterns = [
    path("communities/", directory.directory, name="directory"),
    path("communities/<int:pk>/", directory.community, name="community"),
    path("registry/", registry.registry, name="registry"),
    path("registry/new/", registry.create, name="organisation-new"),
    path("registry/mine/", registry.mine, name="mine"),
    path("registry/tiers/", tiers.proposals, name="tier-proposals"),
    path("registry/tiers/<int:pk>/", tiers.decide, name="tier-decide"),
    path("registry/<int:pk>/", registry.organisation, name="organisation"),
    path("registry/<int:pk>/edit/", registry.edit, name="organisation-edit"),
    path("registry/<int:pk>/seal/", registry.seal, name="organisation-seal"),
    path("registry/<int:pk>/seal/new/", registry.set_seal, name="organisation-seal-new"),
    path("registry/<int:pk>/papers/", papers.papers, name="organisation-papers"),
    path("registry/<int:pk>/papers/<int:paper_id>/", papers.paper, name="organisation-paper"),
    path("registry/<int:pk>/papers/<int:paper_id>/set/", papers.paper_set, name="organisation-paper-set"),
    path("registry/<int:pk>/contact/", registry.contact, name="organisation-contact"),
    path("registry/<int:pk>/tiers/new/", tiers.propose, name="tier-propose"),
    path("registry/<int:pk>/terms/new/", terms.record, name="term-new"),
    path("registry/<int:pk>/terms/<int:term>/end/", terms.end, name="term-end"),
    path("registry/<int:pk>/terms/<int:term>/extend/", terms.extend, name="term-extend"),
    path("registry/<int:pk>/terms/<int:term>/invite/", terms.invite, name="term-invite"),
    path("accounts/request/", account_requests.ask, name="account-request"),
    path("accounts/request/sent/", account_requests.sent, name="account-request-sent"),
    path("registry/requests/", account_requests.waiting, name="account-requests"),
    path("registry/requests/<int:pk>/", account_requests.answer, name="account-request-answer"),
    path("registry/requests/<int:pk>/refuse/", account_requests.refuse, name="account-request-refuse"),
    path("accounts/people/", people.people_list, name="people"),
    path("accounts/people/<int:pk>/", people.person, name="person"),
    path("accounts/people/<int:pk>/save/", people.save_person, name="person-save"),
    path("accounts/people/<int:pk>/active/", people.set_active, name="person-active"),
    path("accounts/people/<int:pk>/second-factor/", people.reset_second_factor, name="person-second-factor"),
    path("accounts/people/<int:pk>/unlock/", people.clear_lock, name="person-unlock"),
    path("accounts/people/<int:pk>/posts/", people.give_post, name="post-give"),
    path("accounts/posts/<int:pk>/end/", people.end_post, name="post-end"),
    path("accounts/invitations/", people.invitations, name="invitations"),
    path("accounts/invitations/<int:pk>/withdraw/", people.withdraw, name="invitation-withdraw"),
    path("accounts/invitations/<str:token>/", people.accept, name="invitation-accept"),
]
