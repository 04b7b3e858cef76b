"""Footprints: where an operator with a reach has customers, town by town.

A market's file knows towns and their people; a scenario says which towns it
has, and which part of the people each operator serves. Everybody is served
alike in every town, which is simpler than life, and enough: what must differ
from place to place is the number of people.
"""

import msgspec

from pipeline.simulate.spec.scenario import AreaIn, OperatorIn, PlaceIn, ScenarioFile


def with_footprints(file: ScenarioFile) -> ScenarioFile:
    """Add to a scenario's areas those that follow from its towns and its operators' reach.

    Towns of which no place is known are left out; the checks name them.
    """
    places = {place.id: place for place in file.places}
    towns = [places[town] for town in file.towns if town in places]
    made = tuple(_area(operator, town) for operator in file.operators if operator.reach for town in towns)
    return msgspec.structs.replace(file, areas=(*file.areas, *made))


def _area(operator: OperatorIn, town: PlaceIn) -> AreaIn:
    return AreaIn(
        id=town.id,
        operator=operator.id,
        customers={service: round(town.population * share) for service, share in operator.reach.items()},
        spellings=town.spellings,
        hashtags=town.hashtags,
        postcodes=town.postcodes,
    )
