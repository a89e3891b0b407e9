"""What makes settings unfit for production."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from miaoli_kaohsiung.lib import neighbours
from miaoli_kaohsiung.lib.environment import Environment


def of(values: Mapping[str, Any], env: Environment) -> list[str]:
    """Return what makes this configuration unfit for production, each as one sentence."""
    database = values["DATABASES"]["default"]
    host = database.get("HOST") or database.get("OPTIONS", {}).get("host", "")
    secret, sealing = values["SECRET_KEY"], values["PERSONAL_DATA_KEYS"]
    hosts, cache = values["ALLOWED_HOSTS"], values["CACHES"]["kept"]["BACKEND"].rsplit(".", 1)[-1]
    carriers = (values["SMS_URL"] or "https://", values["LINE_API_URL"])
    broker = values["CELERY_BROKER_URL"].split(":")[0]
    found = {
        "SECRET_KEY must be set, secret and at least 50 characters long.": (
            len(secret) < 50 or secret == values["UNSAFE_SECRET_KEY"]
        ),
        "SECRET_KEY must be drawn at random: it has fewer than 10 different characters.": (
            len(secret) >= 50 and len(set(secret)) < 10
        ),
        "PERSONAL_DATA_KEYS must be set, each at least 40 characters long and none the SECRET_KEY.": (
            not sealing or any(len(key) < 40 or key == secret for key in sealing)
        ),
        "DEBUG must be off.": values["DEBUG"],
        "ALLOWED_HOSTS must name the portal's hosts.": not hosts or "*" in hosts,
        "DATABASE_URL must point to a PostgreSQL server.": (
            database["ENGINE"] != "django.db.backends.postgresql" or not database["NAME"]
        ),
        "DATABASE_URL must not point to the embedded database.": str(host).startswith(str(values["VAR_DIR"])),
        "CACHE_URL must be a cache that all processes share.": cache in {"LocMemCache", "DummyCache"},
        "SMS_URL and LINE_API_URL must begin with https://.": not all(url.startswith("https://") for url in carriers),
        "AUDIT_TSA_CA must name the certificates of AUDIT_TSA_URL.": (
            bool(values["AUDIT_TSA_URL"]) and not Path(values["AUDIT_TSA_CA"] or "/nowhere").is_file()
        ),
        "AUDIT_WITNESS_URL must begin with https://.": (
            not (values["AUDIT_WITNESS_URL"] or "https://").startswith("https://")
        ),
        "BROKER_URL must point to Redis or RabbitMQ.": broker not in {"redis", "rediss", "amqp", "amqps"},
    }
    return [sentence for sentence, wrong in found.items() if wrong] + neighbours.refusals(env)
