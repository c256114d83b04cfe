"""The house rules, as tests that fail."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.template.loader import get_template
from django.urls import get_resolver

from passerelles.core.models import RETENTION_CHOICES
from passerelles.network import policy
from passerelles.network.enums import Resource, Scope
from scripts import coverage

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "passerelles").rglob("*.py"))
TEMPLATES = sorted((ROOT / "passerelles").rglob("templates/**/*.html"))
ROOMS = [config for config in apps.get_app_configs() if config.name.startswith("passerelles.")]
MODELS = [model for room in ROOMS for model in room.get_models()]
OWN_MODELS = [model for model in MODELS if not hasattr(model, "pgh_tracked_model")]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_floors_are_kept():
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_no_file_is_over_600_lines():
    long = {
        relative(path): count
        for path in [*SOURCES, *sorted((ROOT / "tests").rglob("*.py"))]
        if "migrations" not in path.parts and (count := len(path.read_text(encoding="utf-8").splitlines())) > 600
    }
    assert long == {}


@pytest.mark.parametrize("model", OWN_MODELS, ids=lambda m: m._meta.label)
def test_every_column_is_classified(model):
    columns = {field.name for field in model._meta.concrete_fields}
    classified = getattr(model, "retention", {})
    assert columns - set(classified) == set(), "columns without a fate"
    assert set(classified) - columns - {"created_at", "id"} == set(), "fates without a column"
    assert set(classified.values()) <= RETENTION_CHOICES


@pytest.mark.parametrize("model", OWN_MODELS, ids=lambda m: m._meta.label)
def test_every_table_has_an_order_that_decides(model):
    assert model._meta.ordering, "a list without an order changes from page to page"


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_no_inline_script_style_or_handler(path):
    html = path.read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", html)
    assert "<style" not in html
    assert not re.search(r"\sstyle=", html)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", html)
    assert "hx-on" not in html


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_every_template_compiles_and_is_used(path):
    name = path.as_posix().split("/templates/", 1)[1]
    get_template(name)
    users = [*SOURCES, *TEMPLATES]
    assert any(name in other.read_text(encoding="utf-8") for other in users if other != path), f"{name} is unused"


WRITES = re.compile(
    r"\.(save|delete|bulk_create|bulk_update|create|get_or_create|update_or_create)\(|copy_(?:rows|columns|frame)\(|\.update\([a-z_]+="
)
WRITERS = re.compile(r"passerelles/\w+/(services(/\w+)?|policy)\.py$|passerelles/core/|migrations/")


@pytest.mark.parametrize("path", [p for p in SOURCES if not WRITERS.search(relative(p))], ids=relative)
def test_only_services_write(path):
    allowed = ("hashlib", "Argon2", "# not a table")
    found = [
        line.strip()
        for line in path.read_text(encoding="utf-8").splitlines()
        if WRITES.search(line) and not any(word in line for word in allowed)
    ]
    assert found == []


CLOCK_READS = re.compile(r"datetime\.now\(|date\.today\(|timezone\.now\(|time\.time\(|\bNow\(\)")


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_only_the_clock_knows_now(path):
    if relative(path) == "passerelles/core/clock.py":
        return
    assert not CLOCK_READS.search(path.read_text(encoding="utf-8"))


def test_every_cell_of_the_policy_that_has_a_table_says_how_it_narrows():
    """A (resource, scope) of the table that concerns one of our models must be declared by its room."""
    declared = policy.declared_narrowings()
    tables = {
        Resource.PERSON: "people.person",
        Resource.SESSION: "reception.session",
        Resource.APPOINTMENT: "reception.firstappointment",
        Resource.CHECK: "linkage.check",
        Resource.IMPORT: "exchange.import",
        Resource.ANSWERS: "exchange.answerfile",
        Resource.REFERRAL: "referrals.referral",
        Resource.RETURN: "reports.return",
        Resource.DIAGNOSIS: "orientation.statement",
        Resource.ORIENTATION: "orientation.decision",
        Resource.PRESCRIPTION: "pathway.training",
        Resource.FOLLOW_UP: "pathway.followup",
    }
    missing = [
        grant
        for grant in policy.TABLE
        if grant.resource in tables
        and grant.scope is not Scope.NATION
        and (tables[grant.resource], grant.resource, grant.scope) not in declared
    ]
    assert missing == []


def test_every_address_has_a_name_and_none_is_named_twice():
    names = []

    def walk(patterns, prefix=""):
        for pattern in patterns:
            if hasattr(pattern, "url_patterns"):
                walk(pattern.url_patterns, f"{prefix}{pattern.namespace or ''}:")
            else:
                names.append(f"{prefix}{pattern.name}")

    walk(get_resolver().url_patterns)
    assert all(not name.endswith(":None") for name in names)
    assert len(names) == len(set(names))


def test_every_requirement_cited_exists():
    assert coverage.unknown(coverage.citations()) == {}


def test_the_coverage_page_is_up_to_date():
    page = (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")
    assert page == coverage.table(coverage.citations()), "run `make coverage`"


def test_no_migration_is_missing(db):
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_no_address_of_a_machine_or_of_an_index_is_committed():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    if not tracked:
        pytest.skip("not a git checkout")
    machine = r"(^|[^\w./-])/(root|work|home/[a-z]+)/"
    bad = re.compile(machine + r"|--(extra-)?index-url|pypi\.org/simple|files\.pythonhosted")
    texts = {".py", ".md", ".toml", ".txt", ".in", ".html", ".yaml", ".css", ".js", ""}
    found = []
    for name in tracked:
        path = ROOT / name
        if path.is_file() and path.suffix in texts:
            text = path.read_text(encoding="utf-8", errors="ignore")
            if bad.search(text) and name != "tests/house/test_rules.py":
                found.append(name)
    assert found == []


LOOKS_WITHOUT_WAITING = re.compile(
    r"\bassert\b.*\.(is_visible|is_hidden|is_checked|is_enabled|is_disabled|input_value|inner_text|content)\(\)"
    r"|\bassert\b.*(\.locator\(.*\.count\(\)|\bpage\.url\b)"
)


def test_what_a_browser_shows_is_waited_for():
    """A page is in the address bar before it is on the screen: `expect(…)` waits for it, a plain `assert` does not."""
    hasty = [
        f"{relative(path)}:{number}"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if "playwright" in path.read_text(encoding="utf-8") and LOOKS_WITHOUT_WAITING.search(line)
    ]
    assert hasty == []
