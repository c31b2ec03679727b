"""Lists of articles: title with its link, outlet, time and zone, tone; on demand the clauses and cues behind them."""

from datetime import timedelta, timezone

import pandas as pd
import streamlit as st

from analysis import moves, queries
from analysis.selection import Selection
from dashboard.data import ask, kept
from dashboard.reader import Reader
from dashboard.safe import link, markdown
from dashboard.words import Words
from ingest import config

MOST_SUMMARY = 320
"""Characters of a summary shown in a list."""

MOST_COPIES = 10
"""Copies of a text named in its details, the earliest."""

TONE_BADGES = {"negative": ":orange-badge[{}]", "neutral": ":gray-badge[{}]", "positive": ":green-badge[{}]"}


def show(reader: Reader, selection: Selection, key: str, limit: int, offset: int = 0, order: str = "newest") -> None:
    """The stories of a selection, `limit` from `offset` on: copies of one text are folded into its first there.

    `key` keeps two lists on one page apart.
    """
    found = listed(reader, selection, limit, offset, order)
    if not found:
        st.info(reader.words("stories.none"))
    for article, line in found:
        _article(reader, article, line, f"{key}_{article['id']}")


@kept
def listed(
    reader: Reader, selection: Selection, limit: int, offset: int = 0, order: str = "newest"
) -> list[tuple[dict, str]]:
    """The articles of a list, copies folded, each with its lines as Markdown."""
    words = reader.words
    found = ask(queries.articles, selection, limit, offset, order, folded=True)
    return [(article, _lines(words, article)) for article in found.to_dict("records")]


def _lines(words: Words, article: dict) -> str:
    heading = _heading(article["title"], article["url"])
    return f"**{heading}**  \n:small[{byline(words, article)}] {tone(words, article)}"


def _article(reader: Reader, article: dict, lines: str, key: str) -> None:
    words = reader.words
    with st.container(key=f"article_{key}", gap=None):
        st.markdown(lines)
        about = st.expander(words("stories.details"), key=f"about_{key}", on_change="rerun", type="compact")
        if about.open:
            with about:
                _details(reader, article)


def copied(reader: Reader, selection: Selection, key: str, limit: int) -> None:
    """The stories of a selection that most outlets ran, each with its copies in the order they appeared."""
    words = reader.words
    found = ask(moves.leading_stories, selection, limit)
    found = found[found["articles"] > 1]
    if found.empty:
        st.markdown(words("stories.no_copies"))
    for story in found.itertuples(index=False):
        with st.container(key=f"copied_{key}_{story.story_id}", gap=None):
            st.markdown(copied_line(words, story))
            about = st.expander(words("stories.who"), key=f"who_{key}_{story.story_id}", on_change="rerun",
                                type="compact")  # fmt: skip
            if about.open:
                copies = ask(queries.story, story.story_id)
                about.markdown("\n".join(f"- {_copy_line(words, copy)}" for copy in copies.itertuples()))


def copied_line(words: Words, story) -> str:
    """A row of `analysis.moves.leading_stories` as Markdown: title, who had it first and when, how widely it ran."""
    when = published(words, {"published": story.published, "published_quality": "exact"})
    ran = words("stories.ran", n=words.number(story.articles), outlets=words.number(story.outlets))
    first = f"{words('stories.first')}: {markdown(story.outlet)} · {when}"
    return f"**{_heading(story.title, story.url)}**  \n:small[{first} · {ran}]"


def _heading(title: str, url: str | None) -> str:
    """A title, linked where its address is a web address."""
    address = link(url)
    return f"[{markdown(title)}]({_inside_markdown(address)})" if address else markdown(title)


def byline(words: Words, article: dict) -> str:
    """Outlet, group, time with its zone, and copies, as Markdown."""
    parts = [markdown(article["outlet"]), markdown(words.name("group", article["group"])), published(words, article)]
    if article["copies"]:
        parts.append(words("stories.copies", n=article["copies"]))
    return " · ".join(parts)


def published(words: Words, article: dict) -> str:
    """The time of publication in the days' zone, with how far it can be trusted."""
    moment = article["published"]
    if pd.isna(moment):
        return words("stories.undated")
    local = moment.tz_convert(config.timezone())
    quality = article["published_quality"]
    if quality == "date_only":
        return words.day(local)
    text = f"{words.moment(local)} ({_offset(local.utcoffset())})".replace(":", "\\:")
    return text if quality == "exact" else words("quality.with", when=text, quality=words(f"quality.{quality}"))


def tone(words: Words, article: dict) -> str:
    """The label of an article with its score, or that it was not scored."""
    if pd.isna(article["score"]):
        return f":gray-badge[{words('tone.none')}]"
    label = words("tone.unsure") if article["abstain"] else words(f"tone.{article['label']}")
    badge = TONE_BADGES["neutral" if article["abstain"] else article["label"]]
    return badge.format(f"{label} {words.score(article['score'])}")


def _details(reader: Reader, article: dict) -> None:
    words = reader.words
    detail = ask(queries.article_details, (article["id"],))[article["id"]]
    if article["summary"]:
        st.text(article["summary"][:MOST_SUMMARY])
    lines = [_target_line(words, found) for found in detail["targets"]]
    lines += [_theme_line(words, found) for found in detail["themes"]]
    if detail["entities"]:
        lines.append(_entities_line(words, [found["entity"] for found in detail["entities"]]))
    if not pd.isna(article["vader"]):
        lines.append(words("stories.vader", score=words.score(article["vader"])))
    lines += [words("stories.earlier", title=markdown(found["title"])) for found in detail["revisions"]]
    if article["copies"]:
        copies = ask(queries.story, article["story_id"]).head(MOST_COPIES)
        lines += [_copy_line(words, copy) for copy in copies.itertuples()]
    lines += [words("stories.seen_in", feed=markdown(found["feed_url"])) for found in detail["sightings"][:5]]
    st.markdown("\n".join(f"- {line}" for line in lines))


def _target_line(words: Words, found: dict) -> str:
    name = markdown(words.name("target", found["target"]))
    return f"**{name}** {tone(words, found)} {markdown(found['evidence'])}"


def _theme_line(words: Words, found: dict) -> str:
    name = markdown(words.name("theme", found["theme"]))
    return f"{words('stories.theme')}: **{name}** ({theme_evidence(words, found)})"


def theme_evidence(words: Words, found: dict) -> str:
    """The cues of a theme, or how probable the model found it by other words."""
    if found["evidence"]:
        return markdown(", ".join(found["evidence"]))
    if pd.isna(found["probability"]):
        return words("stories.no_cue")
    return words("stories.no_cue_p", p=words.percent(found["probability"], 0))


def _entities_line(words: Words, ids: list[str]) -> str:
    """The people, bodies, companies and places named, with what each is."""
    known = [id_ for id_ in ids if words.knows("entity", id_)]
    shown = [words("bar.entity_kind", name=words.name("entity", id_), kind=words.kind(id_)) for id_ in known]
    return words("stories.names", names=markdown(words("bar.comma").join(shown)))


def _copy_line(words: Words, copy) -> str:
    when = published(words, {"published": copy.published, "published_quality": "exact"})
    line = f"{markdown(copy.outlet)} · {when}"
    return f"{words('stories.first')}: **{line}**" if copy.is_original else line


def _offset(offset: timedelta | None) -> str:
    return timezone(offset or timedelta()).tzname(None)


def _inside_markdown(url: str) -> str:
    """A web link that cannot end the parentheses it stands in."""
    return "".join(f"%{ord(c):02X}" if c in "()<>\\ \"'`" or ord(c) < 33 else c for c in url)
