"""The pages of filing as a browser meets them: signed in, read, posted."""

from django.test import Client

from grants.models import Application

from .filing import add_line


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(response) -> str:
    return response.content.decode()


def fresh(case) -> Application:
    return Application.objects.get(pk=case.pk)


def budget_post(case, **more):
    """What the browser posts of the budget page as it stands."""
    data = {"edition": fresh(case).edition, "command": "save"}
    for line in case.lines.all():
        for name in ("description", "unit_price", "requested", "own_funds", "other_funds", "person", "month"):
            value = getattr(line, name)
            data[f"line-{line.pk}-{name}"] = "" if value is None else str(value)
        for name, value in line.quantities.items():
            data[f"line-{line.pk}-{name}"] = str(value).lower() if isinstance(value, bool) else str(value)
    return data | more


def four_aides(staff, case) -> str:
    """A line that lies between the readings of A1; answers the name of its reason."""
    case.answers = {**case.answers, "elders": 40}
    case.save()
    add_line(staff, case, "elder_aide", requested=400, quantities={"persons": 4, "hours_per_day": "1", "days": 1})
    return "reason:K3.I.2.1.4b+K4.1.3.2b:"
