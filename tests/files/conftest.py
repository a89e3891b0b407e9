"""Tests of the gate and of the readers ask them each time.

pytest may read this file before the settings are there, so that the portal's modules are imported where they are needed.
"""

import pytest


@pytest.fixture(autouse=True)
def _the_gate_itself(monkeypatch) -> None:
    from miaoli_kaohsiung.files import looks, pages, papers, processes, sandbox, services, sheets

    monkeypatch.setattr(services, "sandbox", sandbox)
    for module in (looks, pages, papers, sheets):
        monkeypatch.setattr(module, "ask", processes.ask)
