"""How many blocks the database reads for each page: python -m tests.bench.blocks NAME.json, in the environment of a filled
portal (`make bench ARGS=--keep` names it).

A block is eight kilobytes, in memory or not. Their number does not depend on what else the machine does, so that growth is
seen even where the clock says nothing: every query of a page is asked for again by EXPLAIN (ANALYZE, BUFFERS).
"""

import json
import os
import sys
import urllib.parse
from pathlib import Path
from typing import Any


def main(target: Path) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")
    import django

    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["*"]
    target.write_text(json.dumps(measure(), ensure_ascii=False, indent=1) + "\n", "utf-8")


def measure() -> dict[str, int]:
    """Blocks by the page's name, and the number of cases under "cases"."""
    from grants.models import Application
    from tests.bench.pages import addresses

    found = {"cases": Application.objects.count()}
    for name, _target, who, path in addresses():
        if not path.endswith(".pdf"):
            found[name] = _of_page(who, urllib.parse.quote(path, safe="/?=&"))
            print(f"{name}: {found[name]}", file=sys.stderr, flush=True)
    return found


def _of_page(who: str, address: str) -> int:
    from django.db import connection
    from django.test import Client

    from miaoli_kaohsiung.accounts.models import User

    client, asked = Client(), []
    if who:
        client.force_login(User.objects.get(username=who))
    # What is read once and kept is not the page's.
    client.get(address)

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        assert client.get(address).status_code == 200, address
    return sum(_of_query(sql, params) for sql, params in asked if sql.lstrip(" (").startswith("SELECT"))


def _of_query(sql: str, params: Any) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {sql}", params)
        plan = cursor.fetchone()[0][0]["Plan"]
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
