#!/bin/sh
# After the files are gone. The data stays until a deb is purged.
set -e
if [ -d /run/systemd/system ]; then
	systemctl daemon-reload || true
fi
if [ "$1" = purge ]; then
	rm -rf /var/lib/dhtop /var/lib/private/dhtop
fi
