"""Which of the 18 themes (`knowledge/themes.json`) a text touches, main theme first, with the cues as evidence.

Cues and words are weighed by the model (`theme_model`); gates hold whatever it says: a text without a core term of the
field has no theme, and bans, regulation and the digital renminbi are themes of news about China only.
"""

from collections.abc import Iterable, Sequence
from functools import cache

from analysis import knowledge, theme_model
from analysis.document import Relevance, ThemeHit
from analysis.matcher import MASK, Hit, Scan

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


def find_themes(scans: Sequence[Scan], verdicts: Sequence[Relevance]) -> list[tuple[ThemeHit, ...]]:
    """The themes of each scanned document whose relevance is given."""
    found: list[tuple[ThemeHit, ...]] = []
    for scan, verdict, probabilities in zip(scans, verdicts, theme_probabilities(scans, verdicts), strict=True):
        named = _named(probabilities, verdict.verdict == "yes")
        found.append(tuple(ThemeHit(theme, probabilities[theme], evidence(theme, scan.hits)) for theme in named))
    return found


def theme_probabilities(scans: Sequence[Scan], verdicts: Sequence[Relevance]) -> list[dict[str, float]]:
    """Theme → probability for each document; only themes the gates let through, none without a core term."""
    found: list[dict[str, float]] = [{} for _ in scans]
    for language in ("en", "zh"):
        chosen = [
            at for at, scan in enumerate(scans) if (scan.language == "zh") == (language == "zh") and _in_field(scan)
        ]
        if not chosen:
            continue
        model = theme_model.load(language)
        table = model.probabilities([_features(scans[at], verdicts[at]) for at in chosen]).tolist()
        for at, row in zip(chosen, table, strict=True):
            closed = () if verdicts[at].verdict == "yes" else _china_only()
            found[at] = {theme: p for theme, p in zip(model.themes, row, strict=True) if theme not in closed}
    return found


def _named(probabilities: dict[str, float], relevant: bool) -> list[str]:
    ranked = sorted(probabilities, key=probabilities.__getitem__, reverse=True)
    least = RELEVANT_THRESHOLD if relevant else MAIN_THRESHOLD
    return [
        theme for place, theme in enumerate(ranked) if probabilities[theme] >= (OTHER_THRESHOLD if place else least)
    ]


def _in_field(scan: Scan) -> bool:
    return any(hit.kind in ("core", "self") for hit in scan.hits)


def _features(scan: Scan, verdict: Relevance) -> tuple[list[str], list[str]]:
    return theme_model.n_grams(scan.folded, scan.language), theme_model.cue_features(scan.hits, verdict.verdict)


def evidence(theme: str, hits: Sequence[Hit]) -> tuple[str, ...]:
    """The theme's telling cues, else its hinting ones, as listed; the longest where cues overlap."""
    for kind in ("theme", "hint"):
        found = [hit for hit in hits if hit.kind == kind and hit.value == theme]
        longest = [hit for hit in found if not any(other.holds(hit) for other in found)]
        if longest:
            return tuple(dict.fromkeys(hit.term for hit in longest))
    return ()


@cache
def _china_only() -> frozenset[str]:
    return frozenset(knowledge.load("themes")["meta"]["china_only"])
