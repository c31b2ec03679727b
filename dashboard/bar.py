"""The filter bar: widgets ⇄ `filters.Chosen` ⇄ the page's address.

The address leads when it changed by itself (first visit, back, forward); the widgets lead otherwise, and the address
follows. Values that the data do not offer fall out quietly.
"""

from dataclasses import replace
from functools import partial

import streamlit as st

from analysis import queries
from analysis.selection import Selection
from dashboard import browser, data, filters
from dashboard.data import ask
from dashboard.filters import FREQUENCIES, LISTS, PERIODS, Chosen, Days
from dashboard.words import LANGUAGES, Words
from ingest.store import Store

FACETS = {name: {"lang": "language"}.get(name, name) for name in LISTS}
"""Filter of several values → what `queries.facets` calls it."""

MOST_OPTIONS = 400
"""Values listed in one filter; the rarer ones are still found by a link or by search."""


def follow_address(page: str) -> None:
    """Take over the address where it is not the one this bar wrote last. Call before any widget is made.

    Streamlit drops the query string when the reader opens another page from the navigation: that is not a reset.
    """
    address = st.query_params.to_dict() and {name: st.query_params.get_all(name) for name in st.query_params}
    state = st.session_state
    turned_page = state.get("page", page) != page and not address
    if "written" not in state or (address != state["written"] and not turned_page):
        _fill(filters.parse(address))
    state["page"] = page


def write_address(chosen: Chosen) -> None:
    """Bring the address in line with the bar."""
    wanted = filters.query(chosen)
    if wanted != {name: st.query_params.get_all(name) for name in st.query_params}:
        st.query_params.from_dict(wanted)
    st.session_state["written"] = wanted


def interface_language() -> str:
    """Chosen, else the browser's."""
    return st.session_state.get("ui") or _browser_language()


def _browser_language() -> str:
    return "zh" if (st.context.locale or "").lower().startswith("zh") else "en"


def read() -> Chosen:
    """The state of the widgets."""
    state = st.session_state
    dates = state.get("dates") or ()
    start, end = dates if len(dates) == 2 else (None, None)
    return Chosen(
        language=state.get("ui") if state.get("ui") != _browser_language() else None,
        period="custom" if start else _one(state.get("period"), PERIODS, "main"),
        start=start,
        end=end,
        freq=_one(state.get("freq"), FREQUENCIES, "auto"),
        lists={name: tuple(state[name]) for name in LISTS if state.get(name)},
        search=" ".join(str(state.get("q") or "").split())[: filters.MOST_SEARCH],
        event=state.get("event_day"),
    )


def set_range(start, end) -> None:
    """Narrow the period to exact days; for callbacks, which run before the widgets are made."""
    st.session_state["dates"] = (min(start, end), max(start, end))
    st.session_state["period"] = "custom"


def narrow(to: Selection, period: bool) -> None:
    """Filter by the values of a selection, and by its days where its `period` counts; for callbacks."""
    for name, field in LISTS.items():
        if values := getattr(to, field):
            st.session_state[name] = [str(value) for value in values]
    if period:
        set_range(to.start, to.end)


def reset() -> None:
    """Back to everything, in the same language."""
    _fill(Chosen(language=st.session_state.get("ui")))


def show(words: Words, days: Days, topic_names: dict[str, str], on_phone: bool) -> None:
    """Draw the bar: in the open, or folded under a line where it would fill a phone's screen."""
    chosen = read()
    if on_phone:
        with st.expander(words("bar.fold"), icon=":material/tune:", key="fold"):
            _widgets(words, days, chosen, topic_names)
    else:
        _widgets(words, days, chosen, topic_names)
    if chosen.period == "main" and days.has_tail:
        with st.container(key="tail", horizontal=True, vertical_alignment="center", gap="small"):
            st.caption(words("bar.tail", day=words.bucket(days.main, "month")), width="content")
            st.button(words("bar.whole"), key="whole", on_click=_show_whole, type="tertiary")


def _widgets(words: Words, days: Days, chosen: Chosen, topic_names: dict[str, str]) -> None:
    _keep_offered(words, chosen, topic_names)
    with st.container(key="bar", horizontal=True, vertical_alignment="bottom", gap="small"):
        _period(words, days)
        _frequency(words)
        st.text_input(words("bar.search"), key="q", placeholder=words("bar.search_hint"), max_chars=filters.MOST_SEARCH,
                      width=165)  # fmt: skip
        # Their number in the label would close the box with every choice: another label is another box.
        several = st.popover(words("bar.filters"), icon=":material/tune:", key="filters", on_change="rerun")
        if several.open:
            with several:
                counted = ask(_counted, filters.selection(chosen, days))
                for name in LISTS:
                    _several(name, words, counted[name], topic_names)
        st.button(words("bar.reset"), key="reset", on_click=reset, disabled=not chosen.is_narrowed)
        with st.popover(words("bar.share"), key="share"):
            _share(words, chosen, days)
        st.segmented_control(words("bar.language"), list(LANGUAGES), key="ui", format_func=LANGUAGES.get,
                             label_visibility="collapsed")  # fmt: skip


def _counted(store: Store, selection: Selection) -> dict[str, dict[str, int]]:
    """Articles by filter and value, the most frequent first."""
    counted = queries.facets(store, selection, tuple(FACETS.values()))
    return {
        name: dict(zip(part["value"], part["n"].tolist(), strict=True))
        for name, facet in FACETS.items()
        for part in [counted[counted["facet"] == facet]]
    }


def _show_whole() -> None:
    st.session_state["period"] = "all"


def keep(key: str, allowed, default: str) -> None:
    """Hand a choice to its widget anew: the browser knows it by its label, which changes with the language."""
    st.session_state[key] = _one(st.session_state.get(key), allowed, default)


def _period(words: Words, days: Days) -> None:
    offered = [period for period in PERIODS if days.has_tail or period != "all"]
    names = {period: words(f"period.{period}", month=words.bucket(days.main, "month")) for period in offered}
    if not days.has_tail:
        names["main"] = words("period.all")
    keep("period", offered, "main")
    st.selectbox(words("bar.period"), offered, key="period", format_func=names.get,
                 on_change=_forget_dates, width=165, filter_mode=None)  # fmt: skip
    st.date_input(words("bar.dates"), key="dates", format="YYYY-MM-DD", on_change=_dates_changed,
                  min_value=filters.EARLIEST, max_value=filters.LATEST, width=250)  # fmt: skip


def _frequency(words: Words) -> None:
    keep("freq", FREQUENCIES, "auto")
    st.selectbox(words("bar.freq"), FREQUENCIES, key="freq", format_func=lambda f: words(f"freq.{f}"), width=95,
                 filter_mode=None)  # fmt: skip


def _several(name: str, words: Words, n: dict[str, int], topic_names: dict[str, str]) -> None:
    """One filter of several values with the count of each; a chosen value stays listed even where it has none."""
    listed = list(n)[:MOST_OPTIONS]
    options = [*listed, *(value for value in st.session_state[name] if value not in listed)]

    def label(value: str) -> str:
        shown = topic_names.get(value, value) if name == "topic" else words.name(name, value)
        if name == "entity" and words.knows(name, value):
            shown = words("bar.entity_kind", name=shown, kind=words.kind(value))
        return f"{shown} · {n.get(value, 0):,}"

    st.multiselect(words(f"bar.{name}"), options, key=name, format_func=label, placeholder=words("bar.any"),
                   select_all=False)  # fmt: skip


def _keep_offered(words: Words, chosen: Chosen, topic_names: dict[str, str]) -> None:
    """Let go of values that the data cannot offer; hold the others while their widgets are not drawn."""
    offered = {"outlet": ask(queries.outlets), "topic": topic_names, **filters.KNOWN}
    for name in LISTS:
        st.session_state[name] = [
            value for value in chosen.chosen(name) if value in offered.get(name, ()) or words.knows(name, value)
        ]


def _share(words: Words, chosen: Chosen, days: Days) -> None:
    browser.copy_button(words("bar.copy"), words("bar.copied"))
    rolling = chosen.start is None and chosen.period in ("7d", "30d", "90d", "1y", "3y")
    start, end = filters.span(chosen, days)
    st.button(words("bar.pin"), key="pin", on_click=set_range, args=(start, end), disabled=not rolling,
              help=words("bar.pin_help"))  # fmt: skip
    asked = replace(filters.selection(chosen, days), start=start, end=end)
    make = partial(data.report, asked, words.language)
    st.download_button(words("bar.report"), make, f"lianwatch_report_{start}_{end}.html", "text/html", key="report",
                       on_click="ignore")  # fmt: skip


def _forget_dates() -> None:
    if st.session_state["period"] != "custom":
        st.session_state["dates"] = ()


def _dates_changed() -> None:
    if len(st.session_state["dates"]) == 2:
        st.session_state["period"] = "custom"
    elif st.session_state["period"] == "custom":
        st.session_state["period"] = "main"


def _fill(chosen: Chosen) -> None:
    state = st.session_state
    state["period"], state["freq"], state["q"] = chosen.period, chosen.freq, chosen.search
    state["dates"] = (chosen.start, chosen.end) if chosen.start else ()
    for name in LISTS:
        state[name] = list(chosen.chosen(name))
    state["event_day"] = chosen.event
    state["ui"] = chosen.language or _browser_language()


def _one(value, allowed, default: str) -> str:
    return value if value in allowed else default
