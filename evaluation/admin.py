from django.contrib import admin

from miaoli_kaohsiung.accounts.admin_site import WindowAdmin

from .models import Round


@admin.register(Round)
class RoundAdmin(WindowAdmin):
    list_display = ["year", "county", "status", "excellent_from", "potential_from", "published_on"]
    list_filter = ["county", "status"]
