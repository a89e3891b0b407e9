from . import Route, World


def a_reminder(world: World) -> dict:
    return {"county": "kaohsiung", "code": "settlement.asked"}


ROUTES = {
    "grants:reminders": Route(),
    "grants:reminder": Route(a_reminder),
    "grants:reminder_edit": Route(a_reminder),
}
