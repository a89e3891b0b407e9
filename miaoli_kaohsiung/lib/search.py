"""The two ends of a search index in Chinese: what is written into a tsvector column, and what is searched in it."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQueryField, SearchVectorField
from django.db.models import BooleanField, F, Func, Q, TextField, Value
from django.db.models.functions import Cast

from miaoli_kaohsiung.lib import bigrams


def vector(*texts: str) -> Func:
    """Return the words of the texts as a tsvector, bypassing PostgreSQL's own parser, which knows no Chinese."""
    words = bigrams.of(" ".join(texts))
    return Func(
        Value(words, output_field=ArrayField(TextField())),
        function="array_to_tsvector",
        output_field=SearchVectorField(),
    )


def matching(field: str, typed: str, *, by_index: bool = True) -> Q | Func:
    """Return a condition for `.filter()`: every word typed is in the column. Nothing typed matches everything.

    With `by_index` false the index of words is not used: for words so frequent that reading the rows in the order of
    the list finds a page of them sooner than fetching and sorting them all.
    """
    words = bigrams.sought(typed)
    if not words:
        return Q()
    query = Cast(Value(" & ".join(f"'{word}'" for word in words), output_field=TextField()), SearchQueryField())
    if not by_index:
        return Func(F(field), query, function="ts_match_vq", output_field=BooleanField())
    return Func(F(field), query, template="%(expressions)s", arg_joiner=" @@ ", output_field=BooleanField())
