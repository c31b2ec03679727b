"""A store as one run of a page sees it: one connection, and no SELECT answered twice."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import ExitStack, contextmanager

import pandas as pd

from ingest.store_base import Parameters, Session, Store, Table

Remember = Callable[[Hashable, Callable], object]
"""`remember(asked, answer)` is the answer to what was asked: one it has, or that of calling `answer`."""


class HeldStore(Store):
    """Reads `store` on one connection, which is opened by the first SELECT that `remember` does not know and held until
    `close`. What is remembered must be of one state of the data. Nothing can be written."""

    def __init__(self, store: Store, remember: Remember) -> None:
        self.kind, self.url, self.name, self.folder = store.kind, store.url, store.name, store.folder
        self.lock_file = store.lock_file
        self._store, self._remember = store, remember
        self._opened = ExitStack()
        self._session: Session | None = None

    @contextmanager
    def connect(self, writing: bool) -> Iterator["HeldStore"]:
        if writing:
            raise NotImplementedError("a held store is read, not written")
        yield self

    def claim(self, feeds):
        raise NotImplementedError("a held store collects nothing")

    def close(self) -> None:
        self._session = None
        self._opened.close()

    def rows(self, sql: str, parameters: Parameters = ()) -> list[tuple]:
        return self._answer("rows", sql, parameters)

    def frame(self, sql: str, parameters: Parameters = ()) -> pd.DataFrame:
        # Who asked may write into its own copy; the values are shared until then.
        return self._answer("frame", sql, parameters).copy(deep=False)

    def columns(self, sql: str, parameters: Parameters = ()) -> Table:
        return dict(self._answer("columns", sql, parameters))

    def _answer(self, form: str, sql: str, parameters: Parameters):
        def asked_now():
            if self._session is None:
                self._session = self._opened.enter_context(self._store.connect(writing=False))
            return getattr(self._session, form)(sql, parameters)

        return self._remember((form, sql, repr(parameters)), asked_now)
