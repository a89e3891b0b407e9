"""Metrics for Prometheus at an address of this machine; errors to a collector of one's own that speaks Sentry's protocol;
traces to one that speaks OpenTelemetry's (lib/tracing.py). Only what a program did leaves, never what people typed. All
are settings and need requirements-prod.txt.
"""

from typing import Any

# Of the heads of a request only these leave.
HEADS = frozenset({"Accept", "Content-Length", "Content-Type", "User-Agent"})


def settings(env: Any, apps: list[str], middleware: list[str]) -> dict[str, Any]:
    """Return the settings that METRICS_PORTS, SENTRY_DSN and TRACES_URL ask for, and add to apps and middleware what they need.

    Each process of the web server takes the first free port of METRICS_PORTS, such as 9101-9108.
    """
    found: dict[str, Any] = {}
    if dsn := env.str("SENTRY_DSN", default=""):
        begin(dsn, env.str("RELEASE", default=""))
    if url := env.str("TRACES_URL", default=""):
        from . import tracing

        tracing.begin(url, env.str("RELEASE", default=""))
        middleware.insert(0, tracing.MIDDLEWARE)
    if ports := env.str("METRICS_PORTS", default=""):
        first, _, last = ports.partition("-")
        found["PROMETHEUS_METRICS_EXPORT_PORT_RANGE"] = range(int(first), int(last or first) + 1)
        found["PROMETHEUS_METRICS_EXPORT_ADDRESS"] = env.str("METRICS_ADDRESS", default="127.0.0.1")
        found["PROMETHEUS_EXPORT_MIGRATIONS"] = False
        apps.append("django_prometheus")
        middleware.insert(0, "django_prometheus.middleware.PrometheusBeforeMiddleware")
        middleware.append("django_prometheus.middleware.PrometheusAfterMiddleware")
    return found


def begin(dsn: str, release: str) -> None:
    """Send errors of web and worker to the collector."""
    import sentry_sdk

    sentry_sdk.init(
        dsn=dsn,
        release=release,
        send_default_pii=False,
        # Variables and bodies hold numbers of people and accounts.
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        before_send=without_people,
    )


def without_people(event: Any, hint: Any) -> Any:
    """Return the event without cookies, queries, users and the words of errors, which may quote what somebody typed."""
    request = event.get("request") or {}
    event["request"] = {name: request[name] for name in ("method", "url") if name in request}
    event["request"]["headers"] = {
        name: value for name, value in (request.get("headers") or {}).items() if name in HEADS
    }
    for name in ("user", "extra", "logentry", "message", "breadcrumbs", "server_name"):
        event.pop(name, None)
    for value in (event.get("exception") or {}).get("values", []):
        value["value"] = ""
    return event
