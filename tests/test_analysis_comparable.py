import json

import numpy as np
import pandas as pd
import pytest

from analysis.__main__ import COMMANDS
from analysis.comparable import as_if_unchanged, fixed_panel, outlet_effects, own_baseline, smoothed, standardised_index
from ingest.commands import dispatch
from tests.stores import filled_store

WEEKS = pd.date_range("2021-01-04", periods=60, freq="W-MON")


def by_source(**shares):
    """A series by source: outlet → (n, n_all, mean) for every week."""
    frames = []
    for outlet, (n, n_all, mean) in shares.items():
        frame = pd.DataFrame({"bucket": WEEKS[: len(n)], "key": outlet, "n": n, "n_all": n_all, "mean": mean})
        frames.append(frame)
    frame = pd.concat(frames, ignore_index=True)
    share = frame["n"] / frame["n_all"].where(frame["n_all"] > 0)
    half = 0.1
    return frame.assign(
        share=share, n_scored=frame["n"], partial=False, gap=frame["n_all"] == 0,
        lo=frame["mean"] - half, hi=frame["mean"] + half,
    )  # fmt: skip


def test_the_index_by_hand():
    # A: shares .1 .2 .3, deviation .1 -> 1 2 3; B: .02 .02 .08, deviation .034641 -> .57735 .57735 2.3094
    frame = by_source(A=([10, 20, 30], 100, 0.0), B=([2, 2, 8], 100, 0.0))
    means = np.array([1.57735, 2.57735, 5.3094]) / 2
    assert standardised_index(frame)["index"].to_numpy() == pytest.approx(100 * means / means.mean(), rel=1e-4)


def test_an_outlet_a_hundred_times_larger_does_not_lead_the_index():
    rng = np.random.default_rng(0)
    small = rng.poisson(10, 60)
    frame = by_source(A=(small, 100, 0.0), B=(np.full(60, 5) + np.arange(60) % 2, 100, 0.0))
    large = by_source(A=(small * 100, 10_000, 0.0), B=(np.full(60, 5) + np.arange(60) % 2, 100, 0.0))
    assert standardised_index(frame)["index"].to_numpy() == pytest.approx(standardised_index(large)["index"].to_numpy())


def test_the_panel_is_made_of_outlets_that_were_there_all_along():
    frame = by_source(A=(np.ones(60), 10, 0.0), B=(np.ones(60), np.r_[np.zeros(20), np.full(40, 10)], 0.0))
    assert fixed_panel(frame) == ["A"]


def test_outlets_that_join_do_not_move_the_tone():
    rng = np.random.default_rng(1)
    true = 0.2 * np.sin(np.arange(60) / 6)
    late = np.r_[np.zeros(30, int), np.full(30, 40)]
    frame = by_source(
        friendly=(np.full(60, 20), 100, true + 0.3 + rng.normal(0, 0.02, 60)),
        sober=(np.full(60, 20), 100, true + rng.normal(0, 0.02, 60)),
        hostile=(late, 100, np.where(late > 0, true - 0.5 + rng.normal(0, 0.02, 60), np.nan)),
    )
    plain = frame.assign(s=frame["mean"] * frame["n"]).groupby("bucket")[["s", "n"]].sum()
    jump_plain = step((plain["s"] / plain["n"]).to_numpy() - true)
    jump = step(outlet_effects(frame)["mean"].to_numpy() - true)
    assert jump_plain < -0.25
    assert abs(jump) < 0.01


def step(values):
    return values[30:].mean() - values[:30].mean()


def test_change_is_measured_against_the_own_past_only():
    frame = by_source(state=([10] * 4, 100, [0.5, 0.5, 0.5, 0.1]), trade=([10] * 4, 100, [-0.4] * 4))
    found = own_baseline(frame, buckets=2).set_index("key")
    assert found.loc["state", "baseline"].tolist()[1:] == pytest.approx([0.5, 0.5, 0.5])
    assert found.loc["state", "change"].tolist()[1:] == pytest.approx([0, 0, -0.4])
    assert found.loc["trade", "change"].tolist()[1:] == pytest.approx([0, 0, 0])
    reach = np.hypot(0.1, 0.1 / np.sqrt(2))
    assert found.loc["state", "change_hi"].iloc[3] == pytest.approx(-0.4 + reach)


def test_smoothing_weighs_by_articles_and_never_looks_ahead():
    frame = by_source(A=([10, 30, 10, 10], 100, [0.0, 0.4, 0.0, 1.0]))
    smooth = smoothed(frame, 2)["mean_smooth"].to_numpy()
    assert np.isnan(smooth[0])
    assert smooth[1:].tolist() == pytest.approx([0.3, 0.3, 0.5])
    longer = by_source(A=([10, 30, 10, 10, 99], 100, [0.0, 0.4, 0.0, 1.0, -1.0]))
    assert smoothed(longer, 2)["mean_smooth"].to_numpy()[:4] == pytest.approx(smooth, nan_ok=True)


def test_the_command_prints_a_row_a_bucket_of_the_panel(tmp_path, monkeypatch, capsys):
    stays = [{"day": f"2021-{month:02}-03", "outlet": "Stays", "score": 0.5} for month in (1, 2, 3) for _ in range(5)]
    joins = [{"day": "2021-03-04", "outlet": "Joins", "score": -0.5} for _ in range(5)]
    monkeypatch.setenv("LIANWATCH_STORE", filled_store(tmp_path / "s.duckdb", [*stays, *joins]).url)
    for arguments, outlets in (["--fixed-panel"], 1), ([], 2):
        assert dispatch("analysis", COMMANDS, ["comparable", "--json", *arguments]) == 0
        found = json.loads(capsys.readouterr().out)
        assert found["outlets"] == outlets
        assert [row["bucket"] for row in found["rows"]] == ["2021-01-01", "2021-02-01", "2021-03-01"]
        assert [row["mean"] for row in found["rows"]] == pytest.approx([found["rows"][0]["mean"]] * 3)
    assert as_if_unchanged(by_source(A=([1], 10, 0.5)))["n_scored"].tolist() == [1]
