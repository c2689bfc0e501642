"""The page of a portfolio as files: HTML that needs nothing else and runs nothing, and Markdown."""

import re
from collections.abc import Iterator
from datetime import date
from html import escape

from bot.coaching.network import Category
from bot.coaching.portfolio import Portfolio, sections

TITLE = "My learning network"
MAP_TITLE = "Who is in my network"
NO_KINDS = "nobody yet"
KINDS = {
    Category.PEER: "Peers on my course",
    Category.NEAR_PEER: "People a few years ahead of me",
    Category.PRACTITIONER: "People doing the work now",
    Category.EXPERT: "Experts I learn from",
    Category.MENTOR: "Somebody who gives me advice",
    Category.ALUM: "Alumni of my school",
    Category.RECRUITER: "Recruiters and hiring managers",
    Category.CONNECTOR: "People who run groups and events",
    Category.EDUCATOR: "Teachers and supervisors",
}
"""Kinds of people in the words of whoever's page it is; the content files say them to that person."""
FOOT = "Made with PLN Coach from what I chose to show. Of my network it tells kinds of people, never who."
_STYLE = """
:root { color-scheme: light dark; --ink: #1c2525; --soft: #566363; --line: #d8e0e0; --paper: #ffffff; --mark: #2c6967 }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6ecec; --soft: #a3b1b1; --line: #37423f; --paper: #161c1c; --mark: #7cc4c0 }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif }
main { max-width: 44rem; margin: 0 auto; padding: 2rem 1.1rem 3rem }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .25rem }
h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; padding-bottom: .3rem; border-bottom: 2px solid var(--mark) }
h3 { font-size: .95rem; margin: 1.1rem 0 .15rem; color: var(--mark) }
p { margin: .2rem 0 .7rem; overflow-wrap: anywhere; white-space: pre-line }
.soft { color: var(--soft); font-size: .9rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .4rem .6rem .4rem 0; border-bottom: 1px solid var(--line) }
thead th { font-size: .85rem; color: var(--soft); vertical-align: bottom }
tbody th { font-weight: 500 }
td { width: 6rem; color: var(--mark) }
.no { color: var(--soft) }
ul { padding: 0; margin: 0; list-style: none }
li { border-left: 3px solid var(--line); padding-left: .8rem; margin: .8rem 0 }
li h3 { margin-top: 0 }
li p { margin-bottom: 0 }
footer { margin-top: 2.5rem; border-top: 1px solid var(--line); padding-top: .7rem }
@page { margin: 12mm }
@media print {
  :root { --ink: #000; --soft: #444; --line: #bbb; --paper: #fff; --mark: #24504f }
  body { font-size: .75rem; line-height: 1.3 }
  main { max-width: none; padding: 0 }
  h1 { font-size: 1.4rem }
  h2 { font-size: .9rem; margin: .6rem 0 .25rem; padding-bottom: .1rem }
  li { margin: .2rem 0 }
  li h3, li p { display: inline; font-size: 1em }
  li h3::after { content: ": " }
  th, td, thead th { padding: .05rem .6rem .05rem 0; font-size: 1em; width: auto }
  .soft { font-size: 1em }
  footer { margin-top: .6rem; padding-top: .3rem }
  li, tr { break-inside: avoid }
  h2, h3 { break-after: avoid }
}
"""


def as_html(value: Portfolio) -> str:
    """Return the page as one HTML file, without scripts and without anything from elsewhere."""
    parts = "".join(
        f"<section>\n<h2>{escape(part.title)}</h2>\n<ul>\n"
        + "".join(f'<li>{_heading(heading)}<p dir="auto">{escape(text)}</p></li>\n' for heading, text in part.items)
        + "</ul>\n</section>\n"
        for part in sections(value)
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{TITLE}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f'<h1>{TITLE}</h1>\n<p class="soft" dir="auto">{escape(_about(value))}</p>\n'
        f"{_map(value)}{parts}"
        f'<footer><p class="soft">{escape(FOOT)}</p></footer>\n</main>\n</body>\n</html>\n'
    )


def _heading(text: str | None) -> str:
    return f'<h3 dir="auto">{escape(text)}</h3>' if text else ""


def _map(value: Portfolio) -> str:
    """Return the kinds of people as a table: after the first weeks, where that is known, beside now."""
    columns = list(_columns(value))
    if not any(there for *_, there in columns):
        return ""
    heads = "".join(f'<th scope="col">{head}<br>{day}</th>' for head, day, _ in columns)
    rows = "".join(
        f'<tr><th scope="row">{escape(label)}</th>' + "".join(_cell(kind in there) for *_, there in columns) + "</tr>\n"
        for kind, label in KINDS.items()
        if any(kind in there for *_, there in columns)
    )
    return (
        f"<section>\n<h2>{MAP_TITLE}</h2>\n<table>\n"
        f'<thead><tr><th scope="col">Kind of person</th>{heads}</tr></thead>\n'
        f"<tbody>\n{rows}</tbody>\n</table>\n</section>\n"
    )


def _cell(there: bool) -> str:  # noqa: FBT001 - a cell of a table
    return "<td>● yes</td>" if there else '<td class="no"><span role="img" aria-label="no">–</span></td>'


def _columns(value: Portfolio) -> Iterator[tuple[str, str, frozenset[Category]]]:
    if value.start is not None:
        yield "After two weeks", _short(value.start.on), value.start.kinds
    yield "Now", _short(value.today), value.now


def _short(day: date) -> str:
    return f"{day.day} {day:%B}"


def _about(value: Portfolio) -> str:
    first, last = value.term
    return f"{value.course}, {first.day} {first:%B %Y} to {last.day} {last:%B %Y}"


# Markdown


_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~!&$])")
_LINE_START = re.compile(r"^(\s*)([-+=]|\d+(?=[.)]))", re.MULTILINE)


def escaped(text: str) -> str:
    """Return a text as Markdown that reads as it was written."""
    marked = _MARKS.sub(r"\\\1", text)
    return _LINE_START.sub(lambda at: f"{at[1]}{at[2]}\\" if at[2].isdigit() else f"{at[1]}\\{at[2]}", marked)


def as_markdown(value: Portfolio) -> str:
    """Return the page as Markdown, for a website or notes of one's own."""
    lines = [f"# {TITLE}", "", escaped(_about(value)), ""]
    columns = list(_columns(value))
    if any(there for *_, there in columns):
        lines += [f"## {MAP_TITLE}", ""]
        lines += [f"- **{head}** ({day}): {kinds_words(there)}" for head, day, there in columns]
        lines += [""]
    for part in sections(value):
        lines += [f"## {part.title}", ""]
        for heading, text in part.items:
            lines += [f"### {escaped(heading)}", ""] if heading else []
            lines += ["  \n".join(escaped(text).splitlines()), ""]
    return "\n".join([*lines, f"*{FOOT}*", ""])


def kinds_words(there: frozenset[Category]) -> str:
    """Return kinds of people in words."""
    return ", ".join(label for kind, label in KINDS.items() if kind in there) or NO_KINDS
