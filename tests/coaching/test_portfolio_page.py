"""The page of a portfolio as HTML and Markdown, whatever people wrote."""

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.ids import PortfolioEntryId
from bot.coaching.network import Category
from bot.coaching.portfolio import (
    Entry,
    NetworkStart,
    NextStep,
    Portfolio,
    PortfolioKind,
)
from bot.coaching.portfolio_page import FOOT, as_html, as_markdown, escaped

DAY = date(2027, 5, 28)
STARTS = date(2027, 2, 15)
HOSTILE = '</p><script src=//evil.example>alert(1)</script><img onerror="x" src=x> & "quoted" ]]> <!-- -->'
VOID = {"meta", "br"}
TEXT_TAGS = {"h1", "h2", "h3", "p", "ul", "li", "section", "footer", "br", "span"}
TAGS = TEXT_TAGS | {
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "main",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}


class Page(HTMLParser):
    """Reads a page, and refuses what is not properly nested."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.texts: list[str] = []
        self.feed(page)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


def entry(kind: PortfolioKind, text: str, number: int = 1, *, names_nobody: bool = True) -> Entry:
    return Entry(PortfolioEntryId(number), kind, f"week:{number}", text, names_nobody, DAY)


def full(text: str) -> Portfolio:
    return Portfolio(
        text,
        (STARTS, date(2027, 6, 4)),
        DAY,
        entries=tuple(entry(kind, text, number) for number, kind in enumerate(PortfolioKind)),
        headings={f"week:{number}": text for number in range(3)},
        start=NetworkStart(date(2027, 3, 1), frozenset({Category.PEER})),
        now=frozenset({Category.PEER, Category.ALUM}),
    )


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=80) | st.just(HOSTILE))
def test_html_is_valid_and_shows_what_was_written_whatever_it_is(text: str) -> None:
    page = Page(as_html(full(text)))
    assert page.tags <= TAGS
    assert page.attributes <= {"lang", "charset", "name", "content", "http-equiv", "class", "dir", "scope", "role"} | {
        "aria-label"
    }
    assert page.texts.count(text) == 6 + 3


def test_html_needs_nothing_from_elsewhere_and_runs_nothing() -> None:
    page = as_html(full("A line"))
    assert "default-src 'none'" in page
    assert not any(word in page for word in ("<script", "http:", "https:", "url(", "@import", "<link", "src="))
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page
    assert "width=device-width" in page


def test_map_of_the_network_stands_beside_that_of_the_second_week() -> None:
    page = as_html(full("x"))
    assert "After two weeks<br>1 March" in page
    assert '<tr><th scope="row">Peers on my course</th><td>● yes</td><td>● yes</td></tr>' in page
    assert 'Alumni of my school</th><td class="no"><span role="img" aria-label="no">–</span></td><td>● yes' in page
    assert "Recruiters" not in page
    alone = as_html(replace(full("x"), start=None))
    assert "After two weeks" not in alone
    assert "Alumni" in alone


def test_text_that_waits_for_an_answer_is_not_on_the_page() -> None:
    value = replace(full("Shown"), entries=(entry(PortfolioKind.LINE, "Hidden", names_nobody=False),))
    assert "Hidden" not in as_html(value) + as_markdown(value)
    assert value.next is NextStep.ANSWER


def test_markdown_reads_as_it_was_written() -> None:
    assert escaped("*a* _b_ `c` <d> [e](f) # g") == r"\*a\* \_b\_ \`c\` \<d\> \[e\](f) \# g"
    assert escaped("- one\n+ two\n1. three\n12) four\n= five") == "\\- one\n\\+ two\n1\\. three\n12\\) four\n\\= five"
    lines = as_markdown(replace(full("x"), entries=(entry(PortfolioKind.BIO_AFTER, "One\n- two"),))).splitlines()
    assert lines[0] == "# My learning network"
    assert "- **After two weeks** (1 March): Peers on my course" in lines
    assert lines[lines.index("One  ") + 1] == "\\- two"
    assert lines[-1] == f"*{FOOT}*"
