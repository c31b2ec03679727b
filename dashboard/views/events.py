"""Events: what happened when, and what the coverage did around a date."""

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from analysis import event_study, queries
from analysis.event_study import MIN_PLACEBOS, WINDOW, Study
from dashboard import bar, panel, summary, trendlines
from dashboard.charts import marks, study
from dashboard.charts.measures import COUNT, SHARE, TONE, Measure, written
from dashboard.data import ask, events
from dashboard.panel import Panel
from dashboard.reader import Reader
from dashboard.safe import markdown
from dashboard.words import MISSING

MEASURES: dict[str, Measure] = {"volume": replace(COUNT, digits=1), "share": SHARE, "sentiment": TONE}
"""What an event study can look at → how its line is drawn."""

MOST_OVERLAPPING = 5


def show(reader: Reader) -> None:
    words = reader.words
    st.title(words("page.events"), anchor=False)
    frame = trendlines.whole_series(reader)
    if not summary.enough(reader, frame):
        return
    panel.show(reader, trendlines.total(reader, "coverage", COUNT))
    known = events()
    st.subheader(words("study.title"), anchor=False)
    st.caption(words("study.note", window=WINDOW))
    day, outcome = _controls(reader, known)
    _study(reader, day, outcome)
    inside = known[(known["date"].dt.date >= reader.first) & (known["date"].dt.date <= reader.last)]
    st.subheader(words("events.list", n=len(inside)), anchor=False)
    shown = pd.DataFrame(
        {
            words("events.date"): inside["date"].dt.date,
            words("events.event"): inside["label_zh" if words.language == "zh" else "label_en"],
            words("events.source"): inside["source"],
        }
    )
    wide = {words("events.event"): st.column_config.Column(width="large")}
    st.dataframe(shown, hide_index=True, placeholder=MISSING, alt=words("page.events"), column_config=wide)


def _controls(reader: Reader, known: pd.DataFrame) -> tuple[date, str]:
    """The date under study, chosen from the known events or freely, and what to look at."""
    words, state = reader.words, st.session_state
    names = {event.date.date(): marks.label(event, words) for event in known.itertuples()}
    day = state.get("event_day") or _busiest(reader, known)
    state["event_day"] = state["known_event"] = day
    bar.keep("outcome", MEASURES, "volume")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(words("study.event"), sorted({*names, day}), key="known_event", width=520, on_change=_take_known,
                     format_func=lambda day: names.get(day, words.day(day)))  # fmt: skip
        st.date_input(words("study.day"), key="event_day", format="YYYY-MM-DD", width=150)
        outcome = st.selectbox(words("study.outcome"), list(MEASURES), key="outcome", width=170, filter_mode=None,
                               format_func=lambda name: words(f"study.{name}"))  # fmt: skip
    return day, outcome


def _take_known() -> None:
    st.session_state["event_day"] = st.session_state["known_event"]


def _busiest(reader: Reader, known: pd.DataFrame) -> date:
    """The event around which most was written, else the middle of the period."""
    chosen = marks.choose(known, trendlines.daily_series(reader), most=1)
    return chosen["date"].iloc[0].date() if len(chosen) else reader.first + (reader.last - reader.first) / 2


def _study(reader: Reader, day: date, outcome: str) -> None:
    words = reader.words
    found: Study = ask(event_study.study, reader.selection, day, outcome)
    st.markdown(in_words(found, MEASURES[outcome], words))
    for note in notes(found, words):
        st.caption(markdown(note))
    side = timedelta(days=WINDOW)
    near = replace(reader.selection, start=day - side, end=day + side - timedelta(days=1))
    asked = {"freq": "day", "bands": False}
    frame = ask(queries.series, near, **asked)
    if frame.empty:
        return
    title = words("study.chart", what=words(f"study.{outcome}"), day=words.day(day))
    chart = study.around(frame, found, MEASURES[outcome], words, reader.look, title)
    around = replace(reader, selection=near, first=near.start, last=near.end, freq="day")
    panel.show(around, Panel("study", title, words("study.line"), chart, frame, asked))


def in_words(found: Study, measure: Measure, words) -> str:
    """The study in sentences that describe and claim no cause."""
    if not found.enough:
        return words("study.too_little", before=found.n_before, after=found.n_after)
    low, high = found.interval
    text = words(
        "study.text",
        before=written(found.before, measure, words), n_before=words.number(found.n_before),
        after=written(found.after, measure, words), n_after=words.number(found.n_after),
        low=difference(low, measure, words), high=difference(high, measure, words),
        effect=difference(found.effect, measure, words),
    )  # fmt: skip
    if found.p_placebo is None:
        return text
    return text + words("study.placebo", p=words.percent(found.p_placebo), n=words.number(found.placebo_dates))


def notes(found: Study, words) -> list[str]:
    """What a reader must know of a study, beside what `in_words` says."""
    said = {"outside": {"day": words.day(found.date)}, "no_placebo": {"least": MIN_PLACEBOS}, "pretrend": {}}
    lines = [words(f"study_note.{note}", **said[note]) for note in found.notes if note in said]
    if found.overlapping:
        known = events().itertuples()
        named = {f"{event.date:%Y-%m-%d} {event.label_en}": marks.label(event, words) for event in known}
        inside = [named[event] for event in found.overlapping[:MOST_OVERLAPPING]]
        lines.append(words("study.overlapping", events=words("study.semicolon").join(inside)))
    return lines


def difference(value: float, measure: Measure, words) -> str:
    """A difference with its sign."""
    sign = "+" if value >= 0 else "\u2212"
    return words.score(value) if measure.signed else sign + written(abs(value), measure, words)
