"""`passerelles protect`: hide what must be hidden of a table with margins, and attack the result. No database."""

from __future__ import annotations

import json as json_text
from pathlib import Path

import click

from passerelles.core.errors import UserError


@click.command()
@click.argument("table", metavar="TABLEAU.csv", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--threshold", type=click.IntRange(2), default=5, show_default=True, help="Plus petit effectif publié.")
@click.option("--json", "as_json", is_flag=True, help="Écrire le tableau, l’audit et le certificat en JSON.")
def protect(table: Path, threshold: int, as_json: bool) -> None:
    """Protéger un tableau avec ses totaux, puis l’attaquer.

    TABLEAU.csv : une ligne par case ; une colonne par dimension, puis l’effectif. Les totaux portent « Total » ou
    « Ensemble » dans leur colonne. Un effectif nul reste publié. Code 1 si la protection est impossible.
    """
    from passerelles.indicators.disclosure import audit, tables
    from passerelles.indicators.disclosure.protection import protect as hide

    try:
        text = table.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(f"Le fichier {table} n’est pas en UTF-8.", remedy="Enregistrez-le en « CSV UTF-8 ».") from error
    found = tables.read(text)
    protection = hide(found.system, threshold)
    certificate = audit.certify(protection)
    if as_json:
        data = {
            "dimensions": found.dimensions,
            "nesting": [{"column": child, "within": parent} for child, parent in found.nesting],
            "threshold": threshold,
            "table": [
                {**dict(zip(found.columns[:-1], row, strict=True)), found.columns[-1]: None if hidden else int(value)}
                for row, hidden, value in zip(found.rows, protection.hidden, found.system.values, strict=True)
            ],
            "certificate": certificate.as_data(),
        }
        click.echo(json_text.dumps(data, ensure_ascii=False, indent=2))
    else:
        click.echo(tables.write(found, protection), nl=False)
        click.echo(
            f"{certificate.cells} cases, {certificate.sensitive} de 1 à {threshold - 1} personnes, "
            f"{certificate.complementary} masquées pour protéger les premières. "
            + ("Aucune ne se retrouve." if certificate.holds else "L’audit a trouvé une faille : ne publiez pas."),
            err=True,
        )
    if not certificate.holds:
        raise SystemExit(1)
