"""The words of the trail for what happens to accounts and posts."""

from django.utils.translation import gettext_lazy as _

from miaoli_kaohsiung.audit.actions import register

INVITE = register("account.invite", _("寄出帳號邀請"))
WITHDRAW_INVITATION = register("account.withdraw_invitation", _("收回帳號邀請"))
CREATE = register("account.create", _("建立帳號"))
UPDATE = register("account.update", _("修改帳號資料"))
ACTIVATE = register("account.activate", _("恢復帳號"))
DEACTIVATE = register("account.deactivate", _("停用帳號"))
RESET_FACTOR = register("account.reset_second_factor", _("清除兩步驟驗證"))
GIVE_POST = register("post.give", _("給予職務"))
CHANGE_POST = register("post.change", _("變更職務起迄"))
RETRY_MAIL = register("notice.retry_mail", _("重寄沒有寄達的通知信"))
END_POST = register("post.end", _("結束職務"))
