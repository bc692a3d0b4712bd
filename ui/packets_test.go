package ui

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/journal"
)

// addPackets puts queries for peers of hashes into the log of a Snapshot, the first the newest.
func addPackets(s *dhtcore.Snapshot, hashes ...string) *dhtcore.Snapshot {
	s.Packets.Watched = true
	for i, digits := range hashes {
		id := hash(digits)
		raw := journal.Packet{Seq: uint64(len(hashes) - i), At: time.Now(), Kind: dhtcore.KindQuery, Method: dhtcore.GetPeers,
			Addr: netip.MustParseAddrPort("192.0.2.7:6881"), Target: id, HasTarget: true,
			Payload: []byte("d1:ad2:id20:" + strings.Repeat("\x02", 20) + "9:info_hash20:" + string(id[:]) + "e1:q9:get_peers1:t2:aa1:y1:qe")}
		raw.Size = len(raw.Payload)
		s.Packets.Log = append(s.Packets.Log, dhtcore.NewPacket(raw, hash("01")))
	}
	return s
}

func TestPacketsAreWatchedWhileTheirPaneIsOpen(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("5")
		s.sees("No packets yet")
		if !s.watched.packets {
			t.Fatal("the pane is open, and nothing is kept")
		}
		s.keys("1")
		if s.watched.packets {
			t.Fatal("the pane is closed, and packets are kept")
		}
		s.keys("5", "/")
		s.typed("ping")
		s.keys("enter", "1")
		if !s.watched.packets || s.watched.filter.String() != "ping" {
			t.Fatalf("a filter looks out, and the core was told %+v", s.watched)
		}
		s.keys("5", "esc")
		if !s.watched.packets || s.watched.filter != nil {
			t.Fatalf("the filter was lifted, and the core was told %+v", s.watched)
		}
		s.keys("esc")
		s.sees("┌ hashes")
		if s.watched.packets {
			t.Fatal("esc left the pane, and packets are kept")
		}
	})
}

func TestAPacketIsOpenedByEnterAndLeftByEsc(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("5", "enter")
		s.sees("no packets yet")
		s.show(addPackets(scene("aa"), "d3", "d2", "d1"))
		s.keys("j", "enter")
		s.sees("message", "info_hash", "The SHA-1 that identifies the torrent", "BEP", strings.Repeat("d2", 20))
		s.show(addPackets(scene("aa"), "f2", "f1")) // the log goes on and forgets it
		s.sees("info_hash", strings.Repeat("d2", 20))
		s.keys("j", "j", "j") // message, a, id, info_hash
		s.sees("▌     info_hash", "XOR")
		s.keys("l")
		s.sees("looking up d2d2d2d2")
		s.keys("j", "l")
		if len(s.started) != 2 || s.started[0] != hash("d2") || s.started[1] != hash("d2") {
			t.Fatalf("started %v", s.started)
		}
		s.keys("esc")
		s.sees("kind", "f1f1f1f1")
	})
}

func TestTheFilterActsAsItIsTyped(t *testing.T) {
	play(t, func(s *stage) {
		s.show(addPackets(scene("aa"), "d3", "d2", "d1"))
		s.keys("5", "/")
		s.typed("d2d2")
		s.sees("filter d2d2▏", "d2d2d2d2…")
		s.seesNot("d3d3d3d3…")
		s.keys("enter")
		s.sees("filter d2d2  1 of 3.")
		s.keys("/")
		s.typed(" ~")
		s.keys("esc") // back to the one before
		s.sees("filter d2d2  1 of 3.", "d2d2d2d2…")
		s.keys("/")
		for range 4 {
			s.keys("backspace")
		}
		s.typed("~(")
		s.sees("! invalid regular expression", "d1d1d1d1…")
		s.keys("enter") // it stays open
		s.sees("filter ~(▏")
		s.keys("esc", "esc")
		s.sees("d3d3d3d3…", "d2d2d2d2…")
	})
}

// The newest packet stays selected until another is; that one is followed while newer ones come.
func TestTheSelectedPacketIsFollowed(t *testing.T) {
	play(t, func(s *stage) {
		s.show(addPackets(scene("aa"), "d2", "d1"))
		s.keys("5")
		s.show(addPackets(scene("aa"), "d3", "d2", "d1"))
		if row := s.m.state.SelectedPacket(s.m.snap); row.Target != hash("d3") {
			t.Errorf("%v is selected", row.Target)
		}
		s.keys("j")
		s.show(addPackets(scene("aa"), "d4", "d3", "d2", "d1"))
		if row := s.m.state.SelectedPacket(s.m.snap); row.Target != hash("d2") {
			t.Errorf("%v is selected", row.Target)
		}
		s.keys("g")
		s.show(addPackets(scene("aa"), "d5", "d4", "d3", "d2", "d1"))
		if row := s.m.state.SelectedPacket(s.m.snap); row.Target != hash("d5") {
			t.Errorf("%v is selected", row.Target)
		}
	})
}

func TestTheLogOfPacketsSaysSinceWhenItRecords(t *testing.T) {
	play(t, func(s *stage) {
		snap := addPackets(scene("aa"), "d1")
		snap.Packets.Since = snap.At
		s.show(snap)
		s.keys("5")
		s.sees("recording since " + snap.At.Format(time.TimeOnly) + " ·")
		s.seesNot("0/s, recording") // the rate is not known in the first second
		next := addPackets(scene("aa"), "d1")
		next.Packets.Since, next.Packets.Rate, next.Packets.Kept = snap.At, 13, 13
		next.At = snap.At.Add(3 * time.Second)
		s.show(next)
		s.sees("13/s, recording since " + snap.At.Format(time.TimeOnly))
	})
}
