from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "evaluation"
    verbose_name = "評鑑"

    def ready(self) -> None:
        from . import actions  # noqa: F401 -- registers the words of the trail
        from .services import MERGING  # noqa: F401 -- registers what keeps two records of a body apart
