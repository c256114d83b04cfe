"""The official ROME, imported by the deployer: the newest import is the one that is searched."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db import transaction

from passerelles.core.errors import Impossible
from passerelles.core.text import clean
from passerelles.orientation.models import Nomenclature

CODE = re.compile(r"[A-N]\d{4}")
LONGEST_LABEL, MOST_ENTRIES = 200, 60_000


@transaction.atomic
def import_occupations(entries: Iterable[tuple[int, str, str]], *, version: str) -> tuple[Nomenclature, list[str]]:
    """Keep (line, code, label) as the nomenclature of occupations; what cannot be kept is told line by line.

    Raises Impossible when nothing can be kept, or when the list is too long to be one of occupations.
    """
    kept: dict[tuple[str, str], None] = {}
    problems = []
    for line, code, label in entries:
        code, label = clean(code).upper(), clean(label)
        if not CODE.fullmatch(code):
            problems.append(f"Ligne {line} : « {code[:20]} » n’est pas un code ROME, par exemple F1703.")
        elif not label or len(label) > LONGEST_LABEL:
            problems.append(f"Ligne {line} : le libellé manque, ou dépasse {LONGEST_LABEL} caractères.")
        else:
            kept[(code, label)] = None
        if len(kept) > MOST_ENTRIES:
            raise Impossible(f"Plus de {MOST_ENTRIES} libellés : ce n’est pas la nomenclature des métiers.")
    if not kept:
        raise Impossible(
            "Aucun métier n’a été trouvé dans ce fichier.",
            remedy="Il faut une colonne du code ROME et une colonne du libellé.",
        )
    return Nomenclature.objects.create(version=version[:80], entries=[list(entry) for entry in kept]), problems
