"""How well the bio check and the AI notes do, on bios for which an adviser wrote down the points.

A number reached on bios that the code was written against is worth nothing: half of those in the repository are locked,
which means that nobody tunes on them.
"""

import asyncio
import json
import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from bot.app import open_critic
from bot.coaching.bios import AiOutcome, BioPlace, Critique, CritiqueRequest, Finding
from bot.coaching.ids import UserId
from bot.config import LlmConfig
from bot.critique.checks import review
from bot.services.bios import AiState, BioCheck
from cogs.cards import bios as cards
from cogs.cards.shapes import text_of
from prompts import Content, load_content

OWN_FILE = Path("tests/critique/bios.json")
"""The bios of the repository; a wheel has none."""
BAD_FILE = 2


@dataclass(frozen=True, slots=True)
class Point:
    """Something that an adviser would say of a bio: the rule it belongs to, and the words it is about."""

    rule: str
    quote: str


@dataclass(frozen=True, slots=True)
class Bio:
    """A bio to check, with the points that an adviser would make."""

    id: str
    place: BioPlace
    limit: int
    text: str
    strict: bool
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What a bio got: the check, its card in words, and the AI's answer if it was asked."""

    bio: Bio
    check: BioCheck
    card: str
    seconds: float
    ai: Critique | None


class BadFile(Exception):
    """The file cannot be read as a list of bios."""


def evaluate(file: Path | None, llm: LlmConfig | None, *, as_json: bool) -> int:
    """Check every bio of a file and print the outcome; returns the process's exit code.

    Args:
        file: JSON, a list of `{"id", "place", "text"}` with optional `limit`, `strict` and `points`.
        llm: where AI notes come from; None to do without.
        as_json: print what each bio got, instead of the table.
    """
    content = load_content()
    try:
        bios = read_bios(file or OWN_FILE, content)
    except BadFile as error:
        print(error, file=sys.stderr)
        return BAD_FILE
    results = [_checked(bio, content) for bio in bios]
    if llm is not None:
        results = asyncio.run(_with_ai(results, llm))
    print(json.dumps([as_table(one, content) for one in results], ensure_ascii=False) if as_json else report(results))
    return 0


def read_bios(file: Path, content: Content) -> list[Bio]:
    """Read a file of bios; raises BadFile with what to do."""
    try:
        listed = json.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise BadFile(f"There is no file {file}. Name yours: evaluate bios --file FILE") from None
    except (OSError, ValueError) as error:
        raise BadFile(f"{file} cannot be read as JSON: {error}") from None
    if not isinstance(listed, list):
        raise BadFile(f'{file} has to hold a list of {{"id", "place", "text"}}.')
    return [_bio(number, entry, content) for number, entry in enumerate(listed, 1)]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]


def _bio(number: int, entry: Any, content: Content) -> Bio:
    try:
        place = content.rubric.places[entry["place"]]
        text, limit = entry["text"], place.limit or entry.get("limit") or len(entry["text"])
        points = tuple(Point(point["rule"], point["quote"]) for point in entry.get("points", ()))
        return Bio(str(entry["id"]), place, int(limit), text.strip(), bool(entry.get("strict")), points)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        places = ", ".join(content.rubric.places)
        raise BadFile(f"Entry {number} is no bio ({error!r}). A place is one of {places}.") from None


def _checked(bio: Bio, content: Content) -> Result:
    began = perf_counter()
    reviewed = review(bio.text, bio.place, bio.limit, content.rubric, content.crisis)
    seconds = perf_counter() - began
    help_lines = content.crisis.help_lines
    check = BioCheck(reviewed, AiState.OFF, False, None, help_lines, bio.strict, low_profile=False)  # noqa: FBT003
    return Result(bio, check, text_of(cards.reviewed(check, content.rubric, UserId(0))), seconds, None)


async def _with_ai(results: Sequence[Result], llm: LlmConfig) -> list[Result]:
    """Ask the AI about every bio that may be sent, one after another."""
    critic = open_critic(llm)
    try:
        return [await _asked(one, critic) for one in results]
    finally:
        await critic.aclose()


async def _asked(result: Result, critic: Any) -> Result:
    if result.check.review.support_first:
        return result
    bio = result.bio
    answer = await critic.critique(CritiqueRequest(bio.text, bio.place, bio.limit, rewrite=True))
    return Result(bio, result.check, result.card, result.seconds, answer)


def as_table(result: Result, content: Content) -> dict[str, object]:
    """Return what a bio got as JSON has it; `findings` are all of them, in the order of the card."""
    reviewed = result.check.review
    findings = [_finding(one, content) for one in reviewed.findings]
    table: dict[str, object] = {
        "id": result.bio.id,
        "count": reviewed.length,
        "limit": reviewed.limit,
        "findings": findings,
        "support_first": reviewed.support_first,
        "card": result.card,
    }
    if result.ai is not None:
        notes = [
            {"criterion": note.criterion, "verdict": note.verdict, "quote": note.quote, "advice": note.advice}
            for note in result.ai.notes
        ]
        rewrite = result.ai.rewrite.text if result.ai.rewrite else None
        table["ai"] = {"outcome": result.ai.outcome, "notes": notes, "rewrite": rewrite}
    return table


def _finding(finding: Finding, content: Content) -> Mapping[str, str]:
    rule = content.rubric.rules[finding.rule]
    return {
        "rule": finding.rule,
        "quote": finding.quote,
        "message": rule.message.format_map(finding.values),
        "fix": rule.fix.format_map(finding.values),
    }


def hits(point: Point, finding: Finding, text: str) -> bool:
    """Return whether a finding makes a point: the same rule, and quotes that overlap in the text."""
    if point.rule != finding.rule:
        return False
    if not point.quote or not finding.quote:
        return True
    return any(
        a < b + len(finding.quote) and b < a + len(point.quote)
        for a in _starts(point.quote, text)
        for b in _starts(finding.quote, text)
    )


def _starts(quote: str, text: str) -> list[int]:
    return [match.start() for match in re.finditer(re.escape(quote), text)]


def report(results: Sequence[Result]) -> str:
    """Return the outcome as a table: precision and recall by rule and in all; what the AI's answers were like."""
    made, missed, beside = Counter[str](), Counter[str](), Counter[str]()
    for result in results:
        findings, points, text = result.check.review.findings, result.bio.points, result.bio.text
        for point in points:
            (made if any(hits(point, one, text) for one in findings) else missed)[point.rule] += 1
        beside.update(one.rule for one in findings if not any(hits(point, one, text) for point in points))
    rules = sorted({*made, *missed, *beside})
    found, wanted = made.total(), made.total() + missed.total()
    said = found + beside.total()
    times = [1000 * result.seconds for result in results]
    lines = [
        f"{len(results)} bios, {wanted} points",
        f"recall {_share(found, wanted)}: {found} of {wanted} points made",
        f"precision {_share(found, said)}: {beside.total()} findings beside the points",
        f"a check takes {median(times):.1f} ms in the median, {max(times):.1f} at most",
        "",
        "rule  made  missed  beside",
        *(f"{rule:4}  {made[rule]:4}  {missed[rule]:6}  {beside[rule]:6}" for rule in rules),
    ]
    asked = [result for result in results if result.ai is not None]
    return "\n".join([*lines, *(["", *_ai_lines(asked)] if asked else [])])


def _ai_lines(results: Sequence[Result]) -> list[str]:
    answers = [result.ai for result in results if result.ai is not None]
    passed = [answer for answer in answers if answer.outcome is AiOutcome.OK]
    notes = [note for answer in passed for note in answer.notes]
    quoting, asking = sum(1 for note in notes if note.quote), sum(1 for note in notes if "?" in note.advice)
    read, wrote = sum(one.usage.prompt or 0 for one in answers), sum(one.usage.completion or 0 for one in answers)
    ended = ", ".join(f"{n} {what}" for what, n in Counter(answer.outcome.value for answer in answers).items())
    seconds = median([answer.milliseconds for answer in answers]) / 1000
    return [
        f"AI: {len(answers)} asked, {len(passed)} replies pass ({ended})",
        f"notes kept: {len(notes)} of {5 * len(passed)}, {quoting} with a quote, {asking} that ask",
        f"rewrites shown: {sum(1 for answer in passed if answer.rewrite)} of {len(passed)}",
        f"{seconds:.1f} seconds in the median, {read} tokens in, {wrote} out",
        "Unfaithful statements are for a person to count: read the answers with --json.",
    ]


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "–"
