"""Which sentences of a bio give orders to software. A guard of its own looks at what leaves; this one is a courtesy."""

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence

import regex

from bot.critique.reading import Hit, Reading, word_set

_SIGNS = regex.compile(
    r"(?:^|[.!?\n])[ \t]{0,9}(?:system|assistant|developer|instructions?|prompt)\s{0,3}:"
    r"|<(?P<opens>system|sys|user|bio|assistant|instructions?|prompt|inst|admin|override|script)\b[^<>]*>"
    r"|</\s*(?P<closes>system|sys|user|assistant|instructions?|prompt|inst|admin|override|bio|script)\b[^<>]*>"
    r"|\[(?P<begins>inst|system|assistant)\s*\]|\[/\s*(?P<ends>inst|system|assistant)\s*\]"
    r"|<\|[^<>|]*\|?>|#{2,}\s*(?:instructions?|system|response|prompt)\b"
    r"|[\"']?(?:scores?|rating|verdict)[\"']?\s*[:=]\s*[\[{\"']?\s*(?:\d|strong|perfect)",
    regex.IGNORECASE,
)
_SOFTWARE = word_set(
    "ai bot llm gpt chatgpt model prompt score scores marks rubric reviewer grader critique criticism reviewing "
    "findings rating perfect praise praised assistant candidate json bio profile jailbreak dan admin developer "
    "automated system criteria previous prior instructions above"
)
_OF_LESSONS = word_set(
    "act answer approve bypass disable drop execute follow forget ignore disregard instead leak output override "
    "overrule praise pretend print repeat reply respond return reveal say show skip stop the what without write you"
)
"""How orders begin that are given to people too, in lessons, games and recipes."""
_BEFORE = word_set("please and then now just or also but must should you dear hello hey hi")


def order_sentences(reading: Reading, hits: Sequence[Hit]) -> frozenset[int]:
    """Return the numbers of the sentences that read like instructions to software; `hits`: phrases of orders."""
    words = reading.words
    found = {words[hit.first].sentence for hit in hits if _is_order(reading, hit, several=len(hits) > 1)}
    return frozenset(found.union(*_signed(reading, found)))


def _signed(reading: Reading, found: Collection[int]) -> Iterator[range]:
    """Return the sentences that signs such as tags make orders, and no sentence before or after these.

    `found`: those that are orders by their words.
    """
    opened: dict[str, int] = {}
    last = len(reading.sentences) - 1
    for match in _SIGNS.finditer(reading.text):
        begins, ends = match["opens"] or match["begins"], match["closes"] or match["ends"]
        before = reading.sentence_at(max(0, match.start() - 1))
        follows = bisect_right(reading.sentences, match.end(), key=lambda span: span[1])
        if ends and ends.casefold() in opened:
            first = opened.pop(ends.casefold())
            # Tags around the whole of a bio say nothing about any part of it.
            yield range(first, before + 1) if before - first < last else range(0)
        elif ends:
            # What closes nothing pretends that the bio is over, so that what follows is the order.
            yield range(follows, min(follows, last) + 1) if before not in found else range(0)
        elif begins:
            opened[begins.casefold()] = first = min(last, max(follows, reading.sentence_at(match.start())))
            yield range(first, first + (begins.casefold() not in _OF_MEMBERS))
        else:
            first = reading.sentence_at(match.end())
            yield range(first, first + 1)


_OF_MEMBERS = ("bio", "user")
"""Tags within which a bio may stand: they order nothing by themselves."""


def _is_order(reading: Reading, hit: Hit, *, several: bool) -> bool:
    """Return whether a phrase speaks to software: "repeat after me" is said in any lesson."""
    words = reading.words
    keys = {words[number].key for number in hit.numbers}
    if words[hit.first].key not in _OF_LESSONS or not _SOFTWARE.isdisjoint(keys - {"instructions"}):
        return True
    begins = hit.first == 0 or not words[hit.first].joins or words[hit.first - 1].key in _BEFORE
    nearby = (words[number].key for number in range(len(words)) if number not in hit.numbers)
    return begins and (several or ("instructions" in keys and len(keys) < 4) or any(key in _SOFTWARE for key in nearby))
