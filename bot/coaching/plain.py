"""Somebody's words, as Discord shows them as written; apart from the texts, so that refusals can quote them."""

import re

_MARKUP = re.compile(r"([\\*_~`|\[\]<>])|^(#|-|\+)", re.MULTILINE)
_MENTION = re.compile(r"@(?=everyone|here|[!&]?\d)")


def plain(text: str) -> str:
    """Return somebody's words so that Discord shows them as written: no formatting, mentions, or links behind words."""
    return _MENTION.sub("@\u200b", _MARKUP.sub(r"\\\1\2", text))
