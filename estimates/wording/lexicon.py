"""The words of news English that :mod:`estimates.wording.figure` knows; no other word is ever guessed at."""

from __future__ import annotations

from estimates.wording.people import PEOPLE


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _phrases(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(phrase.split()) for phrase in text.split("|"))


# --- Numbers ---------------------------------------------------------------------------------------------------------
UNITS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
}
TENS = {
    word: 10 * value
    for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
SCALES = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
NUMBER_WORDS = frozenset({*UNITS, *TENS, *SCALES, "hundred", "dozen"})
#: Multiples of a vague word: "several hundred" says what "hundreds" says.
VAGUE_MULTIPLES = {"dozen": "dozens", "hundred": "hundreds", "thousand": "thousands"} | {
    plural: plural for plural in ("dozens", "hundreds", "thousands")
}
NOTHING = _words("no nobody none nil")

# --- Hedges: words around a number -> form. "fewer_than" is at most one less; "exactly" says nothing more than the numb
_HEDGES_BEFORE = {
    "at_least": "at least|at the very least|at minimum|no fewer than|no less than|not fewer than|not less than|"
    "a minimum of|minimum of|minimum|no less|no fewer",
    "more_than": "more than|north of|well more than|far more than|much more than|slightly more than|just more than|"
    "over|well over|"
    "just over|slightly over|a little over|above|well above|just above|upwards of|upward of|in excess of|exceeding|"
    "exceeds|exceeded|exceed|passes|passed|passing|past|tops|topped|topping|surpasses|surpassed|surpassing|crosses|"
    "crossed|crossing|beyond",
    "nearly": "nearly|near|almost|just under|close to|just below|nears|neared|nearing|approaches|approaching|"
    "very nearly",
    "up_to": "up to|as many as",
    "at_most": "at most|at the most|at the very most|no more than|not more than|a maximum of|maximum of|maximum|"
    "not exceeding|no greater than|no higher than",
    "fewer_than": "fewer than|less than|under|below|well under|well below|slightly fewer than",
    "about": "about|around|some|roughly|approximately|approx|an estimated|estimated|circa|ca|in the region of|"
    "on the order of|in the order of|something like|somewhere around|an approximate|estimated at|estimated at about",
    "exactly": "exactly|precisely",
    "only": "a total of|total of|just|only",
}
HEDGES_BEFORE = {phrase: form for form, text in _HEDGES_BEFORE.items() for phrase in _phrases(text)}
#: Hedges that are themselves what a toll does: "death toll passes 1,000".
RISING_HEDGES = _words(
    "exceeds exceeded exceeding passes passed passing past tops topped topping surpasses surpassed surpassing crosses "
    "crossed crossing nears neared nearing approaches approaching"
)
_HEDGES_AFTER = {
    "at_least": "or more|at least|at a minimum|at minimum|at the very least|at the least|+|plus|or above",
    "at_most": "or fewer|or less|at most|at the most|maximum",
    "about": "or so|or thereabouts|approximately|approx|est|estimated|estimate|more or less|give or take",
}
HEDGES_AFTER = {phrase: form for form, text in _HEDGES_AFTER.items() for phrase in _phrases(text)}
LONGEST_HEDGE = max(map(len, (*HEDGES_BEFORE, *HEDGES_AFTER)))

CURRENCIES = frozenset("$\u00a3\u20ac\u00a5\u20b9")

# --- Outcomes --------------------------------------------------------------------------------------------------------
#: Words after a number that say what became of the people: "18 dead", "18 were killed".
PARTICIPLES = {
    "killed": "killed", "slain": "killed", "murdered": "killed", "executed": "killed", "massacred": "killed",
    "martyred": "killed", "shot-dead": "killed", "slaughtered": "killed", "butchered": "killed", "hanged": "killed",
    "lynched": "killed", "beheaded": "killed", "decapitated": "killed", "assassinated": "killed",
    "gassed": "killed", "electrocuted": "killed", "strangled": "killed", "incinerated": "killed",
    "injured": "injured", "wounded": "injured", "hurt": "injured",
    "maimed": "injured", "displaced": "displaced", "uprooted": "displaced",
}  # fmt: skip
#: The same, of words that cannot take an object ("18 killed ..." may go on "... villagers", "18 died ..." cannot).
FATES = {
    "dead": "killed", "died": "killed", "die": "killed", "dies": "killed", "dying": "killed", "perished": "killed",
    "perish": "killed", "perishes": "killed", "drowned": "killed", "drown": "killed", "drowning": "killed",
    "to-death": "killed", "deceased": "killed", "kia": "killed", "kias": "killed", "wia": "injured", "mia": "missing",
    "succumbed": "killed", "succumb": "killed", "starved": "killed", "suffocated": "killed", "suffocate": "killed",
    "asphyxiated": "killed",
    "missing-presumed-dead": "missing_presumed_dead", "missing": "missing", "disappeared": "missing",
    "unaccounted": "missing",
    "fled": "displaced", "flee": "displaced", "fleeing": "displaced", "homeless": "other", "arrested": "other",
    "detained": "other", "held": "other", "jailed": "other", "captured": "other", "rescued": "survivors",
    "saved": "survivors", "hospitalised": "other", "hospitalized": "other", "trapped": "missing", "evacuated": "other",
    "survived": "survivors", "survive": "survivors", "alive": "survivors", "aboard": "other", "kidnapped": "other",
    "abducted": "other", "charged": "other", "sentenced": "other", "treated": "other", "stranded": "other",
    "released": "other", "destroyed": "other", "damaged": "other",
}  # fmt: skip
#: Nouns that are the figure's unit: "18 deaths", "no casualties".
NOUNS = {
    "deaths": "killed", "death": "killed", "fatalities": "killed", "fatality": "killed", "bodies": "killed",
    "body": "killed", "corpses": "killed", "martyrs": "killed", "martyr": "killed", "injuries": "injured",
    "injury": "injured", "survivors": "survivors", "survivor": "survivors", "casualties": "casualties",
    "casualty": "casualties",
}  # fmt: skip
#: Verbs before a number: "kills 18".
_VERBS = {
    "killed": "kill kills killed killing murder murders murdered murdering massacre massacres massacred slay slays "
    "executes executed executing shot-dead slaughter slaughters slaughtered butcher butchers butchered lynch lynches "
    "lynched behead beheads beheaded beheading assassinate assassinates assassinated drowns hangs electrocutes gasses",
    "injured": "injure injures injured injuring wound wounds wounded wounding hurt hurts hurting maim maims",
    "displaced": "displace displaces displaced displacing uproot uproots uprooted",
}
VERBS = {verb: outcome for outcome, verbs in _VERBS.items() for verb in verbs.split()}
#: Nouns that a number follows after "of", ":" or "rises to": "death toll rises to 18", "deaths: 18".
TOLLS = NOUNS | {
    "toll": "killed", "dead": "killed", "missing": "missing", "killing": "killed", "killings": "killed",
    "murder": "killed",
    "massacre": "killed", "remains": "killed", "kia": "killed", "wia": "injured", "mia": "missing",
}  # fmt: skip
#: Units of other things; the context outcomes have theirs.
_THINGS = {
    "strikes": "strike strikes airstrike airstrikes air-strike air-strikes raid raids airraids sorties",
    "munitions": "munition munitions bomb bombs missile missiles rocket rockets shell shells mortars drones drone "
    "mines grenades projectiles barrels",
    "incidents": "incident incidents attack attacks clash clashes violations blasts explosions explosion bombings "
    "shootings events",
    "other": "second seconds minute minutes hour hours day days week weeks month months year years decade decades km "
    "kms kilometre kilometres kilometer kilometers mile miles metre metres meter meters feet foot m cm "
    "degrees percent magnitude richter tonnes tons kg dollars euros pounds a.m am pm noon o'clock houses "
    "house homes home buildings building apartments flats hospitals hospital schools school villages village "
    "towns town cities city districts provinces countries nations states neighbourhoods neighborhoods areas "
    "sources source "
    "sites locations places shops markets mosques churches vehicles vehicle cars car trucks buses bus boats "
    "boat ships planes aircraft helicopters jets tanks convoys camps families family households storeys "
    "stories floors acres hectares cows animals sheep goats times survivors survivor battalions brigades "
    "warplanes",
}
THINGS = {thing: kind for kind, things in _THINGS.items() for thing in things.split()}
MONTHS = _words(
    "january february march april june july august september october november december jan feb mar apr jun jul aug "
    "sep sept oct nov dec"
)
#: A number after one of these is a name or an age, not a count.
IDENTIFIERS = _words(
    "aged age flight number route highway road resolution article day unit sector block room gate line terminal page "
    "phase update wrapup recast ld part rs magnitude title chapter area zone ward checkpoint school hospital camp "
    "covid section boeing airbus tupolev carrying"
)

# --- Around people ----------------------------------------------------------------------------------------------------
#: Adjectives between a number and a noun that change nothing.
MODIFIERS = _words(
    "the of young local foreign armed unarmed innocent civil army military government security rebel opposition "
    "pro-government turkish kurdish british french italian spanish greek polish bangladeshi sri lankan nepali "
    "nepalese thai mexican colombian us un turkmen arab islamist hamas hezbollah hizbullah taliban isis is regime "
    "enemy allied coalition school college university family bus hospital ambulance senior special paramilitary "
    "regular russian-backed iran-backed us-backed saudi-led us-led turkish-backed suspected alleged own air barrel "
    "key top retired former junior off-duty charred burned burnt decomposed decomposing mutilated dismembered "
    "lifeless headless unidentified islamic cluster suicide car ballistic cruise artillery mortar separate different "
    "confirmed reported international"
)
#: Words that stand before people as well as after them: "18 wounded soldiers".
ADJECTIVES = _words("dead missing injured wounded displaced")
#: "the number killed ... rises to": what a participle must follow to stand for a toll.
COUNTED = _words("number total tally people those civilians of")
#: Words after which a number counts what else was done to it, and no dead: "freeing dozens of prisoners".
ACTS = _words(
    "leave leaves left arrest arrests arrested detain detains detained free frees freed rescue rescues rescued "
    "destroy destroys destroyed damage damages damaged evacuate evacuates evacuated hospitalise hospitalises "
    "hospitalize hospitalizes trap traps trapped strand strands stranded burn burns burned torch torches torched "
    "attack attacks attacked storm storms stormed kidnap kidnaps kidnapped abduct abducts abducted sentence sentences "
    "sentenced"
)
#: Words before the place, time or number of something else: "at two banks", "near the Three Gorges".
PLACING = _words(
    "in at near on across over from during within outside inside around through after before between against"
)
#: Verbs of saying, before which people are who says it: "kills 18, police say".
SAYING = _words(
    "say says said report reports reported confirm confirms confirmed claim claims claimed tell tells told blame "
    "blames blamed announce announces announced warn warns warned add adds added deny denies vow vows seek seeks hunt "
    "hunts hold holds probe probes investigate investigates source sources spokesman spokesperson"
)
INCREMENTS = _words("more other others another additional further new fresh")
SEVERITIES = _words("critically seriously severely badly gravely critical serious severe")
SEVERELY = _words("critically seriously severely badly gravely")
ARTICLES = _words("a an the his her their its one")
POSSESSIVES = _words("their its our his her the my your")
#: Words that may stand between the people and what became of them.
BRIDGE = _words(
    "were was are is have has had been be being also now already reportedly reported confirmed officially known were "
    "verified identified documented left found said to have still lightly slightly mildly who that suffered sustained "
    "got"
)
PASSIVE = _words("were was are is been be being left found reported confirmed")
SUFFERED = _words("suffered sustained got")
#: Presumed dead is not counted dead: "18 feared dead" is a figure for dead_or_missing.
PRESUMED = _words("feared believed presumed thought assumed")
#: Words before a number that make it one that is feared: "fears 1,200 dead".
FEARS = _words("fear fears feared fearing")
#: Words that may follow a number's noun, or a bare "killed", without making it something else.
STOPS = _words(
    "in on at by as after when during near from since while amid and or but with following across over for this today "
    "yesterday overnight monday tuesday wednesday thursday friday saturday sunday so including of-them before because "
    "inside outside around among under within off along according early late last again recovered pulled retrieved "
    "counted recorded documented identified registered exhumed unearthed discovered dug washed ahead alone earlier "
    "who that to between there here dead officials police says say said then where if both due through against into "
    "onto nationwide worldwide is was are were"
)

# --- Tolls that move -------------------------------------------------------------------------------------------------
RISES = _words(
    "rises rose risen rising rise climbs climbed climbing climb jumps jumped jumping soars soared soaring surges "
    "surged grows grew growing increases increased increasing hits hit hitting reaches reached reaching stands stood "
    "put puts putting mounts mounted mounting reach revised revises raised raises raising lowered lowers reduced "
    "reduces doubles doubled halves halved triples tripled remain remained stays stayed cut updated upped upgraded "
    "downgraded corrected falls fell fallen totals totalled totaled totalling totaling"
)
#: Those of them that the level of a toll follows without "to": "toll hits 18"; after the others it is a change.
LEVELS = _words(
    "hits hit hitting reaches reached reaching reach stands stood totals totalled totaled totalling totaling"
)
RISE = _words("rise increase climb grow mount")
RISING = _words("rising counting climbing growing increasing mounting")
#: Words before a rise that has not happened.
PROSPECTS = _words(
    "will could may might would expected likely feared set continue continues continued keeps sure certain bound can"
)
#: Single events, which "killed" may stand before without an article: "5 soldiers killed ambush".
EVENT_NOUNS = _words(
    "crash ambush blast attack explosion fire flood quake earthquake collapse stampede clash strike shooting bombing "
    "landslide avalanche accident derailment raid shelling storm cyclone typhoon hurricane tornado riot"
)
#: "more bodies expected": what may stand between, and what ends it.
MORE_OF = _words("bodies deaths casualties victims dead fatalities people are were is likely still and")
TO_COME = _words("expected feared likely")
HYPOTHETICAL = _words(
    "to could may might would will can cannot should must not never without tried plotted threatened if"
)
CONNECTIVES = _words(
    "to at of is was as now has have had been further again : , by from then currently officially sharply the down up "
    "unchanged still steady slightly back"
)
LOOK_BACK_BARS = _words("as while when because but amid who that unknown unclear kill kills with")
SUBJECTS = _words(
    "toll number numbers figure figures deaths dead death count casualties victims fatalities tally killed injured "
    "total it this"
)
NEGATIONS = _words(
    "not never neither nor cannot hardly without prevent prevents prevented averted avoided virtually possibly "
    "perhaps maybe probably false fake hoax minus negative"
)
FRACTIONS = _words("half third thirds quarter quarters fifth fifths majority most")

#: Words that may stand around a bare figure that is told by its column alone.
HARMLESS = (PEOPLE - _words("victims victim")) | _words(
    "the a an so far now reportedly confirmed officially in all total altogether overall reported estimate estimates "
    "estimated official figure figures count is was were are there have has been initial initially latest currently "
    "of their its our at by to documented identified verified counted recorded registered listed officials said says "
    "say about it this and with"
) - {"and"}

# --- Forms without a number ------------------------------------------------------------------------------------------
DENIALS = _words("deny denies denied denying denial denials")
REJECTIONS = _words(
    "reject rejects rejected rejecting refute refutes refuted dismiss dismisses dismissed disputes disputed"
)
CLAIMS = _words(
    "claim claims report reports allegation allegations accusation accusations figure figures toll charge charges "
    "account"
)
CONFIRMATIONS = _words(
    "confirm confirmed confirming confirms confirmation verify verified verification corroborate corroborated "
    "corroboration"
)
COMMENTS = _words("comment comments commented commenting respond responded reply replied answer answered")
REFUSALS = _words(
    "no not declined declines declining refused refuses refusing without unavailable did unable cannot neither never "
    "none nobody"
)

INFORMATION = _words("reports report word information details clear known confirmation figures")

# --- Asides ----------------------------------------------------------------------------------------------------------
AUXILIARIES = _words("were was are is been be")
PART_CUES = _words("including include includes included of-them")
ASIDES = _words("mostly mainly many most all some including predominantly")
ASIDE_WORDS = MODIFIERS | BRIDGE | _words("of-them and a an") - _words("of the")
PROSPECT_WORDS = _words("further still well also even to be is are and yet only")
#: "rising to 21" tells of a toll that has risen, not of one that will.
ONWARDS = _words("to above past over beyond by from")
#: What may stand before "of 18": "a toll of 18"; anything else of 18 is a part of them.
WHOLES = TOLLS.keys() | _words("estimate estimates number figure count group family crowd tally maximum total")
#: Groups that are everybody among the displaced.
DISPLACED_ALL = _words("civilians refugees citizens")

#: Every word that means something here; any other may only describe people.
EVERY_WORD: frozenset[str] = frozenset(
    word
    for words in (
        NUMBER_WORDS, VAGUE_MULTIPLES, NOTHING, PARTICIPLES, FATES, TOLLS, VERBS, THINGS, MONTHS, IDENTIFIERS, PEOPLE,
        MODIFIERS, COUNTED, INCREMENTS, ACTS, PLACING, SAYING, SEVERITIES, POSSESSIVES, BRIDGE, PRESUMED, FEARS, STOPS,
        RISES, RISE, RISING, PROSPECTS, HYPOTHETICAL, CONNECTIVES, NEGATIONS, FRACTIONS, DENIALS, CONFIRMATIONS,
        COMMENTS, REFUSALS, PART_CUES, ASIDES, {word for phrase in (*HEDGES_BEFORE, *HEDGES_AFTER) for word in phrase},
    )
    for word in words
)  # fmt: skip
