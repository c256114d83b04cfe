"""Click's own words in French: usage, options, mistakes of the command line. Nothing else is changed in it.

Click asks `gettext` for its messages, but ships no catalogue. Its modules are given the sentences below instead;
a test reads its source and fails on a sentence that is not here.
"""

from __future__ import annotations

import gettext
import sys

import click

SENTENCES = {
    "Usage:": "Usage :",
    "Options": "Options\u00a0",
    "Positional arguments": "Arguments\u00a0",
    "Commands": "Commandes\u00a0",
    "Show this message and exit.": "Afficher cette aide.",
    "Show the version and exit.": "Afficher la version.",
    "%(prog)s, version %(version)s": "%(prog)s, version %(version)s",
    "required": "obligatoire",
    "default: {default}": "par défaut : {default}",
    "env var: {var}": "variable : {var}",
    "(dynamic)": "(calculé)",
    "deprecated": "abandonné",
    "DeprecationWarning: The command {name!r} is deprecated.{extra_message}": "La commande {name} est "
    "abandonnée.{extra_message}",
    "DeprecationWarning: The {param_type} {name!r} is deprecated.{extra_message}": "{name} est "
    "abandonné.{extra_message}",
    "Error: {message}": "Erreur : {message}",
    "Try '{command} {option}' for help.": "Aide : {command} {option}",
    "Aborted!": "Abandon.",
    "Missing command.": "Il manque la commande.",
    "Missing argument": "Il manque l’argument",
    "Missing option": "Il manque l’option",
    "Missing parameter": "Il manque le paramètre",
    "Missing {param_type}": "Il manque {param_type}",
    "Missing parameter: {param_name}": "Il manque le paramètre {param_name}",
    "No such option {name!r}.": "L’option {name} n’existe pas.",
    "No such command {name!r}.": "La commande « {name} » n’existe pas.",
    "Option {name!r} does not take a value.": "L’option {name} ne prend pas de valeur.",
    "Argument {name!r} takes {nargs} values.": "L’argument {name} prend {nargs} valeurs.",
    "Invalid value: {message}": "Valeur refusée : {message}",
    "Invalid value for {param_hint}: {message}": "Valeur refusée pour {param_hint} : {message}",
    "Choose from:\n\t{choices}": "À choisir parmi :\n\t{choices}",
    "Choice({choices})": "choix parmi {choices}",
    "{value!r} is not a valid {number_type}.": "« {value} » n’est pas de la nature attendue ({number_type}).",
    "{value} is not in the range {range}.": "{value} est hors des limites {range}.",
    "{value!r} is not a valid boolean. Recognized values: {states}": "« {value} » n’est ni vrai ni faux. Valeurs "
    "reconnues : {states}",
    "{value!r} is not a valid UUID.": "« {value} » n’est pas un identifiant (UUID).",
    "{name} {filename!r} does not exist.": "{name} « {filename} » : n’existe pas.",
    "{name} {filename!r} is a file.": "{name} « {filename} » : est un fichier.",
    "{name} {filename!r} is a directory.": "{name} « {filename} » : est un dossier.",
    "{name} {filename!r} is not readable.": "{name} « {filename} » : lecture interdite.",
    "{name} {filename!r} is not writable.": "{name} « {filename} » : écriture interdite.",
    "{name} {filename!r} is not executable.": "{name} « {filename} » : exécution interdite.",
    "Could not open file {filename!r}: {message}": "Le fichier « {filename} » ne s’ouvre pas : {message}",
    "unknown error": "erreur inconnue",
    "Value must be an iterable.": "Plusieurs valeurs sont attendues.",
    "file": "fichier",
    "directory": "dossier",
    "path": "chemin",
    "Repeat for confirmation": "Encore une fois",
    "Error: The two entered values do not match.": "Les deux saisies diffèrent : recommencez.",
    "Error: invalid input": "Réponse non comprise.",
    "Do you want to continue?": "Continuer ?",
    "Confirm the action without prompting.": "Ne pas demander de confirmation.",
    "Press any key to continue...": "Appuyez sur une touche.",
}
PLURALS = {
    "Got unexpected extra argument ({args})": ("Argument de trop : {args}", "Arguments de trop : {args}"),
    "Takes {nargs} values but 1 was given.": (
        "{nargs} valeurs attendues, 1 donnée.",
        "{nargs} attendues, {len} données.",
    ),
    "Did you mean {possibility}?": ("Vouliez-vous dire {possibility} ?", "Vouliez-vous dire : {possibilities} ?"),
    "Option {name!r} requires an argument.": (
        "L’option {name} demande une valeur.",
        "L’option {name} demande {nargs} valeurs.",
    ),
    "{value!r} is not {choice}.": ("« {value} » n’est pas {choice}.", "« {value} » n’est pas parmi {choices}."),
    "{value!r} does not match the format {format}.": (
        "« {value} » n’est pas une date. Écrivez l’année, le mois et le jour, par exemple 2026-03-10.",
        "« {value} » n’est pas une date écrite comme attendu ({formats}).",
    ),
    "{len_type} values are required, but {len_value} was given.": (
        "{len_type} valeurs attendues, {len_value} donnée.",
        "{len_type} valeurs attendues, {len_value} données.",
    ),
}
TYPES = {
    click.types.StringParamType: "texte",
    click.types.UnprocessedParamType: "texte",
    click.types.IntParamType: "entier",
    click.IntRange: "entier",
    click.types.FloatParamType: "nombre",
    click.FloatRange: "nombre",
    click.types.BoolParamType: "oui ou non",
    click.types.UUIDParameterType: "identifiant",
    click.DateTime: "date",
    click.File: "fichier",
}
PROMPT_SUFFIX = " : "
SUBCOMMANDS = "COMMANDE [ARGUMENTS]..."


def speak() -> None:
    """From now on click speaks French in this process. Help is written when a command is declared: call it first."""
    for name, module in list(sys.modules.items()):
        if not name.startswith("click."):
            continue
        if vars(module).get("_") is gettext.gettext:
            module._ = sentence
        if vars(module).get("ngettext") is gettext.ngettext:
            module.ngettext = plural
    for kind, name in TYPES.items():
        kind.name = name


def sentence(message: str) -> str:
    return SENTENCES.get(message, message)


def plural(one: str, several: str, number: int) -> str:
    """In French zero and one are singular."""
    if one not in PLURALS:
        return one if number == 1 else several
    return PLURALS[one][0 if abs(number) < 2 else 1]


def confirm(question: str) -> None:
    """Ask for « oui »; anything else gives up. Click's own question only understands `y`."""
    answers = click.Choice(["oui", "non"])
    text = f"{question} Écrivez oui ou non"
    if click.prompt(text, type=answers, show_choices=False, prompt_suffix=PROMPT_SUFFIX) != "oui":
        raise click.Abort
