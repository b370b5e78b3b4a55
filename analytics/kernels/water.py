"""Kernel: specific volume and enthalpy of liquid water by IAPWS-IF97 region 1, and heat of a volume.

The dimensionless Gibbs energy is a sum of n·(7.1 − π)^I·(τ − 1.222)^J with π = p / 16.53 MPa and
τ = 1386 K / T; volume is its derivative by π, enthalpy the one by τ [1]_. Twin: `tests/naive_water.py`.

References
----------
.. [1] IAPWS R7-97(2012), eq. (7), tables 2 and 3.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

_I = np.array([
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 8, 8, 21, 23, 29,
    30, 31, 32,
])  # fmt: skip
_J = np.array([
    -2, -1, 0, 1, 2, 3, 4, 5, -9, -7, -1, 0, 1, 3, -3, 0, 1, 3, 17, -4, 0, 6, -5, -2, 10, -8, -11,
    -6, -29, -31, -38, -39, -40, -41,
])  # fmt: skip
_N = np.array([
    0.14632971213167, -0.84548187169114, -3.7563603672040, 3.3855169168385, -0.95791963387872,
    0.15772038513228, -0.16616417199501e-1, 0.81214629983568e-3, 0.28319080123804e-3,
    -0.60706301565874e-3, -0.18990068218419e-1, -0.32529748770505e-1, -0.21841717175414e-1,
    -0.52838357969930e-4, -0.47184321073267e-3, -0.30001780793026e-3, 0.47661393906987e-4,
    -0.44141845330846e-5, -0.72694996297594e-15, -0.31679644845054e-4, -0.28270797985312e-5,
    -0.85205128120103e-9, -0.22425281908000e-5, -0.65171222895601e-6, -0.14341729937924e-12,
    -0.40516996860117e-6, -0.12734301741641e-8, -0.17424871230634e-9, -0.68762131295531e-18,
    0.14478307828521e-19, 0.26335781662795e-22, -0.11947622640071e-22, 0.18228094581404e-23,
    -0.93537087292458e-25,
])  # fmt: skip
_R = 461.526  # [J/(kg·K)]
_P = 16.53e6  # [Pa]
_T = 1386.0  # [K]


@njit(cache=True, nogil=True)
def water(celsius: float, pascal: float) -> tuple[float, float]:
    """`celsius` [Cel], `pascal` [Pa] -> specific volume [m3/kg], specific enthalpy [J/kg]."""
    kelvin = celsius + 273.15
    pi, tau = 7.1 - pascal / _P, _T / kelvin - 1.222
    by_pi = 0.0
    by_tau = 0.0
    for k in range(_N.size):
        i, j = _I[k], _J[k]
        if i > 0:
            by_pi -= _N[k] * i * pi ** (i - 1) * tau**j
        if j != 0:
            by_tau += _N[k] * pi**i * j * tau ** (j - 1)
    return by_pi * _R * kelvin / _P, by_tau * _R * _T


@njit(cache=True, nogil=True)
def heat(
    litres: FloatArray,
    supply: FloatArray,
    back: FloatArray,
    in_supply: bool,
    pascal: float,
    wh: FloatArray,
) -> None:
    """(n,) [L] at the flow sensor, (n,) [Cel] of supply and return, where the sensor is, `pascal` [Pa] -> into wh (n,) [W.h], NaN where one is."""
    for i in range(litres.size):
        volume_s, enthalpy_s = water(supply[i], pascal)
        volume_r, enthalpy_r = water(back[i], pascal)
        volume = volume_s if in_supply else volume_r
        wh[i] = litres[i] / 1000.0 / volume * (enthalpy_s - enthalpy_r) / 3600.0
