#!/usr/bin/env bash
# A real Ceph RADOS Gateway on loopback: one monitor, one OSD in memory, radosgw.
# Usage: rgw.sh MONITOR_PORT GATEWAY_PORT
# Prints "up DIRECTORY" when the gateway answers. Runs until its standard input closes. That happens when the caller ends, also by
# SIGKILL. Then it deletes its files. The kernel kills each daemon when this script ends, also by SIGKILL.
set -eu
readonly monitor_port=$1 gateway_port=$2
directory=$(mktemp -dt infra-cdktf-rgw-XXXXXX)
readonly directory
pids=()

stop() {
  if ((${#pids[@]} > 0)); then
    kill -9 "${pids[@]}" 2>/dev/null || true
    wait 2>/dev/null || true
  fi
  rm -rf "$directory"
}
trap stop EXIT
cd "$directory"
mkdir mon osd rgw
fsid=$(cat /proc/sys/kernel/random/uuid)
export CEPH_CONF=$directory/ceph.conf
cat >ceph.conf <<CONF
[global]
fsid = $fsid
mon host = [v1:127.0.0.1:$monitor_port/0]
mon initial members = a
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = none
auth service required = none
auth client required = none
osd pool default size = 1
osd pool default min size = 1
osd crush chooseleaf type = 0
osd objectstore = memstore
memstore device bytes = 2147483648
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
mon allow pool size one = true
mon warn on pool no redundancy = false
run dir = $directory
admin socket = $directory/\$name.asok
log file = $directory/\$name.log
mon data = $directory/mon
osd data = $directory/osd
[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:$gateway_port
rgw data = $directory/rgw
# Allows customer keys (SSE-C) over plain HTTP. The traffic does not leave the machine.
rgw crypt require ssl = false
rgw enable ops log = false
CONF

# daemon NAME COMMAND...: starts COMMAND in the background, without a terminal. The kernel kills it when this script ends.
daemon() {
  local name=$1
  shift
  setpriv --pdeathsig KILL -- "$@" </dev/null >"$name.out" 2>&1 &
  pids+=($!)
}

# until_logged NAME TEXT: waits until the newest daemon has written TEXT to its log NAME.log. Fails after a minute, or if the
# daemon has ended.
until_logged() {
  touch "$1.log"
  grep -q -m 1 -- "$2" < <(timeout 60 tail -n +1 -f --pid="${pids[-1]}" "$1.log") || fail "$1.log: not found: $2"
}

fail() {
  echo "$1" >&2
  tail -n 5 ./*.out >&2
  exit 1
}

monmaptool --create --clobber --fsid "$fsid" --addv a "[v1:127.0.0.1:$monitor_port]" mon.map >/dev/null
ceph-mon --mkfs -i a --monmap mon.map --mon-data mon >/dev/null
daemon mon ceph-mon -f -i a --mon-data mon
# The client of Ceph tries again until the monitor answers.
timeout 60 ceph -s >/dev/null 2>&1 || fail "the monitor does not answer"
# The OSD must be created with the id that is registered at the monitor.
osd=$(cat /proc/sys/kernel/random/uuid)
ceph osd new "$osd" >/dev/null
ceph-osd -i 0 --mkfs --osd-uuid "$osd" --osd-data osd >/dev/null 2>&1
daemon osd ceph-osd -f -i 0 --osd-data osd
until_logged osd.0 'state: booting -> active'
daemon rgw radosgw -f -n client.rgw
until_logged client.rgw 'service_daemon_register'
echo "up $directory"
cat >/dev/null
