"""Which of the 18 themes (`knowledge/themes.json`) a text touches, by the cues in it; main theme first."""

from collections.abc import Iterable, Sequence

from analysis import knowledge
from analysis.document import ThemeHit
from analysis.lexicon import Hit


def entries() -> Iterable[tuple[str, str, str]]:
    """The cues as (kind, theme id, cue), for the lexicon."""
    for theme in knowledge.load("themes")["themes"]:
        for cue in (*theme["cues_en"], *theme["cues_zh"]):
            yield "theme", theme["id"], cue


def find_themes(hits: Sequence[Hit]) -> tuple[ThemeHit, ...]:
    """Themes of a text whose lexicon hits are given; none where the hits hold no core term of the field."""
    if not any(hit.kind in ("core", "self") for hit in hits):
        return ()
    cues: dict[str, dict[str, None]] = {}
    for hit in hits:
        if hit.kind == "theme":
            cues.setdefault(hit.value, {})[hit.term] = None
    ranked = sorted(cues, key=lambda theme: -len(cues[theme]))
    return tuple(ThemeHit(theme, tuple(cues[theme])) for theme in ranked)
