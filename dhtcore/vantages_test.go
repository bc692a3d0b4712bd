package dhtcore

import (
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"dhtop/dhtcore/needs"
	"dhtop/dhtcore/wire"
)

func TestSeveralVantagesJoinEachForItselfAndFeedOneLedger(t *testing.T) {
	cfg := demoConfig()
	cfg.Vantages, cfg.NoIPv6 = 3, true
	e := start(t, cfg)
	s := eventually(t, e, "three full tables", func(s *Snapshot) bool {
		full := 0
		for _, n := range s.Nodes {
			if n.Good >= 8 {
				full++
			}
		}
		return full == 3
	})
	ids, ports := map[ID]bool{}, map[uint16]bool{}
	for _, n := range s.Nodes {
		ids[n.ID], ports[n.Addr.Port()] = true, true
	}
	if len(ids) != 3 || len(ports) != 3 {
		t.Errorf("%d IDs on %d ports", len(ids), len(ports))
	}
	eventually(t, e, "requests at more than one vantage", func(s *Snapshot) bool {
		asked, total := 0, uint64(0)
		for _, v := range e.vantages.list {
			if n := v.Stats().Methods[GetPeers].In; n > 0 {
				asked++
				total += n
			}
		}
		return asked > 1 && s.Hashes.Requests > 0
	})
}

func TestWhatIsPutAtOneVantageIsFoundAtTheOther(t *testing.T) { // BEP 44
	cfg := offline("")
	cfg.Vantages = 2
	e := start(t, cfg)
	a, b := e.vantages.list[0], e.vantages.list[1]
	item := &wire.Item{Value: []byte("5:hello")}
	ask := func(from, to *vantage, q wire.Query) wire.Reply {
		t.Helper()
		r, err := from.Query(t.Context(), wire.Contact{ID: to.ID(), Addr: to.Addr()}, q)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	token := ask(a, b, wire.Query{Method: wire.Get, Target: item.Target()}).Token
	ask(a, b, wire.Query{Method: wire.Put, Token: token, Item: item})
	found := ask(b, a, wire.Query{Method: wire.Get, Target: item.Target()}).Item
	if found == nil || string(found.Value) != string(item.Value) {
		t.Errorf("found %+v", found)
	}
	eventually(t, e, "the put in the journal", func(s *Snapshot) bool {
		return slices.ContainsFunc(s.Events, func(ev Event) bool {
			return ev.Kind == ItemStored && ev.Hash == item.Target() && ev.ID == a.ID() && ev.Kind.String() == "stored"
		})
	})
}

func TestTheNinthVantageIsRefusedWithTheReason(t *testing.T) {
	cfg := offline("")
	cfg.Vantages = 9
	if _, err := Open(cfg); err == nil || !strings.Contains(err.Error(), "BEP 42") || !strings.Contains(err.Error(), "Sybil") {
		t.Errorf("got %v", err)
	}
}

func TestBothAddressFamiliesJoinAndAreSearchedSideBySide(t *testing.T) { // BEP 32
	both := []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("::1")}
	conn, err := net.ListenPacket("udp6", "[::1]:0")
	needs.NoError(t, err, "the IPv6 address of loopback")
	conn.Close()
	host := start(t, Config{Bind: both, Bootstrap: []string{}})
	var bootstrap []string
	for _, n := range host.Snapshot().Nodes {
		bootstrap = append(bootstrap, n.Addr.String())
	}
	guest := start(t, Config{Bind: both, Bootstrap: bootstrap})
	eventually(t, guest, "a good node over both families", func(s *Snapshot) bool {
		return len(s.Nodes) == 2 && s.Nodes[0].Good > 0 && s.Nodes[1].Good > 0
	})
	l := guest.Lookup(t.Context(), ID{1})
	families := map[bool]int{}
	for _, step := range l.Closest {
		families[step.Addr.Addr().Is6()]++
	}
	if families[false] == 0 || families[true] == 0 {
		t.Errorf("the lookup was answered by %+v", l.Steps)
	}
}
