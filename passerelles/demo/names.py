"""Names by region of origin, hand-written and drawn at random. Nobody in particular bears them together."""

from __future__ import annotations

from typing import NamedTuple


class Origin(NamedTuple):
    """A country (ISO), the language asked of an interpreter (ISO 639-3), how often it is drawn, and names."""

    country: str
    language: str
    weight: int
    families: tuple[str, ...]
    women: tuple[str, ...]
    men: tuple[str, ...]


def _origin(country: str, language: str, weight: int, families: str, women: str, men: str) -> Origin:
    return Origin(country, language, weight, tuple(families.split()), tuple(women.split()), tuple(men.split()))


ORIGINS = (
    _origin(
        "AF",
        "prs",
        16,
        "Rahmani Noorzai Yusufzada Haidari Sultanzoy Amiri Qasemi Wardakpour Stanekzada Barakzada",
        "Zahra Parwana Shakila Mursal Freshta Laila Nargis Hosna",
        "Farid Jawad Mirwais Nasrullah Idris Qais Zalmai Hamid",
    ),
    _origin(
        "SY",
        "ara",
        9,
        "Alkhatib Darwich Kabbani Halabi Sabbagh Nahhas Barazi Otaki Mardini",
        "Rima Hala Nour Samar Lubna Dima Rania",
        "Bassel Khaled Anas Wael Tarek Omar Firas",
    ),
    _origin(
        "UA",
        "ukr",
        7,
        "Kovalchuk Bondarenko Melnychenko Tkachuk Shevtsov Polishchuk Hrytsenko Savchenko",
        "Oksana Iryna Nataliia Kateryna Svitlana Yuliia",
        "Andrii Mykola Taras Serhii Oleh Vasyl",
    ),
    _origin(
        "MA",
        "ara",
        10,
        "Bennouna Tazi-Alaoui Elharrak Ouazzani Berrada Chraibi Lahlou Zerhouni",
        "Khadija Salma Imane Hanae Fatima-Zahra Siham",
        "Youssef Hicham Rachid Mehdi Nabil Karim",
    ),
    _origin(
        "DZ",
        "ara",
        8,
        "Benyahia Hadjeres Mebarki Zouaoui Khelifi Boudjemaa Ait-Saada Rahmouni",
        "Amel Nadia Lynda Samira Wafa Ghania",
        "Sofiane Mourad Lyes Amine Reda Djamel",
    ),
    _origin(
        "TN",
        "ara",
        4,
        "Jaziri Mansouri Trabelsi-Haddad Gharbi Mejri Belhassen",
        "Ines Olfa Mariem Sonia Hajer",
        "Aymen Seif Walid Nizar Hatem",
    ),
    _origin(
        "GN",
        "ful",
        6,
        "Barry-Sow Kourouma Soumah Bangoura Camara-Bah Sylla Keita",
        "Aissatou Mariama Kadiatou Fanta Hawa",
        "Mamadou Ibrahima Alseny Sekou Ousmane",
    ),
    _origin(
        "CD",
        "lin",
        6,
        "Mbuyi Kalonji Ngandu Ilunga Tshimanga Lukusa Makiese",
        "Grâce Béatrice Noëlla Clarisse Solange",
        "Patrick Dieudonné Trésor Héritier Fabrice",
    ),
    _origin(
        "TR",
        "tur",
        6,
        "Yıldırım Kaplan Özdemir Aksoy Karataş Doğan Erdoğdu",
        "Elif Zeynep Ayşe Hülya Derya",
        "Emre Murat Serkan Hakan Onur",
    ),
    _origin(
        "RU",
        "rus",
        4,
        "Magomadov Tsarnaev Dudaïev-Aslan Akhmadov Saïdullaev",
        "Zarema Louisa Madina Aset",
        "Ruslan Aslan Chamil Timour",
    ),
    _origin(
        "KZ",
        "rus",
        2,
        "Nurgaliyev Sadykov Abenov Iskakov",
        "Aigerim Dinara Saltanat",
        "Nurlan Daniyar Yerlan",
    ),
    _origin(
        "LK",
        "tam",
        4,
        "Sivakumar Rajaratnam Thavarajah Kanagasabai Selvanathan",
        "Priya Meena Kavitha Sathya",
        "Suresh Ravi Kumaran Nimal",
    ),
    _origin(
        "BD",
        "ben",
        4,
        "Chowdhury Talukder Bhuiyan Majumder Howlader",
        "Nasrin Shirin Rokeya Farhana",
        "Rafiq Shafiq Jahangir Kamal",
    ),
    _origin(
        "ER",
        "tir",
        3,
        "Tesfamariam Habtemichael Ghebreab Woldegebriel",
        "Selam Rahwa Mebrat",
        "Yonas Filmon Kibrom",
    ),
    _origin("ET", "amh", 2, "Alemayehu Worku Desta Gebremedhin", "Hiwot Tigist Selamawit", "Dawit Abel Henok"),
    _origin("SO", "som", 3, "Warsame Farah-Nur Abdirahman Guled", "Hodan Ifrah Sahra", "Abdullahi Liban Mahad"),
    _origin("AL", "sqi", 3, "Hoxhaj Dervishi Gjonaj Kelmendi", "Arta Blerina Drita", "Arben Ilir Besnik"),
    _origin("GE", "kat", 3, "Kvaratskhelia Beridze Lomidze Gelashvili", "Nino Tamar Ketevan", "Giorgi Levan Davit"),
    _origin(
        "BR", "por", 2, "Nascimento Moreira Teixeira Figueiredo", "Luciana Renata Patrícia", "Thiago Rafael Leandro"
    ),
    _origin("VN", "vie", 2, "Nguyễn Trần Phạm Hoàng", "Linh Hương Thảo", "Minh Tuấn Đức"),
    _origin(
        "CM",
        "fra",
        4,
        "Mbarga Fotso Nkoulou Tchinda Ewane",
        "Estelle Carine Mireille Odile",
        "Serge Hervé Roland Blaise",
    ),
)
