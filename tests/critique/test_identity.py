"""Who somebody is changes nothing in a review, and it is set aside only where a part of a bio says nothing else."""

import pytest

from bot.coaching.bios import BioReview
from bot.critique.identity import without_identity
from bot.critique.rubric import BioContext, review
from prompts import load_content

RUBRIC = load_content().rubric
IDENTITY = (
    "Muslim",
    "I'm a practising Christian",
    "Granthi at my gurdwara",
    "Deacon at my church",
    "Altar server at St Mary's",
    "I fast in Ramadan",
    "I keep Shabbat",
    "Convert to Islam",
    "She/her",
    "My pronouns are they and them",
    "I have ADHD",
    "I have MS",
    "I use a wheelchair",
    "I use a screen reader",
    "Guide dog owner",
    "I lost my sight at nine",
    "Cancer survivor",
    "Deaf since birth",
    "Daughter of a nurse",
    "Mother of two",
    "Married with kids",
    "Pastor's daughter",
    "Trans woman",
    "Kenyan",
    "Half Irish and half Korean",
    "Child of immigrants",
    "I am a refugee from Syria",
    "Homeschooled",
    "Convent-schooled",
    "State-educated",
    "Self-taught",
    "Raised on a farm",
    "I grew up in a council flat",
    "I vote Green",
    "Ex-prisoner",
)
CARRIERS = (
    "Tourism student in Cusco. I led 20 walking tours. Ask me about trails.",
    "I like long walks and good talks and quiet mornings. There is always tea.",
    "Passionate team player and hard worker. Always motivated. Always on time.",
    "Student | Reader | Runner | Dreamer | Tea | Rain | Lisbon.",
    "Typography, hand-painted signs, gold leaf. Painted 9 shopfronts. Which letter do you find hardest?",
    "HISTORY STUDENT IN FEZ!!! DREW 30 MAPS OF WALLS!!! ASK ME ABOUT GATES!!!",
)
SAY_MORE = (
    "Muslim nursing student",
    "Organist at my church",
    "Sound engineer at my mosque",
    "I teach maths at our temple",
    "Deaf studies teacher",
    "I build wheelchairs",
    "I study autism",
    "Mother of the town's first robotics club and welder",
    "Raised 4,000 euros for a clinic",
    "Self-taught front-end developer",
    "I work with refugees",
    "Farmer's market cook",
    "I have two patents",
    "Care worker",
    "Mother of two nursing student",
    "Proud mother of two chemistry student",
    "Raised in Lagos and now a nurse",
    "Born in Oslo and trained as a chef",
    "Homeschooled in Assam nursing student",
    "From bricklayer to nurse",
    "Partner in a law firm",
    "My patients are mothers of two",
    "I want to die",
    "Raised by people who would be better off dead",
)


def look(text: str) -> BioReview:
    return review(text, RUBRIC.places["other"], 600, RUBRIC, BioContext(strict=False, fields=()))


def seen(found: BioReview) -> tuple[object, ...]:
    strength = found.strength and found.strength[0]
    return [finding.rule for finding in found.findings], strength, found.english, found.distress


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("words", IDENTITY)
def test_who_somebody_is_changes_nothing_wherever_they_say_it(words: str, carrier: str) -> None:
    without = seen(look(carrier))
    assert seen(look(f"{words}. {carrier}")) == without
    assert seen(look(f"{words} | {carrier}")) == without
    assert seen(look(f"{carrier} {words}.")) == without
    assert seen(look(f"{carrier}\n{words}")) == without


@pytest.mark.parametrize("words", IDENTITY)
def test_it_is_set_aside_between_commas_and_in_brackets_too(words: str) -> None:
    without = "Agronomy student. Ask me about drought."
    for text in (
        f"Agronomy student, {words}. Ask me about drought.",
        f"Agronomy student ({words}). Ask me about drought.",
    ):
        assert "".join(text[start:end] for start, end in without_identity(text)) == without
    text = f"{words}, agronomy student. Ask me about drought."
    assert (
        "".join(text[start:end] for start, end in without_identity(text)) == "agronomy student. Ask me about drought."
    )


@pytest.mark.parametrize("text", SAY_MORE)
def test_what_says_more_is_read_whole(text: str) -> None:
    around = f"Law student. {text}. Ask me."
    assert without_identity(around) == [(0, len(around))]


@pytest.mark.parametrize("words", IDENTITY)
def test_a_bio_that_says_nothing_else_is_read_as_it_is(words: str) -> None:
    assert without_identity(words) == [(0, len(words))]


@pytest.mark.parametrize(
    "name", ["T. K. Jones", "A. S. Levi", "M. O. Bello", "Kofi Boat", "Forest Stone", "Grace Baker", "Amina Yusuf"]
)
def test_a_name_that_is_told_changes_nothing(name: str) -> None:
    for carrier in CARRIERS[:3]:
        for form in ("My name is {x}. {t}", "The name is {x}. {t}", "{t} My name is {x}.", "I'm {x}. {t}"):
            text = form.replace("{t}", carrier)
            assert seen(look(text.replace("{x}", name))) == seen(look(text.replace("{x}", "Ravi Iyer"))), text
