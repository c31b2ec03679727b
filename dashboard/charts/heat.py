"""Heat map: one row a name, one column a bucket, the stronger the colour the more."""

import pandas as pd

from dashboard.charts.layout import Chart, days, layout, name_room, row_height, row_label, time_axis
from dashboard.charts.lines import Line, gap_shapes, when
from dashboard.theme import Look
from dashboard.words import Words


def by_bucket(frame: pd.DataFrame, names: dict[str, str], words: Words, look: Look, title: str, freq: str) -> Chart:
    """frame: a series by a breakdown; names: key → name, in the order shown."""
    table = frame.pivot(index="key", columns="bucket", values="n").reindex(list(names)).fillna(0).astype(float)
    gaps = frame.groupby("bucket", as_index=False)["gap"].all()
    table.loc[:, gaps["gap"].to_numpy()] = float("nan")
    rows = [row_label(name, look) for name in names.values()]
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
            height=row_height(look) * len(rows) + 56,
            margin={"l": name_room(rows), "r": 12, "t": 8, "b": 36},
            xaxis=time_axis(look, words, frame["bucket"]),
            shapes=gap_shapes([Line("", gaps, 0)], look),
            yaxis={
                "type": "category",
                "autorange": "reversed",
                "automargin": True,
                "ticks": "",
                "fixedrange": True,
                "ticklabelstandoff": 4,
            },
        ),
    }
    totals = table.sum(axis=1).sort_values(ascending=False)
    listed = ", ".join(f"{names[key]} {words.number(total)}" for key, total in totals.head(5).items())
    return Chart(figure, words("alt.bars", title=title, listed=listed))
