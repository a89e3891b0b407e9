from django.core.files.base import ContentFile

from miaoli_kaohsiung.lib.hashed_static import HashedStaticFilesStorage


def stored(tmp_path, files):
    storage = HashedStaticFilesStorage(location=tmp_path, base_url="/static/")
    for name, text in files.items():
        storage.save(name, ContentFile(text.encode()))
    for _name, _hashed, problem in storage.post_process({name: (storage, name) for name in files}):
        if isinstance(problem, Exception):
            raise problem
    return storage


def test_our_modules_find_each_other_under_hashed_names(tmp_path):
    storage = stored(
        tmp_path, {"js/budget.js": 'import { x } from "./money.js";', "js/money.js": "export const x = 1;"}
    )
    budget, money = storage.stored_name("js/budget.js"), storage.stored_name("js/money.js")
    assert (tmp_path / budget).read_text() == f'import {{ x }} from "./{money.removeprefix("js/")}";'


def test_the_same_words_in_a_comment_of_others_are_left_alone(tmp_path):
    text = '// use it as: import htmx from "./htmx";'
    storage = stored(tmp_path, {"others/ext.js": text})
    assert (tmp_path / storage.stored_name("others/ext.js")).read_text() == text
