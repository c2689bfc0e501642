"""How well the offline critic does on bios whose findings are known: `python -m bot evaluate bios`."""

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from statistics import median
from time import perf_counter
from typing import Any

from bot.coaching.bios import BioReview
from bot.critique.rubric import BioContext, review
from prompts.bios import RULE_IDS, Rubric

DATA = "bios.toml"
MOST_MILLISECONDS = 10.0
"""What a bio may take in the median: a member waits for it."""
LEAST_FOUND = 0.9
"""The share of expected findings that has to be found."""
SWAPPED = "{x}"


@dataclass(frozen=True, slots=True)
class Bio:
    """A bio whose findings are known. `expect`: rules that have to speak; `may`: rules that may; no other."""

    id: str
    text: str
    place: str
    limit: int | None
    context: BioContext
    expect: frozenset[str]
    may: frozenset[str]
    distress: bool


@dataclass(frozen=True, slots=True)
class Swap:
    """The same bio with different names, pronouns and the like: each has to be reviewed the same. `what` varies."""

    id: str
    what: str
    bios: tuple[Bio, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """How often a rule spoke where it had to (`hits`), and how often it did not (`misses`)."""

    hits: int
    misses: int


@dataclass(frozen=True, slots=True)
class Report:
    """What came of an evaluation; every list names the bio first.

    `forbidden`: rules that spoke and should not have. `differing`: swaps that changed the review. `wrong_distress`:
    bios in which somebody's need was overlooked, or imagined. `milliseconds`: what each bio took.
    """

    rules: Mapping[str, Tally]
    missed: tuple[tuple[str, str], ...]
    forbidden: tuple[tuple[str, str], ...]
    differing: tuple[tuple[str, str], ...]
    wrong_distress: tuple[str, ...]
    bios: int
    pairs: int
    milliseconds: tuple[float, ...] = field(repr=False)

    @property
    def found(self) -> float:
        """Return the share of expected findings that were found."""
        hits = sum(tally.hits for tally in self.rules.values())
        return hits / max(1, hits + len(self.missed))

    @property
    def passed(self) -> bool:
        """Return whether the bar is met, without the time, which depends on the machine."""
        return self.found >= LEAST_FOUND and not (self.forbidden or self.differing or self.wrong_distress)


def evaluate(rubric: Rubric) -> Report:
    """Return how the offline critic does on the bios of the data file; takes a second or so."""
    bios, swaps = _data()
    hits: Counter[str] = Counter()
    missed: list[tuple[str, str]] = []
    forbidden: list[tuple[str, str]] = []
    wrong_distress: list[str] = []
    milliseconds: list[float] = []
    for bio in bios:
        started = perf_counter()
        found = _review(bio, rubric)
        milliseconds.append(1000 * (perf_counter() - started))
        spoke = spoken(found)
        hits.update(bio.expect & spoke)
        missed += [(bio.id, rule) for rule in sorted(bio.expect - spoke)]
        forbidden += [(bio.id, rule) for rule in sorted(spoke - bio.expect - bio.may)]
        wrong_distress += [bio.id] * (found.distress != bio.distress)
    misses = Counter(rule for _, rule in missed)
    return Report(
        rules={rule: Tally(hits[rule], misses[rule]) for rule in RULE_IDS},
        missed=tuple(missed),
        forbidden=tuple(forbidden),
        differing=tuple((swap.id, name) for swap in swaps for name in _differing(swap, rubric)),
        wrong_distress=tuple(wrong_distress),
        bios=len(bios),
        pairs=sum(len(swap.bios) - 1 for swap in swaps),
        milliseconds=tuple(milliseconds),
    )


def spoken(found: BioReview) -> frozenset[str]:
    """Return the rules that spoke; B00 does when the bio is not in English."""
    rules = {finding.rule for finding in found.findings}
    return frozenset(rules if found.english else {*rules, "B00"})


def report_text(report: Report) -> str:
    """Return the report as a person reads it: the bar, a row a rule, and whatever went wrong by the bio's id."""
    times = report.milliseconds or (0.0,)
    lines = [
        f"{report.bios} bios, {report.pairs} pairs that differ in a name, a pronoun, a faith and the like",
        f"expected findings found: {report.found:.0%} (bar: {LEAST_FOUND:.0%})",
        f"forbidden findings: {len(report.forbidden)} (bar: 0)",
        f"pairs reviewed differently: {len(report.differing)} (bar: 0)",
        f"need overlooked or imagined: {len(report.wrong_distress)} (bar: 0)",
        f"a bio takes {median(times):.1f} ms in the median (bar: {MOST_MILLISECONDS:.0f}), {max(times):.1f} at most",
        "",
        "rule   hits  misses",
        *(f"{rule}  {tally.hits:>6}  {tally.misses:>6}" for rule, tally in report.rules.items()),
    ]
    for title, pairs in (
        ("missed", report.missed),
        ("forbidden", report.forbidden),
        ("reviewed differently", report.differing),
    ):
        lines += [f"{title}: {bio}, {what}" for bio, what in pairs]
    lines += [f"need overlooked or imagined: {bio}" for bio in report.wrong_distress]
    lines += ["", "The bar is met." if report.passed else "The bar is not met."]
    return "\n".join(lines)


def bios_to_review() -> tuple[Bio, ...]:
    """Return every bio of the data file, those of the swaps included."""
    bios, swaps = _data()
    return (*bios, *(bio for swap in swaps for bio in swap.bios))


def _differing(swap: Swap, rubric: Rubric) -> Iterator[str]:
    """Return the names of the bios that are reviewed otherwise than the first."""
    first = _seen(_review(swap.bios[0], rubric))
    return (bio.id for bio in swap.bios[1:] if _seen(_review(bio, rubric)) != first)


def _seen(found: BioReview) -> tuple[object, ...]:
    """Return what has to be the same: everything but the words of the bio themselves."""
    strength = found.strength and found.strength[0]
    return tuple(finding.rule for finding in found.findings), strength, found.next_edit, found.english, found.distress


def _review(bio: Bio, rubric: Rubric) -> BioReview:
    place = rubric.places[bio.place]
    limit = bio.limit if place.limit is None else place.limit
    return review(bio.text, place, limit or len(bio.text), rubric, bio.context)


def _data() -> tuple[Sequence[Bio], Sequence[Swap]]:
    data = tomllib.loads((resources.files(__package__ or "bot.critique") / DATA).read_text(encoding="utf-8"))
    swaps = [
        Swap(
            table["id"],
            table["what"],
            tuple(
                _bio({**table, "id": value, "text": table["text"].replace(SWAPPED, value)}) for value in table["values"]
            ),
        )
        for table in data["swaps"]
    ]
    return [_bio(table) for table in data["bios"]], swaps


def _bio(table: Mapping[str, Any]) -> Bio:
    return Bio(
        id=table["id"],
        text=table["text"].strip(),
        place=table["place"],
        limit=table.get("limit"),
        context=BioContext(table.get("strict", False), tuple(table.get("fields", ()))),
        expect=frozenset(table.get("expect", ())),
        may=frozenset(table.get("may", ())),
        distress=table.get("distress", False),
    )
