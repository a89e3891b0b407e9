from miaoli_kaohsiung.lib.kept import Recent


def test_what_nobody_asked_for_longest_goes_first():
    kept = Recent[str, int](2)
    kept.put("a", 1)
    kept.put("b", 2)
    assert kept.get("a") == 1
    kept.put("c", 3)
    assert [kept.get(key) for key in ("a", "b", "c")] == [1, None, 3]


def test_a_value_is_replaced():
    kept = Recent[str, int](2)
    kept.put("a", 1)
    kept.put("a", 2)
    kept.put("b", 3)
    assert [kept.get(key) for key in ("a", "b")] == [2, 3]
