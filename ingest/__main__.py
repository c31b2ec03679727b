"""`python -m ingest COMMAND`: collect feeds and files into the store."""

import sys

from ingest.commands import dispatch

COMMANDS = {
    "run": "fetch the feeds that are due",
    "import": "import feed documents and tables of headlines",
    "backfill": "fetch history in dated windows",
    "feeds": "list, check and change the subscription",
    "sample": "load the sample data",
    "copy": "move the store, from a file to a server or back",
}

if __name__ == "__main__":
    sys.exit(dispatch("ingest", COMMANDS))
