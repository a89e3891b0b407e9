"""The two counties' schemes as filed: what stands in the regulation and the plan, for `services.schemes.sync`.

Programmes come from the rule catalogue. An envelope year is the Gregorian year.
"""

import datetime as dt

from miaoli_kaohsiung.accounts.enums import County

SCHEMES = (
    {
        "slug": "kaohsiung-88",
        "county": County.KAOHSIUNG,
        "name": "高雄縣88災後社區及生活重建協力專案",
        "short_name": "88災後重建",
        "summary": "用莫拉克風災的民間捐款，補助社區照顧與生活重建。協會、教會、學校和公所都可以提出計畫。",
        "legal_basis": "高雄縣88災後社區及生活重建協力方案補助辦法",
        "ruleset": "kaohsiung_88",
        "number_prefix": "88",
        # K6.1b: from the county head's approval; K6.1a: to the end of the year 101.
        "opens_on": dt.date(2010, 1, 8),
        "closes_on": dt.date(2012, 12, 31),
        "township_first": False,
        "dispatch_word": "府社區字",
        "position": 1,
        "programmes": None,
        # K8.2b: thirty million a year for 99, 100 and 101.
        "envelopes": {2010: 30_000_000, 2011: 30_000_000, 2012: 30_000_000},
    },
    {
        "slug": "miaoli-welfare",
        "county": County.MIAOLI,
        "name": "苗栗縣福利社區化服務補助",
        "short_name": "福利社區化",
        "summary": "補助社區發展協會在自己的社區辦理福利服務。先送鄉鎮市公所初審，再由公所轉送縣府。",
        "legal_basis": "苗栗縣政府社區發展工作計畫",
        "ruleset": "miaoli",
        "number_prefix": "ML",
        "opens_on": dt.date(2010, 1, 1),
        "closes_on": None,
        "township_first": True,
        "dispatch_word": "府社行字",
        "position": 2,
        "programmes": ("welfare_services",),
        # M6: each unit enters its own budget; the plan names no sum.
        "envelopes": {},
    },
)
