package node_test

import (
	"context"
	"net/netip"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

var (
	publicAddr = netip.MustParseAddrPort("20.0.0.1:6881") // of a node on the in-memory network
	seenA      = netip.MustParseAddrPort("124.31.75.21:6881")
	seenB      = netip.MustParseAddrPort("21.75.31.124:6881")
)

// answers lets a node with a new ID at addr answer one ping, saying that it sees us at sees.
func (r *rig) answers(addr, sees netip.AddrPort) {
	r.t.Helper()
	conn, c := r.listen(addr), wire.Contact{ID: wire.RandomID(), Addr: addr}
	defer conn.Close()
	done := make(chan error, 1)
	go func() {
		_, err := r.node.Ping(context.Background(), c)
		done <- err
	}()
	ps := []node.Packet{{Buf: make([]byte, 0, 2048)}}
	if _, err := conn.ReadBatch(ps); err != nil {
		r.t.Fatal(err)
	}
	var m wire.Message
	if err := wire.Scan(ps[0].Buf, &m); err != nil {
		r.t.Fatal(err)
	}
	reply := wire.AppendReply(nil, c.ID, m.TID, sees, &wire.Answer{})
	if _, err := conn.WriteBatch([]node.Packet{{Buf: reply, Addr: r.at}}); err != nil {
		r.t.Fatal(err)
	}
	if err := <-done; err != nil {
		r.t.Fatal(err)
	}
	synctest.Wait()
}

// voter is the address of the i-th of many public nodes, each in a network of its own.
func voter(i int) netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{30, byte(i >> 8), byte(i), 1}), 6881)
}

// vote lets the voters from first to last say that they see us at sees.
func (r *rig) vote(first, last int, sees netip.AddrPort) {
	r.t.Helper()
	for i := first; i <= last; i++ {
		r.answers(voter(i), sees)
	}
}

// seen returns the events that tell of another external address.
func (r *rig) seen() (events []node.Event) {
	return slices.DeleteFunc(slices.Clone(r.events), func(e node.Event) bool { return e.Kind != node.Readdressed })
}

func TestTheVectorsOfBEP42HoldForANodeThatIsToldItsAddress(t *testing.T) {
	for ip, text := range map[string]string{
		"124.31.75.21": "5fbfbff10c5d6a4ec8a88e4c6ab4c28b95eee401",
		"21.75.31.124": "5a3ce9c14e7a08645677bbd1cfe7d8f956d53256",
		"65.23.51.170": "a5d43220bc8f112a3d426c84764f8c2a1150e616",
		"84.124.73.14": "1b0321dd1bb1fe518101ceef99462b947a01ff41",
		"43.213.53.83": "e56f6cbf5b7c4be0237986d5243b87aa6d51305a",
	} {
		want, err := wire.ParseID(text)
		if err != nil {
			t.Fatal(err)
		}
		plain := want
		plain[0], plain[1], plain[2] = 0, 0, plain[2]&7
		for _, id := range []wire.ID{plain, want} {
			onAir(t, node.Config{ID: id, PublicIP: netip.MustParseAddr(ip)}, func(r *rig) {
				if got := r.node.ID(); got != want {
					t.Errorf("at %s: ID %s, want %s", ip, got, want)
				}
				if got := r.node.External().String(); got != ip+":6881" {
					t.Errorf("external address %s", got)
				}
				if r.vote(1, 40, seenB); r.node.ID() != want || len(r.seen()) != 0 {
					t.Error("others overruled what the user said")
				}
			})
		}
	}
}

func TestANodeBoundToAPublicAddressHasASecureIDFromTheStart(t *testing.T) {
	onAirAt(t, publicAddr, node.Config{}, func(r *rig) {
		if !wire.Secure(r.node.ID(), publicAddr.Addr()) || r.node.External() != publicAddr {
			t.Errorf("%s at %s", r.node.ID(), r.node.External())
		}
	})
}

func TestEightRepliersSettleTheExternalAddressAndTheIDFollows(t *testing.T) {
	onAir(t, node.Config{}, func(r *rig) {
		before := r.node.ID()
		r.meet(100)
		r.vote(1, 7, seenA)
		if r.node.External().IsValid() || r.node.ID() != before || len(r.seen()) != 0 {
			t.Fatalf("after seven replies: %s, %s", r.node.External(), r.node.ID())
		}
		r.vote(8, 8, seenA)
		id := r.node.ID()
		if r.node.External() != seenA || id == before || !wire.Secure(id, seenA.Addr()) {
			t.Fatalf("after eight replies: %s, %s", r.node.External(), id)
		}
		if events := r.seen(); len(events) != 1 || events[0].Hash != before || events[0].From != (wire.Contact{ID: id, Addr: seenA}) {
			t.Errorf("observed %+v", events)
		}
		buckets, nodes := r.node.Table(time.Now())
		if len(nodes) < 16 || len(buckets) < 2 {
			t.Errorf("%d nodes in %d buckets are left", len(nodes), len(buckets))
		}
		for _, n := range nodes {
			if shared := wire.SharedBits(id, n.ID); n.Bucket != min(shared, len(buckets)-1) {
				t.Errorf("%v shares %d bits with our new ID and is in bucket %d", n.Contact, shared, n.Bucket)
			}
		}
		if m := r.ask(query("ping", "")); wire.ID(m.R.ID) != id {
			t.Errorf("we answer as %x", m.R.ID)
		}
	})
}

func TestOnlyAClearMajorityChangesTheExternalAddress(t *testing.T) {
	onAir(t, node.Config{}, func(r *rig) {
		r.vote(1, 8, seenA)
		id := r.node.ID()
		r.vote(101, 116, seenB) // 16 of 24 are no more than two thirds
		if r.node.External() != seenA || r.node.ID() != id {
			t.Fatalf("changed to %s", r.node.External())
		}
		r.vote(117, 117, seenB)
		if r.node.External() != seenB || !wire.Secure(r.node.ID(), seenB.Addr()) {
			t.Errorf("17 of 25 did not change %s", r.node.External())
		}
		if len(r.seen()) != 2 {
			t.Errorf("observed %+v", r.seen())
		}
	})
}

func TestAnIPHasOneVoteWhateverItsPorts(t *testing.T) {
	onAir(t, node.Config{}, func(r *rig) {
		for port := range uint16(40) {
			r.answers(netip.AddrPortFrom(voter(1).Addr(), 1000+port), seenA)
		}
		if r.node.External().IsValid() {
			t.Errorf("one IP settled %s", r.node.External())
		}
	})
}

func TestAnIPv6NetworkHasOneVote(t *testing.T) {
	onAirAt(t, netip.MustParseAddrPort("[2a00:5::1]:6881"), node.Config{}, func(r *rig) {
		before, ip := r.node.External(), netip.MustParseAddr("2a00:1:2:3::")
		for range 40 {
			ip = ip.Next()
			r.answers(netip.AddrPortFrom(ip, 6881), netip.MustParseAddrPort("[2a00:6::6]:6881"))
		}
		if after := r.node.External(); after != before {
			t.Errorf("one /64 settled %s", after)
		}
	})
}

func TestAnExternalAddressOfALocalNetworkChangesNoID(t *testing.T) {
	for _, at := range []string{"10.0.0.1:6881", "127.0.0.1:6881"} {
		bind := netip.MustParseAddrPort(at)
		onAirAt(t, bind, node.Config{}, func(r *rig) {
			id := r.node.ID()
			r.vote(1, 20, bind)
			if r.node.ID() != id {
				t.Errorf("%s: the ID changed", at)
			}
			if bind.Addr().IsLoopback() == r.node.External().IsValid() {
				t.Errorf("%s: seen at %s", at, r.node.External())
			}
		})
	}
}

func TestImpossibleExternalAddressesAreNoVotes(t *testing.T) {
	onAirAt(t, publicAddr, node.Config{}, func(r *rig) {
		id := r.node.ID()
		for i, sees := range []string{"10.0.0.1:1", "0.0.0.1:1", "255.255.255.255:1", "224.0.0.1:1", "[2a00::1]:1", "127.0.0.1:1", "8.8.8.8:0"} {
			if r.vote(100*i, 100*i+10, netip.MustParseAddrPort(sees)); r.node.External() != publicAddr || r.node.ID() != id {
				t.Errorf("seen at %s", r.node.External())
			}
		}
	})
}

func TestVotesLapse(t *testing.T) {
	onAir(t, node.Config{}, func(r *rig) {
		r.vote(1, 7, seenA)
		time.Sleep(31 * time.Minute)
		if r.vote(8, 8, seenA); r.node.External().IsValid() {
			t.Error("votes of half an hour ago count")
		}
	})
}

func TestThePortFollowsTheMajorityAndNeverTheID(t *testing.T) {
	onAir(t, node.Config{}, func(r *rig) {
		r.vote(1, 8, seenA)
		id, other := r.node.ID(), netip.AddrPortFrom(seenA.Addr(), 7000)
		r.vote(20, 27, other)
		if r.node.External() != seenA {
			t.Error("half of the votes moved the port")
		}
		if r.vote(28, 28, other); r.node.External() != other || r.node.ID() != id || len(r.seen()) != 1 {
			t.Errorf("%s, %d events", r.node.External(), len(r.seen()))
		}
	})
}

func TestTheTableTellsWhoseIDIsSecure(t *testing.T) {
	onAir(t, node.Config{}, func(r *rig) {
		plain := wire.Contact{ID: wire.RandomID(), Addr: voter(1)}
		secure := wire.Contact{ID: wire.MakeSecure(wire.RandomID(), voter(2).Addr()), Addr: voter(2)}
		exempt := wire.Contact{ID: wire.RandomID(), Addr: foreignAddr}
		r.node.Vouch([]wire.Contact{plain, secure, exempt})
		_, nodes := r.node.Table(time.Now())
		for _, n := range nodes {
			if n.Secure != (n.Contact != plain) {
				t.Errorf("%v: secure is %v", n.Contact, n.Secure)
			}
		}
	})
}
