import re
from collections import Counter

import pytest

from dashboard import method_text
from dashboard.words import LANGUAGES
from tests.test_dashboard_words import texts

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def test_the_chinese_edition_has_the_same_parts_in_the_same_order():
    assert list(method_text.parts("zh")) == list(method_text.parts("en"))


@pytest.mark.parametrize("part", method_text.parts("en"))
def test_the_chinese_edition_gives_the_same_figures(part):
    english, chinese = (Counter(NUMBER.findall(method_text.parts(language)[part])) for language in ("en", "zh"))
    assert chinese == english, f"docs/method.zh.md differs from docs/method.md in the part {part}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chart_says_how_it_is_made(language):
    charts = {name.removeprefix("chart.") for name in texts("en") if name.startswith("chart.")} - {"partial"}
    assert charts <= method_text.PARTS.keys()
    assert all(method_text.text(key, language) for key in method_text.PARTS)


def test_a_line_break_in_chinese_is_not_a_space():
    assert "\n" not in method_text.parts("zh")["bands"]
    assert "| R8 | 其他：**否** |" in method_text.parts("zh")["relevance"].splitlines()
