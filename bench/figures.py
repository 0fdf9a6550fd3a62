"""One measured figure, and how it is told."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """`value` in `unit`, None where it could not be measured; `ratio` is ours to what stands in `against`."""

    name: str
    engine: str
    value: float | None
    unit: str
    against: str = ""
    ratio: float | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def cells(self) -> tuple[str, ...]:
        """As printed in the table."""
        value = (
            "not measured" if self.value is None else f"{self.value:,.4g}" if self.value < 100 else f"{self.value:,.0f}"
        )
        return self.name, self.engine, value, self.unit, self.against, "" if self.ratio is None else f"{self.ratio:.2f}"
