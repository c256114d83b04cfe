"""What each kind of nominative file contains, and the headers offices write above its columns."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from passerelles.core.errors import Unknown
from passerelles.exchange.readers import answer_words
from passerelles.exchange.readers.fields import (
    BIRTH_DATE,
    BIRTH_NAME,
    COMBINED_NAME,
    FAMILY_NAME,
    FOREIGNER_NUMBER,
    FULL_NAME,
    GIVEN_NAMES,
    NIR,
    SEX,
    SEX_REQUIRED,
    Field,
    Layout,
    field,
)

__all__ = ["COMBINED_NAME", "LAYOUTS", "Field", "Layout", "layout"]

_CONVOCATIONS = Layout(
    "convocations",
    "Convocations à la demi-journée OFII",
    (
        FOREIGNER_NUMBER,
        field(
            "ofii_number",
            "N° OFII",
            "code",
            "Numéro OFII | N° dossier OFII | Dossier OFII | Num. dossier | Réf. dossier | Référence dossier | Dossier "
            "| Id OFII | Identifiant OFII",
        ),
        FAMILY_NAME,
        BIRTH_NAME,
        GIVEN_NAMES,
        FULL_NAME,
        BIRTH_DATE,
        SEX_REQUIRED,
        field(
            "nationality",
            "Nationalité",
            "nationality",
            "Nat | Nationalités | Nationalité actuelle | Code nationalité | Pays de nationalité | Pays d’origine | "
            "Pays | Nationality",
            "En toutes lettres (« ivoirienne », « Côte d’Ivoire ») ou code à deux lettres.",
        ),
        field(
            "language",
            "Langue parlée",
            "language",
            "Langue | Langues | Langues parlées | Langue maternelle | Langue principale | Langue comprise | Langue "
            "usuelle | Langue de communication | Langue de contact | Langue parlée et comprise | Language",
            "Une seule langue : la mieux comprise.",
        ),
        field(
            "interpreter_language",
            "Langue d’interprétariat",
            "language",
            "Interprète | Interprétariat | Langue interprète | Besoin interprète | Interprète (langue) | Langue "
            "interprétariat",
            "Vide si la personne n’a pas besoin d’interprète.",
        ),
        field(
            "phone",
            "Téléphone portable",
            "phone",
            "Tél. portable | Portable | Mobile | Téléphone mobile | GSM | N° portable | Téléphone | N° de téléphone | "
            "Téléphone 1 | Téléphone principal | Coordonnées téléphoniques | Téléphone fixe | Phone",
            "06 12 34 56 78, ou avec l’indicatif du pays : +221 77 123 45 67.",
        ),
        field(
            "email",
            "Courriel",
            "email",
            "Mail | E-mail | Email | Adresse mail | Adresse e-mail | Adresse email | Adresse électronique | Mel | "
            "M.él. | Adresse courriel | Courrier électronique | Adresse de messagerie",
        ),
        field(
            "address",
            "Adresse",
            "text",
            "Adresse postale | Adresse complète | Adresse 1 | Adresse ligne 1 | Adresse (rue) | Rue | Voie | N° et "
            "voie | N° et rue | N° et nom de voie | Domicile | Adresse de résidence | Adresse domicile | Address",
        ),
        field(
            "postcode",
            "Code postal",
            "postcode",
            "CP | C.P. | Code post. | Codepostal | Code postal de résidence | CP résidence | Postcode | Zip",
            "5 chiffres, en texte pour garder le zéro de tête.",
        ),
        field(
            "city",
            "Ville",
            "text",
            "Commune | Commune de résidence | Ville de résidence | Localité | Libellé commune | Nom de la commune | "
            "City",
        ),
        field(
            "commune_code",
            "Code commune",
            "commune",
            "Code INSEE | Code commune INSEE | Code INSEE commune | INSEE | Insee commune",
            "5 caractères : le code INSEE, pas le code postal.",
        ),
        field(
            "session_date",
            "Date de convocation",
            "session_date",
            "Date convocation | Date RDV | Date rendez-vous | RDV | Rendez-vous | Convoqué(e) le | Convocation | Date "
            "et heure | Date et heure RDV | Date et heure de convocation | Date session | Session | Date demi-journée "
            "| Date PFA | Date de passage | Jour RDV | Jour | Jour de convocation | Date VA | Date J1 | Date jour 1 | "
            "Date",
            "jj/mm/aaaa.",
            required=True,
        ),
        field(
            "session_time",
            "Heure de convocation",
            "time",
            "Heure | Heure RDV | Heure rendez-vous | Heure convocation | Horaire | Horaires | Horaire RDV | Horaire "
            "de convocation | H RDV | Créneau | Créneau horaire | Heure d’arrivée | Heure début | Time",
            "09:00 ou 9h.",
        ),
        field(
            "session_place",
            "Lieu",
            "text",
            "Lieu de convocation | Lieu RDV | Lieu rendez-vous | Site | Salle | Site de convocation | Plateforme | "
            "PFA | Plateforme d’accueil | Adresse de convocation | Adresse RDV | Lieu de la session",
        ),
        field(
            "cir_number",
            "N° CIR",
            "code",
            "CIR | Numéro CIR | N° contrat CIR | N° contrat | Réf. CIR | Référence CIR | N° du contrat d’intégration "
            "républicaine",
        ),
        field(
            "cir_signed_on",
            "Date de signature du CIR",
            "past_date",
            "Signature CIR | Date signature CIR | CIR signé le | Date CIR | Date signature | Signé le | Date "
            "signature contrat",
        ),
        field(
            "admission_motive",
            "Motif d’admission",
            "motive",
            "Motif | Motif admission | Motif d’admission au séjour | Motif du séjour | Motif d’entrée | Motif du "
            "titre | Motif titre de séjour | Public | Type de public | Catégorie de public | Statut | Statut "
            "administratif",
            "Asile, Familial, Économique ou Autres.",
        ),
        field(
            "level",
            "Niveau de français",
            "level",
            "Niveau | Niveau linguistique | Niveau langue | Niveau CECRL | CECRL | Niveau français | Niveau FLI | "
            "Niveau évalué | Positionnement | Résultat test | Parcours linguistique",
            "infra A1.1, A1.1, A1, A2, B1, B2, C1 ou C2.",
        ),
    ),
    dated_by="session_date",
)

_FRANCE_TRAVAIL = Layout(
    "france-travail",
    "Inscriptions à France Travail",
    (
        field(
            "ft_identifier",
            "Identifiant France Travail",
            "ft_identifier",
            "Identifiant FT | Id FT | N° FT | N° France Travail | N° identifiant | Identifiant | Identifiant Pôle "
            "emploi | Identifiant PE | ID PE | N° DE | N° demandeur d’emploi | Identifiant national | Identifiant "
            "demandeur d’emploi",
            "11 chiffres (ancien format : 7 chiffres et un caractère).",
        ),
        NIR,
        FOREIGNER_NUMBER,
        FAMILY_NAME,
        BIRTH_NAME,
        GIVEN_NAMES,
        FULL_NAME,
        BIRTH_DATE,
        SEX,
        field(
            "registered_on",
            "Date d’inscription",
            "past_date",
            "Date inscription | Date d’inscription FT | Inscrit le | Inscription | Date d’effet inscription | Début "
            "d’inscription | Date début inscription | Date d’inscription à France Travail",
        ),
        field(
            "deregistered_on",
            "Date de cessation",
            "past_date",
            "Date cessation | Date de radiation | Date désinscription | Date de sortie | Cessation d’inscription | "
            "Date fin inscription | Fin d’inscription | Radié le | Date d’annulation | Date de cessation "
            "d’inscription",
        ),
        field("category", "Catégorie", "code", "Cat | Cat. | Catégorie DE | Catégorie d’inscription | Catégorie DEFM"),
        field(
            "agency",
            "Agence",
            "text",
            "Agence France Travail | Agence FT | Agence de rattachement | Nom agence | Libellé agence | Code SAFIR | "
            "SAFIR | Agence d’inscription | Structure",
        ),
    ),
    dated_by="registered_on",
)

_RSA = Layout(
    "rsa",
    "Bénéficiaires du RSA",
    (
        field(
            "caf_number",
            "N° allocataire",
            "caf_number",
            "Numéro allocataire | Matricule | Matricule CAF | N° CAF | N° MSA | N° allocataire CAF | N° allocataire "
            "CAF/MSA | Allocataire",
            "7 chiffres, avec une lettre éventuelle.",
        ),
        NIR,
        FOREIGNER_NUMBER,
        FAMILY_NAME,
        BIRTH_NAME,
        GIVEN_NAMES,
        FULL_NAME,
        BIRTH_DATE,
        SEX,
        field(
            "entitled_since",
            "Date d’ouverture des droits",
            "past_date",
            "Ouverture des droits | Date ouverture droits | Date ouverture | Date d’ouverture du droit | Date "
            "d’entrée RSA | Date d’entrée dans le RSA | RSA depuis | Date début RSA | Date d’ouverture RSA | Date de "
            "droit | Droit ouvert le",
        ),
        field(
            "department",
            "Département",
            "text",
            "Dépt | Dép. | Code département | Département de résidence | N° département | Conseil départemental",
        ),
    ),
    dated_by="entitled_since",
)

_AGIR = Layout(
    "agir",
    "Accompagnement AGIR",
    (
        FOREIGNER_NUMBER,
        FAMILY_NAME,
        BIRTH_NAME,
        GIVEN_NAMES,
        FULL_NAME,
        BIRTH_DATE,
        SEX,
        field(
            "oriented_on",
            "Date d’orientation",
            "past_date",
            "Date orientation | Orienté le | Orientation | Date orientation AGIR | Date d’orientation vers AGIR | "
            "Date d’entrée | Date entrée AGIR | Date d’entrée dans AGIR | Date de début d’accompagnement | Entrée "
            "AGIR",
        ),
        field(
            "operator",
            "Opérateur",
            "text",
            "Opérateur AGIR | Prestataire | Prestataire AGIR | Structure | Association | Structure d’accompagnement | "
            "Titulaire du marché | Organisme",
        ),
        field(
            "status_granted_on",
            "Date d’obtention de la protection",
            "past_date",
            "Date de protection | Date obtention protection | Date d’octroi | Date octroi statut | Date statut | Date "
            "d’obtention du statut | Date décision OFPRA | Date décision OFPRA/CNDA | BPI depuis",
        ),
    ),
    dated_by="oriented_on",
)

LAYOUTS: Mapping[str, Layout] = MappingProxyType(
    {entry.kind: entry for entry in (_CONVOCATIONS, _FRANCE_TRAVAIL, _RSA, _AGIR)}
)


def layout(kind: str) -> Layout:
    """Raises Unknown."""
    try:
        return answer_words.LAYOUT if kind == answer_words.ANSWERS else LAYOUTS[kind]
    except KeyError:
        raise Unknown(
            f"Aucun fichier de nature « {kind} » n’est connu.", remedy=f"Choisissez parmi : {', '.join(LAYOUTS)}."
        ) from None
