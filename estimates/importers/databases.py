"""The databases that can be imported: their columns with the codebook they were taken from, and what a row means.

Names of columns are written as `estimates.table.header.normal` gives them: small letters, underscores for spaces.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["DATABASES", "Database"]


@dataclass(frozen=True, slots=True)
class Database:
    """One layout of a database.

    Attributes
    ----------
    name : str
        What the command calls it.
    title : str
        What readers call it.
    codebook : str
        Where its columns were taken from.
    row : str
        What one of its rows means, and what becomes of it.
    key : str
        The column that tells its rows apart; empty where rows may repeat.
    required : tuple of str
        Columns without which nothing is imported.
    used : tuple of str
        Further columns that are used where a file has them.
    kept : tuple of str
        Columns that are kept as text in ``note`` or ``url``.
    left : tuple of str
        Columns that are known and left.
    place : tuple of str
        The first of these that a file has is ``place``, unless told otherwise.
    marks : tuple of frozenset of str
        A file that has all columns of one of these sets is of this database.
    called : mapping of str to str
        Other names that columns have had, with those they are known by here.
    lacks : tuple of str
        What the database does not tell, with what follows from that.
    more : str
        A pattern for names of further columns that are known, of which there can be any number.
    """

    name: str
    title: str
    codebook: str
    row: str
    key: str
    required: tuple[str, ...]
    used: tuple[str, ...]
    kept: tuple[str, ...]
    left: tuple[str, ...]
    place: tuple[str, ...]
    marks: tuple[frozenset[str], ...]
    called: Mapping[str, str] = field(default_factory=dict)
    lacks: tuple[str, ...] = ()
    more: str = r"(?!)"

    @property
    def known(self) -> frozenset[str]:
        """Every column that the codebook has, by its name here."""
        return frozenset((*self.required, *self.used, *self.kept, *self.left, *self.place))

    def canonical(self, name: str) -> str:
        """The name by which a column is known here."""
        return self.called.get(name, name)


UCDP = Database(
    name="ucdp",
    title="UCDP GED",
    codebook=(
        "UCDP Georeferenced Event Dataset 23.1, its 49 columns (as many in 25.1 and 26.1); codebook "
        "https://ucdp.uu.se/downloads/ged/ged231.pdf, its meanings as R/GED.R of github.com/mcgirjau/ucdp gives them"
    ),
    row=(
        "one event as UCDP's coders saw it: best is the figure of one source, UCDP GED; low, high and the deaths of "
        "each side, whose sum best is, stand in the note"
    ),
    key="id",
    required=("id", "date_start", "date_end", "best", "low", "high"),
    used=("event_clarity", "where_coordinates", "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown"),
    kept=(
        "relid", "dyad_name", "type_of_violence", "where_description", "date_prec", "number_of_sources",
        "source_article", "source_original",
    ),
    left=(
        "year", "active_year", "code_status", "conflict_dset_id", "conflict_new_id", "conflict_name", "dyad_dset_id",
        "dyad_new_id", "side_a_dset_id", "side_a_new_id", "side_a", "side_b_dset_id", "side_b_new_id", "side_b",
        "source_office", "source_date", "source_headline", "where_prec", "adm_1", "adm_2", "latitude", "longitude",
        "geom_wkt", "priogrid_gid", "country_id", "region", "gwnoa", "gwnob",
    ),
    place=("country",),
    marks=tuple(
        frozenset({"date_start", "date_end", "best", "low", "high", mark})
        for mark in ("type_of_violence", "relid", "dyad_name", "event_clarity")
    ),
    lacks=(
        "weapons are not coded: every event is an attack",
        "who said what is not coded: UCDP GED is the one source, and its articles stand in the note",
    ),
)  # fmt: skip

ACLED = Database(
    name="acled",
    title="ACLED",
    codebook=(
        "ACLED Codebook, Table 1 (31 columns, since the changes of March 2023), "
        "https://acleddata.com/methodology/acled-codebook; older names from its guide to the column changes of 2023"
    ),
    row=(
        "one event of one day: fatalities is the figure of one source, ACLED, and the lowest where its sources differ, "
        "so it is read as at least so many"
    ),
    key="event_id_cnty",
    required=("event_id_cnty", "event_date", "fatalities"),
    used=("time_precision", "sub_event_type", "location", "timestamp"),
    kept=("event_type", "actor1", "actor2", "source", "notes", "tags"),
    left=(
        "year", "disorder_type", "assoc_actor_1", "inter1", "assoc_actor_2", "inter2", "interaction",
        "civilian_targeting", "iso", "region", "admin1", "admin2", "admin3", "latitude", "longitude", "geo_precision",
        "source_scale", "data_id", "event_id_no_cnty", "iso3",
    ),
    place=("country",),
    marks=(frozenset({"event_id_cnty", "event_date", "fatalities"}),),
    lacks=(
        "rows with 0 fatalities are left out: ACLED writes 0 also where its sources say nothing of deaths",
        "a toll over several days is divided by ACLED over its days: such an event stands in several rows",
        "whose dead they are is not coded: fatalities are of all sides, and of the injured there are no figures",
    ),
)  # fmt: skip

_AIRWARS_GROUPS = (
    "children", "women", "men", "human_rights_defenders", "journalists", "trade_unionists", "healthcare_personnel",
    "other_civilian_non_combatants", "undetermined", "other_protected_persons", "medical_and_religious_personnel_state",
    "medical_and_religious_personnel_non_state", "persons_hors_de_combat", "belligerents", "member_of_armed_forces",
    "persons_directly_participating_in_hostilities", "civilian_role_in_military",
)  # fmt: skip
_ENDS = ("killed_min", "killed_max", "injured_min", "injured_max")
AIRWARS_CIVILIANS = "civilian_non_combatants"
#: What the file says of each belligerent of an incident, as belligerent_1_..., belligerent_2_... and so on.
AIRWARS_BELLIGERENT = (
    "belligerent_name", "deaths_conceded_min", "deaths_conceded_max", "injuries_conceded_min", "injuries_conceded_max",
)  # fmt: skip

AIRWARS = Database(
    name="airwars",
    title="Airwars",
    codebook=(
        "incidents.csv as the website's own code writes it: theme/functions2/data-exporter.php, summary-data.php and "
        "civcas-incident.php of github.com/rctngle/airwars-archive-2025 (commit 31d33db); gradings from "
        "conflict-data.php there and https://airwars.org/about/methodology"
    ),
    row=(
        "one incident: civilians reported killed and injured, from the lowest to the highest claim, are figures of one "
        "source, Airwars, and count civilians; deaths that a belligerent conceded are that belligerent's own figure"
    ),
    key="code",
    required=("code", "date", f"{AIRWARS_CIVILIANS}_killed_min", f"{AIRWARS_CIVILIANS}_killed_max"),
    used=(
        f"{AIRWARS_CIVILIANS}_injured_min", f"{AIRWARS_CIVILIANS}_injured_max", "date_type", "date_end",
        "location_name", "post_modified", "post_published", "strike_type_name", "civilian_harm_status_name",
        "permalink",
    ),
    kept=(
        "strike_status_name", "num_victims_named", "num_sources", "belligerents_killed_min", "belligerents_killed_max",
    ),
    left=(
        "id", "post_id", "post_status", "previous_codes", "local_time_type", "local_time", "local_time_start",
        "local_time_end", "local_time_of_day", "local_first_reported_date_time", "local_first_reported_by",
        "local_first_reported_url", "country_slug", "location_name_arabic", "location_name_hebrew",
        "location_name_ukrainian", "region", "strike_status_slug", "infrastructure_name", "infrastructure_slug",
        "strike_type_slug", "targeted_belligerent_name", "targeted_belligerent_slug", "observation_name",
        "observation_slug", "impact_name", "impact_slug", "total_strikes", "civilian_harm_reported",
        "civilian_harm_status_slug", "cause_of_death_injury_name", "cause_of_death_injury_slug", "geolocated",
        "latitude", "longitude", "geolocation_status_name", "geolocation_status_slug", "geolocation_accuracy_name",
        "geolocation_accuracy_slug", "geojson_caption", "geolocation_notes", "geolocation_notes_internal",
        "geolocation_sign_off_assessor", "geolocation_sign_off_date_time", "num_media", "num_victims",
        "num_victims_named_english", "num_victims_named_arabic", "num_victims_named_hebrew",
        "num_victims_named_ukrainian", "num_reconciled", "num_families", "num_individuals", "victim_average_age",
        "declassified_assessment", "press_release", "num_sources_twitter", "num_sources_facebook",
        "num_sources_telegram", "num_sources_other", "summary",
        *(f"{group}_{end}" for group in _AIRWARS_GROUPS for end in _ENDS
          if (group, end) not in {("belligerents", "killed_min"), ("belligerents", "killed_max")}),
    ),
    place=("country_name",),
    marks=(frozenset({"code", f"{AIRWARS_CIVILIANS}_killed_min", f"{AIRWARS_CIVILIANS}_killed_max"}),),
    lacks=(
        "a figure is dated by the last change of its page, which may be a change of something else",
        "named victims are no floor: num_victims_named counts the injured too, and names as sources gave them; the "
        "number stands in the note",
        "who claimed what stands in another file: Airwars is the one source beside belligerents",
    ),
    more=r"belligerent_\w+",
)  # fmt: skip

_MAVERICK_ACTOR = (
    "", "_id", "_type", "_subtype", "_party", "_violence", "_precision", "_initiator", "_perpetrator", "_intervener",
    "_bystander", "_victim",
)  # fmt: skip

MAVERICK = Database(
    name="maverick",
    title="MAVERICK",
    codebook=(
        "maverick_event_report of the R package eventreport 0.1.2 (R/maverick_event_report.R, 108 columns), after van "
        "Baalen, Landeström, Richardson-Golinski and Höglund, The MAVERICK Dataset Codebook 1.0"
    ),
    row=(
        "what one source reported of one event: up to two reports, of the killed and of the injured, by the source "
        "that wrote it on the day it wrote; low to high is a range where they differ, else best"
    ),
    key="id",
    required=(
        "event_id", "date_start", "date_end", "source", "source_author",
        "deaths_best", "deaths_low", "deaths_high", "injuries_best", "injuries_low", "injuries_high",
    ),
    used=("id", "source_type"),
    kept=("city", "location"),
    left=(
        "election", "certain", *(f"certain{number}" for number in range(1, 7)), "latitude", "longitude",
        "geo_precision", *(f"actor{number}{end}" for number in range(1, 7) for end in _MAVERICK_ACTOR),
        "event_context", "target", "displacement", "damage", "number_of_sources", "source_classification", "sampling",
        "unit_of_analysis", "aggregation",
    ),
    place=("country",),
    marks=(frozenset({"event_id", "deaths_best", "deaths_low", "deaths_high", "source_author"}),),
    lacks=(
        "rows with 0 are left out: 0 can mean that the report does not mention it",
        "no report says of which sources it speaks: outlets that copy one another look independent",
    ),
)  # fmt: skip

#: The same reports one row a quantity, as pages on them have it; the names are those of that file alone.
MAVERICK_LONG = Database(
    name="maverick",
    title="MAVERICK, one row a quantity",
    codebook=(
        "a long form of maverick_event_report (R package eventreport), one row for the killed and one for the injured: "
        "source is source_author there, and note the source"
    ),
    row=(
        "what one source reported of the killed or of the injured of one event; low to high is a range where they "
        "differ, else value"
    ),
    key="",
    required=(
        "event_id", "date", "source", "reported_at", "quantity", "value_low", "value", "value_high",
        "source_classification",
    ),
    used=("date_end", "source_type"),
    kept=("event_name", "note", "url"),
    left=("bound", "truth", "truth_source", "geo_precision", "actor_perp"),
    place=("country",),
    marks=(
        frozenset({"event_id", "quantity", "value_low", "value", "value_high", "source_classification", "actor_perp"}),
    ),
    lacks=MAVERICK.lacks,
)  # fmt: skip

MISSING_MIGRANTS = Database(
    name="missing-migrants",
    title="IOM Missing Migrants",
    codebook=(
        "Missing Migrants Project of the IOM, the 25 columns of Missing_Migrants_Global_Figures_allData "
        "(https://missingmigrants.iom.int/downloads); meanings from https://missingmigrants.iom.int/methodology"
    ),
    row=(
        "one incident: the bodies found are killed, the minimum estimated number of missing is missing, at least so "
        "many, the survivors are survivors; all are figures of one source, IOM Missing Migrants"
    ),
    key="incident_id",
    required=(
        "incident_id", "incident_date", "number_of_dead", "minimum_estimated_number_of_missing",
        "total_number_of_dead_and_missing",
    ),
    used=("incident_type", "incident_year", "month", "number_of_survivors", "cause_of_death", "location_of_incident",
          "url"),
    kept=("main_id", "migration_route", "information_source", "source_quality", "country_of_origin", "article_title"),
    left=(
        "number_of_females", "number_of_males", "number_of_children", "region_of_origin", "coordinates",
        "unsd_geographical_grouping",
    ),
    place=("country_of_incident", "region_of_incident"),
    marks=(frozenset({"number_of_dead", "minimum_estimated_number_of_missing"}),),
    called={
        "web_id": "incident_id",
        "website_date": "incident_date",
        "reported_date": "incident_date",
        "reported_year": "incident_year",
        "reported_month": "month",
        "number_dead": "number_of_dead",
        "total_dead_and_missing": "total_number_of_dead_and_missing",
        "location_of_death": "location_of_incident",
        "location_description": "location_of_incident",
        "location_coordinates": "coordinates",
    },
    lacks=(
        "Information Source may list several: the figure is the project's own, so IOM Missing Migrants is the one "
        "source, and those it names stand in the note",
        "cumulative incidents are left out: the file has the last day of their period and not the first",
        "people missing bear on the killed while a list is less than thirty days old (docs/missing.md): of figures "
        "without a date, or dated by the release of the file, they say little or nothing",
    ),
)  # fmt: skip

#: Every layout that can be imported; those of one database stand together.
DATABASES = (UCDP, ACLED, AIRWARS, MAVERICK, MAVERICK_LONG, MISSING_MIGRANTS)
