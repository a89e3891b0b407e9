from django import forms
from django.utils.translation import gettext_lazy as _

from grants.models import Application
from grants.services.applications.paper_batches import KINDS, case_for
from miaoli_kaohsiung.accounts.models import User
from miaoli_kaohsiung.files.fields import CheckedFileField
from miaoli_kaohsiung.lib.fields import field_of


class PaperBatchForm(forms.Form):
    scans = CheckedFileField(
        label=_("掃描檔"),
        kinds=("pdf", "jpeg", "png"),
        help_text=_("可以把很多件、很多頁掃成一個 PDF；順序、方向不拘。最多 80 頁。"),
    )


class PlaceForm(forms.Form):
    """The case of pages whose code was not read. `number` cleans to the case, `pages` to their numbers."""

    pages = forms.TypedMultipleChoiceField(
        label=_("哪幾頁？"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("不同案件的分開附；空白的頁不勾。"),
        error_messages={"required": _("請勾選要附的頁。")},
    )
    number = forms.CharField(label=_("案號"), max_length=20)
    kind = forms.ChoiceField(label=_("這是什麼？"), choices=list(KINDS.items()))

    def __init__(self, *args: object, user: User, numbers: list[int], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        self.user = user
        pages = field_of(self, "pages", forms.TypedMultipleChoiceField)
        pages.choices = [(number, _("第 %(number)d 頁") % {"number": number}) for number in numbers]
        pages.initial = numbers
        if len(numbers) == 1:
            del self.fields["pages"]

    def clean_number(self) -> Application:
        case = case_for(self.user, self.cleaned_data["number"])
        if case is None:
            raise forms.ValidationError(_("找不到這個案號，或不在您的轄區。"))
        return case
