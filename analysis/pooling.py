"""Several event studies together: one effect for events of a kind, and how many of many tests to believe."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.event_study import Study


@dataclass(frozen=True, slots=True)
class Pooled:
    """The mean effect of several events. `spread`: standard deviation of the true effects between events (tau)."""

    events: int
    effect: float
    interval: tuple[float, float]
    spread: float


def pool(studies: Sequence[Study]) -> Pooled | None:
    """Random-effects mean of the studies that are enough; None where fewer than two are.

    DerSimonian & Laird's estimate with Hartung & Knapp's interval (statsmodels `combine_effects`). Studies whose
    windows overlap share days and count for less than they seem to: pool events that lie apart.
    """
    from statsmodels.stats.meta_analysis import combine_effects

    usable = [study for study in studies if study.enough]
    if len(usable) < 2:
        return None
    effects = np.array([study.effect for study in usable])
    variances = np.array([study.standard_error for study in usable]) ** 2
    found = combine_effects(effects, variances, method_re="dl", use_t=True)
    low, high = found.conf_int()[3]
    return Pooled(len(usable), float(found.mean_effect_re), (float(low), float(high)), float(np.sqrt(found.tau2)))


def false_discovery(studies: Sequence[Study]) -> list[float | None]:
    """q of each study: the expected share of false ones among all with a q as small (Benjamini & Hochberg 1995).

    A study without a placebo test has None and counts as no test.
    """
    from statsmodels.stats.multitest import multipletests

    p = [study.p_placebo for study in studies]
    tested = [value for value in p if value is not None]
    corrected = iter(multipletests(tested, method="fdr_bh")[1] if tested else [])
    return [None if value is None else round(float(next(corrected)), 8) for value in p]
