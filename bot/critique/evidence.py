"""What a bio shows: its role, its fields, what was done, what it invites to. Absence is a question, never a fault."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import regex

from bot.critique.orders import order_sentences
from bot.critique.reading import Hit, Reading, find, hit_at, joined, singular, word_set
from prompts.bios import Lexicon, Phrases, Rubric, key_of

_FIELD_ENDS = regex.compile(
    r"(?!apology|ideology|astrology|technology|terminology|chronology|trilogy|eulogy)\p{L}{3,}ology"
)
_STUDIES = regex.compile(
    r"\b(?:study|studying|studied|studies|major(?:ing)? in|degree in|diploma in|certificate in|student of|bsc|b\.sc\.?|"
    r"msc|m\.sc\.?|phd (?:in|on)|ph\.d\.? (?:in|on)|ma in|ba in|bachelor of|master of|masters in|"
    r"(?:thesis|dissertation|doctorate) (?:in|on|about))"
    r"\s+(?!(?:at|abroad|hard|in|for|to|with|and|from|on|life|everything|here|full|part|student|the|a|my|our)\b)\p{L}{4,}",
    regex.IGNORECASE,
)
_NUMBER = regex.compile(r"\d[\d.,]*(?:k|m)?\Z", regex.IGNORECASE)
_NUMBER_WORDS = word_set(
    "two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty hundred hundreds "
    "thousand thousands dozen dozens several"
)
_MONEY = regex.compile(r"[€$£₦₹¥]\s?\d|\d\s?(?:€|\$|£|₦|₹|¥)")
_OBJECTS = word_set(
    "a an the my our this these some free open small large new weekly monthly daily local low lowcost three two four "
    "five six seven eight nine ten one every all over more several many first public short community"
)
_NO_OBJECTS = word_set(
    "with by to in and or on as hard things great good amazing solutions value impact change people others myself my "
    "me you it content connections memories magic"
)
_FIRST_PERSON = frozenset({"i", "we"})
_NOT_DONE_AFTER = frozenset({"to", "be", "get", "being", "getting"})
_PASSIVE = frozenset({"were", "are", "is"})
_OTHER_DOERS = word_set("people those women men children they workers someone anyone everyone")
_TO = frozenset({"to", "from", "in", "as", "at", "by", "with", "for", "on", "of", "and", "or", "that", "when"})
_OWNED = frozenset({"of", "have", "has", "had", "with", "my", "own", "am", "im", "years"})
_WHO_DOES = frozenset({"i", "we", "also", "currently", "now", "who", "she", "he", "they", "and"})
_FIRST_WORDS = 10
"""The first words that lists show: about 65 characters."""
_YEAR = regex.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True)
class Evidence:
    """What a bio shows, worked out when it is asked for.

    `fields`: those that the writer wants to be found for, in their own words. Sentences in which somebody gives orders
    to software (`orders`) show nothing.
    """

    reading: Reading = field(repr=False)
    rubric: Rubric = field(repr=False)
    saved_fields: tuple[str, ...] = field(default=(), repr=False)

    @cached_property
    def orders(self) -> frozenset[int]:
        """Return the numbers of the sentences that read like instructions to software."""
        return order_sentences(self.reading, self.hits(Lexicon.ORDERS))

    @cached_property
    def claims(self) -> tuple[Hit, ...]:
        """Return the words that anyone could say of themselves."""
        return tuple(self.hits(Lexicon.BUZZWORDS))

    @cached_property
    def harmless(self) -> frozenset[int]:
        """Return the numbers of words that belong to a phrase which means no harm."""
        return frozenset(number for hit in self.hits(Lexicon.HARMLESS) for number in hit.numbers)

    @cached_property
    def roles(self) -> tuple[Hit, ...]:
        """Return where the writer's role may stand."""
        return tuple(self._shown(self.hits(Lexicon.ROLES)))

    @cached_property
    def fields(self) -> tuple[tuple[Hit, str], ...]:
        """Return where a field stands, in order, and its family; "" is the family of one that we do not know."""
        found = [(hit, family) for family, phrases in self.rubric.fields.items() for hit in self._fields(phrases)]
        found += [(hit, "") for hit in self._shown(self._own_fields())]
        return tuple(sorted(found, key=lambda one: (one[0].first, -one[0].last)))

    @cached_property
    def professions(self) -> tuple[Hit, ...]:
        """Return the roles that tell their field as well, such as "falconer"."""
        general = self.rubric.words[Lexicon.GENERAL_ROLES]
        return tuple(hit for hit in self.roles if hit_at(self.reading, general, hit.first) is None)

    @cached_property
    def names_field(self) -> bool:
        """Return whether a field can be told, from our lists or from how it is spoken of."""
        return bool(self.fields or self.professions) or any(
            self.reading.word_at(match.end() - 1) not in self.reading.names
            for match in _STUDIES.finditer(self.reading.text)
        )

    @cached_property
    def proofs(self) -> tuple[Hit, ...]:
        """Return where something stands that was done, counted or can be looked at; a link is in `links`."""
        return tuple(
            sorted(
                self._shown((*self._did(), *self.doings, *self._to_show(), *self._counted())),
                key=lambda hit: hit.first,
            )
        )

    @cached_property
    def doings(self) -> tuple[Hit, ...]:
        """Return where something stands that is being done."""
        return tuple(self._doing())

    @cached_property
    def links(self) -> tuple[tuple[int, int], ...]:
        """Return where links stand."""
        return tuple(span for span in self.reading.links if self.reading.sentence_at(span[0]) not in self.orders)

    @property
    def proven(self) -> bool:
        """Return whether there is a proof of any kind."""
        return bool(self.proofs or self.links or self._money)

    @cached_property
    def invitations(self) -> tuple[Hit, ...]:
        """Return where the writer says what they seek, share or can be asked."""
        taken = {
            number
            for lexicon in (Lexicon.NEED, Lexicon.FOLLOW_BAIT, Lexicon.HARSH)
            for hit in self.hits(lexicon)
            for number in hit.numbers
        }
        taken |= {number for hit, _ in self.fields if hit.last > hit.first for number in hit.numbers}
        return tuple(hit for hit in self._shown(self.hits(Lexicon.INVITATIONS)) if taken.isdisjoint(hit.numbers))

    @cached_property
    def asks(self) -> bool:
        """Return whether the bio asks its reader something."""
        return any(
            self.reading.sentence_at(match.start()) not in self.orders
            for match in regex.finditer(r"\?", self._without_links)
        )

    @cached_property
    def role_and_field_first(self) -> Hit | None:
        """Return the first words when they hold role and field."""
        first = [number for number in range(len(self.reading.words)) if number not in self.reading.names][:_FIRST_WORDS]
        if not first:
            return None
        role = next((hit for hit in self.roles if hit.last <= first[-1]), None)
        subjects = (*(hit for hit, _ in self.fields), *self.professions)
        subject = next((hit for hit in subjects if hit.last <= first[-1]), None)
        if role is None or subject is None:
            return None
        return Hit(min(role.first, subject.first), max(role.last, subject.last))

    def hits(self, lexicon: Lexicon, *, plural: bool = False) -> list[Hit]:
        """Return where phrases of a list stand; a list is looked for once, however many rules ask."""
        found = self._found.get((lexicon, plural))
        if found is None:
            found = self._found[lexicon, plural] = find(self.reading, self.rubric.words[lexicon], plural=plural)
        return found

    @cached_property
    def _found(self) -> dict[tuple[Lexicon, bool], list[Hit]]:
        return {}

    def _shown(self, hits: Iterable[Hit]) -> Iterator[Hit]:
        """Leave out what stands in an order to software, and what is part of a claim."""
        words = self.reading.words
        for hit in hits:
            if words[hit.first].sentence not in self.orders and self.claimed.isdisjoint(hit.numbers):
                yield hit

    @cached_property
    def claimed(self) -> frozenset[int]:
        """Return the numbers of the words of claims."""
        return frozenset(number for hit in self.claims for number in hit.numbers)

    @cached_property
    def _in_fields(self) -> frozenset[int]:
        return frozenset(number for hit, _ in self.fields for number in hit.numbers)

    @cached_property
    def _after_roles(self) -> frozenset[int]:
        return frozenset(hit.last + 1 for hit in self.roles)

    def _fields(self, phrases: Phrases) -> Iterator[Hit]:
        return self._shown(find(self.reading, phrases, plural=True))

    def _own_fields(self) -> Iterator[Hit]:
        """Find words like "glaciology", and those of the saved focus."""
        wanted = {
            key
            for name in self.saved_fields
            for key in regex.findall(r"\w{3,}", key_of(name))
            if key not in self.rubric.words[Lexicon.STOP_WORDS]
        }
        for number in range(len(self.reading.words)):
            key = self.reading.key(number)
            ends = key.endswith("ology") and _FIELD_ENDS.fullmatch(key)
            if key and (key in wanted or singular(key) in wanted or ends):
                yield Hit(number, number)

    def _did(self) -> Iterator[Hit]:
        """Find what was done: forms of our list, and others in -ed with an object."""
        listed = {hit.first: hit for hit in self.hits(Lexicon.DID)}
        not_deeds = self.rubric.words[Lexicon.NOT_DEEDS]
        for number, word in enumerate(self.reading.words):
            told = number in listed or (word.key.endswith("ed") and word.key not in not_deeds)
            if not told or word.upper or number in self.reading.names:
                continue
            if self._before(number) in _NOT_DONE_AFTER or self.of_others(number):
                continue
            if number in listed:
                yield listed[number]
            elif self._has_object(number):
                yield Hit(number, number + 1)

    def _to_show(self) -> Iterator[Hit]:
        """Find things to show for it; what will be is none yet."""
        return (hit for hit in self.hits(Lexicon.PROOFS) if self._after(hit.last) != "will")

    def of_others(self, number: int) -> bool:
        """Return whether somebody else did it: "the people who repaired them"."""
        who = number - 2 if self._before(number) == "who" else -1
        return self._before(number) in _PASSIVE or (who >= 0 and self._before(number - 1) in _OTHER_DOERS)

    def _has_object(self, number: int) -> bool:
        after = self._after(number)
        return _is_object(after) or (self._before(number) in _FIRST_PERSON and bool(after) and after not in _TO)

    def _doing(self) -> Iterator[Hit]:
        """Find what is being done: -ing forms with an object, and plain forms after who does it."""
        for number in range(len(self.reading.words) - 1):
            key = self.reading.key(number)
            after = self._after(number) if key else ""
            if after and (self._does(number, key, after) or self._done_by(number, key, after)):
                yield Hit(number, number + 1)

    def _does(self, number: int, key: str, after: str) -> bool:
        """Return whether an -ing form tells of a deed: it has an object, and is no wish, no field and no state."""
        if not key.endswith("ing") or after in _NO_OBJECTS:
            return False
        before = self._before(number)
        if before in self.rubric.words[Lexicon.WISHES]:
            return False
        if _is_object(after) and _stem(key, self.rubric.words[Lexicon.DOING]):
            return True
        begins = not before or number in self._after_roles
        noun = number in self._in_fields or after in self.rubric.words[Lexicon.ROLES] or after in _TO
        return begins and not noun and not _stem(key, self.rubric.words[Lexicon.STATES])

    def _done_by(self, number: int, key: str, after: str) -> bool:
        """Return whether a plain form tells of a deed: after "I" or a name, or at the beginning with an object."""
        if after in _NO_OBJECTS:
            return False
        doing = self.rubric.words[Lexicon.DOING]
        listed = key in doing or _stem_of_s(key, doing)
        if not listed and (number == 0 or self.reading.words[number - 1].key not in _FIRST_PERSON):
            return False
        before = self._before(number)
        if listed:
            named = number - 1 in self.reading.names and self.reading.words[number - 1].capital
            begins = not before and _is_object(after) and self._after(number + 1) != "better"
            return before in _WHO_DOES or named or begins
        states = self.rubric.words[Lexicon.STATES]
        known = key in states or key in self.rubric.words[Lexicon.STOP_WORDS] or key.endswith(("ed", "ly"))
        return before in _FIRST_PERSON and not known and after not in _TO

    def _before(self, number: int) -> str:
        """Return the key of the word before, in the same run of words; "" when it begins one."""
        return self.reading.key(number - 1) if number > 0 and joined(self.reading, number - 1) else ""

    def _after(self, number: int) -> str:
        """Return the key of the word after, in the same run of words; "" when there is none."""
        return self.reading.key(number + 1) if joined(self.reading, number) else ""

    def _counted(self) -> Iterator[Hit]:
        """Find numbers of something: "40 volunteers", "12-person", "three short films"."""
        for number, word in enumerate(self.reading.words):
            is_number = _NUMBER.match(word.key) and not _YEAR.fullmatch(word.key) and word.key != "1"
            if number in self.reading.names or not (is_number or word.key in _NUMBER_WORDS):
                continue
            last = self._thing_counted(number, by_digits=bool(is_number))
            if last is not None:
                yield Hit(number, last)

    def _thing_counted(self, number: int, *, by_digits: bool) -> int | None:
        """Return the number of the word for what is counted: one of our list, or any plural after digits.

        What somebody is or has ("mother of 3 …", "I have 2 …") is no deed.
        """
        owned = self._before(number) in _OWNED
        for last in range(number + 1, min(number + 4, len(self.reading.words))):
            if not joined(self.reading, last - 1) or last in self.reading.names:
                return None
            if hit_at(self.reading, self.rubric.words[Lexicon.COUNTED], last, plural=True):
                return last
            key = self.reading.key(last)
            if key in self.rubric.words[Lexicon.UNCOUNTED]:
                return None
            if by_digits and not owned and singular(key) != key:
                return last
        return None

    @cached_property
    def _money(self) -> bool:
        return any(
            self.reading.sentence_at(match.start()) not in self.orders for match in _MONEY.finditer(self.reading.text)
        )

    @cached_property
    def _without_links(self) -> str:
        text = self.reading.text
        for start, end in self.reading.links:
            text = text[:start] + " " * (end - start) + text[end:]
        return text


def _stem(key: str, verbs: Collection[str]) -> bool:
    """Return whether an -ing form is of one of the verbs."""
    stem = key.removesuffix("ing")
    doubled = len(stem) > 2 and stem[-1] == stem[-2]
    return stem in verbs or f"{stem}e" in verbs or (doubled and stem[:-1] in verbs)


def _stem_of_s(key: str, verbs: Collection[str]) -> bool:
    """Return whether a form such as "runs" is of one of the verbs."""
    return (key.endswith("s") and key[:-1] in verbs) or (key.endswith("es") and key[:-2] in verbs)


def _is_object(key: str) -> bool:
    return key in _OBJECTS or key[:1].isdigit()
