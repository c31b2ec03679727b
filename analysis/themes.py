"""Which of the 18 themes (`knowledge/themes.json`) a text touches, main theme first, with the cues as evidence.

Cues and words are weighed by the model (`theme_model`); gates hold whatever it says: a text without a core term of the
field has no theme, and bans, regulation and the digital renminbi are themes of news about China only.
"""

from collections.abc import Iterable, Sequence
from functools import cache

from analysis import knowledge, theme_model
from analysis.document import Relevance, ThemeHit
from analysis.matcher import MASK, Hit

MAIN_THRESHOLD = 0.2
"""Below this probability the most probable theme is not named, unless the text is relevant."""

RELEVANT_THRESHOLD = 0.03
"""A relevant text is about something: its most probable theme is named unless even that is nearly excluded."""

OTHER_THRESHOLD = 0.3
"""Probability from which a theme is named beside the main one."""


def entries() -> Iterable[tuple[str, str, str]]:
    """The cues and vetoes as (kind, theme id, term), for the matcher."""
    for theme in knowledge.load("themes")["themes"]:
        for kind, lists in (("theme", "telling"), ("hint", "hinting")):
            for cue in (*theme[f"{lists}_en"], *theme[f"{lists}_zh"]):
                yield kind, theme["id"], cue
        for phrase in theme["vetoes"]:
            yield MASK, theme["id"], phrase


def find_themes(folded: str, language: str, hits: Sequence[Hit], relevance: Relevance) -> tuple[ThemeHit, ...]:
    """Themes of a text, from its folded form, the matcher's hits in it and its relevance."""
    probabilities = theme_probabilities(folded, language, hits, relevance)
    if not probabilities:
        return ()
    ranked = sorted(probabilities, key=probabilities.__getitem__, reverse=True)
    least = RELEVANT_THRESHOLD if relevance.verdict == "yes" else MAIN_THRESHOLD
    named = [theme for theme in ranked[1:] if probabilities[theme] >= OTHER_THRESHOLD]
    if probabilities[ranked[0]] >= least:
        named.insert(0, ranked[0])
    return tuple(ThemeHit(theme, evidence(theme, hits)) for theme in named)


def theme_probabilities(folded: str, language: str, hits: Sequence[Hit], relevance: Relevance) -> dict[str, float]:
    """Theme → probability, for the themes the gates let through; empty where the text has no core term."""
    if not any(hit.kind in ("core", "self") for hit in hits):
        return {}
    model = theme_model.load(language)
    cues = theme_model.cue_features(hits, relevance.verdict)
    found = model.probabilities(theme_model.n_grams(folded, language), cues)
    closed = frozenset() if relevance.verdict == "yes" else _china_only()
    return {theme: p for theme, p in zip(model.themes, found.tolist(), strict=True) if theme not in closed}


def evidence(theme: str, hits: Sequence[Hit]) -> tuple[str, ...]:
    """The theme's telling cues, else its hinting ones, as listed; the longest where cues overlap."""
    for kind in ("theme", "hint"):
        found = [hit for hit in hits if hit.kind == kind and hit.value == theme]
        longest = [hit for hit in found if not any(_holds(other, hit) for other in found)]
        if longest:
            return tuple(dict.fromkeys(hit.term for hit in longest))
    return ()


def _holds(other: Hit, hit: Hit) -> bool:
    longer = other.end - other.start > hit.end - hit.start
    return longer and other.start <= hit.start and hit.end <= other.end


@cache
def _china_only() -> frozenset[str]:
    return frozenset(knowledge.load("themes")["meta"]["china_only"])
