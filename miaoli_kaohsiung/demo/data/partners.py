"""Partners in Miaoli: contacts of the county and of three associations, with help promised and given since January."""

import datetime as dt
from collections.abc import Iterator

from communities.enums import HelpWay, PartnerKind
from communities.services.partners import add, note_help

from .places import MIAOLI
from .registry import World

# Kind, name, what it offers, whom to ask.
CONTACTS = (
    (PartnerKind.OFFICE, "苗栗縣示範衛生所", "量血壓、健康講座、流感疫苗", "衛示範"),
    (PartnerKind.SCHOOL, "示範大學社會工作學系", "方案輔導、學生志工", "學示範"),
    (PartnerKind.FOUNDATION, "示範長青福利基金會", "送餐車輛、餐盒", "青示範"),
    (PartnerKind.COMPANY, "示範食品股份有限公司", "白米、乾糧", "食示範"),
    (PartnerKind.EXPERT, "會計師公會示範分會", "會計制度、決算輔導", "計示範"),
)
# Word of the association, kind, name, what it offers, what was promised, what was given.
OWN = (
    ("紅棗", PartnerKind.TEMPLE, "示範五穀宮", "借廟埕、白米", "每月白米 30 公斤", "白米 30 公斤"),
    ("紅棗", PartnerKind.CLINIC, "示範家醫診所", "健康講座", "每季講座一場", "慢性病講座一場"),
    ("紅棗", PartnerKind.SCHOOL, "示範國民小學", "借教室、學生表演", "假日借教室", "重陽表演排練"),
    ("稻浪", PartnerKind.COMPANY, "示範米廠", "白米、場地", "每季白米 60 公斤", "白米 60 公斤"),
    ("草莓", PartnerKind.TEMPLE, "示範福德祠", "借廣場", "活動借廣場", "借廣場半天"),
)


def year(world: World) -> Iterator[dt.date]:
    """The days on which somebody acts, as `load.walk` asks for them."""
    yield dt.date(2010, 1, 25)
    officer = world.of(MIAOLI, "officer")
    contacts = [
        add(officer, MIAOLI, kind=kind, name=name, offers=offers, contact_name=whom, contact_phone=f"037-00000{place}")
        for place, (kind, name, offers, whom) in enumerate(CONTACTS)
    ]
    own = []
    for word, kind, name, offers, promised, given in OWN:
        chair, body = world.chairs[word], world.organisations[word]
        made = add(chair, MIAOLI, body, kind=kind, name=name, offers=offers)
        note_help(chair, made, HelpWay.PROMISED, dt.date(2010, 1, 25), promised)
        own.append((chair, made, given))
    yield dt.date(2010, 4, 12)
    for chair, made, given in own:
        note_help(chair, made, HelpWay.GIVEN, dt.date(2010, 4, 10), given)
    note_help(officer, contacts[0], HelpWay.GIVEN, dt.date(2010, 4, 9), "健康講座一場", world.organisations["白沙"])
    note_help(officer, contacts[2], HelpWay.GIVEN, dt.date(2010, 4, 12), "餐盒 200 個", world.organisations["紅棗"])
