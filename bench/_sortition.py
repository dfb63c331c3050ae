"""Runs in the environment of the reference: one instance, one objective, chances as JSON. Never imported by Madang."""

import csv
import json
import sys
import time
from collections import Counter
from pathlib import Path

from sortition_algorithms import Settings, committee_generation, read_in_features, read_in_people


def main() -> None:
    objective, folder, seats = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    with (folder / "categories.csv").open(encoding="utf-8", newline="") as file:
        quotas = csv.DictReader(file)
        features, *_names = read_in_features(list(quotas.fieldnames or []), list(quotas), seats)
    with (folder / "respondents.csv").open(encoding="utf-8", newline="") as file:
        respondents = csv.DictReader(file)
        settings = Settings(id_column="id", columns_to_keep=[], selection_algorithm=objective)
        people, _report = read_in_people(list(respondents.fieldnames or []), list(respondents), features, settings)
    find = {
        "maximin": committee_generation.find_distribution_maximin,
        "leximin": committee_generation.find_distribution_leximin,
    }[objective]
    started, worked = time.perf_counter(), time.process_time()
    panels, weights, _report = find(features, people, seats, [])
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - worked
    chances: Counter[str] = Counter()
    for panel, weight in zip(panels, weights, strict=True):
        chances.update(dict.fromkeys(panel, weight))
    found = [chances[person] for person in people]
    sys.stdout.write(json.dumps({"seconds": seconds, "cpu_seconds": cpu_seconds, "chances": found}) + "\n")


main()
