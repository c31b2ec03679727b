"""What flows through annotation: a Document goes in, an Annotation comes out. All frozen; no work is done here."""

from dataclasses import dataclass
from datetime import date as Day
from typing import Literal

Label = Literal["negative", "neutral", "positive"]
LABELS: tuple[Label, ...] = ("negative", "neutral", "positive")

TARGETS = ("blockchain", "crypto", "digital_yuan", "regulation", "exchanges", "mining", "web3_nft", "stablecoins")
"""Target ids, in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class Document:
    """A text to annotate. `language` is a declared language or None; `outlet_group` helps relevance, may be None."""

    id: str
    title: str
    summary: str = ""
    language: str | None = None
    date: Day | None = None
    outlet_group: str | None = None

    @property
    def text(self) -> str:
        """Title and summary as one text; character offsets of mentions refer to it."""
        return f"{self.title}\n{self.summary}" if self.summary else self.title


@dataclass(frozen=True, slots=True)
class Mention:
    """A target named at `text[start:end]` of a Document."""

    target: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Tone:
    """Sentiment with calibrated probabilities. `score` = p_positive - p_negative, in [-1, 1]."""

    p_negative: float
    p_neutral: float
    p_positive: float
    abstain: bool

    @property
    def score(self) -> float:
        return self.p_positive - self.p_negative

    @property
    def label(self) -> Label:
        return max(zip((self.p_negative, self.p_neutral, self.p_positive), LABELS, strict=True))[1]


@dataclass(frozen=True, slots=True)
class TargetTone:
    """Tone toward one target and the clause it was read from."""

    target: str
    tone: Tone
    evidence: str


@dataclass(frozen=True, slots=True)
class ThemeHit:
    """A theme with its probability and the cues that matched; no cues where the classifier named it by other words."""

    theme: str
    probability: float
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Relevance:
    """Whether a text is about China and blockchain, why, and which place."""

    verdict: Literal["yes", "peripheral", "no"]
    scope: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Annotation:
    """All that is said of one Document. `tone` and `vader` are None where the language is not scored."""

    id: str
    language: str
    relevance: Relevance
    tone: Tone | None
    vader: float | None
    targets: tuple[TargetTone, ...]
    themes: tuple[ThemeHit, ...]
    entities: tuple[str, ...]
