from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "evaluation"
    verbose_name = "評鑑"

    def ready(self) -> None:
        from . import actions  # noqa: F401 -- registers the words of the trail
        from .services.moderation import KIND  # noqa: F401 -- registers the moderation of totals
        from .services.rounds import MERGING  # noqa: F401 -- registers what keeps two records of a body apart
