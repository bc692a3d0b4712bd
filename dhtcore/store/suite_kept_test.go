package store

import (
	"fmt"
	"net/netip"
	"reflect"
	"testing"
	"time"
)

// conformKept is conform for what a store keeps besides hashes.
func conformKept(t *testing.T, place func(t *testing.T) (open func() Store)) {
	t.Run("peers add up, and those seen last come first", func(t *testing.T) {
		s := place(t)()
		a, b := netip.MustParseAddrPort("192.0.2.1:6881"), netip.MustParseAddrPort("[2001:db8::1]:7000")
		batch := Batch{Peers: []Peer{
			{InfoHash: key(1), Addr: b, Found: 2, FirstSeen: at(5), LastSeen: at(9)},
			{InfoHash: key(1), Addr: a, Announced: 1, FirstSeen: at(2), LastSeen: at(4)},
			{InfoHash: key(2), Addr: a, Announced: 1, FirstSeen: at(1), LastSeen: at(1)},
		}}
		for range 2 {
			if err := s.Save(t.Context(), batch); err != nil {
				t.Fatal(err)
			}
		}
		want := []Peer{{InfoHash: key(1), Addr: b, Found: 4, FirstSeen: at(5), LastSeen: at(9)},
			{InfoHash: key(1), Addr: a, Announced: 2, FirstSeen: at(2), LastSeen: at(4)}}
		if got := gather(t, s.Peers(t.Context(), key(1), 0)); !reflect.DeepEqual(got, want) {
			t.Fatalf("Peers = %+v\nwant %+v", got, want)
		}
		if got := gather(t, s.Peers(t.Context(), key(1), 1)); len(got) != 1 || got[0].Addr != b {
			t.Fatalf("Peers(1) = %+v", got)
		}
	})

	t.Run("a node's later ID and client replace the earlier, by address", func(t *testing.T) {
		s := place(t)()
		addr := netip.MustParseAddrPort("192.0.2.1:6881")
		for _, n := range []Node{
			{ID: key(1), Addr: addr, Client: "LT 2.0", RTT: 40 * time.Millisecond, FirstSeen: at(1), LastSeen: at(2)},
			{ID: key(2), Addr: addr, RTT: 1500 * time.Microsecond, FirstSeen: at(3), LastSeen: at(4)},
		} {
			if err := s.Save(t.Context(), Batch{Nodes: []Node{n}}); err != nil {
				t.Fatal(err)
			}
		}
		want := []Node{{ID: key(2), Addr: addr, Client: "LT 2.0", RTT: 1500 * time.Microsecond, FirstSeen: at(1), LastSeen: at(4)}}
		if got := gather(t, s.Nodes(t.Context(), 0)); !reflect.DeepEqual(got, want) {
			t.Fatalf("Nodes = %+v\nwant %+v", got, want)
		}
	})

	t.Run("state is kept by key until it is removed", func(t *testing.T) {
		s := place(t)()
		for _, state := range []map[string][]byte{
			{"sweep/cursor": {1, 2}, "sweep/0a": {}, "swee": {9}, "swef": {9}},
			{"sweep/cursor": {3}},
			{"sweep/0b": {4}, "swef": nil, "none": nil},
		} {
			if err := s.Save(t.Context(), Batch{State: state}); err != nil {
				t.Fatal(err)
			}
		}
		got, err := s.State(t.Context(), "sweep/")
		if want := map[string][]byte{"sweep/cursor": {3}, "sweep/0a": {}, "sweep/0b": {4}}; err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("State = %v, %v; want %v", got, err, want)
		}
	})

	t.Run("the watch list is kept with its alerts, until entries are removed", func(t *testing.T) {
		open := place(t)
		s := open()
		entry := WatchedEntry{Target: key(1), Label: "mine", Added: at(1), LastAlive: at(5), Seeds: 2, Leechers: 3, Peers: 4, Value: []byte(`{"a":1}`)}
		other := WatchedEntry{Target: key(2), Added: at(2), Value: []byte(`{}`)}
		alert := Alert{Seq: 7, Rule: "last_seed", Target: key(1), Name: "mine", Since: at(6), Fired: at(7), Text: "mine has lost its last seed."}
		node := Alert{Seq: 8, Rule: "network_gone", Since: at(8), Fired: at(9), Cleared: at(10), Text: "gone"}
		put := func(w Watched) {
			t.Helper()
			if err := s.Save(t.Context(), Batch{Watched: &w}); err != nil || s.Trouble() != nil {
				t.Fatal(err, s.Trouble())
			}
		}
		put(Watched{Entries: []WatchedEntry{other, entry}, Alerts: []Alert{alert, node}})
		entry.Label, entry.Seeds, alert.Cleared = "renamed", 9, at(20)
		put(Watched{Entries: []WatchedEntry{entry}, Alerts: []Alert{alert}, Removed: [][20]byte{key(2), key(3)}})
		want := Watched{Entries: []WatchedEntry{entry}, Alerts: []Alert{alert, node}}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s = open()
		if got, err := s.Watched(t.Context()); err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("%+v, %v\nwant %+v", got, err, want)
		}
		var many Watched
		for i := range uint64(2 * keptAlerts) {
			many.Alerts = append(many.Alerts, Alert{Seq: 100 + i, Rule: "demand", Fired: at(30), Cleared: at(31)})
		}
		put(many)
		if got, err := s.Watched(t.Context()); err != nil || len(got.Alerts) != keptAlerts || got.Alerts[0].Seq != 100+keptAlerts {
			t.Fatalf("%d alerts are kept, %v; want the last %d", len(got.Alerts), err, keptAlerts)
		}
	})
}
