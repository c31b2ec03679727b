"""Articles to annotations: text → language → relevance → themes → targets → sentiment → entities.

`annotate_batch` is a pure function of its documents, so any `concurrent.futures` executor can map it over batches:
this process, a pool of processes, or a Dask cluster's.
"""

import hashlib
from collections.abc import Sequence
from functools import cache
from importlib import resources

from analysis import entities, relevance, themes, vader
from analysis.document import Annotation, Document, Relevance, TargetTone, ThemeHit, Tone
from analysis.matcher import Matcher, Scan
from analysis.sentiment import load_engine
from analysis.targets import find_targets
from analysis.text import detect_language, normalise

LANGUAGES = ("en", "zh")
"""The languages that are annotated in full."""

KNOWLEDGE_FILES = ("knowledge/relevance.json", "knowledge/themes.json", "knowledge/entities.json")
MODEL_FILES = ("model/themes_en.npz", "model/themes_zh.npz")


@cache
def engine_version() -> str:
    """Digest of everything an annotation depends on: another version means another figure."""
    digest = hashlib.sha256(load_engine().version.encode())
    for name in (*KNOWLEDGE_FILES, *MODEL_FILES):
        digest.update((resources.files("analysis") / name).read_bytes())
    return digest.hexdigest()[:12]


@cache
def matcher() -> Matcher:
    """All word lists in one automaton; built once a process."""
    return Matcher((*relevance.entries(), *themes.entries(), *entities.entries()))


def annotate_batch(documents: Sequence[Document], *, score_all: bool = False) -> list[Annotation]:
    """One annotation a document, in the same order.

    Tone costs most of the work, and nobody asks for that of a text about something else: targets and tone are read in
    relevant and peripheral texts only, unless `score_all`.
    """
    scans = [matcher().scan(doc) for doc in documents]
    verdicts = [relevance.judge(scan) for scan in scans]
    found = themes.find_themes(scans, verdicts)
    scored = [at for at, verdict in enumerate(verdicts) if score_all or verdict.verdict != "no"]
    tones = dict(zip(scored, _tones([documents[at] for at in scored]), strict=True))
    return [
        _annotation(scan, verdict, theme_hits, tones.get(at, (None, ())))
        for at, (scan, verdict, theme_hits) in enumerate(zip(scans, verdicts, found, strict=True))
    ]


def _tones(documents: Sequence[Document]) -> list[tuple[Tone | None, tuple[TargetTone, ...]]]:
    mentions = [find_targets(doc.text, doc.language) for doc in documents]
    return load_engine().score(documents, mentions)


def _annotation(scan: Scan, verdict: Relevance, theme_hits: tuple[ThemeHit, ...], tones: tuple) -> Annotation:
    tone, target_tones = tones
    return Annotation(
        id=scan.document.id,
        language=scan.language,
        relevance=verdict,
        tone=tone,
        vader=vader.compound(scan.document.text) if scan.language == "en" else None,
        targets=target_tones,
        themes=theme_hits,
        entities=entities.find_entities(scan.hits, in_field=verdict.verdict != "no"),
    )


def document(id_: str, title: str, summary: str = "", language: str | None = None, **known) -> Document:
    """A Document with its text normalised and its language known, as annotation expects it.

    `language` is the declared one: script decides between English and Chinese whatever is declared, but a text declared
    to be in a third language is in that one. `known`: date, outlet_group.
    """
    title, summary = normalise(title), normalise(summary)
    third = language and language.partition("-")[0].lower() not in LANGUAGES
    return Document(id_, title, summary, "other" if third else detect_language(f"{title} {summary}"), **known)
