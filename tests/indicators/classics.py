"""Classic survival data, as additive counts: `306d2` is 2 deaths at day 306, `c` censored, `p` progression.

lung: North Central Cancer Treatment Group (Loprinzi 1994), by sex. veteran: lung cancer trial of the Veterans'
Administration (Kalbfleisch and Prentice 1980), by cell type. aml: maintenance of acute myelogenous leukaemia (Miller
1997). mgus2: monoclonal gammopathy, months to progression or death without it (Kyle 2002). Facts taken from the data
sets of R's survival package 3.5-3.
"""

from __future__ import annotations

import re

from passerelles.indicators.survival.counts import CENSORED, Durations

KINDS = {"d": "death", "p": "progression", "c": CENSORED}


def read(text: str, *outcomes: str) -> Durations:
    """The counts written in `text`."""
    days, kinds = [], []
    for day, kind, count in re.findall(r"(\d+)([dpc])(\d*)", text):
        # A count of one is not written: `306d` is one death.
        times = int(count or 1)
        days += [int(day)] * times
        kinds += [KINDS[kind]] * times
    return Durations.of(days, kinds, outcomes)


LUNG = {
    "men": (
        "11d3 12d 13d2 15d 26d 30d 31d 53d2 54d 59d 60d 65d2 71d 81d 88d2 92d 93d 95d 105d 107d 110d 116d 118d 131d "
        "132d2 135d 142d 144d 147d 156d2 163d3 166d 170d 174c 175d 176d 177d 179d2 180d 181d2 183d 185c 188c 189d "
        "191c 196c 197c 197d 202d 207d 210d 212d 218d 221c 222c 222d 223d 225c2 229d 230d 237c 239d 246d 259c 267d "
        "269d 270d 279c 283d 284c 284d 285d 286d 288d 291d 292c 300c 301c 301d 303c 303d 306d 310d 320d 329d 337d "
        "353d2 363d 364d 371d 387d 390d 394d 404c 413c 428d 429d 442d 444c 455d 457d 458c 460d 477d 519d 524d 533d "
        "558d 567d 574d 583d 613d 624d 643d 655d 689d 707d 791d 806c 814d 840c 883d 1010c 1022c"
    ),
    "women": (
        "5d 60d 61d 62d 79d 81d 92c 95d 105c 107d 122d 145d2 153d 166d 167d 173c 175c 177c 182d 186d 192c 194d 199d "
        "201d2 202c 203c 208d 211c 224c 226d 235c 239d 240c 243c 245d 252c 266c 268d 269c 272c 276c 285d 292c 293d "
        "296c 305d 310d 315c 332c 340d 345d 348d 350d 351d 356c 361d 363d 364c 371d 376c 382c 384c 426d 433d 444d "
        "450d 473d 511c2 520d 524d 529c 543c 550d 551c 559c 588c 641d 654d 687d 705d 728d 731d 735d 740c 765d 821c "
        "965c"
    ),
}
VETERAN = {
    "squamous": (
        "1d2 8d 10d 11d 15d 25c 25d 30d 33d 42d 44d 72d 82d 87c 100c 110d 111d 112d 118d 126d 144d 201d 228d 231c "
        "242d 283d 314d 357d 389d 411d 467d 587d 991d 999d"
    ),
    "smallcell": (
        "2d 4d 7d2 8d 10d 13d2 16d 18d2 20d2 21d2 22d 24d 25d2 27d 29d 30d 31d 51d2 52d 54d2 56d 59d 61d 63d 80d 87d "
        "95d 97c 99d2 103c 117d 122d 123c 139d 151d 153d 287d 384d 392d"
    ),
    "adeno": (
        "3d 7d 8d2 12d 18d 19d 24d 31d 35d 36d 45d 48d 51d 52d 73d 80d 83c 84d 90d 92d 95d 117d 132d 140d 162d 186d"
    ),
    "large": (
        "12d 15d 19d 43d 49d 52d 53d 100d 103d 105d 111d 133d 143d 156d 162d 164d 177d 182c 200d 216d 231d 250d 260d "
        "278d 340d 378d 553d"
    ),
}
AML = {
    "maintained": ("9d 13c 13d 18d 23d 28c 31d 34d 45c 48d 161c"),
    "nonmaintained": ("5d2 8d2 12d 16c 23d 27d 30d 33d 43d 45d"),
}
MGUS2 = {
    "women": (
        "1c 1d20 2d9 2p2 3d4 4d6 4p 5d 6d5 6p 7d 8d7 9d2 9p2 10c 10d2 10p 11d 11p 12d 13d2 13p 14d3 14p 15d2 16d 17d4 "
        "17p 18d4 19d3 20d4 21p 22d5 22p 23d 23p2 24d3 25d2 26d3 27d2 28d2 29d2 29p 30d5 31d4 32d3 34d3 35d 36d 37d2 "
        "38d2 38p 39d 39p2 40d 41d3 42d4 43d3 44d4 44p 45d2 45p 46d3 47d 48d4 49d3 50d3 51p 52c3 52p 53c 53d2 54d3 "
        "55d 56c 56d 57c 57d 57p 58c2 58d 59c2 60d2 60p 61c 61d3 61p 62c 62d 63d3 63p 64d4 65d4 66c 66d3 67d3 68c "
        "68d2 69c2 70c 70d3 70p 71c 71d2 72c2 72d 73c 73d4 73p 74c2 74d 74p 75d4 76c 76d3 76p 77c 77d3 78d2 79c2 80c4 "
        "80d2 81c2 81d2 81p2 82c3 82d 83c 83d 83p 84c 84d3 84p 85c 85d5 86c 86d 86p 87c 88d3 89d 90c 90p 91c2 91d 91p "
        "92c 92d2 93c2 93d4 94c 94d3 95d 96c 96d3 97c2 97d2 98c 98d4 99c2 99d2 100c3 100d2 101c5 101p2 102d 103c4 "
        "103d5 104c2 104d 105c 106c 106d2 107c2 107d4 108c 108d2 109c 110d4 111c2 111d 111p 112c3 112d 113d 114c3 "
        "114d2 114p 115d 116c 116d3 116p 117c2 117d 118c 118p 119d 120d2 121d4 122c2 122d 123p 124d3 125c2 125d2 126c "
        "126d3 127c 128c 128d2 128p2 129c2 129d 130d 131c2 132c 133c2 133d2 134c 134d 135d 135p 136c 136d3 137d2 138c "
        "139c2 139d2 140d4 141d 144c2 144d2 145d4 146c 147d2 148c 149c 150p 151d 152c 152d2 153p 154d 155c 155d2 156c "
        "157d 158c4 158d 158p 159c2 160c2 161d 163c 163d 164c 164d 165d 166c 166p 167c2 167d 168c2 168p 170c 170d2 "
        "171c 172c 172d 173c 173d2 174d 175c2 175d 176d 177c3 178d 179d 182c 184c 184d 185c2 185d 186c2 187c 187d "
        "191c2 191d2 192c2 194c3 195c 196c 196d 200c 201d 201p 202c 203c 205c 206c2 208c2 208d 209c 211c 213c3 215c "
        "222c2 222d2 223c 223d 224c 225c 227c2 228c 228d 228p 229c 232c 235d 240c 240d 242c3 243c2 250c2 252d 259c "
        "264c 265c 265d2 270c 275p 280c2 285c 289c 294c 312c 312p 314c 314d 318c 321d 328c 340p 350c 373p 394c"
    ),
    "men": (
        "1d22 2d19 3d11 4d10 5d9 5p 6d4 7d5 8d5 8p2 9d7 10d8 10p 11d5 12d5 12p 13d3 14p 15d2 16d3 16p 17d3 17p 18d2 "
        "19d 20d5 21d2 21p 22d6 23d2 24d5 25d4 26d2 27d5 28c 28d4 29d4 29p 30d3 30p 31d3 32d5 33d4 33p 34d3 34p 35c "
        "35d5 35p 36d3 36p 37d3 38d4 39d4 40d4 42d4 42p2 43d4 44c 44d 45d3 46d11 47c 47d2 48c 48d5 49d5 50d5 51d 51p "
        "52d5 52p 53c 53d6 54d2 55d4 56c2 56d 56p 57c 57d3 57p 58c 58d4 59c5 59d4 60c3 60d2 60p 61c 61d4 62c 62d2 62p "
        "63c2 63d2 64c2 64d4 65c 65d 66c 66d6 67d2 67p2 68c3 68d2 69c 69d3 69p 70c2 70d 71c 71d7 72c2 72d 73c 73d3 "
        "74c 74d 75d 76c3 76d5 76p 77c 77d5 78c 78d3 79c 79d2 79p 80c3 80d2 80p2 81c 81d4 81p 82c 82d2 83c 83d 84d4 "
        "85c 86c2 86d 87c2 87d3 88d 89c3 89d2 90c6 90d4 90p 91c 91d 92c 92d2 93c3 93d4 93p 94c3 94d3 96c2 96d 97c "
        "97d5 97p 98c4 98d2 98p 99d4 100d2 101c 101d 101p2 102c 102d2 102p 103c2 103d3 104c 104d 105d2 106c 106d2 "
        "107c 107d 108d 109c 109d2 109p 110c 110d 111c2 111d 112d2 113d2 114c 114d2 115d3 116c2 116d2 117d2 118d2 "
        "119c 121c 121p2 122c2 122d2 124c 124d 124p 125d 126d 128c 129c2 129d3 130d 132c2 133d 134c 134d 135c 135d4 "
        "136d3 137c 137d2 138c 138d2 138p 139c 139d 140c 140d 141d 142c 142p 143c 143d 144c 144d 145c2 146c 146d3 "
        "147c3 147d 147p 148c2 148d 149d 150c2 150d 151d2 152d 152p 153c 153d2 154c 155d 156c 156d2 157d 158c 158d3 "
        "158p 160c2 161p 163c4 165c2 165p 166d2 167c2 167d 168c 168d 169c2 169d2 171d 173d 174c 175c2 176c 176d 178c "
        "178d 179c2 179d 179p 180c 180d 180p 181c 183c 183d 184c2 185c 186c 187c 188p 189c 189d 190c2 190p 191c2 192d "
        "193c 193d 195c3 196c2 196d 198c2 198p 199c 200c2 201c 201d 202d 207c2 208d 209c 210c2 211c 212d 213c2 213d "
        "214d 215c 216c 216d 217c 220c3 225c2 226c2 227c 228d2 232c 236c 238p 244c 249c 252c 254c2 255d 256d 257d "
        "258c 258d 259p 260d 261c 272c 272d 284c 286c 287c 299c 301c 314c 338c 341c 424d"
    ),
}
