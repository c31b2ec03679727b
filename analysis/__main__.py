"""`python -m analysis COMMAND`: annotate what was collected, and answer questions about it."""

import sys

from ingest.commands import dispatch

COMMANDS = {
    "run": "annotate what is new, group stories, fit topics, refresh rollups",
    "score": "score texts from standard input, one JSON object a line",
    "topics": "fit topics on texts from standard input",
    "bursts": "print what is new in the last days: terms, themes, targets, topics, outlet groups, coverage",
    "themes": "explain the themes of an article",
    "event": "study the coverage around a date",
    "series": "print the series behind a chart",
    "articles": "print the articles behind a point",
    "comparable": "print attention and tone as if the same outlets had been collected all along",
    "verify": "recompute a saved export and say whether it still holds",
    "briefing": "write a self-contained report of a period",
    "evaluate": "measure the sentiment engine on a labelled file",
    "train": "fit the sentiment engine on the labelled text",
}

if __name__ == "__main__":
    sys.exit(dispatch("analysis", COMMANDS))
