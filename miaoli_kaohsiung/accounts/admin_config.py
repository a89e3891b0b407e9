from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    """Django's administration for the portal's own posts. Not in apps.py, because a module has one default
    configuration.
    """

    default_site = "miaoli_kaohsiung.accounts.admin_site.PortalAdminSite"
