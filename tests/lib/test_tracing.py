"""Traces leave without people: names of views and tasks, numbers, and nothing that anybody typed."""

import json

import pytest
from celery.signals import before_task_publish, task_postrun, task_prerun
from django.test import Client
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from miaoli_kaohsiung.accounts.tasks import sweep
from miaoli_kaohsiung.celery import app
from miaoli_kaohsiung.lib import telemetry, tracing

SECRET = "王小明"


@pytest.fixture
def kept(settings, monkeypatch):
    """What would leave; afterwards nobody listens any more."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(tracing, "_tracer", lambda: provider.get_tracer("portal"))
    settings.MIDDLEWARE = [tracing.MIDDLEWARE, *settings.MIDDLEWARE]
    tracing.listen()
    yield exporter
    before_task_publish.disconnect(tracing._pass_on)
    task_prerun.disconnect(tracing._begin_job)
    task_postrun.disconnect(tracing._end_job)


def all_of(exporter) -> str:
    return "".join(json.dumps(json.loads(span.to_json()), ensure_ascii=False) for span in exporter.get_finished_spans())


@pytest.mark.django_db
def test_a_request_leaves_its_view_and_numbers_alone(kept):
    client = Client(headers={"traceparent": f"00-{'a' * 32}-{'b' * 16}-01", "user-agent": SECRET})
    client.get("/livez", {"q": SECRET})
    client.post(f"/{SECRET}/", {"name": SECRET})
    page, missing = kept.get_finished_spans()
    assert (page.name, dict(page.attributes)) == (
        "GET livez",
        {
            "db.statements": 0,
            "db.seconds": 0,
            "http.request.method": "GET",
            "http.route": "livez",
            "http.response.status_code": 200,
        },
    )
    assert page.context.trace_id != int("a" * 32, 16)
    assert (missing.name, missing.attributes["http.response.status_code"]) == ("POST -", 404)
    assert SECRET not in all_of(kept)


@pytest.mark.django_db
def test_a_page_says_how_many_statements_it_took(kept):
    Client().get("/readyz")
    (span,) = kept.get_finished_spans()
    assert span.attributes["db.statements"] > 0
    assert "SELECT" not in all_of(kept)


@pytest.mark.django_db
def test_a_job_belongs_to_whoever_asked_for_it(kept):
    with tracing._tracer().start_as_current_span("asking") as asking:
        sweep.apply()
    job = kept.get_finished_spans()[0]
    assert (job.name, dict(job.attributes)) == (sweep.name, {"job.state": "SUCCESS"})
    assert job.parent.span_id == asking.get_span_context().span_id


def test_what_is_sent_over_the_broker_carries_the_trace_and_nothing_else(kept):
    headers: dict[str, str] = {}
    with tracing._tracer().start_as_current_span("asking") as asking:
        before_task_publish.send("name", headers=headers)
    there = asking.get_span_context()
    assert set(headers) - {"__django_structlog__"} == {"traceparent"}
    assert headers["traceparent"].split("-")[1:3] == [
        trace.format_trace_id(there.trace_id),
        trace.format_span_id(there.span_id),
    ]


def test_the_words_of_an_error_stay(kept):
    @app.task(name="tests.fails")
    def fails() -> None:
        raise ValueError(SECRET)

    fails.apply()
    (job,) = kept.get_finished_spans()
    assert (job.attributes["job.state"], job.status.is_ok, job.events) == ("FAILURE", False, ())
    assert SECRET not in all_of(kept)


@pytest.mark.parametrize(("url", "added"), [("", []), ("http://127.0.0.1:4318/v1/traces", [tracing.MIDDLEWARE])])
def test_a_setting_begins_it(monkeypatch, url, added):
    class Asked:
        def str(self, name: str, default: str = "") -> str:
            return {"TRACES_URL": url, "RELEASE": "1.0"}.get(name, default)

    begun: list[tuple[str, str]] = []
    monkeypatch.setattr(tracing, "begin", lambda *given: begun.append(given))
    middleware: list[str] = []
    assert telemetry.settings(Asked(), [], middleware) == {}
    assert (middleware, begun) == (added, [(url, "1.0")] if url else [])
