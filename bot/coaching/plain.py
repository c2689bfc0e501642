"""Words as they are shown; apart from the texts, so that refusals can quote somebody's.

`plain` is for what people wrote, `unbroken` for what we say.
"""

import re

_MARKUP = re.compile(r"([\\*_~`|\[\]<>])|^(#|-|\+)", re.MULTILINE)
_SHARE = re.compile(r"(?<=\d) (?=%)")
_MENTION = re.compile(r"@(?=everyone|here|[!&]?\d)")


def plain(text: str) -> str:
    """Return somebody's words so that Discord shows them as written: no formatting, mentions, or links behind words."""
    return _MENTION.sub("@\u200b", _MARKUP.sub(r"\\\1\2", text))


def unbroken(text: str) -> str:
    """Return a text in which no line ends between a number and its per cent sign."""
    return _SHARE.sub("\N{NO-BREAK SPACE}", text)
