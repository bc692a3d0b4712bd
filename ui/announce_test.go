package ui

import (
	"encoding/base64"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore"
	"dhtop/views/screen"
)

// doneLookup adds a lookup that is done: three nodes answered, two peers were found.
func doneLookup(s *dhtcore.Snapshot, digits string) *dhtcore.Snapshot {
	addLookup(s, digits)
	lk := &s.Lookups[0]
	lk.Method, lk.Done = dhtcore.GetPeers, true
	for i := range lk.Steps {
		step := &lk.Steps[i]
		step.ID, step.Bits = hash(digits), 8*(3-i)
		step.ID[3-i] = ^step.ID[3-i]
		step.Addr = netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, 0, byte(i)}), 6881)
		step.State, step.Round, step.RTT, step.Token = dhtcore.Replied, 1, time.Millisecond, true
		lk.Closest = append(lk.Closest, *step)
	}
	for i := range 2 {
		lk.Peers = append(lk.Peers, dhtcore.Peer{Addr: netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, 1, byte(i)}), 51413),
			Found: time.Millisecond, From: []netip.AddrPort{lk.Steps[0].Addr}})
	}
	return s
}

func TestAnnounceAsksForThePortAndShowsWhoStoredIt(t *testing.T) {
	play(t, func(s *stage) {
		s.show(doneLookup(scene("aa"), "d1"))
		s.keys("4")
		s.sees("tokens    3 of 3, a announces to them")
		s.keys("a")
		s.sees("announce port ▏", "the port your client listens on, 1-65535")
		for _, bad := range []string{"", "65536", "-1", "http"} {
			s.typed(bad)
			s.keys("enter")
			s.sees("! \"" + bad + "\" is not a valid port: type 1-65535, or 0")
			for range bad {
				s.keys("backspace")
			}
		}
		if len(s.told) > 0 {
			t.Fatalf("announced %v", s.told)
		}
		s.typed("51413")
		s.keys("enter")
		s.sees("announcing port 51413 for d1d1d1d1…")
		s.keys("a", "0", "enter")
		s.sees("announcing this node's port for d1d1d1d1…")
		if want := []announced{{hash("d1"), 51413}, {hash("d1"), 0}}; !slices.Equal(s.told, want) {
			t.Fatalf("announced %v, want %v", s.told, want)
		}

		after := doneLookup(scene("aa"), "d1")
		lk := &after.Lookups[0]
		lk.Stored = []dhtcore.Receipt{{Contact: lk.Closest[0].Contact}, {Contact: lk.Closest[1].Contact, Err: errors.New("no answer")}}
		lk.StoredAt = time.Now()
		s.show(after)
		s.sees("d1d1d1d1…: 1 of 2 nodes accepted the announce")
		s.sees("stored    1 of 2 nodes accepted it", "refused   × d1d12ed1… no answer", "stored ")
	})
}

func TestAnnounceSaysWhyItCannot(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("a")
		s.sees("announcing needs a lookup first: l starts one, 4 shows it")
		s.keys("4", "a")
		s.sees("no lookups yet: L starts one")
		s.show(addLookup(scene("aa"), "d1"))
		s.m.snap.Lookups[0].Method = dhtcore.GetPeers
		s.keys("a")
		s.sees("the lookup is still running")
		nodes := doneLookup(scene("aa"), "d2")
		nodes.Lookups[0].Method = dhtcore.FindNode
		s.show(nodes)
		s.keys("g", "a")
		s.sees("announcing needs a get_peers lookup")
		s.refuse = errRefused
		s.show(doneLookup(scene("aa"), "d3"))
		s.keys("a", "1", "enter")
		s.sees("! " + errRefused.Error())
	})
}

func TestAnnounceWithOldTokensShowsTheNewLookup(t *testing.T) {
	play(t, func(s *stage) {
		s.show(doneLookup(doneLookup(scene("aa"), "d1"), "d2"))
		s.keys("4", "j", "a", "1", "enter")
		next := scene("aa")
		next.Lookups = s.snap.Lookups
		s.show(addLookup(next, "d1"))
		if s.m.state.Lists[screen.LookupList].Row != 0 {
			t.Errorf("row %d is selected", s.m.state.Lists[screen.LookupList].Row)
		}
	})
}

func TestAnnounceWithGoodTokensLeavesLaterLookupsAlone(t *testing.T) {
	play(t, func(s *stage) {
		s.show(doneLookup(doneLookup(scene("aa"), "d1"), "d2"))
		time.Sleep(time.Second)
		s.keys("4", "j", "a", "1", "enter")
		time.Sleep(lookupTimeout + time.Second)
		later := func() *dhtcore.Snapshot {
			next := scene("aa")
			next.Lookups = s.snap.Lookups
			return next
		}
		s.show(later())
		s.show(addLookup(later(), "d1")) // somebody else's
		s.sees("▌ d1d1d1d1")
		if s.m.state.Lists[screen.LookupList].Row != 2 {
			t.Errorf("row %d is selected", s.m.state.Lists[screen.LookupList].Row)
		}
	})
}

func TestEnterLeadsFromTheNodesToThePeersAndEscBack(t *testing.T) {
	play(t, func(s *stage) {
		s.show(doneLookup(scene("aa"), "d1"))
		s.keys("4", "enter")
		s.sees("path to the selected", "▌ ●  d1d1d12ed1d1…")
		s.keys("enter")
		s.sees("path to its source", "▌ 10.0.1.1:51413")
		s.keys("k")
		s.sees("▌ 10.0.1.0:51413")
		s.keys("y")
		if copied := base64.StdEncoding.EncodeToString([]byte("10.0.1.0:51413")); !strings.Contains(s.term.String(), copied) {
			t.Errorf("copied %q", s.term.String())
		}
		s.keys("enter")
		s.sees("the selected peer ──", "address   10.0.1.0:51413", "told by   10.0.0.0:6881")
		s.keys("esc", "esc")
		s.sees("path to the selected")
		s.keys("y")
		s.sees("copy the address 10.0.0.0:6881")
		s.keys("esc")
		s.sees("lookup of", "path to the closest")
		s.keys("enter", "enter", "z")
		s.sees("lookup of")
		s.show(addLookup(scene("aa"), "d1"))
		s.keys("enter", "enter")
		s.sees("this lookup found no peers: esc goes back")
	})
}

func TestBothSwarmsOfAHybridTorrentAreServedAsOne(t *testing.T) {
	play(t, func(s *stage) {
		hybrid := doneLookup(doneLookup(scene("aa"), "d2"), "d1")
		hybrid.SameTorrent = map[dhtcore.ID]dhtcore.ID{hash("d1"): hash("d2"), hash("d2"): hash("d1")}
		s.show(hybrid)
		s.keys("4")
		s.sees("hybrid    also d2d2d2d2… with 2 peers")
		s.keys("a", "0", "enter")
		if want := []announced{{hash("d1"), 0}, {hash("d2"), 0}}; !slices.Equal(s.told, want) {
			t.Errorf("announced %v, want %v", s.told, want)
		}
		s.keys("l")
		if want := []dhtcore.ID{hash("d2"), hash("d1")}; !slices.Equal(s.started, want) {
			t.Errorf("looked up %v, want %v", s.started, want)
		}
	})
}
