"""The JSON Schema of answers. ``python -m reports.answers.schema`` writes the stored copy anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from reports.answers.models import AnswerModel

STORED = Path(__file__).parents[1] / "schema" / "rulecheck.answer.1.schema.json"
"""The published schema; a test fails when it differs from what the models generate."""


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) that every answer in JSON obeys."""
    generated = AnswerModel.model_json_schema(by_alias=True, mode="validation")
    generated["title"] = "rulecheck answer, version 1"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **generated}


def schema_text() -> str:
    """Return the schema as it is stored."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    STORED.write_text(schema_text(), encoding="utf-8")
