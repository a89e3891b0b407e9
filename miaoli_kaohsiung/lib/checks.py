"""System checks of what the machine needs. Importing the module, in an AppConfig.ready(), registers them."""

from typing import Any

from django.core import checks

from miaoli_kaohsiung.lib import pdf


@checks.register()
def pdf_can_be_made(**kwargs: Any) -> list[checks.CheckMessage]:
    """Return a warning, not an error: the portal runs without PDFs until somebody with root repairs it."""
    return [checks.Warning(problem, hint=command, id="lib.W001") for problem, command in pdf.problems()]
