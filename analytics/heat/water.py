"""Heat from volume and temperatures, as a heat meter's calculator works it out.

EN 1434-1 gives the heat that a volume of water V gave off between supply and return as Q = k · V · Δθ, with
the heat coefficient k = (h_s − h_r) / (v · Δθ) of the enthalpies at both temperatures and the specific volume at
the flow sensor [1]_; properties are those of IAPWS-IF97 [2]_ at 16 bar unless told otherwise.

References
----------
.. [1] EN 1434-1:2022, annex A (heat coefficient).
.. [2] IAPWS R7-97(2012), region 1.
"""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analytics.kernels import water as kernel

FloatArray = NDArray[np.float64]
#: Which pipe the flow sensor is in.
Sensor = Literal["return", "supply"]
SENSORS: tuple[Sensor, ...] = ("return", "supply")

PRESSURE_BAR = 16.0
#: Of the water that heat meters are made for, which is liquid there at 16 bar. [Cel]
COLDEST, HOTTEST = 0.0, 200.0
_S = (
    1167.0521452767, -724213.16703206, -17.073846940092, 12020.824702470, -3232555.0322333,
    14.915108613530, -4823.2657361591, 405113.40542057, -0.23855557567849, 650.17534844798,
)  # fmt: skip


def heat_coefficient(
    supply: float, back: float, sensor: Sensor = "return", pressure_bar: float = PRESSURE_BAR
) -> float:
    """The heat coefficient k of EN 1434-1.

    Parameters
    ----------
    supply, back : float
        Temperatures of supply and return, which differ. [°C]
    sensor : "return" or "supply"
        Which pipe the flow sensor is in.
    pressure_bar : float
        Of the water. [bar]

    Returns
    -------
    float
        [kWh/(m3.K)]

    Raises
    ------
    ValueError
        For a temperature or pressure at which water is not liquid, equal temperatures, or another sensor.

    Examples
    --------
    >>> round(heat_coefficient(70.0, 40.0), 4), round(heat_coefficient(70.0, 40.0, "supply"), 4)
    (1.1524, 1.1356)
    """
    if supply == back:
        raise ValueError(f"supply and return are both {supply} °C; allowed: two temperatures")
    wh = heat_of_volume(1000.0, supply, back, sensor, pressure_bar)
    if not np.isfinite(wh):
        raise ValueError(
            f"supply {supply} °C, return {back} °C; allowed: {COLDEST:g} to {HOTTEST:g} °C"
        )
    return float(wh) / (supply - back) / 1000.0


def heat_of_volume(
    litres: ArrayLike,
    supply: ArrayLike,
    back: ArrayLike,
    sensor: Sensor = "return",
    pressure_bar: float = PRESSURE_BAR,
) -> FloatArray:
    """Heat that volumes of water gave off from supply to return.

    Parameters
    ----------
    litres : (n,) float
        What flowed through the sensor. [L]
    supply, back : (n,) float
        Temperatures of supply and return; shapes are broadcast. [°C]
    sensor : "return" or "supply"
        Which pipe the flow sensor is in.
    pressure_bar : float
        Of the water. [bar]

    Returns
    -------
    (n,) float64
        [W.h]; negative where the return is warmer, NaN where a value is missing or no water is liquid.

    Raises
    ------
    ValueError
        For a pressure at which water of these temperatures is not liquid, or another sensor.

    Examples
    --------
    >>> heat_of_volume([1000.0], [70.0], [40.0]).round().tolist()
    [34571.0]
    """
    if sensor not in SENSORS:
        raise ValueError(f"sensor = {sensor!r}; allowed: {', '.join(SENSORS)}")
    volume, warm, cold = np.broadcast_arrays(
        *(np.asarray(each, dtype=np.float64) for each in (litres, supply, back))
    )
    inside = np.ones(volume.shape, dtype=np.bool_)
    for each in (warm, cold):
        inside &= (each >= COLDEST) & (each <= HOTTEST)
    warmest = np.where(inside, np.maximum(warm, cold), COLDEST).max(initial=COLDEST)
    least = saturation_bar(float(warmest))
    if not least <= pressure_bar <= 1000.0:
        raise ValueError(f"pressure_bar = {pressure_bar}; allowed: {least:.2f} to 1000 bar")
    wh = np.full(volume.shape, np.nan)
    found = np.empty(int(inside.sum()))
    kernel.heat(
        volume[inside], warm[inside], cold[inside], sensor == "supply", pressure_bar * 1e5, found
    )
    wh[inside] = found
    return wh


def saturation_bar(celsius: float) -> float:
    """Vapour pressure of water: below it none is liquid (IAPWS R7-97(2012), eq. (30)).

    Parameters
    ----------
    celsius : float
        From 0 to 373. [°C]

    Returns
    -------
    float
        [bar]

    Examples
    --------
    >>> round(saturation_bar(100.0), 3), round(saturation_bar(200.0), 2)
    (1.014, 15.55)
    """
    kelvin = celsius + 273.15
    t = kelvin + _S[8] / (kelvin - _S[9])
    a = t**2 + _S[0] * t + _S[1]
    b = _S[2] * t**2 + _S[3] * t + _S[4]
    c = _S[5] * t**2 + _S[6] * t + _S[7]
    return float((2 * c / (-b + (b**2 - 4 * a * c) ** 0.5)) ** 4 * 10)
