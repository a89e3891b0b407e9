"""The trail's words for actions in an evaluation."""

from django.utils.translation import gettext_lazy as _

from miaoli_kaohsiung.audit.actions import register

OPEN = register("evaluation.open", _("開辦評鑑"))
DAYS = register("evaluation.days", _("修改評鑑日程"))
ADD = register("evaluation.add", _("列入評鑑"))
ASSESS = register("evaluation.assess", _("填寫自評"))
ASSIGN = register("evaluation.assign", _("指派評鑑委員"))
TAKE_BACK = register("evaluation.take_back", _("收回評鑑指派"))
DECLARE = register("evaluation.declare", _("聲明利害關係"))
FIND = register("evaluation.find_interest", _("比對出利害關係"))
SCORE = register("evaluation.score", _("評分"))
SUBMIT = register("evaluation.submit", _("送出評分表"))
EXCUSE = register("evaluation.excuse", _("填寫未受評原因"))
DIFFICULTIES = register("evaluation.difficulties", _("填寫困難與需要"))
CLOSE = register("evaluation.close", _("結束評分"))
REOPEN = register("evaluation.reopen", _("重新開放評分"))
DROP_MODERATION = register("evaluation.drop_moderation", _("重新開放評分，調整的總分作廢"))
PUBLISH = register("evaluation.publish", _("公布評鑑結果"))
