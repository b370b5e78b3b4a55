"""The naive twin of `analytics.kernels.water`: the Gibbs energy itself, differentiated by small steps in 60 digits."""

from decimal import Decimal, localcontext

from analytics.kernels.water import _I, _J, _N

STEP = Decimal("1e-20")


def properties(celsius: float, pascal: float) -> tuple[float, float]:
    """[Cel], [Pa] -> specific volume [m3/kg] and specific enthalpy [J/kg]: v = ∂g/∂p, h = g − T·∂g/∂T."""
    with localcontext() as context:
        context.prec = 60
        t, p = Decimal(celsius) + Decimal("273.15"), Decimal(pascal)
        by_p = (_gibbs(t, p * (1 + STEP)) - _gibbs(t, p * (1 - STEP))) / (2 * STEP * p)
        by_t = (_gibbs(t * (1 + STEP), p) - _gibbs(t * (1 - STEP), p)) / (2 * STEP * t)
        return float(by_p), float(_gibbs(t, p) - t * by_t)


def heat(litres: float, supply: float, back: float, in_supply: bool, pascal: float) -> float:
    """[W.h]"""
    volume, _ = properties(supply if in_supply else back, pascal)
    kilograms = litres / 1000 / volume
    return kilograms * (properties(supply, pascal)[1] - properties(back, pascal)[1]) / 3600


def _gibbs(kelvin: Decimal, pascal: Decimal) -> Decimal:
    pi, tau = pascal / Decimal("16.53e6"), Decimal(1386) / kelvin
    terms = (
        Decimal(repr(float(n)))
        * (Decimal("7.1") - pi) ** int(i)
        * (tau - Decimal("1.222")) ** int(j)
        for i, j, n in zip(_I, _J, _N, strict=True)
    )
    return Decimal("461.526") * kelvin * sum(terms, Decimal(0))
