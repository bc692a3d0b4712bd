package dhtcore

import (
	"testing"

	"dhtop/dhtcore/torrent"
)

func TestWhatATorrentFileSaysIsInTheSnapshot(t *testing.T) {
	e := start(t, Config{Bind: loopback, Bootstrap: []string{"none"}})
	info := "d9:file treed1:ad0:d6:lengthi5eeee12:meta versioni2e4:name1:a12:piece lengthi16384ee"
	e.LearnTorrent(&torrent.Torrent{Hashes: []ID{{1}, {2}}, Info: []byte(info)})
	eventually(t, e, "the other hash and the name", func(s *Snapshot) bool {
		return s.SameTorrent[ID{1}] == ID{2} && s.Metadata[ID{1}] != nil && s.Metadata[ID{2}].Name == "a"
	})
}
