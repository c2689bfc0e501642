"""The rules of the offline critic, B01 to B24: one small function each, in one table."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import regex

from bot.coaching.bios import BIO_LIMIT, Finding, Place, Unit
from bot.critique.evidence import Evidence
from bot.critique.hints import Hints
from bot.critique.lengths import GRAPHEME, length, size, width
from bot.critique.meaning import Meaning
from bot.critique.names import without_names
from bot.critique.private import about_others, contact_data
from bot.critique.reading import STYLED, Hit, Reading, has_word, read, word_set
from prompts.bios import Lexicon, Rubric

THIN, THIN_ROOMY = 40, 250
"""Below this many letters there is room for one more fact; the second is for a long text."""
ROOMY_FROM = 1000
"""A place whose limit the member says is for a long text from here on."""
MOST_HASHTAGS = 3
MOST_EMOJI = 4
MOST_FIELDS = 2
LONGEST_SENTENCE = 32
SHOUTED_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class BioContext:
    """What is known of whoever wrote a bio: whether their profession is strict, and the fields of their focus."""

    strict: bool
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Bio:
    """A bio and where it stands, as the rules look at it; each part is worked out when a rule asks for it."""

    written: str = field(repr=False)
    place: Place
    limit: int
    rubric: Rubric = field(repr=False)
    context: BioContext

    @cached_property
    def reading(self) -> Reading:
        """Return its words and sentences."""
        return without_names(read(self.written[:BIO_LIMIT]), self.rubric)

    @cached_property
    def shown(self) -> Evidence:
        """Return what it shows."""
        return Evidence(self.reading, self.rubric, self.context.fields)

    @cached_property
    def hints(self) -> Hints:
        """Return what it may show."""
        return Hints(self.shown, self.meaning)

    @cached_property
    def length(self) -> int:
        """Return its length as its place counts."""
        return length(self.written, self.place)

    @cached_property
    def meaning(self) -> Meaning:
        """Return what its words mean where they stand."""
        return Meaning(self.shown)

    def first_hit(self, lexicon: Lexicon, rule: str, means: Callable[[Hit], bool]) -> Finding | None:
        """Return a finding about the first words of a list that mean what its rule is about."""
        hits = self.shown.hits(lexicon)
        hit = next((one for one in hits if not self.meaning.is_harmless(one) and means(one)), None)
        return None if hit is None else self.about(rule, hit)

    def about(self, rule: str, hit: Hit) -> Finding:
        """Return a finding about words that its message repeats."""
        quote = self.reading.quote_hit(hit)
        return Finding(rule, quote, {"word": " ".join(quote.split())})


# The rules. Each takes a bio and returns what it found, None when it found nothing.


def _over_limit(bio: Bio) -> Finding | None:
    if bio.length > bio.limit:
        return _too_long("B01", bio.length, bio.limit, _UNITS[bio.place.unit])
    most = bio.place.max_bytes
    return _too_long("B01", size(bio.written), most, "bytes") if most and size(bio.written) > most else None


_UNITS: Mapping[Unit, str] = {
    Unit.CHARACTERS: "characters",
    Unit.GRAPHEMES: "letters and signs",
    Unit.SHORTENED: "letters and signs",
}


def _too_long(rule: str, count: int, limit: int, unit: str) -> Finding:
    return Finding(rule, "", {"n": str(count), "limit": str(limit), "over": str(count - limit), "unit": unit})


def _too_thin(bio: Bio) -> Finding | None:
    roomy = bio.place.roomy or (bio.place.limit is None and bio.limit >= ROOMY_FROM)
    least = min(THIN_ROOMY if roomy else THIN, bio.limit // 2)
    text = bio.reading.whole.strip()
    return Finding("B02") if len(text) < least and width(text) < least else None


def _no_role(bio: Bio) -> Finding | None:
    return None if bio.hints.role else Finding("B03")


def _no_field(bio: Bio) -> Finding | None:
    return None if bio.hints.field else Finding("B04")


_LIST_BREAK = regex.compile(r"(?:[,;/&+]|\band\b|\bor\b|\p{Extended_Pictographic})\s*+", regex.IGNORECASE)
_INTERESTS = regex.compile(
    r"\s*(?:i(?:'m| am)? )?(?:also )?(?:(?P<study>student of|study|studying)|into|love|like|enjoy|do|interested in"
    r"|passionate about|a fan of|loves?|interests?:?)\s+",
    regex.IGNORECASE,
)
_LONGEST_ITEM = 3
_LEAST_STUDIED = 3


def _several_topics(bio: Bio) -> Finding | None:
    """Look at lists alone: a field that another one serves ("data for clinics") does not compete with it."""
    items = [item for number in range(len(bio.reading.sentences)) for item in _items(bio, number)]
    pastimes = bio.shown.hits(Lexicon.HOBBIES)
    families: dict[str, Hit] = {}
    hobbies: list[Hit] = []
    for first, last in items:
        hobby = next((one for one in pastimes if first <= one.first <= last), None)
        family = next(((hit, name) for hit, name in bio.shown.fields if first <= hit.first <= last and name), None)
        if family and not (hobby and hobby.numbers == family[0].numbers):
            families.setdefault(family[1], family[0])
        elif hobby:
            hobbies.append(hobby)
    if len(families) + _hobbies_count(bio, hobbies) <= MOST_FIELDS or not families:
        return None
    hits = sorted(families.values(), key=lambda hit: hit.first)
    start, end = bio.reading.words[hits[0].first].start, bio.reading.words[hits[-1].last].end
    return Finding("B05", bio.reading.quote(start, end))


def _hobbies_count(bio: Bio, hobbies: Sequence[Hit]) -> int:
    """Two hobbies are a topic of their own, unless they are the last line or sentence: there they belong."""
    last = len(bio.reading.sentences) - 1
    return int(len(hobbies) >= 2 and any(bio.reading.words[hit.first].sentence != last for hit in hobbies))


def _items(bio: Bio, sentence: int) -> Iterable[tuple[int, int]]:
    """Return the first and last word of each short item that a sentence lists, up to the first longer one."""
    start, end = bio.reading.sentences[sentence]
    text = bio.reading.text
    opener = _INTERESTS.match(text, start, end)
    if opener and opener["study"] and len(_LIST_BREAK.findall(text, opener.end(), end)) < _LEAST_STUDIED:
        return  # one degree may have three subjects
    place = opener.end() if opener else start
    for part in [*_LIST_BREAK.finditer(text, place, end), None]:
        stop = part.start() if part else end
        later = _INTERESTS.match(text, place, stop)
        if later and not later["study"]:
            place = later.end()  # "biology student, also into law, …"
        numbers = bio.reading.words_in(place, stop)
        place = part.end() if part else end
        if len(numbers) > _LONGEST_ITEM or any(_goes_into(bio, one) for one in numbers):
            return
        if numbers:
            yield numbers.start, numbers.stop - 1


def _goes_into(bio: Bio, number: int) -> bool:
    """Return whether a word shows that an item is no bare topic: "I bring law", "law about", "books for"."""
    key = bio.reading.key(number)
    lists = (bio.rubric.words[Lexicon.HOBBIES], *bio.rubric.fields.values())
    field = any(has_word(phrases, key) for phrases in lists)
    return key in _GOES_INTO or key in _FIRST_PERSON or (key in bio.rubric.vocabulary.verbs and not field)


_GOES_INTO = word_set("about on in for with at of to from across through covering between into by where")


def _no_proof(bio: Bio) -> Finding | None:
    return None if bio.hints.proof else Finding("B06")


def _buzzwords(bio: Bio) -> Finding | None:
    meaning = bio.meaning
    claims = [hit for hit in bio.shown.claims if not meaning.is_harmless(hit) and meaning.is_claim(hit)]
    return bio.about("B07", claims[0]) if claims and (len(claims) > 1 or not bio.hints.proof) else None


def _no_invitation(bio: Bio) -> Finding | None:
    return None if bio.hints.invitation else Finding("B08")


def _private_data(bio: Bio) -> Finding | None:
    found = contact_data(bio.reading.text, tuple(bio.reading.links))
    if not found:
        return None
    kinds = list(dict.fromkeys(one.what for one in found))
    what = kinds[0] if len(kinds) == 1 else f"{', '.join(kinds[:-1])} and {kinds[-1]}"
    return Finding("B09", bio.reading.quote(found[0].start, found[0].end), {"what": what})


def _others_data(bio: Bio) -> Finding | None:
    span = about_others(bio.reading.text, strict=bio.context.strict)
    return None if span is None else Finding("B10", bio.reading.quote(*span))


_HASHTAG = regex.compile(r"(?<![\w#&/])#[\p{L}\p{N}_]*\p{L}[\p{L}\p{M}\p{N}_]*")


def _hashtags(bio: Bio) -> Finding | None:
    tags = [match for match in _HASHTAG.finditer(bio.reading.text) if match.group() != "#"]
    if len(tags) <= MOST_HASHTAGS:
        return None
    return Finding("B11", bio.reading.quote(*tags[0].span()), {"n": str(len(tags))})


_IS_EMOJI = regex.compile(
    r"\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F|\p{Regional_Indicator}|[0-9#*]\uFE0F?\u20E3"
)


def _emoji(bio: Bio) -> Finding | None:
    text = bio.reading.text
    if text.isascii() or sum(1 for _ in _IS_EMOJI.finditer(text)) <= MOST_EMOJI:
        return None
    found = [match.span() for match in GRAPHEME.finditer(text) if _IS_EMOJI.match(match.group())]
    if len(found) <= MOST_EMOJI:
        return None
    return Finding("B12", bio.reading.quote(*found[0]), {"n": str(len(found))})


_BANGS = regex.compile(r"[!\uFF01]")


def _shouting(bio: Bio) -> Finding | None:
    reading = bio.reading
    bangs = [match.start() for match in _BANGS.finditer(reading.text)]
    words = [number for number, word in enumerate(reading.words) if word.key.isalpha() and number not in reading.names]
    shouted = [number for number in words if reading.words[number].upper and _is_said(bio, number)]
    if len(shouted) >= 3 and len(shouted) > SHOUTED_SHARE * len(words):
        return Finding("B13", reading.quote_hit(Hit(shouted[0], shouted[0])))
    if len(bangs) >= 3:
        return Finding("B13", reading.quote_sentence(reading.sentence_at(bangs[0])))
    return None


def _is_said(bio: Bio, number: int) -> bool:
    """Return whether a word in capitals is one of English rather than an abbreviation."""
    key = bio.reading.words[number].key
    if len(key) < 2:
        return False
    lists = (Lexicon.STOP_WORDS, Lexicon.ROLES, Lexicon.BUZZWORDS, Lexicon.VERBS, Lexicon.HOBBIES, Lexicon.QUALIFIERS)
    if any(key in bio.rubric.words[one] for one in lists) or key in bio.rubric.vocabulary.verbs:
        return True
    return len(key) > 3 and (
        key in bio.rubric.vocabulary.topics or any(key in words for words in bio.rubric.fields.values())
    )


def _short_link(bio: Bio) -> Finding | None:
    for span in bio.reading.links:
        link = bio.reading.quote(*span)
        host = regex.sub(r"^(?:https?://)?(?:www\.)?", "", link.casefold()).split("/")[0]
        if host in bio.rubric.shorteners:
            return Finding("B14", link, {"word": link})
    return None


_FIRST_PERSON = word_set("i im ive id my mine myself")
_OFTEN = frozenset({"also", "currently", "now", "really", "often", "always", "still"})
_OUTSIDE = word_set("she he they")
_SPEAKS = word_set(
    "is was has are were have works work studies study loves love enjoys enjoy builds build writes write teaches teach "
    "runs run leads lead designs design believes believe holds hold lives live makes make helps help likes like "
    "aims aim hopes hope wants want volunteers volunteer graduated studied worked"
)


def _mixed_person(bio: Bio) -> Finding | None:
    """Look for a sentence about the writer from outside; "she" may be anybody whom the bio spoke of before."""
    reading = bio.reading
    own = {word.sentence for number, word in enumerate(reading.words) if reading.key(number) in _FIRST_PERSON}
    if not own:
        return None
    for number in range(len(reading.words) - 1):
        word = reading.words[number]
        if number and reading.words[number - 1].sentence == word.sentence:
            continue
        named = _named_until(reading, number) if word.sentence == 0 and not own & {0} else None
        if named is not None and reading.key(named) in _SPEAKS - _PLURAL_FORMS:
            return Finding("B15", reading.quote_sentence(word.sentence))
        later = reading.words[number + 1].key in _OFTEN and number + 2 < len(reading.words)
        after = number + 2 if later else number + 1
        outside = word.key in _OUTSIDE and reading.words[after].key in _SPEAKS
        if outside and not _somebody_before(bio, number):
            return Finding("B15", reading.quote_sentence(word.sentence))
    return None


_PLURAL_FORMS = word_set(
    "are were have work study love enjoy build write teach run lead design believe hold live make help like aim hope "
    "want volunteer"
)


def _named_until(reading: Reading, number: int) -> int | None:
    """Return the word after a name that a sentence begins with, None when it begins with none."""
    after = number
    while (
        after < len(reading.words)
        and after in reading.names
        and reading.words[after].sentence == reading.words[number].sentence
    ):
        after += 1
    return after if number < after < len(reading.words) and reading.words[number].capital else None


_POINTS = word_set("a an the my our this that these those his her their its some every each one two three another")
_IS_SELF = word_set("am im as")
_PLACED = word_set("from in at near")


def _somebody_before(bio: Bio, number: int) -> bool:
    """Return whether "she" or "they" may be somebody or something else that was spoken of before."""
    people = bio.rubric.words[Lexicon.PEOPLE]
    words = bio.reading.words
    for one in range(number):
        key, before = words[one].key, words[one - 1].key if words[one].joins else ""
        begins = one == 0 or words[one].sentence != words[one - 1].sentence
        if key in _FIRST_PERSON:
            continue
        named = words[one].capital and not begins and not words[one].upper and before not in _PLACED
        plural = (
            len(key) > 3 and key.endswith("s") and not key.endswith(("ss", "us", "is", "ics")) and key not in _SPEAKS
        )
        if named or plural or key in people or (key in _POINTS and before not in _IS_SELF):
            return True
    return False


def _harsh(bio: Bio) -> Finding | None:
    return bio.first_hit(Lexicon.HARSH, "B16", bio.meaning.is_harsh)


def _need_first(bio: Bio) -> Finding | None:
    return bio.first_hit(Lexicon.NEED, "B17", bio.meaning.is_need)


_SEPARATOR = regex.compile(
    r"[|•·●▪◦‣✦★☆→▶~;]|\s/\s|,(?=\s)|\n(?=\s{0,9}\w)"
    r"|(?<=\w\s{0,3})[\p{Extended_Pictographic}\p{Emoji_Modifier}\u200d\ufe0f]++(?=\s{0,3}\w)"
)
_MOST_SEPARATORS = 3
_SAYS = _FIRST_PERSON | {"you", "your", "we", "our", "for", "at", "on", "with", "of", "so", "about"}
"""Words that join the parts of a list, so that nobody has to guess."""


def _list_soup(bio: Bio) -> Finding | None:
    reading = bio.reading
    if sum(1 for _ in _SEPARATOR.finditer(reading.text)) <= _MOST_SEPARATORS:
        return None
    says = any(reading.key(number) in _SAYS for number in range(len(reading.words)))
    verbs = (
        bio.hints.acts
        or bio.shown.hits(Lexicon.VERBS)
        or bio.shown.hits(Lexicon.DID)
        or bio.shown.doings
        or bio.shown.invitations
    )
    return None if says or verbs else Finding("B18")


def _long_sentence(bio: Bio) -> Finding | None:
    for number in range(len(bio.reading.sentences)):
        count = _word_count(bio.reading, number)
        if count > LONGEST_SENTENCE:
            return Finding("B19", bio.reading.quote_sentence(number), {"n": str(count)})
    return None


def _word_count(reading: Reading, sentence: int) -> int:
    """Count the words of a sentence; a name or an address counts as one word, however many it has."""
    numbers = reading.words_in(*reading.sentences[sentence])
    return sum(1 for number in numbers if number not in reading.names or number - 1 not in reading.names)


_BLANKS = regex.compile(
    r"\[(?P<square>[^\[\]\n]{1,60})\](?!\()|\{\{?(?P<curly>[^{}\n]{1,40})\}\}?|<(?P<angle>[^<>\n]{2,40})>"
)
_LEFT_OVER = regex.compile(
    r"(?i:\blorem ipsum\b)|\bTODO\b(?!\s+(?:app|lists?|comments?|items?|tracker)\b)|\bTBD\b|\bTBC\b|_{3,}"
    r"|\bX{2,}\+?(?= years?\b)|\bX years\b"
    r"|(?i:\binsert (?:your |the |a )?\w+ here\b|\byour (?:name|role|title|company|job title|text) here\b)"
    r"|(?i:\bcompany name\b)"
    r"|\b(?:First ?[Nn]ame Last ?[Nn]ame|Firstname|Lastname|Your Name|Job Title)\b|…{2,}|\.{5,}"
)
_SLOTS_AT_MOST = 6
_SLOTS = word_set("your insert add fill dein deine ihr ihre tu tuo votre ton seu sua here xx xxx tba tbd todo name")


def _template_left(bio: Bio) -> Finding | None:
    text = bio.reading.text
    for match in _BLANKS.finditer(text):
        inside = regex.findall(r"\w+", (match["square"] or match["curly"] or match["angle"] or "").casefold())
        wanted = bio.rubric.words[Lexicon.PLACEHOLDERS]
        slot = any(word in wanted for word in inside) and "dot" not in inside
        blank = all(word in wanted or word in bio.rubric.words[Lexicon.STOP_WORDS] for word in inside)
        if len(inside) <= _SLOTS_AT_MOST and slot and (blank or not _SLOTS.isdisjoint(inside)):
            return _blank(bio, match.span())
    match = _LEFT_OVER.search(text)
    return None if match is None else _blank(bio, match.span())


def _blank(bio: Bio, span: tuple[int, int]) -> Finding:
    quote = bio.reading.quote(*span)
    return Finding("B20", quote, {"word": quote})


_BEST = regex.compile(
    r"(?i:#\s?1\b|\bnumber 1\b)"
    r"|\b(?i:i'm|i am|am|be|being|become|becoming|simply|among|of|as)\s+(?i:the\s+(?:very\s+)?best)\b"
    r"(?!\s+(?:way|practice|practices|interests?|of luck|evidence|available|part|thing|version))"
    r"|\b(?i:the\s+(?:very\s+)?best)\s+"
    r"(?:at\b|you\b|there is\b|around\b|in (?:the|my|town|class|business|world|field)\b)"
)
_BEST_ROLE = regex.compile(
    r"\b[Tt]he\s+(?:very\s+)?best\s+(?P<next>\w+)(?:\s+(?P<after>\w+))?"
    r"|\b[Bb]est\s+(?P<who>\w+)\s+(?:in|of|at)\b"
)
_AWARD = regex.compile(r"\b(?:award|prize|paper|poster|thesis|medal|winner|won)\b", regex.IGNORECASE)


def _superlative(bio: Bio) -> Finding | None:
    boast = bio.first_hit(Lexicon.SUPERLATIVES, "B21", bio.meaning.is_boast)
    if boast is not None:
        return boast
    for match in _BEST.finditer(bio.reading.text):
        if not _given_best(bio, match.start(), match.end()):
            return _best(bio, match.span())
    for match in _BEST_ROLE.finditer(bio.reading.text):
        who = [match[name] for name in ("next", "after", "who") if match[name]]
        role = any(word.casefold() in bio.rubric.words[Lexicon.ROLES] for word in who)
        if role and not _given_best(bio, match.start(), match.end()):
            return _best(bio, match.span())
    return None


def _given_best(bio: Bio, start: int, end: int) -> bool:
    """Return whether "best" is an award, somebody else's, or a name."""
    number = bio.reading.word_at(end - 1)
    named = any(one in bio.reading.names for one in range(bio.reading.word_at(start), number + 1))
    nearby = bio.reading.text[max(0, start - 40) : end + 40]
    others = regex.search(r"\b(?:from|with|out|among|by)\s+(?:\w+\s+)?(?:the\s+)?best", nearby, regex.IGNORECASE)
    return named or bool(others) or _AWARD.search(nearby) is not None


def _best(bio: Bio, span: tuple[int, int]) -> Finding:
    quote = bio.reading.quote(*span)
    return Finding("B21", quote, {"word": " ".join(quote.split())})


def _orders(bio: Bio) -> Finding | None:
    first = min(bio.shown.orders, default=None)
    return None if first is None else Finding("B22", bio.reading.quote_sentence(first))


_SEEN_BY_NOBODY = regex.compile(
    r"[\p{Cf}--[\u200C\u200D\u200E\u200F\u061C\u0600-\u0605\u06DD\u070F\U000E0020-\U000E007F]]", regex.V1
)
_LATIN_JOINED = regex.compile(r"(?<=\p{Latin})[\u200C\u200D]+(?=\p{Latin})")
_PILED = regex.compile(r"\p{M}{4,}")
_SMALL_CAPITALS = regex.compile(r"[ᴀ-ᴢꜰɢʜɪʟɴʀʏʙꞯ]{3,}|[ᵃ-ᵡʰ-ʸᵢ-ᵪⁿ]{3,}")
_WIDE = regex.compile(r"[\uFF21-\uFF3A\uFF41-\uFF5A]")
_CJK = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]")
_WORD_AS_WRITTEN = regex.compile(r"\S+")


def _unreadable(bio: Bio) -> Finding | None:
    written = bio.written[:BIO_LIMIT]
    if written.isascii():
        return None
    styled = [match for match in STYLED.finditer(written) if not (_WIDE.match(match.group()) and _CJK.search(written))]
    for match in [*styled[:1]] if len(styled) > 1 else []:
        return Finding("B23", _word_around(written, match.start()))
    for pattern in (_SEEN_BY_NOBODY, _LATIN_JOINED, _PILED, _SMALL_CAPITALS):
        match = pattern.search(written)
        if match:
            return Finding("B23", _word_around(written, match.start()))
    return None


def _word_around(written: str, place: int) -> str:
    """Return the word that a character stands in, at most 120 characters; an exact part of the text."""
    word = next((one.group() for one in _WORD_AS_WRITTEN.finditer(written) if one.end() > place), "")
    return word[:120]


def _follow_bait(bio: Bio) -> Finding | None:
    return bio.first_hit(Lexicon.FOLLOW_BAIT, "B24", bio.meaning.is_bait)


RULES: Sequence[tuple[str, Callable[[Bio], Finding | None]]] = (
    ("B01", _over_limit),
    ("B02", _too_thin),
    ("B03", _no_role),
    ("B04", _no_field),
    ("B05", _several_topics),
    ("B06", _no_proof),
    ("B07", _buzzwords),
    ("B08", _no_invitation),
    ("B09", _private_data),
    ("B10", _others_data),
    ("B11", _hashtags),
    ("B12", _emoji),
    ("B13", _shouting),
    ("B14", _short_link),
    ("B15", _mixed_person),
    ("B16", _harsh),
    ("B17", _need_first),
    ("B18", _list_soup),
    ("B19", _long_sentence),
    ("B20", _template_left),
    ("B21", _superlative),
    ("B22", _orders),
    ("B23", _unreadable),
    ("B24", _follow_bait),
)
"""Every rule but B00: that a language is not English is no finding; it decides which of these are asked."""
