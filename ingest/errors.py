"""Every error Lianwatch raises on purpose.

    LianwatchError                 exit code 1: the work failed
    ├── UsageError                 exit code 2: wrong usage or configuration; the text says what to change
    │   ├── ConfigError            a setting or the feed list is wrong
    │   └── StoreError             the store cannot be opened, read or written
    ├── FetchError                 a feed could not be fetched (carries its status word)
    └── NotAFeedError              the bytes are not a feed document (carries its status word)

What a library raises is mapped to one of these where that library is called, and nowhere else.
"""


class LianwatchError(Exception):
    """Root of all expected errors; its text is one line for the user."""

    exit_code = 1


class UsageError(LianwatchError):
    """The command or its configuration must change before the work can start."""

    exit_code = 2


class ConfigError(UsageError):
    """A setting, an environment variable or the feed list is wrong."""


class StoreError(UsageError):
    """The store cannot be opened, read or written."""


class FetchError(LianwatchError):
    """A feed could not be fetched; `status` is one word of the fixed vocabulary (`ingest.model.STATUSES`)."""

    def __init__(self, status: str, message: str) -> None:
        super().__init__(message)
        self.status = status


class NotAFeedError(LianwatchError):
    """The bytes are no RSS, Atom, RDF or JSON Feed document; `status` is `not_a_feed`, `empty` or `parse_error`."""

    def __init__(self, message: str, status: str = "not_a_feed") -> None:
        super().__init__(message)
        self.status = status
