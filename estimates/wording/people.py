"""The nouns of people that :mod:`estimates.wording.figure` knows: everybody hit, or a part of them."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Nouns that stand for everybody hit.
_ANYBODY = _words(
    "people person persons individual individuals victim victims lives life souls resident residents villager "
    "villagers inhabitant inhabitants local locals migrant migrants immigrant immigrants worshipper worshippers "
    "worshiper worshipers congregant congregants parishioner parishioners churchgoer churchgoers devotee devotees "
    "mourner mourners pilgrim pilgrims shopper shoppers customer customers reveller revellers reveler revelers "
    "partygoer partygoers concertgoer concertgoers spectator spectators attendee attendees guest guests diner diners "
    "human humans being beings other others worker workers labourer labourers laborer laborers miner miners passenger "
    "passengers commuter commuters traveller travellers traveler travelers motorist motorists pedestrian pedestrians "
    "bystander bystanders passerby passers-by occupant occupants protester protesters protestor protestors "
    "demonstrator demonstrators marcher marchers striker strikers rioter rioters prisoner prisoners detainee "
    "detainees inmate inmates farmer farmers herder herders herdsman herdsmen fisherman fishermen trader traders "
    "vendor vendors refugee refugees evacuee evacuees hiker hikers climber climbers mountaineer mountaineers skier "
    "skiers camper campers tribesman tribesmen colleague colleagues comrade comrades neighbour neighbours neighbor "
    "neighbors classmate classmates shepherd shepherds nomad nomads peasant peasants kidnapper kidnappers man men "
    "cyclist cyclists biker bikers diver divers hunter hunters voter voters player players footballer footballers "
    "athlete athletes musician musicians artist artists scientist scientists smuggler smugglers squatter squatters"
)
#: Whoever is named by nation or faith is, in news of one event, all who were hit.
NATIONS = _words(
    "afghan afghans albanian albanians algerian algerians american americans angolan angolans armenian armenians "
    "australian australians azerbaijani azerbaijanis bangladeshi bangladeshis bosniak bosniaks brazilian brazilians "
    "briton britons burmese burundian burundians cameroonian cameroonians canadian canadians chadian chadians chechen "
    "chechens chinese christian christians colombian colombians congolese copt copts croat croats cuban cubans dinka "
    "druze egyptian egyptians eritrean eritreans ethiopian ethiopians filipino filipinos georgian georgians german "
    "germans ghanaian ghanaians haitian haitians hazara hazaras hindu hindus houthi houthis hutu hutus indian indians "
    "indonesian indonesians iranian iranians iraqi iraqis israeli israelis italian italians ivorian ivorians beninese "
    "gabonese togolese burkinabe zambian zambians namibian namibians malawian malawians tanzanian tanzanians japanese "
    "jew jews jordanian jordanians kenyan kenyans korean koreans kurd kurds kuwaiti kuwaitis lebanese liberian "
    "liberians libyan libyans malian malians mexican mexicans moroccan moroccans mozambican mozambicans muslim "
    "muslims nepali nepalis nigerian nigerians nigerien nigeriens nuer oromo pakistani pakistanis palestinian "
    "palestinians rohingya russian russians rwandan rwandans saudi saudis senegalese serb serbs shia shias shiite "
    "shiites sikh sikhs somali somalis spaniard spaniards sudanese sunni sunnis swede swedes syrian syrians tamil "
    "tamils thai thais tibetan tibetans tunisian tunisians turk turks tutsi tutsis ugandan ugandans ukrainian "
    "ukrainians uyghur uyghurs venezuelan venezuelans vietnamese yazidi yazidis yemeni yemenis zimbabwean zimbabweans"
)
EVERYBODY = _ANYBODY | NATIONS
#: Nouns that name a part of those hit, and the part's name, which is the first of each entry.
_GROUPS = """
children child kids kid toddlers toddler schoolchildren schoolchild |women woman |girls girl schoolgirls schoolgirl
|boys boy schoolboys schoolboy |babies baby infants infant newborns newborn |civilians civilian |women-and-children
|members member |soldiers soldier troops troop servicemen serviceman jawans jawan conscripts conscript recruits
recruit cadets cadet paratroopers paratrooper |marines marine |sailors sailor seamen seaman |airmen airman |pilots
pilot co-pilot copilot |troopers trooper |rangers ranger |commandos commando |forces |fighters fighter |militants
militant |rebels rebel |guerrillas guerrilla guerillas guerilla |jihadists jihadist jihadis jihadi |extremists
extremist islamists islamist |communists communist |nationalists nationalist |vigilantes vigilante |separatists
separatist |loyalists loyalist |operatives operative |mercenaries mercenary |paramilitaries paramilitary |insurgents
insurgent |terrorists terrorist |taliban talibans talib taleban |maoists maoist |naxalites naxalite naxals naxal
|bandits bandit |robbers robber |pirates pirate |criminals criminal gangsters gangster |police policemen policeman
policewoman cop cops constables constable |officers officer |agents agent |guards guard bodyguards bodyguard
|journalists journalist reporters reporter |medics medic paramedics paramedic |doctors doctor |nurses nurse
|rescuers rescuer |firefighters firefighter firemen fireman |aid-workers |students student pupils pupil seminarians
seminarian |teachers teacher |crew crewmen crewman |tourists tourist holidaymakers holidaymaker |foreigners
foreigner |nationals national |citizens citizen |commanders commander generals colonel colonels |leaders leader
|personnel |peacekeepers peacekeeper |relatives relative |mothers mother |fathers father |sons son |daughters
daughter |brothers brother |sisters sister |siblings sibling |wives wife |husbands husband |parents parent
|grandmother grandmothers |grandfather grandfathers |staff staffers staffer employees employee |teenagers teenager
teens teen |youths youth |minors minor juveniles juvenile |adults adult |pensioners pensioner |gunmen gunman
shooters shooter |attackers attacker assailants assailant perpetrators perpetrator |hijackers hijacker |bombers
bomber |suspects suspect |hostages hostage |patients patient |elderly |drivers driver |conductors conductor
|volunteers volunteer |combatants combatant |militiamen militiaman militias militia |settlers settler |politicians
politician lawmakers lawmaker |judges judge |lawyers lawyer |activists activist |experts expert technicians
technician consultants consultant |advisers adviser advisors advisor |opponents opponent |diplomats diplomat
ambassadors ambassador |executives executive managers manager directors director |chiefs chief |elders elder
|informants informant spies spy |traffickers trafficker dealers dealer |supporters supporter |contractors contractor
|engineers engineer |clerics cleric imams imam |priests priest |nuns nun |monks monk |missionaries missionary
|officials official |ministers minister |mayors mayor |governors governor
"""
GROUPS = {word: phrase.split()[0] for phrase in _GROUPS.replace("\n", " ").split("|") for word in phrase.split()}
PEOPLE = EVERYBODY | GROUPS.keys()
#: Words before a toll that say whose it is: "military death toll tops 1,000".
KEPT_FOR = {
    "military": "soldiers", "army": "soldiers", "troop": "soldiers", "soldier": "soldiers", "police": "police",
    "civilian": "civilians", "child": "children", "combat": "soldiers", "militant": "militants", "rebel": "rebels",
}  # fmt: skip
_SAME_IN_PLURAL = frozenset({"people", "men", "children", "police", "taliban", "personnel", "staff", "crew", "elderly"})
#: Nouns of a single person, beside which a number leaves somebody out: "3 fighters and a commander".
SINGULAR = frozenset(word for word in PEOPLE - _SAME_IN_PLURAL - NATIONS if not word.endswith(("s", "men")))
