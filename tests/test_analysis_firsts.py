"""Who had a story first, and how often."""

from analysis.firsts import firsts
from analysis.selection import Selection
from tests.stores import filled_store

SHARED = [
    {"id": "x1", "day": "2019-10-25", "outlet": "Harbour Daily", "story": "x1"},
    {"id": "x2", "day": "2019-10-26", "outlet": "Ridge Post", "story": "x1"},
    {"id": "y1", "day": "2019-10-27", "outlet": "Harbour Daily", "story": "y1"},
    {"id": "y2", "day": "2019-10-28", "outlet": "Harbour Daily", "story": "y1"},
    {"id": "z1", "day": "2019-10-29", "outlet": "Ridge Post"},
]


def counted(store, selection):
    return [tuple(row) for row in firsts(store, selection).itertuples(index=False)]


def test_only_stories_of_several_outlets_have_a_first(tmp_path):
    store = filled_store(tmp_path / "store.duckdb", SHARED)
    assert counted(store, Selection()) == [("Harbour Daily", 1, 1), ("Ridge Post", 0, 1)]


def test_who_was_first_does_not_depend_on_the_filter(tmp_path):
    store = filled_store(tmp_path / "store.duckdb", SHARED)
    assert counted(store, Selection(outlets=("Ridge Post",))) == [("Ridge Post", 0, 1)]
