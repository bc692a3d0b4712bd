package tracker

import (
	"slices"
	"testing"
)

func TestClientsAreToldApartByTheFirstLettersOfTheirPeerIDs(t *testing.T) {
	tr := mustOpen(t)
	for id, times := range map[string]int{
		"-TR4050-abcdefghijkl":    5,
		"-qB4640-abcdefghijkl":    4,
		"-lt0D80-abcdefghijkl":    3,
		"-ZZ0001-abcdefghijkl":    2, // a code of nobody
		"A2-1-37-0-abcdefghij":    2,
		"M7-10-5--abcdefghijk":    1,
		"-\x1b[2J01-abcdefghijkl": 1, // no code
		"xxxxxxxxxxxxxxxxxxxx":    1,
	} {
		for range times {
			tr.announced(&Request{PeerID: [20]byte([]byte(id))}, times%2 == 0)
		}
	}
	want := []Client{{"Transmission", 5}, {"qBittorrent", 4}, {"rTorrent", 3}, {"ZZ", 2}, {"aria2", 2}, {"BitTorrent", 1}, {OtherClients, 2}}
	if all := tr.Clients(40); !slices.Equal(all, want) {
		t.Errorf("%v, want %v", all, want)
	}
	want = []Client{{"Transmission", 5}, {"qBittorrent", 4}, {OtherClients, 10}}
	if some := tr.Clients(3); !slices.Equal(some, want) {
		t.Errorf("three: %v, want %v", some, want)
	}
	if n := testing.AllocsPerRun(100, func() { tr.announced(&Request{PeerID: [20]byte([]byte(peerA))}, false) }); n > 0 {
		t.Errorf("%v allocations an announce", n)
	}
}

func TestTheClientsAreNoMoreThanAreAskedForAndNoFewer(t *testing.T) {
	tr := mustOpen(t)
	for _, code := range []string{"TR", "UT", "qB"} {
		tr.announced(&Request{PeerID: [20]byte([]byte("-" + code + "0000-abcdefghijkl"))}, false)
	}
	if all := tr.Clients(3); len(all) != 3 || all[2].Name == OtherClients {
		t.Errorf("three of three: %v", all)
	}
	if some := tr.Clients(1); !slices.Equal(some, []Client{{OtherClients, 3}}) {
		t.Errorf("one: %v", some)
	}
}
