package ui

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"dhtop/dhtcore"
)

// twoNodes is a scene with two nodes in the table, and the first of them pinged.
func twoNodes(p *dhtcore.Pings) *dhtcore.Snapshot {
	s := scene("aa")
	s.Nodes[0].Contacts = []dhtcore.TableNode{{Client: "libtorrent 2.0.8"}, {Client: "Transmission"}}
	s.Nodes[0].Buckets = []dhtcore.BucketView{{Index: 0, Good: 2}}
	s.Nodes[0].Contacts[0].ID, s.Nodes[0].Contacts[1].ID = hash("f2"), hash("91")
	addr := netip.MustParseAddrPort("192.0.2.7:6881")
	for i := range s.Nodes[0].Contacts {
		s.Nodes[0].Contacts[i].Addr = addr
	}
	if p != nil {
		p.ID, p.Addr = hash("f2"), addr
		s.Pings = p
	}
	return s
}

func answered(sent int, running bool) *dhtcore.Pings {
	return &dhtcore.Pings{Running: running, Sent: sent, Answered: sent, RTTs: slices.Repeat([]time.Duration{42 * time.Millisecond}, sent)}
}

func TestAPingIsToldInAToastWhileTheDetailIsClosed(t *testing.T) {
	play(t, func(s *stage) {
		s.show(twoNodes(nil))
		s.keys("3", "p")
		s.sees("pinging f2f2f2f2…")
		time.Sleep(time.Second)
		s.show(twoNodes(answered(1, false)))
		s.sees("f2f2f2f2… answered in 42 ms")
		s.keys("p")
		time.Sleep(time.Second)
		again := answered(2, false)
		again.Trouble = "no answer"
		s.show(twoNodes(again))
		s.sees("f2f2f2f2…: no answer")
		if !slices.Equal(s.pinged, []int{1, 1}) {
			t.Errorf("pinged %v", s.pinged)
		}
	})
}

func TestAnOpenNodeIsPingedUntilItIsLeft(t *testing.T) {
	for _, leave := range []string{"p", "esc", "j", "1", "?"} {
		play(t, func(s *stage) {
			s.show(twoNodes(nil))
			s.keys("3", "enter", "p")
			time.Sleep(time.Second)
			s.show(twoNodes(answered(3, true)))
			s.sees("pinging, p stops", "3 of 3 answered")
			if !slices.Equal(s.pinged, []int{manyPings}) {
				t.Fatalf("pinged %v", s.pinged)
			}
			s.keys(leave)
			if !slices.Equal(s.pinged, []int{manyPings, -1}) {
				t.Errorf("%s: pinged %v", leave, s.pinged)
			}
		})
	}
}

func TestANodeThatLeavesTheTableIsNotPingedOn(t *testing.T) {
	play(t, func(s *stage) {
		s.show(twoNodes(nil))
		s.keys("3", "enter", "p")
		time.Sleep(time.Second)
		gone := twoNodes(answered(2, true))
		gone.Nodes[0].Contacts = gone.Nodes[0].Contacts[1:]
		s.show(gone)
		s.sees("f2f2f2f2… has left the table", "node 91919191")
		if !slices.Equal(s.pinged, []int{manyPings, -1}) {
			t.Errorf("pinged %v", s.pinged)
		}
	})
}

func TestPingSaysWhyItCannot(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("p")
		s.sees("only nodes can be pinged: 3 shows them")
		s.refuse = errRefused
		s.show(twoNodes(nil))
		s.keys("3", "p")
		s.sees("! " + errRefused.Error())
		s.show(scene())
		empty := scene()
		empty.Nodes[0].Contacts = nil
		s.show(empty)
		s.keys("p")
		s.sees("no node is selected: the list is empty")
	})
}

func TestNodesAreSortedAndCutToABucket(t *testing.T) {
	play(t, func(s *stage) {
		s.show(twoNodes(nil))
		s.keys("2", "3")
		s.sees("▌ ◦ questionable     0  f2f2f2f2f2f2…", "bits▴")
		s.keys(">", ">", ">", ">")
		s.sees("sorted by client", "client▴")
		s.keys("r")
		s.sees("client▾")
		s.keys("b")
		s.sees("bucket 0", "b shows all")
		s.keys("]") // there is only one
		s.sees("bucket 0")
		s.keys("esc")
		s.seesNot("b shows all")
		s.sees("routing table ──")
		s.keys("5", "b")
		s.sees("only the routing table has buckets: 3 shows it")
		s.keys("<")
		s.sees("this list has only one order")
	})
}
