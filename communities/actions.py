"""The trail's words for actions in the registry."""

from django.utils.translation import gettext_lazy as _

from miaoli_kaohsiung.audit.actions import register

CREATE = register("organisation.create", _("登錄單位"))
UPDATE = register("organisation.update", _("修改單位資料"))
UPDATE_CONTACT = register("organisation.update_contact", _("更新聯絡資料"))
SET_SEAL = register("organisation.set_seal", _("登錄圖記"))
RECORD_TERM = register("term.record", _("登錄任期"))
END_TERM = register("term.end", _("結束任期"))
MERGE = register("organisation.merged", _("併入另一筆登記"))
TAKE_IN = register("organisation.take_in", _("併入重複的登記"))
EXTEND_TERM = register("term.extend", _("登錄延任"))
LINK_TERM = register("term.link", _("任期接上帳號"))
OPEN_COUNTER = register("counter.open", _("開始櫃檯代辦"))
CLOSE_COUNTER = register("counter.close", _("結束櫃檯代辦"))
PROPOSE_TIER = register("tier.propose", _("提報分級"))
CONFIRM_TIER = register("tier.confirm", _("確認分級"))
REFUSE_TIER = register("tier.refuse", _("不同意分級"))
ASK_FOR_ACCOUNT = register("account_request.receive", _("收到帳號申請"))
ANSWER_REQUEST = register("account_request.invite", _("依申請開立帳號"))
REFUSE_REQUEST = register("account_request.refuse", _("不開立帳號"))
FORGET_REQUEST = register("account_request.forget", _("刪除帳號申請的個人資料"))
KEEP_PAPER = register("organisation.keep_paper", _("留存單位的文件"))
REPLACE_PAPER = register("organisation.replace_paper", _("停用單位的文件"))
REVIVE_PAPER = register("organisation.revive_paper", _("復原單位的文件"))
IMPORT = register("registry_import.confirm", _("匯入單位名單"))
DISCARD_IMPORT = register("registry_import.discard", _("不匯入單位名單"))
IMPORT_NEW = register("organisation.import_new", _("依名單登錄單位"))
IMPORT_CHANGE = register("organisation.import_change", _("依名單修改單位資料"))
