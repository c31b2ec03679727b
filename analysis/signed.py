"""A reading with its signed words: what the lexicon finds in it, once for all of its targets."""

from dataclasses import dataclass

from analysis.lexicon import ROLES, Cue, Hit, find_hits
from analysis.reading import Reading
from analysis.vader import compound


@dataclass(slots=True)
class Annotated:
    """A reading with its signed words: `classes` are the words with signed ones shown by class."""

    reading: Reading
    language: str
    hits: list[Hit]
    cues: list[Cue]
    classes: list[str]
    places: list[int]
    vader: float


def annotate_reading(reading: Reading, language: str, text: str) -> Annotated:
    """Find the signed words of a reading once for all its targets."""
    hits, cues = find_hits(reading.words, reading.clauses, language)
    shown: list[str | None] = list(reading.words)
    for hit in hits:
        shown[hit.start : hit.end] = [None] * (hit.end - hit.start)
        shown[hit.start] = f"{'P' if hit.raw > 0 else 'N'}{abs(hit.raw)}"
    for cue in cues:
        if shown[cue.start] == reading.words[cue.start] and shown[cue.start] is not None:
            role = next(role for role in ROLES if role in cue.roles)
            shown[cue.start] = role.upper()
            for i in range(cue.start + 1, cue.end):
                if shown[i] == reading.words[i]:
                    shown[i] = None
    places = [i for i, word in enumerate(shown) if word is not None]
    classes = [shown[i] for i in places]
    return Annotated(reading, language, hits, cues, classes, places, compound(text) if language == "en" else 0.0)
