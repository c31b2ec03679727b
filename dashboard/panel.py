"""A chart with everything a reader can do with it: read its table, save it, open the articles behind a point.

A panel is a fragment: a click in it redraws the panel alone. A brush over a time axis narrows the period of the page.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from analysis.selection import Breakdown, Selection
from dashboard import bar, browser, downloads, happening, method_text, safe, stories
from dashboard.charts.layout import Chart
from dashboard.charts.ready import ReadyFigure
from dashboard.data import series_csv
from dashboard.provenance import caption
from dashboard.reader import Reader
from dashboard.words import MISSING

CONFIG = {"displayModeBar": False, "displaylogo": False, "doubleClick": False, "scrollZoom": False}

NARROWEST_BRUSH_DAYS = 1
"""A box narrower than this is a slip of the hand, not a period."""


FIELDS: dict[Breakdown, str] = {
    "source": "outlets",
    "group": "groups",
    "language": "languages",
    "theme": "themes",
    "topic": "topics",
    "target": "targets",
}
"""Breakdown → field of Selection that a key narrows."""

CELL_FIELDS = ("targets", "groups", "languages")
"""The same for the parts of a cell's key."""


MOST_BEHIND = 8
"""Articles listed under a chart; all of them are on the page of stories."""


@dataclass(frozen=True, slots=True)
class Panel:
    """A chart on a page.

    `key` names the chart in files and in the page; `frame` is the answer of `queries.series` to the reader's selection
    with the options `asked`; `timed`: the x axis is time; `marks` explains the numbered events.
    """

    key: str
    title: str
    note: str
    chart: Chart
    frame: pd.DataFrame
    asked: dict
    timed: bool = True
    marks: tuple[str, ...] = ()

    @property
    def freq(self) -> str:
        return self.asked["freq"]

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of Selection that a mark's key belongs to."""
        by = self.asked.get("by", "none")
        return CELL_FIELDS if by == "cell" else (FIELDS[by],) if by in FIELDS else ()

    def parts(self, key: str) -> list[tuple[str, str]]:
        """Field and value for each part of a key."""
        return list(zip(self.fields, key.split(" ") if len(self.fields) > 1 else [key], strict=False))


@st.fragment
def show(reader: Reader, panel: Panel) -> None:
    """Draw a panel."""
    if st.session_state.pop(f"narrowed_{panel.key}", False):
        st.rerun(scope="app")
    with st.container(key=f"panel_{panel.key}", gap="xsmall"):
        st.subheader(panel.title, anchor=False)
        st.caption(panel.note)
        _chart(panel)
        if panel.marks:
            st.caption(safe.markdown("\u2003".join(panel.marks)))
        _tools(reader, panel)
        _clicks(reader, panel)
        _behind(reader, panel)


def _chart(panel: Panel) -> None:
    chart_key = f"chart_{panel.key}"
    brush = {"on_select": lambda: _brush(panel, chart_key), "selection_mode": "box"} if panel.timed else {}
    figure = ReadyFigure(panel.chart.figure)
    st.plotly_chart(figure, key=chart_key, theme=None, config=CONFIG, alt=panel.chart.alt, **brush)


def _clicks(reader: Reader, panel: Panel) -> None:
    """Listen to clicks on marks; below what is seen, since the listener takes up a line."""

    def open_mark(mark: dict) -> None:
        st.session_state[f"mark_{panel.key}"] = (reader.selection, panel.freq, mark)

    browser.on_mark_clicked(f"click_{panel.key}", f"panel_{panel.key}", open_mark)


def _tools(reader: Reader, panel: Panel) -> None:
    words = reader.words
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        tabled = st.toggle(words("panel.table"), key=f"table_{panel.key}")
        popover = st.popover(words("panel.save"), icon=":material/download:", key=f"save_{panel.key}",
                             on_change="rerun", type="tertiary")  # fmt: skip
        method_text.button(words, panel.key)
    if popover.open:
        with popover:
            _files(reader, panel)
    if tabled:
        st.dataframe(table(reader, panel), hide_index=True, placeholder=MISSING, alt=panel.title)


def _files(reader: Reader, panel: Panel) -> None:
    words, notes = reader.words, caption(reader, panel.title, panel.note, panel.freq, panel.marks)
    name = downloads.file_name(panel.key, reader.first, reader.last, panel.freq)
    figure = downloads.with_caption(panel.chart, notes, reader.look)
    browser.image_buttons(f"image_{panel.key}", figure, name, words("panel.working"), words("panel.failed"))
    with st.container(horizontal=True, gap="small"):
        st.download_button("CSV", lambda: series_csv(reader.selection, panel.asked), f"{name}.csv", "text/csv",
                           key=f"csv_{panel.key}", on_click="ignore")  # fmt: skip
        st.download_button(
            "HTML", lambda: downloads.page_html(figure, notes, panel.chart.alt, words.language), f"{name}.html",
            "text/html", key=f"html_{panel.key}", on_click="ignore",
        )  # fmt: skip
    st.caption(words("panel.save_help"))


def table(reader: Reader, panel: Panel) -> pd.DataFrame:
    """The numbers of a panel as readers see them: names for ids, days for times, four digits."""
    shown = panel.frame.round(4)
    if panel.fields:
        shown = shown.assign(key=[" · ".join(reader.name(*part) for part in panel.parts(key)) for key in shown["key"]])
    else:
        shown = shown.drop(columns="key")
    if panel.freq == "whole":
        return shown.drop(columns=["bucket", "partial", "gap"])
    return shown.assign(bucket=shown["bucket"].dt.date)


def _behind(reader: Reader, panel: Panel) -> None:
    """The articles behind the mark that was clicked, as long as the same chart is shown."""
    selection, freq, mark = st.session_state.get(f"mark_{panel.key}") or (None, None, None)
    if (selection, freq) != (reader.selection, panel.freq):
        return
    narrowed, name = behind(reader, panel, mark)
    with st.container(border=True, key=f"behind_{panel.key}"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(f"**{reader.words('panel.behind', name=safe.markdown(name))}**")
            st.button(reader.words("panel.narrow"), key=f"narrow_{panel.key}", icon=":material/filter_alt:",
                      type="tertiary", on_click=_narrow, args=(panel, narrowed))  # fmt: skip
            st.button(reader.words("panel.close"), key=f"close_{panel.key}", icon=":material/close:", type="tertiary",
                      on_click=lambda: st.session_state.pop(f"mark_{panel.key}", None))  # fmt: skip
        if panel.timed:
            line = replace(narrowed, start=None, end=None)
            happening.show(reader, line, date.fromisoformat(str(mark["x"])[:10]), panel.freq)
        stories.show(reader, narrowed, key=panel.key, limit=MOST_BEHIND)


def behind(reader: Reader, panel: Panel, mark: dict) -> tuple[Selection, str]:
    """The selection of a mark (`x`, `key`), and its name for readers."""
    chosen, names = reader.selection, []
    for field, key in panel.parts(str(mark["key"] or "")):
        if key:
            chosen = replace(chosen, **{field: (int(key) if field == "topics" else key,)})
            names.append(reader.name(field, key))
    if panel.timed:
        first = date.fromisoformat(str(mark["x"])[:10])
        chosen = replace(chosen, start=max(first, reader.first), end=min(bucket_end(first, panel.freq), reader.last))
        names.append(reader.words.bucket(first, panel.freq))
    return chosen, " · ".join(names)


def _narrow(panel: Panel, to: Selection) -> None:
    bar.narrow(to, panel.timed)
    st.session_state[f"narrowed_{panel.key}"] = True


def bucket_end(first: date, freq: str) -> date:
    """Last day of the bucket that begins on `first`."""
    if freq == "month":
        return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return first + timedelta(days=6 if freq == "week" else 0)


def _brush(panel: Panel, chart_key: str) -> None:
    """Narrow the page's period to a box drawn over a time axis."""
    boxes = st.session_state[chart_key].selection.get("box") if panel.timed else None
    if not boxes:
        return
    first, last = sorted(date.fromisoformat(str(x)[:10]) for x in boxes[0]["x"])
    if (last - first).days >= NARROWEST_BRUSH_DAYS:
        bar.set_range(first, last)
        st.session_state[f"narrowed_{panel.key}"] = True
