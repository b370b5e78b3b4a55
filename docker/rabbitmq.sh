#!/bin/sh
# Writes the broker's users from the environment, then becomes the broker: heatwatch reads and never
# publishes; devices publish and never read.
# usage: rabbitmq.sh FOLDER OF definitions.json COMMAND...
set -eu
folder=$1
shift
quoted() { printf '%s' "$1" | sed 's/[\\"]/\\&/g'; }
umask 077
cat > "$folder/definitions.json" << END
{
  "vhosts": [{"name": "/"}],
  "users": [
    {"name": "heatwatch", "password": "$(quoted "$HEATWATCH_BROKER_PASSWORD")", "tags": ""},
    {"name": "devices", "password": "$(quoted "$HEATWATCH_DEVICES_PASSWORD")", "tags": ""}
  ],
  "permissions": [
    {"user": "heatwatch", "vhost": "/", "configure": "^mqtt-subscription-", "write": "^mqtt-subscription-", "read": "^(mqtt-subscription-.*|amq\\\\.topic)$"},
    {"user": "devices", "vhost": "/", "configure": "^$", "write": "^amq\\\\.topic$", "read": "^$"}
  ],
  "topic_permissions": [
    {"user": "heatwatch", "vhost": "/", "exchange": "amq.topic", "write": "^$", "read": ".*"},
    {"user": "devices", "vhost": "/", "exchange": "amq.topic", "write": ".*", "read": "^$"}
  ]
}
END
if [ "$(id -u)" = 0 ] && id rabbitmq > /dev/null 2>&1; then chown rabbitmq: "$folder/definitions.json"; fi
exec "$@"
