"""The offline critic, measured on bios whose findings are known, and the command that does it."""

from dataclasses import replace

import pytest

from bot.__main__ import MISSED, main
from bot.critique import evaluation, need
from bot.critique.evaluation import MOST_MILLISECONDS, Report, Tally, bios_to_review, evaluate, report_text
from prompts import load_content
from prompts.bio_words import Vocabulary
from prompts.bios import PLACE_IDS, RULE_IDS, Lexicon, Rubric

RUBRIC = load_content().rubric
FEWEST_BIOS = 40


@pytest.fixture(scope="module")
def report() -> Report:
    return evaluate(RUBRIC)


def test_nothing_is_missed_that_the_bar_asks_for(report: Report) -> None:
    assert report.passed, report_text(report)
    assert report.found >= 0.9
    assert (report.forbidden, report.differing, report.wrong_distress) == ((), (), ())


def test_every_rule_has_a_bio_in_which_it_must_speak(report: Report) -> None:
    assert [rule for rule in RULE_IDS if report.rules[rule].hits + report.rules[rule].misses == 0] == []


def test_the_bios_are_many_and_of_every_kind(report: Report) -> None:
    bios = bios_to_review()
    assert report.bios >= FEWEST_BIOS
    assert report.pairs >= FEWEST_BIOS
    assert {bio.place for bio in bios} == set(PLACE_IDS)
    assert any(bio.context.strict for bio in bios)
    assert any(bio.distress for bio in bios)
    assert sum(1 for bio in bios if not bio.expect) > FEWEST_BIOS
    assert len({bio.id for bio in bios}) > FEWEST_BIOS


def test_an_expectation_names_rules_that_there_are() -> None:
    assert {rule for bio in bios_to_review() for rule in bio.expect | bio.may} <= set(RULE_IDS)


def without(lexicon: Lexicon) -> Rubric:
    return replace(RUBRIC, words={**RUBRIC.words, lexicon: {}})


def test_a_rule_that_forgets_its_words_is_a_miss_by_the_bios_id() -> None:
    report = evaluate(without(Lexicon.FOLLOW_BAIT))
    assert ("weak-bait", "B24") in report.missed
    assert report.rules["B24"].misses > 0
    assert "missed: weak-bait, B24" in report_text(report)


def test_a_rule_that_speaks_too_often_is_named_and_fails() -> None:
    report = evaluate(replace(without(Lexicon.INVITATIONS), vocabulary=Vocabulary()))
    assert ("good-nursing", "B08") in report.forbidden
    assert not report.passed
    assert report_text(report).endswith("The bar is not met.")


def test_names_that_are_not_known_as_names_make_pairs_differ() -> None:
    assert ("name-first", "Best Okafor") not in evaluate(RUBRIC).differing
    rubric = replace(RUBRIC, words={**RUBRIC.words, Lexicon.SUPERLATIVES: {"okafor": (("okafor",),)}})
    assert evaluate(rubric).differing == ()
    rubric = replace(RUBRIC, words={**RUBRIC.words, Lexicon.SUPERLATIVES: {"muslim": (("muslim",),)}})
    # Beside a role alone: where faith is all that is said, no list ever sees it.
    assert {swap for swap, _ in evaluate(rubric).differing} == {"faith", "h7f-faith-word-first", "h7g-faith-09"}


def test_need_that_is_overlooked_or_imagined_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        # Need is told by a list and by patterns; here both are gone.
        patch.setattr(need, "PATTERNS", ())
        patch.setattr(need, "SIGNS", ())
        assert evaluate(without(Lexicon.DISTRESS)).wrong_distress == (
            "distress",
            "h41",
            "k44",
            "h7a-distress-physics",
            "h7b-distress-design",
            "h7c-distress-law",
            "h7d-distress-oslo",
            "h7d-distress-apprentice",
            "h7e-distress-gone",
            "h7e-distress-night",
            "h7f-distress-gone",
            "h7f-distress-goodbye",
            "h7g-distress-farewell",
            "h7g-distress-plan",
            "h7g-distress-means",
            "h7g-distress-wake",
            "h7g-distress-burden",
            "h7g-distress-german",
            "h7g-distress-spanish",
            "h7g-distress-french",
        )
    imagined = replace(RUBRIC, words={**RUBRIC.words, Lexicon.DISTRESS: {"killer": (("killer", "app"),)}})
    assert "no-distress-killer" in evaluate(imagined).wrong_distress


def test_the_report_says_how_long_a_bio_takes() -> None:
    report = Report({"B01": Tally(1, 0)}, (), (), (), (), 3, 2, (0.5, 1.5, 12.0))
    assert f"1.5 ms in the median (bar: {MOST_MILLISECONDS:.0f}), 12.0 at most" in report_text(report)


def test_the_command_prints_the_report_and_succeeds(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "bios"]) == 0
    printed = capsys.readouterr().out
    assert "forbidden findings: 0 (bar: 0)" in printed
    assert "The bar is met." in printed


def test_the_command_fails_when_the_bar_is_missed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missed(_: Rubric) -> Report:
        return Report({}, (), (("good", "B01"),), (), (), 1, 0, (1.0,))

    monkeypatch.setattr(evaluation, "evaluate", missed)
    assert main(["evaluate", "bios"]) == MISSED
    assert "forbidden: good, B01" in capsys.readouterr().out


def test_the_command_has_to_be_told_what_to_measure() -> None:
    with pytest.raises(SystemExit):
        main(["evaluate"])
