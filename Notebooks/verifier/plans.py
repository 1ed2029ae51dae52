"""What one stage of a draw asks for."""

import dataclasses

from .tickets import Difference


@dataclasses.dataclass
class Plan:
    """A stage as the receipt states it."""

    name: str
    id: str
    method: str
    take: object
    parent: str = None
    strata: tuple = ()
    reserves: int = 0
    reserves_by_stratum: dict = dataclasses.field(default_factory=dict)
    must_include: str = None
    size: str = None
    sort: tuple = ()
    rotation: float = 0.0
    balance: tuple = ()
    coordinates: tuple = ()

    @classmethod
    def of(cls, record):
        known = {field.name for field in dataclasses.fields(cls)}
        strange = sorted(set(record) - known)
        if strange:
            raise Difference("plan-unknown", "this verifier does not know the plan's " + ", ".join(strange) + ".")
        return cls(**record)

    def reserves_in(self, stratum):
        return self.reserves_by_stratum.get(stratum, self.reserves)
