"""Contact data: what lets a stranger reach the writer of a text, or find where they live."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import regex

E_MAIL = "an e-mail address"
PHONE = "a phone number"
STREET = "a street address"
BIRTH = "a date of birth"
AGE = "your age"
MESSENGER = "a messenger contact"
INVITE = "an invite link"
STUDENT_NUMBER = "a student number"


class Private(NamedTuple):
    """A piece of contact data: what it is, and its span in the text."""

    what: str
    start: int
    end: int


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_FLAGS = regex.IGNORECASE
_LINK = regex.compile(r"(?:https?://|www\.)[^\s<>]+|(?<![\w@.])(?:[a-z0-9-]+\.)+[a-z]{2,}/[^\s<>]*", _FLAGS)
_TOP = r"(?:com|org|net|edu|ac|io|co|me|info|gov|eu|uk|de|fr|es|it|nl|in|ng|ke|gh|za|br|mx|ca|au|jp|cn|pl|se|no|ch|at)"
_E_MAIL = regex.compile(
    r"(?<![\w@.+%-])(?:mailto:)?[\w.+%-]{1,64}+@(?:[\w-]{1,63}+\.)+[a-z]{2,}\b"
    r"|(?<![\w.+-])[\w.+-]{1,64}+\s?[(\[{<]\s?(?:at|@|arroba)\s?[)\]}>]\s?[\w-]+"
    r"(?:\s?(?:\.|[(\[{<]\s?(?:dot|punkt|punto)\s?[)\]}>]|\bdot\b)\s?[\w-]+)+"
    rf"|(?<![\w.+-])[\w.+-]{{1,64}}+\s{{1,3}}at\s{{1,3}}[\w-]+(?:\s+dot\s+[\w-]+)*\s+dot\s+{_TOP}\b"
    rf"|(?<![\w.+-])[\w.+-]{{1,64}}+\s{{0,3}}@\s{{0,3}}[\w-]+(?:\s+dot\s+[\w-]+)*\s+dot\s+{_TOP}\b"
    r"|(?<![\w.+-])(?=[\w+-]{0,63}[._\d])[\w.+-]{1,64}+\s{1,3}at\s{1,3}(?:gmail|yahoo|hotmail|outlook|icloud|proton(?:mail)?)\b",
    _FLAGS,
)
_LABEL = (
    r"(?:phone|tel(?:ephone|éfono|efon|efone)?|mobile|mob|cell|handy|call(?: me)?|text(?: me)?|sms|whats ?app|wa|viber|"
    r"signal|ring me|number is)"
)
_LABELLED_PHONE = regex.compile(
    rf"\b{_LABEL}\b[^\w\n]{{0,4}}(?:(?:me|at|on|is|number|nr|no)\b[^\w\n]{{0,4}}){{0,3}}"
    r"(?P<number>\+?[\d(](?:[ .()/\u2011\u2013-]{0,3}\d){5,16})",
    _FLAGS,
)
_NUMBER = regex.compile(
    r"(?<![\w.,/#-])(?P<number>(?:\+|00)?\s?\(?\d(?:[ .()/\u2011\u2013-]{0,3}\d){6,16})(?![\w-]|[.,]\d)"
)
_CHAT_LINK = regex.compile(r"\b(?:wa\.me|api\.whatsapp\.com/send\?phone=|tel:)/?\+?\d{6,}", _FLAGS)
_DIGIT_WORD = r"(?:zero|oh|nought|one|two|three|four|five|six|seven|eight|nine|double|triple)"
_SPELLED = regex.compile(rf"\b{_DIGIT_WORD}(?:[\s,-]+{_DIGIT_WORD}){{6,}}\b", _FLAGS)
_DOI = regex.compile(r"10\.\d{4,}/")
_YEAR = regex.compile(r"(?:19|20)\d\d")
_MONTHS = regex.compile(r"(?:0?[1-9]|1[0-2])[/.](?:19|20)\d\d(?:\s?[-–—]\s?(?:0?[1-9]|1[0-2])[/.](?:19|20)\d\d)?")
_LEAST_DIGITS = 9
_MOST_DIGITS = 15

_STREET_WORD = (
    r"(?:street|st|avenue|ave|road|rd|lane|ln|boulevard|blvd|crescent|terrace|drive|dr|close|court|square|way)"
)
_STREETS = (
    regex.compile(
        rf"\b\d{{1,5}}[A-Za-z]?\s+(?:[A-Z][\w'-]*\.?\s+){{1,3}}(?i:{_STREET_WORD})\b\.?"
        r"(?=\s*(?:[,.;|)\n]|$|(?:in|near|apt|flat|unit)\b|#|\d))"
    ),
    regex.compile(
        r"(?<![\p{L}-])\p{Lu}[\p{L}-]{0,40}(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse|straat|laan|gatan|vägen|gata|vej)\s+\d{1,4}[a-z]?\b"
    ),
    regex.compile(
        r"\b\d{1,4}(?:\s?bis|\s?ter)?,?\s+(?i:rue|avenue|boulevard|allée|chemin|place|impasse)\s+"
        r"(?:(?:de|du|des|la|le|les|l)\b['\s]*)*\p{Lu}[\p{L}-]+"
    ),
    regex.compile(
        r"\b(?i:calle|carrer|avenida|av\.|paseo|plaza|rua|avenida|travessa|via|viale|corso|piazza|ul\.|ulica|jalan|jl\.)\s+"
        r"(?:(?:de|da|do|del|della|la|los|las)\s+)*\p{Lu}[\p{L}-]+(?:\s+\p{L}+){0,3},?\s+(?:n[ºo°.]+\s?)?\d{1,4}\b"
    ),
    regex.compile(r"\b(?i:apartment|apt\.?|flat)\s+(?:no\.?\s?|#)?\d{1,4}(?![dx]\b)[a-z]?\b"),
    regex.compile(r"\b(?i:p\.?\s?o\.?\s?box)\s+\d{1,6}\b"),
)

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\.?"
_NUMBER_OF_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DAY = (
    rf"(?:{_NUMBER_OF_DAY}(?:\s+of)?\s+{_MONTH}(?:,?\s+\d{{4}})?|{_MONTH}\s+{_NUMBER_OF_DAY}(?:,?\s+\d{{4}})?"
    r"|\d{1,2}[./-]\d{1,2}(?:[./-]\d{2,4})?|\d{4}-\d\d-\d\d)"
)
_BORN = r"born|geboren|né|née|nacido|nacida|nascida|nascido|b\."
_BIRTHS = (
    regex.compile(
        rf"\b(?:{_BORN}|birthday|birth ?date|date of birth|d\.?o\.?b\.?|bday|b-day)(?!\w)\.?[\s:]*"
        rf"(?:(?:on|is|in|am|le|el|em|the|my|it's)\s+)*{_DAY}",
        _FLAGS,
    ),
    regex.compile(
        r"\b(?:born|geboren|né|née|nacido|nacida|nascida|nascido|b\.)\s+(?:in\s+|en\s+|em\s+)?(?:19|20)\d\d\b", _FLAGS
    ),
    regex.compile(r"(?<!\w)\*\s?(?:19|20)\d\d\b(?!\*)"),
    regex.compile(rf"(?:🎂|🎈|🎉|🥳)\s*{_DAY}", _FLAGS),
    regex.compile(rf"{_DAY}\s*(?:🎂|🎈)|\b{_DAY}\s+(?:birthday|bday|baby)\b", _FLAGS),
)

_YEARS = r"(?P<age>1[3-9]|[2-7]\d)"
_NO_COUNT = (
    r"(?=\s*(?:[.,;!|)/•·\n]|$|(?:and|from|but|living|based|studying|currently|years? (?:old|young)|yrs?|y/?o)\b"
    r"|[-–—]\s))"
)
_AGE_IN_WORDS = (
    r"(?:thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|(?:twenty|thirty|forty|fifty|sixty)"
    r"(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?)"
)
_AGES = (
    regex.compile(
        rf"\b(?:I'm|I am|im|aged?)\s+{_AGE_IN_WORDS}(?:\s+years?\s+(?:old|young)\b|\s*(?=[.,;!|]|$))", _FLAGS
    ),
    regex.compile(rf"\b(?:I'm|I am|im|aged?|age:)[\s:]+{_YEARS}\b{_NO_COUNT}", _FLAGS),
    regex.compile(
        rf"(?:^|[\n|•·,;(]|\bI'm|\bI am|\bAnd)\s{{0,3}}{_YEARS}\s?(?:years?|yrs?)[ -](?:old|young)\b", _FLAGS
    ),
    regex.compile(rf"(?<![\w-]){_YEARS}\s?(?:y/o|yo|yrs old|y\.o\.)\b", _FLAGS),
    regex.compile(rf"(?:^|[\n|•·]|//)\s{{0,3}}{_YEARS}\s{{0,3}}(?=[|•·\n,]|/(?!\d)|$)"),
    regex.compile(rf"^\s{{0,3}}{_YEARS}\.(?=\s\p{{Lu}})"),
    regex.compile(r"(?<=\p{L},\s)(?:1[6-9]|[2-4]\d)(?=,\s\p{Lu})"),
    regex.compile(rf"(?:[|•·\n]|^)\s{{0,3}}(?:[FfMm]\s?{_YEARS}|(?P<other>1[3-9]|[2-7]\d)\s?[FfMm])\s*(?=[|•·\n,]|$)"),
    regex.compile(rf"\b(?:tengo|j'ai|ich bin|ho|tenho)\s+{_YEARS}\s+(?:años|ans|jahre|anni|anos)\b", _FLAGS),
)
# "A 19-year-old nursing student" is the writer; "a 70-year-old violin" and "my 14-year-old" are not.
_YEAR_OLD = regex.compile(rf"(?P<before>\b\w+\s+)?\b{_YEARS}[- ]year[- ]old\b(?P<after>(?:\s+[\w-]+){{0,4}})", _FLAGS)
_OF_OTHERS = regex.compile(
    r"(?:my|our|his|her|their|the|for|to|with|teach|coach|of|help|about|restore|restoring)\s+", _FLAGS
)
_SELF = regex.compile(
    r"\b(?:student|undergraduate|graduate|nurse|developer|designer|artist|writer|engineer|apprentice|trainee|teacher|"
    r"musician|photographer|freelancer|entrepreneur|intern|athlete|girl|guy|man|woman|creator|founder|from|who|based)\b",
    _FLAGS,
)


_CONTACT = (
    r"(?:telegram|tg|whats ?app|discord|skype|snap(?:chat)?|wechat|weixin|kik|viber|signal|kakao(?:talk)?|line id|qq)"
)
_MESSENGERS = (
    # "Telegram: @ada", "discord: ada#1234", "snap ada_99"; a plain word after the name is no contact.
    regex.compile(rf"\b{_CONTACT}\b\s*(?:id\b|me\b|is\b)?\s*[:=–-]?\s*@[\w.]{{3,}}", _FLAGS),
    regex.compile(rf"\b{_CONTACT}\b\s*(?:id\b|me\b|is\b)?\s*[:=–-]\s*(?=[\w.#]*[\d_.#])[\w.#]{{4,}}(?<![.])", _FLAGS),
    regex.compile(r"(?<![\w#/])[\w.]{2,32}#\d{4}\b"),
    regex.compile(r"\b(?:https?://)?t\.me/(?!joinchat|\+)\w{3,}", _FLAGS),
)
_INVITE = regex.compile(
    r"\b(?:https?://)?(?:www\.)?(?:discord\.gg|discord(?:app)?\.com/invite|chat\.whatsapp\.com|t\.me/joinchat|t\.me/\+)/?[\w-]+",
    _FLAGS,
)
_STUDENT_NUMBER = regex.compile(
    r"\b(?:student|matric(?:ulation)?|enrol?lment|registration|roll|reg)\.?\s*(?:id|no|nr|number|num|#)(?!\w)\.?"
    r"(?:\s*(?:is|:|#))?\s*(?=[\w/-]*\d{4})[A-Za-z]{0,4}[\w/-]{4,16}"
    r"|\b(?:matrikel(?:nummer|nr)?|matr[íi]cula|n[úu]mero de alumno|num[ée]ro [ée]tudiant|nim|npm)\b\.?"
    r"\s*(?:n[ºo°]\.?)?\s*:?\s*[A-Za-z]{0,3}\d{5,}",
    _FLAGS,
)


def contact_data(text: str) -> list[Private]:
    """Find contact data, in the order of the text and without overlaps.

    Numbers inside links are no phone numbers; a birth or an age counts only if it seems to be the writer's own.
    """
    links = [match.span() for match in _LINK.finditer(text)] if "/" in text or "www." in text.casefold() else []
    streets = (match for street in _STREETS for match in street.finditer(text))
    births = (match for birth in _BIRTHS for match in birth.finditer(text))
    # The surest kinds first: of two that overlap the first counts.
    kinds: dict[str, Iterable[tuple[int, int]]] = {
        E_MAIL: (match.span() for match in _E_MAIL.finditer(text) if not _in(match.start(), links)),
        INVITE: (match.span() for match in _INVITE.finditer(text)),
        MESSENGER: (match.span() for pattern in _MESSENGERS for match in pattern.finditer(text)),
        STUDENT_NUMBER: (match.span() for match in _STUDENT_NUMBER.finditer(text)),
        PHONE: _phones(text, links),
        STREET: (match.span() for match in streets if _may_be_address(text, match.start())),
        BIRTH: (match.span() for match in births if _is_own_birth(text, match)),
        AGE: _ages(text),
    }
    apart: list[Private] = []
    for what, spans in kinds.items():
        for start, end in spans:
            if not any(start < other.end and other.start < end for other in apart):
                apart.append(Private(what, start, end))
    return sorted(apart, key=lambda private: private.start)


_WORD_BEFORE = regex.compile(r"(?<![\w'])(\p{Ll}[\p{L}']*)\s+\Z")
_BEFORE_ADDRESS = _words(
    "at on in of from to near is live lives living based address home house studio my me is by visit find adresse "
    "dirección endereço indirizzo wohne habite vivo moro via"
)


def _may_be_address(text: str, start: int) -> bool:
    """Return whether the word before allows an address: "restored 12 Victorian Terrace" is about a house."""
    before = _WORD_BEFORE.search(text, max(0, start - 40), start)
    return before is None or before[1].casefold() in _BEFORE_ADDRESS


_CLAUSE = regex.compile(r"[^.,;:|!?()\n•·]*\Z")
_OWN_BIRTH = _words(
    "i was am i'm im and is were been a an the he she they proud now who originally where but also my me birthday"
)


_OWNED = _words("my our his her their the this its")


def _is_own_birth(text: str, birth: "regex.Match[str]") -> bool:
    """Return whether the writer was born then, rather than a grandmother or a choir."""
    if not birth.group().casefold().startswith(("born", "b.")):
        return True
    clause = _CLAUSE.search(text, max(0, birth.start() - 120), birth.start())
    words = regex.findall(r"[\w'’]+", clause.group()) if clause else []
    if words and words[0].casefold() in _OWNED:
        return False
    return all(
        word.casefold() in _OWN_BIRTH or _SELF.fullmatch(word) or (word[0].isupper() and word.casefold() not in _OWNED)
        for word in words
    )


def _phones(text: str, links: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for match in _LABELLED_PHONE.finditer(text):
        if not _in(match.start("number"), links) and not _is_time(match["number"]):
            yield match.span()
    for match in _NUMBER.finditer(text):
        if not _in(match.start("number"), links) and _is_phone(match["number"], text[match.end() :]):
            yield match.span("number")
    yield from (match.span() for pattern in (_CHAT_LINK, _SPELLED) for match in pattern.finditer(text))


def _is_phone(number: str, after: str) -> bool:
    """Return whether a number without a label is a phone number, and no year, date, count, code or identifier."""
    groups = regex.findall(r"\d+", number)
    digits = sum(len(group) for group in groups)
    prefixed = number.startswith(("+", "00"))
    if digits > _MOST_DIGITS or digits < (7 if prefixed else _LEAST_DIGITS):
        return False
    if prefixed:
        return True
    years = sum(1 for group in groups if _YEAR.fullmatch(group))
    dated = years in {2, len(groups)} or (_YEAR.match(groups[0]) and len(groups[0]) in {4, 8})
    if dated or _MONTHS.fullmatch(number.strip()) or _DOI.match(number):
        return False
    if len(groups) == 1:
        return digits in {10, 11} or number.startswith("0")
    counted = all(len(group) == 3 for group in groups[1:]) and regex.match(r"\s+\p{Ll}{3,}", after) is not None
    isbn = digits in {10, 13} and groups[0] in {"978", "979"}
    # Such as a score or a range of ages.
    small_numbers = all(len(group) == 1 for group in groups) and len(groups) < _LEAST_DIGITS + 1
    return not (counted or isbn or small_numbers)


def _is_time(number: str) -> bool:
    digits = regex.sub(r"\D", "", number)
    return len(digits) < 6 or all(_YEAR.fullmatch(group) for group in regex.findall(r"\d+", number))


def _ages(text: str) -> Iterator[tuple[int, int]]:
    yield from (match.span() for pattern in _AGES for match in pattern.finditer(text))
    for match in _YEAR_OLD.finditer(text):
        others = _OF_OTHERS.fullmatch(match["before"] or "")
        if not others and (not match["after"].strip() or _SELF.search(match["after"])):
            yield match.span()


def _in(position: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= position < end for start, end in spans)
