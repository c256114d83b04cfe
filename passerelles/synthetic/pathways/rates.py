"""Rates of the synthetic pathways: published ones, read with their source, and those no document gives: invented.

A rate is a share (0 to 1) unless its name says otherwise. Pure.
"""

from __future__ import annotations

from passerelles.synthetic.population.published import published_value

# Reception day. No document gives the rate of those who do not come at the platform or at an appointment: invented.
ABSENT_AT_FIRST_CONVOCATION = 0.14
EXCUSED_AMONG_EXCUSABLE = 0.4
OPT_OUT_AT_INTERVIEW = 0.03
OPT_OUT_AT_SIGNATURE = 0.02
OPT_OUT_REVERSED = 0.18
REFUSED, TECHNICAL_FAILURE, TO_COMPLETE = 0.04, 0.02, 0.06
APPOINTMENT_OF_REGISTERED, APPOINTMENT_OF_KNOWN = 0.95, 0.3
APPOINTMENT_RESULTS = {"attended": 0.57, "missed": 0.14, "excused": 0.04, "rescheduled": 0.07, "": 0.18}
SECOND_APPOINTMENT_RESULTS = {"attended": 0.7, "missed": 0.14, "": 0.16}
ACCOMPANIMENT_AGREED, ACCOMPANIED = 0.55, 0.8

# Since 1 July 2025 the target is A2 and the training optional; no result is known: invented.
A2_ATTAINED = 0.42
A2_PILOT_ATTAINED = 0.5
STARTS_COMPULSORY, STARTS_OPTIONAL = 0.93, 0.7
DROPS_OUT = 0.12
COMPLEMENT_WANTED = {"A2": 0.14, "B1": 0.09}
COMPLEMENT_ATTAINED = 0.62
VOCATIONAL_PILOT = 0.35

# Civic training, exam of 2026, end of the CIR, recognition of diplomas: invented.
CIVIC_ATTENDED, CIVIC_INCOMPLETE = 0.94, 0.03
END_INTERVIEW = 0.6
EXAM_PASSED, EXAM_TRIED_AGAIN = 0.74, 0.7
CERTIFIED_BEFORE_CARD = 0.55
RECOGNITION_REQUESTED = 0.14
RECOGNITION_PROCEDURES = {"enic_naric": 0.8, "vae": 0.14, "regulated_profession": 0.06}
RECOGNITION_RESULTS = {"recognised": 0.72, "partly": 0.16, "refused": 0.12}

# Referrals: the rates of answer are invented; 30 % of the organisations are mute or late (network.organisations).
DECLINED, SILENT_ALTHOUGH_ALIVE, ANSWER_OF_THE_MUTE = 0.07, 0.06, 0.3
DECLINE_REASONS = {"out_of_area": 3, "no_place": 4, "not_eligible": 2, "not_reached": 5}
APPOINTMENT_GIVEN, ATTENDED_FIRST, ATTENDED_SECOND, SECOND_GIVEN = 0.93, 0.74, 0.68, 0.55
SILENCE_WORKING_DAYS = 15

# Registration at France Travail. At signature: drawn by the population (F-033). After: invented.
# Women register later than men: 27 % and 37 % of access to a job give 33 % for all when the cohort of three months
# before or after has 40 % of women (J-012).
REGISTERED_JUST_BEFORE = {"women": 0.42, "men": 0.82}
SELF_REGISTERED_SOON = {"women": 0.1, "men": 0.28}
SELF_REGISTERED_LATER = 0.16
POSTPONED_BY_WOMEN = 0.4
REGISTERED_WITHOUT_WISH = 0.05

# Access to a job within 12 months of signature among those registered within three months of it (F-031): published for
# Bourgogne-Franche-Comté, cohort of 2023. Elsewhere the same multiplied by an invented factor of the region and of the
# year; outside the cohort, invented rates.
REGION_FACTOR = {
    "11": 1.06,
    "84": 1.04,
    "76": 0.93,
    "93": 0.95,
    "44": 0.97,
    "75": 1.02,
    "32": 0.86,
    "52": 1.12,
    "28": 0.98,
    "53": 1.14,
    "27": 1.0,
    "24": 1.03,
    "94": 1.05,
    "01": 0.7,
    "02": 0.7,
    "03": 0.55,
    "04": 0.65,
    "06": 0.4,
}
YEAR_FACTOR = {2019: 0.9, 2020: 0.78, 2021: 0.94, 2022: 1.04, 2023: 1.0, 2024: 0.98}
JOB_OUTSIDE_COHORT = {"wishes": 0.3, "employed": 0.12, "others": 0.06}
JOB_LATER = {"wishes": 0.42, "employed": 0.2, "others": 0.14}
JOB_AGAIN = 0.45
CHECKED_AT_SIX_MONTHS = 0.4
POE_MARGIN = 0.105
"""One rate of POE per department and year, drawn this far at most from the middle of the published range."""
POE_AMONG_HIRED, IMMERSION_AMONG_HIRED, IMMERSION_OF_OTHERS = 0.09, 0.12, 0.03
TRAINING_OF_JOB_SEEKERS, TRAINING_TURNED_DOWN, TRAINING_COMPLETED = 0.11, 0.3, 0.82
SIGNATORIES_PER_NEED = 18

# AGIR: exits are invented, their definition is not fixed (C-053).
AGIR_ENTERS = 0.95
AGIR_EXIT_REASONS = {
    "job": {"job_and_housing": 55, "job": 33, "end_of_support": 12},
    "no_job": {"housing": 42, "dropped": 27, "end_of_support": 31},
}

# Life: invented.
MOVES, DEPARTS = 0.08, 0.025
RSA_LATER = 0.05


def published_share(code: str) -> float:
    """A percentage of `data/published.yaml`."""
    return published_value(code) / 100


def a1_attained(year: int) -> float:
    """Level A1 at the end of the training prescribed, by year of signature; the nearest known year for the others."""
    return published_share(f"a1_attained_{min(max(year, 2021), 2023)}")
