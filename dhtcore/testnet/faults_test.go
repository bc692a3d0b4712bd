package testnet_test

import (
	"context"
	"fmt"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/testnet"
	"dhtop/dhtcore/wire"
)

// setFaults puts faults in force that are given as text.
func (v visitor) setFaults(t *testing.T, texts ...string) {
	t.Helper()
	var rules []testnet.Fault
	for _, text := range texts {
		f, err := testnet.ParseFault(text)
		if err != nil {
			t.Fatal(err)
		}
		rules = append(rules, f)
	}
	v.network.SetFaults(rules)
}

// since returns what the faults have done since before.
func since(v visitor, before testnet.FaultCounts) testnet.FaultCounts {
	now := v.network.FaultCounts()
	return testnet.FaultCounts{Dropped: now.Dropped - before.Dropped, Delayed: now.Delayed - before.Delayed,
		Duplicated: now.Duplicated - before.Duplicated, Reordered: now.Reordered - before.Reordered,
		Truncated: now.Truncated - before.Truncated}
}

// stranger is the socket of a program of others.
type stranger struct {
	t    *testing.T
	conn node.Conn
	got  chan string // the transaction IDs of the replies to it; "" for one that cannot be read
}

func (v visitor) stranger(t *testing.T, port uint16) stranger {
	conn, err := v.mem.Listen(netip.AddrPortFrom(netip.MustParseAddr("127.7.7.7"), port))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	s := stranger{t, conn, make(chan string, 1000)}
	go func() {
		ps := []node.Packet{{Buf: make([]byte, 2048)}}
		for {
			if _, err := conn.ReadBatch(ps); err != nil {
				return
			}
			var m wire.Message
			if wire.Scan(ps[0].Buf, &m) != nil {
				s.got <- ""
			} else if m.Kind == wire.KindReply {
				s.got <- string(m.TID)
			}
		}
	}()
	return s
}

// ping sends so many pings to a node, one after the other, and returns what came back within a time.
func (s stranger) ping(to netip.AddrPort, pings int, within time.Duration) (replies []string) {
	s.t.Helper()
	for i := range pings {
		p := fmt.Appendf(nil, "d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t1:%c1:y1:qe", 'a'+i)
		if _, err := s.conn.WriteBatch([]node.Packet{{Buf: p, Addr: to}}); err != nil {
			s.t.Fatal(err)
		}
		synctest.Wait()
	}
	for end := time.After(within); ; {
		select {
		case tid := <-s.got:
			replies = append(replies, tid)
		case <-end:
			return replies
		}
	}
}

func (v visitor) asks(m wire.Method, c wire.Contact) (time.Duration, error) {
	began := time.Now()
	_, err := v.Query(context.Background(), c, wire.Query{Method: m, Target: wire.ID{1}})
	return time.Since(began), err
}

func TestAFaultBefallsItsDirectionAndMethodOnly(t *testing.T) {
	inWorld(t, testnet.Config{Nodes: 20, Seed: 1}, testnet.Demand{}, func(t *testing.T, v visitor) {
		c := v.network.Contacts()[0]
		for _, of := range []struct {
			faults     []string
			pings      bool // are answered
			finds      bool
			visitorHas bool // answered a ping of the member
			want       testnet.FaultCounts
		}{
			{nil, true, true, true, testnet.FaultCounts{}},
			{[]string{"out find_node drop=1"}, true, false, true, testnet.FaultCounts{Dropped: 1}},
			{[]string{"in find_node drop=1"}, true, false, true, testnet.FaultCounts{Dropped: 1}},
			{[]string{"in ping drop=1"}, false, true, false, testnet.FaultCounts{Dropped: 2}},
			{[]string{"both ping none", "drop=1"}, true, false, true, testnet.FaultCounts{Dropped: 1}},
			{[]string{"drop=1", "both ping none"}, false, false, false, testnet.FaultCounts{Dropped: 3}},
			{[]string{"in find_node truncate=1"}, true, false, true, testnet.FaultCounts{Truncated: 1}},
		} {
			v.setFaults(t, of.faults...)
			before := v.network.FaultCounts()
			_, pinged := v.asks(wire.Ping, c)
			_, found := v.asks(wire.FindNode, c)
			_, back := v.network.Members()[0].Query(context.Background(), wire.Contact{ID: v.ID(), Addr: v.Addr()}, wire.Query{Method: wire.Ping})
			if (pinged == nil) != of.pings || (found == nil) != of.finds || (back == nil) != of.visitorHas {
				t.Errorf("%q: ping %v, find_node %v, and the visitor's answer %v", of.faults, pinged, found, back)
			}
			if got := since(v, before); got != of.want {
				t.Errorf("%q: counted %+v, want %+v", of.faults, got, of.want)
			}
			time.Sleep(time.Minute)
		}
	})
}

func TestAFaultDelaysEachWayOnce(t *testing.T) {
	inWorld(t, testnet.Config{Nodes: 2, Seed: 1}, testnet.Demand{}, func(t *testing.T, v visitor) {
		c := v.network.Contacts()[0]
		v.setFaults(t, "delay=300ms")
		if took, err := v.asks(wire.Ping, c); err != nil || took != 600*time.Millisecond {
			t.Errorf("both ways: %s, %v", took, err)
		}
		v.setFaults(t, "out ping delay=300ms jitter=100ms")
		if took, err := v.asks(wire.Ping, c); err != nil || took < 300*time.Millisecond || took > 400*time.Millisecond {
			t.Errorf("one way, with jitter: %s, %v", took, err)
		}
		if got := v.network.FaultCounts(); got != (testnet.FaultCounts{Delayed: 3}) {
			t.Errorf("counted %+v", got)
		}
	})
}

func TestMembersAreSparedTheFaultsOfVisitors(t *testing.T) {
	inWorld(t, testnet.Config{Nodes: 20, Seed: 1}, testnet.Demand{}, func(t *testing.T, v visitor) {
		v.setFaults(t, "drop=1")
		all := v.network.Members()
		for i, m := range all[1:] {
			if _, err := m.Query(context.Background(), wire.Contact{ID: all[i].ID(), Addr: all[i].Addr()}, wire.Query{Method: wire.Ping}); err != nil {
				t.Error(err)
			}
		}
	})
}

// What others run joins through the socket of a guest, or any member.
func TestStrangersSufferWhatTheGuestsDo(t *testing.T) {
	inWorld(t, testnet.Config{Nodes: 2, Seed: 1}, testnet.Demand{}, func(t *testing.T, v visitor) {
		for i, to := range []netip.AddrPort{v.Addr(), v.network.Contacts()[0].Addr} {
			s := v.stranger(t, uint16(7000+i))
			v.setFaults(t)
			if got := s.ping(to, 3, time.Second); fmt.Sprint(got) != "[a b c]" {
				t.Errorf("at %s: %q without a fault", to, got)
			}
			before := v.network.FaultCounts()
			v.setFaults(t, "in ping duplicate=1")
			if got := s.ping(to, 2, time.Second); fmt.Sprint(got) != "[a a b b]" {
				t.Errorf("at %s: %q of replies that are sent twice", to, got)
			}
			v.setFaults(t, "out ping duplicate=1")
			if got := s.ping(to, 2, time.Second); fmt.Sprint(got) != "[a a b b]" {
				t.Errorf("at %s: %q of pings that are sent twice", to, got)
			}
			v.setFaults(t, "in ping truncate=1")
			if got := s.ping(to, 2, time.Second); len(got) > 2 || len(got) > 0 && got[0] != "" {
				t.Errorf("at %s: %q of replies that are cut", to, got)
			}
			if got := since(v, before); got.Duplicated < 4 || got.Truncated < 2 { // a node may ping it too
				t.Errorf("counted %+v", got)
			}
			v.setFaults(t, "out ping drop=1")
			if got := s.ping(to, 3, time.Second); len(got) > 0 {
				t.Errorf("at %s: %q of what does not arrive", to, got)
			}
		}
	})
}

func TestWhatIsReorderedLetsOthersPassAndArrives(t *testing.T) {
	for _, direction := range []string{"in", "out"} {
		inWorld(t, testnet.Config{Nodes: 2, Seed: 1}, testnet.Demand{}, func(t *testing.T, v visitor) {
			s, to := v.stranger(t, 7000), v.Addr()
			v.setFaults(t, direction+" ping reorder=1")
			began := time.Now()
			if got := s.ping(to, 1, time.Second); fmt.Sprint(got) != "[a]" || time.Since(began) < time.Second {
				t.Errorf("%s: %q, alone", direction, got)
			}
			v.setFaults(t, direction+" ping reorder=0.3")
			before := v.network.FaultCounts()
			got := s.ping(to, 20, time.Second)
			order := fmt.Sprint(got)
			if held := since(v, before).Reordered; len(got) != 20 || held == 0 || order == "[a b c d e f g h i j k l m n o p q r s t]" {
				t.Errorf("%s: %q with %d held back", direction, got, held)
			}
		})
	}
}

func TestFaultsFollowFromTheSeed(t *testing.T) {
	tell := func(seed uint64) (told string) {
		inWorld(t, testnet.Config{Nodes: 2, Seed: seed}, testnet.Demand{}, func(t *testing.T, v visitor) {
			s := v.stranger(t, 7000)
			v.setFaults(t, "out ping drop=0.2 duplicate=0.2 reorder=0.2 delay=10ms jitter=50ms", "in ping drop=0.1 truncate=0.2")
			told = fmt.Sprint(s.ping(v.Addr(), 25, 5*time.Second), v.network.FaultCounts())
		})
		return told
	}
	first := tell(1)
	if again := tell(1); again != first {
		t.Errorf("with the same seed\n%s\n%s", first, again)
	}
	if other := tell(2); other == first {
		t.Errorf("with another seed %s", other)
	}
}

// No crowd makes the network hold back more than it can.
func TestAFloodIsHeldBackWithinBounds(t *testing.T) {
	inWorld(t, testnet.Config{Nodes: 2, Seed: 1}, testnet.Demand{}, func(t *testing.T, v visitor) {
		s := v.stranger(t, 7000)
		v.setFaults(t, "out delay=1m")
		const flood = 20000
		for range flood {
			s.conn.WriteBatch([]node.Packet{{Buf: []byte("de"), Addr: v.Addr()}}) //nolint:errcheck // it does not fail
			synctest.Wait()
		}
		if got := v.network.FaultCounts(); got.Dropped != flood-1<<14 {
			t.Errorf("counted %+v of %d packets", got, flood)
		}
		time.Sleep(2 * time.Minute)
		v.setFaults(t)
		if _, err := v.asks(wire.Ping, v.network.Contacts()[0]); err != nil {
			t.Errorf("after the flood: %v", err)
		}
	})
}
