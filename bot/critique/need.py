"""Whether the writer of a bio may be in need: told by families of phrasing, for no list can hold every wording.

Some words are plain by themselves: not wanting to wake up, a letter of farewell, being a burden to all. Others are so
only together: a last post is none, a last post with "sorry everyone" and "by tomorrow" is.
"""

from collections.abc import Iterator
from functools import cache

import regex

from bot.critique.reading import Hit, Reading, find, word_set
from prompts.bios import Lexicon, Rubric

_QUOTED = regex.compile(r"[“\"«„][^“”\"«»„]{0,200}[”\"»“]")
_OTHERS = word_set(
    "people callers teens teenagers anyone someone somebody those students friends patients clients youth others who "
    "used longer former survivor survivors novel film play poem song character story thesis documentary lyrics"
)
"""Words before what is said by which it is somebody else's, or was once."""

_WHEN = (
    r"(?:this (?:week|weekend|evening|month|friday|saturday|sunday)|tonight|tomorrow|today|soon|now|for good|forever"
    r"|once and for all|next (?:week|month)|all|on (?:mon|tues|wednes|thurs|fri|satur|sun)day|before (?:long|morning)"
    r"|by (?:then|tomorrow|monday|morning|the weekend)|when|after|because|please|already|sorry|and)"
)
_STOP = r"(?=\s*(?:[.,;:!?…)\n—-]|\Z))"
"""Where what is said ends, so that no "end it with a joke" follows."""
_MEANT = (
    r"(?:(?:i'?m |i am )?(?:just |really |finally |so |now )?"
    r"(?:going to|gonna|about to|ready to|planning to|planning on|thinking of|thinking about|determined to|set to)"
    r"|i(?:'ve| have)? (?:just |really |finally |now )?(?:want(?:ed)? to|wanna|will|'ll|plan to|decided to|intend to"
    r"|need to|have to|must|may|might|should|would like to|(?:would|'d) (?:rather|prefer to)|keep thinking about)"
    r"|i'll|time to|time for me to|how to|a (?:plan|way) to)"
)
_ELSEWHERE = (
    r"(?! (?:in|at|with|on|near|abroad|out|there|like|without|by|off|under|far|early|late|before|from|together|next|"
    r"for|about|as|through|alone|to|of|until|till|past)\b(?! (?:this world|this life|this planet|all)\b))"
)
"""What makes it a place or a way of living: "I don't want to live in a city"."""
_GONE = r"(?:gone|dead|not here|no longer here|out of the way|not around|(?:not|never) born|no more|away for good)"
_ALL = (
    r"(?:every ?one|every ?body|they|people|the world|the others|you|we|my (?:\w+ ){0,2}(?:family|families|kids?"
    r"|children"
    r"|friends|parents|mother|father|mum|mom|dad|wife|husband|partner|son|daughter|team|class|boss)|no ?one|nobody"
    r"|life)"
)

_PLAIN = (
    rf"\b(?:wish|wished) (?:that )?i(?: had|'d) (?:just )?(?:died|never woken up|not woken up|not survived)\b"
    rf"|\b(?:death|dying|suicide|killing myself) is (?:the |my )?only (?:way|option|escape|answer|exit|choice"
    rf"|thing)\b"
    rf"|\bonly (?:way out|escape|option|answer|exit|choice)(?: left| for me)? is (?:death|dying|to die|suicide)\b"
    rf"|\b(?:not going to|won't|will not|never going to|never) (?:live to )?(?:see|reach) (?:my next birthday"
    rf"|(?:next )?christmas|tomorrow)\b"
    rf"|\b{_MEANT} (?:just |finally )?be (?:gone|no more|nothing){_STOP}"
    rf"|\b(?:chosen|picked|found|chose|know) (?:the|my|which) (?:bridge|roof|cliff|tree|place|rope) and (?:the|my"
    rf"|which) (?:night|day|date|hour)\b"
    # Nothing to live for.
    r"|\b(?:no|any|little|without a|not a)\s(?:more\s|good\s|single\s)?"
    r"(?:reason|point|sense|use|purpose|will|wish|strength)\s"
    r"(?:left\s)?(?:to|in|of|for)\s(?:me\sto\s)?(?:(?:go|going|keep|keeping|carry|carrying|continue"
    r"|continuing)\s(?:on\s)?)?"
    r"(?:to\s)?(?:live|living|be(?:ing)?\salive|be(?:ing)?\shere)\b(?!\s(?:in|at|with|on|near|together|abroad|out)\b)"
    r"|\b(?:hurt|hurting|harmed|harming|cut|cutting|burn|burning)\smyself\s"
    r"(?:again|on\spurpose|every\s(?:day|night)|most\s(?:days|nights)|to\s(?:feel|cope)|when\si\s(?:feel|am|'m))\b"
    r"(?!\s(?:at|in|on|while|playing|during|cooking|shaving)\b)"
    r"|\bnothing (?:left )?(?:to live for|for me (?:here|in this (?:life|world)))\b"
    rf"|\b(?:given|giving|gave) up on (?:life|living|my life|being alive|myself)\b{_ELSEWHERE}"
    rf"|\b(?:done|finished|through|tired|sick|exhausted|weary) (?:with|of|from) "
    rf"(?:life|living|being alive|being here|existing|this life|my life|it all){_STOP}"
    rf"|\bi(?:'m| am|'ve)(?: so| just)? done living{_STOP}"
    rf"|\b(?:life|my life|living|being alive) (?:isn'?t|doesn'?t (?:feel|seem)|(?:is|feels|seems) (?:not|no longer))"
    rf" (?:really |even )?worth (?:living|it)(?: any ?more)?{_STOP}"
    # Not wanting to be.
    rf"|\b(?:don'?t|do not|didn'?t|never|no longer|not|can'?t|cannot|couldn'?t|won'?t|will not|'ll not)"
    rf" (?:really |even |ever |actually |think i |think i'll |plan to |expect to |hope to |bear to |any longer )*"
    rf"(?:want|wanna|wish|plan|intend|expect|hope|care|need|desire|like|see myself)?(?:ing)? ?(?:to )?"
    rf"(?:live|exist|be alive|be here|be around|wake up|go on|keep going|carry on|survive|keep living)"
    rf" (?:any ?more|any longer|at all|again|tomorrow|much longer|like this|after (?:this|today|tonight)|next (?:week"
    rf"|month)"
    rf"|(?:in|on) this (?:world|planet|life))\b(?! (?:in|at|with|on) (?!this))"
    rf"|\b(?:don'?t|do not|didn'?t|never|no longer) (?:really |even |ever |actually |just )?"
    rf"(?:want to|wanna|wish to|care to|plan to|intend to|hope to|expect to) (?:ever |even )?"
    rf"(?:live|exist|be alive|wake up|survive|keep living|see (?:tomorrow|another (?:day|morning|year)"
    rf"|my next birthday))"
    rf"{_STOP}"
    rf"|\b(?:can'?t|cannot|can no longer|couldn'?t) (?:go on|keep going|carry on|keep living)(?: (?:any ?more"
    rf"|any longer|like this|much longer))?{_STOP}"
    rf"|\b(?:can'?t|cannot|can no longer) (?:take|bear|stand|face|do) (?:it|this|life|living|another day|any of (?:it"
    rf"|this))"
    rf"(?: any ?more| any longer)?(?=\s*(?:[.,!…)\n]|\Z))(?<=more|longer|life|living|day)"
    rf"|\b(?:wish|wished|hope|hoped|pray|prayed|hoping|praying|wishing|dream(?:ing)? that|if only) (?:that )?(?:i|to"
    rf"|for)"
    rf" (?:could |would |will |can |just |simply |don'?t |do not |didn'?t |won'?t |might |to |had )*"
    rf"(?:not wake|never wake|not be (?:here|alive)|never been born|not exist|stop existing|cease to exist"
    rf"|disappear(?: forever| for good| completely)?{_STOP}|vanish(?: forever| for good){_STOP}|die{_STOP}"
    rf"|(?:be|was|were) (?:dead|never born)|die in my sleep|wasn'?t (?:here|alive|born)|weren'?t (?:here|alive|born)"
    rf"|go to sleep (?:and|forever)|fall asleep (?:and|forever)|wake up dead"
    rf"|wake up(?: again| tomorrow| one (?:day|morning)| in the morning| the next (?:day|morning))?{_STOP})"
    rf"|\b(?:go|going|fall|falling) (?:to sleep|asleep) and (?:just )?(?:never|not) (?:to )?(?:wak\w+|woken?)"
    rf"|\b(?:see|have|find|know|give me|need|got|there(?:'s| is)) (?:no|a|any|one|not a|little) (?:more |single "
    rf"|good )?(?:reason|point|sense)"
    rf" (?:left )?(?:to|in|for me to) (?:keep |go on |carry on |continue |stay )?(?:living|live|alive|being alive"
    rf"|exist|existing|stay alive|be alive){_ELSEWHERE}"
    rf"|\b(?:don'?t|do not|never) deserve(?:d)? to (?:live|exist|be alive|breathe){_STOP}"
    rf"|\b(?:would|'d|i) (?:much )?(?:rather|prefer to) (?:not |never )?(?:be dead|be alive|be gone for good|exist"
    rf"|die{_STOP}|not wake up|have been born|not live)"
    rf"|\b(?:my )?(?:life|existence|living) (?:has|had|holds|lost|makes|made|is without) (?:lost )?(?:no|all|its|any"
    rf"|little)? ?(?:more |longer )?"
    rf"(?:meaning|point|sense|purpose)\b(?: (?:any ?more|any longer|left|to me|for me))?(?:{_STOP}| and i)"
    rf"|\b(?:better|easier|best) (?:off )?(?:for (?:\w+ ){{1,2}})?if i (?:was|were|had|am|'d|just|had just) (?:just "
    rf"|simply )?(?:never (?:been )?born|{_GONE}|died|not exist\w*)\b"
    rf"|\b(?:he|she|it)(?:'d| would|'ll| will)(?: all)? be (?:so much |much |far )?(?:better|happier"
    rf"|easier) (?:off )?(?:without me{_STOP}|if i (?:was|were|am) {_GONE}|(?:when|once) i(?:'m| am) {_GONE})"
    rf"|\b(?:don'?t|do not|won'?t|will not|can'?t|never) (?:think (?:that )?i(?:'ll| will| can) |expect to "
    rf"|going to )?(?:make it|last|live|survive|see) (?:\w+ )?(?:to|until|till|past|through) "
    rf"(?:the (?:night|week|weekend|month|year)|tomorrow|(?:next|this) (?:week|month|year)|my next birthday|christmas"
    rf"|monday|spring|summer)\b(?<! without)"
    rf"|\b(?:sleep|asleep|eyes) (?:forever{_STOP}|and (?:just )?(?:never|not) (?:ever )?(?:wake|woken|open))"
    rf"|\bi (?:just )?(?:took|swallowed|have taken|'ve taken|am taking"
    rf"|'ve swallowed) (?:\w+ ){{0,3}}(?:all (?:of )?(?:my|the)|a (?:whole )?(?:bottle|box|packet|handful) of"
    rf"|too many) (?:\w+ )?(?:pills|tablets|medication|painkillers)"
    rf"|\bi (?:just )?(?:took|swallowed) (?:all (?:of )?my|too many) (?:pills|tablets|meds|medication|painkillers)"
    rf"|\b(?:step|stepping|throw(?:ing)? myself|walk|walking|lie down|lying|jump|jumping) (?:in front of|under|before"
    rf"|off|from|onto) (?:a|the|my|that|an) (?:\w+ )?(?:train|tracks|truck|lorry|bus|bridge|roof|cliff|tube"
    rf"|balcony){_STOP}"
    # Ending it.
    rf"|\b{_MEANT} (?:\w+ ){{0,2}}(?:end|ending|finish|finishing|stop|be done with|leave|leaving|quit)"
    rf" (?:my (?:own )?life|it all|everything{_STOP}|this life|this world|the pain (?:for good|forever)|living{_STOP}"
    rf"|existing{_STOP}|myself)\b(?! (?:with|in|on|as|here|at|by)\b)"
    rf"|\b{_MEANT} (?:\w+ ){{0,2}}(?:end|ending) (?:it|things|everything)(?: {_WHEN}\b(?! with)|{_STOP})"
    rf"|\b{_MEANT} (?:\w+ ){{0,2}}(?:die|dying|be dead|kill(?:ing)? myself|hang(?:ing)? myself|drown(?:ing)? myself"
    rf"|poison(?:ing)? myself|overdos(?:e|ing)|commit(?:ting)? suicide|suicide|tak(?:e|ing) my (?:own )?life"
    rf"|do away with myself|slit(?:ting)? my wrists|shoot(?:ing)? myself"
    rf"|jump(?:ing)? (?:off|from|in front of|under|out of) (?:a|the|my|that) (?:\w+ )?"
    rf"(?:bridge|roof|train|building|window|cliff|truck|tower|balcony))"
    rf"(?= {_WHEN}\b|\s*(?:[.,;:!?…)\n—]|\Z))(?! (?:and|when) (?:laugh|leave|be|go to|have|get|write))"
    rf"|\b(?:i'?m|i am|i feel|i have been|i've been|i was again) (?:so |very |really |actively |feeling |still "
    rf"|quite |again )*suicidal\b"
    rf"|\bi (?:still |often |always |constantly )?(?:have|get|am having) (?:\w+ )?(?:suicidal (?:thoughts|ideation"
    rf"|feelings)|thoughts (?:of|about) "
    rf"(?:suicide|dying|killing myself|ending (?:it|my life)))"
    rf"|\bi'?(?:m| am| have been|ve been)? ?(?:\w+ )?(?:having|fighting with) (?:\w+ )?suicidal (?:thoughts|feelings)"
    rf"|\b(?:can'?t|cannot|can not|don'?t|never) (?:stop|quit) thinking (?:about|of) "
    rf"(?:dying|death|suicide|killing myself|ending (?:it|my life)|being dead)"
    rf"|\bi(?:'m| am|'ve been| have been)? (?:just |always |often |still |constantly )?(?:think|thinking|dream"
    rf"|dreaming|fantasi[sz]e|fantasi[sz]ing) "
    rf"(?:about|of) (?:suicide|dying|killing myself|ending my life|being dead|my own death)"
    rf"(?= (?:every|all|a lot|again|daily|most|at night|constantly|often)\b|\s*(?:[.,;!?…\n]|\Z))"
    # How and when.
    rf"|\b(?:have|got|set|chosen|picked|know|made|planned) (?:a |the |my )(?:date|day|plan|way|method|place"
    rf"|time) (?:to|for how to|when i(?:'ll| will)) "
    rf"(?:die|end (?:it|my life)|kill myself|go for good|leave this (?:world|life))"
    rf"|\b(?:planned|chosen|picked|decided) (?:how|when|where) (?:i(?:'ll| will| want to| am going to|'m going to)"
    rf"|to) (?:die|end (?:it|my life)|kill myself|do it{_STOP})"
    rf"|\b(?:enough|all|saved|saving|hoarded|stockpiled|collected|counted|hidden|swallowed|took"
    rf"|taken) (?:up )?(?:\w+ ){{0,3}}"
    rf"(?:pills|tablets|sleeping pills|medication|insulin)\b(?:[^.!?\n]{{0,40}}\b(?:to (?:end|die|do it|sleep forever"
    rf"|never)|tonight|not wake|never wake|be over|the night)\b)"
    rf"|\b(?:the|my|a) (?:pills|tablets|rope|gun|razor|noose|blade|knife|note)s? (?:is|are|lies|lie|waits?"
    rf"|sits?) (?:\w+ ){{0,2}}"
    rf"(?:ready|waiting|beside me|next to me|on the table|written)\b(?! (?:at|for|in|on|by|from|with|to)\b)"
    rf"|\bbought (?:a|the|some) (?:rope|gun|noose|razor blades?|pills) (?:to (?:end|die|do it|hang)|for (?:tonight"
    rf"|tomorrow|the end|myself))"
    # Farewell.
    rf"|\b(?:suicide|goodbye|good-bye|farewell|parting) (?:letters?|notes?)\b(?=[^.!?\n]{{0,40}}\b(?:written|ready"
    rf"|done|finished|drawer|desk|table|signed|sealed)\b)"
    rf"|\b(?:wrote|written|writing|write|finished|left|leaving|leave|sent|sealed) (?:\w+ ){{0,3}}(?:suicide|goodbye"
    rf"|good-bye|farewell) (?:letters?|notes?)\b(?! (?:scene|to \w+ing|to (?:plastic|paper|sugar|meat|coal"
    rf"|my (?:old )?\w+)|for (?:a|the|an)|about|in|on)\b)"
    rf"|\b(?:by the time|when|if) (?:you|any ?one|they|somebody|someone) (?:read|reads|see|sees|find|finds) this,?"
    rf" (?:i(?:'ll| will| am|'m| may| might)|it(?:'ll| will)) (?:already |probably |likely )?(?:be )?(?:gone|dead"
    rf"|too late|over|no longer)"
    rf"|\bi(?:'ll| will|'m going to| am going to) (?:probably |likely |soon |already |not )*be (?:dead|gone for good"
    rf"|gone forever|gone (?:by|tomorrow|soon|tonight|when)|in heaven (?:by|soon|tomorrow))"
    rf"|\bi (?:won'?t|will not|'ll not|may not|might not) be (?:here|around|alive|with you) (?:any ?more|much longer"
    rf"|tomorrow|any longer|after|by|next (?:week|month|year)|when|for (?:christmas|my))"
    rf"|\b(?:goodbye|good-bye|farewell),? (?:cruel |to (?:the |this )?)?(?:world|life)\b"
    rf"|\b(?:my|the) (?:last|final) (?:day|night|hours?|sunrise|sunset) (?:alive|on (?:this )?earth|of my life"
    rf"|in this world)"
    # A burden.
    rf"|\b{_ALL}(?: i (?:love|know|care about)| around me| who (?:knows|loves) me)?(?: all)?(?:'d|'ll|'s|'re| would"
    rf"| will| is| are| might| could)?(?: all| just| surely"
    rf"| probably)?(?: be| do)?"
    rf" (?:so much |much |far |a lot |way |all )?(?:better|happier|easier|relieved|fine|lighter|freer)(?: off)?"
    rf" (?:without me{_STOP}|without me (?:in|around|here|any ?more|and|being)|if i (?:was|were|am|'m|wasn'?t"
    rf"|weren'?t|just|died|disappeared|ended|left)"
    rf"(?: (?:just )?{_GONE}| (?:alive|here|born))?{_STOP}|(?:when|once|after) i(?:'m| am) (?:finally )?{_GONE})"
    rf"|\b(?:i'?m|i am|i feel like|i'?ve (?:become|been)|i have (?:become|been)|i'?ve always been|feeling like|being)"
    rf" (?:just |only |nothing but |nothing more than |always |such |such |really )*(?:a )?burden"
    rf"(?: (?:to|on|for) (?:\w+ ?){{1,3}})?(?! (?:of|sharing))"
    rf"|\b(?:nobody|no ?one|not a soul|none of you|who)(?:'d| would|'ll| will)(?: even| ever| really)? "
    rf"(?:notice|care|miss me|cry|mind)\b(?: (?:if|when|that) i(?:'m| am| was| were|'d been)? ?(?:{_GONE}|died"
    rf"|disappeared|vanished|killed|ended|die|disappear|vanish)|{_STOP}(?<=miss me))"
)

_PLAIN_ELSEWHERE = (
    # German.
    r"\b(?:will|möchte|mag|kann|wollen|möchten) (?:(?:ich|einfach|so|wirklich|nur|auch|morgen|gar) )*"
    r"(?:nicht mehr|nicht länger|nie wieder|nie mehr|nicht) (?:(?:so|weiter|hier|da|morgen|einfach|mehr) )*"
    r"(?:leben(?! (?:in|als|mit|wie))|aufwachen|sein(?=[.!,\n]|\Z)|weiterleben|weitermachen(?=[.!,\n]|\Z)|existieren"
    r"|da sein)"
    r"|\b(?:will|möchte|werde|muss) (?:(?:ich|einfach|nur|jetzt|bald|heute|am|wochenende|es|dem|allem|alles|das|ganze"
    r"|ganzen|meinem|mein|leben|nacht|morgen|noch|endlich) )*"
    r"(?:sterben|tot sein|ein ende (?:setzen|machen|bereiten)|mich (?:umbringen|töten|erhängen|vor den zug werfen)"
    r"|mir (?:etwas antun|das leben nehmen|was antun))(?! (?:lassen|lernen))"
    r"|\b(?:werde|will|möchte) (?:ich )?(?:(?:am|dieses|diesem|heute|morgen|wochenende|bald|jetzt|einfach) )*(?:es"
    r"|alles|mein leben|das alles) (?:(?:heute|morgen|bald|jetzt|am|dieses|diesem|wochenende|nacht|endlich"
    r"|abend) )*beenden\b"
    r"|\b(?:ich )?bringe? mich (?:\w+ ){0,3}um\b|\bmich umzubringen\b|\bmir das leben (?:zu )?nehmen\b"
    r"|\bmein(?:em)? leben (?:zu )?(?:beenden|ein ende)\b"
    r"|\babschiedsbriefe?\b(?=[^.!?\n]{0,40}\b(?:geschrieben|fertig|liegt|liegen|bereit|schreibe)\b)|\b(?:habe?"
    r"|schreibe) (?:\w+ ){0,3}abschiedsbriefe?\b"
    r"|\b(?:ohne mich (?:\w+ ){0,3}(?:besser|leichter|glücklicher)|(?:besser|leichter"
    r"|glücklicher) (?:dran )?ohne mich)\b"
    r"|\bbin (?:ich )?(?:\w+ ){0,3}(?:nur |bloß |allen |euch )?(?:eine? (?:last|belastung)|zur last)\b"
    r"|\bfalle (?:\w+ )?(?:allen|euch|\w+ \w+) (?:nur )?zur last\b"
    r"|\b(?:keinen|kein) (?:sinn|grund|ziel) (?:mehr )?(?:\w+ ){0,3}(?:zu leben|leben|weiterzuleben|weiterzumachen)\b"
    r"|\b(?:sehe|habe|hat) (?:\w+ ){0,3}keinen sinn mehr(?=[.!,\n]|\Z)"
    r"|\b(?:wäre|wär) (?:ich )?(?:lieber |am liebsten |besser |gerne? |schon |doch )*(?:tot|nicht mehr da"
    r"|nie geboren)\b|\bbin lebensmüde\b"
    r"|\b(?:morgen|bald|dann) bin ich (?:nicht mehr da|tot|weg für immer|nicht mehr am leben)\b"
    r"|\bhabe (?:\w+ ){0,2}(?:suizidgedanken|selbstmordgedanken)\b"
    r"|\bhalte (?:es|das|das leben) (?:\w+ ){0,2}nicht mehr aus\b|\bkann (?:ich )?nicht mehr(?=[.!,\n]|\Z)"
    r"|\b(?:möchte|will|würde) (?:(?:ich|am|liebsten|einfach|nur|so|gern|gerne|schon|oft|wirklich) )*(?:sterben"
    r"|tot sein|nicht mehr (?:leben|sein|da sein))(?! (?:lassen|lernen|in|als|mit))"
    r"|\bkeine (?:kraft|lust|hoffnung|energie) (?:mehr )?(?:\w+ ){0,3}(?:leben|weiterzuleben|weiterzumachen)\b"
    r"|\b(?:hoffe|wünschte) (?:\w+ ){0,4}(?:nicht mehr aufwache|nie wieder aufwache|nicht mehr aufzuwachen"
    r"|nie geboren|tot)\b"
    r"|\b(?:denke|gedanken) (?:\w+ ){0,4}(?:an|über) (?:selbstmord|suizid|den tod nach)(?=[.!,\n]|\Z)"
    r"|\bniemand (?:\w+ ){0,2}(?:vermissen|vermisst|merken)(?=[.!,\n]|\Z| wenn ich)|\bhabe genug vom leben\b"
    r"|\bdas leben (?:ist|hat) (?:\w+ ){0,2}(?:nicht mehr|keinen)"
    # Spanish.
    r"|\bno (?:quiero|deseo|puedo|aguanto) (?:\w+ )?(?:más )?(?:vivir(?: más)?|seguir(?: viviendo| así| adelante"
    r"| más)?|despertar(?:me)?(?: más| mañana| nunca)?|estar (?:aquí|viv[oa])|existir)"
    r"(?=[.!,;\n]|\Z| (?:más|ya|así|mañana)\b)"
    r"|\b(?:quiero|quisiera|deseo|prefiero|pienso en|ganas de) (?:solo |sólo |ya |solamente )?(?:morir(?:me)?|matarme"
    r"|suicidarme|estar muert[oa]|desaparecer(?=[.!,\n]|\Z| para siempre)|acabar con (?:todo|esto)(?=[.!,\n]|\Z)"
    r"|no despertar|dormir y no despertar)(?! de (?:risa|amor))"
    r"|\b(?:voy a|me voy a|decidí|he decidido|planeo|pienso) (?:\w+ )?(?:matarme|matar|suicidarme|suicidar|ahorcarme"
    r"|quitarme la vida|quitar la vida|(?:acabar|terminar) con (?:todo(?! (?:el|la|los|las))|mi vida|esto)"
    r"|ponerle fin(?: a todo)?|morir(?:me)?(?= (?:hoy|mañana|esta)|[.!,\n]|\Z))(?=[.!,;\n]|\Z| (?:este|esta|hoy"
    r"|mañana|el|pronto|ya)\b)"
    r"|\b(?:quitarme|quitaré|quito|me quité) la vida\b|\bacabar con mi vida\b|\bmejor sin mí\b"
    r"|\bsoy (?:\w+ ){0,2}una carga\b"
    r"|\b(?:escrito|escribí|dejado|dejé|listas?|escritas?|escribiendo) (?:\w+ ){0,3}cartas? de despedida\b"
    r"|\bcartas? de despedida (?:ya )?(?:está|están|escrit\w+|list\w+)"
    r"|\bno (?:tengo|hay|encuentro|veo|le veo|tiene) (?:ya )?(?:ninguna |ningún |más )?(?:razón|razones|motivos?"
    r"|sentido) (?:\w+ ){0,2}(?:viv\w+|seguir|vida|existir)\b"
    r"|\bno vale la pena (?:seguir )?(?:vivir|viviendo|la vida)\b|\bcansad[oa] de (?:la vida|vivir|existir)(?=[.!,\n]"
    r"|\Z)|\bya no (?:puedo|aguanto) más(?=[.!,\n]|\Z)"
    r"|\b(?:sin|no tengo|perdí las) (?:ya )?(?:más )?(?:ganas|fuerzas?|motivos?) (?:de|para) (?:seguir )?(?:vivir"
    r"|viviendo|seguir)(?=[.!,;\n]|\Z| (?:más|viviendo|adelante)\b)|\bnadie me (?:va a |iba a )?(?:extrañar\w*"
    r"|echará de menos|echaría de menos|echar de menos)"
    r"|\b(?:ojalá|desearía|quisiera) (?:\w+ )?(?:no (?:despert\w+|hubiera nacido|haber nacido|existir|existiera)"
    r"|estuviera muert[oa]|morir\w*)|\bpienso (?:\w+ )?en (?:el suicidio|la muerte todos)"
    r"|\btengo pensamientos suicidas\b|\b(?:la|mi) vida (?:ya )?no tiene sentido\b"
    # French.
    r"|\bplus (?:envie de |la force de |de raison de |aucune raison de |le courage de |me |l'envie de )?(?:vivre"
    r"|continuer(?=[.!,\n]|\Z)|réveiller|être (?:là|ici|en vie)|exister)(?! (?:à|en|dans|avec|sans|chez|de|près|loin"
    r"|tôt|seule?)\b)(?<!\bje veux plus vivre)"
    r"|\b(?:envie|besoin|pense à|pense|idée) (?:de |d')?(?:mourir|en finir(?! avec (?!la vie|ma vie|tout))"
    r"|disparaître(?=[.!,\n]|\Z| pour)|me tuer|me suicider)\b(?! de rire)"
    r"|\bje (?:veux|vais|voudrais|compte|préfère|souhaite) (?:\w+ )?(?:mourir(?! (?:de rire|heureu))"
    r"|disparaître(?=[.!,\n]|\Z| pour)|me tuer|me suicider|me pendre|en finir(?=[.!,;\n]|\Z| (?:ce|cette|demain"
    r"|bientôt|avec (?:la|ma) vie)\b)|mettre fin à (?:ma vie|mes jours|tout)|m'ôter la vie|ne plus me réveiller)"
    r"|\bmieux sans moi\b|\b(?:plus heureu\w+|soulagé\w*) sans moi\b|\bje (?:ne |n')?suis (?:qu'|juste |seulement "
    r"|plus qu'|devenue? )?un (?:poids|fardeau|boulet)(?! (?:lourd|plume|léger|mouche|moyen|coq))\b"
    r"|\b(?:écrit|écris|laissé|laisse|préparé) (?:\w+ ){0,3}lettres? d'adieu\b|\blettres? d'adieu (?:est|sont|prête)"
    r"|\baucune raison de (?:vivre|continuer|rester en vie)\b|\bne vaut (?:plus|pas) la peine d'être vécue\b"
    r"|\bj'ai (?:\w+ ){0,2}(?:idées|pensées) (?:suicidaires|noires)\b"
    r"|\b(?:fatiguée?|lasse?|marre) de (?:la vie|vivre|exister)(?=[.!,\n]|\Z)|\bj'aimerais (?:ne (?:pas|plus"
    r"|jamais) (?:me réveiller|être née?|exister)|mourir|être morte?)\b"
    r"|\bje n'en peux plus(?=[.!,\n]|\Z)"
    r"|\b(?:assez|ras le bol|marre|fatiguée?) de vivre(?! (?:à|en|dans|avec|sans|chez|de|loin)\b)"
    r"|\bplus (?:jamais )?(?:être là|être de ce monde|voir demain)\b|\bjamais (?:plus )?me réveiller\b"
    r"|\bpense(?:r)? (?:\w+ ){0,2}(?:au suicide|à la mort (?:tous|chaque))"
    r"|\b(?:personne|nul) (?:ne |n')?(?:me (?:regrettera|manquera|pleurera|remarquera)|me regretterait)|\b(?:ma"
    r"|la) vie n'a (?:plus|pas|aucun) (?:de |aucun )?sens\b|\b(?:je )?ne mérite pas de vivre\b|\bj'aurais (?:préféré"
    r"|voulu|aimé) ne (?:jamais|pas) (?:naître|être née?)"
    # Italian, Portuguese, Dutch.
    r"|\bnon (?:voglio|riesco|ce la faccio) (?:più )?(?:a )?(?:vivere|andare avanti|svegliarmi"
    r"|esistere)(?: più)?(?=[.!,\n]|\Z)"
    r"|\b(?:voglio|vorrei) (?:solo )?(?:morire(?! dal)|farla finita|uccidermi|ammazzarmi|sparire per sempre"
    r"|essere mort[oa])\b|\b(?:togliermi|tolgo|toglierò) la vita\b"
    r"|\bletter[ae] d'addio\b|\bmeglio senza di me\b|\bsono (?:solo |soltanto )?un peso (?:per|inutile)\b"
    r"|\bnão (?:quero|aguento|consigo) (?:mais )?(?:viver|acordar|continuar|existir|estar aqui)(?: mais)?(?=[.!,\n]"
    r"|\Z)"
    r"|\b(?:quero|queria|vou) (?:só )?(?:morrer(?! de)|me matar|sumir para sempre|acabar com tudo"
    r"|acabar com a minha vida|tirar a minha vida|me suicidar)\b"
    r"|\bmelhor(?:es)? sem mim\b|\bsou (?:só |apenas )?um (?:peso|fardo)\b"
    r"|\bescrevi (?:\w+ ){0,3}cartas? de despedida\b"
    r"|\bwil (?:ik )?(?:niet meer|nooit meer) (?:leven|wakker worden|bestaan|verder(?=[.!,\n]|\Z))|\b(?:beter"
    r"|beter af|gelukkiger) zonder mij\b"
    r"|\bik (?:maak|ga) er (?:\w+ )?een einde aan\b|\bik ben (?:\w+ ){0,2}(?:een last|tot last)\b"
    r"|\bafscheidsbrie(?:f|ven) (?:is|zijn|geschreven)"
)

SIGNS = (
    # A farewell.
    (
        r"\b(?:my|the|a) (?:very )?(?:last|final) (?:ever )?(?:post|message|words|bio|update|letter|note|goodbye|days?"
        r"|week|night|entry|tweet)\b"
        r"|\bgoodbye,? (?:every ?one|every ?body|all|friends|my friends|world)\b|\b(?:this is|saying"
        r"|said|said my) (?:goodbye|farewell)s?(?: to (?:every ?one|every ?body|you all|them all|all of (?:you|them)"
        r"|my \w+))?"
        r"(?=\s*(?:[.,;!\n]|\Z| and))"
        r"|\b(?:mein|meine) letzter? (?:post|beitrag|nachricht|tag|eintrag)\b|\bmi últim[ao] (?:publicación|mensaje"
        r"|post|día)\b"
        r"|\bmon dernier (?:post|message|jour)\b|\bma dernière (?:publication|nuit|bio)\b|\b(?:lebt wohl|macht's gut"
        r"|adiós a todos|adieu à tous|adieu tout le monde)\b"
    ),
    # Letters, and things that are given away.
    (
        r"\b(?:(?:written|wrote|writing|finished|sealed|signed) (?:out )?(?:the|my|all the|all my|some"
        r"|every) (?:last )?(?:letters?|will)"
        r"|(?:left|leaving|written|wrote) (?:a|the|my) (?:last )?note)\b(?! page)"
        r"|\bletters? (?:is|are|for (?:my|mum|mom|you|every)[^.!?\n]{0,30}) (?:written|on the|in the|ready)"
        r"|\b(?:given|giving|gave) away (?:all )?my (?:things|stuff|books|clothes|records|cat|dog|savings)\b"
        r"|\b(?:given|giving|gave) (?:all )?my (?:things|stuff|belongings|books|clothes|records|cat|dog|savings) away\b"
        r"|\b(?:look after|take care of|be kind to) my (?:cat|dog|kids|mum|mom|mother|parents|sister|brother|son"
        r"|daughter|plants)\b"
        r"|\b(?:die|meine|alle) briefe (?:sind )?geschrieben\b|\bhe escrito las cartas\b|\blas cartas están\b"
        r"|\bj'ai écrit les lettres\b"
    ),
    # Sorry.
    (
        r"\b(?:i'?m |i am )?(?:so |very )?sorry,?(?: to)? (?:every ?one|every ?body|all|mum|mom|dad|mama|papa"
        r"|for everything|my \w+|that i)\b"
        r"|\b(?:please )?forgive me\b|\bi love you all\b|\bdon'?t be (?:sad|angry)\b|\bit(?:'s| is) (?:not your"
        r"|nobody'?s|no one'?s) fault\b"
        r"|\b(?:verzeiht mir|es tut mir leid|perdónenme|perdón a todos|lo siento,? (?:a )?todos|pardon à tous"
        r"|pardonnez-moi|désolée? tout le monde)\b"
    ),
    # What is meant.
    (
        rf"\b{_MEANT} (?:\w+ ){{0,2}}(?:end it|do it|let go|go for good|be gone|leave you all|disappear|stop existing"
        rf"|make it stop|jump)\b"
        r"|\bit(?:'ll| will) (?:all |finally )?(?:be over|end|stop)(?: \w+){0,2} (?:soon|tonight|tomorrow"
        r"|this (?:week|weekend)|on \w+day)\b"
        r"|\b(?:can'?t|cannot) (?:do|take|bear|stand|fight) (?:it|this)(?: any ?more| any longer"
        r"| much longer)?(?=[.!,;\n]|\Z)"
        r"|\bi(?:'ve| have) (?:had enough|given up|nothing left|no one left|nobody left|no strength left)\b"
        r"|\bi give up\b"
        r"|\bi (?:just |only |really )?(?:want|wish|need|would like) (?:it all|everything|all of (?:it|this)|it|this"
        r"|the (?:pain|noise)) to (?:just |finally )?(?:stop|end|be over)\b"
        r"|\bi(?:'m| am) (?:so |very )?(?:tired|exhausted|alone|done|empty|worthless|hopeless)(?=[.!,\n]|\Z| and)"
        r"|\b(?:soon|tomorrow|tonight) i(?:'ll| will| am|'m) (?:be )?(?:free|gone|at peace|nothing|not here)\b"
        r"|\b(?:when|once|after) i(?:'m| am) gone(?=\s*(?:[.,;!\n]|\Z))|\bit (?:all )?ends (?:tonight|tomorrow|today"
        r"|soon)\b"
        r"|\bfinally (?:be )?(?:at peace|free of (?:it|this)|rest)\b"
    ),
    # With what.
    (
        r"\bi(?:'ve| have)? (?:know|picked|chose|chosen|found) (?:which|the|a|my) (?:bridge|roof|cliff|tree)\b"
        r"|\b(?:the|my|enough|some|all my|all the) (?:pills|rope|noose|gun|razor|blades?|sleeping tablets|tablets)\b"
        r"|\b(?:las|mis) pastillas\b|\b(?:die|meine|genug) tabletten\b|\b(?:les|mes) (?:comprimés|cachets"
        r"|médicaments)\b"
        r"|\bthe (?:bridge|roof|railway|train tracks|cliff|river) (?:tonight|tomorrow|is|at night)\b|\b(?:hurts?"
        r"|pain) too much\b|\bthe pain (?:stops?|ends?)\b"
    ),
)
_TRIGGERS = word_set(
    "go earth alive anymore around asleep awake better blade blades born breathe bridge burden burning burn care "
    "cliff cope cry cut cutting dead death deserve die died disappear disappeared done drown drowning dying easier "
    "end ended ending eyes everything exist existing existence fine finish finishing forever freer gone goodbye grave "
    "gun guns hang hanging happier harmed harming here hurt hurting insulin jump jumping kill killing letter letters "
    "lie life lighter live living medication medications meds mind miss myself noose note notes notice over overdose "
    "overdosing painkillers pills planet poison poisoning quit razor relieved roof rope shoot sleep suicidal suicide "
    "survive tablets tomorrow tracks train truck under vanish vanished wake wakes waking woken without world worth "
    "wrists going longer more bear tonight"
)
"""One of these stands in every English sentence by which need is told; other sentences are not looked at."""
_TRIGGERS_OF_SIGNS = word_set(
    "cant cannot ends pastillas tabletten comprimés cachets médicaments alone anymore blades bridge care "
    "cat cliff disappear "
    "done empty end enough exhausted existing fault forgive free given give gone goodbye gun hopeless jump last "
    "final letter letters letzter letzte longer noose note over peace pain pills razor rest river roof rope sad "
    "sealed sorry stop tablets tired tonight written wrote worthless briefe cartas lettres dernier "
    "dernière última último adiós adieu lebt macht's verzeiht leid perdónenme perdón siento pardon pardonnez désolé "
    "désolée"
)
_TRIGGERS_ELSEWHERE = word_set(
    "last meglio pense suicide leben aufwachen sein weiterleben weitermachen existieren sterben tot ende umbringen "
    "töten erhängen antun beenden umzubringen nehmen abschiedsbrief abschiedsbriefe belastung sinn grund lebensmüde "
    "suizidgedanken bringe mich ohne nicht selbstmordgedanken werfen kraft lust hoffnung aufwache aufzuwachen geboren "
    "selbstmord suizid vermissen vermisst keinen zur vivir seguir despertar despertarme existir morir morirme matarme "
    "matar suicidarme suicidar muerto muerta desaparecer acabar despedida vida mí carga terminar ahorcarme quiero "
    "puedo aguanto ganas fuerzas extrañar echará ojalá despertara suicidio suicidas nadie vivre continuer réveiller "
    "être exister mourir finir disparaître tuer suicider pendre moi poids fardeau boulet dadieu adieu vécue "
    "suicidaires noires lasse morte naître jamais regrettera manquera mérite peux vie vivere avanti svegliarmi morire "
    "finita uccidermi ammazzarmi sparire daddio addio peso viver acordar continuar morrer sumir mim fardo tudo wakker "
    "bestaan zonder einde afscheidsbrief afscheidsbrieven verder"
)
"""The same of other languages; few are English words."""

PATTERNS = ((_PLAIN, _TRIGGERS), (_PLAIN_ELSEWHERE, _TRIGGERS_ELSEWHERE))
"""What is plain by itself, and the words of which one stands in such a sentence."""
_MOVING = word_set(
    "abroad erasmus exchange flight flights graduate graduating graduation home moving move relocating visa"
)
# Of these signs, one at least besides a farewell or an apology: whoever leaves a platform may be sorry as well.
_FAREWELL, _LETTERS, _SORRY, _INTENT, _MEANS = range(len(SIGNS))


def get_ready() -> None:
    """Compile the patterns, which takes a part of a second; else the first bio that is looked at waits for it."""
    for pattern in (*(pattern for pattern, _ in PATTERNS), *SIGNS):
        _compiled(pattern)


@cache
def _compiled(pattern: str) -> regex.Pattern[str]:
    return regex.compile(pattern, regex.IGNORECASE)


def in_need(reading: Reading, rubric: Rubric) -> bool:
    """Return whether the writer may be in need: not somebody who is quoted, helped, or was so once."""
    hits = [*find(reading, rubric.words[Lexicon.DISTRESS]), *_said(reading)]
    if not hits:
        return False
    harmless = {number for hit in find(reading, rubric.words[Lexicon.NO_DISTRESS]) for number in hit.numbers}
    quoted = [match.span() for match in _QUOTED.finditer(reading.text)]
    for hit in hits:
        start, sentence = reading.words[hit.first].start, reading.words[hit.first].sentence
        before = [word.key for word in reading.words[: hit.first] if word.sentence == sentence]
        inside = any(first < start < last for first, last in quoted)
        if harmless.isdisjoint(hit.numbers) and not inside and _OTHERS.isdisjoint(before):
            return True
    return False


def _said(reading: Reading) -> Iterator[Hit]:
    """Find what is plain by itself, and signs that are so together."""
    for pattern, triggers in PATTERNS:
        for start, end in _sentences_with(reading, triggers):
            for match in _compiled(pattern).finditer(reading.text, start, end):
                yield _hit(reading, match.span())
    signs = _signs(reading)
    # Whoever moves on gives things away and says goodbye as well.
    grave = _INTENT in signs or _MEANS in signs
    grave = grave or ({_LETTERS, _FAREWELL} <= signs.keys() and _MOVING.isdisjoint(reading.places))
    if len(signs) > 1 and grave:
        for span in signs.values():
            yield _hit(reading, span)


def _signs(reading: Reading) -> dict[int, tuple[int, int]]:
    """Return where a sign of each kind stands first."""
    signs: dict[int, tuple[int, int]] = {}
    for start, end in _sentences_with(reading, _TRIGGERS_OF_SIGNS):
        for kind, sign in enumerate(SIGNS):
            if kind not in signs and (match := _compiled(sign).search(reading.text, start, end)):
                signs[kind] = match.span()
    return signs


def _sentences_with(reading: Reading, triggers: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Return where the sentences stand that have one of the words."""
    found = {
        reading.words[number].sentence for key in triggers & reading.places.keys() for number in reading.places[key]
    }
    return (reading.sentences[number] for number in sorted(found))


def _hit(reading: Reading, span: tuple[int, int]) -> Hit:
    return Hit(max(0, reading.word_at(span[0])), max(0, reading.word_at(span[1] - 1)))
