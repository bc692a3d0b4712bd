package node_test

import (
	"testing"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

func TestAPublicNodeThatQueriesUsIsPingedWhenTheHoleInItsRouterHasClosed(t *testing.T) {
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

func TestANodeThatRepliesMeanwhileIsNotPinged(t *testing.T) {
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

func TestANodeThatQueriesUsAndCannotBeReachedIsAnsweredCountedAndNotPinged(t *testing.T) {
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
