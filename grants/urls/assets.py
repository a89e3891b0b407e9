from django.urls import path

from grants.views.assets import keep, property_list, register, register_pdf, write_off

urlpatterns = [
    path("property/", property_list, name="property_list"),
    path("registry/<int:pk>/property/", register, name="property"),
    path("registry/<int:pk>/property/register.pdf", register_pdf, name="property_pdf"),
    path("registry/<int:pk>/property/<int:item>/keep/", keep, name="property_keep"),
    path("registry/<int:pk>/property/<int:item>/write-off/", write_off, name="property_write_off"),
]
