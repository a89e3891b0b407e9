"""Who somebody is in the portal: the posts and offices."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    MEMBER = "member", _("協會人員")
    TOWNSHIP_OFFICER = "township_officer", _("公所承辦")
    CASE_OFFICER = "case_officer", _("縣府承辦人")
    APPROVER = "approver", _("主管")
    FINANCE_OFFICER = "finance_officer", _("主計出納")
    REVIEWER = "reviewer", _("審查委員")
    AUDITOR = "auditor", _("稽核")
    ADMINISTRATOR = "administrator", _("系統管理員")


def role_choices() -> list[tuple[str, Any]]:
    """Return the choices of a column. Migrations name this function, so that another post changes no table."""
    return Role.choices


class Office(models.TextChoices):
    """An office of an association. It is defined here, below the communities, because permissions depend on it."""

    CHAIRPERSON = "chairperson", _("理事長")
    EXECUTIVE_SECRETARY = "executive_secretary", _("總幹事")
    ACCOUNTANT = "accountant", _("會計")
    STAFF = "staff", _("承辦人")


class ChangeKind(models.TextChoices):
    """Changes of an account that take effect only after another person, or the owner of the new address, has confirmed
    them.
    """

    ADDRESS = "address", _("變更電子信箱")
    SECOND_FACTOR = "second_factor", _("清除兩步驟驗證")
    POST = "post", _("給予職務")
    INVITATION = "invitation", _("邀請")
    OWN_ADDRESS = "own_address", _("變更自己的電子信箱")
    DEPUTY = "deputy", _("職務代理")


class EntryPurpose(models.TextChoices):
    """What a printed code is for."""

    FIRST = "first", _("開通帳號")
    RECOVERY = "recovery", _("重設密碼")
