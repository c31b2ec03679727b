"""The page around every view: language, navigation, notices, filter bar, and the watch for new data."""

import logging
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import streamlit as st

from analysis import queries
from analysis.selection import Selection
from dashboard import bar, data, filters, login, provenance, theme
from dashboard.data import ask
from dashboard.filters import Chosen
from dashboard.reader import Reader
from dashboard.safe import markdown
from dashboard.words import LANGUAGES, Words
from ingest import config
from ingest.errors import LianwatchError
from ingest.store import Store

VIEWS = {
    "overview": ":material/space_dashboard:",
    "sentiment": ":material/thumbs_up_down:",
    "topics": ":material/workspaces:",
    "themes": ":material/grid_on:",
    "sources": ":material/newspaper:",
    "events": ":material/event:",
    "stories": ":material/article:",
    "method": ":material/info:",
}
"""View (a module of `dashboard.views` with `show(reader)`) → icon, in the order of the navigation, front page first."""

ASSETS = Path(__file__).with_name("assets")

LOOK_EVERY_SECONDS = 15
"""How often an open page asks whether the data have changed: one small read."""


def run() -> None:
    """One run of the page."""
    st.set_page_config(page_title="Lianwatch 链", page_icon=str(ASSETS / "icon.svg"), layout="wide")
    st.html(ASSETS / "page.css")
    words = Words(bar.interface_language())
    login.stop_strangers(words)
    try:
        with data.one_run():
            _page(words)
    except LianwatchError as error:  # its text names files, which are not for readers
        logging.getLogger(__name__).error("%s", error)
        st.error(words("trouble.store"), icon=":material/error:")


def _page(words: Words) -> None:
    reader: Reader | None = None

    def opener(name: str) -> Callable[[], None]:
        return lambda: import_module(f"dashboard.views.{name}").show(reader)

    pages = {name: st.Page(opener(name), title=words(f"page.{name}"), icon=icon, url_path=name, default=not place)
             for place, (name, icon) in enumerate(VIEWS.items())}  # fmt: skip
    page = st.navigation(list(pages.values()), position="top")
    bar.follow_address(page.url_path)
    if bar.interface_language() != words.language:
        st.rerun()
    extent = ask(queries.extent)
    _notices(words, extent)
    if extent.first_day is None:
        _nothing_yet(words, extent)
        return
    days, topics = ask(_days), ask(_topic_names)
    bar.show(words, days, topics, _is_phone())
    look = theme.look(st.context.theme.type == "dark", _is_phone())
    reader = _reader(words, look, bar.read())
    bar.write_address(reader.chosen)
    for line in provenance.chosen_in_words(reader):
        st.caption(markdown(line))
    page.run()


def _days(store: Store) -> filters.Days:
    extent, months = queries.extent(store), queries.series(store, Selection(), freq="month", bands=False)
    return filters.days_of(months, extent.first_day, extent.last_day)


def _topic_names(store: Store) -> dict[str, str]:
    return {str(row.topic_id): row.label for row in queries.topics(store).itertuples()}


def first_reader() -> Reader | None:
    """Who opens the front page without having chosen anything; None where there is nothing to see."""
    if ask(queries.extent).first_day is None:
        return None
    return _reader(Words(next(iter(LANGUAGES))), theme.look(dark=False, touch=False), Chosen())


def _reader(words: Words, look: theme.Look, chosen: Chosen) -> Reader:
    extent, days, topics = ask(queries.extent), ask(_days), ask(_topic_names)
    first, last = filters.span(chosen, days)
    return Reader(
        words=words,
        look=look,
        chosen=chosen,
        selection=filters.selection(chosen, days),
        freq=filters.frequency(chosen, days),
        extent=extent,
        first=first,
        last=last,
        topics=topics,
    )


def _is_phone() -> bool:
    return "Mobi" in (st.context.headers.get("User-Agent") or "")


def _notices(words: Words, extent: queries.Extent) -> None:
    if extent.is_sample:
        st.warning(words("notice.sample"), icon=":material/science:")
    _watch(words, extent.data_version)


@st.fragment(run_every=LOOK_EVERY_SECONDS)
def _watch(words: Words, shown: str) -> None:
    """When feeds were last read, how far a first collection is, and a new run of the page when the data change."""
    if data.version() != shown:
        st.rerun(scope="app")
    now = data.collecting_now()
    if 0 < now.asked < now.feeds:
        st.progress(now.asked / now.feeds, words("live.collecting", read=now.asked, all=now.feeds))
    elif now.last_asked:
        last = now.last_asked.astimezone(config.timezone())
        text = words("live.collected", when=words.moment(last), zone=config.timezone().key, n=now.feeds)
        st.caption(f"{text} · {words('live.failing', n=now.failing)}" if now.failing else text)


def _nothing_yet(words: Words, extent: queries.Extent) -> None:
    st.title(words("empty.title"), anchor=False)
    st.markdown(words("empty.undated" if extent.n_articles else "empty.text"))
