"""Those of the demo's class who can be played: who they are, and what each of them did by which day of the term."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.coaching.focus import FocusDraft
from bot.coaching.goals import GoalDraft, Obstacle
from bot.coaching.log import ActionDraft, Outcome
from bot.coaching.network import AlertKind, Category, ContactDraft, SpaceKind, Stage, Where
from bot.coaching.opportunities import Move, OpportunityDraft, OpportunityKind, Source
from bot.services.feedback import How
from bot.services.network import AlertDraft, SpaceDraft
from bot.services.nudges import SettingsChange


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """Somebody in a student's network: since which day, and what was done with them when."""

    day: int
    who: ContactDraft
    touches: tuple[tuple[int, ActionDraft], ...] = ()


@dataclass(frozen=True, slots=True)
class Opening:
    """An opportunity that a student keeps: since which day, and what was said of it when."""

    day: int
    what: OpportunityDraft
    moves: tuple[tuple[int, Move], ...] = ()


@dataclass(frozen=True, slots=True)
class Student:
    """Somebody of the class and what they did; days are counted from the first day of the term, which is 0.

    `logs` and `items` are counts for each week of the term; whoever the viewer is most likely to play does nothing more
    after the demo begins. `changes` are what they set on the settings card. `goal_rests`: the day on which they let
    their goal rest.
    """

    name: str
    joins: int
    focus: FocusDraft | None = None
    goal: GoalDraft | None = None
    goal_rests: int | None = None
    logs: str = ""
    items: str = ""
    people: tuple[Acquaintance, ...] = ()
    spaces: tuple[tuple[int, SpaceDraft], ...] = ()
    alerts: tuple[tuple[int, AlertDraft], ...] = ()
    openings: tuple[Opening, ...] = ()
    letters: tuple[tuple[int, How, str], ...] = ()
    presses_done: bool = False
    changes: tuple[tuple[int, SettingsChange], ...] = ()
    closed: bool = False
    seen_as: str | None = None


AMARA: Final = Student(
    "Amara Osei",
    joins=0,
    focus=FocusDraft(
        "community nursing, patient education",
        "Ward managers near me, so that I hear of a first job",
        "advice",
        "health",
        "building",
    ),
    goal=GoalDraft(
        "connect",
        "Have two exchanges a week with people who nurse",
        2,
        "If it is Tuesday after my skills lab, then I will reply to one nurse educator's post with a question.",
        8,
        "Two people tell me what a first year is really like",
        Obstacle.NERVES,
        "If I feel nervous before I send it, then I will send it to one kind person first.",
        "Read one post and note one line",
        30,
    ),
    logs="11011",
    items="43211",
    people=(
        Acquaintance(
            2,
            ContactDraft(
                "skills-lab tutor", Category.EDUCATOR, Stage.CONVERSED, Where.LOCAL, "Wound care, done gently"
            ),
        ),
        Acquaintance(
            3,
            ContactDraft("night-shift Ana", Category.PRACTITIONER, where=Where.LOCAL, shares="Both care about sleep"),
            (
                (4, ActionDraft("reply", "Asked how she keeps a ward quiet at night", 10, Outcome.REPLY)),
                (12, ActionDraft("interview", "Her first year: ask for the slow rota", 20, Outcome.ADVICE)),
                (13, ActionDraft("thank", minutes=5)),
            ),
        ),
        Acquaintance(
            5,
            ContactDraft("two-years-up Kofi", Category.NEAR_PEER, where=Where.LOCAL, shares="Same school"),
            (
                (8, ActionDraft("reply", minutes=10, outcome=Outcome.NOTHING_YET)),
                (15, ActionDraft("talk", "How he chose his first post", 15, Outcome.REPLY)),
                (33, ActionDraft("interview", "Coffee after his shift", 25, Outcome.MEETING)),
            ),
        ),
        Acquaintance(
            6,
            ContactDraft("the alum abroad", Category.ALUM, where=Where.REMOTE),
            ((6, ActionDraft("invite")), (17, ActionDraft("follow_up", outcome=Outcome.NOTHING_YET))),
        ),
        Acquaintance(
            9,
            ContactDraft("falls-paper author", Category.EXPERT, where=Where.REMOTE, shares="Falls at home"),
            ((22, ActionDraft("reply", "Asked about stairs", 10, Outcome.NOTHING_YET)),),
        ),
        Acquaintance(
            18,
            ContactDraft("health-fair recruiter", Category.RECRUITER, where=Where.LOCAL),
            ((18, ActionDraft("talk", "They hire in January", 10, Outcome.REPLY)),),
        ),
    ),
    spaces=(
        (7, SpaceDraft("Journal club of the district team", SpaceKind.IN_PERSON, "First Thursday of the month")),
        (10, SpaceDraft("Evening chat for new nurses", SpaceKind.CHAT, "Wednesdays at 20:00")),
    ),
    alerts=((7, AlertDraft(AlertKind.INTERNSHIP, "community nursing", "summer placement", "Bristol")),),
    openings=(
        Opening(
            10,
            OpportunityDraft("Weekend assistant, the care home", OpportunityKind.JOB, Source.POSTING),
            ((11, Move.SENT), (20, Move.NO), (21, Move.THANKED)),
        ),
        Opening(
            12,
            OpportunityDraft("Poster session of the school", OpportunityKind.PROJECT, Source.WORD_OF_MOUTH),
            ((14, Move.PASSED_ON),),
        ),
        Opening(
            17,
            OpportunityDraft("Volunteers for the health fair", OpportunityKind.EVENT, Source.ALERT),
            ((25, Move.SENT),),
        ),
        Opening(
            24,
            OpportunityDraft(
                "Summer placement, the clinic by the river",
                OpportunityKind.INTERNSHIP,
                Source.CONTACT,
                date(2026, 10, 25),
            ),
            ((26, Move.PREPARING),),
        ),
    ),
    presses_done=True,
    seen_as="member",
)

BEN: Final = Student(
    "Ben Whitlock",
    joins=0,
    focus=FocusDraft("sports physiotherapy", "Clinics that take students for a season", "work", "health", "exploring"),
    goal=GoalDraft(
        "learn",
        "Collect two ideas a week from people who treat runners",
        2,
        "If I have my Monday coffee, then I will read one post and note one line about it.",
        8,
        "I know three ways to treat one knee",
        Obstacle.TIME,
        tiny="Read one post to its end",
    ),
    logs="221",
    items="32",
    changes=((29, SettingsChange(hour=17)),),
    people=(Acquaintance(4, ContactDraft("running-club physio", Category.PRACTITIONER, where=Where.LOCAL)),),
    seen_as="member, quiet lately",
)

CHIARA: Final = Student(
    "Chiara Romano",
    joins=1,
    focus=FocusDraft(
        "primary teaching, reading", "Teachers who try things and talk about it", "community", "education", "building"
    ),
    goal=GoalDraft(
        "contribute",
        "Test one classroom idea a week and tell its author how it went",
        2,
        "If I finish Thursday's seminar, then I will save one idea with a note and thank its author.",
        4,
        "One author knows that the idea works with six-year-olds",
        Obstacle.PHONE,
        "If the timer rings at 20 minutes, then I will close the app and plan the lesson.",
        box_minutes=45,
    ),
    logs="122222122122",
    items="222222111111",
    people=(
        Acquaintance(
            5,
            ContactDraft("the reading-corner blog", Category.EXPERT, where=Where.REMOTE, shares="Early reading"),
            (
                (9, ActionDraft("credit", "Shared the corner idea, with a photo of my own sketch", 5)),
                (16, ActionDraft("reply", "Told them how the corner went", 10, Outcome.REPLY)),
            ),
        ),
    ),
    presses_done=True,
    seen_as="member, goal is over",
)

DEWI: Final = Student(
    "Dewi Putri",
    joins=1,
    focus=FocusDraft("marine biology", "Field stations that need a pair of hands in summer", season="exploring"),
    logs="01001",
    items="21011",
    letters=((19, How.UNSIGNED, "Is it fine to do this in a second language? I write slowly, and I reread a lot."),),
    seen_as="member, no goal yet",
)

ESRA: Final = Student(
    "Esra Demir",
    joins=2,
    focus=FocusDraft("structural engineering", "Engineers who design bridges", "work", "engineering", "searching"),
    goal=GoalDraft(
        "opportunity",
        "Talk to two working engineers this term about how they started",
        1,
        "If it is Sunday at 17:00, then I will send one short request to an alum and log it.",
        8,
        "One of them tells me when their team looks for somebody",
        Obstacle.NOT_READY,
        "If a week passes with no answer, then I will send one friendly second note, then choose the next person.",
    ),
    logs="110110101011",
    items="31",
    people=(
        Acquaintance(
            3,
            ContactDraft("bridge-office alum", Category.ALUM, where=Where.REMOTE, shares="Same professor"),
            (
                (6, ActionDraft("invite", outcome=Outcome.REPLY)),
                (19, ActionDraft("interview", "How a small office hires", 20, Outcome.MEETING)),
                (20, ActionDraft("thank", minutes=5)),
            ),
        ),
        Acquaintance(
            11,
            ContactDraft("site-visit engineer", Category.PRACTITIONER, where=Where.LOCAL),
            ((12, ActionDraft("ask", outcome=Outcome.REPLY)),),
        ),
    ),
    alerts=((9, AlertDraft(AlertKind.JOB, "structural engineering", "graduate")),),
    openings=(
        Opening(
            16,
            OpportunityDraft("Graduate role, the bridge office", OpportunityKind.JOB, Source.CONTACT),
            ((17, Move.PREPARING), (24, Move.SENT)),
        ),
        Opening(
            30,
            OpportunityDraft("Open day, the harbour works", OpportunityKind.EVENT, Source.ALERT, date(2026, 10, 30)),
        ),
    ),
    seen_as="member, searching",
)

FARID: Final = Student(
    "Farid Haddad",
    joins=2,
    focus=FocusDraft("family law", "Advice centres that train volunteers", "community", "regulated", "building"),
    goal=GoalDraft(
        "connect",
        "Ask one general question a week among people who do this work",
        1,
        "If I finish my Wednesday reading, then I will ask one general question in a student section.",
        6,
        obstacle=Obstacle.WORDS,
    ),
    goal_rests=32,
    logs="01111",
    items="2211",
    changes=((32, SettingsChange(pause_weeks=2)),),
    seen_as="member, on a pause",
)

GWEN: Final = Student(
    "Gwen Morris",
    joins=3,
    focus=FocusDraft("museum work", "Small museums near the coast", "news", season="exploring"),
    goal=GoalDraft(
        "learn",
        "Follow how three small museums talk with their visitors",
        1,
        "If I am on the train on Friday, then I will read one museum's posts and note one line.",
        6,
    ),
    logs="01101",
    items="20011",
    spaces=((12, SpaceDraft("Evening of the county museums", SpaceKind.EVENT, "Every second month")),),
    closed=True,
    seen_as="member, closed messages",
)

HIRO: Final = Student(
    "Hiro Tanaka",
    joins=3,
    focus=FocusDraft("type design", "Studios that publish their sketches", "community", "creative", "building"),
    goal=GoalDraft(
        "visible",
        "Show one work in progress a week",
        1,
        "If I export a draft on Friday, then I will post one frame with a question.",
        8,
        obstacle=Obstacle.NOT_READY,
    ),
    logs="111111111111",
    items="44444444",
    letters=((26, How.SIGNED, "Could we look at one good first message together? I never know how to begin."),),
    presses_done=True,
    changes=((10, SettingsChange(day=3, hour=9)),),
)

INES: Final = Student(
    "Ines Carvalho",
    joins=7,
    focus=FocusDraft("public health, data", "Teams that publish how they count", "advice", "computing", "low_profile"),
    goal=GoalDraft(
        "contribute",
        "Give one useful answer a week in a forum of my field",
        1,
        "If it is Wednesday at 18:00, then I will answer one beginner's question.",
        6,
        tiny="Improve one sentence of a help page",
    ),
    logs="011101110111",
    items="0321001",
    letters=((31, How.UNSIGNED, "Some of us would rather not be found. It helps that this is left to us."),),
    seen_as="member, low profile",
)

JOEL: Final = Student("Joel Nyström", joins=8, logs="000001001", items="01", changes=((23, SettingsChange(on=False)),))

KWAME: Final = Student(
    "Kwame Boateng",
    joins=21,
    focus=FocusDraft("sound design", "Makers of radio plays"),
    logs="000011010101",
    items="00021011",
    letters=((33, How.CONTACT, "I came to the course late and would like to talk about where to begin."),),
)

CLASS: Final = (AMARA, BEN, CHIARA, DEWI, ESRA, FARID, GWEN, HIRO, INES, JOEL, KWAME)
