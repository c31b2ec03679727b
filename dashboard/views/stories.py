"""Stories: full-text search in both languages, sorted lists, and the articles as a file."""

from functools import partial

import streamlit as st

from analysis import queries
from dashboard import bar, data, downloads, stories, summary
from dashboard.data import ask
from dashboard.reader import Reader

PAGE_SIZE = 20
MOST_ARTICLES_IN_FILE = 100_000
MOST_COPIED = "most_copied"
"""An order of stories rather than articles: those that most outlets ran."""


def show(reader: Reader) -> None:
    words = reader.words
    st.title(words("page.stories"), anchor=False)
    articles = ask(queries.article_count, reader.selection)
    count = ask(queries.article_count, reader.selection, folded=True)
    if not count:
        summary.nothing(reader)
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        folded = words("stories.folded", n=words.number(count)) if count < articles else ""
        st.markdown(f"**{words('stories.count', n=words.number(articles))}** {folded}")
        orders = (*queries.ORDERS, MOST_COPIED)
        bar.keep("order", orders, "newest")
        order = st.selectbox(words("stories.order"), orders, key="order", width=220, filter_mode=None,
                             format_func=lambda name: words(f"order.{name}"))  # fmt: skip
        _files(reader)
    if order == MOST_COPIED:
        stories.copied(reader, reader.selection, "stories", PAGE_SIZE)
        return
    pages = -(-count // PAGE_SIZE)
    page = st.pagination(pages, key="stories_page") if pages > 1 else 1
    stories.show(reader, reader.selection, "stories", PAGE_SIZE, (min(page, pages) - 1) * PAGE_SIZE, order)


def _files(reader: Reader) -> None:
    name = downloads.file_name("articles", reader.first, reader.last, "")
    for kind, label, mime in (("csv", "CSV", "text/csv"), ("parquet", "Parquet", "application/vnd.apache.parquet")):
        make = partial(data.articles_file, reader.selection, MOST_ARTICLES_IN_FILE, kind)
        st.download_button(label, make, f"{name}.{kind}", mime, key=f"articles_{kind}", on_click="ignore",
                           icon=":material/download:")  # fmt: skip
