from django.urls import path, re_path

from grants.views.open_data import again, datasets, disclosure, registration

urlpatterns = [
    path("open-data/", datasets.datasets, name="open_data"),
    path("open-data/catalog.jsonld", datasets.catalogue_file, name="open_data_catalogue"),
    path("open-data/awards-360giving.json", datasets.giving_file, name="open_data_giving"),
    path("open-data/engine.zip", again.engine, name="engine"),
    path("open-data/awards/<str:number>/", again.award_again, name="award_again"),
    path("open-data/awards/<str:number>/facts.json", again.award_again_facts, name="award_again_facts"),
    path("open-data/forms/<slug:slug>.pdf", datasets.sample_form, name="sample_form"),
    path("open-data/disclosure/", disclosure.quarter, name="disclosure"),
    re_path(
        r"^open-data/disclosure/(?P<county>[a-z-]{1,12})-(?P<year>[0-9]{1,3})-(?P<quarter>[1-4])\.(?P<extension>csv|ods)$",
        disclosure.quarter_file,
        name="disclosure_file",
    ),
    path("payments/disclosure/", disclosure.year, name="disclosure_year"),
    re_path(
        r"^payments/disclosure/(?P<kind>central|table)-(?P<county>[a-z-]{1,12})-(?P<year>[0-9]{1,3})\.(?P<extension>csv|ods)$",
        disclosure.year_file,
        name="disclosure_year_file",
    ),
    path("registry/<int:pk>/registration/", registration.registration_papers, name="registration_papers"),
    re_path(
        r"^registry/(?P<pk>[0-9]+)/registration/(?P<slug>[a-z-]{1,30})\.(?P<extension>odt|pdf)$",
        registration.registration_paper,
        name="registration_paper",
    ),
    re_path(
        r"^open-data/(?P<slug>[a-z-]{1,30})\.(?P<extension>csv|json|ods)$",
        datasets.dataset_file,
        name="open_data_file",
    ),
]
