"""The trail's words for actions in an evaluation."""

from django.utils.translation import gettext_lazy as _

from miaoli_kaohsiung.audit.actions import register

OPEN = register("evaluation.open", _("開辦評鑑"))
SCORE = register("evaluation.score", _("評分"))
DIFFICULTIES = register("evaluation.difficulties", _("填寫困難與需要"))
PUBLISH = register("evaluation.publish", _("公布評鑑結果"))
