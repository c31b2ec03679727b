"""Events: what happened when, and what the coverage did around a date."""

import streamlit as st

from dashboard import panel, summary, trendlines
from dashboard.charts import marks
from dashboard.charts.lines import COUNT
from dashboard.data import events
from dashboard.reader import Reader
from dashboard.safe import markdown


def show(reader: Reader) -> None:
    words = reader.words
    st.title(words("page.events"), anchor=False)
    frame = trendlines.whole_series(reader)
    if not summary.enough(reader, frame):
        return
    panel.show(reader, trendlines.total(reader, "coverage", COUNT, frame))
    known = events()
    inside = known[(known["date"].dt.date >= reader.first) & (known["date"].dt.date <= reader.last)]
    st.subheader(words("events.list", n=len(inside)), anchor=False)
    st.markdown("\n".join(f"- {markdown(marks.label(event, words))}" for event in inside.itertuples()))
