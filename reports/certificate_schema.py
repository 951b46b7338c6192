"""The JSON Schema of the certificates file. ``python -m reports.certificate_schema`` writes the stored copy anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from reports.certificate_models import CertificatesModel

STORED = Path(__file__).parent / "schema" / "rulecheck.certificates.1.schema.json"
"""The published schema; a test fails when it differs from what the models generate."""


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) that every certificates file obeys."""
    generated = CertificatesModel.model_json_schema(by_alias=True, mode="validation")
    generated["title"] = "rulecheck certificates, version 1"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **generated}


def schema_text() -> str:
    """Return the schema as it is stored."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    STORED.write_text(schema_text(), encoding="utf-8")
