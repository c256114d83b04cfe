"""How often two members of one family agree on each field: set by hand, no list says who is kin to whom.

Families of the newcomers' lists: spouses (often one name, another in cultures where women keep theirs), brothers and
sisters, parents and grown children, twins (2.5 % share their birth date, 1 % more are both of 1 January). Half share an
address or a telephone at the time of the lists. Their residence permits may follow one another by a digit.
"""

KIN: dict[str, dict[str, float]] = {
    "family": {
        "same": 0.55,
        "crossed": 0.001,
        "birth": 0.03,
        "key": 0.06,
        "crossed_key": 0.001,
        "birth_key": 0.01,
        "swap": 0.02,
        "swap_key": 0.01,
        "token": 0.02,
        "letter": 0.01,
        "letters": 0.02,
        "other": 0.268,
    },
    "single": {"same": 0.01, "key": 0.03, "other": 0.96},
    "given": {
        "same": 0.006,
        "first": 0.015,
        "token": 0.02,
        "first_key": 0.02,
        "key": 0.01,
        "initial": 0.002,
        "elsewhere": 0.01,
        "elsewhere_key": 0.01,
        "letter": 0.004,
        "letters": 0.01,
        "other": 0.893,
    },
    "born": {
        "same_estimated": 0.01,
        "same": 0.025,
        "inverted": 0.0005,
        "estimated": 0.02,
        "calendar": 0.0003,
        "digit": 0.004,
        "same_day": 0.004,
        "year": 0.03,
        "next_year": 0.02,
        "other": 0.8862,
    },
    "sex": {"same": 0.5, "other": 0.5},
    "country": {"same": 0.95, "other": 0.05},
    "place": {"postcode": 0.56, "city": 0.06, "department": 0.2, "other": 0.18},
    "address": {"same": 0.5, "letters": 0.05, "other": 0.45},
    "email": {"same": 0.1, "other": 0.9},
    "phone": {"same": 0.3, "other": 0.7},
    "agdref": {"same": 0.0005, "digit": 0.02, "other": 0.9795},
    "nir": {"same": 0.0001, "renewed": 0.5, "other": 0.4999},
    "ft": {"same": 0.0001, "other": 0.9999},
}
ODDS = 1.0
"""Pairs of relatives for one pair of the same person, in two lists of newcomers: households of two or three, of whom
most are in both lists, and a few relatives of the persons searched among the others."""
