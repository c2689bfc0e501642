"""The words and patterns by which a hint is taken: lists alone, no rules."""

import regex

from bot.critique.reading import word_set

AGENT = regex.compile(r"\p{Ll}{3,}(?:ologist|ographer|ician|smith|wright|monger|er|or)")
"""How a word ends that says what somebody does; `unlike` has those that only look so."""
SCHOLAR = regex.compile(r"\p{Ll}{3,}(?:ologist|ographer|ician)s?")
"""Those of which none is a family name, so that a capital makes no difference."""
JARGON = regex.compile(
    r"\p{Ll}{3,}(?:ology|ological|ography|graphic|onomy|ometry|ometrics|iatry|iatrics|culture|botany|ware|tech"
    r"|making|keeping|building|binding|smithing|farming|craft)"
)
STUDENT = regex.compile(
    r"\b(?i:master'?s|bachelor'?s|honours)\b"
    r"|\b(?:[BM]\.?(?:A|Sc|S|Ed|Eng|FA|Com|Tech|Phil|Arch|Mus|Pharm|Res|Nurs)|Ph\.?D|MBA|LL[BM]|JD|MD|BDS|RN|EMT|PGCE"
    r"|HND|A-?[Ll]evels?|GCSEs?|IB)\b\.?"
    r"|(?i:\b(?:1st|2nd|3rd|[4-7]th|first|second|third|fourth|fifth|final)[ -](?:year|semester|term)\b"
    r"|\byear (?:\d{1,2}|one|two|three|four|five)\b|\bclass of (?:20)?\d\d"
    r"|\bsemester\b|\bmajor(?:ing)?\b|\bcoursework\b"
    r"|\b(?:at|in) (?:uni|university|college|school)\b"
    r"|\b(?:apprenticeship|internship|traineeship|residency|placement|bootcamp|sixth form|doctorate|degree|diploma)\b"
    r"|\b(?:retrain|train|study|qualify|work)ing (?:to|as|at|for|with|in|towards?)\b)"
)
"""How a bio says that its writer studies or trains, without a word for who does."""
FORMER = regex.compile(r"\b(?:ex-\p{Ll}|Ex-\p{Ll}|former(?:ly)?\b|previously\b|once a\b|until last\b|retired\b)")
TITLE = regex.compile(r"[“\"«‘]\p{Lu}[^”\"»’]{3,80}[”\"»’]")
SEEKS = regex.compile(
    r"\b(?:open|keen|eager|happy|glad|ready|available|willing|hop(?:e|es|ing)|aim(?:s|ing)?|wants?|wanting"
    r"|wish(?:es|ing)?|trying|plan(?:s|ning)?|itching|curious|look(?:s|ing)?|search(?:es|ing)?|hunt(?:s|ing)?|asking"
    r"|free|delighted|(?:would|'d) (?:like|love))\s+"
    r"(?:to(?! (?:be|become|help|make|change|grow|succeed|live|inspire|improve)\b)"
    r"|for|about|if|how|what|why|which|on)\b"
    r"|\b(?:with|from|to|for|meet|by) (?:\w+ ){0,2}"
    r"(?:people|those|folks?|someone|somebody|everyone|everybody|teams?|students|others)\s+"
    r"(?:who|whose|that|with|in|from|interested|working|doing|building)\b"
    r"|\bto (?:give|share|lend|spare|swap|offer|trade|borrow)\b|(?:^|[.!?|]\s?)needs?\b|\blet['’]?s\b"
    r"|\b(?:no|any|got|have|your) (?:\w+ )?questions?\b|\btip me\b"
    r"|\b(?:seek(?:s|ing)?|shar(?:e|es|ing)|welcome[ds]?|appreciated|accepted)\b|\bby (?:message|mail|email|dm)\b"
    r"|(?:^|[.!?|,;]\s?|\b(?:always|am|'m|im)\s)(?:up|down|game)\s(?:for|to)\b"
    r"|\b(?:next|soon|wanted|needed|requests?|orders?|bookings?|commissions?|inbox|office hours|ama|q&a|feedback"
    r"|questions?|tips?)\b\s{0,2}(?=[:?,.!]|open|taken|for|welcome|a |an )",
    regex.IGNORECASE,
)
"""How a bio says what its writer seeks or gives, or whom it is for."""
OFTEN = word_set(
    "also currently now still mostly often usually always never just once then already sometimes mainly even ever "
    "recently"
)
TELLERS = word_set("i we ive weve who she he they")
AT_IT = word_set("am im been currently now also still mostly busy spent spend spending and")
OTHERS_TOO = word_set("for with from meet your other our their his her my to like than")
LEARNERS = word_set(
    "student students undergraduate undergrad graduate grad postgraduate alum alumna alumnus alumni candidate major "
    "freshman sophomore junior senior pupil scholar learner fresher"
)
NOT_COUNTED = word_set(
    "year years yr yrs y yo old th st nd rd am pm percent semester semesters time times follow followers day days "
    "january february march april may june july august september october november december jan feb mar apr jun jul "
    "aug sep sept oct nov dec and or at in on from to is a the"
)
COUNTS_NOTHING = word_set(
    "year class level part top im am aged age grade of have has had with in since until by from to room ward"
)
NUMBER_WORDS = word_set(
    "two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty hundred"
)
ALL_HAVE = word_set(
    "passions loves goals kids twins siblings brothers sisters degrees jobs worlds weeks hours months days"
)
COUNTING = regex.compile(r"\d (?:and counting|so far|to date)\b", regex.IGNORECASE)
POST = regex.compile(
    r"\b(?:apprenticeship|internship|placement|traineeship|residency|fellowship)\b (?:by|at|in|with|on)\b",
    regex.IGNORECASE,
)
DIGITS = regex.compile(r"\d[\d.,]*(?:k|m)?\Z", regex.IGNORECASE)
YEAR = regex.compile(r"(?:19|20)\d\d")
MIND = word_set(
    "am be can could will would should may might must do did does have had go get got come see saw hear watch "
    "listen read play eat drink sleep live love like enjoy adore hate prefer want wanted wish hope need think "
    "thought believe feel felt dream know knew learn learned study look seek search aim aspire strive try care "
    "value appreciate respect trust mean follow find keep take give bring stay remain become grow wait wonder "
    "wander travel work worship pray vote bless stand use pride thrive smile laugh cry worry chase embrace explore "
    "discover never always usually only just really truly still also strongly firmly mostly mainly often sometimes "
    "currently possess excel dislike miss wear walk speak stutter stammer suffer struggle recover breathe exist "
    "focus plan intend consider understand promise"
)
"""Verbs after "I" that tell no deed: what somebody is, feels, wishes, or does every day."""
MAY_BE_DEED = word_set("keep give take bring play grow read find")
PARTICLES = word_set("down up out on off over together back through")
PLACES = word_set("in at from near to around")
BOAST = regex.compile(r"\bthe (?:very )?best\b[^.!?\n]{0,60}\byou\b", regex.IGNORECASE)
TO_COME = frozenset({"will", "would"})
LIKES = word_set("like love enjoy likes loves enjoys")
OWN = word_set("i im ive my we our")
NO_TELLING = regex.compile(r"@|\d[ .\d-]{6,}|\bborn\b|\baddress\b|[\[\]{}<>]|\bTODO\b|\blorem\b", regex.IGNORECASE)
LEAST_TOLD = 4
WANTS = word_set(
    "love loves like likes enjoy interested interest interests favourite favorite passionate fan hope dream dreams "
    "want wish would will believe care learning study studying future goal goals studies into adore follow"
)
"""Words of a sentence about what somebody likes, wishes or studies, which proves nothing."""
LONGEST_FIELD = 5
OBJECTS = word_set("a an the my our this these some free three two four five six seven eight nine ten every all")
ORDERED = word_set(
    "me us about them it my our a an the for to by with along and hi hello away what how why who which if where when"
)
"""What follows a verb that tells the reader to do something: "come along", "ask about soil"."""
