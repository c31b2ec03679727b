import pytest

from dashboard.charts.layout import escape
from dashboard.safe import link, markdown


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "//host/x", "ftp://host/x", "https://", None, float("nan"), "", "https://a@host/",
     "http://[broken"],
)  # fmt: skip
def test_only_plain_web_links_are_links(url):
    assert link(url) is None


def test_a_web_link_stays_as_it_is():
    assert link("https://daily.example/a?b=1") == "https://daily.example/a?b=1"


def test_markdown_of_a_feed_is_shown_and_not_obeyed():
    assert markdown("**a** [x](y) $z$ :red[b] <i>\n# c") == (
        r"\*\*a\*\* \[x\]\(y\) \$z\$ \:red\[b\] \<i\> \# c"
    )


def test_html_of_a_feed_is_text_in_a_chart():
    assert escape("<b>a</b> & %{x}") == "&lt;b&gt;a&lt;/b&gt; &amp; %\u200b{x}"
