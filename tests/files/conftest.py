"""Tests of the gate ask it each time.

pytest may read this file before the settings are there, so that the portal's modules are imported where they are needed.
"""

import pytest


@pytest.fixture(autouse=True)
def _the_gate_itself(monkeypatch) -> None:
    from miaoli_kaohsiung.files import sandbox, services

    monkeypatch.setattr(services, "sandbox", sandbox)
