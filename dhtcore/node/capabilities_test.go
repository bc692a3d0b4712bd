package node_test

import (
	"context"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/table"
	"dhtop/dhtcore/wire"
)

// answered has the foreign socket answer a query of the node's and returns what the table knows of it then.
// %t in the answer stands for the transaction ID.
func (r *rig) answered(q wire.Query, answer string) table.Capabilities {
	r.t.Helper()
	done := make(chan error, 1)
	go func() {
		_, err := r.node.Query(context.Background(), wire.Contact{ID: foreignID, Addr: foreignAddr}, q)
		done <- err
	}()
	synctest.Wait()
	var m wire.Message
	if err := wire.Scan([]byte(r.receive()), &m); err != nil {
		r.t.Fatal(err)
	}
	r.send(strings.ReplaceAll(answer, "%t", bstr(string(m.TID))))
	<-done //nolint:errcheck // the table tells
	_, nodes := r.node.Table(time.Now())
	if len(nodes) != 1 {
		r.t.Fatalf("%d nodes", len(nodes))
	}
	return nodes[0].Capabilities
}

// TestAnswersShowWhatANodeSpeaks: what is learned adds up, so each line shows one thing more.
func TestAnswersShowWhatANodeSpeaks(t *testing.T) {
	id := "2:id20:" + string(foreignID[:])
	contact := strings.Repeat("x", 26)
	reply := func(top, before, after string) string {
		return "d" + top + "1:rd" + before + id + after + "e1:t%t1:y1:re"
	}
	onAir(t, node.Config{}, func(r *rig) {
		for _, c := range []struct {
			what   string
			query  wire.Query
			answer string
			ok     func(l table.Capabilities) bool
		}{
			{"a ping", wire.Query{Method: wire.Ping}, reply("", "", ""),
				func(l table.Capabilities) bool { return l == table.Capabilities{Answered: table.Only(wire.Ping)} }},
			{"our address (BEP 42)", wire.Query{Method: wire.Ping}, reply("2:ip6:\x0a\x00\x00\x01\x1a\xe1", "", ""),
				func(l table.Capabilities) bool { return l.Extras == table.YourAddress }},
			{"contacts of both families (BEP 32)", wire.Query{Method: wire.FindNode}, reply("", "", "5:nodes26:"+contact+"6:nodes638:"+contact+contact[:12]),
				func(l table.Capabilities) bool {
					return l.Answered.Has(wire.FindNode) && l.Extras&table.BothFamilies != 0
				}},
			{"a scrape with peers and no filters", wire.Query{Method: wire.GetPeers, Scrape: true}, reply("", "", "5:token1:t6:valuesl6:\x01\x02\x03\x04\x05\x06e"),
				func(l table.Capabilities) bool {
					return l.Answered.Has(wire.GetPeers) && l.Extras&table.NoFilters != 0
				}},
			{"a scrape with filters (BEP 33)", wire.Query{Method: wire.GetPeers, Scrape: true},
				reply("", "4:BFpe256:"+strings.Repeat("p", 256)+"4:BFsd256:"+strings.Repeat("s", 256), "5:token1:t"),
				func(l table.Capabilities) bool { return l.Extras&(table.Filters|table.NoFilters) == table.Filters }},
			{"nodes instead of samples", wire.Query{Method: wire.SampleInfohashes}, reply("", "", "5:nodes26:"+contact),
				func(l table.Capabilities) bool { return l.Refused.Has(wire.SampleInfohashes) }},
			{"samples (BEP 51)", wire.Query{Method: wire.SampleInfohashes}, reply("", "", "8:intervali9e5:nodes0:3:numi0e7:samples0:"),
				func(l table.Capabilities) bool { return l.Answered.Has(wire.SampleInfohashes) && l.Refused == 0 }},
			{"an error of another kind", wire.Query{Method: wire.Get}, "d1:eli202e4:busye1:t%t1:y1:ee",
				func(l table.Capabilities) bool { return l.Refused == 0 }},
			{"method unknown (BEP 44)", wire.Query{Method: wire.Get}, "d1:eli204e7:unknowne1:t%t1:y1:ee",
				func(l table.Capabilities) bool { return l.Refused == table.Only(wire.Get) }},
		} {
			if l := r.answered(c.query, c.answer); !c.ok(l) {
				t.Errorf("%s: learned %+v", c.what, l)
			}
		}
	})
}

func TestANodeThatQueriedUsFirstIsKnownAsSuch(t *testing.T) {
	onAir(t, node.Config{}, func(r *rig) {
		r.send(query("ping", ""))
		r.receive()                 // the answer
		time.Sleep(2 * time.Second) // the upkeep's turn
		var m wire.Message
		if err := wire.Scan([]byte(r.receive()), &m); err != nil || m.Method != wire.Ping {
			t.Fatalf("no ping back: %v", err)
		}
		r.send(reply(string(m.TID)))
		if _, nodes := r.node.Table(time.Now()); len(nodes) != 1 || nodes[0].Provenance != table.QueriedFirst {
			t.Errorf("table %+v", nodes)
		}
	})
}

func TestTheFirstReferrerOfANodeIsRemembered(t *testing.T) {
	onAir(t, node.Config{}, func(r *rig) {
		c := wire.Contact{ID: wire.RandomID(), Addr: netip.MustParseAddrPort("10.0.0.3:4000")}
		told := "5:nodes26:" + string(c.ID[:]) + "\x0a\x00\x00\x03\x0f\xa0"
		r.answered(wire.Query{Method: wire.FindNode}, "d1:rd2:id20:"+string(foreignID[:])+told+"e1:t%t1:y1:re")
		friend := r.newForeign(c.Addr)
		go r.node.Ping(context.Background(), c) //nolint:errcheck // the table tells
		synctest.Wait()
		var m wire.Message
		if err := wire.Scan([]byte(<-friend.inbox), &m); err != nil {
			t.Fatal(err)
		}
		answer := "d1:rd2:id20:" + string(c.ID[:]) + "e1:t" + bstr(string(m.TID)) + "1:y1:re"
		if _, err := friend.conn.WriteBatch([]node.Packet{{Buf: []byte(answer), Addr: r.at}}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		_, nodes := r.node.Table(time.Now())
		for _, n := range nodes {
			if n.Contact == c && n.Provenance == table.Referred && n.Referrer == foreignID {
				return
			}
		}
		t.Errorf("table %+v", nodes)
	})
}
