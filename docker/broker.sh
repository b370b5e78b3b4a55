#!/bin/sh
# Writes the broker's password file from the environment, then becomes the broker.
# usage: broker.sh [FOLDER OF ITS DATA] [CONFIGURATION]
set -eu
data=${1:-/mosquitto/data}
umask 077
printf 'heatwatch:%s\ndevices:%s\n' "$HEATWATCH_BROKER_PASSWORD" "$HEATWATCH_DEVICES_PASSWORD" > "$data/passwords"
mosquitto_passwd -U "$data/passwords"
if [ "$(id -u)" = 0 ]; then chown mosquitto: "$data/passwords"; fi
exec mosquitto -c "${2:-/mosquitto/config/mosquitto.conf}"
