"""A libtorrent client that the Go test drives: one JSON command a line in, one JSON answer a line out.

Its settings are the arguments, as JSON. It logs its alerts to standard error.
"""

import json
import os
import sys
import threading

import libtorrent as lt

alerts = lt.alert.category_t


def log(session):
    while True:
        session.wait_for_alert(1000)
        for a in session.pop_alerts():
            print(a.what(), a.message(), file=sys.stderr, flush=True)


def run(session, torrents, c):
    if c["do"] == "add":
        p = lt.add_torrent_params()
        p.ti = lt.torrent_info(c["torrent"])
        p.save_path = c["dir"]
        torrents[str(p.ti.info_hash())] = session.add_torrent(p)
    elif c["do"] == "remove":
        session.remove_torrent(torrents.pop(c["info_hash"]))
    else:
        raise ValueError("unknown command " + c["do"])


def main():
    session = lt.session({
        "enable_lsd": False, "enable_upnp": False, "enable_natpmp": False, "active_limit": -1, "active_seeds": -1,
        "active_downloads": -1,
        "alert_mask": alerts.error_notification | alerts.tracker_notification | alerts.dht_notification
         | alerts.connect_notification | alerts.status_notification,
        **json.loads(sys.argv[1]),
    })
    threading.Thread(target=log, args=(session,), daemon=True).start()
    torrents = {}
    for line in sys.stdin:
        try:
            run(session, torrents, json.loads(line))
            answer = {}
        except Exception as e:  # the test reports it
            answer = {"error": repr(e)}
        print(json.dumps(answer), flush=True)
    os._exit(0)  # without saying goodbye to trackers that are gone


main()
