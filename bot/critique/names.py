"""Which words of a bio name a person or a school: they are never taken for a role, a claim or a field."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.critique.reading import Reading, has_word, singular, word_set
from prompts.bios import Lexicon, Rubric

_LONGEST_NAME = 5
_PARTICLES = word_set("de da do dos das del della di du la le van von der den ter bin bint ibn al el st e y")
_INTRODUCES = frozenset({"im", "i am", "name is", "name's", "names", "call me", "this is", "known as", "goes by"})
_SPEAKS_OF = word_set(
    "is was has works studies loves enjoys here believes holds builds writes teaches designs makes runs leads"
)
_SCHOOLS = word_set(
    "university college institute institution school academy polytechnic conservatory conservatoire faculty "
    "universidad universidade universita università université universität universiteit hochschule politecnico "
    "école ecole escola escuela uni"
)
_WITH_OF = frozenset({"of", "for", "and", "the", "de", "da", "do", "di", "du", "des", "del", "la"})
_STUDIES = word_set(
    "student students studying study studies studied graduate graduated grad alum alumna alumnus alumni undergrad "
    "undergraduate postgrad postgraduate freshman sophomore junior senior candidate major minor degree phd msc bsc "
    "ma ba mba llb llm mbbs nursing law researcher fellow trainee"
)
_NEAR = 6
_LEFT = word_set("graduate graduates grad alum alumna alumnus alumni dropout")
_GIVEN = word_set(
    "amber angel april archer aria august basil bill brook carter chad chandler chase clay cooper daisy dean drew "
    "earl ernest faith fletcher flint florence forrest frank gene ginger grace grant harmony holland hope iris ivy "
    "jade jasmine jewel jordan joy lily mason melody miles norman olive parker pat pearl penny prince ray reed rose "
    "rosemary ruby sawyer spencer sterling sydney taylor tyler viola violet"
)
"""Words that are given names when another name follows."""

# Lists whose first words are known as words rather than names.
_KNOWN = (
    Lexicon.QUALIFIERS,
    Lexicon.ROLES,
    Lexicon.HOBBIES,
    Lexicon.BUZZWORDS,
    Lexicon.VERBS,
    Lexicon.DOING,
    Lexicon.DID,
    Lexicon.INVITATIONS,
    Lexicon.STOP_WORDS,
)


@dataclass(frozen=True, slots=True)
class _Look:
    reading: Reading
    rubric: Rubric

    def capital(self, number: int) -> bool:
        words = self.reading.words
        return 0 <= number < len(words) and number not in self.reading.names and words[number].capital

    def key(self, number: int) -> str:
        return self.reading.words[number].key

    def may_be_name(self, number: int) -> bool:
        return self.key(number) in self.rubric.words[Lexicon.SURNAMES]

    def known(self, number: int) -> bool:
        """Return whether a word is one of our lists, and none that people are called by."""
        key = self.key(number)
        if self.may_be_name(number) or self.initial(number):
            return False
        forms = (key, singular(key))
        lists = (*(self.rubric.words[one] for one in _KNOWN), *self.rubric.fields.values())
        return any(form in phrases for phrases in lists for form in forms) or key.isdigit()

    def initial(self, number: int) -> bool:
        """Return whether a word is the initial of a name, such as the "K." of "T. K. Jones"."""
        return len(self.key(number)) == 1 and self.capital(number) and self.reading.between(number)[:1] == "."

    def is_role(self, number: int) -> bool:
        """Return whether somebody may be called so without its being a name."""
        key = self.key(number)
        forms = (key, singular(key))
        words = self.rubric.words
        known = any(has_word(words[one], form) for one in (Lexicon.ROLES, Lexicon.QUALIFIERS) for form in forms)
        return not self.may_be_name(number) and (known or any(form in self.rubric.vocabulary.roles for form in forms))

    def beside(self, number: int) -> bool:
        """Return whether the next word follows after nothing but a space or a hyphen."""
        words = self.reading.words
        together = number + 1 < len(words) and words[number].sentence == words[number + 1].sentence
        return together and self.reading.between(number) in {" ", "-", ". ", "'", "  "}

    def run(self, start: int) -> range:
        """Return the words from `start` that stand together with capitals, particles between them allowed."""
        end = start
        while end - start < _LONGEST_NAME and self.capital(end):
            after = end + 1
            if self.beside(end) and self.capital(after):
                end = after
                continue
            particles = 0
            while particles < 2 and after < len(self.reading.words) and self.key(after) in _PARTICLES:
                particles, after = particles + 1, after + 1
            if not (particles and self.beside(end) and self.capital(after)):
                return range(start, end + 1)
            end = after
        return range(start, min(end + 1, len(self.reading.words)))


def without_names(reading: Reading, rubric: Rubric) -> Reading:
    """Return the reading with the names of people and schools marked."""
    look = _Look(reading, rubric)
    schools = frozenset((*_schools(look), *_at_school(look), *_graduates(look)))
    look = _Look(replace(reading, names=reading.names | schools), rubric)
    people = frozenset(_people(look))
    called = {reading.words[number].key for number in people}
    again = {one for one, word in enumerate(reading.words) if word.key in called and _is_name_again(look, one)}
    beside = frozenset(_surnames(look))
    return replace(reading, names=reading.names | schools | people | again | beside)


def _people(look: _Look) -> Iterator[int]:
    """Find the names that a bio begins with, introduces, or speaks of."""
    words = look.reading.words
    for number in range(len(words)):
        if not look.capital(number):
            continue
        run = look.run(number)
        if _named(look, run):
            yield from run
            continue
        if not _is_name(look, run):
            continue
        starts = number == 0 or words[number - 1].sentence != words[number].sentence
        if _introduced(look, number) or (starts and _spoken_of(look, run)):
            yield from run


def _is_name_again(look: _Look, number: int) -> bool:
    """Return whether a word is the name once more; at the start of a sentence it may be a word: "Ask me"."""
    words = look.reading.words
    if number == 0 or words[number - 1].sentence == words[number].sentence:
        return words[number].capital
    return words[number].capital and number + 1 < len(words) and look.key(number + 1) in _SPEAKS_OF


def _is_name(look: _Look, run: range) -> bool:
    return not any(look.known(number) for number in run if look.key(number) not in _PARTICLES)


def _named(look: _Look, run: range) -> bool:
    """Return whether a run is said to be a name, so that its words may be known ones: "my name is Forest Stone".

    After "I'm" its first word has to be none of ours and no word of it a role: "I'm Kofi Boat", not "I'm Lead Nurse".
    """
    if not _introduced(look, run.start) or all(look.reading.words[one].upper for one in run):
        return False
    before = look.key(run.start - 1)
    if before in {"is", "names", "me", "as", "by"} and look.key(run.start - 2) in {
        "name",
        "my",
        "call",
        "known",
        "goes",
    }:
        return True
    return len(run) > 1 and not look.known(run.start) and not any(look.is_role(one) for one in run)


def _introduced(look: _Look, number: int) -> bool:
    before = [look.key(one) for one in range(max(0, number - 2), number)]
    if not before or not look.beside(number - 1):
        return False
    words = look.reading.words
    signed = before[-1] == "by" and (number == 1 or words[number - 2].sentence != words[number].sentence)
    return signed or before[-1] in _INTRODUCES or " ".join(before) in _INTRODUCES


def _spoken_of(look: _Look, run: range) -> bool:
    """Return whether what follows a run at the start of a sentence makes it a name."""
    words = look.reading.words
    after = run.stop
    if after < len(words) and look.beside(run.stop - 1) and look.key(after) in _SPEAKS_OF:
        return True
    # The first line or part of a bio, such as "Grace Baker | nursing student".
    gap = look.reading.between(run.stop - 1).strip()
    ends = after == len(words) or words[after].sentence != words[run.start].sentence or gap[:1] in set(",:(–—-&")
    if len(run) < 2 or not ends or gap[:1] == "&":
        return False
    # Further on a name alone is known by its first word: "Grace Baker" at the end of a headline.
    return words[run.start].sentence == 0 or look.key(run.start) in _GIVEN or look.initial(run.start)


def _surnames(look: _Look) -> Iterator[int]:
    """Find words that are names too beside an unknown word with a capital, such as "Best Okafor"."""
    for number in range(len(look.reading.words)):
        if not (look.capital(number) and look.may_be_name(number)):
            continue
        before = number - 1
        first = look.capital(before) and look.beside(before) and _unknown(look, before)
        second = look.capital(number + 1) and look.beside(number) and _unknown(look, number + 1)
        if first or second:
            yield number


def _unknown(look: _Look, number: int) -> bool:
    # A run of capitals is an abbreviation, such as "SEO Guru", rather than a given name.
    return not look.known(number) and not look.may_be_name(number) and not look.reading.words[number].upper


def _schools(look: _Look) -> Iterator[int]:
    """Find the words of names such as "University of Ghana", "Harvard Law School" or "Royal College of Art"."""
    for number, word in enumerate(look.reading.words):
        if not (word.capital and word.key in _SCHOOLS):
            continue
        before = list(_proper_before(look, number))
        after = list(_of_after(look, number))
        if before or (after and word.key not in {"school", "college", "faculty", "academy"}):
            yield from (*before, number, *after)


def _graduates(look: _Look) -> Iterator[int]:
    """Find the school before "graduate", such as "Oxford Brookes" or "IIT Bombay"."""
    topics = look.rubric.vocabulary.topics
    for number, word in enumerate(look.reading.words):
        if word.key not in _LEFT or number < 2 or not look.beside(number - 1):
            continue
        run = [number - 1]
        while run[0] > 0 and look.capital(run[0]) and look.beside(run[0] - 1) and look.capital(run[0] - 1):
            run.insert(0, run[0] - 1)
        if len(run) > 1 and not any(look.known(one) or look.key(one) in topics for one in run):
            yield from run


def _proper_before(look: _Look, number: int) -> Iterator[int]:
    """Find the words before "School" that belong to its name: one at least that we know nothing of."""
    tentative: list[int] = []
    proper = False
    for one in range(number - 1, max(-1, number - 1 - _LONGEST_NAME), -1):
        if not (look.capital(one) and look.beside(one)):
            break
        if look.known(one):
            if proper:
                break
        else:
            proper = True
        tentative.append(one)
    if proper:
        yield from tentative


def _of_after(look: _Look, number: int) -> Iterator[int]:
    """Find the words after "University" that belong to its name."""
    pending: list[int] = []
    for one in range(number + 1, min(number + 9, len(look.reading.words))):
        if not look.beside(one - 1):
            return
        pending.append(one)
        if look.capital(one):
            yield from pending
            pending = []
        elif look.key(one) not in _WITH_OF:
            return


def _at_school(look: _Look) -> Iterator[int]:
    """Find what somebody studies at, such as "Georgia Tech" in "nursing student at Georgia Tech"."""
    words = look.reading.words
    for number in range(1, len(words)):
        if not (look.capital(number) and _comes_at(look, number)):
            continue
        near = range(max(0, number - _NEAR), number)
        studies = any(look.key(one) in _STUDIES and words[one].sentence == words[number].sentence for one in near)
        run = look.run(number)
        if studies and not all(look.known(one) for one in run):
            yield from run


def _comes_at(look: _Look, number: int) -> bool:
    before = number - 2 if look.key(number - 1) == "the" else number - 1
    at = look.reading.between(number - 1).strip() == "@" or (before >= 0 and look.key(before) in {"at", "from"})
    at = at or (before > 0 and look.key(before) == "of" and look.key(before - 1) in _LEFT)
    return at and look.reading.between(number - 1) in {" ", " @ ", " @", "@"}
