#!/bin/sh
# Before the files go. An upgrade ("upgrade" of deb, 1 of rpm) leaves the service alone.
set -e
case "$1" in
upgrade | 1) exit 0 ;;
esac
if [ -d /run/systemd/system ]; then
	systemctl disable --now dhtop.service || true
fi
