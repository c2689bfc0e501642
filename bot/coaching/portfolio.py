"""The portfolio: what a member chose to keep of a term."""

from enum import StrEnum


class PortfolioKind(StrEnum):
    """What an entry of a portfolio is."""

    LINE = "line"
    REFLECTION = "reflection"
    RESULT = "result"
    OUTCOME = "outcome"
    BIO_BEFORE = "bio_before"
    BIO_AFTER = "bio_after"
