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
from analysis.text import detect_language, fold, normalise

KNOWLEDGE_FILES = ("relevance.json", "themes.json", "entities.json")

@cache
def engine_version() -> str:
    """Digest of everything an annotation depends on: another version means another figure."""
    digest = hashlib.sha256()
    for name in KNOWLEDGE_FILES:
        digest.update((resources.files("analysis.knowledge") / name).read_bytes())
    return digest.hexdigest()[:12]


@cache
def matcher() -> Matcher:
    """All word lists in one automaton; built once a process."""
    return Matcher((*relevance.entries(), *themes.entries(), *entities.entries()))


def annotate_batch(documents: Sequence[Document]) -> list[Annotation]:
    """One annotation a document, in the same order."""
    return [_annotate(document) for document in documents]


def document(id_: str, title: str, summary: str = "", language: str | None = None, **known) -> Document:
    """A Document with its text normalised, as annotation expects it. `known`: date, outlet_group."""
    return Document(id_, normalise(title), normalise(summary), language, **known)


def _annotate(doc: Document) -> Annotation:
    text = doc.text
    folded = fold(text)
    hits = matcher().scan(text, folded)
    verdict = relevance.judge(doc, folded, hits)
    language = detect_language(text)
    return Annotation(
        id=doc.id,
        language=language,
        relevance=verdict,
        tone=None,
        vader=vader.compound(text) if language == "en" else None,
        targets=(),
        themes=themes.find_themes(folded, language, hits, verdict),
        entities=entities.find_entities(hits, in_field=verdict.verdict != "no"),
    )
