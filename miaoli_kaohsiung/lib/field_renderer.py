"""Draws the plain fields of forms: one line, a number, a box to tick, a long text, a list of choices.

Django draws each from three templates and each choice from another; a list has up to fourteen fields, so that they took
longer than its rows. Here the same markup is written at once. What this module does not know is drawn from its template.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.safestring import SafeData

from .markup import escaped

Widget = Mapping[str, Any]

_INPUTS = ("text", "number", "hidden", "checkbox", "date", "password", "tel", "url", "search", "color", "file")


class FieldRenderer(TemplatesSetting):
    """The portal's FORM_RENDERER."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        draw = _DRAWN.get(template_name)
        return draw(context["widget"]) if draw else super().render(template_name, context, request)


def _written(value: Any) -> str:
    """Return a value as the filter `stringformat` gives it: an object that is no text is escaped whatever it says of itself."""
    return escaped(value if isinstance(value, SafeData) else str(value))


def _attributes(widget: Widget) -> str:
    known = [(escaped(name), value) for name, value in widget["attrs"].items() if value is not False]
    return "".join([f" {name}" if value is True else f' {name}="{_written(value)}"' for name, value in known])


def _input(widget: Widget) -> str:
    value = "" if widget["value"] is None else f' value="{_written(widget["value"])}"'
    return f'<input type="{escaped(widget["type"])}" name="{escaped(widget["name"])}"{value}{_attributes(widget)}>'


def _textarea(widget: Widget) -> str:
    words = escaped(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{escaped(widget["name"])}"{_attributes(widget)}>\n{words}</textarea>'


def _select(widget: Widget) -> str:
    """Draw a list of choices, in their groups; only a choice's value and words are drawn, and whether it is chosen."""
    drawn = []
    for group, choices, _place in widget["optgroups"]:
        options = "".join(
            [
                f'<option value="{_written(one["value"])}"{" selected" if one["selected"] else ""}>{escaped(one["label"])}</option>'
                for one in choices
            ]
        )
        drawn.append(f'<optgroup label="{escaped(group)}">{options}</optgroup>' if group else options)
    return f'<select name="{escaped(widget["name"])}"{_attributes(widget)}>{"".join(drawn)}</select>'


_DRAWN: dict[str, Callable[[Widget], str]] = {
    **{f"django/forms/widgets/{name}.html": _input for name in _INPUTS},
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/select.html": _select,
}
