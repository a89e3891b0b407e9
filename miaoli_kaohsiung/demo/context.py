from django.conf import settings
from django.http import HttpRequest

from miaoli_kaohsiung.lib import clock


def demo(request: HttpRequest) -> dict[str, dict[str, object]]:
    """Return `demo.enabled` and `demo.today` for the bar at the top of each page."""
    return {"demo": {"enabled": settings.DEMO, "today": clock.today() if settings.DEMO else None}}
