"""Contact data, and numbers and places that only look like it."""

import pytest

from bot.critique import private
from bot.critique.private import contact_data

REACHES = {
    private.E_MAIL: ("ana@uni.example", "ana (at) uni (dot) edu", "ana at uni dot edu", "ana99 at gmail"),
    private.PHONE: (
        "Call 07700 900123",
        "tel: 555-1234",
        "+1 (415) 555-2671",
        "415-555-2671",
        "0049 151 2345678",
        "06 12 34 56 78",
        "9876543210",
        "wa.me/447700900123",
        "zero seven seven zero zero nine zero zero one two three",
        "١٢٣-٤٥٦-٧٨٩٠",
    ),
    private.STREET: (
        "12 Elm Street, Springfield",
        "221B Baker Street",
        "Musterstraße 12",
        "12 rue de la Paix",
        "Calle Mayor 5",
    ),
    private.BIRTH: ("born on May 3rd", "DOB 03/05/2004", "b. 2003 in Lagos"),
    private.AGE: (
        "I'm 21.",
        "I'm 21 and study law",
        "19 y/o",
        "19 | she/her | art",
        "19-year-old nursing student",
        "Tengo 20 años",
        "Ada, 21, Leeds",
    ),
    private.MESSENGER: (
        "Telegram: @ada_l",
        "discord: ada#1234",
        "Snap: lilly.xx",
        "t.me/adalovelace",
        "WeChat ID: ada_99",
    ),
    private.INVITE: ("discord.gg/abc12", "https://chat.whatsapp.com/AbCd123", "discord.com/invite/abc"),
    private.STUDENT_NUMBER: ("student no. 12345678", "Matrikelnummer: 1234567", "Reg. No: AB/12345/19", "NIM 13519001"),
}
HARMLESS = (
    "Class of 2027",
    "2019-2023",
    "Intern 09/2021 - 05/2024",
    "CHEM 3010",
    "1,200,000 rows",
    "120 000 000 views",
    "ISBN 978-3-16-148410-0",
    "ORCID 0000-0002-1825-0097",
    "24/7 on call",
    "born and raised in Lagos",
    "a 300-year-old violin",
    "my 4-year-old daughter",
    "@ana@mastodon.example",
    "https://example.org/2024/05/12345678901",
    "Led 12 Street Food stalls",
    "B737, C172, Room 101",
    "192.168.0.1",
    "15.02.2027 is the launch",
    "5 years of experience",
    "I am 3 semesters in",
    "I'm 100% sure",
    "I met @kofi at Art Basel",
    "My grandmother was born in 1931 and sewed sails.",
    "I mapped 21 Baker Street for my thesis.",
    "Discord moderator, signal processing, telegram history",
    "student number one in line",
)


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in REACHES.items() for text in texts])
def test_contact_data_is_found_with_its_kind(kind: str, text: str) -> None:
    assert [one.what for one in contact_data(text)] == [kind]
    assert [one.what for one in contact_data(f"Nurse in Leeds.\n{text}")] == [kind]


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_numbers_and_places_are_left_alone(text: str) -> None:
    assert contact_data(text) == []


def test_several_findings_come_in_the_order_of_the_text() -> None:
    text = "ana@uni.example, +44 7700 900123, discord.gg/abc"
    assert [text[start:end] for _, start, end in contact_data(text)] == [
        "ana@uni.example",
        "+44 7700 900123",
        "discord.gg/abc",
    ]
