"""The ways on below the desk, for posts that look after things instead of working through a queue."""

from functools import lru_cache
from typing import Any

from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from communities.places import TOWNSHIP
from miaoli_kaohsiung.accounts.audiences import (
    CALLERS,
    CASE_HANDLERS,
    CHANGE_CONFIRMERS,
    CHECK_READERS,
    COUNTY_READERS,
    COUNTY_STAFF,
    DATA_KEEPERS,
    DELIVERY_READERS,
    DEPUTY_ARRANGERS,
    Who,
    each,
)
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.accounts.queries import posts_in_view

# For whom, words, what is there, address.
_WAYS: tuple[tuple[Who, Any, Any, str], ...] = (
    (Role.AUDITOR, _("稽核紀錄"), _("誰在什麼時候做了什麼，並檢查紀錄有沒有被改過"), "grants:audit"),
    (Role.AUDITOR, _("每日封存值"), _("和通知、紙本上的值核對"), "grants:audit_seals"),
    (Role.AUDITOR, _("申請案"), _("全縣的案件，只供查閱"), "grants:application_list"),
    (Role.AUDITOR, _("撥款核銷"), _("每一件的領據、撥款和結報"), "grants:payment_list"),
    (Role.AUDITOR, _("公文"), _("已發和待發的函"), "grants:letter_list"),
    (Role.AUDITOR, _("函釋"), _("縣府訂的數字和解讀，以及依據"), "grants:rulings"),
    (
        CASE_HANDLERS,
        _("移交和改派"),
        _("調職、離職或分案時，把案件交給另一位承辦人，印移交清冊"),
        "grants:handover",
    ),
    (
        CHECK_READERS,
        _("審查委員"),
        format_lazy(_("委員審哪些類別和{kinds}、手上各有幾件"), kinds=TOWNSHIP),
        "grants:panels",
    ),
    (Role.APPROVER, _("一次核定多件"), _("在一張表上逐件決定，年度額度跟著往下算"), "grants:sittings"),
    (
        Role.REVIEWER,
        _("審查委員資料"),
        _("用來比對利害關係，和您有關的案件就不會指派給您"),
        "grants:reviewer_details",
    ),
    (CHANGE_CONFIRMERS, _("沒有人能辦的事"), _("職務沒有人擔任，或都要迴避的案件"), "grants:unheld"),
    (DEPUTY_ARRANGERS, _("職務代理人"), _("請假、公差時由誰代理，從哪天到哪天"), "deputies"),
    (COUNTY_STAFF, _("整批作業"), _("一次辦很多件的進度和結果"), "lists:bulk_runs"),
    (COUNTY_STAFF, _("應辦事項"), _("協會和縣府要登錄的紀錄，逾期的也在這裡"), "grants:duties"),
    (COUNTY_STAFF, _("停止申請處分"), _("登錄過的處分、待確認的和還有效的"), "grants:sanctions"),
    (CALLERS, _("電話聯絡清單"), _("要打電話給誰、講哪一件事、什麼時候以前；打完登錄結果"), "grants:calls"),
    (
        COUNTY_READERS,
        _("核定權責與核減理由"),
        _("誰可以核定多少、常用的核減理由；由另一位主管確認"),
        "grants:deciding_rules_of_counties",
    ),
    (COUNTY_READERS, _("提醒"), _("提醒誰、什麼時候、怎麼說；可以修改，由另一位同仁確認"), "grants:reminders"),
    (DELIVERY_READERS, _("寄送情形"), _("信、簡訊和 LINE 寄出幾則，哪些沒有送到、改怎麼通知"), "grants:deliveries"),
    (
        COUNTY_READERS,
        _("公文用語"),
        _("各種函的主旨、說明和副本；可以修改，由另一位同仁確認"),
        "grants:letter_words",
    ),
    (DATA_KEEPERS, _("行事曆"), _("哪些天上班、放假、補班；停班停課和新年度的行事曆"), "grants:calendar_home"),
    (Role.ADMINISTRATOR, _("人員與職務"), _("停用帳號、職務起訖、重設第二道驗證"), "communities:people"),
    (Role.ADMINISTRATOR, _("邀請"), _("請新的同仁開帳號，或取消邀請"), "communities:invitations"),
    (Role.ADMINISTRATOR, _("排印公文"), _("勾選多件公文，排成一個列印檔"), "grants:letter_list"),
    (Role.ADMINISTRATOR, _("補助方案"), _("各方案的規定、額度和條文"), "grants:schemes"),
    (Role.MEMBER, _("申請補助"), _("看有哪些補助，開始一件新的申請"), "grants:application_new"),
)


def entries_of(user: User) -> list[tuple[str, str, str]]:
    """Return (words, what is there, address) for posts that look after things instead of working through a queue."""
    roles = frozenset(post.role for post in posts_in_view(user))
    return [(str(title), str(text), url) for title, text, url in _ways(roles, get_urlconf(), get_script_prefix())]


@lru_cache(maxsize=100)
def _ways(roles: frozenset[str], _urlconf: str | None, _prefix: str) -> list[tuple[Any, Any, str]]:
    """Return the ways of these posts; their words are looked up later."""
    return [(title, text, reverse(name)) for who, title, text, name in _WAYS if roles.intersection(each(who))]
