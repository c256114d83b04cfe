"""Lists of persons from files: csv, parquet, xlsx or ods, the headers of offices or our own names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from python_calamine import CalamineError, CalamineWorkbook

from passerelles.core import dates, identifiers
from passerelles.core.errors import Unknown, UserError
from passerelles.core.text import ascii_key
from passerelles.linkage.batch.prepare import RECORD_COLUMNS
from passerelles.linkage.engine.records import Record
from passerelles.reference import countries

ALIASES = {
    "id": "id|identifiant|numero|n|ref|reference|rec id|record",
    "family_name": "nom|nom de famille|nom d usage|nom usuel|surname|last name",
    "given_names": "prenom|prenoms|given name|first name",
    "birth_name": "nom de naissance|nom de jeune fille|maiden name",
    "birth_date": "ddn|date de naissance|date naissance|ne le|date of birth|dob",
    "sex": "sexe|genre|gender|civilite",
    "country": "nationality|nationalite|pays|birth country|pays de naissance|country of birth",
    "postcode": "cp|code postal|zip",
    "city": "ville|commune|suburb",
    "address": "adresse|adresse postale",
    "email": "courriel|mail|e mail|adresse electronique",
    "phone": "telephone|tel|portable|mobile",
    "foreigner_number": "agdref|n etranger|numero etranger|n agdref",
    "nir": "nss|n de securite sociale|numero de securite sociale",
    "ft_number": "identifiant france travail|n france travail|identifiant ft|ft identifier",
}
"""Headers recognised besides our own names, as `core.text.ascii_key` writes them."""
_SEXES = {"f": "F", "femme": "F", "mme": "F", "2": "F", "h": "H", "m": "H", "homme": "H", "mr": "H", "1": "H"}
PIVOT_YEAR = 2026
"""A two-digit year of birth lies in the hundred years that end here."""
MOST_TITLE_LINES = 20
NAMES = {"family_name", "given_names"}
SEPARATORS = ";,\t|"
_PLAIN_PHONE = r"^0([1-9]\d{8})$"
_CHECKED: dict[str, Callable[[object], identifiers.Checked]] = {
    "email": identifiers.email,
    "phone": identifiers.phone,
    "foreigner_number": identifiers.foreigner_number,
    "nir": identifiers.nir,
    "ft_number": identifiers.france_travail,
    "postcode": identifiers.postcode,
}
"""Written in one way before they are compared; what fails its check rule is compared as it was typed."""
_DATE_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y%m%d")


class ListProblem(UserError):
    """A file that cannot be read as a list of persons."""


@dataclass(frozen=True, slots=True)
class PeopleList:
    """A list read: `ids` in the order of the file, the record columns, and sentences about what could not be read."""

    ids: list[str]
    frame: pl.DataFrame
    warnings: tuple[str, ...]


def read_list(path: Path) -> PeopleList:
    """Raises `Unknown` when the file is not there, `ListProblem` when it holds no names."""
    if not path.is_file():
        raise Unknown(f"Le fichier « {path.name} » est introuvable.")
    raw = _under_its_header(_read(path))
    columns = _columns(raw.columns)
    if "family_name" not in columns and "given_names" not in columns:
        raise ListProblem(
            f"« {path.name} » : aucune colonne de nom ni de prénom n’est reconnue parmi {', '.join(raw.columns[:12])}.",
            remedy="Nommez les colonnes « nom », « prénoms », « date de naissance »… et recommencez.",
        )
    told = raw.select(pl.col(theirs).alias(ours) for ours, theirs in columns.items())
    ids = told["id"].fill_null("").to_list() if "id" in columns else [str(n) for n in range(1, raw.height + 1)]
    warnings: list[str] = []
    frame = _typed(told, path.name, warnings)
    return PeopleList(ids, frame, tuple(warnings))


def _read(path: Path) -> pl.DataFrame:
    suffix = path.suffix.lower()
    try:
        if suffix == ".parquet":
            return pl.read_parquet(path)
        if suffix in {".xlsx", ".ods", ".xls", ".xlsb"}:
            return _workbook(path)
        text = path.read_bytes()[:65_536].decode("utf-8-sig", errors="replace")
        skipped, separator = _header_line(text)
        return pl.read_csv(
            path,
            separator=separator,
            skip_lines=skipped,
            infer_schema=False,
            encoding="utf8-lossy" if "\ufffd" not in text else "windows-1252",
            truncate_ragged_lines=True,
        )
    except (pl.exceptions.PolarsError, CalamineError, OSError, ValueError) as error:
        raise ListProblem(
            f"« {path.name} » ne se lit pas comme une liste : {str(error).splitlines()[0][:200]}",
            remedy="Enregistrez la liste en csv (UTF-8, une ligne d’en-têtes), xlsx, ods ou parquet.",
        ) from error


def _header_line(text: str) -> tuple[int, str]:
    """(lines above the header, separator) of a text file; the first line when none names a name."""
    lines = text.splitlines()[:MOST_TITLE_LINES]
    for n, line in enumerate(lines):
        separator = max(SEPARATORS, key=line.count)
        if NAMES & _columns([cell.strip('" ') for cell in line.split(separator)]).keys():
            return n, separator
    return 0, max(SEPARATORS, key=(lines or [""])[0].count)


def _workbook(path: Path) -> pl.DataFrame:
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    if not rows:
        raise ValueError("la première feuille est vide")
    header = [str(cell) or f"colonne {n + 1}" for n, cell in enumerate(rows[0])]
    columns: dict[str, list[str | None]] = {}
    for n, name in enumerate(header):
        columns.setdefault(name, [None if row[n] == "" else str(row[n]) for row in rows[1:]])
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


def _under_its_header(raw: pl.DataFrame) -> pl.DataFrame:
    """The table without the lines of title above its header: the header is the first line that names a name."""
    if NAMES & _columns(raw.columns).keys():
        return raw
    for n, row in enumerate(raw.head(MOST_TITLE_LINES).iter_rows()):
        cells = [str(cell or "") for cell in row]
        if NAMES & _columns(cells).keys():
            unique = [cell if cell and cells.index(cell) == i else f"colonne {i + 1}" for i, cell in enumerate(cells)]
            return raw.slice(n + 1).rename(dict(zip(raw.columns, unique, strict=True)))
    return raw


def _columns(headers: list[str]) -> dict[str, str]:
    """{our name: their header}; the first header that fits wins."""
    found: dict[str, str] = {}
    by_key = {key: ours for ours, text in ALIASES.items() for key in (ascii_key(ours), *text.split("|"))}
    for header in headers:
        ours = by_key.get(ascii_key(header))
        if ours and ours not in found:
            found[ours] = header
    return found


def _typed(told: pl.DataFrame, filename: str, warnings: list[str]) -> pl.DataFrame:
    columns = []
    for name, dtype in RECORD_COLUMNS.items():
        if name not in told.columns:
            continue
        column = told[name]
        if dtype == pl.Date:
            column = _dates(column, filename, warnings)
        else:
            column = column.cast(pl.String).str.strip_chars().fill_null("")
        if name == "sex":
            column = _mapped(column, lambda text: _SEXES.get(ascii_key(text), ""))
        elif name == "country":
            column = _mapped(column, _country)
        elif name in _CHECKED:
            column = _mapped(column.str.replace(_PLAIN_PHONE, "+33$1") if name == "phone" else column, _one_way(name))
        columns.append(column.alias(name))
    return pl.DataFrame(columns)


def _dates(column: pl.Series, filename: str, warnings: list[str]) -> pl.Series:
    if column.dtype == pl.Date:
        return column
    text = column.cast(pl.String).str.strip_chars()
    parsed = pl.DataFrame({"t": text}).select(
        pl.coalesce(pl.col("t").str.to_date(form, strict=False) for form in _DATE_FORMATS)
    )
    found = parsed.to_series()
    missing = text.is_not_null() & (text != "") & found.is_null()
    if missing.any():
        rest = {value: dates.parse_date(value, pivot_year=PIVOT_YEAR).day for value in text.filter(missing).unique()}
        found = found.fill_null(text.replace_strict(rest, default=None, return_dtype=pl.Date))
        unread = (missing & found.is_null()).sum()
        if unread:
            example = text.filter(missing & found.is_null())[0]
            warnings.append(
                f"« {filename} » : {unread} date(s) de naissance illisible(s), par exemple « {example} » ; "
                "ces lignes sont comparées sans leur date (écrivez jj/mm/aaaa)."
            )
    return found


def _mapped(column: pl.Series, function: Callable[[str], str]) -> pl.Series:
    values = column.unique().to_list()
    return column.replace_strict({value: function(value) for value in values}, return_dtype=pl.String)


def _one_way(name: str) -> Callable[[str], str]:
    check = _CHECKED[name]
    return lambda text: check(text).value or identifiers.digits_of(text).lower()


def _country(text: str) -> str:
    """ISO code when the reference knows the country or nationality, else the text as a key."""
    if not text:
        return ""
    found = countries.find(text)
    return found.iso2 if found else ascii_key(text)


def record_of(values: Mapping[str, object]) -> Record:
    """One person given as a mapping of the same headers; unknown keys and unreadable dates are refused."""
    columns = _columns(list(values))
    odd = sorted(set(values) - set(columns.values()))
    if odd:
        raise ListProblem(
            f"Champ inconnu : {', '.join(odd)}.", remedy=f"Les champs sont : {', '.join(RECORD_COLUMNS)}."
        )
    told = pl.DataFrame(
        {ours: [None if values[theirs] is None else str(values[theirs])] for ours, theirs in columns.items()}
    )
    warnings: list[str] = []
    frame = _typed(told.cast(pl.String), "personne", warnings)
    if warnings:
        raise ListProblem(
            f"Date de naissance illisible : « {values[columns['birth_date']]} ».", remedy="Écrivez jj/mm/aaaa."
        )
    return Record.of(frame.row(0, named=True))
