"""What is new in the last days of coverage: terms, themes, topics and groups that burst, each a way to its articles."""

from datetime import date, timedelta
from urllib.parse import urlencode

import streamlit as st

from analysis.emerging import emerging
from dashboard import method_text
from dashboard.data import ask
from dashboard.reader import Reader
from dashboard.safe import markdown

DAYS = 7
MOST_SHOWN = 20

_KINDS = {
    "term": ("q", "search"),
    "theme": ("theme", "themes"),
    "target": ("target", "targets"),
    "topic": ("topic", "topics"),
    "group": ("group", "groups"),
}
"""Kind of a burst → parameter of the address that shows it, field of Selection that names it. `coverage` has none."""


@st.fragment
def show(reader: Reader) -> None:
    """Sought when it is opened: all titles of a year are read for it."""
    words = reader.words
    about = st.expander(
        words("emerging.title", days=DAYS), icon=":material/new_releases:", key="emerging", on_change="rerun"
    )
    if not about.open:
        return
    with about:
        st.caption(words("emerging.note"))
        found = ask(emerging, DAYS).head(MOST_SHOWN)
        st.markdown("\n".join(_line(reader, burst) for burst in found.itertuples()) or words("emerging.none"))
        method_text.button(words, "emerging")


def _line(reader: Reader, burst) -> str:
    words, last = reader.words, burst.day.date()
    first = last - timedelta(days=burst.days - 1)
    parameter, field = _KINDS.get(burst.kind, ("", ""))
    name = markdown(reader.name(field, burst.key) if field else words("emerging.everything"))
    link = f"[**{name}**]({_address({parameter: burst.key} if parameter else {}, first, last)})"
    when = words.day(last) if first == last else f"{words.day(first)} – {words.day(last)}"
    text = words("emerging.burst", n=burst.n, outlets=burst.outlets, usual=words.number(burst.expected, 1))
    return f"- {words(f'emerging.{burst.kind}')} {link} · {when} · {text}"


def _address(filters: dict[str, str], first: date, last: date) -> str:
    return f"stories?{urlencode({**filters, 'from': first.isoformat(), 'to': last.isoformat()})}"
