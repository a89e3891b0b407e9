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
