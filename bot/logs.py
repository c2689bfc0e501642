"""What the log looks like: lines to read or JSON to collect, in UTC, on standard error."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

# At INFO these tell of every heartbeat and job; what matters comes as a warning.
_CHATTY = ("alembic", "discord")


class _TextLines(logging.Formatter):
    """One line to read, with the exception's lines below it."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 - logging's name
        """Return the record's moment in UTC, to the second."""
        return _moment(record).strftime("%Y-%m-%d %H:%M:%SZ")


class _JsonLines(logging.Formatter):
    """One JSON object a line, exception included."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line."""
        line: dict[str, Any] = {
            "time": _moment(record).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def set_up_logging(level: str, log_format: str) -> None:
    """Write everything from `level` up to standard error as `text` or `json`; replaces what was set up before."""
    handler = logging.StreamHandler()
    handler.setFormatter(_JsonLines() if log_format == "json" else _TextLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[level]))
    # It warns when a tick is still running as the next one comes, which is what a busy Monday looks like.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    # An outage of Discord: one line for each try, not the forty of a traceback.
    logging.getLogger("discord.client").addFilter(_without_traceback)
    if level == "DEBUG":
        # Not lower: at DEBUG discord.py prints whole requests, and with them what members wrote.
        logging.getLogger("discord").setLevel(logging.INFO)


def _without_traceback(record: logging.LogRecord) -> bool:
    if record.msg == "Attempting a reconnect in %.2fs" and record.exc_info:
        error = record.exc_info[1]
        record.msg = f"Discord does not answer ({type(error).__name__}); trying again in %.0f s"
        record.levelno, record.levelname, record.exc_info = logging.WARNING, "WARNING", None
    return True


def _moment(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)
