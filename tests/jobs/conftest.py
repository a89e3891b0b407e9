"""What a real worker needs: a folder of its own, and the settings of the trial on the database of the test.

pytest may read this file before the settings are there, so that Django's modules are imported where they are needed.
"""

import os
from pathlib import Path

import pytest
from celery import Celery


@pytest.fixture
def var(tmp_path: Path) -> Path:
    for name in ("broker/messages", "broker/control", "mail"):
        (tmp_path / name).mkdir(parents=True)
    return tmp_path


@pytest.fixture
def environment(var: Path) -> dict[str, str]:
    """That of the trial, on the database of this test."""
    from django.db import connection

    database = connection.settings_dict
    host = database["HOST"] or database["OPTIONS"].get("host", "")
    url = f"postgres://{database['USER']}:{database['PASSWORD']}@/{database['NAME']}?host={host}"
    if database["PORT"]:
        url += f"&port={database['PORT']}"
    own = {"PORTAL_MODE": "trial", "VAR_DIR": str(var), "DATABASE_URL": url, "BROKER_URL": "filesystem://"}
    return {**os.environ, **own, "CACHE_URL": "locmemcache://", "LOG_LEVEL": "ERROR"}


@pytest.fixture
def ringing(var: Path) -> Celery:
    """Where this process rings: the folder that the worker listens at."""
    app = Celery(broker="filesystem://", set_as_current=False)
    folders = {"data_folder_in": "messages", "data_folder_out": "messages", "control_folder": "control"}
    options = {name: str(var / "broker" / folder) for name, folder in folders.items()}
    app.conf.update(broker_transport_options=options, task_publish_retry=False)
    return app
