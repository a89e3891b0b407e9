from django.contrib import admin

from grants.models import Envelope, Programme, Scheme
from miaoli_kaohsiung.accounts.admin_site import WindowAdmin


@admin.register(Scheme)
class SchemeAdmin(WindowAdmin):
    list_display = ["name", "county", "opens_on", "closes_on"]
    list_filter = ["county"]


@admin.register(Programme)
class ProgrammeAdmin(WindowAdmin):
    list_display = ["name", "scheme", "part", "clause"]
    list_filter = ["scheme"]
    list_select_related = ["scheme"]


@admin.register(Envelope)
class EnvelopeAdmin(WindowAdmin):
    list_display = ["scheme", "year", "amount"]
    list_filter = ["scheme", "year"]
    list_select_related = ["scheme"]
