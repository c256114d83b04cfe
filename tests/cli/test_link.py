"""Two lists linked, two persons compared, the model described: from files, without a server nor a database."""

from __future__ import annotations

import csv
import importlib.util
import json
import subprocess
import sys

import openpyxl
import pytest
from click.testing import CliRunner

from passerelles.cli.main import NOT_FOUND, OK, PROBLEM, main
from passerelles.linkage.engine.model import load
from passerelles.synthetic.lists import linkage_base

HEADERS = "numero;nom;prenoms;date de naissance;sexe;nationalite;telephone"
LEFT = [
    "G1;BENSALEM;Mohamed;14/03/1988;H;Algérie;0700000001",
    "G2;SHEVCHENKO;Oleksandr;23/11/1985;H;Ukraine;",
    "G3;DIALLO;Aïssatou;01/01/1994;F;Guinée;0700000003",
]
RIGHT = [
    "D1;Chevtchenko;Alexandre;23/11/1985;M;ukrainienne;",
    "D2;BEN SALEM;Mohammed;14/03/1988;M;algérienne;0700000001",
    "D3;TRAORE;Moussa;09/09/1990;M;malienne;0700000009",
]


def run(*arguments: object, **more: str):
    return CliRunner().invoke(main, [str(each) for each in arguments], **more)


@pytest.fixture
def write(tmp_path):
    def writes(name: str, *lines: str):
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return writes


@pytest.fixture
def lists(write):
    return write("ofii.csv", HEADERS, *LEFT), write("ft.csv", HEADERS, *RIGHT)


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_two_lists_give_pairs_with_their_probability_and_reasons(lists, tmp_path):
    output = tmp_path / "paires.csv"
    answer = run("link", *lists, "--output", output)
    assert answer.exit_code == OK, answer.output
    rows = {row["left_id"]: row for row in rows_of(output)}
    assert {left: row["right_id"] for left, row in rows.items()} == {"G1": "D2", "G2": "D1"}
    assert all(0.05 <= float(row["probability"]) <= 1 for row in rows.values())
    assert "même date de naissance : +" in rows["G2"]["reasons"]
    assert "paires.csv" in answer.output


def test_the_summary_of_a_run_is_also_given_in_json(lists, tmp_path):
    answer = run("link", *lists, "--output", tmp_path / "paires.csv", "--json")
    told = json.loads(answer.stdout)
    assert (told["left"], told["right"], told["linked"] + told["review"]) == (3, 3, 2)
    assert told["model"] == load().version


def test_linking_twice_writes_the_same_file(lists, tmp_path):
    one, other = tmp_path / "une.csv", tmp_path / "autre.csv"
    run("link", *lists, "--output", one)
    run("link", *lists, "--output", other)
    assert one.read_bytes() == other.read_bytes()


def test_linking_needs_neither_django_nor_a_database(lists, tmp_path):
    program = (
        "import sys\nfrom passerelles.cli.main import main\n"
        f"main(['link', '{lists[0]}', '{lists[1]}', '--output', '{tmp_path / 'paires.csv'}'], standalone_mode=False)\n"
        "assert not {'django', 'psycopg'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)


def test_a_missing_list_is_told_by_its_name(lists, tmp_path):
    answer = run("link", lists[0], tmp_path / "absente.csv", "--output", tmp_path / "paires.csv")
    assert answer.exit_code == NOT_FOUND
    assert "« absente.csv » est introuvable" in answer.output


def test_a_list_without_a_name_is_refused_with_its_headers(lists, write, tmp_path):
    answer = run("link", lists[0], write("notes.csv", "code;montant", "1;20"), "--output", tmp_path / "paires.csv")
    assert answer.exit_code == PROBLEM
    assert "aucune colonne de nom ni de prénom" in answer.output
    assert "code, montant" in answer.output
    assert not (tmp_path / "paires.csv").exists()


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02" * 50, b"PK\x03\x04 not a workbook"])
@pytest.mark.parametrize("name", ["liste.csv", "liste.xlsx", "liste.parquet", "liste.ods"])
def test_what_is_not_a_list_is_told_in_one_sentence(lists, tmp_path, name, content):
    broken = tmp_path / name
    broken.write_bytes(content)
    answer = run("link", lists[0], broken, "--output", tmp_path / "paires.csv")
    assert answer.exit_code == PROBLEM, answer.output
    assert name in answer.output
    assert "Traceback" not in answer.output


def test_unreadable_dates_are_counted_and_their_lines_compared_without(lists, write, tmp_path):
    broken = write("ft2.csv", HEADERS, *(line.replace("23/11/1985", "novembre") for line in RIGHT))
    answer = run("link", lists[0], broken, "--output", tmp_path / "paires.csv")
    assert answer.exit_code == OK, answer.output
    assert "1 date(s) de naissance illisible(s), par exemple « novembre »" in answer.output


@pytest.mark.parametrize(("review", "linked"), [("0.9", "0.5"), ("-1", "0.5"), ("0.1", "1.5")])
def test_thresholds_out_of_order_are_refused(lists, tmp_path, review, linked):
    answer = run("link", *lists, "--output", tmp_path / "p.csv", "--review", review, "--linked", linked)
    assert answer.exit_code == PROBLEM
    assert "seuils" in answer.output


def test_a_list_of_headers_alone_gives_no_pair(lists, write, tmp_path):
    output = tmp_path / "paires.csv"
    answer = run("link", lists[0], write("vide.csv", HEADERS), "--output", output)
    assert answer.exit_code == OK, answer.output
    assert rows_of(output) == []


def test_the_doubles_of_a_list_are_gathered_by_person(write, tmp_path):
    output = tmp_path / "doublons.csv"
    answer = run("link", "doubles", write("base.csv", HEADERS, *LEFT, *RIGHT), "--output", output)
    assert answer.exit_code == OK, answer.output
    persons: dict[str, set[str]] = {}
    for row in rows_of(output):
        persons.setdefault(row["person"], set()).add(row["id"])
    assert {"G1", "D2"} in persons.values()
    assert not any({"G3", "D3"} & ids for ids in persons.values())


@pytest.fixture(scope="module")
def two_lists(tmp_path_factory):
    folder = tmp_path_factory.mktemp("listes")
    left, right, _ = linkage_base(1500, 3000, 0.6, 7)
    left.write_parquet(folder / "left.parquet")
    right.write_parquet(folder / "right.parquet")
    return folder


def test_lists_like_those_of_the_training_have_not_drifted(two_lists):
    answer = run("link", "drift", two_lists / "left.parquet", two_lists / "right.parquet", "--json")
    assert answer.exit_code == OK, answer.output
    fields = {field["comparison"]: field for field in json.loads(answer.stdout)["fields"]}
    assert fields["given"]["pairs"] > 500
    assert not any(field["drifted"] for field in fields.values()), fields
    assert sum(fields["born"]["found"].values()) == pytest.approx(1)


def test_a_register_that_begins_to_cut_given_names_shows(two_lists, tmp_path):
    import polars as pl

    right = pl.read_parquet(two_lists / "right.parquet")
    cut = tmp_path / "coupee.parquet"
    right.with_columns(pl.col("given_names").str.slice(0, 4)).write_parquet(cut)
    answer = run("link", "drift", two_lists / "left.parquet", cut)
    assert answer.exit_code == OK, answer.output
    assert "À regarder : " in answer.output
    assert "given" in answer.output.split("À regarder : ")[1]
    assert "prénom proche ou coupé" in answer.output


def test_too_few_pairs_say_nothing_of_drift(lists):
    answer = run("link", "drift", *lists)
    assert "Trop peu de paires reliées" in answer.output


def test_the_report_gives_every_level_its_weight():
    answer = run("link", "report")
    assert answer.exit_code == OK
    assert load().version in answer.output
    assert answer.output.count("\n| born |") == 10
    assert "| sex | même sexe |" in answer.output


@pytest.mark.skipif(importlib.util.find_spec("splink") is not None, reason="Splink est installé ici")
def test_training_without_splink_says_what_to_install(two_lists, tmp_path):
    answer = run("link", "train", two_lists, "--output", tmp_path / "modele.json", "--version", "essai")
    assert answer.exit_code == PROBLEM
    assert "Splink" in answer.output
    assert "requirements/bench.txt" in answer.output
    assert not (tmp_path / "modele.json").exists()


def test_training_needs_both_lists(tmp_path):
    answer = run("link", "train", tmp_path, "--output", tmp_path / "modele.json", "--version", "essai")
    assert answer.exit_code == NOT_FOUND
    assert "left.parquet" in answer.output


def persons(**changes: object) -> str:
    one = {"nom": "BENALI", "prénoms": "Samira", "date de naissance": "25/01/1990", "sexe": "F"}
    return json.dumps([one, {**one, **changes}])


def test_two_persons_are_compared_in_words():
    answer = run("same-person", input=persons(prénoms="SAMIRAH"))
    assert answer.exit_code == OK, answer.output
    assert "probabilité 0," in answer.output
    assert "même date de naissance : +" in answer.output


def test_two_persons_are_compared_in_json():
    answer = run("same-person", "--json", input=persons(**{"date de naissance": "03/07/1961", "prénoms": "Jamel"}))
    told = json.loads(answer.stdout)
    assert told["zone"] == "different"
    assert told["probability"] < 0.05
    assert any(reason.startswith("prénoms différents : −") for reason in told["reasons"])


def test_the_two_persons_may_be_named_left_and_right():
    one, other = json.loads(persons())
    listed = json.loads(run("same-person", "--json", input=json.dumps([one, other])).stdout)
    named = json.loads(run("same-person", "--json", input=json.dumps({"left": other, "right": one})).stdout)
    assert named["bits"] == listed["bits"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "JSON est illisible, ligne 1"),
        ("[]", "exactement deux personnes"),
        ('[{"nom": "A"}]', "exactement deux personnes"),
        ('[{"nom": "A"}, 3]', "exactement deux personnes"),
        ('[{"nom": "A"}, {"taille": 3}]', "Champ inconnu : taille"),
        ('[{"nom": "A"}, {"nom": "B", "date de naissance": "hier"}]', "Date de naissance illisible : « hier »"),
    ],
)
def test_a_mistaken_json_is_told_in_one_sentence(text, said):
    answer = run("same-person", input=text)
    assert answer.exit_code == PROBLEM
    assert said in answer.output


def test_numbers_written_in_two_ways_are_one_number(write, tmp_path):
    """E-030: a spreadsheet drops zeros and adds spaces; what is compared is the number."""
    header = "numero;nom;prenoms;date de naissance;telephone;nir;agdref;code postal;courriel"
    left = write(
        "a.csv", header, "1;KOVALENKO;Oleksandr;12/03/1988;06 39 98 12 34;1 88 03 99 123 456;;6000;O.K@Exemple.example"
    )
    right = write(
        "b.csv", header, "9;KOVALENKO;Oleksandr;12/03/1988;+33639981234;188039912345622;;06000;o.k@exemple.example"
    )
    assert run("link", left, right, "--output", tmp_path / "p.csv").exit_code == OK
    reasons = rows_of(tmp_path / "p.csv")[0]["reasons"]
    assert "autre" not in reasons, reasons
    for word in ("téléphone", "NIR", "code postal", "adresse électronique"):
        assert word in reasons, reasons


def test_a_mistake_is_told_in_json_where_a_machine_reads(tmp_path):
    answer = run("link", tmp_path / "rien.csv", tmp_path / "rien.csv", "--output", tmp_path / "p.csv", "--json")
    assert answer.exit_code == NOT_FOUND
    assert "introuvable" in json.loads(answer.stdout)["error"]


def test_lines_of_title_above_the_header_are_passed_over(write, lists, tmp_path):
    titled = tmp_path / "titres.xlsx"
    book = openpyxl.Workbook()
    rows = [["DT OFII – liste du mois"], [], HEADERS.split(";"), *(line.split(";") for line in LEFT)]
    for row in rows:
        book.active.append(row)
    book.save(titled)
    plain, other = lists
    text = write("titres.csv", "DT OFII, liste du mois", "", HEADERS, *LEFT)
    told = []
    for left in (titled, text, plain):
        assert run("link", left, other, "--output", tmp_path / "p.csv").exit_code == OK
        told.append([(row["left_id"], row["right_id"], row["probability"]) for row in rows_of(tmp_path / "p.csv")])
    assert told[0] == told[1] == told[2] != []
