"""Text as Discord shows it; apart from `texts`, so that refusals can quote what somebody typed."""

import re

_MARKUP = re.compile(r"([\\*_~`|\[\]<>])|^(#|-|\+)", re.MULTILINE)
_SHARE = re.compile(r"(?<=\d) (?=%)")
_MENTION = re.compile(r"@(?=everyone|here|[!&]?\d)")


def plain(text: str) -> str:
    """Escape a person's words so that Discord shows them as written: no formatting, mentions or masked links."""
    return _MENTION.sub("@\u200b", _MARKUP.sub(r"\\\1\2", text))


def unbroken(text: str) -> str:
    """Keep each number on one line with its per cent sign."""
    return _SHARE.sub("\N{NO-BREAK SPACE}", text)
