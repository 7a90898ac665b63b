"""The part of a style sheet that our pages can use: of Bootstrap's 230 kB a browser needs a tenth.

A rule stays when each class that it names stands somewhere in our templates or scripts, whatever it means there: a word too many
costs a few bytes, a word too few would cost a look. So nobody keeps a list, and a class that a template begins to use is there at once.
"""

import re
from collections.abc import Iterator

WORD = re.compile(r"[\w-]+")
CLASS = re.compile(r"\.(-?[_a-zA-Z][\w-]*)")
NOT = re.compile(r":not\([^)]*\)")  # what a rule is not about need not be there
THEME = "[data-bs-theme="  # a switch that we do not use: light and dark follow the reader's system
KEYFRAMES = re.compile(r"@(?:-webkit-)?keyframes ([\w-]+)\{(?:[^{}]*\{[^{}]*\})*\}")
NESTED = ("@media", "@supports")
BETWEEN = re.compile(r",(?![^()]*\))")


def words_of(*texts: str) -> frozenset[str]:
    """All that may be a class in templates and scripts."""
    return frozenset(word for text in texts for word in WORD.findall(text))


def used_part(css: str, words: frozenset[str]) -> str:
    """The same rules in the same order, without those that nothing of these words can match."""
    kept = "".join(kept_rules(css, words))
    return KEYFRAMES.sub(lambda found: found[0] if is_named(found[1], kept) else "", kept)


def is_named(animation: str, css: str) -> bool:
    """Whether a rule plays an animation."""
    return re.search(rf"animation(?:-name)?:[^;}}]*\b{re.escape(animation)}\b", css) is not None


def kept_rules(css: str, words: frozenset[str]) -> Iterator[str]:
    """Rule by rule; those inside @media and @supports too."""
    for head, body in blocks(re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)):
        if head.startswith(NESTED):
            inner = "".join(kept_rules(body, words))
            if inner:
                yield f"{head}{{{inner}}}"
        elif head.startswith("@"):
            yield f"{head}{{{body}}}"
        else:
            selectors = [one for one in BETWEEN.split(head) if may_match(one, words)]
            if selectors:
                yield f"{','.join(selectors)}{{{body}}}"


def may_match(selector: str, words: frozenset[str]) -> bool:
    """Whether something of ours may be what a selector is about."""
    return THEME not in selector.replace('"', "") and all(name in words for name in CLASS.findall(NOT.sub("", selector)))


def blocks(css: str) -> Iterator[tuple[str, str]]:
    """(what stands before, what stands inside) of each pair of braces at this level; `@charset` and its like are left out."""
    start, place = 0, css.find("{")
    while place != -1:
        head, end = css[start:place].rpartition(";")[2].strip(), closing(css, place)
        yield head, css[place + 1 : end]
        start, place = end + 1, css.find("{", end + 1)


def closing(css: str, opening: int) -> int:
    """Where the brace that opens here is closed."""
    depth = 0
    for found in re.compile(r"[{}]").finditer(css, opening):
        depth += 1 if found[0] == "{" else -1
        if depth == 0:
            return found.start()
    raise ValueError("a brace of the style sheet is never closed")
