"""Bodies with a similar name are shown below the field while a name is typed."""

from django import forms
from django.utils.html import format_html


def show_alike(form: forms.BaseForm, name: str, url: str, *others: str) -> None:
    """Let the field ask `url` for similar names while somebody types; the values of `others` are sent with it."""
    field = form.fields[name]
    field.widget.attrs |= {
        "hx-get": url,
        "hx-trigger": "input changed delay:400ms",
        "hx-target": "#alike",
        "hx-sync": "this:replace",
    }
    if others:
        field.widget.attrs["hx-include"] = ", ".join(f"[name={other}]" for other in others)
    field.help_text = format_html('{} <span id="alike" class="d-block" role="status"></span>', field.help_text)
