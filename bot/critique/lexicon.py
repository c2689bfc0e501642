"""The words that the checks of a model's answer know: lists alone, no rules.

They are wide on purpose. A note that is dropped without need is replaced by an offline one; nothing is lost but a note.
"""

import re


def _any(*patterns: str, flags: re.RegexFlag = re.IGNORECASE) -> re.Pattern[str]:
    """Return a pattern that finds any of these as whole words."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)", flags)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


FUNCTION_WORDS = {
    "en": _set(
        "the and of to in is are am for with on at my me i'm i you your we our it this that from by about as be have "
        "has do what who how or an a not can will was were which want look looking ask their they one"
    ),
    "es": _set("el la los las de y en que un una para con por mi soy del al como su más pero sobre estudiante tu te"),
    "fr": _set("le la les des et en un une pour avec par mon ma je suis du au dans sur qui que votre vous est sont tu"),
    "de": _set("der die das und ich bin ein eine für mit von im in den zu auf ist über mein meine du dich dein als am"),
    "pt": _set("o a os as de e em que um uma para com por meu minha sou do da no na sobre seu sua você mais eu"),
    "it": _set("il lo la gli le di e in che un una per con mio mia sono del della su come il tuo tua più mi al nel"),
    "nl": _set("de het een en van ik ben voor met in op mijn die dat je is aan over als bij naar maar ook jouw wat"),
    "sv": _set("och jag är en ett för med på av i som min mitt till om det att du din från har vill inte vad"),
    "pl": _set("i w na z do się jestem że jak o dla po od nie to moje mój jest twój co oraz przez studentka"),
    "tr": _set("ve bir bu için ile ben de da olarak öğrencisi çok ne benim daha gibi var senin için"),
    "id": _set("dan yang di saya untuk dengan adalah ini dari pada ke mahasiswa tentang anda kamu bisa akan atau"),
}
"""Small words by which a language is told from others that are written in Latin letters."""

OPENERS = _set(
    "a about actively after all always an and anyone are as ask at before being both building but by can come "
    "committed connect contact creating currently curious driven drop each eager enjoy enthusiastic every excited "
    "exploring feel find focused focusing follow for from fond get glad goal grateful great growing happy have helping "
    "here hi hello how i if in interest interested into is it keen know learn learning let let's like looking love "
    "making message mostly motivated my new now of off on one open or our passionate people please previously reach "
    "ready right say see seeking share sharing so some soon still studying study talk tell thank that the these they "
    "this through to together today towards trying until up using want we welcome what when where who why will with "
    "working writing you your during write meet also once since then most next lately outside beyond besides based"
)
"""Words that begin a sentence of a bio in English without saying anything new."""

CLAIMS = _any(
    r"award\w*|prizes?|winn(?:er|ing)s?|won|honou?r(?:s|ed|ary)?|medal\w*|trophy|scholar(?:s|ship|ships)?",
    r"grants?|patent\w*|publish\w*|publications?|peer-reviewed|cited|bestsell\w*|certifi\w+|licen[cs]\w+",
    r"accredit\w+|registered|qualified|qualifications?|chartered|board-certified|graduat\w+|alum\w*|bachelor\w*",
    r"master\w*|ph\.?d\w*|doctora\w+|mba|m\.?sc|b\.?sc|m\.?d|r\.?n|degrees?|diplomas?|cum laude|valedictorian",
    r"gpa|dean\w*|senior|junior|principal|chief|lead\w*|led|heads?|headed|top|best|foremost|elite|expert\w*",
    r"specialist\w*|speciali[sz]\w+|guru|ninja|rockstar|genius|visionary|thought leader|veteran|seasoned",
    r"experienced?|decades?|years?|months?|fluent\w*|fluency|native|bilingual|trilingual|multilingual",
    r"proficien\w+|advanced|skilled|mastery|managed?|managers?|managing|management|direct(?:or|ors|ed|ing)",
    r"supervis\w+|found(?:er|ers|ed|ing)|co-?found\w+|ceo|cto|cfo|coo|vp|president|chair\w*|captain|owner\w*",
    r"entrepreneur\w*|investor\w*|ambassador\w*|fellows?|fellowship|professors?|nurses?|doctors?|physicians?",
    r"surgeons?|midwi\w+|pharmacists?|therapists?|psychologists?|engineers?|developers?|programmers?|designers?",
    r"architects?|teachers?|lecturers?|tutors?|lawyers?|attorneys?|solicitors?|accountants?|auditors?|analysts?",
    r"scientists?|researchers?|consultants?|advis[oe]rs?|mentors?|mentored|coach\w*|journalists?|editors?",
    r"authors?|authored|speakers?|recruiters?|officers?|technicians?|electricians?|chefs?|pilots?|workers?",
    r"coordinators?|organi[sz]ers?|interns?|interned|internships?|employ\w+|hired|worked|freelanc\w+|contract\w+",
    r"volunteer\w*|built|created?|develop(?:ed)|designed|launched|shipped|deliver(?:ed)|achiev\w+|accomplish\w*",
    r"invent\w+|raised|funded|secured|grew|grown|increas\w+|reduc\w+|doubled|tripled|boosted|saved|sold|taught",
    r"trained|treated|cured|healed|organi[sz]ed|coordinated|presented|competed|represented|selected|chosen",
    r"nominated|recogni[sz]\w+|renowned|acclaimed|famous|leading-edge|world-class|global\w*|international\w*",
    r"worldwide|nationwide|proven|success\w*|track record|results?-driven|high-performing|millions?|billions?",
    r"thousands?|hundreds?|dozens?|percent|revenue|salary|profit\w*|clients?|customers?|featured|endorsed",
    r"approved|verified|official\w*|trusted|exclusive\w*|cleared|clearance|premi(?:ad|é)\w*|lauréate?|diplom\w+",
    r"titulad\w+|certificad\w+|ausgezeichnet\w*|zertifizier\w*|promov\w+",
)
"""Words that claim something. A suggested text may hold those of the bio, and no other."""

HEDGES = _any(
    r"students?|aspiring|aspire\w*|future|trainees?|training to|apprentices?|candidates?|assistants?|becoming",
    r"become|want\w*|hop(?:e|es|ing)|wish\w*|dream\w*|would like|going to be|on (?:my|the) way|learning|studying",
    r"former(?:ly)?|not|never|no|almost|nearly|isn['’]t|wasn['’]t|haven['’]t|don['’]t|didn['’]t|without",
    r"shadow(?:ed|ing)|unpaid|ex|applying|applied|applicant|intend\w*|plan(?:ning)? to|looking for|seeking",
    r"enrolled|incoming|in training",
)
"""Words that make a claim smaller. A claim that stood beside one needs one."""

NEGATIONS = _any(
    r"not|never|no|none|nothing|neither|nor|without|\w+n['’]t|cannot|nunca|jamás|sin|nada|pas|jamais|sans|non",
    r"nicht|kein\w*|nie|ohne|não|nem|sem|senza|mai|niet|geen|zonder|inte|aldrig|utan|bez|değil|tidak|bukan|не",
    r"нет|ни|никогда|без",
)
"""Words that turn a sentence around."""

NUMBER_WORDS = _any(
    r"two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|hundred",
    r"thousand|first|second|third|fourth|fifth|sixth|final|half|double|triple|twice|several|dozen|many|numerous",
    r"countless|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|deux|trois|quatre|cinq|sept|huit|neuf|dix|zwei",
    r"drei|vier|fünf|sechs|sieben|acht|neun|zehn|dois|três|oito|dez|due|tre|quattro|cinque|sei|sette|otto|nove",
    r"dieci",
)

LINKING = _set("at from for by ex under")
"""Words after which a school or an employer stands."""
GERMAN_LINKING = _set("bei beim von vom aus für mit an")
"""The same where every noun has a capital, and a capital tells no name."""

ORDERS = _any(
    r"(?:ignore|disregard|forget|override|bypass)\b[^.!?]{0,40}\b(?:above|before|earlier|instructions?|rules?"
    r"|prompts?|previous|prior|everything|guidelines?)",
    r"(?:system|assistant|developer|user|human|ai)\s*(?:prompt|message|note|override)?\s*[:>\]]\s*.*",
    r"you are (?:now|no longer|an?) .{0,20}(?:ai|assistant|model|bot|dan|critic|reviewer|grader)",
    r"(?:as|like) an? (?:ai|assistant|language model)|language model",
    r"(?:ai|llm|chatbot|gpt|model|bot|reviewer|grader|critic)s?[,:]? (?:must|should|shall|please|will|has to"
    r"|have to)",
    r"(?:note|attention|message|dear|to) (?:to |for )?(?:the )?(?:ai|llm|model|bot|reviewer|grader|assistant"
    r"|system)",
    r"(?:say|state|mention|write|claim|add|output|print|reply|respond|answer|repeat|return|include|tell)"
    r"\b[^.!?]{0,30}\b(?:that i (?:am|have|was|won)|this bio|the (?:rewrite|advice|verdict|prompt|answer"
    r"|following)|exactly|verbatim|only|json)",
    r"(?:rate|score|grade|rank|mark) (?:me|this|it|my)",
    r"(?:give|award) (?:me|this|it) .{0,20}(?:score|rating|points?|marks?|stars?|strong)",
    r"(?:rewrite|advice|verdict|facts?|instructions?|prompt)\s*[:=]",
    r"(?:new|secret|hidden|real|following) instructions?|jailbreak\w*|do anything now|developer mode",
    r"begin (?:system|prompt)|end of (?:bio|text|prompt|data)",
    r"ignor(?:a|e|iere|er|ez)\b[^.!?]{0,40}\b(?:instruc\w+|anweis\w+|consignes|istruzion\w+)",
)
"""Sentences that speak to software. They are shown to their author like any other, and are no source of facts."""

ORDER_MARKS = re.compile(r"</?[a-z_|!]+[^>]*>|\[/?(?:inst|system|sys)\]|<\||\|>|###|\{\{|\{%", re.IGNORECASE)

MACHINE_TALK = _any(
    r"as an ai|an ai|ai model|language model|system prompt|my instructions|the instructions|prompt|json|schema",
    r"openai|gpt\w*|the (?:bot|model|assistant|developer|system|user)|instructed|i (?:cannot|can['’]t|am unable)",
    r"i['’]m sorry|jailbreak\w*|ignore (?:all|any|the|previous|your)",
)

UNKIND = _any(
    r"you people|your kind|people like you|those people|clown\w*|haha\w*|lol",
    r"nobody (?:checks|will|would|cares|notices)|lie|lies|lying|pretend\w*|exaggerat\w+|fake\w*",
    r"make (?:it|something|things) up|invent (?:a|an|some|something)|idiot\w*|stupid\w*|dumb\w*|moron\w*",
    r"loser\w*|pathetic\w*|worthless\w*|useless\w*|hopeless\w*|ugly|disgust\w*|shame\w*|ashamed|embarrass\w*",
    r"laughable|ridiculous\w*|terrible|awful|horrible|lazy|fool\w*|garbage|trash|crap\w*|rubbish|joke|shit\w*",
    r"fuck\w*|damn|bitch\w*|bastard\w*|asshole\w*|whore\w*|slut\w*|retard\w*|hate[ds]?|despis\w*",
    r"nobody (?:likes|will|wants)|no ?one (?:will|would|likes|wants)|never be (?:hired|good|able)|give up",
    r"kill\w*|suicid\w*|(?:go|should|must|please|just|and) die|self-harm|hurt|harm (?:yourself|yourselves)",
    r"cut yourself|bomb\w*|weapon\w*|murder\w*|rape\w*|porn\w*|nude\w*|sexy|naked|nazi\w*|hitler|inferior",
    r"superior|failure|incompetent|unemployable|desperate|amateur\w*|mediocre|boring|idiota|estúpid\w+|imbécile",
    r"stupide|nul(?:le)?|dumm\w*|versager\w*|inútil|merde|mierda|scheiß\w*",
)
"""What is not said to a student, whoever asks for it."""

LURES = _any(
    r"passwords?|passcode|bitcoin|btc|crypto\w*|wallet|gift ?cards?|wire transfer|bank account|credit card|money",
    r"pay|payment|paypal|venmo|cash ?app|invest|prize|free nitro|nitro|giveaway|click\w*|download\w*|install\w*",
    r"log ?in|sign ?in|verify your|telegram|whatsapp|snapchat|dm (?:me|us)|text (?:me|us)|call (?:me|us)",
    r"contact (?:me|us)|email (?:me|us)|message (?:me|us)|buy|discount|promo\w*|subscribe|casino",
    r"dot (?:com|net|org|io|gg)|hxxps?|qr code|scan|token|hack\w*|exploit\w*",
)
"""What leads somebody somewhere; a word that the bio itself has may come back."""

RANKING = _any(
    r"better than|worse than|stronger than|weaker than|than (?:most|other|others|many|all|your|any|average)",
    r"(?:above|below) average|top \d+|top (?:candidate|student|talent|tier)|compared (?:to|with)|rank\w*",
    r"percentile|outperform\w*|best (?:candidate|student|applicant|in|of|bio)|worst|among the (?:best|top|worst)",
    r"stand out (?:from|among)|ahead of|(?:unlike|like|beat|beats) (?:other|most)|(?:your )?competit\w+",
    r"number one|no\. ?1",
)

SCORES = _any(
    r"\d+(?:[.,]\d+)?\s?(?:/|out of|von|sur|de)\s?\d+|\d+(?:[.,]\d+)?\s?(?:%|percent|points?|stars?)",
    r"scor(?:e|es|ed|ing)|rat(?:ing|ings|ed)|grad(?:e|es|ed|ing)|marks?|[a-f][+-] (?:grade|level)|full marks",
    r"perfect \w+|(?:one|two|three|four|five|ten) (?:out of|stars?|points?)",
)
SCORE_MARKS = re.compile("[★☆⭐✅✔✓❌✗]|💯")

TRAITS = _any(
    r"bah[aá]['’]?[ií]\w*|jains?|jainism|zoroastrian\w*|pagans?|quakers?|jehovah\w*|sufis?|shia|sunnis?",
    r"rastafari\w*|taois\w+|shinto\w*|kosher|halal|ramadan|sabbath",
    r"(?:sister|brother|son|daughter|aunt|uncle|wife|husband|parent) of|gender\w*|wom[ae]n",
    r"(?:a|the|as|young|old|gay|white|black) m[ae]n|men['’]s|males?|females?|girls?|boys?|lady|ladies|guys?",
    r"masculin\w*|feminin\w*|(?:s?he|they)/\w+|pronouns?|trans|transgender\w*|non-?binary|queer\w*|gays?",
    r"lesbians?|bisexual\w*|lgbt\w*|homosexual\w*|heterosexual\w*|sexual (?:\w+)|your age|too (?:young|old)",
    r"years? old|\d+[- ]year[- ]old|elderly|young (?:man|woman|person|people|adult)\w*|youthful|your youth",
    r"mature student|older|younger|nationalit\w+|citizen\w*|foreign\w*|immigra\w+|migrants?|refugees?|visa",
    r"native speakers?|ethnic\w*|race|races|racial\w*|racis\w+|skin|colou?red|accent|minorit\w+|asians?",
    r"africans?|african-\w+|arabs?|hispanics?|latin[oax]s?|caucasians?|indigenous|aborigin\w+|romani|gyps\w+",
    r"jew(?:s|ish)?|judaism|muslims?|islam\w*|christians?|christianity|catholic\w*|protestants?|evangelical\w*",
    r"hindus?|hinduism|buddhis\w+|sikhs?|sikhism|mormons?|atheis\w+|church\w*|mosques?|synagogues?|hijabs?",
    r"headscar\w+|turbans?|faith\w*|religi\w+|pray\w*|god['’]s|bible|quran|qur['’]an|politic\w*|democrats?",
    r"republicans?|conservatives?|liberals?|left-wing|right-wing|socialis\w+|communis\w+|marxis\w+|elections?",
    r"voters?|voting|protest(?:s|er|ers|ing)?|activis\w+|feminis\w+|abortion\w*|pregnan\w+|maternity|paternity",
    r"(?:your|a|single|working|young|new) (?:mothers?|fathers?|mums?|moms?|dads?|parents?|wife|husband)",
    r"mother of|father of|your (?:child|children|kids|son|daughter|family|partner|spouse|marriage)|married",
    r"divorced|widow\w*|disab\w+|wheelchairs?|deaf\w*|blind|autis\w+|neurodiver\w+|adhd|dyslex\w+|depress\w*",
    r"anxiety|bipolar|schizo\w+|ptsd|mental (?:health|illness)|illness\w*|disease\w*|disorders?|cancer\w*",
    r"diabet\w+|hiv|epilep\w+|chronic\w*|diagnos\w+|medication",
    r"your (?:health|body|weight|looks|appearance|face|name)|overweight|obes\w+|attractive|handsome|pretty girl",
    r"mujer\w*|género|religi[óo]n\w*|musulm\w+|embaraz\w+|discapac\w+|femme\w*|religieu\w+|handicap\w*|enceinte",
    r"frau\w*|geschlecht\w*|herkunft|behinder\w*|schwanger\w*|muslimi\w+|christlich\w*|jüdisch\w*|mulher\w*",
    r"donna|donne|disabil\w+",
)
"""What is nobody's business. A note does not speak of it, and a suggested text holds what the bio holds of it."""

TRAITS_BY_CAPITAL = _any("Black", "White", "Brown", "God", "AIDS", "Native American", flags=re.NOFLAG)

_FIELDS = (
    r"health(?:care)?|studies|stud(?:y|ent union)|nursing|care|wards?|services?|rights|research|education|history"
    r"|policy|laws?|science|centres?|centers?|units?|biology|medicine|therapy|support|advocacy|network|ministry|tech|technology"
    r"|stem|engineering|computing|business|sports?|football|awareness|prevention|screening|journalism|relations|theory"
    r"|economy|economics|reporting|campaigns?|communication|design|access|accessibility|literature|language|arts"
)
FIELD_OF_TRAIT = re.compile(
    rf"(?<!\w)[\w-]+(?:['’]s?)?(?:\W{{1,2}}(?:and|in|of|for|\w+))?\W(?:{_FIELDS})(?!\w)", re.IGNORECASE
)
"""A field of work that is named after a trait, such as women's health; the bio must have it in the same words."""

HIDING = _any(
    r"remov\w+|delet\w+|hid(?:e|es|ing)|drop\w*|cut|leave (?:out|away|off)|omit\w*|avoid\w*|take out|skip",
    r"without|downplay\w*|don['’]t|do not|not (?:to )?(?:mention|say|need)|unnecessary|irrelevant|distract\w*",
    r"tone down|private|quit\w*|lose",
)

SMALL_WORDS: frozenset[str] = frozenset(word for small in FUNCTION_WORDS.values() for word in small)
"""The small words of all these languages."""
