"""Signs that no font of the machine has. WeasyPrint says so in its log while it draws, and nowhere else."""

import functools
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

# What printers set where a letter is not in the case; NanumGothic has it.
GETA = "〓"
_SAYS_SO = ".notdef glyph rendered"


class _Listener(logging.Filter):
    """Takes what WeasyPrint says about missing signs out of the log and keeps the signs for the thread that asks."""

    def __init__(self) -> None:
        super().__init__()
        self.asking = threading.local()

    def filter(self, record: logging.LogRecord) -> bool:
        signs: set[str] | None = getattr(self.asking, "signs", None)
        if signs is None or not str(record.msg).startswith(_SAYS_SO) or not isinstance(record.args, tuple):
            return True
        signs.add(str(record.args[0]))
        return False


@functools.cache
def _listener() -> _Listener:
    """One for the process: WeasyPrint has one logger."""
    listener = _Listener()
    logging.getLogger("weasyprint").addFilter(listener)
    return listener


@contextmanager
def without_glyph() -> Iterator[set[str]]:
    """Collects the signs that this thread draws without a glyph: what it gives fills while pages are drawn."""
    signs: set[str] = set()
    _listener().asking.signs = signs
    try:
        yield signs
    finally:
        _listener().asking.signs = None
