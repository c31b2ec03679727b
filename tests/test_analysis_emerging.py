import json
from datetime import UTC, datetime, timedelta

from analysis import rollups
from analysis.emerging import emerging
from ingest.store import open_store

START = datetime(2021, 1, 4, 4, tzinfo=UTC)


def test_what_several_outlets_write_of_today_is_found_with_its_articles(tmp_path):
    store = open_store(str(tmp_path / "store.duckdb"))
    titles = [(day, outlet, f"Bitcoin miners look for power {day}") for day in range(90) for outlet in "AB"]
    titles += [(89, outlet, f"Sandstorm token airdrop draws crowds in {outlet}") for outlet in "ABCDE"]
    common = {"url": None, "summary": "", "published_quality": "exact", "first_seen": START, "text_at": START}
    common |= {"title_key": 0, "duplicate_of": None, "content_hash": 1}
    said = {"content_hash": 1, "engine": "e", "language": "en", "relevance": "yes", "abstain": False}
    articles = [
        {**common, "id": f"{i:04}", "title": title, "outlet": outlet, "published": START + timedelta(days=day)}
        for i, (day, outlet, title) in enumerate(titles)
    ]
    with store.transaction() as tx:
        tx.upsert("articles", articles, key=["id"])
        tx.upsert("annotations", [{**said, "article_id": article["id"]} for article in articles], key=["article_id"])
    rollups.rebuild(store)
    found = emerging(store)
    assert list(found["kind"]) == ["term"]
    assert found["key"].iat[0] in {"sandstorm", "token", "airdrop", "draws", "crowds"}
    assert json.loads(found["articles"].iat[0]) == ["0180", "0181", "0182", "0183", "0184"]
    with store.transaction() as tx:
        outlets = [{"outlet": outlet, "group_id": "other", "sample": outlet != "Z"} for outlet in "ABCDEZ"]
        tx.upsert("outlets", outlets, key=["outlet"])
    assert emerging(store).empty, "invented articles count only where there is nothing else"


def test_an_empty_store_has_nothing_new(tmp_path):
    assert emerging(open_store(str(tmp_path / "store.duckdb"))).empty
