"""Articles to annotations: text → language → relevance → themes → targets → sentiment → entities.

`annotate_batch` is a pure function of its documents, so any `concurrent.futures` executor can map it over batches:
this process, a pool of processes, or a Dask cluster's.
"""

import hashlib
from collections.abc import Sequence
from functools import cache
from importlib import resources

from analysis import entities, relevance, themes, vader
from analysis.document import Annotation, Document
from analysis.matcher import Matcher
from analysis.text import detect_language, normalise

LANGUAGES = ("en", "zh")
"""The languages that are annotated in full."""

KNOWLEDGE_FILES = ("knowledge/relevance.json", "knowledge/themes.json", "knowledge/entities.json")
MODEL_FILES = ("model/themes_en.npz", "model/themes_zh.npz")


@cache
def engine_version() -> str:
    """Digest of everything an annotation depends on: another version means another figure."""
    digest = hashlib.sha256()
    for name in (*KNOWLEDGE_FILES, *MODEL_FILES):
        digest.update((resources.files("analysis") / name).read_bytes())
    return digest.hexdigest()[:12]


@cache
def matcher() -> Matcher:
    """All word lists in one automaton; built once a process."""
    return Matcher((*relevance.entries(), *themes.entries(), *entities.entries()))


def annotate_batch(documents: Sequence[Document]) -> list[Annotation]:
    """One annotation a document, in the same order."""
    scans = [matcher().scan(doc) for doc in documents]
    verdicts = [relevance.judge(scan) for scan in scans]
    found = themes.find_themes(scans, verdicts)
    return [
        Annotation(
            id=scan.document.id,
            language=scan.language,
            relevance=verdict,
            tone=None,
            vader=vader.compound(scan.document.text) if scan.language == "en" else None,
            targets=(),
            themes=theme_hits,
            entities=entities.find_entities(scan.hits, in_field=verdict.verdict != "no"),
        )
        for scan, verdict, theme_hits in zip(scans, verdicts, found, strict=True)
    ]


def document(id_: str, title: str, summary: str = "", language: str | None = None, **known) -> Document:
    """A Document with its text normalised and its language known, as annotation expects it.

    `language` is the declared one: script decides between English and Chinese whatever is declared, but a text declared
    to be in a third language is in that one. `known`: date, outlet_group.
    """
    title, summary = normalise(title), normalise(summary)
    third = language and language.partition("-")[0].lower() not in LANGUAGES
    return Document(id_, title, summary, "other" if third else detect_language(f"{title} {summary}"), **known)
