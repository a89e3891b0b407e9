"""The reader of tests/markup.py notices what it is there for; tests/test_bad_input.py asks it about every page."""

import pytest

from tests.markup import faults

SOUND = '<html><main id="content"><form id="a"><button>好</button></form><button form="a">好</button></main></html>'


@pytest.mark.parametrize(
    ("html", "found"),
    [
        (SOUND, []),
        # The dead button of a settlement's page: the browser takes the first element of the name, which is no form.
        (
            '<main id="content"></main><form id="content"></form><button form="content">好</button>',
            ["id 'content' stands 2 times"],
        ),
        ('<main id="a"></main><button form="a">好</button>', ["no form 'a': <button form='a'>"]),
        ('<a href="">看</a>', ["an empty address: <a href=''>"]),
        ("<button>好</button>", ["a button without a form: <button >"]),
        ('<form></form><input type="submit">', ["a button without a form: <input type='submit'>"]),
        ('<form><form id="b"></form></form>', ["a form inside a form: <form id='b'>"]),
        ('<button type="button">開</button>', []),
    ],
)
def test_faults_of_a_page(html, found):
    assert faults(html) == found
