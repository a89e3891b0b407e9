"""Two people at one form: which fields changed on this page, which elsewhere meanwhile, and which on both.

Besides its edition a page carries `seen`: a short digest of every stored field at that time. When an older page is
posted, the digests tell the three cases apart without keeping old versions: what changed only here is saved, what
changed only elsewhere is taken over, and for what changed on both the person is asked, with both texts side by side
(partials/conflicts.html). Nothing is overwritten that this page has not shown. Used by `grants.views.merging`; the
page's part is static/js/autosave.js.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

# Names of the hidden fields and of the choice at each conflict.
SEEN = "seen"
ASKED = "conflict-of"
CHOICE = "conflict:"
MINE, STORED = "mine", "stored"
_DIGITS = 6

Values = tuple[str, ...]
Pair = tuple[forms.BaseForm, forms.BaseForm]


@dataclass(frozen=True)
class Conflict:
    """A field that both changed: `name` as it is posted, both contents in words, and the stored one as the form posts
    it.
    """

    name: str
    label: str
    mine: str
    stored: str
    values: Values


@dataclass(frozen=True)
class Merge:
    """The result: `taken` are the fields that changed only elsewhere: name → (label, values as the form posts them)."""

    conflicts: list[Conflict] = field(default_factory=list)
    taken: dict[str, tuple[str, Values]] = field(default_factory=dict)


def seen(stored: Iterable[forms.BaseForm]) -> str:
    """Return what the page has seen: the digests of the fields of forms that hold what is stored."""
    return "".join(
        _digest([form.add_prefix(name)]) + _digest(values) for form in stored for name, values in _values(form).items()
    )


def merge(pairs: Iterable[Pair], was_seen: str, undecided: Iterable[str] = ()) -> Merge:
    """Compare each posted form with its counterpart of what is stored now. A field that the page had not seen counts as
    seen empty, so that the person is asked about an answer given elsewhere since, but not about an empty one.
    `undecided` names are asked about again.
    """
    known, asked = _read(was_seen), set(undecided)
    found = Merge()
    for posted, stored in pairs:
        kept = _values(stored)
        for name, mine in _values(posted).items():
            theirs = kept.get(name, ())
            if mine == theirs or name not in kept or _omitted(posted, name):
                continue
            full = posted.add_prefix(name)
            before = known.get(_digest([full]), _digest(()))
            if full not in asked and _digest(mine) == before:
                found.taken[full] = (_label(posted, name), theirs)
            elif full in asked or _digest(theirs) != before:
                words = (_in_words(posted, name, mine), _in_words(stored, name, theirs))
                found.conflicts.append(Conflict(full, _label(posted, name), *words, theirs))
    return found


def unresolved(data: QueryDict) -> list[str]:
    """Return the conflicts that a page asked about and the person has not decided."""
    return [name for name in data.getlist(ASKED) if data.get(CHOICE + name) not in (MINE, STORED)]


def resolved(data: QueryDict, stored: Iterable[forms.BaseForm]) -> QueryDict:
    """Return the post with the stored value for each field where the person chose it."""
    chosen = {name for name in data.getlist(ASKED) if data.get(CHOICE + name) == STORED}
    if not chosen:
        return data
    values = {form.add_prefix(name): kept for form in stored for name, kept in _values(form).items()}
    return laid_over(data, {name: values[name] for name in chosen if name in values})


def laid_over(data: QueryDict, values: Mapping[str, Values]) -> QueryDict:
    """Return a copy of the post with other values for some names; None removes the name."""
    copy = data.copy()
    for name, kept in values.items():
        copy.setlist(name, list(kept) or [""])
    return copy


def _values(form: forms.BaseForm) -> dict[str, Values]:
    """Return every field as the form would show it: read and written again if it can be read, else as typed."""
    if form.is_bound:
        form.is_valid()
    return {name: _value(form, name) for name in form.fields if not isinstance(form.fields[name], forms.FileField)}


def _value(form: forms.BaseForm, name: str) -> Values:
    readable = form.is_bound and name in getattr(form, "cleaned_data", {})
    value = form.fields[name].prepare_value(form.cleaned_data[name]) if readable else form[name].value()
    if isinstance(value, (list, tuple, set)):
        return tuple(sorted(str(part) for part in value))
    if value in (None, "", False):
        return ()
    return ("on",) if value is True else (str(value).replace("\r\n", "\n").strip(),)


def _omitted(form: forms.BaseForm, name: str) -> bool:
    """Return whether the field did not arrive, which is no blank."""
    widget = form.fields[name].widget
    return bool(widget.value_omitted_from_data(form.data, form.files, form.add_prefix(name)))


def _label(form: forms.BaseForm, name: str) -> str:
    return str(form[name].label)


def _in_words(form: forms.BaseForm, name: str, values: Values) -> str:
    words = {str(key): str(word) for key, word in getattr(form.fields[name], "choices", ())}
    if values == ("on",) and not words:
        return _("是")
    return "、".join(words.get(value, value) for value in values) or _("（空白）")


def _digest(values: Iterable[str]) -> str:
    return hashlib.blake2s("\x1f".join(values).encode(), digest_size=_DIGITS // 2).hexdigest()


def _read(text: str) -> dict[str, str]:
    """Return name digest → value digest; unreadable text counts as nothing seen."""
    wide = 2 * _DIGITS
    return {text[at : at + _DIGITS]: text[at + _DIGITS : at + wide] for at in range(0, len(text) - wide + 1, wide)}
