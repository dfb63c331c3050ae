"""The customary ways of selection (C14), as plain rules: no Django, no clock, no chance of their own.

- `Way(method, seats, …)` says how it is drawn; `lots_of(pool, way)` which lots that makes, before anything is drawn.
- `replay(pool, way, steps) -> Outcome`: what the recorded balls and scores come to; `Outcome.prompt` asks for the
  next. The first step that cannot be raises `StepError` with a code. To enter a ball: replay with it, keep it if it
  holds.
- `write_record(pool, way, steps) -> bytes` and `read_record(data)`: everything needed to replay it elsewhere, in
  canonical form; `fingerprint_of(pool, way, steps)` is its SHA-256. `way_as_data` and `way_from_data` for the way
  alone.
- `simulate(pool, way, seed=, times=)`: how often each person would be seated, for the comparison with the fair lottery.

`councils.customary_wording` has the sentences.
"""

from councils.customary.records import (
    FORMAT,
    RecordError,
    fingerprint_of,
    read_record,
    way_as_data,
    way_from_data,
    write_record,
)
from councils.customary.replaying import (
    Asked,
    Fault,
    Outcome,
    Passed,
    Prompt,
    Reason,
    Step,
    StepError,
    replay,
)
from councils.customary.simulation import Simulation, indistinguishable, simulate
from councils.customary.ways import Lot, Method, Way, apportion, lots_of

__all__ = [
    "FORMAT",
    "Asked",
    "Fault",
    "Lot",
    "Method",
    "Outcome",
    "Passed",
    "Prompt",
    "Reason",
    "RecordError",
    "Simulation",
    "Step",
    "StepError",
    "Way",
    "apportion",
    "fingerprint_of",
    "indistinguishable",
    "lots_of",
    "read_record",
    "replay",
    "simulate",
    "way_as_data",
    "way_from_data",
    "write_record",
]
