"""The offline critic: what the rules find in a bio, as one review."""

from collections.abc import Sequence

from bot.coaching.bios import BioReview, BioRule, Criterion, Finding, Place
from bot.critique import identity, need
from bot.critique.language import is_english
from bot.critique.need import in_need
from bot.critique.rules import RULES, Bio, BioContext
from prompts.bios import Rubric, Strength

__all__ = ["BioContext", "get_ready", "is_red", "review"]


def get_ready() -> None:
    """Make what takes a second or two to make, so that the first bio does not wait for it; harmless when repeated."""
    identity.get_ready()
    need.get_ready()


def review(text: str, place: Place, limit: int, rubric: Rubric, context: BioContext) -> BioReview:
    """Return what the offline critic says of a bio; takes any text and always answers.

    `limit`: the place's own, or the one that the member said; counted as the place counts. Every quote is an exact part
    of `text`. Names of people and schools, pronouns, faith, origin, disability and family change no finding.
    """
    bio = Bio(text, place, limit, rubric, context)
    if in_need(bio.reading, rubric):
        return BioReview(place, limit, bio.length, (), None, None, english=True, distress=True)
    english = is_english(bio.reading, rubric)
    spoken = [
        finding
        for rule_id, rule in RULES
        if english or rubric.rules[rule_id].any_language
        if (finding := rule(bio)) is not None
    ]
    findings = tuple(sorted(spoken, key=lambda finding: _place_of(rubric.rules[finding.rule], strict=context.strict)))
    return BioReview(
        place=place,
        limit=limit,
        length=bio.length,
        findings=findings,
        strength=_strength(bio, findings) if english else None,
        next_edit=_next_edit(findings, rubric, english=english),
        english=english,
        red=frozenset(one.rule for one in findings if is_red(rubric.rules[one.rule], strict=context.strict)),
        orders=bool(bio.shown.orders),
    )


def is_red(rule: BioRule, *, strict: bool) -> bool:
    """Return whether a rule's finding is to be mended first."""
    return rule.red or (rule.red_if_strict and strict)


_CRITERIA = list(Criterion)


def _place_of(rule: BioRule, *, strict: bool) -> tuple[bool, int, str]:
    return not is_red(rule, strict=strict), _CRITERIA.index(rule.criterion), rule.id


def _next_edit(findings: Sequence[Finding], rubric: Rubric, *, english: bool) -> str:
    """Return the fix of the first finding, or an idea when there is none; it ends with the review's one question."""
    if not findings:
        question = rubric.questions[Criterion.READABLE]
        return f"{rubric.idea if english else rubric.idea_other} {question}"
    rule = rubric.rules[findings[0].rule]
    return f"{rule.fix.format_map(findings[0].values)} {rubric.questions[rule.criterion]}"


def _strength(bio: Bio, findings: Sequence[Finding]) -> tuple[str, str] | None:
    """Return the first thing that works, and the words that show it: never of a sentence that a red finding quotes."""
    reading, shown = bio.reading, bio.shown
    sore = shown.orders | _sore_sentences(bio, findings)
    together = shown.role_and_field_first
    if together and sore.isdisjoint(reading.words[number].sentence for number in together.numbers):
        return Strength.FIRST_WORDS, reading.quote_hit(together)
    for strength, hits in ((Strength.PROOF, shown.proofs), (Strength.INVITATION, shown.invitations)):
        for hit in hits:
            sentence = reading.words[hit.first].sentence
            if sentence not in sore:
                return strength, reading.quote_sentence(sentence)
    return None


def _sore_sentences(bio: Bio, findings: Sequence[Finding]) -> frozenset[int]:
    """Return the numbers of the sentences that hold a quote of something to mend first."""
    quotes = [
        finding.quote
        for finding in findings
        if finding.quote and is_red(bio.rubric.rules[finding.rule], strict=bio.context.strict)
    ]
    numbers = range(len(bio.reading.sentences))
    return frozenset(
        number for number in numbers for quote in quotes if _overlap(bio.reading.quote_sentence(number), quote)
    )


def _overlap(sentence: str, quote: str) -> bool:
    return quote in sentence or sentence in quote
