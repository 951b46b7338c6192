"""Macros: defined once, put in where their names stand behind a dollar sign."""

from __future__ import annotations

from dataclasses import dataclass, field

from parsers.bsd.pf.tokens import Statement, Token, tokens_of

MOST_TOKENS = 100_000
"""Most words that one statement may have with its macros put in."""


class TooLargeError(ValueError):
    """A statement has too many words with its macros put in."""


@dataclass(slots=True)
class Macros:
    """The macros that were defined so far."""

    known: dict[str, list[Token]] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def define(self, statement: Statement) -> bool:
        """Take a definition; return whether the statement is one."""
        tokens = statement.tokens
        if len(tokens) < 3 or tokens[0].quoted or tokens[1].text != "=" or tokens[1].quoted:
            return False
        name = tokens[0].text
        value: list[Token] = []
        for token in tokens[2:]:
            if token.quoted:
                value += [Token(one.text, one.line, one.quoted, (f"${name}",)) for one in _words(token)]
            else:
                value += self._put_in(token, (f"${name}",))
            _check(value)
        self.known[name] = value
        self.lines[name] = statement.line
        return True

    def expand(self, tokens: list[Token]) -> tuple[list[Token], list[str]]:
        """Return tokens with macros put in, and the names of macros that are not defined.

        Raises:
            TooLargeError: there are too many.
        """
        if not any(token.text.startswith("$") and not token.quoted for token in tokens):
            return tokens, []
        found: list[Token] = []
        missing = []
        for token in tokens:
            name = token.text[1:]
            if token.quoted or not token.text.startswith("$"):
                found.append(token)
                continue
            self.used.add(name)
            if name not in self.known:
                missing.append(name)
                found.append(token)
            else:
                found += [
                    Token(one.text, one.line, one.quoted, (token.text, *one.path[1:])) for one in self.known[name]
                ]
            _check(found)
        return found, missing

    def _put_in(self, token: Token, path: tuple[str, ...]) -> list[Token]:
        if not token.text.startswith("$"):
            return [Token(token.text, token.line, path=path)]
        self.used.add(token.text[1:])
        known = self.known.get(token.text[1:])
        if known is None:
            return [token]
        return [Token(one.text, one.line, one.quoted, (*path, token.text)) for one in known]


def _words(token: Token) -> list[Token]:
    found, _, problem = tokens_of(token.text, token.line)
    return found if not problem else [token]


def _check(found: list[Token]) -> None:
    if len(found) > MOST_TOKENS:
        raise TooLargeError(f"it has more than {MOST_TOKENS:,} words with its macros put in")
