"""Examples in the documentation are run: docstrings, docs/api.md, and the notebook."""

from __future__ import annotations

import doctest
import importlib
import json
import pkgutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from rulecheck import api

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "docs" / "examples").glob("*.ipynb"))
NAMES = {name: getattr(api, name) for name in api.__all__} | {"api": api}


def _modules() -> list[str]:
    return ["rulecheck.api", *(f"rulecheck.api.{one.name}" for one in pkgutil.iter_modules(api.__path__))]


@pytest.mark.parametrize("name", _modules())
def test_examples_in_docstrings_say_what_happens(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name), extraglobs=NAMES, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.failed == 0


def test_the_functions_have_examples() -> None:
    for function in (api.query, api.equivalent, api.simulate, api.analyze):
        assert ">>>" in (function.__doc__ or ""), function


@pytest.mark.parametrize("name", ["api.md", "questions.md"])
def test_examples_in_the_documents_say_what_happens(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    path = ROOT / "docs" / name
    result = doctest.testfile(
        str(path), module_relative=False, globs=dict(NAMES), optionflags=doctest.NORMALIZE_WHITESPACE
    )
    assert result.failed == 0
    assert result.attempted > 0 or name != "api.md"


def _cells(path: Path) -> list[dict[str, Any]]:
    cells: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


def _shown(cell: dict[str, Any]) -> str:
    """Return what the notebook says that a cell shows."""
    parts = []
    for output in cell["outputs"]:
        text = output["text"] if output["output_type"] == "stream" else output["data"]["text/plain"]
        parts.append("".join(text))
    return "".join(parts).rstrip("\n")


def run_cell(source: str, names: dict[str, Any]) -> str:
    """Run a cell as a notebook does: what is printed, then the value of a last expression."""
    import ast
    import contextlib
    import io

    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(tree, "<cell>", "exec"), names)
        if last is not None:
            assert isinstance(last, ast.Expr)
            value = eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)
            if value is not None:
                out.write(repr(value))
    return out.getvalue().rstrip("\n")


def _until_the_end(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Return a ``set_option`` whose settings end with the test."""

    def set_option(*settings: object) -> None:
        context = pd.option_context(*settings)
        context.__enter__()
        request.addfinalizer(lambda: context.__exit__(None, None, None))

    return set_option


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_runs_and_shows_what_is_stored(
    path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.chdir(path.parent)
    monkeypatch.setattr(pd, "set_option", _until_the_end(request))
    names: dict[str, Any] = {"__name__": "__main__"}
    cells = _cells(path)
    assert cells
    for cell in cells:
        assert run_cell("".join(cell["source"]), names) == _shown(cell), "".join(cell["source"])


def test_there_is_a_notebook() -> None:
    assert NOTEBOOKS
