from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group

from .admin_site import WindowAdmin
from .models import Invitation, Post, User

# Permissions follow from posts, so groups would be a second way; changing the other three here would bypass the trail.
admin.site.unregister([Group, EmailAddress, Authenticator, UserSession])


@admin.register(User)
class UserAdmin(WindowAdmin):
    list_display = ["username", "display_name", "email", "is_active", "last_login"]
    list_filter = ["is_active"]
    search_fields = ["username", "display_name", "email"]
    fields = ["username", "display_name", "email", "is_active", "last_login", "date_joined"]


@admin.register(Post)
class PostAdmin(WindowAdmin):
    list_display = ["user", "role", "county", "place_name", "office", "valid_from", "valid_to"]
    list_filter = ["role", "county"]
    list_select_related = ["user"]
    search_fields = ["user__display_name", "user__username", "place_name"]


@admin.register(Invitation)
class InvitationAdmin(WindowAdmin):
    list_display = ["email", "display_name", "role", "county", "created_at", "expires_on", "used_at"]
    list_filter = ["role", "county"]
    exclude = ["token_sha256"]
