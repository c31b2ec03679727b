"""A page without rollups, caches of answers or short connections: all articles in one pandas frame, filtered and drawn
in each run. Not a benchmark: the Streamlit script that `dashboard` serves beside ours, with two of its charts.
"""

import pandas as pd
import plotly.express as px
import streamlit as st

from ingest.store import open_store

SQL = """
    SELECT a.published, a.title, a.outlet, n.language, n.score, n.relevance
    FROM articles a JOIN annotations n ON n.article_id = a.id
    WHERE a.duplicate_of IS NULL AND a.published IS NOT NULL
"""
ROWS_SHOWN = 50


@st.cache_data
def articles() -> pd.DataFrame:
    return open_store().frame(SQL)


def chosen(frame: pd.DataFrame) -> pd.DataFrame:
    asked = st.query_params
    days = frame["published"].dt.tz_convert("Asia/Shanghai").dt.tz_localize(None).dt.normalize()
    wanted = pd.Series(True, index=frame.index)
    if "from" in asked:
        wanted &= days >= pd.Timestamp(asked["from"])
    if "to" in asked:
        wanted &= days <= pd.Timestamp(asked["to"])
    return frame[wanted].assign(day=days)


def show() -> None:
    frame = chosen(articles())
    by_week = frame.groupby(pd.Grouper(key="day", freq="W"))
    share = by_week["relevance"].apply(lambda said: (said == "yes").mean()).reset_index(name="share")
    st.plotly_chart(px.line(share, x="day", y="share"))
    relevant = frame[frame["relevance"] == "yes"]
    tone = relevant.groupby([pd.Grouper(key="day", freq="W"), "language"])["score"].mean().reset_index()
    st.plotly_chart(px.line(tone, x="day", y="score", color="language"))
    st.dataframe(relevant.nlargest(ROWS_SHOWN, "published"))


show()
