"""What may be proposed to a person, in the order in which one would propose it (B-035 to B-037, C-007, C-008).

The list suggests; the auditor decides which actor is best able to accompany.
"""

from __future__ import annotations

from passerelles.orientation.engine.recommendation import Kind, Proposal

BODY, ACTION, RIGHT = Kind.BODY, Kind.ACTION, Kind.RIGHT
_JOB = ("spe.orientation",)

PROPOSALS = (
    Proposal("dispense", ACTION, "Respecter la dispense demandée ; dire qu'elle est réversible", ("spe.dispense",)),
    Proposal("titre", RIGHT, "Renouveler le document de séjour sans attendre", ("sejour.echeance",)),
    Proposal("agir", BODY, "AGIR : orientation par l'OFII", ("agir.eligible",)),
    Proposal("metz", ACTION, "Inscrire maintenant à France Travail (CIP)", ("metz.inscription",)),
    Proposal(
        "inscription",
        ACTION,
        "Accompagner l'inscription à France Travail",
        ("ft.inscription",),
        against=("metz.inscription",),
    ),
    Proposal("departement", BODY, "Conseil départemental (RSA)", ("decideur.departement",), needs=_JOB),
    Proposal(
        "mission_locale",
        BODY,
        "Mission locale",
        ("mission_locale.public",),
        needs=_JOB,
        against=("decideur.departement", "cap_emploi.public"),
    ),
    Proposal("cap_emploi", BODY, "Cap emploi", ("cap_emploi.public",), needs=_JOB, against=("decideur.departement",)),
    Proposal("apec", BODY, "Apec", ("apec.public",), needs=_JOB, against=("cap_emploi.public",)),
    Proposal(
        "france_travail",
        BODY,
        "France Travail",
        _JOB,
        against=("decideur.departement", "mission_locale.public", "cap_emploi.public"),
    ),
    Proposal("parcours_social", ACTION, "Parcours social", ("parcours.social",), needs=_JOB),
    Proposal("parcours_socio_pro", ACTION, "Parcours socio-professionnel", ("parcours.socio_pro",), needs=_JOB),
    Proposal("parcours_professionnel", ACTION, "Parcours professionnel", ("parcours.professionnel",), needs=_JOB),
    Proposal("cej", ACTION, "Contrat d'engagement jeune", ("mission_locale.cej",), needs=_JOB),
    Proposal("langue", ACTION, "Formation linguistique de l'OFII", ("langue.prescription",)),
    Proposal(
        "langue_complement",
        ACTION,
        "Formation linguistique complémentaire",
        ("langue.complement_a2", "langue.complement_b1", "langue.complement_emploi"),
    ),
    Proposal("civique", ACTION, "Formation civique", ("civique.formation",), against=("civique.complete",)),
    Proposal("acces_direct", ACTION, "Accès direct aux formations de France Travail", ("ft.acces_direct",)),
    Proposal(
        "temps_travail",
        RIGHT,
        "Cours de français sur le temps de travail",
        ("formation.temps_travail", "formation.absence_cpf"),
    ),
    Proposal("garde", ACTION, "Crèche AVIP", ("garde.avip",)),
    Proposal("iae", ACTION, "Insertion par l'activité économique", ("iae.eligible",), needs=_JOB),
    Proposal("diplome", ACTION, "Attestation ENIC-NARIC", ("diplome.enic_naric",)),
    Proposal("vae", ACTION, "Validation des acquis de l'expérience", ("diplome.vae",)),
    Proposal("adie", BODY, "ADIE", ("creation.adie",)),
    Proposal("o2r", BODY, "Offre de repérage et de remobilisation", ("o2r.public",), against=("spe.orientation",)),
    Proposal("femmes", BODY, "CIDFF et appui aux femmes", ("femme.appui",)),
    Proposal("volontr", ACTION, "Volont'R", ("jeune.volontr",)),
    Proposal("sante", ACTION, "Rendez-vous santé de l'OFII", ("sante.rendez_vous",)),
    Proposal("soins", ACTION, "Offre de soins", ("sante.orientation",)),
    Proposal("compte", RIGHT, "Droit au compte bancaire", ("banque.droit_au_compte",)),
    Proposal("droits", ACTION, "Accès aux droits (programme 104)", ("p104.droits",)),
    Proposal("bilan", ACTION, "Entretien de fin de contrat", ("cir.bilan",)),
)

BY_CODE = {proposal.code: proposal for proposal in PROPOSALS}
