from django.urls import path, re_path

from grants.views import open_data

urlpatterns = [
    path("open-data/", open_data.datasets, name="open_data"),
    path("open-data/catalog.jsonld", open_data.catalogue_file, name="open_data_catalogue"),
    path("open-data/awards-360giving.json", open_data.giving_file, name="open_data_giving"),
    path("open-data/forms/<slug:slug>.pdf", open_data.sample_form, name="sample_form"),
    path("registry/<int:pk>/registration/", open_data.registration_papers, name="registration_papers"),
    re_path(
        r"^registry/(?P<pk>[0-9]+)/registration/(?P<slug>[a-z-]{1,30})\.(?P<extension>odt|pdf)$",
        open_data.registration_paper,
        name="registration_paper",
    ),
    re_path(
        r"^open-data/(?P<slug>[a-z-]{1,30})\.(?P<extension>csv|json|ods)$",
        open_data.dataset_file,
        name="open_data_file",
    ),
]
