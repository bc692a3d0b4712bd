#!/bin/sh
# After the package is unpacked: deb, rpm and apk call it with arguments of their own.
set -e
if command -v systemd-sysusers >/dev/null 2>&1; then
	systemd-sysusers dhtop.conf || true
fi
if [ -d /run/systemd/system ]; then
	systemctl daemon-reload || true
	systemctl try-restart dhtop.service || true # an upgrade; nothing starts that did not run
fi
