"""What a word of a list means where it stands: the writer, somebody else, a thing, or nothing of the kind.

Words alone mislead: "useless machines" scold nobody, and "unemployed miners" are not the writer. So a rule that looks
for words speaks where the words around them leave no doubt, and is silent otherwise.
"""

from dataclasses import dataclass, field
from functools import cached_property

import regex

from bot.critique.evidence import Evidence
from bot.critique.reading import Hit, Reading, has_word, joined, singular, word_set
from prompts.bios import Lexicon

_LEAD = word_set(
    "i im am a an the as and or but also very highly so truly really extremely always being born naturally both "
    "most is my with full of self level ever one just more than simply your local resident future aspiring "
    "certified"
)
"""Words between the beginning of a run and a word that the writer is called by."""
_ON = word_set("and or but to about for in with at by from who that when on as since because yet every")
"""Words before which a description of the writer may end."""
_HEADS = word_set(
    "person individual professional people student graduate man woman guy girl human being team player mind thinker "
    "soul self starter learner leader worker communicator performer candidate entrepreneur lady undergraduate "
    "spirit achiever"
)
_OF_CHARACTER = word_set("driven friendly honest reliable loyal curious creative responsible confident kind smart")
_MOTTOS = word_set("dream think believe never sky rise living chasing chase dreamer dreamers strive striving")
"""How mottos and moods begin: they claim nothing."""
_STUDIED = word_set(
    "how what why which where whether when study studies studying studied research researching researches teach "
    "teaches teaching wrote write writing measure measuring test testing count counting map mapping design called "
    "named titled"
)
_LONGEST_NAMED = 4

_WORK = word_set(
    "job jobs work role roles position positions employment employer employers employed internship internships hire "
    "hired hiring hires money income salary pay pays placement vacancy vacancies opportunity opportunities "
    "unemployed rent jobless career graduate joiner consider chance apprenticeship training"
)
_WITHOUT_WORK = word_set("unemployed jobless jobseeker laid job")
_BETWEEN = word_set("between out without")
_LEADS_TO_OUT = word_set("currently recently still been got was just am im i now and but a an")
_AFTER_OUT = _ON | word_set("looking seeking now again after due please need any")
_AFTER_ANY = _ON | word_set("please considered will is available anywhere where i")
_BEFORE_COMMAND = word_set("just please so then or and you to")
_BEFORE_INSULT = word_set("no you such all these those")
_SWORN = word_set(
    "arsehole asshole assholes bastard bastards bitch bitches bullshit cunt dickhead dumbass fuck fucked fucking "
    "fucks moron morons moronic idiot idiots imbecile scum scumbag shit shitty stfu wtf piss pissed hell ass damn "
    "screw sheeple brainless haters timewasters"
)
_COMMANDS = word_set("shut get go leave grow deal cry block unfollow mind dont kiss")
_DARES = word_set("fight try come cant")
"""How a dare begins, which may be a joke."""
_GOES_ON = word_set("if unless now please you me us messaging contacting asking writing dming and")
_ARE = word_set("are is was were be r")
_CROWD = word_set(
    "people everyone everybody colleagues coworkers boss bosses manager managers teachers teacher recruiters "
    "recruiter politicians they you those these them men women kids parents customers clients students classmates "
    "neighbours neighbors employers employer liars professors vegans drivers tourists government company university "
    "school job uni eaters users guys girls boomers"
)

_BAIT = word_set(
    "f4f fb ifb l4l s4s collab collabs collaboration promo promos promotion promotions paid ads rates credit "
    "shoutout shoutouts sponsorship sponsorships back backs follow4follow followback followme follows ifollowback "
    "instafollow teamfollowback like4like sub4sub sub followers business"
)
_AFTER_BAIT = word_set(
    "back me i ill please pls plz now followers follower subs subscribers my page us for and daily too get gain win "
    "also"
)
_COUNT = regex.compile(r"\d[\d.,]*(?:k|m)?\Z")


@dataclass(frozen=True)
class Meaning:
    """Whether a hit of a list means what its rule is about."""

    shown: Evidence = field(repr=False)

    @property
    def reading(self) -> Reading:
        """Return the words that are looked at."""
        return self.shown.reading

    def is_harmless(self, hit: Hit) -> bool:
        """Return whether words are part of a phrase that means no harm, or of an order to software."""
        in_order = self.reading.words[hit.first].sentence in self.shown.orders
        return in_order or not self.shown.harmless.isdisjoint(hit.numbers)

    # The writer.

    def is_claim(self, hit: Hit) -> bool:
        """Return whether a claim is the writer's own: "motivated student" is, "how teams hustle" is studied."""
        before = self._run_before(hit)
        if not _STUDIED.isdisjoint(before) or self.reading.words[hit.first].key in _MOTTOS:
            return False
        return len(hit.numbers) > 1 or self._describes(hit) or before[-1:] in (["my"], ["with"])

    def is_boast(self, hit: Hit) -> bool:
        """Return whether a superlative is the writer's own: "Excel ninja" is, "ninja films" are not."""
        before = self._run_before(hit)
        named = len(before) <= _LONGEST_NAMED and not any(self._leads_away(key) for key in before)
        return named and self._ends_well(hit) and not self._is_of(hit, before)

    def _describes(self, hit: Hit) -> bool:
        lead = all(key in _LEAD or self._is_adverb(key) or self._is_claimed(key) for key in self._run_before(hit))
        return lead and self._ends_well(hit)

    def _ends_well(self, hit: Hit) -> bool:
        """Return whether nothing follows, or what the writer is: "driven", "driven by", "driven law student"."""
        after = self._run_after(hit)
        if not after or after[0] in _ON or self._is_claimed(after[0]):
            return True
        return any(key in _HEADS or self._is_role(key) for key in after[:3])

    def _is_of(self, hit: Hit, before: list[str]) -> bool:
        """Return whether somebody is king of something without saying that it is them."""
        return self.reading.words[hit.last].key == "of" and before[:1] not in (["i"], ["im"], ["the"])

    def _leads_away(self, key: str) -> bool:
        if key in {"from", "with", "ask", "meet", "other", "every", "for", "by", "interviewed", "interview", "connect"}:
            return True
        verb = key in self.shown.rubric.vocabulary.verbs and not self._is_skill(key)
        owned = key in {"my", "our", "his", "her", "their", "which", "what", "about", "of", "not", "no", "like", "has"}
        ing = key.endswith("ing") and len(key) > 5 and not self._is_skill(key)
        return verb or owned or ing or key in {"is", "was", "who", "draw", "study", "count"}

    def _is_skill(self, key: str) -> bool:
        return any(has_word(phrases, key) for phrases in self.shown.rubric.fields.values()) or key == "excel"

    # Somebody who is scolded.

    def is_harsh(self, hit: Hit) -> bool:
        """Return whether words scold people: "stupid people" do, "stupid mistakes" do not."""
        keys = [self.reading.words[number].key for number in hit.numbers]
        before, after = self._run_before(hit), self._run_after(hit)
        if "hate" in keys:
            return self._hates(keys, after)
        if len(keys) == 1:
            return keys[0] in _SWORN or self._insults(keys[0], before, after)
        if keys == ["dont", "waste"]:
            return after[:1] in (["my"], ["our"])
        return keys[0] not in _DARES and (keys[0] not in _COMMANDS or self._commands(keys[0], before, after))

    def _hates(self, keys: list[str], after: list[str]) -> bool:
        """Return whether people are hated, rather than a pipe or an alarm clock."""
        named = (*keys[keys.index("hate") + 1 :], *after[:4])
        return any(self._is_person(key) or key in self._harsh_words for key in named)

    def _commands(self, verb: str, before: list[str], after: list[str]) -> bool:
        """Return whether it is the whole of what is said: "Go away." is, "go away for a weekend" is not."""
        alone = not before or before[-1] in _BEFORE_COMMAND
        goes_on = _GOES_ON - {"and", "me"} if verb in {"shut", "go"} else _GOES_ON
        return alone and (not after or after[0] in goes_on)

    def _insults(self, word: str, before: list[str], after: list[str]) -> bool:
        """Return whether a word is said of people: before them, "you clowns", or after an "are"."""
        if after and (self._is_person(after[0]) or (self._is_person(*after[1:2]) and after[0] in self._harsh_words)):
            return True
        if before and word.endswith("s") and before[-1] in _BEFORE_INSULT:
            return True
        said = not _ARE.isdisjoint(before[-3:]) or word in {"suck", "sucks"}
        denied = before[-1:] in (["dont"], ["not"], ["doesnt"])
        return said and not denied and any(self._is_person(key) for key in before)

    @cached_property
    def _harsh_words(self) -> frozenset[str]:
        return frozenset(self.shown.rubric.words[Lexicon.HARSH])

    def _is_person(self, *keys: str) -> bool:
        people = self.shown.rubric.words[Lexicon.PEOPLE]
        return any(key in _CROWD or key in people or self._is_role(key) for key in keys)

    # Need.

    def is_need(self, hit: Hit) -> bool:
        """Return whether words beg for work: "any role" does, "any role model" and "unemployed miners" do not."""
        keys = [self.reading.words[number].key for number in hit.numbers]
        before, after = self._run_before(hit), self._run_after(hit)
        if keys[0] in _WITHOUT_WORK:
            return self._is_out(before, after)
        if keys[0] in _BETWEEN:
            return not after or after[0] in _ON
        if keys[0] == "any":
            return not after or after[0] in _AFTER_ANY
        if keys == ["no", "job"]:
            return not after and (not before or before[-1] in {"have", "with", "still", "got"})
        if keys[:2] == ["hire", "me"]:
            return after[:1] not in (["for"], ["to"], ["as"])
        return not _WORK.isdisjoint(keys) or not _WORK.isdisjoint(self._keys_near(hit))

    def _is_out(self, before: list[str], after: list[str]) -> bool:
        """Return whether the writer is out of work, and nobody whom they help or write about."""
        if any(key not in _LEADS_TO_OUT and not self._is_role(key) and not self._is_adverb(key) for key in before):
            return False
        if any(self._is_plural_person(key) for key in after[:2]):
            return False
        if not after or after[0] in _AFTER_OUT:
            return True
        return self._is_role(after[0]) or after[0] in _HEADS or self._is_skill(after[0])

    def _is_plural_person(self, key: str) -> bool:
        return key.endswith("s") and not key.endswith("ss") and (self._is_role(key) or self._is_person(key))

    def _keys_near(self, hit: Hit) -> frozenset[str]:
        sentence = self.reading.words[hit.first].sentence
        return frozenset(word.key for word in self.reading.words if abs(word.sentence - sentence) <= 1)

    # Followers.

    def is_bait(self, hit: Hit) -> bool:
        """Return whether words ask for followers: "follow for more" does, "follow me and the bats" does not."""
        keys = [self.reading.words[number].key for number in hit.numbers]
        after = self._run_after(hit)
        if not _BAIT.isdisjoint(keys) or not after:
            return True
        if keys[:2] == ["road", "to"]:
            return after[0] in _AFTER_BAIT
        if keys[0] == "help":
            return _COUNT.match(after[0]) is not None and (len(after) < 2 or after[1] in _AFTER_BAIT | {"followers"})
        return after[0] in _AFTER_BAIT or after[0] in {"everyone", "everybody", "you"} or keys[-1] in {"i", "ill"}

    # Small words.

    def _run_before(self, hit: Hit) -> list[str]:
        """Return the words before, from the last comma or end of a sentence."""
        first = hit.first
        while first > 0 and joined(self.reading, first - 1):
            first -= 1
        return [self.reading.words[number].key for number in range(first, hit.first)]

    def _run_after(self, hit: Hit) -> list[str]:
        last = hit.last
        while joined(self.reading, last):
            last += 1
        return [self.reading.words[number].key for number in range(hit.last + 1, last + 1)]

    def _is_role(self, key: str) -> bool:
        rubric = self.shown.rubric
        roles = rubric.words[Lexicon.ROLES]
        return any(one in rubric.vocabulary.roles or has_word(roles, one) for one in (key, singular(key)))

    def _is_claimed(self, key: str) -> bool:
        words = self.shown.rubric.words
        lists = (words[Lexicon.BUZZWORDS], words[Lexicon.SUPERLATIVES])
        return key in _OF_CHARACTER or any(has_word(phrases, key) for phrases in lists)

    @staticmethod
    def _is_adverb(key: str) -> bool:
        return key.endswith("ly") and len(key) > 4
