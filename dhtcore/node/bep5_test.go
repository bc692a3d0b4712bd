package node_test

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/anacrolix/dht/v2/krpc"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

func TestPingIsAnsweredWithOurIDAndTheAskersAddress(t *testing.T) {
	onAir(t, node.Config{}, func(r *rig) {
		m := r.ask(query("ping", ""))
		if m.T != "aa" || m.Y != "r" || wire.ID(m.R.ID) != r.node.ID() {
			t.Errorf("answer %+v", m)
		}
		if got := m.IP.String(); got != foreignAddr.String() {
			t.Errorf("ip %s, want %s (BEP 42)", got, foreignAddr)
		}
		if m.ClientId != wire.Version {
			t.Errorf("version %q", m.ClientId)
		}
	})
}

func TestFindNodeReturnsTheNodesClosestToTheTarget(t *testing.T) {
	onAir(t, node.Config{}, func(r *rig) {
		r.meet(300)
		_, known := r.node.Table(time.Now())
		known = slices.DeleteFunc(known, func(n tableNode) bool { return n.Replacement })
		for range 100 {
			want := wire.RandomID()
			slices.SortFunc(known, func(a, b tableNode) int { return wire.CompareDistance(want, a.ID, b.ID) })
			m := r.ask(query("find_node", target(want)))
			if len(m.R.Nodes) != 8 {
				t.Fatalf("%d nodes", len(m.R.Nodes))
			}
			for i, n := range m.R.Nodes {
				if wire.ID(n.ID) != known[i].ID {
					t.Fatalf("node %d is %x, want %s", i, n.ID, known[i].ID)
				}
			}
		}
	})
}

func TestGetPeersReturnsValuesAndNodesAndAToken(t *testing.T) {
	onAir(t, node.Config{}, func(r *rig) {
		r.meet(20)
		first := r.ask(query("get_peers", infoHash(someHash)))
		if first.R.Token == nil || len(first.R.Nodes) != 8 || len(first.R.Values) != 0 {
			t.Fatalf("without peers: %+v", first.R)
		}
		r.ask(query("announce_peer", infoHash(someHash)+"4:porti51413e5:token"+bstr(*first.R.Token)))
		second := r.ask(query("get_peers", infoHash(someHash)))
		if second.R.Token == nil || len(second.R.Nodes) != 8 {
			t.Errorf("with peers: token %v, %d nodes", second.R.Token, len(second.R.Nodes))
		}
		if len(second.R.Values) != 1 || second.R.Values[0].String() != "10.0.0.2:51413" {
			t.Errorf("values %v", second.R.Values)
		}
		want := []node.EventKind{node.Requested, node.Announced, node.Requested}
		var got []node.EventKind
		for _, e := range r.events {
			if e.Hash == someHash {
				got = append(got, e.Kind)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("observed %v, want %v", got, want)
		}
	})
}

func TestABootstrapLookupOfLibtorrentIsNoRequest(t *testing.T) {
	onAir(t, node.Config{}, func(r *rig) {
		r.ask(query("get_peers", "2:bsi1e"+infoHash(someHash)))
		if len(r.events) != 0 {
			t.Errorf("observed %+v", r.events)
		}
	})
}

func TestANodeThatQueriesUsTwiceIsPingedOnce(t *testing.T) {
	onAir(t, node.Config{}, func(r *rig) {
		r.ask(query("ping", ""))
		r.ask(query("ping", ""))
		time.Sleep(2 * time.Second)
		if s := r.node.Stats(); s.QueriesOut != 1 {
			t.Errorf("%d pings", s.QueriesOut)
		}
	})
}

func TestAnnouncePeerChecksTheTokenAndThePort(t *testing.T) {
	onAir(t, node.Config{}, func(r *rig) {
		token := "5:token" + bstr(*r.ask(query("get_peers", infoHash(someHash))).R.Token)
		for _, c := range []struct {
			name, args string
			code       int
			peer       string
		}{
			{"a port", infoHash(someHash) + "4:porti51413e" + token, 0, "10.0.0.2:51413"},
			{"the implied port", "12:implied_porti1e" + infoHash(someHash) + token, 0, foreignAddr.String()},
			{"an implied port beside another", "12:implied_porti1e" + infoHash(someHash) + "4:porti1e" + token, 0, foreignAddr.String()},
			{"no token", infoHash(someHash) + "4:porti51413e", krpc.ErrorCodeProtocolError, ""},
			{"a wrong token", infoHash(someHash) + "4:porti51413e5:token8:xxxxxxxx", krpc.ErrorCodeProtocolError, ""},
			{"no port", infoHash(someHash) + token, krpc.ErrorCodeProtocolError, ""},
			{"port 0", infoHash(someHash) + "4:porti0e" + token, krpc.ErrorCodeProtocolError, ""},
			{"port 65536", infoHash(someHash) + "4:porti65536e" + token, krpc.ErrorCodeProtocolError, ""},
			{"a negative port", infoHash(someHash) + "4:porti-1e" + token, krpc.ErrorCodeProtocolError, ""},
			{"no info_hash", "4:porti51413e" + token, krpc.ErrorCodeProtocolError, ""},
		} {
			r.events = nil
			m := r.ask(query("announce_peer", c.args))
			if e := m.Error(); (e == nil) != (c.code == 0) || e != nil && e.Code != c.code {
				t.Errorf("%s: error %v, want code %d", c.name, e, c.code)
			}
			stored := ""
			for _, e := range r.events {
				if e.Kind == node.Announced {
					stored = e.Peer.String()
				}
			}
			if stored != c.peer {
				t.Errorf("%s: stored %q, want %q", c.name, stored, c.peer)
			}
		}
	})
}

func TestATokenLivesForFiveToTenMinutes(t *testing.T) {
	for wait, code := range map[time.Duration]int{4 * time.Minute: 0, 11 * time.Minute: krpc.ErrorCodeProtocolError} {
		onAir(t, node.Config{}, func(r *rig) {
			token := *r.ask(query("get_peers", infoHash(someHash))).R.Token
			time.Sleep(wait)
			e := r.ask(query("announce_peer", infoHash(someHash)+"4:porti51413e5:token"+bstr(token))).Error()
			if (e == nil) != (code == 0) {
				t.Errorf("after %s: %v", wait, e)
			}
		})
	}
}

func TestATokenIsNoGoodFromAnotherAddress(t *testing.T) {
	onAir(t, node.Config{}, func(r *rig) {
		token := *r.ask(query("get_peers", infoHash(someHash))).R.Token
		r.foreign = r.newForeign(netip.MustParseAddrPort("10.0.0.3:4000"))
		if e := r.ask(query("announce_peer", infoHash(someHash)+"4:porti51413e5:token"+bstr(token))).Error(); e == nil {
			t.Error("accepted")
		}
	})
}

func TestMalformedQueriesGetTheErrorTheyDeserve(t *testing.T) {
	onAir(t, node.Config{}, func(r *rig) {
		for _, c := range []struct {
			packet string
			code   int
		}{
			{"d1:q4:ping1:t2:aa1:y1:qe", 203},
			{"d1:ade1:q4:ping1:t2:aa1:y1:qe", 203},
			{"d1:ad2:id3:abce1:q4:ping1:t2:aa1:y1:qe", 203},
			{"d1:ad2:idi7ee1:q4:ping1:t2:aa1:y1:qe", 203},
			{"d1:a3:abc1:q4:ping1:t2:aa1:y1:qe", 203},
			{"d1:q13:announce_peer1:t2:aa1:y1:qe", 203}, // kills anacrolix/dht's Server
			{query("find_node", ""), 203},
			{query("get_peers", ""), 203},
			{query("get_peers", "9:info_hash3:abc"), 203},
			{query("sample_infohashes", ""), 203},
			{query("get", ""), 203},
			{query("put", "1:v1:x"), 203},
			{query("vote", ""), 204},
		} {
			if e := r.ask(c.packet).Error(); e == nil || e.Code != c.code {
				t.Errorf("%q: error %v, want code %d", c.packet, e, c.code)
			}
		}
	})
}

func TestWhatCannotBeAnsweredMeetsSilence(t *testing.T) {
	onAir(t, node.Config{}, func(r *rig) {
		for _, packet := range []string{
			"", "x", "d", "de", "le", "i1e", "d1:y1:qe", "d1:t2:aae", "d1:t2:aa1:y1:xe",
			"d1:q4:ping1:t0:1:y1:qe",
			"d1:rd2:id20:abcdefghij0123456789e1:t2:aa1:y1:re",
			"d1:eli201e5:sorrye1:t2:aa1:y1:ee",
		} {
			r.send(packet)
			if answer := r.receive(); answer != "" {
				t.Errorf("%q was answered: %q", packet, answer)
			}
		}
	})
}

func TestUnknownMethodsWithATargetAreAnsweredWithNodes(t *testing.T) {
	onAir(t, node.Config{}, func(r *rig) {
		r.meet(20)
		for _, args := range []string{target(someHash), infoHash(someHash)} {
			if m := r.ask(query("vote", args)); m.Y != "r" || len(m.R.Nodes) != 8 {
				t.Errorf("%q: %+v", args, m)
			}
		}
	})
}

func TestANodeThatQueriesUsIsPingedAndEntersTheTableByReplying(t *testing.T) {
	onAir(t, node.Config{}, func(r *rig) {
		r.ask(query("ping", ""))
		if good, _, _ := r.node.Count(time.Now()); good != 0 {
			t.Fatalf("%d nodes entered the table by asking", good)
		}
		time.Sleep(time.Second) // the upkeep's round
		var ping wire.Message
		packet := r.receive()
		if err := wire.Scan([]byte(packet), &ping); err != nil || ping.Method != wire.Ping {
			t.Fatalf("got %q, want a ping", packet)
		}
		r.send("d1:rd2:id20:" + string(foreignID[:]) + "e1:t" + bstr(string(ping.TID)) + "1:y1:re")
		if good, _, _ := r.node.Count(time.Now()); good != 1 {
			t.Errorf("%d good nodes after the answer", good)
		}
	})
}
