"""What a bio may show: hints wide enough that a rule of absence speaks only where there is none.

A hint is no evidence: it keeps a rule silent, and nothing is praised for it. A question that is not asked costs little.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from bot.critique import clues
from bot.critique.evidence import Evidence
from bot.critique.meaning import Meaning
from bot.critique.reading import Hit, Reading, has_word, joined
from prompts.bio_words import Vocabulary
from prompts.bios import Lexicon

if TYPE_CHECKING:
    from regex import Pattern

_SHORT = 3
"""A word of no more letters says little by itself."""


@dataclass(frozen=True)
class Hints:
    """Whether a bio may show its writer's role, field, proof and invitation, worked out when a rule asks."""

    shown: Evidence = field(repr=False)
    meaning: Meaning = field(repr=False)

    @property
    def reading(self) -> Reading:
        """Return the words that are looked at."""
        return self.shown.reading

    @property
    def _known(self) -> Vocabulary:
        return self.shown.rubric.vocabulary

    @cached_property
    def role(self) -> bool:
        """Return whether something may say what the writer is: a role, a degree, or what they do."""
        said = self.shown.roles or self._does or _some(self._roles()) or self._matches(clues.STUDENT)
        return bool(said) or self._titled or (self._opens_with_field and self.acts)

    @cached_property
    def _titled(self) -> bool:
        """Return whether the writer is called something with a field: "marketing guru" says who they are."""
        fields = {hit.last for hit, _ in self.shown.fields}
        return any(hit.first - 1 in fields for hit in self.shown.hits(Lexicon.SUPERLATIVES))

    @cached_property
    def field(self) -> bool:
        """Return whether something may say what the writer is busy with."""
        return self._names_field or self._does or _some(self._topics())

    @cached_property
    def proof(self) -> bool:
        """Return whether something may have been done, made, counted or held."""
        return (
            self.shown.proven
            or self.acts
            or self.untold
            or _some(self._counts())
            or _some(self._owns())
            or _some(self._held())
            or self._matches(clues.FORMER, clues.TITLE, clues.COUNTING, clues.POST)
        )

    @cached_property
    def acts(self) -> bool:
        """Return whether something may be done, so that it is said with a verb."""
        return self._did or _some(self._acts())

    @cached_property
    def invitation(self) -> bool:
        """Return whether somebody may be spoken to, sought or asked."""
        said = self.shown.invitations or self.shown.asks or _some(self._calls())
        return bool(said) or self._seeks or self._ends_open

    @cached_property
    def _names_field(self) -> bool:
        """Return whether a field is named; what is liked beside pastimes, "music, films and food", is one of them."""
        words = self.reading.words
        pastimes = {words[hit.first].sentence for hit in self.shown.hits(Lexicon.HOBBIES)}
        liked = {word.sentence for word in words if word.key in clues.LIKES and word.sentence in pastimes}
        fields = [hit for hit, _ in self.shown.fields]
        only_liked = bool(fields) and all(words[hit.first].sentence in liked for hit in fields)
        return self.shown.names_field and not (only_liked and not self.shown.professions)

    # Roles and fields.

    @cached_property
    def _opens_with_field(self) -> bool:
        """Return whether a field alone, or with its place, begins the bio: "Glaciology in Tromsø. I …"."""
        first, end = next(self._runs(), (0, 0))
        known = {number for hit, _ in self.shown.fields for number in hit.numbers}
        known |= {number for number in range(first, end) if self._is_topic(self.reading.key(number))}
        words = [number for number in range(first, end) if self.reading.words[number].key not in clues.PLACES]
        places = {number for number in words if self.reading.words[number].capital and number > first}
        alone = end == len(self.reading.words) or "," not in self.reading.between(end - 1)
        return (
            alone
            and not known.isdisjoint(words)
            and 0 < len(words) <= clues.LONGEST_FIELD
            and not set(words) - known - places - self.reading.names
        )

    def _roles(self) -> Iterator[int]:
        for number, word in enumerate(self.reading.words):
            key = self.reading.key(number)
            if (
                not key
                or self._silent(number)
                or number in self.shown.claimed
                or self._before(number) in clues.OTHERS_TOO
            ):
                continue
            known = key in self._known.roles or word.one in self._known.roles
            if known or ((not word.capital or clues.SCHOLAR.fullmatch(key)) and self._is_agent(word.one)):
                yield number

    def _is_agent(self, key: str) -> bool:
        listed = key in self._known.unlike or self._is_listed(key)
        return not listed and clues.AGENT.fullmatch(key) is not None

    def _is_listed(self, key: str) -> bool:
        """Return whether a list of ours has a word, which is then no unknown role."""
        words = self.shown.rubric.words
        lists = (*words.values(), *self.shown.rubric.fields.values())
        return any(key in phrases for phrases in lists) or key in self._known.topics

    def _topics(self) -> Iterator[int]:
        hobbies = {number for hit in self.shown.hits(Lexicon.HOBBIES) for number in hit.numbers}
        for number in range(len(self.reading.words)):
            key = self.reading.key(number)
            if not key or number in hobbies or number in self.shown.claimed or self._silent(number):
                continue
            if self._is_abbreviation(number) or (self._is_topic(key) and self._raw_before(number) != "with"):
                yield number

    def _is_abbreviation(self, number: int) -> bool:
        """Return whether a word is short and in capitals among small letters, and no place: "GIS", not "in NYC"."""
        word = self.reading.words[number]
        if not (word.upper and word.key.isalpha() and 1 < len(word.key) <= _SHORT + 1) or self._shouts:
            return False
        known = word.key in self._known.unlike or self._is_listed(word.key)
        return not known and self._before(number) not in clues.PLACES

    def _is_topic(self, key: str) -> bool:
        if key in self.shown.rubric.words[Lexicon.STOP_WORDS] or key in self._known.unlike:
            return False
        return not self._known.topics.isdisjoint(_forms(key)) or clues.JARGON.fullmatch(key) is not None

    @cached_property
    def _shouts(self) -> bool:
        capitals = sum(1 for word in self.reading.words if word.upper and len(word.key) > 1)
        return 2 * capitals > len(self.reading.words)

    # What was done.

    @cached_property
    def _does(self) -> bool:
        return any(self.shown.claimed.isdisjoint(hit.numbers) and not self._is_past(hit) for hit in self.shown.doings)

    def _is_past(self, hit: Hit) -> bool:
        key = self.reading.words[hit.first].key
        return key in self._known.done or key in self._known.past

    @cached_property
    def _did(self) -> bool:
        return _some(self._pasts())

    def _pasts(self) -> Iterator[int]:
        no_deeds = self.shown.rubric.words[Lexicon.NOT_DEEDS]
        for number, word in enumerate(self.reading.words):
            key = self.reading.key(number)
            if not key or word.upper or number in self.shown.claimed or self._silent(number):
                continue
            if self.shown.of_others(number):
                continue
            regular = key.endswith("ed") and len(key) > 4 and key not in no_deeds
            done = key in self._known.done or (key in self._known.past and self._object_after(number))
            if not (regular or done):
                continue
            before, after = self._before(number), self._after(number)
            told = before in clues.TELLERS or self._is_named(number - 1)
            begun = not before and bool(after) and (done or not _some(self._role_after(number)))
            if told or begun or (before == "and" and bool(after)):
                yield number

    def _role_after(self, number: int) -> Iterator[int]:
        """Find a role among the words that follow: "certified welder" tells no deed."""
        for one in range(number + 1, min(number + 4, len(self.reading.words))):
            if not joined(self.reading, one - 1):
                return
            word = self.reading.words[one]
            if word.one in self._known.roles or word.one in self.shown.rubric.words[Lexicon.ROLES]:
                yield one

    def _acts(self) -> Iterator[int]:
        for number in range(len(self.reading.words) - 1):
            key = self.reading.key(number)
            if not key or not self._after(number) or self._silent(number) or number in self.shown.claimed:
                continue
            before = self._before(number)
            if self._is_busy(number, key, before) or self._tells(number, key, before):
                yield number

    def _is_busy(self, number: int, key: str, before: str) -> bool:
        """Return whether an -ing form tells what is being done, by whom or with an object: "now mapping wells"."""
        stem = key.removesuffix("ing")
        if stem == key or len(stem) < _SHORT or self._is_wish(number):
            return False
        at_it = (before in clues.AT_IT or before in self._known.roles) and not self._is_state(stem)
        return at_it or (not before and stem not in clues.MIND and self._object_after(number))

    def _tells(self, number: int, key: str, before: str) -> bool:
        """Return whether a plain form tells a deed, after "I", "who", or at the beginning with an object."""
        if key in clues.MAY_BE_DEED and before in {"i", "we"} and self._object_after(number):
            return True
        if key in self.shown.rubric.words[Lexicon.STOP_WORDS] or key in clues.OFTEN:
            return False
        if before in {"i", "we"}:
            return not (key in clues.MIND or key.endswith(("ed", "ly")))
        if before == "who":
            return key.endswith("s") and not self._is_state(key[:-1])
        begins = before in {"", "and", "but"} and key in self._known.verbs and not self._is_state(key)
        return begins and self._after(number) in clues.OBJECTS

    def _is_state(self, stem: str) -> bool:
        states = self.shown.rubric.words[Lexicon.STATES]
        return stem in states or f"{stem}e" in states

    def _object_after(self, number: int) -> bool:
        """Return whether a verb has an object, a "down" or "up" passed over."""
        if self._after(number) in clues.PARTICLES:
            number += 1
        return self._after(number) in clues.OBJECTS

    def _is_wish(self, number: int) -> bool:
        return number > 1 and any(
            self.reading.key(one) in {"love", "like", "enjoy", "about", "interested", "learning", "of", "in"}
            for one in range(max(0, number - 4), number)
            if self.reading.words[one].sentence == self.reading.words[number].sentence
        )

    def _counts(self) -> Iterator[int]:
        for number, word in enumerate(self.reading.words[:-1]):
            if number in self.reading.names or self._silent(number):
                continue
            if self._before(number) in clues.COUNTS_NOTHING:
                continue
            if word.key in clues.NUMBER_WORDS:
                yield from self._plurals_after(number)
            elif self._is_count(word.key) and self._is_counted(number + 1):
                yield number

    @staticmethod
    def _is_count(key: str) -> bool:
        return key != "1" and clues.DIGITS.match(key) is not None and not clues.YEAR.fullmatch(key)

    def _is_counted(self, number: int) -> bool:
        word = self.reading.words[number]
        counted = bool(self._after(number - 1)) and word.key not in clues.NOT_COUNTED
        return counted and not (word.capital or word.key.isdigit())

    def _plurals_after(self, number: int) -> Iterator[int]:
        words = self.shown.rubric.words
        for one in range(number + 1, min(number + 3, len(self.reading.words))):
            if not joined(self.reading, one - 1):
                return
            key = self.reading.key(one)
            own = key in words[Lexicon.PEOPLE] or key in words[Lexicon.UNCOUNTED] or key in words[Lexicon.HOBBIES]
            if (
                len(key) > _SHORT
                and key.endswith("s")
                and not key.endswith("ss")
                and not own
                and key not in clues.ALL_HAVE
            ):
                yield one

    def _owns(self) -> Iterator[int]:
        for number in range(len(self.reading.words)):
            shouted = self.reading.words[number].upper
            if self.reading.key(number) not in {"my", "our"} or shouted or self._silent(number):
                continue
            for one in range(number + 1, min(number + 4, len(self.reading.words))):
                if not joined(self.reading, one - 1):
                    break
                if self._after(one) in clues.TO_COME:
                    break
                named = one in self.reading.names
                if not named and not self._known.made.isdisjoint((self.reading.key(one), self.reading.words[one].one)):
                    yield one

    def _held(self) -> Iterator[int]:
        """Find what somebody is somewhere: "barista at Blue Door"; who studies somewhere has done nothing yet."""
        for number in range(len(self.reading.words) - 2):
            word = self.reading.words[number]
            role = word.key in self._known.roles or has_word(self.shown.rubric.words[Lexicon.ROLES], word.key)
            school = number + 3 in self.reading.names or word.key.endswith(("ing", "ied", "ies"))
            if not role or school or word.key in clues.LEARNERS or self._silent(number) or number in self.reading.names:
                continue
            named = self.reading.words[number + 2].capital and number + 2 not in self.reading.names
            named = named and "[" not in self.reading.between(number + 1)
            if self._after(number) in {"at", "with", "for", "on"} and (
                named or self._after(number + 1) in {"a", "an", "the"}
            ):
                yield number

    # Who is spoken to.

    def _calls(self) -> Iterator[int]:
        for start, end in self._runs():
            first = self.reading.key(start)
            orders = first in self._known.verbs and not self.reading.words[start].upper
            follow = {self.reading.words[one].key for one in range(start + 1, end)}
            if orders and not follow.isdisjoint(clues.ORDERED) and self.reading.words[start].sentence not in self._sore:
                yield start
        for number, word in enumerate(self.reading.words):
            if word.sentence in self._sore:
                continue
            key = self.reading.key(number)
            asks = (
                not self._raw_before(number)
                and not word.upper
                and key not in self.shown.rubric.words[Lexicon.STOP_WORDS]
            )
            if key in self._known.readers or (key and asks and self._after(number) in self._known.askers):
                yield number

    @cached_property
    def _ends_open(self) -> bool:
        """Return whether the bio ends with a sentence that is about nobody we know: it may be for the reader."""
        last = len(self.reading.sentences) - 1
        numbers = self.reading.words_in(*self.reading.sentences[last])
        told = {self.reading.words[hit.first].sentence for hit in self.shown.proofs}
        told |= {self.reading.words[number].sentence for number in (*self._pasts(), *self._acts(), *self._counts())}
        keys = {self.reading.words[number].key for number in numbers}
        if last == 0 or len(numbers) < clues.LEAST_TOLD or last in told or last in self._understood:
            return False
        return clues.WANTS.isdisjoint(keys) and clues.OWN.isdisjoint(keys) and any(self._is_topic(key) for key in keys)

    @cached_property
    def _seeks(self) -> bool:
        if not self._known.readers:
            return False
        return any(
            self.reading.sentence_at(match.end() - 1) not in self._sore
            for match in clues.SEEKS.finditer(self.reading.text)
        )

    @cached_property
    def _sore(self) -> frozenset[int]:
        """Return the numbers of the sentences that boast, beg or scold: whom they speak to is not invited."""
        meaning, words = self.meaning, self.reading.words
        hits = [
            *(hit for hit in self.shown.hits(Lexicon.HARSH) if meaning.is_harsh(hit)),
            *(hit for hit in self.shown.hits(Lexicon.NEED) if meaning.is_need(hit)),
            *(hit for hit in self.shown.hits(Lexicon.FOLLOW_BAIT) if meaning.is_bait(hit)),
            *(hit for hit in self.shown.hits(Lexicon.SUPERLATIVES) if meaning.is_boast(hit)),
            *self.shown.claims,
        ]
        boasts = {self.reading.sentence_at(match.start()) for match in clues.BOAST.finditer(self.reading.text)}
        return self.shown.orders | boasts | {words[hit.first].sentence for hit in hits}

    def _runs(self) -> Iterator[tuple[int, int]]:
        """Return the first word of each run of words without a comma or an end, and the one after its last."""
        start = 0
        for number in range(1, len(self.reading.words) + 1):
            if number == len(self.reading.words) or not self.reading.words[number].joins:
                yield start, number
                start = number

    # What none of this understands.

    @cached_property
    def untold(self) -> bool:
        """Return whether a sentence tells something of its own that is neither who the writer is nor what they like."""
        return any(self._is_untold(number) for number in range(len(self.reading.sentences)))

    def _is_untold(self, sentence: int) -> bool:
        numbers = self.reading.words_in(*self.reading.sentences[sentence])
        if len(numbers) < clues.LEAST_TOLD or sentence in self._understood:
            return False
        keys = [self.reading.words[number].key for number in numbers]
        return clues.WANTS.isdisjoint(keys) and any(self._is_topic(key) for key in keys)

    @cached_property
    def _understood(self) -> frozenset[int]:
        words = self.reading.words
        lists = (
            Lexicon.HOBBIES,
            Lexicon.NEED,
            Lexicon.FOLLOW_BAIT,
            Lexicon.HARSH,
            Lexicon.SUPERLATIVES,
            Lexicon.BUZZWORDS,
        )
        hits = [hit for one in lists for hit in self.shown.hits(one)]
        firsts = [
            *(hit.first for hit in (*hits, *self.shown.roles, *self.shown.invitations)),
            *self._roles(),
            *self._calls(),
        ]
        seeks = {self.reading.sentence_at(match.end() - 1) for match in clues.SEEKS.finditer(self.reading.text)}
        # Addresses, numbers to call and blanks are looked at by rules of their own.
        private = {self.reading.sentence_at(match.start()) for match in clues.NO_TELLING.finditer(self.reading.text)}
        named = {words[number].sentence for number in self.reading.names}
        return self.shown.orders | seeks | private | named | {words[number].sentence for number in firsts}

    # Small words.

    def _silent(self, number: int) -> bool:
        return self.reading.words[number].sentence in self.shown.orders

    def _is_named(self, number: int) -> bool:
        return number >= 0 and number in self.reading.names and joined(self.reading, number)

    def _raw_before(self, number: int) -> str:
        return self.reading.words[number - 1].key if number > 0 and joined(self.reading, number - 1) else ""

    def _before(self, number: int) -> str:
        """Return the word before in the same run, adverbs passed over; "" when there is none."""
        while number > 0 and joined(self.reading, number - 1):
            number -= 1
            key = self.reading.words[number].key
            if key not in clues.OFTEN and key != "co" and not (key.endswith("ly") and len(key) > _SHORT):
                return key
        return ""

    def _after(self, number: int) -> str:
        return self.reading.key(number + 1) if joined(self.reading, number) else ""

    def _matches(self, *patterns: "Pattern[str]") -> bool:
        return any(
            self.reading.sentence_at(match.start()) not in self.shown.orders
            for pattern in patterns
            for match in pattern.finditer(self.reading.text)
        )


def _forms(key: str) -> tuple[str, ...]:
    """Return a word and what it may be the plural of."""
    if not key.endswith("s"):
        return (key,)
    return key, key[:-1], key.removesuffix("es"), f"{key.removesuffix('ies')}y"


def _some(numbers: Iterator[int]) -> bool:
    """Return whether there is one at all; the first word has the number 0."""
    return next(numbers, None) is not None
