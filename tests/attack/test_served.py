"""A served portal, attacked from outside by wapiti: as anybody, and as a case officer. WAPITI_SECONDS for each."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from miaoli_kaohsiung.accounts.enums import Role
from tests.scenes import Scene
from tests.test_routes import ROUTES
from tests.tools import installed

pytestmark = pytest.mark.skipif(not os.environ.get("SOAK"), reason="minutes: make soak")
SECONDS = int(os.environ.get("WAPITI_SECONDS", "300"))
# Those that need nothing but the portal; other modules ask hosts elsewhere.
MODULES = "sql,xss,permanentxss,exec,file,redirect,crlf,upload,methods,csp,http_headers,cookieflags,csrf"
HIGH = 3
FORGERY = "Cross Site Request Forgery"


def attacked(address: str, folder: Path, *words: str) -> dict[str, object]:
    """Return wapiti's report, after crawling for a half of the time and attacking for about the other."""
    tool = installed(Path(__file__).with_name("requirements-wapiti.txt")) / "bin" / "wapiti"
    report = folder / "report.json"
    bounds = ["--max-scan-time", SECONDS // 2, "--max-attack-time", max(SECONDS // 2 // 13, 10), "--max-parameters", 30]
    places = ["--store-session", folder / "session", "--store-config", folder / "config", "--output", report]
    command = [tool, "--url", address, "--scope", "domain", "--module", MODULES, "--format", "json", "--flush-session"]
    command += ["--no-bugreport", "--verbose", "0", "--detailed-report", "1", *bounds, *places, *words]
    done = subprocess.run(
        [str(word) for word in command],
        env=os.environ | {"HOME": str(folder)},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS * 4,
    )
    assert report.exists(), done.stdout[-3000:] + done.stderr[-3000:]
    read: dict[str, object] = json.loads(report.read_text())
    return read


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("who", ["anybody", "officer"])
def test_nothing_high_is_found_from_outside(live_server, tmp_path, who):
    call_command("sync_schemes")
    words, address = [], "/"
    if who == "officer":
        # Makes a case with what belongs to it, so that there is something to find.
        name = "grants:application_detail"
        client, address = Scene(name, Role.CASE_OFFICER, ROUTES[name].kwargs).enter()
        away = f"{live_server.url}{reverse('account_logout')}"
        words = ["--cookie-value", f"sessionid={client.cookies['sessionid'].value}", "--exclude", away]
    report = attacked(live_server.url + address, tmp_path, *words)
    pages = report["infos"]["crawled_pages_nbr"]
    found = [
        (category, one["level"], one["method"], one["path"], one["info"])
        for category, rows in report["vulnerabilities"].items()
        for one in rows
    ]
    print(f"\n{who}: {pages} pages crawled, {len(found)} findings of any level, {report['anomalies']}")
    for row in found:
        print(*row)
    assert [row for row in found if row[1] >= HIGH] == []
    assert report["anomalies"]["Internal Server Error"] == []
    assert pages > 5
    # It compares answers; that a form with another token is refused is seen only by sending one.
    forms = [path for category, _level, _method, path, _info in found if category == FORGERY]
    other = {"csrfmiddlewaretoken": "x" * 64}
    assert [path for path in forms if Client(enforce_csrf_checks=True).post(path, other).status_code != 403] == []
