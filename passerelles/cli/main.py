"""The `passerelles` command: for whoever installs and watches the platform. Each command loads only what it needs."""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from typing import Any

import click

from passerelles.cli.french import SUBCOMMANDS, sentence
from passerelles.core.errors import Refused, Unknown, UserError

OK, PROBLEM, WRONG_USE, NOT_FOUND, REFUSED = range(5)
ASKED_IN_JSON = "passerelles.json"

COMMANDS: Mapping[str, tuple[str, str]] = {
    "demo": ("passerelles.cli.demo:demo", "Lancer la démonstration sur une base embarquée."),
    "serve": ("passerelles.cli.serving:serve", "Servir les pages."),
    "worker": ("passerelles.cli.worker:worker", "Exécuter les tâches de fond : messages, imports."),
    "found": ("passerelles.cli.found:found", "Fonder une base : premier organisme, premier compte."),
    "migrate": ("passerelles.cli.database:migrate", "Créer ou mettre à jour les tables de la base."),
    "backup": ("passerelles.cli.database:backup", "Sauvegarder la base dans un fichier."),
    "restore": ("passerelles.cli.database:restore", "Restaurer une sauvegarde dans une base vide."),
    "doctor": ("passerelles.cli.doctor:doctor", "Dire ce qui est bien réglé et ce qui ne l’est pas."),
    "check-journal": ("passerelles.cli.check_journal:check_journal", "Comparer les tables et le journal."),
    "check-file": ("passerelles.cli.files:check_file", "Contrôler un fichier, sans base de données."),
    "import": ("passerelles.cli.files:import_file", "Importer un fichier."),
    "report": ("passerelles.cli.report:report", "Établir une remontée."),
    "protect": ("passerelles.cli.protect:protect", "Masquer ce qu’il faut d’un tableau avant de le publier."),
    "figures": ("passerelles.cli.figures:figures", "Calculer un chiffre du catalogue, par dimensions."),
    "link": ("passerelles.cli.link:link", "Rapprocher deux listes de personnes, sans base de données."),
    "same-person": ("passerelles.cli.link:same_person", "Dire si deux personnes n’en font qu’une."),
    "orient": ("passerelles.cli.orient:orient", "Dire ce que les règles répondent pour une personne."),
    "rules": ("passerelles.cli.orient:rules", "Lire le livre des règles."),
    "occupations": ("passerelles.cli.occupations:occupations", "Importer les métiers du ROME officiel."),
    "synth": ("passerelles.cli.synth:synth", "Créer une population fictive, dans la base ou en fichiers."),
    "clocks": ("passerelles.cli.clocks:clocks", "Traiter les échéances des orientations, dessiner leurs états."),
    "simulate": ("passerelles.cli.simulate:simulate", "Simuler des mois d’orientations sur une base jetable."),
    "france-travail": (
        "passerelles.cli.france_travail:france_travail",
        "Dire les rendez-vous à France Travail, lister les abandonnés.",
    ),
    "messages": (
        "passerelles.cli.outbox:messages",
        "Envoyer les messages en attente, lister ou reprendre les abandonnés.",
    ),
}


class LazyGroup(click.Group):
    """Knows its commands by name and one line; the module of a command is read when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name][0].partition(":")
        try:
            command: click.Command = getattr(importlib.import_module(module), attribute)
        except ModuleNotFoundError as error:
            if error.name != module:
                raise
            raise Unknown(f"La commande « {name} » n’est pas dans cette installation.") from error
        if isinstance(command, click.Group):
            command.subcommand_metavar = SUBCOMMANDS
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(sentence("Commands")):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.meta[ASKED_IN_JSON] = "--json" in args
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """A mistake is told in one sentence, and by the exit code; in JSON too where a machine reads."""
        try:
            return super().invoke(ctx)
        except UserError as error:
            click.echo(str(error), err=True)
            if ctx.meta[ASKED_IN_JSON]:
                click.echo(json.dumps({"error": error.sentence, "remedy": error.remedy}, ensure_ascii=False))
            ctx.exit(exit_code_of(error))


def exit_code_of(error: UserError) -> int:
    """3 for what does not exist, 4 for what is refused, 1 for any other mistake."""
    if isinstance(error, Unknown):
        return NOT_FOUND
    if isinstance(error, Refused):
        return REFUSED
    return PROBLEM


@click.group(
    cls=LazyGroup,
    subcommand_metavar=SUBCOMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Codes de retour : 0 tout va bien, 1 un problème a été trouvé, 2 commande mal écrite, "
    "3 fichier ou élément introuvable, 4 action refusée.",
)
@click.version_option(package_name="passerelles", prog_name="passerelles")
def main() -> None:
    """Passerelles : l’accueil des étrangers primo-arrivants, de la signature du CIR au premier rendez-vous."""


if __name__ == "__main__":
    main()
