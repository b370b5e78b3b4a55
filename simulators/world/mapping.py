"""How `heatwatch readings import` reads the history: long form, units by channel."""

HISTORY_MAPPING = """\
# device, channel, time (aware), value in the unit of its channel
layout = "long"

[columns]
device = "device"
channel = "channel"
time = "time"
value = "value"

[units]
p_sup = "bar"
p_ret = "bar"
flow = "m3/h"
makeup = "m3/h"
"""
