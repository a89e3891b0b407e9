from django.contrib import admin

from miaoli_kaohsiung.accounts.admin_site import WindowAdmin

from .models import Organisation, Township


@admin.register(Organisation)
class OrganisationAdmin(WindowAdmin):
    list_display = ["name", "kind", "county", "status", "current_tier", "profile_updated_on"]
    list_filter = ["county", "kind", "status", "current_tier"]
    search_fields = ["name", "tax_id"]
    exclude = ["search", "bank_account"]


@admin.register(Township)
class TownshipAdmin(WindowAdmin):
    list_display = ["code", "county", "postal_code"]
    list_filter = ["county"]
    search_fields = ["names__name"]
