"""The trail's words for what happens to accounts and posts."""

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
SIGN_IN = register("account.sign_in", _("登入"))
SIGN_OUT = register("account.sign_out", _("登出"))
SIGN_IN_FAILED = register("account.sign_in_failed", _("登入失敗"))
SIGN_IN_LOCKED = register("account.sign_in_locked", _("登入鎖定"))
CLEAR_LOCK = register("account.clear_lock", _("解除登入鎖定"))
SESSION_ENDED = register("account.session_ended", _("登入逾時"))
END_SESSIONS = register("account.end_sessions", _("登出其他裝置"))
CHANGE_PASSWORD = register("account.change_password", _("變更密碼"))
RESET_PASSWORD = register("account.reset_password", _("用信箱重設密碼"))
ADD_FACTOR = register("account.add_factor", _("啟用兩步驟驗證"))
REMOVE_FACTOR = register("account.remove_factor", _("關閉兩步驟驗證"))
RENEW_CODES = register("account.renew_codes", _("重新產生備用碼"))
PROPOSE_CHANGE = register("change.propose", _("提出人員變更"))
CONFIRM_CHANGE = register("change.confirm", _("確認人員變更"))
REFUSE_CHANGE = register("change.refuse", _("不同意人員變更"))
WITHDRAW_CHANGE = register("change.withdraw", _("收回人員變更"))
END_POST = register("post.end", _("結束職務"))
