package node_test

import (
	"net/netip"
	"testing"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/table"
	"dhtop/dhtcore/wire"
)

func TestAPublicAskerIsPingedWhenTheHoleInItsRouterHasClosed(t *testing.T) {
	onAirAt(t, publicAddr, node.Config{}, func(r *rig) {
		r.foreign = r.newForeign(voter(1))
		r.ask(query("ping", ""))
		time.Sleep(29 * time.Second)
		if s := r.node.Stats(); s.QueriesOut != 0 {
			t.Errorf("%d pings within 30 s", s.QueriesOut)
		}
		time.Sleep(33 * time.Second)
		if s := r.node.Stats(); s.QueriesOut != 1 {
			t.Errorf("%d pings within 62 s", s.QueriesOut)
		}
	})
}

func TestAnAskerThatWeMeetMeanwhileIsNotPinged(t *testing.T) {
	onAirAt(t, publicAddr, node.Config{}, func(r *rig) {
		r.foreign = r.newForeign(voter(1))
		r.ask(query("ping", ""))
		r.node.Vouch([]wire.Contact{{ID: foreignID, Addr: voter(1)}})
		time.Sleep(2 * time.Minute)
		if s := r.node.Stats(); s.QueriesOut != 0 {
			t.Errorf("%d pings", s.QueriesOut)
		}
	})
}

func TestAnAskerThatCannotBeReachedIsAnsweredCountedAndNotPinged(t *testing.T) {
	onAirAt(t, publicAddr, node.Config{}, func(r *rig) { // the rig's socket is in 10/8
		if m := r.ask(query("ping", "")); m.Y != "r" {
			t.Errorf("answer %+v", m)
		}
		time.Sleep(2 * time.Minute)
		if s := r.node.Stats(); s.QueriesOut != 0 || s.Refused != 1 {
			t.Errorf("%d pings, %d refused", s.QueriesOut, s.Refused)
		}
	})
}

func TestSavedNodesThatCannotBeReachedStayOut(t *testing.T) {
	onAirAt(t, publicAddr, node.Config{}, func(r *rig) {
		for _, addr := range []netip.AddrPort{voter(1), foreignAddr, netip.MustParseAddrPort("127.0.0.1:1")} {
			r.node.Restore([]table.Node{{Contact: wire.Contact{ID: wire.RandomID(), Addr: addr}}})
		}
		if _, nodes := r.node.Table(time.Now()); len(nodes) != 1 || r.node.Stats().Refused != 2 {
			t.Errorf("%d nodes, %d refused", len(nodes), r.node.Stats().Refused)
		}
	})
}
