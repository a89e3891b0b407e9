"""How long the pages of a filled portal take beside a bare view: python -m tests.bench.timed SERVER NAME.json [REQUESTS], in its
environment; SERVER is the process of its PostgreSQL. What tests.bench does, without filling and without what writes.
"""

import json
import os
import sys
import tempfile
from pathlib import Path


def main(server: int, target: Path, requests: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")
    import django

    django.setup()
    from grants.models import Application
    from tests.bench.__main__ import serving
    from tests.bench.pages import BARE, measure
    from tests.bench.processor import Meter

    with tempfile.TemporaryDirectory(prefix="bench-") as room, serving(Path(room)) as (port, web):
        found = measure(port, requests, Meter(web, server), reading=True)
    bare = found[BARE]
    # What was asked alternates with the bare view, so that both met the same other work.
    rows = {
        name: {
            "queries": one.queries,
            "times": round(one.median / bare.median, 1),
            "p99": round(one.p99 / bare.p99, 1),
            "cpu": round((one.cpu or 0) / (bare.cpu or 1), 1),
            "ms": round(one.cpu or 0, 1),
        }
        for name, one in found.items()
    }
    target.write_text(json.dumps({"cases": Application.objects.count(), "pages": rows}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 20)
