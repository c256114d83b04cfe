"""What the comparison allows one to say, in plain French; nothing when it allows nothing. Pure."""

from __future__ import annotations

from passerelles.indicators.impact.comparison import Effect, unmeasured
from passerelles.indicators.impact.declaration import Benchmark, shown_by
from passerelles.indicators.impact.findings import Finding
from passerelles.indicators.survival.sentences import people, percent

LARGEST_GAP = 0.1
LEAST_OVERLAP = 0.9
FAR = 0.03
"""The two ways of estimating may differ by three points; beyond, the verdict says so."""


def found(benchmark: Benchmark, effect: Effect) -> Finding:
    """What the comparison allows one to say: whether it allows anything is asked before the effect is looked at."""
    if min(float(effect.helped), effect.effective) < benchmark.minimum:
        return Finding.TOO_FEW
    if effect.largest_gap > LARGEST_GAP or effect.overlap < LEAST_OVERLAP:
        return Finding.NOT_ALIKE
    aim = benchmark.target - benchmark.baseline
    if effect.low > 0 if aim > 0 else effect.high < 0:
        reached = effect.low >= aim if aim > 0 else effect.high <= aim
        return Finding.REACHED if reached else Finding.BETTER
    return Finding.WORSE if (effect.high < 0 if aim > 0 else effect.low > 0) else Finding.NOT_SHOWN


def told(benchmark: Benchmark, effect: Effect, finding: Finding) -> tuple[str, ...]:
    """The sentences of a finding, with the numbers of `effect` (exact, or rounded for those who read no list)."""
    if finding is Finding.TOO_FEW:
        return _too_few(benchmark, effect)
    if finding is Finding.NOT_ALIKE:
        return _not_alike(effect)
    good = finding in (Finding.REACHED, Finding.BETTER)
    return (_found(benchmark, effect, finding), _measured(benchmark, effect), *_cautions(effect, good))


def _too_few(benchmark: Benchmark, effect: Effect) -> tuple[str, ...]:
    worth = int(effect.effective)
    smallest = min(effect.helped, worth)
    reach = shown_by(smallest, benchmark.baseline) if smallest > 1 else None
    could = (
        f"Un tel effectif ne montrerait qu’un passage de {percent(benchmark.baseline)} à {percent(reach)} ou plus."
        if reach
        else "Un tel effectif ne pourrait montrer aucun effet."
    )
    return (
        f"On ne peut pas conclure : {people(effect.helped)} accompagnées et une comparaison qui en vaut {worth}, alors "
        f"qu’il en faut {benchmark.minimum} dans chaque groupe.",
        could,
        "Ne publiez ni hausse ni baisse : à ces effectifs, le hasard suffit à produire l’une ou l’autre.",
    )


def _not_alike(effect: Effect) -> tuple[str, ...]:
    worst = max(effect.balance, key=lambda each: abs(each.gap_after), default=None)
    sentences = ["On ne peut pas conclure : les deux groupes ne se ressemblent pas assez."]
    if worst is not None and abs(worst.gap_after) > LARGEST_GAP:
        sentences.append(f"Ils diffèrent encore, après pondération, sur : {worst.name}.")
    if effect.overlap < LEAST_OVERLAP:
        sentences.append(
            f"{percent(1 - effect.overlap)} des personnes accompagnées n’ont personne de semblable dans l’autre groupe."
        )
    return tuple(sentences)


def _found(benchmark: Benchmark, effect: Effect, finding: Finding) -> str:
    gap = f"{points(effect.effect)} (intervalle à 95 % : {points(effect.low)} à {points(effect.high)})"
    match finding:
        case Finding.REACHED:
            return f"L’effet est établi et atteint la cible : {gap} pour « {benchmark.outcome} »."
        case Finding.BETTER:
            return (
                f"Un effet est établi : {gap} pour « {benchmark.outcome} ». Que la cible de "
                f"{points(benchmark.target - benchmark.baseline)} soit atteinte ne l’est pas."
            )
        case Finding.WORSE:
            return f"L’effet établi est défavorable : {gap} pour « {benchmark.outcome} »."
    return f"Aucun effet n’est établi : {gap} pour « {benchmark.outcome} » ; l’intervalle contient zéro."


def _measured(benchmark: Benchmark, effect: Effect) -> str:
    return (
        f"{percent(effect.share_helped)} des {effect.helped} personnes accompagnées, contre "
        f"{percent(effect.share_others)} de personnes semblables qui ne l’ont pas été ({effect.others} personnes, "
        f"pondérées pour leur ressembler). Au départ on en comptait {percent(benchmark.baseline)}."
    )


def _cautions(effect: Effect, good: bool) -> tuple[str, ...]:
    found = []
    if abs(effect.robust - effect.effect) > FAR:
        found.append(
            f"Prudence : un autre calcul donne {points(effect.robust)} ; le résultat dépend de la façon de comparer."
        )
    if good:
        found.append(
            f"Une cause que l’on ne mesure pas devrait multiplier par {unmeasured(effect):.1f}".replace(".", ",")
            + " à la fois les chances d’être accompagné et celles de réussir pour expliquer cet écart à elle seule."
        )
    found.append(
        "Les groupes n’ont pas été tirés au sort : la comparaison ne tient compte que de ce qui est enregistré."
    )
    return tuple(found)


def points(value: float) -> str:
    """`0.051` → `+5,1 points`."""
    return f"{100 * value:+.1f} points".replace(".", ",").replace("-", "−").replace(" ", "\u00a0")
