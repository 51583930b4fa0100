"""Spellings that are rewritten as known words before anything is read: symbols, abbreviations, phrases."""

from __future__ import annotations

#: Phrases, each read as one known word.
REWRITES = {
    "no one was hurt": "no casualties", "no one hurt": "no casualties", "nobody was hurt": "no casualties",
    "no one was harmed": "no casualties", "half a million": "500,000", "half million": "500,000",
    "half-million": "500,000",
    "no one": "nobody", "no-one": "nobody", "not one person": "nobody", "not a single person": "nobody",
    "half a dozen": "halfdozen", "half-a-dozen": "halfdozen", "a half dozen": "halfdozen", "a half-dozen": "halfdozen",
    "half-dozen": "halfdozen", "half dozen": "halfdozen",
    "loss of life": "deaths", "loss of lives": "deaths", "without casualties": "no casualties",
    "lost their lives": "died", "lost his life": "died", "lost her life": "died", "lose their lives": "died",
    "losing their lives": "died", "lives were lost": "died", "lives lost": "died", "lives have been lost": "died",
    "shot dead": "shot-dead", "shot to death": "shot-dead", "gunned down": "shot-dead", "mowed down": "shot-dead",
    "mown down": "shot-dead",
    "fatally shot": "shot-dead", "shoots dead": "kills", "shoot dead": "kill", "shooting dead": "killing",
    "guns down": "kills", "gun down": "kill", "gunning down": "killing", "stabs dead": "kills",
    "burned alive": "died", "burnt alive": "died", "burn alive": "died", "burning alive": "died",
    "stabbed dead": "died", "dug out": "recovered", "pulled out": "recovered", "dug up": "recovered",
    "unaccounted for": "missing", "of those on the passenger list": "people", "on the passenger list": "people",
    "workers on shift": "workers", "forced to flee": "displaced", "forced from their homes": "displaced",
    "driven from their homes": "displaced", "internally displaced": "displaced",
    "damage was limited to material": "no casualties", "damage limited to material": "no casualties",
    "the damage was limited to material": "no casualties", "damage was only material": "no casualties",
    "limited to material damage": "no casualties", "limited to property damage": "no casualties",
    "only material damage": "no casualties", "material damage only": "no casualties",
    "only property damage": "no casualties", "property damage only": "no casualties",
    "only material losses": "no casualties", "material losses only": "no casualties",
    "no reports of": "no", "no report of": "no", "no known": "no",
    "men women and children": "people", "men, women and children": "people",
    "passengers and crew": "people", "crew and passengers": "people", "women, men and children": "people",
    "women and men": "people", "men and women": "people",
    "children and adults": "people", "adults and children": "people", "soldiers and civilians": "people",
    "civilians and soldiers": "people", "fighters and civilians": "people", "civilians and fighters": "people",
    "civilians and militants": "people", "militants and civilians": "people",
    "women and children": "women-and-children", "children and women": "women-and-children",
    "on board": "aboard", "onboard": "aboard", "asylum seekers": "migrants", "holiday makers": "holidaymakers",
    "among them": "including", "among whom": "including", "amongst them": "including",
    "including among them": "including",
    "of whom": "of-them", "of which": "of-them", "of them": "of-them", "of these": "of-them", "of those": "of-them",
    "of the dead": "of-them", "of the victims": "of-them", "of the killed": "of-them", "of the fatalities": "of-them",
    "of the casualties": "of-them", "of the wounded": "of-them", "of the injured": "of-them",
    "go up": "rise", "go higher": "rise", "be higher": "rise", "going up": "rising", "per cent": "percent",
    "as well as": "and", "security forces": "soldiers", "security personnel": "soldiers",
    "police officers": "policemen", "police officer": "policeman", "aid workers": "aid-workers",
    "aid worker": "aid-workers", "health workers": "medics", "health worker": "medics", "armed forces": "soldiers",
    "security force": "soldiers", "suicide bombers": "bombers", "suicide bomber": "bomber",
}  # fmt: skip
_LIVES = "(?:claim|claims|claimed|claiming|take|takes|took|taken|taking|cost|costs|costing)"
_PRESUMED = "(?:presumed|feared|believed|thought|assumed)"
_DYING = (
    "(?:stabbed|hacked|stoned|beaten|beat|burned|burnt|crushed|trampled|bludgeoned|clubbed|strangled|starved|starve|"
    "frozen|froze|freeze|bled|tortured|choked|whipped|kicked|mauled|battered|crushed|knifed|speared)"
)
#: Patterns rewritten as known words, in this order, before the phrases above.
PATTERNS = (
    (r"\blives lost ?:", "deaths :"),
    (rf"\b{_LIVES} (?:the )?lives of(?: all)?\b", "kills"),
    (rf"\b{_LIVES} (?=(?:[^\s;:.]+ ){{1,6}}(?:lives|life)\b)", "kills "),
    (
        r"\b(revised|revises|climb\w*|ris\w+|rose|go|goes|went|gone|jump\w*|shot|moved|crept|inch\w*|raised) up to\b",
        r"\1 to",
    ),
    (r"\b[0-9]+(?:[.,][0-9]+)?-?(?:kg|km|cm|mm|mph|kph|lb|lbs|ft|am|pm|hrs?|h|mw|tons?|tonnes?|yo|yr)\b", "1st"),
    (r"\b(?:said|reported|known|confirmed|understood) to (?:have )?(kill(?:ed)?|wound(?:ed)?|injured?)\b", r"\1"),
    (r"\b(?:reported|listed|registered|declared|counted|recorded) as (?=(?:missing|dead|killed|injured)\b)", ""),
    (rf"\b(?:dead|killed|died)(?: or| and|,) (?:are )?{_PRESUMED}(?: to be)? (?:dead|killed)\b", "dead or missing"),
    (
        rf"\bmissing,? (?:and |or )?(?:are |is )?(?:now )?{_PRESUMED}(?: to be| to have)? "
        r"(?:dead|killed|drowned|died)\b",
        "missing-presumed-dead",
    ),
    (r"\b(?:plunged?|fell|fall|jumped|leapt|swept|sent|dragged|crushed) to (?:their|his|her) deaths?\b", "died"),
    (r"\bto (?:their|his|her) deaths?\b", "to-death"),
    (rf"\b{_DYING} to death\b", "died"),
    (r"^(?!.*(?:sentenc|condemn|fac(?:e|es|ing)\b))(.*?) to death\b", r"\1 to-death"),
    (r"\b(dead|died|dies|die|dying) at (?:the age of )?[0-9]{1,3}\b(?![,.]?[0-9])", r"\1 1st"),
    (r"\b(?:a|an|one|two|three|[0-9]+) (?:hour|day|week|month|year)s? (?:earlier|ago|before|after|later)\b", "earlier"),
)
#: Abbreviations whose full stop is not the end of a sentence.
ABBREVIATIONS = {
    "approx.": "about",
    "ca.": "about",
    "c.": "about",
    "est.": "estimated",
    "a.m.": "am",
    "p.m.": "pm",
    "u.s.": "us",
    "u.n.": "un",
    "u.k.": "uk",
    "no.": "number",
    "min.": "minimum",
    "max.": "maximum",
    "incl.": "including",
    "inj.": "injured",
    **{f"{month}.": month for month in "jan feb mar apr jun jul aug sep sept oct nov dec".split()},
    **{
        f"{title}.": title for title in "gen lt col maj capt sgt dr st mt gov sen rep vs dept prof mr mrs ms jr".split()
    },
    **{f"{side}.": side for side in ("n", "s", "e", "w")},
}
SYMBOLS = {
    "~": " about ", "\u2248": " about ", "\u2243": " about ", "\u223c": " about ", "\u2265": " at least ",
    "\u2264": " at most ",
    ">": " more than ", "<": " fewer than ", "&": " and ", "%": " percent ", "#": " number ", "=": " : ", "|": " ; ",
    "\u2014": " , ", "\u2015": " , ", "\u2026": " ; ", "!": " ; ", "(": " , ", ")": " , ", "[": " , ", "]": " , ",
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2212": "-", "\u2018": "'", "\u2019": "'",
    "\u201c": " ", "\u201d": " ", '"': " ", "\u00ab": " ", "\u00bb": " ", "\u00ad": "", "\u200b": "", "\ufeff": "",
    "\u2032": "'",
}  # fmt: skip
