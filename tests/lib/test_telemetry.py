"""What leaves the portal for whoever watches it: metrics at an address of this machine, errors and traces without people."""

import json
import os
import subprocess
import sys

import brotli
import pytest

from miaoli_kaohsiung.lib import telemetry
from tests.audit.authority import served

SECRET = "A" + "123456789"

CRASH = f"""
import sentry_sdk
from django.test import RequestFactory
import miaoli_kaohsiung.settings
number = "{SECRET}"
try:
    raise ValueError("refused " + number)
except ValueError as error:
    sentry_sdk.capture_exception(error)
sentry_sdk.flush(5)
"""

METRICS = """
import urllib.request, django
django.setup()
from django.conf import settings
from django.test import Client
Client().get("/livez")
for port in settings.PROMETHEUS_METRICS_EXPORT_PORT_RANGE:
    try:
        page = urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).read().decode()
    except OSError:
        continue
    print(page)
"""


TRACE = f"""
import django
django.setup()
from django.test import Client
from opentelemetry import trace
print(Client().get("/livez", dict(q="{SECRET}")).status_code)
trace.get_tracer_provider().force_flush(5000)
"""


def run(code: str, **environ: str) -> subprocess.CompletedProcess[str]:
    known = {"DJANGO_SETTINGS_MODULE": "miaoli_kaohsiung.settings", "PORTAL_MODE": "test"}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=os.environ | known | environ, capture_output=True, text=True, check=False)


def test_an_error_leaves_without_a_value_of_anybody():
    sent: list[bytes] = []

    def take(body: bytes) -> tuple[int, bytes]:
        sent.append(brotli.decompress(body))
        return 200, b"{}"

    with served(take) as url:
        done = run(CRASH, SENTRY_DSN=url.replace("http://", "http://key@") + "1", RELEASE="1.0")
    assert done.returncode == 0, done.stderr
    text = b"".join(sent).decode()
    assert ("ValueError" in text, SECRET in text, '"release":"1.0"' in text) == (True, False, True)


def test_a_trace_reaches_the_collector_without_a_value_of_anybody():
    sent: list[bytes] = []

    def take(body: bytes) -> tuple[int, bytes]:
        sent.append(body)
        return 200, b""

    with served(take) as url:
        done = run(TRACE, TRACES_URL=f"{url}v1/traces", RELEASE="1.0")
    assert (done.returncode, done.stdout.strip()) == (0, "200"), done.stderr
    text = b"".join(sent)
    assert (b"GET livez" in text, b"http.route" in text, SECRET.encode() in text) == (True, True, False)


def test_of_a_request_its_method_and_address_leave():
    event = {
        "request": {
            "method": "POST",
            "url": "https://portal.example/applications/",
            "query_string": f"q={SECRET}",
            "data": SECRET,
            "cookies": {"session": SECRET},
            "headers": {"Cookie": SECRET, "Content-Type": "text/plain"},
        },
        "user": {"ip_address": SECRET},
        "logentry": {"message": SECRET},
        "exception": {"values": [{"type": "ValueError", "value": SECRET}]},
    }
    kept = telemetry.without_people(event, {})
    assert SECRET not in json.dumps(kept)
    assert kept["request"] == {
        "method": "POST",
        "url": "https://portal.example/applications/",
        "headers": {"Content-Type": "text/plain"},
    }


@pytest.mark.parametrize("ports", ["9171-9174"])
def test_metrics_stand_at_an_address_of_this_machine(ports):
    done = run(METRICS, METRICS_PORTS=ports)
    assert done.returncode == 0, done.stderr
    assert (
        'django_http_responses_total_by_status_view_method_total{method="GET",status="200",view="livez"} 1.0'
        in done.stdout
    )
