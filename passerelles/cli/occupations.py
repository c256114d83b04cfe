"""Import the official nomenclature of occupations (ROME) published by France Travail."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from passerelles.cli import site
from passerelles.core.errors import Impossible, Unknown
from passerelles.core.text import ascii_key

CODES = ("code rome", "rome code", "code")
LABELS = ("libelle appellation long", "libelle rome", "libelle", "libelle appellation court")


@click.command()
@click.argument("file", metavar="FICHIER", type=click.Path(path_type=Path))
@click.option("--version", "version_", metavar="NOM", default="", help="Nom de la version.")
def occupations(file: Path, version_: str) -> None:
    """Importe les métiers et appellations du ROME depuis FICHIER (csv, xlsx ou ods officiel de France Travail)."""
    if not file.is_file():
        raise Unknown(f"Le fichier {file} n’existe pas.")
    with site.running():
        from passerelles.orientation.services.nomenclature import import_occupations

        made, problems = import_occupations(entries_of(file), version=version_ or file.name)
    for problem in problems[:20]:
        click.echo(problem, err=True)
    if len(problems) > 20:
        click.echo(f"… et {len(problems) - 20} autres lignes laissées de côté.", err=True)
    click.echo(f"{len(made.entries)} libellés de métiers importés ({made.version}).")


def entries_of(file: Path) -> Iterator[tuple[int, str, str]]:
    """(line, code, label) of the first sheet that has both columns. Raises Impossible."""
    from passerelles.exchange.readers.tables import open_table

    for sheet in open_table(file, file.name):
        columns: tuple[int, int] | None = None
        for line, cells in sheet.rows:
            texts = [str(cell).strip() for cell in cells]
            if columns is None:
                columns = _columns(texts)
                continue
            if any(texts):
                code, label = (texts[place] if place < len(texts) else "" for place in columns)
                yield line, code, label
        if columns is not None:
            return
    raise Impossible(
        "Ce fichier n’a pas les colonnes attendues.",
        remedy="Il faut « code_rome » et « libelle » (ou « libelle_rome »).",
    )


def _columns(texts: list[str]) -> tuple[int, int] | None:
    keys = [ascii_key(text) for text in texts]
    code = next((keys.index(name) for name in CODES if name in keys), None)
    label = next((keys.index(name) for name in LABELS if name in keys), None)
    return None if code is None or label is None else (code, label)
