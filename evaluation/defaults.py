"""The portal's own proposal for indicators: the plan names the three dimensions and nothing more (M4.3a)."""

from django.utils.translation import gettext_lazy as _

from .enums import Dimension

# Dimension, indicator, points; together 100.
INDICATORS = [
    (Dimension.GOVERNANCE, _("會員大會和理監事會依規定召開並報備查"), 8),
    (Dimension.GOVERNANCE, _("任期、改選和理事長證書正常"), 6),
    (Dimension.GOVERNANCE, _("會員名冊和會務資料完整"), 6),
    (Dimension.FINANCE, _("預算、決算經監事審核並通過"), 8),
    (Dimension.FINANCE, _("帳冊和憑證齊全"), 8),
    (Dimension.FINANCE, _("專戶和財產管理"), 4),
    (Dimension.SERVICES, _("福利服務（老人、兒少、身障、婦女）"), 20),
    (Dimension.SERVICES, _("社區發展（環境、文化、防災、志工）"), 20),
    (Dimension.SERVICES, _("結合資源和居民參與"), 10),
    (Dimension.SERVICES, _("創新和特色"), 10),
]
# What an association can do about each, by its name; a county's own indicators have the judges' words alone.
ADVICE = {
    str(INDICATORS[0][1]): _("依章程開會員大會和理監事會，紀錄在 30 天內報公所備查。"),
    str(INDICATORS[1][1]): _("任期屆滿前改選，換了理事長就更新證書。"),
    str(INDICATORS[2][1]): _("會員名冊每年核對一次，會議紀錄和公文依年度歸檔。"),
    str(INDICATORS[3][1]): _("預算和決算先送監事會審核，再提會員大會通過。"),
    str(INDICATORS[4][1]): _("每一筆收支都記帳，憑證按月黏貼並由理事長蓋章。"),
    str(INDICATORS[5][1]): _("用協會的專戶收支，每年盤點財產並造清冊。"),
    str(INDICATORS[6][1]): _("固定辦一項福利服務，例如長者共餐或關懷訪視，留下名冊和照片。"),
    str(INDICATORS[7][1]): _("組志工隊並記時數，每年辦一項環境、文化或防災的工作。"),
    str(INDICATORS[8][1]): _("找學校、寺廟或診所合作，寫下他們幫了什麼。"),
    str(INDICATORS[9][1]): _("把社區的特色寫成一頁，附照片；可以到績優社區觀摩。"),
}
# Which of an association's yearly duties say something of an indicator, by its name.
RECORDS = {
    str(INDICATORS[0][1]): ("assembly", "board_meeting"),
    str(INDICATORS[1][1]): ("election",),
    str(INDICATORS[2][1]): ("officers_roster", "profile_renewal"),
    str(INDICATORS[3][1]): ("accounts",),
    str(INDICATORS[5][1]): ("property_list",),
}
