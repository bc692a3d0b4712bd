package node_test

import (
	"context"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

func TestReadOnlySendersAreAnsweredAndNeverPinged(t *testing.T) {
	onAir(t, node.Config{}, func(r *rig) {
		m := r.ask("d1:ad2:id20:abcdefghij0123456789e1:q4:ping2:roi1e1:t2:aa1:y1:qe")
		if m.Y != "r" {
			t.Errorf("answer %+v", m)
		}
		time.Sleep(3 * time.Second)
		if p := r.receive(); p != "" {
			t.Errorf("pinged with %q", p)
		}
	})
}

func TestAReadOnlyNodeStaysSilentAndStillCounts(t *testing.T) {
	onAir(t, node.Config{ReadOnly: true}, func(r *rig) {
		r.send(query("get_peers", infoHash(someHash)))
		r.send(query("vote", ""))
		if p := r.receive(); p != "" {
			t.Errorf("answered %q", p)
		}
		if len(r.events) != 1 || r.events[0].Kind != node.Requested {
			t.Errorf("events %+v", r.events)
		}
		if s := r.node.Stats(); s.Ignored != 2 {
			t.Errorf("%d queries counted as ignored", s.Ignored)
		}
	})
}

// asks reports whether the node's queries say that it is read-only.
func (r *rig) asks() (readOnly bool) {
	r.t.Helper()
	conn := r.listen(netip.MustParseAddrPort("40.0.0.1:6881"))
	defer conn.Close()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go r.node.Ping(ctx, wire.Contact{Addr: conn.LocalAddr()}) //nolint:errcheck // it is not answered
	ps := []node.Packet{{Buf: make([]byte, 0, 2048)}}
	if _, err := conn.ReadBatch(ps); err != nil {
		r.t.Fatal(err)
	}
	var m wire.Message
	if err := wire.Scan(ps[0].Buf, &m); err != nil || m.Method != wire.Ping {
		r.t.Fatalf("%q: %v", ps[0].Buf, err)
	}
	return m.ReadOnly
}

// isAsked lets the stranger at addr ask the node something once.
func (r *rig) isAsked(addr netip.AddrPort) {
	r.t.Helper()
	conn := r.listen(addr)
	defer conn.Close()
	if _, err := conn.WriteBatch([]node.Packet{{Buf: []byte(query("ping", "")), Addr: r.at}}); err != nil {
		r.t.Fatal(err)
	}
	synctest.Wait()
}

// mode fails the test unless the node is in the mode that is wanted, in word and in deed.
func (r *rig) mode(when string, want node.Mode) {
	r.t.Helper()
	if got := r.node.Mode(); got != want {
		r.t.Fatalf("%s: %s, want %s", when, got, want)
	}
	if got := r.asks(); got != (want != node.ModeServing) {
		r.t.Fatalf("%s: %s and ro is %v", when, want, got)
	}
}

func TestTheModeAtTheStartFollowsTheBindAndTheFlags(t *testing.T) {
	told := netip.MustParseAddr("124.31.75.21")
	for _, c := range []struct {
		bind string
		cfg  node.Config
		want node.Mode
	}{
		{"20.0.0.1:1", node.Config{}, node.ModeProving},
		{"20.0.0.1:1", node.Config{PublicIP: told}, node.ModeServing},
		{"20.0.0.1:1", node.Config{ReadOnly: true}, node.ModeReadOnly},
		{"10.0.0.1:1", node.Config{}, node.ModeServing},
		{"127.0.0.1:1", node.Config{}, node.ModeServing},
		{"10.0.0.1:1", node.Config{ReadOnly: true}, node.ModeReadOnly},
	} {
		onAirAt(t, netip.MustParseAddrPort(c.bind), c.cfg, func(r *rig) { r.mode(c.bind, c.want) })
	}
}

func TestANodeServesAfter15MinutesOfUnsolicitedQueries(t *testing.T) {
	onAirAt(t, publicAddr, node.Config{}, func(r *rig) {
		for minute := range 15 {
			r.mode("before", node.ModeProving)
			r.isAsked(voter(minute))
			r.mode("when asked", node.ModeProving)
			if m := r.ask(query("ping", "")); m.Y != "r" {
				t.Fatalf("not answered while proving: %+v", m)
			}
			time.Sleep(time.Minute)
		}
		r.isAsked(voter(15))
		r.mode("after", node.ModeServing)
		told := 0
		for _, e := range r.events {
			if e.Kind == node.Reachable && e.From == (wire.Contact{ID: r.node.ID(), Addr: publicAddr}) {
				told++
			}
		}
		if told != 1 {
			t.Errorf("told of it %d times: %+v", told, r.events)
		}
	})
}

func TestWhatDoesNotProveThatOthersReachUs(t *testing.T) {
	for name, minute := range map[string]func(r *rig, i int){
		"nobody asks":         func(*rig, int) {},
		"one asks again":      func(r *rig, _ int) { r.isAsked(voter(1)) },
		"those that we asked": func(r *rig, i int) { r.answers(voter(i), publicAddr); r.isAsked(voter(i)) },
		"now and then one asks": func(r *rig, i int) {
			if i%6 == 0 {
				r.isAsked(voter(i))
			}
		},
	} {
		onAirAt(t, publicAddr, node.Config{}, func(r *rig) {
			for i := range 60 {
				minute(r, i)
				time.Sleep(time.Minute)
			}
			r.mode(name, node.ModeProving)
		})
	}
}

func TestANodeInALocalRangeHasToProveItselfBehindANAT(t *testing.T) {
	home := netip.MustParseAddrPort("10.0.0.1:6881")
	for outer, want := range map[string]node.Mode{"124.31.75.21:6881": node.ModeProving, "10.9.0.1:6881": node.ModeServing} {
		onAirAt(t, home, node.Config{}, func(r *rig) {
			r.vote(1, 20, netip.MustParseAddrPort(outer))
			r.mode("seen at "+outer, want)
		})
	}
	onAirAt(t, home, node.Config{ReadOnly: true}, func(r *rig) {
		r.vote(1, 20, seenB)
		r.mode("one that answers nobody", node.ModeReadOnly)
	})
}

func TestAnotherExternalAddressHasToBeProvedAnew(t *testing.T) {
	onAirAt(t, publicAddr, node.Config{}, func(r *rig) {
		prove := func(from int) {
			for minute := range 16 {
				r.isAsked(voter(from + minute))
				time.Sleep(time.Minute)
			}
		}
		prove(1000)
		r.mode("at the first address", node.ModeServing)
		r.vote(1, 20, seenB)
		r.mode("at the second address", node.ModeProving)
		prove(2000)
		r.mode("when that is proved", node.ModeServing)
	})
}
