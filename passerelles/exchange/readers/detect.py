"""The type of a file, told from its content and never from its name. Refuses what is not a table, with the remedy."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Literal, TypeAlias

from passerelles.exchange.readers.problems import FileProblem

FileType: TypeAlias = Literal["xlsx", "xlsb", "ods", "xls", "csv"]
Source: TypeAlias = bytes | Path

MAX_UNCOMPRESSED_BYTES = 400_000_000
MAX_FILE_BYTES = 100_000_000
SAVE_AS_XLSX = (
    "Ouvrez le fichier dans Excel ou LibreOffice et enregistrez-le au format .xlsx, puis envoyez-le de nouveau."
)

_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NOT_TABLES = (
    (b"%PDF", "un document PDF"),
    (b"\x89PNG", "une image"),
    (b"\xff\xd8\xff", "une image"),
    (b"GIF8", "une image"),
    (b"BM", "une image"),
    (b"II*\x00", "une image"),
    (b"MM\x00*", "une image"),
    (b"{\\rtf", "un document de texte (RTF)"),
    (b"Rar!", "une archive"),
    (b"7z\xbc\xaf", "une archive"),
    (b"\x1f\x8b", "une archive"),
    (b"MZ", "un programme"),
    (b"\x7fELF", "un programme"),
)
_MARKUP = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<head", b"<body", b"<div", b"<meta", b"<workbook")


def head_of(source: Source, size: int) -> bytes:
    if isinstance(source, bytes):
        return source[:size]
    with source.open("rb") as file:
        return file.read(size)


def size_of(source: Source) -> int:
    return len(source) if isinstance(source, bytes) else source.stat().st_size


def open_zip(source: Source) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source)


def type_of(source: Source, filename: str) -> FileType:
    """Raises FileProblem when the file is empty, protected, damaged, too large or not a table."""
    size = size_of(source)
    head = head_of(source, 8192)
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise FileProblem(
            f"Le fichier « {filename} » est vide.", remedy="Vérifiez que vous avez choisi le bon fichier.", code="empty"
        )
    if size > MAX_FILE_BYTES:
        raise FileProblem(
            f"Le fichier « {filename} » pèse {size // 1_000_000} Mo ; la limite est de "
            f"{MAX_FILE_BYTES // 1_000_000} Mo.",
            remedy="Gardez seulement la feuille utile, ou découpez le fichier en plusieurs.",
            code="too-large",
        )
    if head.startswith(b"PK"):
        return _type_of_zip(source, filename)
    if head.startswith(_OLE2):
        return _type_of_ole2(source, filename)
    _refuse_other_documents(head, filename)
    return "csv"


def _type_of_zip(source: Source, filename: str) -> FileType:
    try:
        with open_zip(source) as archive:
            entries = {entry.filename: entry for entry in archive.infolist()}
            if any(entry.flag_bits & 1 for entry in entries.values()):
                raise _protected(filename)
            if sum(entry.file_size for entry in entries.values()) > MAX_UNCOMPRESSED_BYTES:
                raise FileProblem(
                    f"Le fichier « {filename} » occupe plus de {MAX_UNCOMPRESSED_BYTES // 1_000_000} Mo "
                    "une fois ouvert.",
                    remedy="Supprimez les feuilles, images et lignes inutiles, ou découpez le fichier en plusieurs.",
                    code="too-large",
                )
            return _type_of_entries(archive, entries, filename)
    except FileProblem:
        raise
    except Exception:  # zipfile raises a dozen different exceptions on damaged archives
        raise damaged(filename) from None


def _type_of_entries(archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo], filename: str) -> FileType:
    if "xl/workbook.xml" in entries:
        return "xlsx"
    if "xl/workbook.bin" in entries:
        return "xlsb"
    if "mimetype" in entries and "content.xml" in entries:
        kind = archive.read("mimetype")[:200]
        if b"spreadsheet" in kind:
            manifest = entries.get("META-INF/manifest.xml")
            if manifest and b"encryption-data" in archive.read(manifest):
                raise _protected(filename)
            return "ods"
    if any(name.startswith("word/") for name in entries) or "content.xml" in entries:
        raise _not_a_table(filename, "un document de texte")
    if any(name.startswith("ppt/") for name in entries):
        raise _not_a_table(filename, "une présentation")
    if any(name.startswith("xl/") for name in entries):
        return "xlsx"
    raise FileProblem(
        f"Le fichier « {filename} » est une archive, pas un tableau.",
        remedy="Extrayez le tableau de l’archive et envoyez-le seul (.xlsx, .ods ou .csv).",
        code="type",
    )


def _type_of_ole2(source: Source, filename: str) -> FileType:
    content = source if isinstance(source, bytes) else source.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise _protected(filename)
    if "WordDocument".encode("utf-16-le") in content:
        raise _not_a_table(filename, "un document de texte")
    return "xls"


def _refuse_other_documents(head: bytes, filename: str) -> None:
    for magic, label in _NOT_TABLES:
        if head.startswith(magic) and (len(magic) > 2 or b"\x00" in head):
            raise _not_a_table(filename, label)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    in_utf16 = start.lstrip(b"\xff\xfe").replace(b"\x00", b"").lstrip()
    if start.startswith(_MARKUP) or in_utf16.startswith(_MARKUP):
        raise FileProblem(
            f"Le fichier « {filename} » est une page web ou du XML, même si son nom annonce un tableau.",
            remedy=SAVE_AS_XLSX,
            code="type",
        )


def _not_a_table(filename: str, what: str) -> FileProblem:
    return FileProblem(
        f"Le fichier « {filename} » est {what}, pas un tableau.",
        remedy="Envoyez le tableau d’origine au format .xlsx, .ods ou .csv.",
        code="type",
    )


def _protected(filename: str) -> FileProblem:
    return FileProblem(
        f"Le fichier « {filename} » est protégé par un mot de passe.",
        remedy="Ouvrez-le, retirez le mot de passe (Fichier, Informations, Protéger le classeur), puis enregistrez-le.",
        code="password",
    )


def damaged(filename: str) -> FileProblem:
    return FileProblem(f"Le fichier « {filename} » est abîmé ou incomplet.", remedy=SAVE_AS_XLSX, code="damaged")
