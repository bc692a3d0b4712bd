"""Looks up info_hashes, each with a libtorrent session of its own that joined some time ago.

Arguments: SECONDS PAUSE NODE..., and a line "IP HASH" of standard input for each lookup. The sessions start one PAUSE
after another. Writes one line of JSON for each: when the first peer came and when the lookup was done, in milliseconds
since it began, and the peers.
"""

import json
import os
import sys
import threading
import time

import libtorrent as lt

PATIENCE = 60  # seconds for a lookup
POLL = 0.02  # seconds from one look at the running lookups to the next

warm, pause, bootstrap = float(sys.argv[1]), float(sys.argv[2]), ",".join(sys.argv[3:])
alerts = lt.alert.category_t


def start(ip):
    return lt.session({
        "listen_interfaces": ip + ":0", "enable_dht": True, "dht_bootstrap_nodes": bootstrap,
        "enable_lsd": False, "enable_upnp": False, "enable_natpmp": False,
        "alert_mask": alerts.dht_notification | alerts.dht_operation_notification | alerts.stats_notification,
    })


def joined(session):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        session.wait_for_alert(100)
        if any(a.what() == "dht_bootstrap" for a in session.pop_alerts()):
            return


def look_up(session, info_hash):
    session.pop_alerts()
    began = time.monotonic()
    first, done, polled, started, peers = None, None, 0.0, False, set()
    session.dht_get_peers(lt.sha1_hash(bytes.fromhex(info_hash)))
    while done is None and time.monotonic() - began < PATIENCE:
        if time.monotonic() - polled > POLL:
            polled = time.monotonic()
            session.post_dht_stats()
        session.wait_for_alert(10)
        for a in session.pop_alerts():
            if a.what() == "dht_get_peers_reply":
                first = first or time.monotonic() - began
                peers.update("%s:%d" % p for p in a.peers())
            elif a.what() == "dht_stats":
                running = any("get_peers" in r["type"] for r in a.active_requests)
                if started and not running:
                    done = time.monotonic() - began
                started = started or running
    done = done or time.monotonic() - began
    return {"hash": info_hash, "first_ms": first and first * 1000, "done_ms": done * 1000, "peers": sorted(peers)}


said = threading.Lock()
sessions = []


def run(ip, info_hash):
    session = start(ip)
    joined(session)
    time.sleep(warm)
    line = json.dumps(look_up(session, info_hash))
    with said:
        print(line, flush=True)
    sessions.append(session)  # none ends before all are done


lookups = [line.split() for line in sys.stdin]
threads = [threading.Thread(target=run, args=(ip, info_hash)) for ip, info_hash in lookups]
for t in threads:
    t.start()
    time.sleep(pause)
for t in threads:
    t.join()
os._exit(0)  # closing the sessions would say goodbye to trackers that are none
