"""To whom on other machines the portal speaks without encryption: OWASP ASVS 5.0, 12.3.1."""

from collections.abc import Collection, Mapping
from urllib.parse import parse_qs, urlsplit

from miaoli_kaohsiung.lib.environment import Environment

HERE = ("127.0.0.1", "::1", "localhost")
ENCRYPTED = frozenset({"amqps", "https", "rediss", "smtp+ssl", "smtp+tls", "smtps", "valkeys"})
DATABASES = frozenset({"postgres", "postgresql", "pgsql", "psql"})
TABLE = "dbcache"

# Settings that name a server. SMS, LINE and the witness of the trail are refused without https:// anyway; what goes to an
# authority of time stamps is a hash, and what comes back is signed.
ADDRESSES = (
    *("DATABASE_URL", "BACKUP_DATABASE_URL", "BROKER_URL", "CACHE_URL", "EMAIL_URL"),
    *("CLAMD", "S3_ENDPOINT", "SENTRY_DSN", "TRACES_URL"),
)
REFUSAL = "{} must be encrypted, for a database with sslmode=verify-full, or PLAIN_HOSTS name its host as one on a network of its own."


def refusals(env: Environment) -> list[str]:
    """Return a sentence for each setting that is in plain. Hosts of PLAIN_HOSTS are left out."""
    addresses = {name: env.str(name, default="") for name in ADDRESSES}
    return [REFUSAL.format(name) for name in in_plain(addresses, env.list("PLAIN_HOSTS", default=[]))]


def in_plain(addresses: Mapping[str, str], plain_hosts: Collection[str]) -> list[str]:
    """Return the names of those settings whose address is on another machine and read by whoever listens on the way.

    A database is one whose certificate and name are not both verified (`sslmode=verify-full`). `plain_hosts` are those that
    the operator answers for, such as the services of one machine on a network of its own. Addresses without a host are
    sockets, folders, tables or not set.
    """
    return [name for name, address in addresses.items() if address and not _safe(address, plain_hosts)]


def _safe(address: str, plain_hosts: Collection[str]) -> bool:
    url = urlsplit(address if "://" in address or address.startswith("/") else f"//{address}")
    asked = parse_qs(url.query)
    hosts = [url.hostname or "", *asked.get("host", [])]
    if all(not host or host.startswith("/") or host in HERE or host in plain_hosts for host in hosts):
        return True
    if url.scheme == TABLE:
        return True
    return asked.get("sslmode") == ["verify-full"] if url.scheme in DATABASES else url.scheme in ENCRYPTED
