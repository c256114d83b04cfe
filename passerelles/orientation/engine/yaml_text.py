"""YAML as people write it by hand: `NO` is Norway, a key given twice is a mistake, nothing is executed."""

from __future__ import annotations

import re
from typing import Any

import yaml

from passerelles.orientation.engine.facts import BadFacts

MOST_CHARACTERS = 1_000_000


class _Loader(yaml.SafeLoader):
    """Only `true` and `false` are booleans; an impossible date stays a text, refused later with its fact."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[str] = set()
    for key, _ in node.value:
        name = str(key.value)
        if name in seen:
            raise BadFacts(
                f"Ligne {key.start_mark.line + 1} : « {name} » est donné deux fois.", remedy="Gardez une seule valeur."
            )
        seen.add(name)
    loader.flatten_mapping(node)
    return loader.construct_mapping(node, deep=True)


def _timestamp(loader: _Loader, node: yaml.ScalarNode) -> Any:
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError:
        return node.value


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _timestamp)


def load(text: str) -> Any:
    """The document as plain values; raises BadFacts with the line when it is not YAML."""
    if len(text) > MOST_CHARACTERS:
        raise BadFacts("Le fichier est trop long pour des faits.", remedy="Un fichier décrit une seule personne.")
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadFacts(
            f"Ligne {line} : le texte n'est pas du YAML lisible.",
            remedy="Écrivez « code : valeur », un fait par ligne, sans tabulation.",
        ) from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise BadFacts(
            "Le fichier contient un caractère ou une valeur illisible.", remedy="Enregistrez-le en texte UTF-8."
        ) from None
