from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    """Django's administration behind the portal's own posts. Not in apps.py: one module, one default configuration."""

    default_site = "miaoli_kaohsiung.accounts.admin_site.PortalAdminSite"
