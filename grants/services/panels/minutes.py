"""The minutes of a presentation session as a PDF, for the file and for signature. Nothing is written."""

from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from grants.models import PresentationSession
from grants.queries.panels.agendas import agenda_of, spoken
from miaoli_kaohsiung.accounts.counties import particulars
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.lib import pdf
from miaoli_kaohsiung.lib.access import Refused


def paper(user: User, session: PresentationSession) -> bytes:
    """Return the minutes as this person may read them; cases hidden from them are counted and not named.

    Raises Refused before they are recorded, where no PDFs are made, and for characters that no font has.
    """
    if session.recorded_on is None:
        raise Refused(_("這一場還沒有記錄，儲存紀錄以後才能印會議紀錄。"))
    members = list(session.members.select_related("reviewer"))
    turns = agenda_of(session, user)
    context = {
        "session": session,
        "office": particulars(session.county, session.held_on).office,
        "when": spoken(session.held_on, session.begins_at),
        "present": [row.reviewer for row in members if row.came],
        "absent": [row.reviewer for row in members if not row.came],
        "turns": turns,
        "hidden": session.items.count() - len(turns),
    }
    html = render_to_string("grants/panels/minutes_paper.html", context)
    try:
        return pdf.render(html, base=Path(settings.BASE_DIR) / "static" / "pdf")
    except pdf.UnavailableError as missing:
        raise Refused(_("這臺主機目前不能製作 PDF，請通知系統管理員。")) from missing
