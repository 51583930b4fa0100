"""What the field calls our columns and values: a closed list, for advice alone; nothing is read by it."""

from __future__ import annotations

__all__ = ["SYNONYMS", "VALUES", "field_of"]

#: By our column, other names of it, those that are surest first.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "event": (
        "event_name", "incident_name", "incident", "event_title", "incident_title", "name_of_event", "attack",
        "massacre", "disaster", "disaster_name", "event_id", "incident_id", "event_no", "event_number", "case_id", "id",
    ),
    "source": (
        "source_name", "sources", "reported_by", "reporter", "agency", "outlet", "publisher", "media", "newspaper",
        "organisation", "organization", "org", "source_office", "source_article", "informant",
    ),
    "figure": (
        "deaths", "dead", "fatalities", "death_toll", "toll", "deaths_reported", "reported_deaths", "number_of_deaths",
        "total_deaths", "people_killed", "persons_killed", "number_killed", "n_killed", "total_killed", "victims",
        "reported_figure", "number", "count", "value", "claim",
    ),
    "low": (
        "value_low", "low_estimate", "lower", "minimum", "min", "killed_min", "min_killed", "deaths_low", "deaths_min",
        "fatalities_low", "fatalities_min", "minimum_deaths", "min_deaths", "min_fatalities", "killed_low",
        "low_deaths", "lowest", "deaths_minimum",
    ),
    "high": (
        "value_high", "high_estimate", "upper", "maximum", "max", "killed_max", "max_killed", "deaths_high",
        "deaths_max", "fatalities_high", "fatalities_max", "maximum_deaths", "max_deaths", "max_fatalities",
        "killed_high", "high_deaths", "highest", "deaths_maximum",
    ),
    "best": ("best_estimate", "deaths_best", "killed_best", "fatalities_best"),
    "wording": ("bound", "qualifier", "precision", "modifier", "hedge"),
    "outcome": ("quantity", "casualty_type", "type_of_casualty", "measure", "indicator", "metric"),
    "source_type": ("source_classification", "type_of_source", "source_category", "source_scale"),
    "reported_at": (
        "report_date", "date_reported", "date_of_report", "source_date", "published", "published_at", "date_published",
        "publication_date", "pub_date", "reported", "as_of", "timestamp",
    ),
    "event_date": (
        "date", "incident_date", "date_of_event", "date_of_incident", "date_start", "start_date", "day_of_event",
    ),
    "event_type": ("incident_type", "attack_type", "disaster_type", "type_of_event", "hazard", "type"),
    "place": (
        "location", "place_name", "locality", "city", "town", "village", "where", "district", "admin2", "admin1",
        "province", "governorate", "region", "country",
    ),
    "verified": ("truth", "final_toll", "official_toll", "verified_toll", "true_toll"),
    "quotes": ("original_source", "primary_source", "citing", "quoting", "attribution", "according_to"),
    "url": ("link", "source_url", "article_url", "href"),
    "note": ("notes", "comment", "comments", "remarks", "description"),
}  # fmt: skip
#: Outcomes whose columns stand side by side in many tables.
SYNONYMS |= {
    "killed": ("killed", "dead", "deaths", "fatalities"),
    "injured": ("injured", "wounded", "injuries"),
    "missing": ("missing",),
    "displaced": ("displaced",),
}

#: By our column, what the field says for our values.
VALUES: dict[str, dict[str, tuple[str, ...]]] = {
    "wording": {
        "exactly": ("exact", "equal", "precise", "="),
        "at_least": ("min", "minimum", "lower", "lower_bound", ">="),
        "at_most": ("max", "maximum", "upper", "upper_bound", "<="),
        "about": ("approx", "approximate", "approximately", "around", "circa", "estimate", "~"),
        "more_than": ("over", "above", "greater_than", ">"),
        "range": ("between", "interval"),
    },
    "outcome": {
        "killed": ("deaths", "death", "dead", "fatalities", "fatality", "kills"),
        "injured": ("injuries", "injury", "wounded", "hurt"),
        "missing": ("disappeared",),
        "displaced": ("displacement", "idps"),
    },
}

_FIELDS = {name: ours for ours, names in reversed(SYNONYMS.items()) for name in names}


def field_of(name: str) -> str | None:
    """Our column, or outcome, that the field calls so (in small letters); None where it is not in the list."""
    return _FIELDS.get(name)
