"""Figures that the documents ask for and of which the journal holds nothing yet (F-046, F-047, F-051 to F-060). Pure.

Defined like the others, so that the catalogue says what they are and what they wait for; never a zero in their place.
"""

from __future__ import annotations

from typing import Any

from passerelles.indicators.definitions.base import Counted, Definition, Measure, Moment, Nature, Status
from passerelles.indicators.engine.relations import Expr, Tables

LANGUAGE, CTAI = "Formation linguistique et civique", "Contrats territoriaux (CTAI)"
GRANTS, AGIR = "Crédits et évaluation (programme 104)", "Programme AGIR"
CONTRACTS = "les contrats territoriaux : signataires, niveau, communes couvertes, montants"
ACTIONS = "les actions financées : crédits engagés et consommés, thèmes, bénéficiaires"
PLACES = "l’offre de formation linguistique : places, niveaux, modalités, communes"


def _nothing(tables: Tables, moment: Moment) -> Expr:
    raise LookupError("nothing of it is in the journal")


def _figure(code: str, name: str, family: str, requirement: str, counted: Counted, **words: Any) -> Definition:
    values: dict[str, Any] = {
        "day": "dernier jour de la période",
        "units": _nothing,
        "status": Status.STATED,
        "persons": False,
    }
    return Definition(code=code, name=name, family=family, requirement=requirement, counted=counted, **(values | words))


FIGURES = (
    _figure(
        "places_linguistiques",
        "Places de formation linguistique offertes",
        LANGUAGE,
        "F-046",
        Counted.PLACES,
        population="Formations linguistiques du CIR, et offre complémentaire (programme 104, CTAI)",
        numerator="Places ouvertes dans la période, par niveau, modalité et commune",
        status=Status.PROPOSED,
        awaits=PLACES,
    ),
    _figure(
        "ecart_offre_demande_linguistique",
        "Couverture de la demande de formation linguistique par l’offre",
        LANGUAGE,
        "F-046",
        Counted.PLACES,
        population="Formations linguistiques d’un niveau et d’un territoire, dans la période",
        numerator="Places offertes",
        denominator="Formations prescrites",
        measure=Measure.COVERAGE,
        status=Status.PROPOSED,
        awaits=PLACES,
    ),
    _figure(
        "couverture_ctai",
        "Part des signataires du CIR couverts par un contrat territorial",
        CTAI,
        "F-047",
        Counted.PERSONS,
        population="Signataires du CIR du département",
        numerator="Signataires dont la commune a un contrat formalisé, communal ou intercommunal, ou "
        "un contrat de ville doté d’un axe pour les étrangers primo-arrivants ; couvert deux fois, on compte une fois",
        denominator="Signataires du CIR du département",
        measure=Measure.SHARE,
        target="cible annuelle par département et par région",
        note="Contrats départementaux et régionaux exclus ; un partenariat sans contrat ne compte pas.",
        awaits=CONTRACTS + " ; la commune des signataires",
    ),
    _figure(
        "completude_agir",
        "Complétude des indicateurs et justificatifs AGIR",
        AGIR,
        "F-051",
        Counted.EVENTS,
        population="Indicateurs nationaux et européens (FAMI) et justificatifs attendus des opérateurs",
        numerator="Indicateurs et justificatifs déposés",
        denominator="Indicateurs et justificatifs attendus",
        measure=Measure.SHARE,
        status=Status.PROPOSED,
        awaits="les dépôts des opérateurs AGIR (Démarches simplifiées, RESANA)",
    ),
    _figure(
        "contrats_ctai",
        "Contrats territoriaux possibles et engagés",
        CTAI,
        "F-052",
        Counted.EVENTS,
        population="Contrats territoriaux du département",
        numerator="Contrats possibles, contrats engagés et actions engagées au dernier jour du mois",
        nature=Nature.STOCK,
        awaits=CONTRACTS,
    ),
    _figure(
        "montant_ctai_par_signataire",
        "Montant demandé par signataire du CIR couvert",
        CTAI,
        "F-053",
        Counted.EUROS,
        population="Demandes de financement de contrats territoriaux",
        numerator="Montant demandé",
        denominator="Signataires du CIR couverts, moyenne de trois ans",
        measure=Measure.MEAN,
        note="Le coût forfaitaire n’est donné par aucun document : tant qu’il n’est pas fixé, l’adéquation se juge "
        "au cas par cas.",
        awaits=CONTRACTS,
    ),
    _figure(
        "part_credits_emploi_langue",
        "Part des crédits consacrés à l’emploi et à la langue",
        GRANTS,
        "F-054",
        Counted.EUROS,
        population="Crédits des appels à projets déconcentrés, hors AGIR et CTAI",
        numerator="Crédits alloués à des actions d’emploi ou de langue",
        denominator="Crédits alloués",
        measure=Measure.SHARE,
        target="au moins 70 % ; 69,99 % ne suffit pas",
        awaits=ACTIONS,
    ),
    _figure(
        "part_beneficiaires_hors_bpi",
        "Part des étrangers primo-arrivants hors BPI parmi les bénéficiaires des actions financées",
        GRANTS,
        "F-055",
        Counted.PERSONS,
        population="Bénéficiaires étrangers primo-arrivants des actions financées ; les autres publics des actions "
        "mixtes sont retirés",
        numerator="Bénéficiaires qui ne sont pas bénéficiaires de la protection internationale",
        denominator="Bénéficiaires étrangers primo-arrivants",
        measure=Measure.SHARE,
        target="au moins 30 %",
        awaits=ACTIONS,
    ),
    _figure(
        "contrats_volontr",
        "Contrats Volont’R signés",
        GRANTS,
        "F-056",
        Counted.EVENTS,
        population="Jeunes étrangers en service civique Volont’R",
        numerator="Contrats signés dans la période",
        day="jour de la signature",
        target="650 en 2024 au niveau national ; objectif local fixé par l’État",
        awaits="les contrats Volont’R signés",
    ),
    _figure(
        "reponses_pne",
        "Taux de réponse à la procédure nationale d’évaluation",
        GRANTS,
        "F-057",
        Counted.EVENTS,
        population="Structures financées l’année évaluée",
        numerator="Structures qui ont répondu, y compris après la clôture (comptées en retard, non manquantes : "
        "choix à valider)",
        denominator="Structures financées",
        measure=Measure.SHARE,
        target="100 % en 2024",
        note="Repères : 65 % en 2022, 95 % en 2023.",
        awaits="la liste des structures financées et leurs réponses à l’enquête",
    ),
    _figure(
        "consommation_credits",
        "Part des crédits consommés",
        GRANTS,
        "F-058",
        Counted.EUROS,
        population="Crédits du programme 104 délégués au territoire",
        numerator="Crédits consommés au dernier jour de la période",
        denominator="Crédits délégués",
        measure=Measure.SHARE,
        nature=Nature.STOCK,
        target="plus de la moitié au 31 août",
        note="Part déconcentrée des crédits : près de 90 %.",
        awaits=ACTIONS,
    ),
    _figure(
        "appels_avec_indicateurs",
        "Part des appels à projets dont les indicateurs sont fixés avant la publication",
        GRANTS,
        "F-059",
        Counted.EVENTS,
        population="Appels à projets publiés dans la période",
        numerator="Appels dont chaque thème a ses indicateurs le jour de la publication",
        denominator="Appels publiés",
        day="jour de la publication",
        measure=Measure.SHARE,
        status=Status.PROPOSED,
        awaits="les appels à projets et les indicateurs de leurs conventions",
    ),
    _figure(
        "completude_bilans_ctai",
        "Complétude des bilans de contrats territoriaux",
        CTAI,
        "F-060",
        Counted.EVENTS,
        population="Actions des contrats dont le renouvellement est demandé",
        numerator="Éléments de bilan fournis, sur les quatre : bénéficiaires par public, dépenses et reliquats, "
        "associations mobilisées, objectifs atteints",
        denominator="Éléments de bilan attendus (quatre par action)",
        measure=Measure.SHARE,
        status=Status.PROPOSED,
        awaits="les bilans par action des contrats territoriaux",
    ),
)
