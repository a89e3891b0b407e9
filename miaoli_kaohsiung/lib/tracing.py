"""Traces by OpenTelemetry: which page and which job took how long, and what started what. A setting; needs requirements-prod.txt.

What leaves is the name of a view or a task, its method and status, and how many statements the database took in what
time. Never an address with its values, a statement, the words of an error, or a person.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Token
from typing import Any

from celery.signals import before_task_publish, task_postrun, task_prerun
from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from opentelemetry import context, trace
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import Span, SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

MIDDLEWARE = f"{__name__}.TracesMiddleware"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_carrier = TraceContextTextMapPropagator()
_jobs: dict[str, tuple[Span, Token[Context]]] = {}


def begin(url: str, release: str) -> None:
    """Send the traces of web and worker to a collector that speaks OTLP over HTTP."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": "portal", "service.version": release}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=url)))
    trace.set_tracer_provider(provider)
    listen()


def listen() -> None:
    """Follow jobs, from whoever asks for one to the worker that does it."""
    before_task_publish.connect(_pass_on)
    task_prerun.connect(_begin_job)
    task_postrun.connect(_end_job)


class TracesMiddleware:
    """One span for each request. What a client says of its own trace is not believed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        method = request.method if request.method in METHODS else "OTHER"
        with _tracer().start_as_current_span(str(method), Context(), SpanKind.SERVER, record_exception=False) as span:
            with counted(span):
                response = self.get_response(request)
            found = request.resolver_match
            span.update_name(f"{method} {found.view_name if found else '-'}")
            span.set_attribute("http.request.method", str(method))
            span.set_attribute("http.route", found.route if found else "")
            span.set_attribute("http.response.status_code", response.status_code)
            if response.status_code >= 500:
                span.set_status(StatusCode.ERROR)
        return response


@contextmanager
def counted(span: Span) -> Iterator[None]:
    """Write down how many statements the database took within the block, and their time; none of their words."""
    statements: list[float] = []

    def timed(execute: Callable[..., Any], *arguments: Any) -> Any:
        begun = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            statements.append(time.perf_counter() - begun)

    with connection.execute_wrapper(timed):
        yield
    span.set_attribute("db.statements", len(statements))
    span.set_attribute("db.seconds", sum(statements))


def _tracer() -> trace.Tracer:
    return trace.get_tracer("portal")


def _pass_on(headers: dict[str, str] | None = None, **kwargs: object) -> None:
    _carrier.inject(headers if headers is not None else {})


def _begin_job(task_id: str, task: Any, **kwargs: object) -> None:
    """A job that was asked for over the broker belongs to the request that asked; others to whoever runs them."""
    parent = getattr(task.request, "traceparent", None)
    asked = _carrier.extract({"traceparent": parent}) if parent else None
    span = _tracer().start_span(str(task.name), asked, SpanKind.CONSUMER)
    _jobs[task_id] = span, context.attach(trace.set_span_in_context(span))


def _end_job(task_id: str, state: str | None = None, **kwargs: object) -> None:
    if begun := _jobs.pop(task_id, None):
        span, before = begun
        span.set_attribute("job.state", str(state))
        if state == "FAILURE":
            span.set_status(StatusCode.ERROR)
        span.end()
        context.detach(before)
