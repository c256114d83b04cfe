"""What others would do of the same lists: Splink as documented, recordlinkage (ECM), rules, an exact join.

Every peer gets the same columns, trimmed and in lower case, and the same blocking, wide enough for each to do well.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable

import duckdb
import polars as pl

from benchmarks.linkage.data import Labelled

IDENTIFIERS = ("foreigner_number", "nir", "ft_number", "email", "phone")
COLUMNS = ("family_name", "given_names", "birth_date", "sex", "country", "postcode", "city", "address", *IDENTIFIERS)
BLOCKS = (
    ("family_name", "given_names"),
    ("family_name", "birth_date"),
    ("given_names", "birth_date"),
    ("postcode", "birth_date"),
    *((identifier,) for identifier in IDENTIFIERS),
)
SMALL_BLOCKS = (("family_name",), ("given_names",), ("birth_date",), ("address",), ("postcode", "city"))
"""Besides, for lists of a few thousand."""
SMALL = 50_000
Scored = list[tuple[int, int, float]]


def tidy(base: Labelled) -> list[pl.DataFrame]:
    """`unique_id` is the row; unknown values are null."""
    frames = []
    for frame in (base.left, base.right):
        if frame is not None:
            there = [name for name in COLUMNS if name in frame.columns]
            texts = frame.select(pl.col(there).cast(pl.String).str.strip_chars().str.to_lowercase())
            texts = texts.with_columns(pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in there)
            frames.append(texts.with_row_index("unique_id"))
    return frames


def _blocks(frames: list[pl.DataFrame]) -> list[tuple[str, ...]]:
    blocks = (*BLOCKS, *SMALL_BLOCKS) if frames[0].height <= SMALL else BLOCKS
    return [block for block in blocks if set(block) <= set(frames[0].columns)]


def exact(base: Labelled) -> Scored:
    return _joined(tidy(base), ["l.family_name = r.family_name AND l.given_names = r.given_names AND same_day"])


def rules(base: Labelled) -> Scored:
    """Identifiers; names, e-mail, telephone or address with the date of birth."""
    frames = tidy(base)
    there = set(frames[0].columns)
    conditions = ["l.family_name = r.family_name AND l.given_names = r.given_names AND same_day"]
    conditions += [f"l.{name} = r.{name}" for name in ("foreigner_number", "nir", "ft_number") if name in there]
    conditions += [f"l.{name} = r.{name} AND same_day" for name in ("email", "phone", "address") if name in there]
    return _joined(frames, conditions)


def _joined(frames: list[pl.DataFrame], conditions: Iterable[str]) -> Scored:
    base = duckdb.connect()
    for name, frame in zip("lr", (frames * 2)[:2], strict=True):
        base.register(f"{name}_frame", frame.to_arrow())
    order = "AND l.unique_id < r.unique_id" if len(frames) == 1 else ""
    asked = " UNION ".join(
        f"SELECT l.unique_id, r.unique_id FROM l_frame l JOIN r_frame r "
        f"ON {each.replace('same_day', 'l.birth_date = r.birth_date')} {order}"
        for each in conditions
    )
    return [(left, right, 1.0) for left, right in base.execute(asked).fetchall()]


def splink(base: Labelled) -> Scored:
    """The comparisons of its library for each kind of column, term frequencies where its guide says so."""
    import splink.comparison_library as cl
    from splink import Linker, SettingsCreator
    from splink.backends.duckdb import DuckDBAPI
    from splink.blocking_rule_library import block_on

    logging.getLogger("splink").setLevel(logging.ERROR)
    frames = tidy(base)
    kinds = {
        "family_name": lambda name: cl.NameComparison(name),
        "given_names": lambda name: cl.NameComparison(name),
        "birth_date": lambda name: cl.DateOfBirthComparison(name, input_is_string=True),
        "address": lambda name: cl.JaroWinklerAtThresholds(name, [0.9]),
        "email": lambda name: cl.EmailComparison(name),
        "postcode": lambda name: cl.LevenshteinAtThresholds(name, 1),
    }
    there = [name for name in COLUMNS if name in frames[0].columns]
    settings = SettingsCreator(
        link_type="dedupe_only" if base.right is None else "link_only",
        comparisons=[kinds.get(name, cl.ExactMatch)(name) for name in there],
        blocking_rules_to_generate_predictions=[block_on(*block) for block in _blocks(frames)],
    )
    api = DuckDBAPI()
    tables = [
        api.register(frame.to_arrow(), dataset_display_name=name) for frame, name in zip(frames, "ab", strict=False)
    ]
    linker = Linker(tables, settings, log_level=logging.ERROR)
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [block_on("family_name", "given_names", "birth_date")], recall=0.6
    )
    training.estimate_u_using_random_sampling(max_pairs=2e6, seed=57)
    for block in (("family_name", "given_names"), ("birth_date",)):
        training.estimate_parameters_using_expectation_maximisation(block_on(*block))
    found = linker.inference.predict(threshold_match_probability=0.01).as_duckdbpyrelation()
    columns = "unique_id_l, unique_id_r, match_probability"
    pairs = [(int(l), int(r), float(p)) for l, r, p in found.project(columns).fetchall()]
    return [(min(l, r), max(l, r), p) for l, r, p in pairs] if base.right is None else pairs


def recordlinkage(base: Labelled) -> Scored:
    """Jaro–Winkler at 0.85 on names and address, equality elsewhere, weights by its ECM classifier."""
    import recordlinkage as rl

    frames = [frame.drop("unique_id").to_pandas() for frame in tidy(base)]
    index = rl.Index()
    for block in _blocks(tidy(base)):
        index.block(list(block))
    pairs = index.index(*frames)
    compare = rl.Compare()
    for name in frames[0].columns:
        if name in ("family_name", "given_names", "address"):
            compare.string(name, name, method="jarowinkler", threshold=0.85)
        else:
            compare.exact(name, name)
    features = compare.compute(pairs, *frames)
    classifier = rl.ECMClassifier()
    classifier.fit(features)
    told = classifier.prob(features)
    return [
        (min(l, r), max(l, r), float(p)) if base.right is None else (int(l), int(r), float(p))
        for (l, r), p in told.items()
        if p >= 0.01
    ]
