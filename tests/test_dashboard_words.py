import re
import tomllib
from pathlib import Path

import pytest

from analysis.document import TARGETS
from dashboard.words import LANGUAGES, Words
from ingest.model import GROUPS

DASHBOARD = Path(__file__).parent.parent / "dashboard"


def texts(language):
    sections = tomllib.loads((DASHBOARD / "i18n" / f"{language}.toml").read_text(encoding="utf-8"))
    return {f"{section}.{key}": text for section, rows in sections.items() for key, text in rows.items()}


def blanks(text):
    return sorted(re.findall(r"\{(\w+)\}", text))


def test_both_languages_have_the_same_texts_with_the_same_blanks():
    english, chinese = texts("en"), texts("zh")
    assert english.keys() == chinese.keys()
    assert {key: blanks(text) for key, text in english.items()} == {key: blanks(text) for key, text in chinese.items()}


def test_every_text_named_in_the_code_exists():
    code = "\n".join(path.read_text(encoding="utf-8") for path in DASHBOARD.rglob("*.py"))
    named = set(re.findall(r"""words\(\s*["']([a-z_]+\.[a-z0-9_]+)["']""", code))
    assert named
    assert named <= texts("en").keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_target_and_group_has_a_name(language):
    words = Words(language)
    assert all(words.name("target", target) != target for target in TARGETS)
    assert all(words.name("group", group) != group for group in GROUPS)


@pytest.mark.parametrize(("value", "written"), [(0.004, "0.00"), (-0.004, "0.00"), (0.5, "+0.50")])
def test_a_tone_of_zero_has_no_sign(value, written):
    assert Words("en").score(value) == written
