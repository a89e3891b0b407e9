"""What is typed is kept on the device until it is sent (static/js/copies.js): never numbers of identity or bank accounts, nor
passwords and codes. The script knows them by the name of their field; here each form of the portal is asked for its fields.
"""

import importlib
import pkgutil
import re

from django import forms
from django.conf import settings

NEVER = re.compile(
    re.search(r"const NEVER = /(.*)/;", (settings.BASE_DIR / "static/js/copies.js").read_text("utf-8"))[1]
)
ROOMS = ("miaoli_kaohsiung", "communities", "grants", "evaluation")
# Labels by which such a field is known whatever its name is; of an account of the portal (登入帳號, by mail) none is meant.
SOUNDS = re.compile("身分證|(?<!登入)帳號(?!或)|機構代|密碼|報到碼|開通碼|驗證碼")


def every_form() -> set[type[forms.BaseForm]]:
    for room in ROOMS:
        for module in pkgutil.walk_packages(importlib.import_module(room).__path__, f"{room}."):
            if "form" in module.name:
                importlib.import_module(module.name)
    found, open_ones = set(), [forms.BaseForm]
    while open_ones:
        classes = open_ones.pop().__subclasses__()
        found.update(classes)
        open_ones.extend(classes)
    return {one for one in found if one.__module__.split(".")[0] in ROOMS}


def test_no_such_field_is_kept_whatever_form_it_stands_in():
    delicate, kept = set(), set()
    for form in every_form():
        for name, field in getattr(form, "base_fields", {}).items():
            if (
                SOUNDS.search(str(field.label or ""))
                and isinstance(field, forms.CharField)
                and "信箱" not in str(field.label)
                and not isinstance(field.widget, forms.PasswordInput)
                and name != "login"
            ):
                (delicate if NEVER.search(f"row-0-{name}") or NEVER.search(name) else kept).add(
                    f"{form.__name__}.{name}"
                )
    assert kept == set()
    assert {
        "RosterRowForm.national_id",
        "BankForm.bank_account",
        "BankForm.bank_code",
        "DetailsForm.bank_account",
    } <= delicate


def test_what_is_kept_is_what_the_script_says():
    names = [
        "national_id",
        "row-3-national_id",
        "bank_code",
        "bank_account",
        "password",
        "password1",
        "pass_code",
        "code",
    ]
    assert [name for name in names if not NEVER.search(name)] == []
    names = ["bank_account_name", "township_code", "payee", "reason", "display_name", "code_name"]
    assert [name for name in names if NEVER.search(name)] == []
