import csv
import gzip
import io
import json
import zipfile
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from ingest import files
from ingest.delimited import MAX_LINES_A_RECORD, records
from ingest.errors import NotAFeedError, UsageError

NOW = datetime(2026, 1, 1, tzinfo=UTC)
AT = datetime(2019, 10, 25, 10, 30, tzinfo=UTC)
MEDIA_CLOUD = (
    "id,indexed_date,language,media_name,media_url,publish_date,title,url\n"
    "9,2019-10-26 01:00:00,en,scmp.com,https://scmp.com,2019-10-25,Chain pilot,https://www.scmp.com/a\n"
)
MEDIA_CLOUD_OLD = (
    "stories_id,publish_date,title,url,language,ap_syndicated,themes,media_id,media_name,media_url\n"
    "9,2019-10-25 00:00:00,Chain pilot,https://www.scmp.com/a,en,False,,1,South China Morning Post,http://scmp.com\n"
)
GDELT_CSV = "URL,MobileURL,Date,Title\nhttps://www.scmp.com/a,,2019-10-25 10:30:00,Chain pilot\n"
GDELT_JSON = json.dumps(
    {"articles": [{"url": "https://www.scmp.com/a", "url_mobile": "", "title": "Chain pilot", "domain": "scmp.com",
                   "seendate": "20191025T103000Z", "language": "English", "sourcecountry": "China"}]}
)  # fmt: skip
GDELT_GKG = "\t".join(
    ["20191025103000-1", "20191025103000", "1", "scmp.com", "https://www.scmp.com/a", *[""] * 21,
     "<PAGE_LINKS></PAGE_LINKS><PAGE_TITLE>Chain &quot;pilot&quot;</PAGE_TITLE>"]
)  # fmt: skip


@pytest.fixture
def read(tmp_path):
    def read(content: bytes | str, name="file", **options):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        feed = files.feed_of(path, options.get("source"), options.get("language"), options.get("timezone"))
        batches = list(files.read(path, feed, NOW))
        return [a for batch in batches for a in batch.articles], [p for batch in batches for p in batch.problems]

    return read


@pytest.mark.parametrize("document", [MEDIA_CLOUD, MEDIA_CLOUD_OLD], ids=["new", "old"])
def test_a_media_cloud_export_is_read_as_it_comes(read, document):
    ((article,), problems) = read(document)
    assert (article.title, article.outlet, article.language) == ("Chain pilot", "South China Morning Post", "en")
    assert (article.url, problems) == ("https://www.scmp.com/a", [])
    assert (article.published, article.published_quality) == (datetime(2019, 10, 25, tzinfo=UTC), "date_only")


def test_a_table_without_titles_is_told_what_it_lacks(read):
    with pytest.raises(NotAFeedError, match="without a column of titles"):
        read("when,where\n2019-10-25,Beijing\n", "table.csv")


@pytest.mark.parametrize("document", [GDELT_CSV, GDELT_JSON], ids=["csv", "json"])
def test_a_gdelt_export_is_read_as_it_comes_in_utc(read, document):
    ((article,), _) = read(document)
    assert (article.title, article.outlet, article.published) == ("Chain pilot", "South China Morning Post", AT)


def test_a_gdelt_knowledge_graph_file_without_header_gives_page_titles(read):
    ((article,), _) = read(GDELT_GKG)
    assert (article.title, article.url, article.published) == ('Chain "pilot"', "https://www.scmp.com/a", AT)


@pytest.mark.parametrize("columns", ["headline,pubDate,media_name,link,lead", "标题;发布时间;来源;链接;摘要"])
def test_column_names_and_delimiters_are_taken_as_they_are(read, columns):
    mark = ";" if ";" in columns else ","
    row = mark.join(["Chain pilot", "2019-10-25T10:30:00Z", "Harbour Daily", "https://daily.example/a", "A lead"])
    ((article,), _) = read(f"{columns}\n{row}\n")
    assert (article.title, article.summary, article.outlet) == ("Chain pilot", "A lead", "Harbour Daily")
    assert (article.url, article.published) == ("https://daily.example/a", AT)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_table_may_come_in_any_encoding(read, encoding):
    text = "title,date\n" + "区块链作为核心技术自主创新的重要突破口,2019-10-25\n"
    ((article,), _) = read(text.encode(encoding))
    assert article.title == "区块链作为核心技术自主创新的重要突破口"


def test_a_bad_row_is_named_by_its_line_and_the_others_are_kept(read):
    lines = ['{"title": "Chain pilot"}', "{broken", "[1]", '{"title": ""}', "", '{"title": "Coin ban"}']
    articles, problems = read("\n".join(lines))
    assert [article.title for article in articles] == ["Chain pilot", "Coin ban"]
    assert [problem.partition(":")[0] for problem in problems] == ["line 2", "line 3", "line 4"]


def test_a_row_with_more_fields_than_the_header_is_named_and_not_guessed_at(read):
    articles, problems = read("title,date\nChain, pilot,2019-10-25\nCoin ban,2019-10-25\n")
    assert [article.title for article in articles] == ["Coin ban"]
    assert problems == ["line 2: 3 fields under a header of 2"]


def test_a_quote_that_is_never_closed_is_named_by_its_line_and_costs_no_other(read):
    table = 'title,date\n"A chain\npilot",2019-10-25\n"Open,2019-10-25\nCoin ban,2019-10-25\nCoin trial,2019-10-25\n'
    articles, problems = read(table)
    assert [article.title for article in articles] == ["A chain pilot", "Coin ban", "Coin trial"]
    assert problems == ["line 4: a quote that is opened here is never closed"]


def test_a_quote_open_for_a_thousand_lines_counts_as_never_closed(read):
    articles, problems = read('title,date\n"Open,\n' + "Coin ban,\n" * MAX_LINES_A_RECORD + '"Coin trial",\n')
    assert len(articles) == MAX_LINES_A_RECORD + 1
    assert problems == ["line 2: a quote that is opened here is never closed"]


@given(st.lists(st.lists(st.text(st.sampled_from('a,"\n\r 链')), min_size=1, max_size=3), max_size=5))
def test_what_a_program_writes_as_csv_is_read_back(rows):
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    found = [
        cells for _, cells, problem in records(io.StringIO(written.getvalue(), newline=""), ",", csv.QUOTE_MINIMAL)
    ]
    assert found == rows


def test_jsonl_may_be_gzipped_whatever_its_name(read):
    ((article,), _) = read(gzip.compress(b'{"title": "Chain pilot", "date": 1571999400}\n'), name="a.txt")
    assert (article.title, article.published) == ("Chain pilot", AT)


def zipped(*contents: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, content in enumerate(contents):
            archive.writestr(f"{number}.csv", content)
    return packed.getvalue()


def test_a_table_alone_in_a_zip_archive_is_read_as_gdelt_gives_it_out(read):
    assert read(zipped(GDELT_GKG), name="20191025103000.gkg.csv.zip")[0][0].title == 'Chain "pilot"'
    with pytest.raises(NotAFeedError, match="an archive of 2 files: unpack it"):
        read(zipped(GDELT_CSV, GDELT_CSV))


@pytest.mark.parametrize("pack", [lambda text: gzip.compress(text.encode()), zipped])
def test_a_packed_table_that_breaks_off_says_so_wherever_it_does(read, pack):
    rows = "".join(f"{number} {number**9},2019-10-25\n" for number in range(20_000))
    whole = pack("title,date\n" + rows)
    for length in (30, len(whole) // 2):
        with pytest.raises(NotAFeedError, match="cannot be unpacked"):
            read(whole[:length])


def test_parquet_keeps_times_with_their_zone(read, tmp_path):
    parquet.write_table(pa.table({"headline": ["Chain pilot", None], "published": [AT, None]}), tmp_path / "t")
    articles, problems = read((tmp_path / "t").read_bytes())
    assert (articles[0].published, articles[0].published_quality) == (AT, "exact")
    assert problems == ["row 2: no title and no summary"]


def test_the_outlet_is_the_source_given_else_the_rows_else_the_links_else_the_files(read):
    assert read(MEDIA_CLOUD, source="Reuters")[0][0].outlet == "Reuters"
    assert read("title,url\nChain pilot,https://news.unheard.example/a\n")[0][0].outlet == "news.unheard.example"
    assert read("title,date\nChain pilot,2019-10-25\n", name="clips.csv")[0][0].outlet == "clips"


def test_a_feed_document_is_recognised_under_any_name(read):
    document = b"<rss version='2.0'><channel><title>Harbour Daily</title><item><title>Chain pilot</title></item>"
    assert read(document, name="2f9a")[0][0].outlet == "Harbour Daily"
    assert read(gzip.compress(document), name="feed.xml")[0][0].title == "Chain pilot"
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [{"id": "1", "title": "Chain pilot"}]}
    assert read(json.dumps(feed, indent=1))[0][0].title == "Chain pilot"


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"a,b\n1,2\n", b"\x1f\x8bxx", b"PAR1broken", b"\x00\xff" * 500, b"{}"]
)
def test_what_is_neither_feed_nor_table_is_told_in_one_line(read, content):
    with pytest.raises(NotAFeedError) as caught:
        read(content)
    assert "\n" not in str(caught.value)


def test_folders_are_searched_to_any_depth_in_a_fixed_order(tmp_path):
    for name in ("b/2.xml", "b/c/3", "1.csv", ".hidden"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    found = files.find([tmp_path, tmp_path / "1.csv"])
    assert [path.relative_to(tmp_path).as_posix() for path in found] == ["1.csv", "b/2.xml", "b/c/3"]


def test_a_path_that_does_not_exist_is_wrong_usage(tmp_path):
    with pytest.raises(UsageError, match="no such file"):
        files.find([tmp_path / "missing.csv"])


def test_an_empty_path_is_not_this_folder():
    with pytest.raises(UsageError, match="no path"):
        files.find([""])
