"""Closed lists as offices write them: sex, motive of admission, no interpreter."""

from __future__ import annotations

from passerelles.core.text import ascii_key


def _table(**spellings: str) -> dict[str, str]:
    return {ascii_key(text): code for code, texts in spellings.items() for text in texts.split("|")}


_SEX = _table(
    F="f|femme|féminin|féminine|fem|fém|mme|madame|mlle|melle|mademoiselle|female|woman|2",
    H="h|homme|m|masculin|masc|mr|monsieur|mâle|male|man|hom|1",
)
_MOTIVE = _table(
    ASILE="asile|protection|protection internationale|réfugié|réfugiée|réfugiés|réfugié(e)|statut de réfugié|bpi|brpi|"
    "protection subsidiaire|ps|bénéficiaire de la protection internationale|bps|apatride|"
    "réunification familiale|"
    "membre de famille de réfugié|famille de réfugié|famille bpi",
    FAMILIAL="familial|familiale|famille|motif familial|vie privée et familiale|vpf|liens personnels et familiaux|"
    "regroupement familial|rf|conjoint de français|conjointe de français|cf|conjoint français|"
    "parent d’enfant français|pef|ascendant de français|membre de famille",
    ECONOMIQUE="économique|éco|motif économique|salarié|salariée|travail|travailleur|travailleur temporaire|"
    "professionnel|"
    "immigration professionnelle|passeport talent|talent|salarié en mission|saisonnier|entrepreneur",
    AUTRES="autre|autres|autre motif|autres motifs|divers|humanitaire|étudiant|étudiante|visiteur|visiteuse|malade|"
    "santé|étranger malade|admission exceptionnelle au séjour|aes|régularisation",
)
NO_INTERPRETER = frozenset("non|n|aucun|aucune|sans|sans interprete|pas besoin|pas de besoin|non necessaire".split("|"))


def sex(text: str) -> str | None:
    """F or H, None when unknown."""
    return _SEX.get(ascii_key(text))


def motive(text: str) -> str | None:
    """ASILE, FAMILIAL, ECONOMIQUE or AUTRES (lot 1), None when unknown."""
    return _MOTIVE.get(ascii_key(text))
