"""A letter as an officer sends it off: its values and its dispatch number."""

import datetime as dt

from grants.services.letters import dispatch

NUMBER = "府社區字第0990001234號"
TODAY = dt.date(2010, 6, 1)
VALUES = {
    "subject": "新的主旨，請查照。",
    "explanation": ["一點"],
    "originals": "某會",
    "copies": "",
    "urgency": "速件",
    "file_number": "0990301",
    "retention": "10",
    "contact_name": "示範員",
    "contact_phone": "",
    "contact_email": "",
}


def issue(people, letter, number=NUMBER, on=TODAY):
    return dispatch.issue(people.officer, letter, dispatch_number=number, dispatched_on=on)


def form_data(page, **changed):
    """What the draft's page would post."""
    form = page.context["form"]
    data = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in data.items() if value not in (None, False)} | changed
