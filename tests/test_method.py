"""What the documents say is so: all 112 claims are accounted for, and every name and every quoted word exists."""

import ast
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest

from bot.coaching.focus import Connection, Season
from bot.coaching.footprint import Answer
from bot.coaching.goals import Benefit, Direction, GoalEnding
from bot.coaching.log import Outcome
from bot.coaching.network import AlertKind, Category, SpaceKind, Stage, Where
from bot.coaching.next_action import OCCASIONS, RULES
from bot.coaching.opportunities import OpportunityState, Source
from bot.coaching.snapshot import Facts
from prompts import load_content
from prompts.nudges import BUTTONS, LONGEST
from storage import tables
from tests.test_house import COMMANDS

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/method.md").read_text(encoding="utf-8")
CLAIMS = {0: 25, 1: 26, 2: 23, 3: 18, 4: 20}
"""How many claims each founding article makes."""
IDS = [f"{article}.{number}" for article, most in CLAIMS.items() for number in range(1, most + 1)]
NOT = "Deliberately not: "
CONTENT = load_content()

NAMES: Mapping[str, Collection[str]] = {
    "alert": list(AlertKind),
    "answer": list(Answer),
    "benefit": list(Benefit),
    "button": BUTTONS,
    "category": list(Category),
    "connection": list(Connection),
    "direction": list(Direction),
    "ending": list(GoalEnding),
    "fact": [one.name for one in fields(Facts)],
    "first message": CONTENT.network.starters,
    "goal type": CONTENT.vocabulary.types,
    "kind": CONTENT.vocabulary.kinds,
    "obstacle": list(CONTENT.vocabulary.obstacles),
    "occasion": CONTENT.occasions,
    "outcome": list(Outcome),
    "place": list(Where),
    "placeholder": LONGEST,
    "season": list(Season),
    "section": [one.id for one in CONTENT.checklist.sections],
    "setting": re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE),
    "situation": CONTENT.situations,
    "source": list(Source),
    "space": list(SpaceKind),
    "stage": list(Stage),
    "state": list(OpportunityState),
    "template": CONTENT.vocabulary.templates,
    "track": CONTENT.checklist.tracks,
}
"""The names that stand in code letters after what they are: kind `reply`, stages `met` and `mutual`."""
PLURALS = {
    **{f"{noun}s": noun for noun in NAMES},
    "categories": "category",
    "benefits": "benefit",
}

_RUN = re.compile(r"((?:[a-z]+ )?[a-z]+ )?(`[^`]+`(?:(?:, | and )`[^`]+`)*)", re.IGNORECASE)


def rows(title: str) -> list[list[str]]:
    """Return the cells of the table under a heading of the page, without its head."""
    part = PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def named(text: str) -> Iterator[tuple[str | None, str]]:
    """Yield every name in code letters, with what the words before it say that it is."""
    for run in _RUN.finditer(re.sub(r"\s+", " ", text)):
        before = (run[1] or "").strip().casefold()
        said = next((PLURALS.get(one, one) for one in (before, before.rpartition(" ")[2]) if known_noun(one)), None)
        for name in re.findall(r"`([^`]+)`", run[2]):
            yield said, name


def known_noun(noun: str) -> bool:
    return noun in NAMES or noun in PLURALS


def exists(noun: str | None, name: str) -> bool:
    """Return whether a name on the page is the name of something."""
    path, _, inside = name.partition("::")
    if inside:
        return inside in names_in(path)
    if name.startswith("/"):
        return name.removeprefix("/") in COMMANDS
    if re.fullmatch(r"[AB]\d\d|Q\d", name):
        return name in CONTENT.rules or name in CONTENT.rubric.rules or name in CONTENT.rubric.questions
    if re.search(r"[/.](?:py|toml|md)\b|/", name):
        return (ROOT / name).exists()
    if re.fullmatch(r"[a-z]+\.[a-z-]+", name):
        return any(name == item.id for item in CONTENT.checklist.items)
    return noun is not None and name in NAMES[noun]


@cache
def names_in(path: str) -> frozenset[str]:
    """Return what a file of code defines, or the keys of a content file; `*` stands for each entry that has the key."""
    file = ROOT / path
    if not file.is_file():
        return frozenset()
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".toml":
        return frozenset(keys(tomllib.loads(text)))
    return frozenset(definitions(ast.parse(text).body))


def definitions(body: list[ast.stmt]) -> Iterator[str]:
    for node in body:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.ClassDef(name=name):
                yield name
                yield from (f"{name}.{inner}" for inner in definitions(node.body))
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                yield name
            case _:
                pass


def keys(value: object) -> Iterator[str]:
    """Yield every path of keys into a content file; a list of entries is entered by their ids."""
    table = entries(value)
    if not table:
        return
    inner = {key: set(keys(one)) for key, one in table.items()}
    yield from table
    yield from (f"{key}.{rest}" for key, found in inner.items() for rest in found)
    first, *others = inner.values()
    yield from (f"*.{rest}" for rest in first.intersection(*others))


def entries(value: object) -> dict[str, Any]:
    if isinstance(value, dict):
        return cast("dict[str, Any]", value)
    if isinstance(value, list):
        listed = [entries(one) for one in cast("list[object]", value)]
        return {one["id"]: one for one in listed if "id" in one}
    return {}


@cache
def words_of_the_product() -> tuple[str, ...]:
    """Return every text that the content files hold and every one that stands in cards, commands and refusals."""
    texts: list[str] = []
    for path in sorted((ROOT / "prompts").glob("*.toml")):
        texts += strings(tomllib.loads(path.read_text(encoding="utf-8")))
    for path in (*sorted((ROOT / "cogs").rglob("*.py")), ROOT / "bot/coaching/errors.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.append(node.value)
    return tuple(texts)


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in cast("dict[str, object]", value).values():
            yield from strings(one)
    elif isinstance(value, list):
        for one in cast("list[object]", value):
            yield from strings(one)


TRACE = rows("The trace")


def test_the_trace_holds_each_of_the_112_ids_once_and_in_order() -> None:
    assert len(IDS) == 112
    assert [row[0] for row in TRACE] == IDS


@pytest.mark.parametrize("row", TRACE, ids=lambda row: row[0])
def test_every_claim_has_something_that_embodies_it_or_a_reason(row: list[str]) -> None:
    _, claim, embodied = row
    assert claim
    assert len(claim.split()) <= 12, "a claim is told in a few words"
    # What is not built, or not yet, may stand beside a name and takes no name's place.
    here = embodied.partition(NOT)[0]
    reason = embodied.partition(NOT)[2]
    assert list(named(here)) or len(reason) > 40


def test_every_name_on_the_page_is_the_name_of_something() -> None:
    found = list(named(PAGE))
    assert len(found) > 300
    assert [(noun, name) for noun, name in found if not exists(noun, name)] == []


def test_what_is_quoted_in_the_trace_stands_in_the_product_word_for_word() -> None:
    quoted = [(row[0], words) for row in TRACE for words in re.findall("“([^”]+)”", row[2])]
    assert len(quoted) > 50
    product = words_of_the_product()
    assert [(number, words) for number, words in quoted if not any(words in text for text in product)] == []


def test_what_is_quoted_after_an_item_stands_in_that_item() -> None:
    quoted = [one for row in TRACE for one in re.findall("`([a-z]+[.][a-z-]+)`: “([^”]+)”", row[2])]
    assert len(quoted) > 20
    said = {item.id: (item.title, item.why, item.done_when, *item.steps) for item in CONTENT.checklist.items}
    assert [(item, words) for item, words in quoted if not any(words in text for text in said[item])] == []


def test_the_rules_stand_on_the_page_in_their_order_each_with_its_situation() -> None:
    listed = [(rule.strip("`"), situation) for rule, situation, _ in rows("The rules")]
    assert listed == [(one.id, CONTENT.rules[one.id].situation) for one in RULES]
    assert all(when for _, _, when in rows("The rules"))


def test_the_occasions_stand_on_the_page_in_their_order_with_the_words_of_the_content() -> None:
    file = tomllib.loads((ROOT / "prompts/next_action.toml").read_text(encoding="utf-8"))
    when = {one["id"]: one["when"] for one in file["occasions"]}
    assert rows("The occasions") == [[one.id, when[one.id]] for one in OCCASIONS]


def test_every_id_of_the_trace_that_the_code_names_is_one_of_them() -> None:
    code = [*(ROOT / "bot").rglob("*.py"), *(ROOT / "cogs").rglob("*.py"), *(ROOT / "storage").rglob("*.py")]
    cited = {one for path in code for one in re.findall(r"trace (\d\.\d+)", path.read_text(encoding="utf-8"))}
    assert cited
    assert cited <= set(IDS)


def test_nothing_that_is_kept_counts_followers() -> None:
    kept = {f"{table.name}.{column.name}" for table in tables.metadata.sorted_tables for column in table.columns}
    asked = {name.casefold() for name in (*CONTENT.vocabulary.kinds, *LONGEST, *(one.name for one in fields(Facts)))}
    assert kept
    assert [name for name in sorted(kept | asked) if "follower" in name or "following" in name] == []


def test_the_readme_names_every_command_and_no_other() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = "\n".join(line.split("|")[2] for line in readme.splitlines() if re.match(r"\|[^|]*\| `/", line))
    assert sorted(re.findall(r"`/([a-z]+(?: [a-z]+)?)", table)) == sorted(COMMANDS)


def test_every_file_that_a_document_names_is_there() -> None:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    path = re.compile(r"`((?:bot|cogs|storage|prompts|tests|docs|bench)/[\w./*-]*)")
    found = [(page.name, one) for page in pages for one in path.findall(page.read_text(encoding="utf-8"))]
    assert len(found) > 50
    assert [(page, one) for page, one in found if not list(ROOT.glob(one.rstrip("/.")))] == []
