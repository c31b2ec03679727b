import io
import json
from types import SimpleNamespace

from analysis.commands import score_


def score(monkeypatch, capsys, data: bytes) -> list[dict]:
    stdin = io.TextIOWrapper(io.BufferedReader(io.BytesIO(data)))
    monkeypatch.setattr("sys.stdin", stdin)
    assert score_.run(None) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_answers_come_in_the_order_of_the_lines(monkeypatch, capsys):
    lines = [{"id": n, "text": f"Bitcoin falls {n}% in Hong Kong"} for n in range(300)]
    answers = score(monkeypatch, capsys, "\n".join(map(json.dumps, lines)).encode())
    assert [answer["id"] for answer in answers] == list(range(300))


def test_a_bad_line_is_answered_on_its_own_line_and_the_others_are_not_lost(monkeypatch, capsys):
    bad = [b"", b"{bad", b'{"id": "x"}', b'{"text": "t", "date": "soon"}', b"\xff\xfe", b'{"text": 1}']
    data = b"\n".join([b"China bans bitcoin", *bad, b"End"])
    answers = score(monkeypatch, capsys, data)
    assert len(answers) == 8
    assert ["error" in answer for answer in answers] == [False, True, True, True, True, True, True, False]
    assert answers[3]["id"] == "x"


def test_plain_text_and_json_say_the_same(monkeypatch, capsys):
    plain, wrapped = score(monkeypatch, capsys, '央行叫停比特币\n{"id": "1", "text": "央行叫停比特币"}'.encode())
    assert plain == wrapped
    assert plain["relevant"]
    assert plain["themes"][0]["theme"] == "crypto_ban_enforcement"


def test_an_endless_line_is_refused_in_bounded_memory(monkeypatch, capsys):
    answers = score(monkeypatch, capsys, b"a" * (score_.LINE_LIMIT * 3) + b"\nBitcoin")
    assert "error" in answers[0]
    assert answers[1]["lang"] == "en"


def test_lines_are_answered_as_they_come_and_none_are_kept(monkeypatch, capsys):
    waiting = []

    class Stream:
        """Gives two lines a read and notes how many of those given before are still without an answer."""

        given = answered = 0

        def read1(self, size: int) -> bytes:
            self.answered += len(capsys.readouterr().out.splitlines())
            waiting.append(self.given - self.answered)
            self.given += 2
            return "Bitcoin falls\n比特币上涨\n".encode() if self.given <= 200 else b""

    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=Stream()))
    assert score_.run(None) == 0
    assert set(waiting) == {0}
    assert len(waiting) > 100


def test_a_hostile_text_costs_no_more_than_its_length(monkeypatch, capsys):
    (answer,) = score(monkeypatch, capsys, b"supply chain bitcoin China " * 30_000)
    assert answer["relevant"]


def test_a_span_is_scored_where_the_text_names_it(monkeypatch, capsys):
    text = "  Kestrel Foods\u00a0soars while Harbour Mills collapses"
    start = text.index("Harbour")
    line = {"text": text, "span": [start, start + len("Harbour Mills")]}
    (answer,) = score(monkeypatch, capsys, json.dumps(line).encode())
    assert answer["span_sentiment"]["label"] == "negative"


def test_a_span_outside_the_text_is_an_error(monkeypatch, capsys):
    spans = [[0, 99], [3, 3], [-1, 2], "ab", [0, True]]
    lines = "\n".join(json.dumps({"text": "Bitcoin falls", "span": span}) for span in spans)
    assert all("error" in answer for answer in score(monkeypatch, capsys, lines.encode()))


def test_a_date_that_is_none_is_told_how_to_write_it(monkeypatch, capsys):
    (answer,) = score(monkeypatch, capsys, b'{"id": "a", "text": "Bitcoin falls", "date": "soon"}')
    assert answer == {"id": "a", "error": "line 1: date must begin with a day such as 2019-10-25"}


def test_a_text_about_something_else_is_scored_too(monkeypatch, capsys):
    (answer,) = score(monkeypatch, capsys, b"Storm kills dozens and destroys homes")
    assert not answer["relevant"]
    assert answer["sentiment"]["label"] == "negative"
    assert abs(sum(answer["sentiment"]["p"].values()) - 1) < 1e-6


def test_a_third_language_is_not_scored(monkeypatch, capsys):
    (answer,) = score(monkeypatch, capsys, json.dumps({"text": "Bitcoin stürzt ab", "lang": "de"}).encode())
    assert answer["lang"] == "other"
    assert answer["sentiment"]["score"] is None
