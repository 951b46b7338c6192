"""The answers of the management API in one file: rulebases, lists of objects, packages, errors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePath

from parsers.checkpoint.catalogue import Item
from parsers.checkpoint.context import Context
from parsers.checkpoint.rulebase import SECTIONS, Page, page_of
from parsers.json_text import JsonNode, objects
from parsers.redact import redact_text
from rulecheck.model.device import Severity

_ADMINISTRATIVE_LISTS = frozenset({"tasks", "sessions", "domains", "administrators", "login-messages", "api-settings"})
_LISTS = frozenset({
    "objects", "access-layers", "packages", "threat-layers", "https-layers", "nat-layers", "objects-dictionary",
    "wildcards", "used-directly", "used-indirectly",
})  # fmt: skip
_RULES = frozenset({"access-rule", "access-section", "nat-rule", "nat-section"})
_READ = frozenset({
    "uid", "name", "type", "members", "include", "except", "interfaces", "dynamic-ip", "broadcast", "subnet-mask",
    "subnet", "subnet4", "subnet6", "mask-length", "mask-length4", "mask-length6", "ipv4-address", "ipv6-address",
    "ipv4-address-first", "ipv4-address-last", "ipv6-address-first", "ipv6-address-last", "ipv4-mask-wildcard",
    "ipv6-mask-wildcard", "ip-address-first", "ip-address-last", "is-sub-domain", "port", "source-port", "protocol",
    "match-by-protocol-signature", "icmp-type", "icmp-code", "ip-protocol", "match", "action", "interface-uuid",
    "program-number", "user-defined", "start", "start-now", "end", "end-never", "hours-ranges", "recurrence",
    "implicit-cleanup-action", "access-layers", "installation-targets",
})  # fmt: skip
"""Members of objects that are part of the model."""


@dataclass(slots=True)
class Answers:
    """What a file has: pages of rulebases, and packages."""

    pages: list[Page] = field(default_factory=list)
    packages: list[Item] = field(default_factory=list)


def sort(context: Context, documents: Iterable[JsonNode]) -> Answers:
    """Find the answers in the documents of a file and account for the lines that are no rules."""
    answers = Answers()
    stem = PurePath(context.config.path).stem
    for document in documents:
        if document.items and document.items[0].text("type") in _RULES:
            answers.pages.append(page_of(document, context.ledger, stem))
            recognised = True
        else:
            recognised = False
            for node in objects(document):
                recognised |= _take(context, node, answers, stem)
        _account(context, document, recognised=recognised)
    for item in context.catalogue.items.values():
        if item.kind == "package":
            answers.packages.append(item)
        _account_object(context, item)
    return answers


def _take(context: Context, node: JsonNode, answers: Answers, stem: str) -> bool:
    """Take one object of a document if it is an answer; return whether it is one."""
    if node.text("type") in SECTIONS:
        return False
    rulebase = node.get("rulebase")
    if rulebase is not None and rulebase.kind == "array":
        answers.pages.append(page_of(node, context.ledger, stem))
        return True
    if node.text("code") is not None and node.text("message") is not None:
        _error(context, node)
        return True
    listed = [key for key in _LISTS if key in node.members]
    for key in listed:
        _short_list(context, node, key)
    return bool(listed) or any(key in node.members for key in _ADMINISTRATIVE_LISTS) or _is_object(node)


def _is_object(node: JsonNode) -> bool:
    return node.text("uid") is not None and node.text("type") is not None


def _error(context: Context, node: JsonNode) -> None:
    message = redact_text(node.text("message") or "")
    for line in node.lines:
        context.ledger.understood(line)
    context.ledger.report("RC605", Severity.LOW, node.line, f"the management server answered with an error: {message}")


def _short_list(context: Context, node: JsonNode, key: str) -> None:
    """Report a list of objects of which the file has a part only."""
    last, total = node.whole("to"), node.whole("total")
    if last is None or total is None or key == "objects-dictionary":
        return
    first = node.whole("from") or 1
    if first > 1 or last < total:
        message = f"this page has objects {first} to {last} of {total}: add the other pages to the file"
        context.ledger.report("RC607", Severity.LOW, node.line, message)


def _account(context: Context, document: JsonNode, *, recognised: bool) -> None:
    if not recognised and (document.members or document.items):
        context.ledger.unknown(document.line, "this answer was not recognised: export rulebases and objects")
    for line in document.lines:
        context.ledger.ignored(line)


def _account_object(context: Context, item: Item) -> None:
    """What an object is made of is understood; what only administers it is ignored."""
    if item.node is None:
        return
    context.ledger.understood(item.node.line)
    context.ledger.understood(item.node.end)
    for key, member in item.node.members.items():
        for line in member.lines if key in _READ else ():
            context.ledger.understood(line)
