"""What libtorrent reads, for the Go test to compare: it writes torrent files into the directory that it is given,
reads one magnet link a line from its input, and says a line of JSON for each file and then for each link.

    libtorrent_forms.py DIRECTORY < LINKS
"""

import json
import os
import sys

import libtorrent as lt


def say(what, hashes, name):
    print(json.dumps({"what": what, "name": name, "v1": str(hashes.v1) if hashes.has_v1() else "",
                      "v2": str(hashes.v2) if hashes.has_v2() else ""}))


def odd(file):
    """The same torrent with what else occurs in torrent files."""
    dictionary = lt.bdecode(file)
    dictionary.update({b"comment": 7, b"nodes": [b"x"], b"publisher": {b"a": []}, b"zz": [[], {}]})
    return lt.bencode(dictionary) + b"\n"


def write(directory):
    os.makedirs(directory + "/data/both/sub")
    for name, size in (("a 東京.txt", 5), ("b.bin", 70_000), ("sub/c.txt", 0), ("sub/d.txt", 16384)):
        with open(directory + "/data/both/" + name, "wb") as f:
            f.write(bytes(size))
    for version, flags in (("v1", lt.create_torrent.v1_only), ("v2", lt.create_torrent.v2_only), ("hybrid", 0)):
        fs = lt.file_storage()
        lt.add_files(fs, directory + "/data/both")
        made = lt.create_torrent(fs, piece_size=16384, flags=flags)
        lt.set_piece_hashes(made, directory + "/data")
        file = lt.bencode(made.generate())
        for name, content in ((version, file), (version + " odd", odd(file))):
            path = "%s/%s.torrent" % (directory, name)
            with open(path, "wb") as f:
                f.write(content)
            info = lt.torrent_info(path)
            say(path, info.info_hashes(), info.name())


write(sys.argv[1])
for link in sys.stdin:
    link = link.rstrip("\n")
    read = lt.parse_magnet_uri(link)
    say(link, read.info_hashes, read.name)
