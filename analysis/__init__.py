"""Analysis: from stored articles to annotations, stories, topics, rollups, and the figures read from them.

    articles ─► annotate (text → relevance → themes → targets → sentiment) ─► stories ─► topics ─► rollups
    rollups, annotations ─► queries ─► trends, events ─► export, and the dashboard

Annotation is a pure function of a text; stories and topics look at many. `queries` is one function a question;
`trends` and `events` are the statistics. Nothing here knows how a page looks.
"""
