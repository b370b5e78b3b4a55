"""Worlds with known truth: a city of RC buildings as files and as an MQTT publisher.

`thermal` and `weather` are the physics, `layout` the tree, `plan` and `orders` what goes wrong,
`city` runs it; `sensors` and `stations` say what it looks like from outside, `facts` what each
household must end at; `world` writes all of it, `live` and `publish` go on over MQTT.
Knows only `domain`; nothing of the program under test.
"""
