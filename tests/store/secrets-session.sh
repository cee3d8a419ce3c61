#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Runs a test program on a session bus of its own, with a real gnome-keyring whose keyring is new and unlocked:
#     secrets-session.sh PROGRAM [ARGUMENT…]
# The bus knows no other service, so nothing of the user's session is touched and no prompt can appear.
set -eu

if [ "${PS_SECRETS_INSIDE:-}" != 1 ]; then
  for tool in dbus-run-session gnome-keyring-daemon gdbus; do
    command -v "$tool" >/dev/null || { echo "1..0 # SKIP $tool is not installed"; exit 0; }
  done
  place=$(mktemp -d)
  trap 'rm -rf "$place"' EXIT
  trap 'exit 1' HUP INT TERM
  for name in DATA_HOME CONFIG_HOME CACHE_HOME RUNTIME_DIR; do
    mkdir -m 700 "$place/$name"
    export "XDG_$name=$place/$name"
  done
  export HOME="$place" PS_SECRETS_INSIDE=1
  unset DISPLAY WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS GNOME_KEYRING_CONTROL CREDENTIALS_DIRECTORY SECRET_BACKEND
  cat >"$place/bus.conf" <<END
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=$XDG_RUNTIME_DIR</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
END
  status=0
  dbus-run-session --config-file="$place/bus.conf" -- "$0" "$@" || status=$?
  exit "$status"
fi

# Without the tests' G_DEBUG: the daemon's own warnings are not ours to die of.
printf 'a password for tests' | env -u G_DEBUG gnome-keyring-daemon --foreground --unlock --components=secrets >/dev/null 2>&1 &
keyring=$!
trap 'kill "$keyring" 2>/dev/null || :; wait "$keyring" 2>/dev/null || :' EXIT
trap 'exit 1' HUP INT TERM
gdbus wait --session --timeout 30 org.freedesktop.secrets
status=0
"$@" || status=$?
exit "$status"
