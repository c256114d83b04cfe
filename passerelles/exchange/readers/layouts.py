"""What each kind of nominative file contains: its fields, and the headers offices write above them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from passerelles.core.errors import Unknown
from passerelles.core.text import ascii_key

COMBINED_NAME = "full_name"
"""« NOM Prénom » in one column: read when it is there, never asked for."""


@dataclass(frozen=True, slots=True)
class Field:
    """`aliases` go from the most to the least telling; `kind` names a parser of `cells.py`."""

    name: str
    label: str
    required: bool
    aliases: tuple[str, ...]
    kind: str
    help: str = ""

    def rank_of(self, key: str) -> int | None:
        """How telling a header is for this field (0 is best), None when it says something else."""
        return _ranks(self).get(key)


@dataclass(frozen=True, slots=True)
class Layout:
    """`dated_by`: the field that tells two rows of one person apart (a session, a registration)."""

    kind: str
    label: str
    fields: tuple[Field, ...]
    dated_by: str

    @property
    def required(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.required)

    @property
    def columns(self) -> tuple[Field, ...]:
        """The columns of an empty file to fill: family and given names apart."""
        return tuple(field for field in self.fields if field.name != COMBINED_NAME)

    def field(self, name: str) -> Field:
        for field in self.fields:
            if field.name == name:
                return field
        raise Unknown(f"Le champ « {name} » n’existe pas dans un fichier « {self.label} ».")


@lru_cache(maxsize=256)
def _ranks(field: Field) -> Mapping[str, int]:
    ranks: dict[str, int] = {}
    for spelling in (field.label, *field.aliases):
        ranks.setdefault(ascii_key(spelling), len(ranks))
    return ranks


def _aliases(text: str) -> tuple[str, ...]:
    return tuple(alias.strip() for alias in text.split("|") if alias.strip())


def _field(name: str, label: str, kind: str, aliases: str, help: str = "", *, required: bool = False) -> Field:
    return Field(name, label, required, _aliases(aliases), kind, help)


_FOREIGNER_NUMBER = _field(
    "foreigner_number",
    "N° étranger",
    "foreigner_number",
    "AGDREF | N° AGDREF | Numéro AGDREF | Numéro étranger | Num étranger | Num. étranger | Nº étranger | No étranger |"
    "N étranger | Identifiant AGDREF | Id AGDREF | Identifiant étranger | N° ANEF | Numéro ANEF | N° usager étranger |"
    "N° étranger AGDREF | N° étranger (AGDREF) | Numéro étranger (AGDREF) | Numéro d’étranger | Numéro personnel |"
    "N° personnel étranger | N° titre de séjour | N° de titre de séjour | Numéro titre de séjour",
    "9 ou 10 chiffres, en texte pour garder les zéros de tête.",
)
_FAMILY_NAME = _field(
    "family_name",
    "Nom de famille",
    "family_name",
    "Nom d’usage | Nom usage | Nom usuel | Nom marital | Nom d’épouse | Nom époux | Nom | Noms | Nom famille |"
    "Nom patronymique | Nom de la personne | Nom du bénéficiaire | Nom bénéficiaire | Nom signataire |"
    "Nom du signataire | Nom stagiaire | Nom allocataire | Nom du demandeur | Nom DE | Patronyme | NOM (en majuscules) |"
    "Family name | Last name | Surname",
    "Une personne à un seul nom : écrivez-le ici et « SANS PRENOM » dans la colonne des prénoms.",
    required=True,
)
_BIRTH_NAME = _field(
    "birth_name",
    "Nom de naissance",
    "birth_name",
    "Nom naissance | Nom de jeune fille | Nom jeune fille | NJF | Né(e) nom | Nom à la naissance | Nom natal |"
    "Nom d’origine | Birth name | Maiden name",
)
_GIVEN_NAMES = _field(
    "given_names",
    "Prénom(s)",
    "given_names",
    "Prénoms | Prénom | Prénom usuel | Prénom d’usage | Prénom de la personne | Prénom du bénéficiaire |"
    "Prénom bénéficiaire | Prénom signataire | Prénom du signataire | Prénom stagiaire | Prénom allocataire |"
    "Prénom du demandeur | Prénom DE | Given names | First name",
    required=True,
)
_FULL_NAME = _field(
    COMBINED_NAME,
    "NOM Prénom",
    "full_name",
    "Nom et prénom | Nom et prénoms | Nom prénoms | Nom & prénom | Nom/prénom | Nom - prénom | Noms et prénoms |"
    "Noms prénoms | Nom et prénom(s) | Nom prénom(s) | Nom, prénom | Noms | Identité | Nom complet | Bénéficiaire |"
    "Signataire | Stagiaire | Personne | Personne convoquée | Usager | Demandeur | Full name",
    "Le nom de famille en capitales, puis les prénoms : « DIALLO Mamadou ».",
)
_BIRTH_DATE = _field(
    "birth_date",
    "Date de naissance",
    "birth_date",
    "DDN | Date naissance | Date naiss | Date de naiss | Date de naiss. | D. naissance | DN | DNaiss | D.D.N. | Né(e) le |"
    "Né le | Née le | Né-e le | Né·e le | Né/e le | Naissance | Naissance date | Date naissance (jj/mm/aaaa) |"
    "Date de naissance (jj/mm/aaaa) | Date de naissance jj/mm/aaaa | Date of birth | Birth date | DOB",
    "jj/mm/aaaa. Si seule l’année est connue, écrivez-la seule : 1990.",
    required=True,
)
_SEX_ALIASES = (
    "Civilité | Genre | Sexe (F/H) | Sexe (H/F) | Sexe F/H | Sexe H/F | Sexe (M/F) | Sexe M/F | F/H | H/F | M/F | Civ |"
    "Civ. | Titre civilité | Mme/M. | M./Mme | M/Mme | Gender | Sex"
)
_SEX = _field("sex", "Sexe", "sex", _SEX_ALIASES, "F ou H (Mme ou M. est accepté).")
_SEX_REQUIRED = _field("sex", "Sexe", "sex", _SEX_ALIASES, "F ou H (Mme ou M. est accepté).", required=True)
_NIR = _field(
    "nir",
    "NIR",
    "nir",
    "N° NIR | Numéro NIR | N° de sécurité sociale | Numéro de sécurité sociale | N° sécurité sociale | N° sécu |"
    "Numéro de sécu | Sécurité sociale | N° SS | NSS | Numéro d’inscription au répertoire",
    "15 caractères, en texte.",
)

_CONVOCATIONS = Layout(
    "convocations",
    "Convocations à la demi-journée OFII",
    (
        _FOREIGNER_NUMBER,
        _field(
            "ofii_number",
            "N° OFII",
            "code",
            "Numéro OFII | N° dossier OFII | N° de dossier OFII | Numéro de dossier OFII | Numéro dossier OFII |"
            "Num. dossier OFII | Num dossier OFII | Dossier OFII | Num. dossier | Num dossier | N° dossier | N° de dossier |"
            "Numéro dossier | Numéro de dossier | Réf. dossier | Référence dossier | Dossier | Id OFII | Identifiant OFII",
        ),
        _FAMILY_NAME,
        _BIRTH_NAME,
        _GIVEN_NAMES,
        _FULL_NAME,
        _BIRTH_DATE,
        _SEX_REQUIRED,
        _field(
            "nationality",
            "Nationalité",
            "nationality",
            "Nat | Nat. | Nationalités | Nationalité actuelle | Code nationalité | Pays de nationalité | Pays nationalité |"
            "Pays d’origine | Pays origine | Pays | Nationality",
            "En toutes lettres (« ivoirienne », « Côte d’Ivoire ») ou code à deux lettres.",
        ),
        _field(
            "language",
            "Langue parlée",
            "language",
            "Langue | Langues | Langues parlées | Langue maternelle | Langue principale | Langue comprise | Langue usuelle |"
            "Langue de communication | Langue de contact | Langue parlée et comprise | Language",
            "Une seule langue : la mieux comprise.",
        ),
        _field(
            "interpreter_language",
            "Langue d’interprétariat",
            "language",
            "Interprète | Interprétariat | Langue interprète | Langue de l’interprète | Langue d’interprète |"
            "Besoin interprète | Besoin d’interprète | Interprète (langue) | Interprète langue | Langue interprétariat",
            "Vide si la personne n’a pas besoin d’interprète.",
        ),
        _field(
            "phone",
            "Téléphone portable",
            "phone",
            "Tél. portable | Tél portable | Portable | Mobile | Téléphone mobile | Tél mobile | GSM | N° portable |"
            "N° de portable | Numéro de portable | Téléphone | Tél | Tél. | Tel | N° de téléphone | Numéro de téléphone |"
            "N° téléphone | N° tél | Num tel | Téléphone 1 | Tél 1 | Tél. 1 | Téléphone principal | Coordonnées téléphoniques |"
            "Téléphone fixe | Phone",
            "06 12 34 56 78, ou avec l’indicatif du pays : +221 77 123 45 67.",
        ),
        _field(
            "email",
            "Courriel",
            "email",
            "Mail | E-mail | Email | Adresse mail | Adresse e-mail | Adresse email | Adresse électronique | Mel | Mél | M.él. |"
            "Adresse courriel | Adresse de courriel | Courrier électronique | Adresse de messagerie",
        ),
        _field(
            "address",
            "Adresse",
            "text",
            "Adresse postale | Adresse complète | Adresse 1 | Adresse ligne 1 | Adresse (rue) | Rue | Voie | N° et voie |"
            "N° et rue | N° et nom de voie | Numéro et voie | Domicile | Adresse de résidence | Adresse domicile | Address",
        ),
        _field(
            "postcode",
            "Code postal",
            "postcode",
            "CP | C.P. | Code post. | Code post | Codepostal | Code postal de résidence | CP résidence | Postcode | Zip",
            "5 chiffres, en texte pour garder le zéro de tête.",
        ),
        _field(
            "city",
            "Ville",
            "text",
            "Commune | Commune de résidence | Ville de résidence | Localité | Libellé commune | Nom de la commune |"
            "Nom commune | City",
        ),
        _field(
            "commune_code",
            "Code commune",
            "commune",
            "Code INSEE | Code commune INSEE | Code INSEE commune | Code INSEE de la commune | INSEE | Insee commune",
            "5 caractères : le code INSEE, pas le code postal.",
        ),
        _field(
            "session_date",
            "Date de convocation",
            "session_date",
            "Date convocation | Date RDV | Date de RDV | Date du RDV | Date rendez-vous | Date de rendez-vous |"
            "Date du rendez-vous | RDV | Rendez-vous | Convoqué(e) le | Convoqué le | Convocation | Convocation le |"
            "Date et heure | Date et heure RDV | Date et heure de RDV | Date et heure du RDV | Date et heure de convocation |"
            "Date/heure | Date/heure RDV | Date heure convocation | Date session | Date de session | Date de la session |"
            "Session | Date demi-journée | Date de la demi-journée | Date PFA | Date de passage | Date passage | Jour RDV |"
            "Jour | Jour de convocation | Date VA | Date J1 | Date jour 1 | Date",
            "jj/mm/aaaa.",
            required=True,
        ),
        _field(
            "session_time",
            "Heure de convocation",
            "time",
            "Heure | Heure RDV | Heure de RDV | Heure du RDV | Heure rendez-vous | Heure de rendez-vous |"
            "Heure du rendez-vous | Heure convocation | Horaire | Horaires | Horaire RDV | Horaire de convocation | H RDV |"
            "Créneau | Créneau horaire | Heure d’arrivée | Heure début | Heure de début | Time",
            "09:00 ou 9h.",
        ),
        _field(
            "session_place",
            "Lieu",
            "text",
            "Lieu de convocation | Lieu convocation | Lieu RDV | Lieu de RDV | Lieu du RDV | Lieu rendez-vous |"
            "Lieu de rendez-vous | Lieu du rendez-vous | Site | Salle | Site de convocation | Plateforme | PFA |"
            "Plateforme d’accueil | Adresse de convocation | Adresse RDV | Adresse du RDV | Lieu de la session",
        ),
        _field(
            "cir_number",
            "N° CIR",
            "code",
            "CIR | Numéro CIR | Num CIR | Num. CIR | N° de CIR | N° contrat CIR | N° contrat | N° de contrat |"
            "Numéro de contrat | Numéro contrat | Réf. CIR | Référence CIR | N° du contrat d’intégration républicaine",
        ),
        _field(
            "cir_signed_on",
            "Date de signature du CIR",
            "past_date",
            "Signature CIR | Date signature CIR | Date de signature CIR | Signature du CIR | Date signature du CIR | CIR signé le |"
            "Date CIR | Date du CIR | Date signature | Date de signature | Signé le | Date signature contrat |"
            "Date de signature du contrat",
        ),
        _field(
            "admission_motive",
            "Motif d’admission",
            "motive",
            "Motif | Motif admission | Motif d’admission au séjour | Motif du séjour | Motif de séjour | Motif séjour |"
            "Motif d’entrée | Motif du titre | Motif titre de séjour | Public | Type de public | Catégorie de public | Statut |"
            "Statut administratif",
            "Asile, Familial, Économique ou Autres.",
        ),
        _field(
            "level",
            "Niveau de français",
            "level",
            "Niveau | Niveau linguistique | Niveau langue | Niveau de langue | Niveau CECRL | CECRL | Niveau français |"
            "Niveau FLI | Niveau évalué | Positionnement | Résultat test | Résultat du test | Parcours linguistique",
            "infra A1.1, A1.1, A1, A2, B1, B2, C1 ou C2.",
        ),
    ),
    dated_by="session_date",
)

_FRANCE_TRAVAIL = Layout(
    "france-travail",
    "Inscriptions à France Travail",
    (
        _field(
            "ft_identifier",
            "Identifiant France Travail",
            "ft_identifier",
            "Identifiant FT | Id FT | N° FT | N° France Travail | Numéro France Travail | N° identifiant | Identifiant |"
            "Identifiant Pôle emploi | Identifiant PE | ID PE | Identifiant DE | N° DE | N° demandeur d’emploi |"
            "Identifiant national | Identifiant demandeur d’emploi | Numéro demandeur d’emploi",
            "11 chiffres (ancien format : 7 chiffres et un caractère).",
        ),
        _NIR,
        _FOREIGNER_NUMBER,
        _FAMILY_NAME,
        _BIRTH_NAME,
        _GIVEN_NAMES,
        _FULL_NAME,
        _BIRTH_DATE,
        _SEX,
        _field(
            "registered_on",
            "Date d’inscription",
            "past_date",
            "Date inscription | Date d’inscription FT | Date inscription FT | Inscrit le | Inscrit(e) le | Date inscription DE |"
            "Date d’inscription DE | Inscription | Date d’effet inscription | Début d’inscription | Date début inscription |"
            "Date d’inscription à France Travail",
        ),
        _field(
            "deregistered_on",
            "Date de cessation",
            "past_date",
            "Date cessation | Date de radiation | Date radiation | Date désinscription | Date de désinscription | Date de sortie |"
            "Cessation d’inscription | Date fin inscription | Date de fin d’inscription | Fin d’inscription | Radié le |"
            "Date d’annulation | Date de cessation d’inscription",
        ),
        _field("category", "Catégorie", "code", "Cat | Cat. | Catégorie DE | Catégorie d’inscription | Catégorie DEFM"),
        _field(
            "agency",
            "Agence",
            "text",
            "Agence France Travail | Agence FT | Agence de rattachement | Nom agence | Libellé agence | Code SAFIR | SAFIR |"
            "Agence d’inscription | Structure",
        ),
    ),
    dated_by="registered_on",
)

_RSA = Layout(
    "rsa",
    "Bénéficiaires du RSA",
    (
        _field(
            "caf_number",
            "N° allocataire",
            "caf_number",
            "Numéro allocataire | N° d’allocataire | Numéro d’allocataire | Matricule | Matricule CAF | N° CAF | Numéro CAF |"
            "N° MSA | N° allocataire CAF | N° allocataire CAF/MSA | Allocataire | Num allocataire",
            "7 chiffres, avec une lettre éventuelle.",
        ),
        _NIR,
        _FOREIGNER_NUMBER,
        _FAMILY_NAME,
        _BIRTH_NAME,
        _GIVEN_NAMES,
        _FULL_NAME,
        _BIRTH_DATE,
        _SEX,
        _field(
            "entitled_since",
            "Date d’ouverture des droits",
            "past_date",
            "Ouverture des droits | Date ouverture droits | Date d’ouverture de droits | Date ouverture des droits | Date ouverture |"
            "Date d’ouverture du droit | Date d’entrée RSA | Date entrée RSA | Date d’entrée dans le RSA | RSA depuis |"
            "RSA depuis le | Date début RSA | Date d’ouverture RSA | Date de droit | Droit ouvert le",
        ),
        _field(
            "department",
            "Département",
            "text",
            "Dépt | Dept | Dép. | Dep | Code département | Département de résidence | N° département | Conseil départemental",
        ),
    ),
    dated_by="entitled_since",
)

_AGIR = Layout(
    "agir",
    "Accompagnement AGIR",
    (
        _FOREIGNER_NUMBER,
        _FAMILY_NAME,
        _BIRTH_NAME,
        _GIVEN_NAMES,
        _FULL_NAME,
        _BIRTH_DATE,
        _SEX,
        _field(
            "oriented_on",
            "Date d’orientation",
            "past_date",
            "Date orientation | Orienté le | Orienté(e) le | Orientation | Date orientation AGIR | Date d’orientation AGIR |"
            "Date d’orientation vers AGIR | Date d’entrée | Date entrée | Date entrée AGIR | Date d’entrée AGIR |"
            "Date d’entrée dans AGIR | Date de début d’accompagnement | Entrée AGIR",
        ),
        _field(
            "operator",
            "Opérateur",
            "text",
            "Opérateur AGIR | Prestataire | Prestataire AGIR | Structure | Association | Structure d’accompagnement |"
            "Titulaire du marché | Organisme",
        ),
        _field(
            "status_granted_on",
            "Date d’obtention de la protection",
            "past_date",
            "Date de protection | Date protection | Date obtention protection | Date d’octroi | Date octroi | Date octroi statut |"
            "Date d’octroi du statut | Date statut | Date d’obtention du statut | Date obtention statut | Date décision OFPRA |"
            "Date de décision OFPRA | Date décision OFPRA/CNDA | BPI depuis | BPI depuis le",
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
        return LAYOUTS[kind]
    except KeyError:
        raise Unknown(
            f"Aucun fichier de nature « {kind} » n’est connu.", remedy=f"Choisissez parmi : {', '.join(LAYOUTS)}."
        ) from None
