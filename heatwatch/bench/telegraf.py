"""Telegraf as a peer: one persistent session at QoS 1, whatever it writes to."""

CONFIG = """\
[agent]
  flush_interval = "{flush}"
  metric_batch_size = 5000
  metric_buffer_limit = 1000000
  omit_hostname = true
[[inputs.mqtt_consumer]]
  servers = ["tcp://{host}:{port}"]
  topics = ["{filter}"]
  qos = 1
  persistent_session = true
  client_id = "{client_id}"
  max_undelivered_messages = 20000
  data_format = "json_v2"
  [[inputs.mqtt_consumer.json_v2]]
{parse}    [[inputs.mqtt_consumer.json_v2.field]]
      path = "value"
      type = "float"
{output}"""


def telegraf_conf(
    host: str,
    port: int,
    topic: str,
    client_id: str,
    output: str,
    parse: str = "",
    flush: str = "1s",
) -> str:
    """A configuration; `topic` is an MQTT filter, `parse` more of its JSON parser, `output` a plugin's table."""
    return CONFIG.format(
        host=host, port=port, filter=topic, client_id=client_id, output=output, parse=parse, flush=flush
    )  # fmt: skip
