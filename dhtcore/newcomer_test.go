package dhtcore

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/table"
	"dhtop/dhtcore/testnet"
	"dhtop/dhtcore/wire"
)

func TestANewcomerAnnouncesToTheClosestNodes(t *testing.T) {
	asNewcomers(t, func(n *newcomers) {
		const announces = 8
		right := 0
		for i := range announces {
			hash := testnet.InfoHash(17, i)
			n.with([]string{n.host(2 * i), n.host(2*i + 1)}, nil, func(ctx context.Context, e *Explorer) {
				s := e.Announce(ctx, hash, 7000, false)
				for _, c := range n.Closest(hash, lookup.DefaultK) {
					if slices.ContainsFunc(s.Stored, func(r Receipt) bool { return r.Contact == c && r.Err == nil }) {
						right++
					}
				}
			})
			if s, _ := n.lookUp(hash, []string{n.host(40)}, nil); len(s.Peers) != 1 {
				t.Errorf("somebody else finds %d peers", len(s.Peers))
			}
		}
		if right < announces*lookup.DefaultK*95/100 {
			t.Errorf("%d of the %d closest nodes have it", right, announces*lookup.DefaultK)
		}
	})
}

func TestANewcomerPutsAndAnotherGets(t *testing.T) {
	asNewcomers(t, func(n *newcomers) {
		it := &Item{Value: []byte("5:hello")}
		n.with([]string{n.host(1)}, nil, func(ctx context.Context, e *Explorer) {
			s, err := e.Put(ctx, it, nil)
			if closest := n.Closest(it.Target(), lookup.DefaultK); err != nil || len(s.Stored) < len(closest)-1 {
				t.Errorf("stored at %d nodes: %v", len(s.Stored), err)
			}
		})
		n.with([]string{n.host(2)}, nil, func(ctx context.Context, e *Explorer) {
			if s := e.Get(ctx, it.Target(), nil); s.Item == nil || s.Elapsed > 2*time.Second {
				t.Errorf("got %v after %v: %s", s.Item, s.Elapsed, s.Err)
			}
		})
	})
}

// Whatever moment of joining it begins in, a lookup of the screen is one of the command.
func TestALookupThatBeginsWhileJoiningFindsPeers(t *testing.T) {
	asNewcomers(t, func(n *newcomers) {
		for i := range 12 {
			hash := testnet.InfoHash(18, i)
			n.Plant(hash, 30)
			n.with([]string{n.host(2 * i), n.host(2*i + 1)}, nil, func(_ context.Context, e *Explorer) {
				time.Sleep(time.Duration(i)*40*time.Millisecond + 1)
				if err := e.StartLookup(hash); err != nil {
					t.Fatal(err)
				}
				s := n.ended(e, hash, 10*time.Second)
				if len(s.Peers) < 20 || s.FirstPeer > 500*time.Millisecond || s.Ending != lookup.Completed || s.Err != "" {
					t.Errorf("begun after %d ms: %d peers, the first after %v, %s %s", 40*i, len(s.Peers), s.FirstPeer, s.Ending, s.Err)
				}
				if len(s.Closest) != lookup.DefaultK || len(s.Steps) < lookup.DefaultK {
					t.Errorf("begun after %d ms: %d closest nodes, %d steps", 40*i, len(s.Closest), len(s.Steps))
				}
			})
		}
	})
}

// ended waits until the newest lookup of hash has ended.
func (n *newcomers) ended(e *Explorer, hash ID, limit time.Duration) LookupState {
	n.Helper()
	for began := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		lookups := e.Snapshot().Lookups
		i := slices.IndexFunc(lookups, func(l LookupState) bool { return l.Target == hash })
		if i >= 0 && lookups[i].Done {
			return lookups[i]
		}
		if time.Since(began) > limit {
			n.Fatalf("the lookup of %s has not ended after %v", hash, limit)
		}
	}
}

func TestALookupWithoutANetworkIsRepeatedWhenThereIsOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := startAway(t, 40, func(a *away) { a.mem.Cut(home, refuses(syscall.ENETUNREACH)) })
		hash := testnet.InfoHash(3, 0)
		time.Sleep(time.Millisecond)
		if err := a.StartAnnounce(hash, 7000); err != nil {
			t.Fatal(err)
		}
		of := func(s *Snapshot) (all []LookupState) {
			for _, l := range s.Lookups {
				if l.Target == hash {
					all = append(all, l)
				}
			}
			return all
		}
		s, took := a.until(t, "end of the lookup", 10*time.Second, func(s *Snapshot) bool { all := of(s); return len(all) == 1 && all[0].Done })
		if l := of(s)[0]; took > time.Second || !strings.Contains(l.Err, "no route over IPv4") {
			t.Errorf("after %v: %q", took, l.Err)
		}
		time.Sleep(5 * time.Second)
		a.mem.Mend(home)
		s, _ = a.until(t, "announce", 30*time.Second, func(s *Snapshot) bool { return len(of(s)) > 0 && len(of(s)[0].Stored) > 0 })
		if l := of(s)[0]; l.Err != "" || len(l.Stored) < lookup.DefaultK {
			t.Errorf("it is announced to %d nodes: %s", len(l.Stored), l.Err)
		}
	})
}

func TestAnItemThatWaitsForTheNetworkGetsTheNextSequenceNumber(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := startAway(t, 40, func(*away) {})
		a.until(t, "network", time.Minute, isOnline)
		key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
		sign := func(it *Item) { it.Sign(key) }
		for _, cut := range []bool{false, true} {
			if cut {
				a.mem.Cut(home, refuses(syscall.ENETUNREACH))
				a.until(t, "outage", time.Minute, func(s *Snapshot) bool { return s.Outage.Offline() })
				time.AfterFunc(5*time.Second, func() { a.mem.Mend(home) })
			}
			it := &Item{Key: []byte(key.Public().(ed25519.PublicKey)), Value: []byte("1:x")}
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			var err error
			s := a.Persist(ctx, func() (s LookupState) { s, err = a.Put(ctx, it, sign); return s })
			cancel()
			if err != nil || len(s.Stored) == 0 || cut && it.Seq != 1 {
				t.Errorf("with an outage %v: sequence number %d, stored at %d nodes: %v", cut, it.Seq, len(s.Stored), err)
			}
		}
	})
}

func TestALookupWithoutANetworkEndsWithItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := startAway(t, 2, func(a *away) { a.mem.Cut(home, nil) })
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		began, searches := time.Now(), 0
		s := a.Persist(ctx, func() LookupState { searches++; return a.Lookup(ctx, testnet.InfoHash(3, 0)) })
		if took := time.Since(began); took != 20*time.Second || searches != 1 || !strings.Contains(s.Err, "lets UDP out") {
			t.Errorf("%d searches in %v: %q", searches, took, s.Err)
		}
	})
}

func TestWhyNothingIsFoundInTheFirstSeconds(t *testing.T) {
	silent, mute := "81.2.69.1:6881", "81.2.69.2:6881"
	refusal := func(tid string) (string, bool) { return "d1:eli202e4:Busye1:t2:" + tid + "1:y1:ee", false }
	empty := func(tid string) (string, bool) { return "d1:rd" + oddID + "e1:t2:" + tid + "1:y1:re", false }
	for what, c := range map[string]struct {
		hosts  func(t *testing.T, a *away) []string
		dns    error // of names; nil for no reply
		after  time.Duration
		wanted string
		remedy string
	}{
		"a silent host":    {func(*testing.T, *away) []string { return []string{silent} }, nil, time.Second, "the bootstrap host " + silent + " has not replied yet: ", "--bootstrap"},
		"two silent hosts": {func(*testing.T, *away) []string { return []string{silent, mute} }, nil, time.Second, "none of 2 bootstrap hosts has replied yet: ", "UDP"},
		"a silent host, later": {func(*testing.T, *away) []string { return []string{silent} }, nil, 6 * time.Second,
			"the one node asked does not reply over IPv4: ", "UDP"},
		"DNS is silent": {func(*testing.T, *away) []string { return []string{"a.example:1", "b.example:1"} }, nil, time.Second,
			"the DNS server has not replied yet: ", "--bootstrap IP:PORT"},
		"DNS fails": {func(*testing.T, *away) []string { return []string{"a.example:1"} }, errors.New("server misbehaving"), time.Second,
			"cannot resolve the bootstrap host a.example (the DNS server fails): ", "DNS"},
		"DNS fails for one of two": {func(*testing.T, *away) []string { return []string{"a.example:1", silent} }, errors.New("server misbehaving"), time.Second,
			"no bootstrap host of 2 has let this node in yet; a.example:1 cannot be resolved: the DNS server fails: ", "--bootstrap"},
		"an error of one of two": {func(t *testing.T, a *away) []string { return []string{oddHost(t, a, refusal), silent} }, nil, time.Second,
			"no bootstrap host of 2 has let this node in yet; 81.2.70.1:6881 answers with error 202 (Busy): ", "--bootstrap"},
		"an error": {func(t *testing.T, a *away) []string { return []string{oddHost(t, a, refusal)} }, nil, time.Second,
			"the bootstrap host 81.2.70.1:6881 answers with error 202 (Busy): ", "wait until it recovers"},
		"a host that knows nobody": {func(t *testing.T, a *away) []string { return []string{oddHost(t, a, empty)} }, nil, time.Second,
			"only the bootstrap host replies, and names no other node that does: ", "--bootstrap"},
		"no hosts": {func(*testing.T, *away) []string { return []string{} }, nil, time.Second, "there are no bootstrap hosts: ", "--bootstrap"},
	} {
		t.Run(what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := startAway(t, 2, func(a *away) {
					a.joiner.hosts = c.hosts(t, a)
					a.joiner.resolve = func(ctx context.Context, hostport string, family Family) ([]netip.AddrPort, error) {
						if !strings.Contains(hostport, "example") {
							return resolve(ctx, hostport, family)
						}
						if c.dns == nil {
							pauseFor(ctx, resolveTimeout)
							return nil, &resolveError{hostport, context.DeadlineExceeded}
						}
						return nil, &resolveError{hostport[:strings.Index(hostport, ":")], c.dns}
					}
				})
				ctx, cancel := context.WithTimeout(t.Context(), c.after)
				defer cancel()
				s := a.Persist(ctx, func() LookupState { return a.Lookup(ctx, testnet.InfoHash(3, 0)) })
				why := a.Why()
				if !strings.HasPrefix(why, c.wanted) || !strings.Contains(why, c.remedy) {
					t.Errorf("%q", why)
				}
				if s.Replied == 0 && !strings.HasSuffix(s.Err, why) {
					t.Errorf("the lookup says %q", s.Err)
				}
			})
		})
	}
}

// A host whose name takes five seconds to resolve, or that is silent, holds up neither joining nor lookups, whatever its family.
func TestASlowHostHoldsUpNobody(t *testing.T) {
	asNewcomers(t, func(n *newcomers) {
		hash := testnet.InfoHash(19, 0)
		n.Plant(hash, 30)
		slow := func(e *Explorer) {
			e.joiner.resolve = func(ctx context.Context, host string, f Family) ([]netip.AddrPort, error) {
				if host != "slow.example:1" {
					return resolve(ctx, host, f)
				}
				if !pauseFor(ctx, resolveTimeout) {
					return nil, ctx.Err()
				}
				return nil, &resolveError{host, context.DeadlineExceeded}
			}
		}
		hosts := []string{"slow.example:1", "10.0.0.250:6881", "[2001:db8::1]:6881", n.host(0)}
		n.with(hosts, slow, func(ctx context.Context, e *Explorer) {
			began := time.Now()
			for !e.Joined() {
				time.Sleep(10 * time.Millisecond)
			}
			if took := time.Since(began); took > time.Second {
				t.Errorf("joined after %v", took)
			}
			time.Sleep(2*resolveTimeout - time.Since(began)) // its hosts have all been judged
			var told []string
			for _, c := range e.Snapshot().Checkup.Hosts {
				told = append(told, fmt.Sprint(c.Host, c.OK(), c.DNS))
			}
			if len(told) != 3 {
				t.Errorf("the doctor knows of %q", told)
			}
		})
		if _, first := n.lookUp(hash, hosts, slow); first == 0 || first > time.Second {
			t.Errorf("the first peer came after %v", first)
		}
	})
}

// A table that was saved long ago is no reason to wait: nobody vouches for its nodes.
func TestASavedTableOfDeadNodesHoldsUpNobody(t *testing.T) {
	asNewcomers(t, func(n *newcomers) {
		dead := func(e *Explorer) {
			var nodes []table.Node
			for i := range 200 {
				id := testnet.InfoHash(20, i) // any
				nodes = append(nodes, table.Node{Contact: wire.Contact{ID: id, Addr: netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 210, byte(i), 1}), 6881)}})
			}
			e.vantages.list[0].Restore(nodes)
		}
		const lookups = 8
		var cold, stale []time.Duration
		of := func(all []time.Duration) (sum time.Duration) {
			for _, d := range all {
				sum += d
			}
			return sum
		}
		for i := range lookups {
			hash := testnet.InfoHash(21, i)
			n.Plant(hash, 30)
			hosts := []string{n.host(2 * i), n.host(2*i + 1)}
			_, first := n.lookUp(hash, hosts, nil)
			cold = append(cold, first)
			s, first := n.lookUp(hash, hosts, dead)
			if stale = append(stale, first); first == 0 || len(s.Closest) != lookup.DefaultK {
				t.Errorf("the first peer after %v, %d closest nodes", first, len(s.Closest))
			}
		}
		if of(stale) > of(cold)*115/100 {
			t.Errorf("first peers after %v, without the table after %v", stale, cold)
		}
	})
}
