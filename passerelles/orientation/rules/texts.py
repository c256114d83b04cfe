"""The texts the rules cite, in the version in force on the days of the rules. Quoted by number, never copied."""

from __future__ import annotations

import datetime as dt

from passerelles.orientation.engine.texts import Text


def _labour_code(article: str, since: dt.date, until: dt.date | None = None, confidence: str = "élevée") -> Text:
    return Text(f"code du travail, art. {article}", since, until, confidence)


def _ceseda(article: str, since: dt.date, until: dt.date | None = None, confidence: str = "moyenne") -> Text:
    return Text(f"CESEDA, art. {article}", since, until, confidence)


PLEIN_EMPLOI = dt.date(2025, 1, 1)
LAW_2024 = dt.date(2024, 1, 28)

PARIS_AGREEMENT = Text("accord départemental de Paris du 01/06/2022", dt.date(2022, 6, 1), dt.date(2026, 3, 1))
HAUTE_GARONNE_AGREEMENT = Text(
    "accord départemental de la Haute-Garonne du 15/10/2021", dt.date(2021, 10, 15), dt.date(2026, 10, 15)
)
OPT_OUT_CLAUSE = Text(
    "accords départementaux de 2021 et 2022, clause de dispense", dt.date(2021, 10, 15), None, "faible"
)
APEC = Text("mission de l'Apec : cadres et jeunes diplômés", dt.date(2021, 3, 1), None, "moyenne")
METZ_SLIDES = Text("Présentation DT OFII Metz, séminaire du 05/02/2026", dt.date(2025, 12, 8), dt.date(2026, 11, 30))
INSTRUCTION_2022 = Text(
    "instruction interministérielle du 08/02/2022", dt.date(2022, 2, 8), dt.date(2024, 3, 25), "moyenne"
)
INSTRUCTION_2024 = Text("instruction IOMV2403137J du 26/03/2024", dt.date(2024, 3, 26))
INSTRUCTION_2025 = Text("instruction INTK2511068J du 26/06/2025", dt.date(2025, 6, 26))

LAW_FULL_EMPLOYMENT = Text("loi n° 2023-1196", dt.date(2023, 12, 20))
LAW_IMMIGRATION = Text("loi n° 2024-42 du 26/01/2024", LAW_2024)
DECREE_CIVIC = Text("décret n° 2025-647 du 15/07/2025", dt.date(2025, 7, 17))
ORDER_EXAM = Text("arrêté du 10/10/2025 (NOR INTV2527907A)", dt.date(2025, 10, 13))
DECREE_NATURALISATION = Text("décret n° 2025-648 du 15/07/2025", dt.date(2025, 7, 17), confidence="moyenne")
ORDER_CIVIC_TRAINING = Text("arrêté du 22/07/2025", dt.date(2025, 8, 1))
ORDER_PATHWAYS = Text("arrêté du 21/11/2024 (orientation)", PLEIN_EMPLOI)

ORDER_CIR_2016 = Text("arrêté du 01/07/2016 (CIR)", dt.date(2016, 7, 1), confidence="moyenne")
ORDER_CIR_2019 = Text("arrêté du 01/07/2016 (CIR), régime du 01/03/2019", dt.date(2019, 3, 1))
LANGUAGE_PILOTS = Text("expérimentations linguistiques de l'OFII, 2024", dt.date(2024, 3, 1))
LANGUAGE_MARKET_2025 = Text("marchés linguistiques de l'OFII du 01/07/2025", dt.date(2025, 7, 1))

CESEDA_CIR = _ceseda("L.413-2", dt.date(2016, 7, 1), confidence="élevée")
CESEDA_CARD = _ceseda("L.433-4", dt.date(2021, 5, 1), dt.date(2025, 12, 31))
CESEDA_RESIDENT = _ceseda("L.413-7", dt.date(2021, 5, 1), dt.date(2025, 12, 31))
FRANCO_ALGERIAN = Text("accord franco-algérien du 27/12/1968", dt.date(1969, 3, 22), confidence="moyenne")

REGISTRATION_BEFORE = _labour_code("L.5411-1", dt.date(2008, 12, 19), dt.date(2024, 12, 31), "moyenne")
REGISTRATION = _labour_code("L.5411-1", PLEIN_EMPLOI)
PERMITS_BEFORE = _labour_code("R.5221-48", dt.date(2021, 5, 1), dt.date(2025, 6, 15), "moyenne")
PERMITS = _labour_code("R.5221-48", dt.date(2025, 6, 16))
PERMIT_CHECK = _labour_code("R.5221-47", dt.date(2015, 10, 15))
ORIENTATION = _labour_code("L.5411-5-1", PLEIN_EMPLOI)
ENGAGEMENT = _labour_code("L.5411-6", PLEIN_EMPLOI)
YOUTH = _labour_code("L.5314-2", PLEIN_EMPLOI)
YOUTH_BEFORE = _labour_code("L.5131-3", dt.date(2017, 1, 1))
YOUTH_CONTRACT = _labour_code("L.5131-6", PLEIN_EMPLOI)
DISABILITY = _labour_code("L.5212-13", dt.date(2017, 1, 1))
WORK_TIME_TRAINING = _labour_code("L.6321-3 et R.6321-5", LAW_2024)
CPF_ABSENCE = _labour_code("L.6323-17", LAW_2024)
SKILLS_PLAN = _labour_code("L.6321-1", LAW_2024)
IAE = Text(
    "arrêté du 01/09/2021 (critères de l'insertion par l'activité économique)", dt.date(2021, 9, 2), None, "moyenne"
)
O2R = Text("loi n° 2023-1196, art. 7, et cahier des charges de 2024", dt.date(2024, 7, 16), None, "moyenne")
BANK = Text("droit au compte, règles du 13/06/2022", dt.date(2022, 6, 13), None, "moyenne")
VAE = Text("loi n° 2022-1598 du 21/12/2022 (VAE)", dt.date(2022, 12, 23), None, "moyenne")
VOLONTR_2018 = Text(
    "Volont'R, mission de service civique (2018)", dt.date(2018, 1, 1), dt.date(2020, 12, 31), "moyenne"
)
VOLONTR_2021 = Text("Volont'R, extension de 2021", dt.date(2021, 1, 1), None, "moyenne")
FAMI = Text("FAMI, programmation 2021-2027", dt.date(2021, 1, 1), dt.date(2027, 12, 31), "moyenne")
