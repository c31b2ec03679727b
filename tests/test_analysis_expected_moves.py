"""What is known to have happened to coverage must show in real headlines, and shocks without a Chinese act must not."""

import gzip
import json
from datetime import date

import pytest

from analysis import queries
from analysis.event_study import study
from analysis.selection import Selection
from ingest.commands import dispatch
from ingest.store import open_store

pytestmark = pytest.mark.shared

WINDOWS = (
    ("2017-08-15", "2017-10-15"),
    ("2021-04-15", "2021-06-30"),
    ("2021-09-01", "2021-10-31"),
    ("2022-11-01", "2022-11-30"),
)


@pytest.fixture(scope="module")
def store(shared, tmp_path_factory):
    """The recorded headlines of the windows, imported and annotated."""
    folder = tmp_path_factory.mktemp("moves")
    chosen = folder / "headlines.jsonl"
    with gzip.open(shared / "data" / "headlines.jsonl.gz", "rt", encoding="utf-8") as lines:
        kept = [line for line in lines if any(a <= json.loads(line)["date"][:10] <= b for a, b in WINDOWS)]
    chosen.write_text("".join(kept), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIANWATCH_STORE", str(folder / "s.duckdb"))
        assert dispatch("ingest", {"import": ""}, ["import", str(chosen)]) == 0
        assert dispatch("analysis", {"run": ""}, ["run", "--workers", "1"]) == 0
        yield open_store()


def whole(store, start, end, by):
    selection = Selection(start=date.fromisoformat(start), end=date.fromisoformat(end))
    return queries.series(store, selection, "whole", by, min_n=3).set_index("key")


def test_autumn_2017_is_ill_of_exchanges_and_led_by_the_ban(store):
    tones = whole(store, "2017-09-01", "2017-10-15", "target")
    assert tones.loc["exchanges", "hi"] < 0
    assert tones.loc["crypto", "mean"] < -0.2
    assert whole(store, "2017-09-01", "2017-10-15", "theme")["n"].idxmax() == "crypto_ban_enforcement"


def test_spring_2021_is_ill_of_crypto_and_worst_of_mining(store):
    tones = whole(store, "2021-05-12", "2021-06-30", "target")
    assert tones.loc["crypto", "hi"] < 0
    assert tones.loc["mining", "mean"] < tones.loc["crypto", "mean"]
    share = study(store, Selection(), date(2021, 5, 18), "share")
    assert share.interval[0] > 0


def test_september_2021_is_ill_of_crypto_with_less_of_mining_than_june(store):
    assert whole(store, "2021-09-24", "2021-10-31", "target").loc["crypto", "hi"] < 0
    june, autumn = (
        whole(store, *days, "theme") for days in (("2021-06-01", "2021-06-30"), ("2021-09-24", "2021-10-31"))
    )
    assert autumn["share"].get("mining_energy", 0) < june["share"]["mining_energy"]


def test_november_2022_moves_markets_and_not_the_rules(store):
    themes = whole(store, "2022-11-08", "2022-11-30", "theme")["n"]
    assert themes.idxmax() == "market_moves"


def test_where_there_is_too_little_nothing_is_claimed(store):
    assert not study(store, Selection(targets=("crypto",)), date(2017, 9, 4), "sentiment").enough
