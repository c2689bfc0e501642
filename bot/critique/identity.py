"""Which parts of a bio say no more than who somebody is: faith, origin, gender, disability, family, politics and such.

The rules read a bio as if these parts did not stand there, so that no word in them is a role, a field, a deed or a
boast, and none is missed either. A part is what stands between commas, bars and full stops. One that says anything
else as well ("Muslim nursing student", "carer and painter") stays: only what is known word by word is set aside.
"""

from collections.abc import Iterator, Sequence
from functools import cache

import regex

_KNOWN: set[str] = set()
"""Every word of the lists below."""


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _any(words: str) -> str:
    """Return a pattern for any of these words, longest first; an underscore is a space or a hyphen."""
    _KNOWN.update(regex.findall(r"\w+", words.replace("_", " ")))
    each = sorted(words.split(), key=len, reverse=True)
    return "(?:" + "|".join(regex.escape(word).replace("_", "[ -]") for word in each) + ")"


_FAITH = _any(
    "agnostic ahmadi alevi amish anabaptist anglican apostolic ashkenazi atheist baha'i bahá'í baptist believer "
    "brahmin buddhist calvinist catholic charismatic christian church_of_england coptic copt deist druid druze "
    "ecumenical episcopalian evangelical evangelist hasidic hijabi niqabi hindu humanist hussite ismaili jain "
    "jehovah's_witness jew jewish kemetic latter-day_saint lutheran maronite mennonite messianic methodist mormon "
    "muslim muslima moslem mystic orthodox orthodox_christian orthodox_jew orthodox_jewish pagan parsi pentecostal "
    "presbyterian protestant quaker rasta rastafari rastafarian reformed roman_catholic salvationist samaritan "
    "santera santero secular sephardi sephardic seventh-day_adventist adventist shia shi'a shiite shinto sikh "
    "spiritual spiritualist sufi sunni taoist daoist theist unitarian universalist wiccan yazidi yoruba_priest "
    "zoroastrian born-again born-again_christian god-fearing turbaned veiled sabbath-keeping religious lds "
    "ex-mormon ex-muslim ex-catholic"
)
_CREED = (
    rf"(?:\p{{L}}+ism|islam|christianity|christ|jesus|jesus christ|allah|god|the buddha|buddha|krishna|shiva"
    rf"|the lord|the prophet|the bahá'í faith|the church|waheguru|{_FAITH})"
)
_HOUSE = _any(
    "abbey ashram cathedral chapel church congregation convent gurdwara gurudwara jamatkhana kingdom_hall mandir "
    "masjid meeting_house meetinghouse monastery mosque parish pagoda seminary shrine shul synagogue tabernacle "
    "temple vihara mission house_of_worship st_mary's sunday_school youth_group bible_study choir mass"
)
_OFFICE = _any(
    "acolyte altar_boy altar_girl altar_server bell_ringer bishop cantor catechist chaplain chazan choir_member "
    "choirboy chorister church_elder church_warden churchwarden clergy cleric congregant deacon deaconess elder "
    "gabbai granthi greeter hafiz hafiza imam khatib lay_preacher lay_reader member minister missionary mohel monk "
    "mufti muezzin nun pandit parishioner pastor preacher priest priestess pujari rabbi reader rebbetzin reverend "
    "sevadar sexton steward sunday_school_teacher usher verger vicar warden worship_leader worshipper youth_leader "
    "youth_pastor parish_clerk"
)
_PEOPLE_OF = _any(
    "african african_american afro-brazilian afro-caribbean afro-latina afro-latino afghan akan albanian algerian "
    "american andean angolan arab arabic argentine argentinian armenian asante asian assamese assyrian australian "
    "austrian aymara azerbaijani azeri bahraini baloch bangladeshi bantu basque belarusian belgian bengali berber "
    "amazigh biracial black bolivian bosnian brazilian british brown bulgarian burmese burkinabe cambodian "
    "cameroonian canadian caribbean catalan caucasian chechen chilean chinese circassian colombian congolese "
    "cornish costa_rican creole croatian cuban cypriot czech dalit danish desi dominican dutch east_african "
    "ecuadorian egyptian english eritrean estonian ethiopian european ewe fijian filipina filipino filipinx finnish "
    "french fula fulani gambian georgian german ghanaian greek guatemalan gujarati guyanese gypsy haitian hausa "
    "hawaiian hispanic hmong honduran hungarian icelandic igbo indian indigenous indonesian inuit iranian iraqi "
    "irish israeli italian ivorian jamaican japanese jordanian kashmiri kazakh kenyan khoisan korean kurdish kurd "
    "kuwaiti kyrgyz lao latin_american latina latino latinx latvian lebanese liberian libyan lithuanian luo "
    "lusophone maasai macedonian malagasy malawian malay malaysian malian maltese maori māori mapuche marathi "
    "mauritian mestiza mestizo métis mexican mexican-american middle_eastern mixed_race mixed_heritage multiracial "
    "moldovan mongolian moroccan mozambican native native_american namibian navajo nepali new_zealander nicaraguan "
    "nigerian nordic north_african norwegian oaxacan oromo pakistani palestinian panamanian papuan paraguayan "
    "pasifika pashtun persian peruvian polish portuguese puerto_rican punjabi qatari quechua rohingya roma romani "
    "romanian russian rwandan salvadoran sami sámi samoan saudi scottish scots senegalese serbian serb shona "
    "sicilian sindhi singaporean sinhalese slavic slovak slovene slovenian somali south_african south_asian "
    "southern spanish sri_lankan sudanese surinamese swahili swedish swiss syrian tahitian taiwanese tajik tamil "
    "tanzanian tatar telugu thai tibetan tigrayan tongan torres_strait_islander traveller trinidadian tunisian "
    "turkish turkmen tutsi twi ugandan ukrainian uruguayan uyghur uzbek venezuelan vietnamese welsh west_african "
    "white xhosa yemeni yoruba zambian zimbabwean zulu aboriginal adivasi first_nations cherokee lakota ojibwe cree "
    "hopi maya mayan zapotec guarani garifuna ainu"
)
_MOVED = _any(
    "refugee immigrant migrant asylum_seeker expat expatriate exile dreamer undocumented stateless daca_recipient "
    "naturalised_citizen newcomer displaced third_culture_kid foreigner settler evacuee "
    "first-generation_immigrant second-generation_immigrant first-gen_immigrant second-gen_immigrant"
)
_GENDER = _any(
    "man woman boy girl guy lady female male trans transgender transsexual cis cisgender nonbinary non-binary enby "
    "agender bigender genderfluid genderqueer gender-nonconforming two-spirit queer gay lesbian dyke bi bisexual "
    "pansexual pan asexual ace aromantic aro demisexual straight heterosexual homosexual lgbt lgbtq lgbtq+ lgbtqia "
    "lgbtqia+ lgbtqi intersex hijra fa'afafine trans_man trans_woman trans_guy trans_girl transman transwoman "
    "transmasc transfemme femme butch androgynous questioning polyamorous person"
)
_KIN = _any(
    "mother father parent mum mom mam mummy mommy dad daddy papa mama son daughter child kid brother sister sibling "
    "twin triplet uncle aunt auntie nephew niece cousin grandmother grandfather grandparent grandma grandpa granny "
    "gran grandad granddad nana grandson granddaughter grandchild wife husband spouse partner fiancé fiancée fiance "
    "fiancee widow widower stepmother stepfather stepmum stepmom stepdad stepparent stepson stepdaughter godmother "
    "godfather godparent orphan only_child middle_child eldest youngest oldest firstborn foster_parent "
    "foster_mother foster_father foster_child foster_kid adoptee adopted single_parent newlywed bride groom "
    "army_wife navy_wife military_spouse military_brat divorcee divorcée bachelor spinster homemaker in-law "
    "great-grandmother great-grandfather half-sister half-brother mother-to-be dad-to-be sister-in-law parents "
    "grandparents kids children sons daughters twins sisters brothers siblings boys girls toddler toddlers "
    "teenagers teens babies baby dogs cats"
)
_CONDITION = (
    r"(?:(?:chronic |mild |severe |complex |type (?:1|2|one|two) |early[- ]onset |stage \w+ |invisible |physical "
    r"|learning |visual |hearing |mobility |mental |long[- ]term |rare |congenital |partial |profound |low "
    r"|limited )*"
    r"(?:"
    + _any(
        "add adhd aids albinism allergies als alopecia anaemia anxiety aphasia arthritis asd asperger's asthma audhd "
        "autism blindness bpd brain_fog brain_injury cancer celiac cerebral_palsy cfs chronic_fatigue coeliac colitis "
        "cp crohn's deafness dementia depression diabetes disability disabilities down's down_syndrome dwarfism "
        "dyscalculia dysgraphia dyslexia dyspraxia dystonia eczema eds endometriosis epilepsy fatigue fibromyalgia fnd "
        "glaucoma haemophilia hearing_loss hemophilia hiv hypermobility ibd ibs illness impairment lisp long_covid "
        "lupus lyme me me/cfs migraine migraines ms multiple_sclerosis muscular_dystrophy narcolepsy neuropathy ocd "
        "osteoporosis pain paralysis parkinson's pcos pmdd polio post-polio pots psoriasis ptsd rsi scoliosis "
        "schizophrenia sickle_cell sight_loss sight vision spina_bifida spinal_injury stammer stoma stroke stutter "
        "tics tinnitus tourette's tourettes tremor trauma vertigo vitiligo bipolar bipolar_disorder bipolar_II one_arm "
        "one_hand one_leg one_eye one_kidney no_hands"
    )
    + r""
    r"|\p{L}+(?:itis|algia|plegia|lepsy|phrenia|lexia|praxia)|lymphoma|melanoma|carcinoma|myeloma"
    r"|leuka?emia|(?:[\p{L}-]+ )?(?:disorder|syndrome|dystrophy|palsy"
    r"|sclerosis|fibrosis|disease|condition|impairment|disability))"
    r"(?:,? and (?:\p{L}+[ -]?){1,2})?)"
)
_IS_DISABLED = _any(
    "deaf deafblind deaf-blind blind partially_sighted low_vision visually_impaired vision_impaired "
    "hearing_impaired hard_of_hearing autistic neurodivergent neurodiverse neurospicy audhd adhd adhder dyslexic "
    "dyspraxic dyscalculic epileptic diabetic asthmatic bipolar disabled chronically_ill mentally_ill paraplegic "
    "quadriplegic tetraplegic amputee wheelchair_user wheelchair-user cane_user crutch_user hearing_aid_user "
    "screen_reader_user guide_dog_owner guide_dog_user guide_dog_handler assistance_dog_owner service_dog_handler "
    "wheelchair_bound wheelchair-bound nonverbal non-verbal non-speaking mute immunocompromised in_recovery sober "
    "clean left-handed colour-blind colourblind color-blind stammerer stutterer cancer_survivor stroke_survivor "
    "burn_survivor crip crippled spoonie little_person albino person_with_a_disability person_with_disabilities "
    "sensory-impaired lip_reader hiv-positive cochlear_implant_user prosthetic_user deafened hemiplegic "
    "ambulatory_wheelchair_user"
)
_AID = (
    r"(?:(?:a|an|my|two|one|the) )?(?:(?:white|long|power|powered|electric|manual|guide|assistance|service|hearing"
    r"|prosthetic|artificial|screen|speech|british|american|cochlear|feeding|insulin|mobility|communication) )*"
    + _any(
        "wheelchair chair cane crutches crutch dog aid aids leg arm hand reader readers output sign_language bsl asl "
        "auslan implant implants pump scooter walker frame rollator stick braille magnifier captions aac device tube "
        "prosthesis prosthetic splint brace calipers ear_defenders stoma_bag oxygen"
    )
)
_POLITICS = _any(
    "anarchist communist conservative democrat democratic_socialist feminist green greens labour labor left-wing "
    "leftist leftie liberal libertarian lib_dem marxist moderate monarchist nationalist pacifist progressive "
    "republican right-wing socialist social_democrat tory trade_unionist unionist union_member vegan vegetarian "
    "abolitionist anti-racist antiracist anti-fascist centrist independent republican_voter zionist anti-zionist "
    "separatist royalist apolitical"
)
_LIFE = _any(
    "veteran army_veteran navy_veteran war_veteran ex-army ex-military ex-navy ex-prisoner ex-offender ex-convict "
    "ex-con ex-inmate former_prisoner former_offender formerly_incarcerated formerly_homeless once_homeless "
    "homeless care_leaver care-experienced care_experienced foster_kid working_class working-class middle_class "
    "first-gen first-generation low-income survivor returning_citizen unhoused ex-homeless council_estate_kid "
    "conscript conscientious_objector reservist"
)
_NOUNS = f"{_FAITH}|{_PEOPLE_OF}|{_MOVED}|{_GENDER}|{_KIN}|{_IS_DISABLED}|{_POLITICS}|{_LIFE}"
_LEAD = (
    r"(?:(?:i'?m|i am|i was|i've been|i identify as|i'm also|as|also|and|both|a|an|the|one|half|part|quarter|fully"
    r"|proud|proudly|openly|happily|very|loud|out|busy|tired"
    r"|practi[sc]ing|devout|observant|non-practi[sc]ing|lapsed|cultural|lifelong|strict|reform|liberal|conservative"
    r"|committed|ex|former|young|old|older|single|working|new|expectant|loving"
    r"|married|divorced|widowed|full[- ]time|stay[- ]at[- ]home|solo|lone|teen|eldest|youngest|oldest|middle|only"
    r"|adopted|foster|adoptive|surrogate|first[- ]generation|second[- ]generation|third[- ]generation"
    r"|born|profoundly|registered|legally|severely|late[- ]diagnosed|self-diagnosed|totally|partially|almost|nearly"
    r"|mostly|card[- ]carrying|militant|radical|intersectional|late|happy|unapologetic(?:ally)?|visibly|a bit)[ -]+)*"
)
_TAIL = (
    r"(?: (?:and|&) (?:proud|loud|a|an)(?: of it)?| first| at heart| since birth| from birth| by birth| by choice"
    r"| by blood| by faith| by marriage| and (?:married|single|happy|thriving)"
    r"| since (?:childhood|(?:19|20)\d\d|i was \w+|the age of \w+|an accident)| in progress| for (?:life|\w+ years)"
    r"| and here| too| all my life| in one ear| in (?:the|my) (?:left|right) (?:ear|eye)| in both (?:ears|eyes))*"
)
_COUNT = r"(?:a|an|one|two|three|four|five|six|seven|eight|nine|ten|many|my|the|our|\d{1,2})"
_WORD = (
    r"(?:(?!(?:now|currently|today|then|who|which|where|i|i'm|students?|stud(?:ying|ies)|graduates?|trainee|apprentice"
    r"|undergraduate|intern|work|working|training|looking|ask|built|build|led|made|make|learned|learnt|learning|wrote|run"
    r"|ran|helping|helped|taught|turned|becoming|became)\b|and (?:(?:a|an|i|now)|\p{L}+(?:ed|ing))\b)[\p{L}'’-]+[ ]?)"
)
"""A word of a name or a place; none that begins to tell what somebody does."""
_PLACE_WORDS = rf"{_WORD}{{1,6}}"
_SHORT_WORDS = rf"{_WORD}{{1,4}}"
_WHOM = (
    rf"(?:(?:(?:{_COUNT}|both|some|grown|small|young|little|teenage|elderly|disabled|rescue|wild|lovely) )*{_KIN}"
    rf"|{_COUNT}|(?:a|an|the|my|our|two|three|many) {_WORD}{{1,2}}|{_WORD}(?:and {_WORD})?)"
)
"""Whose child or parent somebody is: "two", "three boys", "a railway worker", "immigrants"."""
_PRONOUN = (
    r"(?:she|he|they|it|xe|ze|zie|ey|fae|ae|ve|per|hir|her|him|his|hers|them|their|theirs|xem|xyr|zir|faer|em|eir"
    r"|its|any|all|co|ne|nem|thon|sie|er|ver|vis|vir|xir|xirs|zirs|hirs|faers|nir|aer|eirs|mx|fey)"
)
_PRONOUNS = (
    rf"(?:(?:my |preferred )?pronouns?(?: are| is)?:? )?(?:i (?:use|go by) )?{_PRONOUN}(?:\s?[/,]\s?{_PRONOUN}"
    rf"| and {_PRONOUN}| or {_PRONOUN}){{1,4}}(?: pronouns?)?"
)

_PATTERNS = (
    # Who somebody is, one word after another.
    rf"{_LEAD}(?:{_NOUNS})(?:(?:,? (?:and|but|or|/|&|x) ?|[ -]|/| by way of ){_LEAD}(?:{_NOUNS}))*{_TAIL}",
    rf"{_LEAD}(?:{_PEOPLE_OF}|{_MOVED})(?:\s?\(\p{{L}}+\)?)?{_TAIL}",
    (
        rf"{_PRONOUNS}|(?:i (?:use|go by) )?any(?: and all)? pronouns(?: are fine| welcome)?|pronouns:? (?:any|all"
        rf"|ask(?: me)?)"
    ),
    # Family.
    (rf"{_LEAD}(?:\p{{L}}+ )?{_KIN} (?:of|to|for) {_WHOM}(?: and (?:of )?{_WHOM})?"),
    rf"{_LEAD}(?:my )?[\p{{L}}-]+(?:'s|s') (?:{_KIN})",
    (
        rf"(?:i(?:'m| am) )?(?:happily )?(?:married|engaged|divorced|widowed|separated|adopted)(?: (?:with|to|and"
        rf"|for|at"
        rf"|from) {_SHORT_WORDS})?"
    ),
    (
        rf"(?:i have|i've got|with|i'm raising|i am raising|raising) (?:{_COUNT}|small|young|grown|little|teenage"
        rf"|\s)*{_KIN}(?: (?:at home|and {_COUNT} {_KIN}))?"
    ),
    (
        rf"i care for my (?:\p{{L}}+ )?{_KIN}|(?:full[- ]time |part[- ]time |young |unpaid |family )*(?:carer"
        rf"|caregiver) (?:for|of|to) (?:my|our) (?:(?:own|elderly|disabled|little|sick|older"
        rf"|younger) )*{_KIN}(?: and (?:my )?{_KIN})?"
    ),
    # Faith.
    (
        rf"(?:i (?:(?:was|am) )?)?(?:(?:always|still|also) )?(?:keep|observe|fast|pray|worship|follow|celebrate"
        rf"|believe"
        rf"|practi[sc]e|wear|attend|go to|trust|love|honou?r)"
        rf"(?: (?:in|on|at|to|during|for|by|the|my|a|an|daily|weekly|every \w+|kosher|halal|shabbat|sabbath"
        rf"|the sabbath"
        rf"|lent|ramadan|navratri|diwali|eid|passover|pesach|yom kippur|rosh hashanah|hanukkah|easter|advent|vesak"
        rf"|ekadashi|karva chauth|tisha b'av|friday|sunday|sundays|saturdays|fridays|five times a day|{_CREED}"
        rf"|{_HOUSE}"
        rf"|services|mass|prayers?|jummah|hijab|headscarf|niqab|turban|dastar|kippah|yarmulke|cross|crucifix|bindi"
        rf"|tzitzit|sheitel|kara|kirpan|veil|pants|the quran|the bible|the torah|the gita|and))+"
    ),
    (
        rf"{_LEAD}(?:{_FAITH} )?{_OFFICE}(?: (?:at|of|in|for|from|to|with) (?:(?:my|our|the|a|an|his|her|their|local"
        rf"|small|village|city|own|\p{{Lu}}[\p{{L}}'’.]+) )*(?:{_HOUSE}|st\.? \p{{L}}+(?:'s)?)(?: choir| council)?)"
    ),
    (
        rf"{_LEAD}\p{{L}}+(?<!er|or|ist|ian|eer|ant|ent|man|man|ing|ed|chef|cook|nurse|coach|clerk|guide|host|aide"
        rf"|head"
        rf"|ess) (?:at|of|in) (?:my|our|the|a|his|her|their) (?:local |village |family )?(?!parish council){_HOUSE}"
    ),
    (
        rf"i (?:sing|serve|pray|worship|usher|read|sit) (?:in|at|with|for) (?:(?:my|our|the"
        rf"|a) )?(?:\p{{L}}+ )?{_HOUSE}(?: choir| band| council)?"
    ),
    rf"(?:church|mosque|temple|synagogue|parish|lay|assistant|retired|senior|junior) {_OFFICE}",
    (
        rf"(?:convert(?:ed)?|revert(?:ed)?|believer|faith|trust|child|follower|servant|disciple|lover|daughter|son"
        rf"|woman"
        rf"|man|student|slave) (?:to|in|of|from) {_CREED}"
    ),
    (
        r"(?:god|jesus|allah|christ|faith|family|prayer|deen)(?: (?:first|is good|is great|above all|saves|is lord"
        r"|is love|fearing|over fear|before all|and family))+|(?:masha ?allah|in ?sha ?allah|al ?hamdu?lillah"
        r"|alhamdulillah|subhan ?allah|bismillah|baruch hashem|b'ezrat hashem|praise (?:god|the lord|him|jesus)"
        r"|hallelujah|amen|waheguru(?: ji)?|om shanti|om|hare krishna|jai (?:shri )?(?:ram|hind|bhim)|glory to god"
        r"|glory be to god|thank god|soli deo gloria|namaste|namo buddhaya|blessed|saved by grace|by the grace of god"
        r"|god bless)"
    ),
    (
        rf"(?:i was )?(?:baptised|baptized|confirmed|ordained|circumcised|born again|bar mitzvahed|bat mitzvahed"
        rf"|reborn)(?: (?:last|this|in|at|as|by) {_SHORT_WORDS}\d*)?"
    ),
    # Body and mind.
    (
        rf"(?:i )?(?:(?:also|still) )?(?:have|live|living|lives|lived|had|was diagnosed|am diagnosed|diagnosed"
        rf"|got diagnosed|cope|deal|manage|survived|beat|with)(?:(?: with| late with| at \w+ with)? )(?:a |an |my "
        rf"|the )?{_CONDITION}{_TAIL}"
    ),
    (
        rf"(?:i )?(?:have |use |wear |walk with |rely on |get around with |get around in |read |talk with |work with "
        rf"|move with |sign in |sign |need |using |wearing |speak with |communicate in "
        rf"|communicate with ){_AID}(?: user)?(?: and {_AID})?{_TAIL}"
    ),
    (
        rf"i (?:stutter|stammer|lipread|lip-read|sign|limp|tic|don't speak|do not speak)(?: (?:and {_SHORT_WORDS}"
        rf"|sometimes|a lot|a bit))?"
    ),
    (
        rf"(?:i )?(?:lost|am losing|was born without|was born with|born with|born without) (?:my |one |a |an "
        rf"|most of my |some of my |no )*(?:sight|hearing|vision|voice|leg|legs|arm|arms|hand|hands|eye|foot|finger"
        rf"|fingers|ear|{_CONDITION})(?: (?:at|in|as|when|to|after|aged) {_SHORT_WORDS}\d*)?"
    ),
    (
        rf"{_CONDITION} (?:survivor|warrior|fighter|patient|thriver)|in recovery(?: from {_SHORT_WORDS})?"
        rf"|(?:\p{{L}}+ )?(?:years|months) sober|recovering (?:addict|alcoholic)"
    ),
    # Where from, and how schooled. The school's own name stays with the rules for names.
    (
        rf"(?:i was |i'm |i am |was |originally )?(?:\p{{L}}+[ -])?(?:born|raised|bred|brought up|reared|adopted"
        rf"|fostered)(?:,? (?:and|&) (?:born|raised|bred|schooled|educated|based))?(?: (?:in|on|at|by|near|into|with"
        rf"|among|between|as|from|under|outside|across) {_PLACE_WORDS}|(?: (?:{_FAITH}|{_PEOPLE_OF}"
        rf"|{_IS_DISABLED})))?"
    ),
    (
        rf"(?:i )?(?:grew|growing|came) (?:up|of age) (?:in|on|at|by|near|with|among|between|as|under|outside|across"
        rf"|without|speaking|poor|bilingual|{_FAITH}){{1}} ?(?:{_PLACE_WORDS})?"
    ),
    (
        rf"(?:i was |i'm |i am )?(?:(?:home|\p{{L}}+)[ -]?)(?:schooled|educated|homeschooled)(?: (?:in|on|at|by|near"
        rf"|among|between|from|through|until) {_PLACE_WORDS})?|(?:i was )?(?:home|un)schooled(?: (?:in|on|at|by"
        rf"|until) {_PLACE_WORDS})?|(?:i was )?(?:privately|publicly|state|locally|religiously|educated) ?(?:schooled"
        rf"|educated)?(?: (?:in|at|by) {_PLACE_WORDS})?"
    ),
    r"(?:i(?:'m| am) )?(?:self|bootcamp|college|prison|home|library|youtube|street|\p{Lu}\p{L}+)-taught",
    (
        r"(?:i(?:'m| am)|i come|originally|proudly|hailing)? ?from (?:(?:the |a |an |old |small |rural |east |west "
        r"|north |south |southern |northern |eastern |western |working[- ]class |poor |village |farming |mining "
        r"|fishing |military |big |large )*)(?:(?-i:\p{Lu}[\p{L}'’-]*(?: \p{Lu}[\p{L}'’-]*){0,2})"
        r"|family|village"
        r"|town|household|estate|background|community|reservation|favela|township|suburb|slum|island|home)"
    ),
    rf"{_LEAD}(?:{_MOVED} (?:from|of|in|to)|{_KIN} from) {_SHORT_WORDS}",
    (
        rf"(?:i )?(?:identify as|come out as|am proud to be|am) (?:a |an )?(?:{_NOUNS})(?: (?:and|or) (?:a "
        rf"|an )?(?:{_NOUNS}))*"
    ),
    rf"(?:i )?(?:vote|voted|support|vote for|lean|leaning) (?:{_POLITICS}|left|right|the (?:{_POLITICS})(?: party)?)",
    (
        rf"(?:the )?first (?:in|of) my family (?:to (?:go to|attend|finish|study at|be at|reach) (?:college"
        rf"|university"
        rf"|school|uni|high school|secondary school))?|(?:my )?parents? (?:were|are|was|is) {_SHORT_WORDS}"
    ),
)
_MORE = _words(
    "pronouns fae ey married engaged divorced widowed separated adopted raising observe fast pray worship celebrate "
    "believe wear attend trust church mosque temple synagogue parish convert converted revert reverted believer "
    "faith child god jesus allah christ family prayer deen masha mashallah insha inshallah alhamdulillah al subhan "
    "bismillah baruch b praise hallelujah amen waheguru om hare jai glory thank soli namaste namo blessed saved "
    "baptised baptized confirmed ordained circumcised born reborn bar bat living lives lived had diagnosed cope "
    "deal manage survived beat walk rely using speak communicate stutter stammer lipread lip limp tic lost losing "
    "survivor warrior fighter thriver recovery sober recovering raised bred brought reared fostered grew growing "
    "came schooled educated homeschooled unschooled identify vote voted lean leaning parents parent proud shabbat "
    "sabbath ramadan lent kosher halal navratri diwali eid passover pesach easter advent ekadashi hijab headscarf "
    "niqab turban dastar kippah yarmulke cross crucifix bindi services mass prayers disorder syndrome dystrophy "
    "palsy disease"
)
_COMMON = _words(
    "a an the of in on at with and or no i me one by to for my person clean green hand only work new out do it two "
    "three third second first day be s study all long any group down north south east west class go once practice "
    "law school care working little hard have use read talk need keep live love follow from guide stroke practise "
    "sign leg arm eye part small time house early get screen speech support she he they xe ze its her him them hers "
    "hir zir faer xem eir taught half right"
)
_HINTS = frozenset((_KNOWN | _MORE) - _COMMON)
"""What a part has to have one of to be tried with the slower pattern; words that every bio has say nothing."""
_ENDINGS = ("ism", "itis", "algia", "plegia", "lepsy", "phrenia", "lexia", "praxia", "schooled")
_PARTS = regex.compile(r"(?P<end>[.!?]++(?=\s|\Z)\s*+)|(?P<bar>[|•·●\n;()]\s*+|,\s++|(?<=\s)[-–—]++\s++)")
_LONGEST, _MOST_WORDS = 75, 12
"""What takes more letters or words says more than who somebody is."""
# Need, other people and whatever has to be mended are looked at, wherever they stand.
_LOOKED_AT = regex.compile(
    r"\b(?:die|dying|dead|death|kill|killed|suicid\w*|hurt\w*|harm\w*|alive|end|tired|patients?|clients?|pupils?"
    r"|residents?"
    r"|best|expert|guru|ninja|years old)\b|[@\[\]{}<>#\"]|\d{3}|\?",
    regex.IGNORECASE,
)


@cache
def _identity() -> regex.Pattern[str]:
    return regex.compile("|".join(f"(?:{one})" for one in _PATTERNS), regex.IGNORECASE)


def get_ready() -> None:
    """Compile the pattern, which takes a second; else the first bio that is looked at waits for it."""
    _identity()


def without_identity(text: str) -> list[tuple[int, int]]:
    """Return the parts of a text to read, in order; all of it when nothing else would be left."""
    taken = list(_taken(text))
    if not taken:
        return [(0, len(text))]
    kept: list[tuple[int, int]] = []
    place = 0
    for start, end in taken:
        if start > place:
            kept.append((place, start))
        place = max(place, end)
    kept.append((place, len(text)))
    return kept if any(text[start:end].strip(" .|,\n") for start, end in kept) else [(0, len(text))]


def _taken(text: str) -> Iterator[tuple[int, int]]:
    """Find the parts that say who somebody is, each with the comma, bar or full stop that parts it from the rest."""
    start, before = 0, None
    for match in [*_PARTS.finditer(text), None]:
        stop = match.start() if match else len(text)
        asks = match is not None and "?" in match.group()
        if not asks and stop - start <= _LONGEST and _is_identity(text[start:stop].strip()):
            yield _with_sign(text, start, stop, before, match)
        start, before = match.end() if match else stop, match


def _is_identity(part: str) -> bool:
    words = part.casefold().replace("-", " ").replace("'", " ").replace("/", " ").split()
    if not words or len(words) > _MOST_WORDS or not _may_be_identity(part, words):
        return False
    return _LOOKED_AT.search(part) is None and _identity().fullmatch(part) is not None


def _may_be_identity(part: str, words: Sequence[str]) -> bool:
    """Return whether a part has a word of the lists, or looks like pronouns or a school: the pattern is slower."""
    if not _HINTS.isdisjoint(words) or "from" in words[:3] or "/" in part or words[-1] == "taught":
        return True
    return any(word.endswith(_ENDINGS) for word in words)


def _with_sign(
    text: str, start: int, stop: int, before: "regex.Match[str] | None", after: "regex.Match[str] | None"
) -> tuple[int, int]:
    """Return where a part stands, with the sign before it where it ends a sentence, else with the one after."""
    if before is not None and before["bar"] and (after is None or after["end"] or ")" in after.group()):
        # In brackets both signs go; before a full stop the comma goes and the full stop stays.
        if after is not None and ")" in after.group() and "(" in before.group():
            stop = after.start() + after.group().index(")") + 1
        return _back(text, before.start()), stop
    return start, after.end() if after is not None else stop


def _back(text: str, place: int) -> int:
    """Return where the spaces before a place begin."""
    return len(text[:place].rstrip(" "))
