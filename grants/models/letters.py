from django.db import models
from django.utils.translation import gettext_lazy as _

from grants.enums import letter_kinds
from miaoli_kaohsiung.accounts.county_field import CountyField


class LetterWords(models.Model):
    """A county's own words for a kind of letter, from a day on, in the place of the filed ones (grants/letters/filed/).

    Two people made the row; a later one replaces it from its day on. `grants.letters.words` says what a text may hold.
    """

    county = CountyField(_("縣"))
    kind = models.CharField(_("種類"), max_length=30, choices=letter_kinds)
    starts_on = models.DateField(_("起"))
    subject = models.CharField(_("主旨"), max_length=500)
    explanation = models.TextField(_("說明"), max_length=5000)
    action = models.TextField(_("擬辦"), max_length=2000, blank=True)
    originals = models.CharField(_("正本"), max_length=500, blank=True)
    copies = models.JSONField(_("副本"), default=list, blank=True)

    class Meta:
        verbose_name = _("公文用語")
        verbose_name_plural = _("公文用語")
        ordering = ["county", "kind", "-starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["county", "kind", "starts_on"], name="letter_words_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.county} {self.kind}"
