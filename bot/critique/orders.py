"""Which sentences of a bio give orders to software. A guard of its own looks at what leaves; this one is a courtesy."""

from collections.abc import Sequence

import regex

from bot.critique.reading import Hit, Reading, word_set

_SIGNS = regex.compile(
    r"(?:^|[.!?\n])[ \t]{0,9}(?:system|assistant|developer|instructions?|prompt)\s{0,3}:"
    r"|</?\s*(?:system|sys|user|assistant|instructions?|prompt|inst|admin|override|bio|script)\b[^<>]*>"
    r"|\[/?\s*(?:inst|system|assistant)\s*\]|<\|[^<>|]*\|?>|#{2,}\s*(?:instructions?|system|response|prompt)\b"
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
    for match in _SIGNS.finditer(reading.text):
        # A closing tag ends what it is about; everything else begins it.
        found.add(reading.sentence_at(match.start() - 1 if match.group()[:2] == "</" else match.end()))
    return frozenset(found)


def _is_order(reading: Reading, hit: Hit, *, several: bool) -> bool:
    """Return whether a phrase speaks to software: "repeat after me" is said in any lesson."""
    words = reading.words
    keys = {words[number].key for number in hit.numbers}
    if words[hit.first].key not in _OF_LESSONS or not _SOFTWARE.isdisjoint(keys - {"instructions"}):
        return True
    begins = hit.first == 0 or not words[hit.first].joins or words[hit.first - 1].key in _BEFORE
    nearby = (words[number].key for number in range(len(words)) if number not in hit.numbers)
    return begins and (several or ("instructions" in keys and len(keys) < 4) or any(key in _SOFTWARE for key in nearby))
