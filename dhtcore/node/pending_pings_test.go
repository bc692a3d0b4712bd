package node_test

import (
	"fmt"
	"net/netip"
	"strings"
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

// pingsTo counts the pings to an asker that sends a query a second for three minutes, each under the ID that id
// returns, and does not reply.
func pingsTo(r *rig, id func(second int) string) (pings int) {
	for second := range 180 {
		r.send(strings.Replace(query("find_node", target(wire.ID{1})), string(foreignID[:]), id(second), 1))
		for begun := time.Now(); time.Since(begun) < time.Second; {
			packet := r.receive()
			var m wire.Message
			if wire.Scan([]byte(packet), &m) == nil && m.Kind == wire.KindQuery {
				pings++
			}
		}
	}
	return pings
}

func TestAnAddressThatQueriesUsIsPingedOnceAMinuteAtMost(t *testing.T) {
	for what, id := range map[string]func(int) string{
		"one ID":                func(int) string { return string(foreignID[:]) },
		"an ID of its own each": func(second int) string { return fmt.Sprintf("%020d", second*7919) },
		"two IDs in turn":       func(second int) string { return fmt.Sprintf("%020d", second%2) },
	} {
		for where, at := range map[string]netip.AddrPort{"public": publicAddr, "local": nodeAddr} {
			onAirAt(t, at, node.Config{}, func(r *rig) {
				if where == "public" {
					r.foreign = r.newForeign(voter(1))
				}
				if pings := pingsTo(r, id); pings < 1 || pings > 3 {
					t.Errorf("%s, %s: %d pings in three minutes", where, what, pings)
				}
			})
		}
	}
}
