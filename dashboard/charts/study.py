"""A daily line around a date, with the mean level before and after it."""

from datetime import timedelta

import pandas as pd

from analysis.event_study import Study
from dashboard.charts.layout import Chart
from dashboard.charts.lines import Line, over_time
from dashboard.charts.measures import Measure
from dashboard.theme import Look
from dashboard.words import Words


def around(frame: pd.DataFrame, study: Study, measure: Measure, words: Words, look: Look, title: str) -> Chart:
    """frame: the series by day of the study's window on both sides."""
    chart = over_time([Line("", frame, 0)], measure, words, look, title, "day")
    day, side = study.date, timedelta(days=study.window)
    if study.enough:
        chart.figure["data"] += [
            _level(day - side, day - timedelta(days=1), study.before, words("study.before"), measure, look),
            _level(day, day + side - timedelta(days=1), study.after, words("study.after"), measure, look),
        ]
    chart.figure["layout"]["shapes"].append(
        {
            "type": "line", "x0": day.isoformat(), "x1": day.isoformat(), "y0": 0, "y1": 1, "yref": "paper",
            "line": {"color": look.text, "width": 1.5},
        }
    )  # fmt: skip
    return chart


def _level(first, last, value: float, name: str, measure: Measure, look: Look) -> dict:
    return {
        "type": "scatter", "mode": "lines", "x": [first.isoformat(), last.isoformat()], "y": [value, value],
        "name": name, "line": {"color": look.negative, "width": 3, "dash": "dash"},
        "hovertemplate": f"{name}: %{{y:{measure.hoverformat}}}<extra></extra>",
    }  # fmt: skip
