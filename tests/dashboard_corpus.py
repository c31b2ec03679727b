"""A month of invented coverage for the tests of the dashboard: two outlets, two languages, one hostile article."""

GROUPS = {"Harbour Daily": "hongkong", "链上日报": "trade_zh"}
HOSTILE = "<script>alert(1)</script> **x** [y](javascript:alert(1)) $z$ :red[w] 区块链 <img src=x onerror=alert(2)>"


def corpus() -> list[dict]:
    """91 relevant articles: 60 English ones and 30 Chinese ones in October 2019, and a hostile one on the 30th."""
    days = [f"2019-10-{day:02}" for day in range(1, 31)]
    english = [
        {
            "day": day,
            "score": 0.1,
            "targets": {"blockchain": 0.5, "crypto": -0.4},
            "themes": ["core_tech_innovation"],
            "topic": 1,
            "title": f"Blockchain pilot, report {day}",
        }
        for day in days
        for _ in range(2)
    ]
    chinese = [
        {
            "day": day,
            "score": -0.2,
            "outlet": "链上日报",
            "language": "zh",
            "targets": {"digital_yuan": 0.2},
            "title": f"数字人民币测试 {day}",
        }
        for day in days
    ]
    other = [{"day": day, "relevance": "no", "score": None} for day in days]
    return [*english, *chinese, *other, {"day": "2019-10-30", "title": HOSTILE, "summary": HOSTILE}]
