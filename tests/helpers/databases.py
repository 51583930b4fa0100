"""Headers of databases written out from their codebooks, and hand-made files in those layouts.

The headers are written here a second time, from the codebooks and not from the package.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from estimates.importers.importer import Imported, import_reports
from estimates.table.report import Report
from estimates.table.reports import read_reports

#: UCDP GED 23.1, 49 columns.
UCDP = (
    "id relid year active_year code_status type_of_violence conflict_dset_id conflict_new_id conflict_name dyad_dset_id "
    "dyad_new_id dyad_name side_a_dset_id side_a_new_id side_a side_b_dset_id side_b_new_id side_b number_of_sources "
    "source_article source_office source_date source_headline source_original where_prec where_coordinates "
    "where_description adm_1 adm_2 latitude longitude geom_wkt priogrid_gid country country_id region event_clarity "
    "date_prec date_start date_end deaths_a deaths_b deaths_civilians deaths_unknown best high low gwnoa gwnob"
).split()

#: ACLED Codebook, Table 1.
ACLED = (
    "event_id_cnty event_date year time_precision disorder_type event_type sub_event_type actor1 assoc_actor_1 inter1 "
    "actor2 assoc_actor_2 inter2 interaction civilian_targeting iso region country admin1 admin2 admin3 location "
    "latitude longitude geo_precision source source_scale notes fatalities tags timestamp"
).split()

#: incidents.csv of Airwars, without the columns of groups of civilians other than children.
AIRWARS = (
    "id post_id post_status post_published post_modified permalink code previous_codes date_type date date_end "
    "country_name country_slug location_name region strike_status_name strike_type_name civilian_harm_reported "
    "civilian_harm_status_name civilian_harm_status_slug latitude longitude num_victims num_victims_named "
    "civilian_non_combatants_killed_min civilian_non_combatants_killed_max civilian_non_combatants_injured_min "
    "civilian_non_combatants_injured_max children_killed_min children_killed_max belligerents_killed_min "
    "belligerents_killed_max num_sources summary belligerent_us-forces belligerent_1_belligerent_id "
    "belligerent_1_belligerent_name belligerent_1_deaths_conceded_min belligerent_1_deaths_conceded_max "
    "belligerent_1_injuries_conceded_min belligerent_1_injuries_conceded_max belligerent_2_belligerent_name "
    "belligerent_2_deaths_conceded_min belligerent_2_deaths_conceded_max"
).split()

#: maverick_event_report of eventreport 0.1.2, 108 columns.
MAVERICK = (
    "id event_id country election certain certain1 certain2 certain3 certain4 certain5 certain6 date_start date_end "
    "city location latitude longitude geo_precision "
    + " ".join(
        f"actor{number}{end}"
        for number in (1, 2, 3, 4, 5, 6)
        for end in (
            "", "_id", "_type", "_subtype", "_party", "_violence", "_precision", "_initiator", "_perpetrator",
            "_intervener", "_bystander", "_victim",
        )
    )
    + " event_context target deaths_best deaths_low deaths_high injuries_best injuries_low injuries_high displacement "
    "damage source number_of_sources source_author source_type source_classification sampling unit_of_analysis "
    "aggregation"
).split()  # fmt: skip

#: The long form of the same reports.
MAVERICK_LONG = (
    "event_id event_name date source reported_at quantity value_low value value_high bound truth truth_source url note "
    "source_type source_classification country date_end geo_precision actor_perp"
).split()

#: Missing_Migrants_Global_Figures_allData, 25 columns.
MISSING_MIGRANTS = [
    "Main ID", "Incident ID", "Incident Type", "Region of Incident", "Incident Date", "Incident Year", "Month",
    "Number of Dead", "Minimum Estimated Number of Missing", "Total Number of Dead and Missing", "Number of Survivors",
    "Number of Females", "Number of Males", "Number of Children", "Country of Origin", "Region of Origin",
    "Cause of Death", "Country of Incident", "Migration Route", "Location of Incident", "Coordinates",
    "UNSD Geographical Grouping", "Information Source", "URL", "Source Quality",
]  # fmt: skip

HEADERS = {
    "ucdp": UCDP,
    "acled": ACLED,
    "airwars": AIRWARS,
    "maverick": MAVERICK,
    "missing-migrants": MISSING_MIGRANTS,
}


def file_of(header: list[str], *rows: Mapping[str, object]) -> io.StringIO:
    """A CSV file with all columns of a layout, and some cells filled; other columns of the rows stand at the end."""
    text = io.StringIO()
    more = [column for column in dict.fromkeys(column for row in rows for column in row) if column not in header]
    writer = csv.DictWriter(text, [*header, *more], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    text.seek(0)
    return text


def imported(database: str, header: list[str], *rows: Mapping[str, object], **options: object) -> Imported:
    """What is made of a hand-made file."""
    return import_reports(database, file_of(header, *rows), **options)  # type: ignore[arg-type]


def read_back(found: Imported) -> tuple[Report, ...]:
    """The reports, as the reader of tables of reports has them; a fault in them would be raised."""
    return read_reports(io.StringIO(found.csv())).reports


def reports_of(database: str, header: list[str], *rows: Mapping[str, object], **options: object) -> tuple[Report, ...]:
    """The reports of a hand-made file, read back."""
    return read_back(imported(database, header, *rows, **options))


def notes_with(found: Imported, words: str) -> list[str]:
    """The notes that hold some words."""
    return [note for note in found.notes if words in note]
