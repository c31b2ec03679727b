"""Heat map: one row a name, one column a bucket, the darker the more."""

import pandas as pd

from dashboard.charts.layout import LABEL_WIDTH, ROW_HEIGHT, WIDE_LABEL, Chart, days, escape, layout, short, time_axis
from dashboard.charts.lines import when
from dashboard.theme import Look
from dashboard.words import Words


def by_bucket(frame: pd.DataFrame, names: dict[str, str], words: Words, look: Look, title: str, freq: str) -> Chart:
    """frame: a series by a breakdown; names: key → name, in the order shown."""
    table = frame.pivot(index="key", columns="bucket", values="n").reindex(list(names))
    rows = [escape(short(name, LABEL_WIDTH if look.touch else WIDE_LABEL)) for name in names.values()]
    figure = {
        "data": [
            {
                "type": "heatmap",
                "x": days(table.columns.to_series()),
                "y": rows,
                "z": [[None if pd.isna(n) else int(n) for n in row] for row in table.to_numpy()],
                "meta": list(names),
                "colorscale": [[0, look.heat[0]], [1, look.heat[1]]],
                "xgap": 1 if table.shape[1] < 60 else 0,
                "ygap": 2,
                "showscale": False,
                "hovertemplate": "%{y}<br>@<br><b>%{z:,}</b><extra></extra>".replace("@", when(words, freq)),
            }
        ],
        "layout": layout(
            look,
            height=ROW_HEIGHT * len(rows) + 56,
            margin={"l": 8, "r": 12, "t": 8, "b": 36},
            xaxis=time_axis(look, words, frame["bucket"]),
            yaxis={"type": "category", "autorange": "reversed", "automargin": True, "ticks": "", "fixedrange": True},
        ),
    }
    totals = table.sum(axis=1).sort_values(ascending=False)
    listed = ", ".join(f"{names[key]} {words.number(total)}" for key, total in totals.head(5).items())
    return Chart(figure, words("alt.bars", title=title, listed=listed))
