"""Figures as Plotly itself checks them, from frames as `analysis.queries` gives them."""

import copy
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from plotly.graph_objects import Figure

from analysis.queries import SERIES_COLUMNS
from dashboard.charts import bars, grid, heat, layout, lines, marks, multiples
from dashboard.charts.lines import Line
from dashboard.charts.measures import COUNT, SHARE, TONE
from dashboard.theme import DARK, LIGHT
from dashboard.words import Words

ENGLISH, CHINESE = Words("en"), Words("zh")
HOSTILE = "<img src=x onerror=alert(1)> %{y} & co"


def series(buckets=10, key="", **columns):
    frame = pd.DataFrame(
        {
            "bucket": pd.date_range("2019-10-07", periods=buckets, freq="7D").astype("datetime64[us]"),
            "key": key, "n": 10, "n_stories": 8, "n_all": 40, "n_relevant": 20, "share": 0.25, "copy_ratio": 0.2,
            "n_scored": 10, "n_abstain": 1, "mean": 0.1, "lo": 0.0, "hi": 0.2, "vader": 0.0, "partial": False,
            "gap": False,
        }
    )  # fmt: skip
    return frame.assign(**columns).astype(SERIES_COLUMNS)


def drawn(chart):
    """The figure, after Plotly has accepted every property of it and JSON every value."""
    json.dumps(chart.figure)
    return Figure(**chart.figure)


def of_one(frame, measure=COUNT, words=ENGLISH, look=LIGHT, events=None):
    return lines.over_time([Line("", frame, 0)], measure, words, look, "Coverage", "week", events)


@pytest.mark.parametrize("look", [LIGHT, DARK])
@pytest.mark.parametrize("words", [ENGLISH, CHINESE])
@pytest.mark.parametrize("measure", [COUNT, SHARE, TONE])
def test_plotly_accepts_every_line_chart(measure, words, look):
    several = [Line(f"name {place}", series(key=str(place)), place, str(place)) for place in range(4)]
    drawn(of_one(series(), measure, words, look))
    drawn(lines.over_time(several[:3], measure, words, look, "Coverage", "week"))
    drawn(multiples.over_time(several, measure, words, look, "Coverage", "month"))


CELLS = series(3, mean=[-0.2, 0.3, np.nan], n_scored=[8, 9, 2]).assign(
    panel=["state", "state", "trade"], row=["crypto", "mining", "crypto"], language=["en", "zh", "en"], key="a b c"
)


@pytest.mark.parametrize("look", [LIGHT, replace(LIGHT, touch=True)])
def test_a_grid_has_a_small_chart_a_group_and_n_even_without_a_mean(look):
    chart = grid.by_cell(CELLS, ["state", "trade"], ["crypto", "mining"], lambda _, key: key, ENGLISH, look, "Grid")
    figure = drawn(chart)
    assert [trace.text for trace in figure.data if trace.mode == "text"] == [("n 8",), ("n 9",), ("n 2",)]
    assert figure.layout.yaxis.ticktext == ("crypto", "mining")
    assert (figure.layout.yaxis2.showticklabels is False) != look.touch
    assert "mining, state, zh +0.30" in chart.alt


def test_plotly_accepts_bars_and_the_heat_map():
    rows = series(3, mean=[-0.2, 0.3, np.nan]).assign(name=["a", HOSTILE, HOSTILE], key=["a", "b", "c"])
    drawn(bars.counts(rows, ENGLISH, LIGHT, "Outlets"))
    drawn(bars.tones(rows, ENGLISH, LIGHT, "Outlets"))
    drawn(heat.by_bucket(series(key="a"), {"a": "A", "b": "B"}, CHINESE, DARK, "Themes", "month"))


def test_the_heat_map_tells_no_article_from_nothing_collected():
    frame = series(3, key="a", n=[4, 0, 0], gap=[False, False, True])
    figure = heat.by_bucket(frame, {"a": "A", "b": "B"}, ENGLISH, LIGHT, "Themes", "week").figure
    assert figure["data"][0]["z"] == [[4, 0, None], [0, 0, None]]
    assert len(figure["layout"]["shapes"]) == 1


def test_a_long_name_of_a_row_takes_two_lines_on_a_phone():
    name = "Hong Kong, Web3, NFT and stablecoins"
    assert layout.row_label(name, LIGHT) == name
    assert layout.row_label(name, replace(LIGHT, touch=True)) == "Hong Kong, Web3, NFT<br>and stablecoins"


def test_a_tone_is_written_in_figures_beside_its_mark():
    written = bars.tones(series(2, mean=[-0.2, np.nan]).assign(name=["a", "b"]), ENGLISH, LIGHT, "Tone").figure["data"][
        1
    ]
    assert written["text"] == ["−0.20, n 10", ""]


def test_a_chart_never_writes_into_its_frame():
    frame = series()
    before = frame.copy(deep=True)
    of_one(frame, TONE)
    pd.testing.assert_frame_equal(frame, before)


def test_a_gap_breaks_the_line_and_is_shaded():
    figure = of_one(series(gap=[False] * 4 + [True] * 2 + [False] * 4)).figure
    assert figure["data"][0]["y"][4:6] == [None, None]
    assert len(figure["layout"]["shapes"]) == 1


def test_a_missing_mean_is_a_hole_in_line_and_band():
    hole = [np.nan] * 2 + [0.1] * 3 + [np.nan] * 2 + [0.1] * 3
    band, line = of_one(series(mean=hole, lo=hole), TONE).figure["data"]
    assert line["y"][5:7] == [None] * 2
    assert len([y for y in band["y"] if y is not None]) == 12
    assert band["x"].count(None) == 2


def test_a_band_without_a_hole_names_no_bucket():
    low, high, _ = of_one(series(lo=[np.nan] * 2 + [0.1] * 8), TONE).figure["data"]
    assert low["x0"] == high["x0"]
    assert low["y"] == [0.1] * 8
    assert high["fill"] == "tonexty"


def test_no_share_is_drawn_of_fewer_than_five_articles():
    assert of_one(series(n_all=[4] + [40] * 9), SHARE).figure["data"][0]["y"][0] is None


def test_a_cut_bucket_has_an_open_marker_and_says_so():
    trace = of_one(series(partial=[False] * 9 + [True])).figure["data"][0]
    assert trace["marker"]["symbol"][-2:] == [0, 100]  # circle, circle-open
    assert "not over yet" in trace["text"][-1]


def test_lines_differ_in_colour_dash_and_marker():
    several = [Line(str(place), series(), place, str(place)) for place in range(3)]
    traces = lines.over_time(several, COUNT, ENGLISH, LIGHT, "x", "week").figure["data"]
    for part in (lambda t: t["line"]["color"], lambda t: t["line"]["dash"], lambda t: t["marker"]["symbol"]):
        assert len({part(trace) for trace in traces}) == 3


def test_names_at_the_ends_of_lines_keep_apart():
    several = [Line(str(place), series(n=10 + place), place, str(place)) for place in range(3)]
    labels = lines.over_time(several, COUNT, ENGLISH, LIGHT, "x", "week").figure["layout"]["annotations"]
    places = sorted(label["y"] for label in labels)
    assert min(np.diff(places)) >= 15 * 12 * 1.08 / 236 - 1e-9


def test_a_name_from_a_feed_is_text_in_every_part_of_a_figure():
    several = [Line(HOSTILE, series(), place, str(place)) for place in range(4)]
    for chart in (
        lines.over_time(several[:2], COUNT, ENGLISH, LIGHT, "x", "week"),
        multiples.over_time(several, COUNT, ENGLISH, LIGHT, "x", "week"),
        bars.counts(series(1).assign(name=HOSTILE), ENGLISH, LIGHT, "x"),
    ):
        text = json.dumps(chart.figure)
        assert "<img" not in text
        assert "%{y} &" not in text


def test_the_text_alternative_names_peak_and_latest_value():
    assert of_one(series(n=[10] * 4 + [30] + [10] * 5)).alt == (
        "Line chart: Coverage, 7 Oct 2019 to 9 Dec 2019. Coverage: highest 30 (week of 4 Nov 2019), latest 10."
    )


def test_marks_are_the_events_most_was_written_about_and_keep_apart():
    days = pd.date_range("2019-01-01", periods=365, freq="D").astype("datetime64[us]")
    daily = pd.DataFrame({"bucket": days, "n": 1})
    daily.loc[daily["bucket"] == "2019-10-25", "n"] = 50
    dates = pd.to_datetime(["2019-03-01", "2019-10-24", "2019-10-25", "2020-05-01"]).astype("datetime64[us]")
    events = pd.DataFrame({"date": dates, "label_en": list("abcd"), "label_zh": list("甲乙丙丁")})
    chosen = marks.choose(events, daily)
    assert chosen["label_en"].tolist() in (["a", "b"], ["a", "c"])
    figure = drawn(of_one(series(), events=chosen))
    assert [annotation.text for annotation in figure.layout.annotations] == ["①", "②"]


def test_an_event_nobody_wrote_about_has_no_mark():
    days = pd.date_range("2019-01-01", periods=60, freq="D").astype("datetime64[us]")
    daily = pd.DataFrame({"bucket": days, "n": 0})
    daily.loc[10, "n"] = 3
    known = pd.DataFrame({"date": days[[10, 40]], "label_en": ["written about", "not"], "label_zh": ["", ""]})
    assert marks.choose(known, daily)["label_en"].tolist() == ["written about"]


def test_between_two_counts_stands_no_tick():
    assert of_one(series(n=1)).figure["layout"]["yaxis"]["dtick"] == 1
    assert "dtick" not in of_one(series(n=100)).figure["layout"]["yaxis"]


def test_a_figure_of_ten_years_by_week_is_small_on_the_wire():
    several = [Line(f"name {place}", series(520), place, str(place)) for place in range(6)]
    assert len(json.dumps(multiples.over_time(several, COUNT, ENGLISH, LIGHT, "x", "week").figure)) < 60_000


def test_building_twice_gives_the_same_figure():
    first = copy.deepcopy(of_one(series()).figure)
    assert of_one(series()).figure == first
