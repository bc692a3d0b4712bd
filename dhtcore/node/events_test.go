package node_test

import (
	"context"
	"net/netip"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/table"
	"dhtop/dhtcore/wire"
)

// members returns who is in the buckets by the events: joins less leaves.
func (r *rig) members() map[wire.Contact]bool {
	r.observing.Lock()
	defer r.observing.Unlock()
	in := map[wire.Contact]bool{}
	for _, e := range r.events {
		switch e.Kind {
		case node.NodeJoined:
			in[e.From] = true
		case node.NodeLeft:
			if !in[e.From] {
				r.t.Errorf("%v left and had not joined", e.From)
			}
			delete(in, e.From)
		}
	}
	return in
}

// account holds the events against the table.
func (r *rig) account(when string) {
	r.t.Helper()
	in := r.members()
	_, nodes := r.node.Table(time.Now())
	nodes = slices.DeleteFunc(nodes, func(n tableNode) bool { return n.Replacement })
	if len(nodes) == 0 || len(in) != len(nodes) {
		r.t.Errorf("%s: %d joined and did not leave, %d are in the buckets", when, len(in), len(nodes))
	}
	for _, n := range nodes {
		if !in[n.Contact] {
			r.t.Errorf("%s: nobody told that %v joined", when, n.Contact)
		}
	}
}

func TestJoinsLessLeavesAreTheTable(t *testing.T) {
	onAir(t, node.Config{}, func(r *rig) {
		for i := range byte(100) {
			addr := netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 2, 0, i}), 6881)
			r.node.Restore([]table.Node{{Contact: wire.Contact{ID: wire.RandomID(), Addr: addr}}})
		}
		r.account("after a restart")
		known := r.meet(300)
		r.account("after others answered")
		for _, c := range known[:150] {
			r.node.Vouch([]wire.Contact{{ID: wire.RandomID(), Addr: c.Addr}})
		}
		r.account("after impostors answered")
		for _, c := range known[150:] {
			for range table.MaxFails {
				go r.node.Ping(context.Background(), c) //nolint:errcheck // nobody answers
			}
		}
		time.Sleep(2 * node.DefaultTimeout)
		r.account("after many fell silent")
		before := r.node.ID()
		r.vote(1, 20, seenA)
		if r.node.ID() == before {
			t.Fatal("the table has not moved")
		}
		r.account("around another ID")
	})
}

func TestAnImpostorIsToldToHaveLeft(t *testing.T) {
	onAir(t, node.Config{Vantage: 5}, func(r *rig) {
		was := wire.Contact{ID: wire.RandomID(), Addr: foreignAddr}
		r.node.Vouch([]wire.Contact{was})
		for range 2 { // the second reply confirms the new ID
			tid, done := r.asking(context.Background())
			r.send(reply(tid))
			if err := <-done; err != nil {
				t.Fatal(err)
			}
		}
		is := wire.Contact{ID: foreignID, Addr: foreignAddr}
		want := []node.Event{{Kind: node.NodeJoined, From: was}, {Kind: node.NodeLeft, From: was}, {Kind: node.NodeJoined, From: is}}
		for i, e := range r.events {
			if i >= len(want) || e.Kind != want[i].Kind || e.From != want[i].From || e.Vantage != 5 {
				t.Errorf("observed %+v", e)
			}
		}
		if len(r.events) != len(want) {
			t.Errorf("%d events, want %d", len(r.events), len(want))
		}
	})
}

func TestQueriesAreCountedByMethodAndOutcome(t *testing.T) {
	onAir(t, node.Config{}, func(r *rig) {
		r.ask(query("ping", ""))
		r.ask(query("find_node", ""))
		r.ask(query("find_node", target(someHash)))
		r.ask(query("vote", ""))
		ask := func(m wire.Method, answer func(tid string) string) {
			done := make(chan struct{})
			go func() {
				r.node.Query(context.Background(), wire.Contact{ID: foreignID, Addr: foreignAddr}, wire.Query{Method: m, Target: someHash}) //nolint:errcheck // counted
				close(done)
			}()
			synctest.Wait()
			for answer != nil {
				var q wire.Message
				if err := wire.Scan([]byte(r.receive()), &q); err != nil {
					t.Fatal(err)
				}
				if q.Method == m {
					r.send(answer(string(q.TID)))
					break
				}
			}
			<-done
		}
		ask(wire.GetPeers, reply)
		ask(wire.GetPeers, func(tid string) string { return "d1:eli202e6:brokene1:t" + bstr(tid) + "1:y1:ee" })
		ask(wire.SampleInfohashes, nil)
		s := r.node.Stats()
		for method, want := range map[wire.Method]node.MethodStats{
			wire.FindNode:         {In: 2, RepliesOut: 1, ErrorsOut: 1},
			wire.MethodUnknown:    {In: 1, ErrorsOut: 1},
			wire.GetPeers:         {Out: 2, RepliesIn: 1, ErrorsIn: 1},
			wire.SampleInfohashes: {Out: 1, TimedOut: 1},
		} {
			if got := s.Methods[method]; got != want {
				t.Errorf("%s: %+v, want %+v", method, got, want)
			}
		}
		var details node.MethodDetails
		r.node.AddDetails(&details)
		peers, find := &details[wire.GetPeers], &details[wire.FindNode]
		if peers.RTT.Count() != 1 || peers.RefusedIn[node.ErrorIndex(wire.CodeServer)] != 1 || peers.QueryBytesOut == 0 || peers.AnswerBytesIn == 0 {
			t.Errorf("of our get_peers: %+v", peers)
		}
		if find.RefusedOut[node.ErrorIndex(wire.CodeProtocol)] != 1 || find.QueryBytesIn == 0 || find.AnswerBytesOut == 0 {
			t.Errorf("of others' find_node: %+v", find)
		}
		var in, out uint64
		for i := range details {
			in += details[i].QueryBytesIn + details[i].AnswerBytesIn
			out += details[i].QueryBytesOut + details[i].AnswerBytesOut
		}
		if in != s.BytesIn || out != s.BytesOut {
			t.Errorf("%d bytes in, %d out, of %d and %d", in, out, s.BytesIn, s.BytesOut)
		}
		if p := s.Methods[wire.Ping]; p.In != 1 || p.RepliesOut != 1 || s.Methods[wire.FindNode].In != 2 {
			t.Errorf("%+v", s)
		}
		if s.ErrorsOut != 2 || s.ErrorsIn != 1 || s.QueriesOut != 3+s.Methods[wire.Ping].Out {
			t.Errorf("the sums are %+v", s)
		}
		if twice := s.Add(s); twice.Methods[wire.GetPeers] != (node.MethodStats{Out: 4, RepliesIn: 2, ErrorsIn: 2}) {
			t.Errorf("twice that is %+v", twice.Methods[wire.GetPeers])
		}
	})
}

func TestGetsAndPutsAreTold(t *testing.T) { // BEP 44
	onAir(t, node.Config{}, func(r *rig) {
		v := bep44Vectors[2]
		r.read(v.target, "")
		r.write(v.args, helloWorld)
		r.ask(query("put", "5:token8:xxxxxxxx1:v"+helloWorld))
		id, err := wire.ParseID(v.target)
		if err != nil {
			t.Fatal(err)
		}
		sender := wire.Contact{ID: foreignID, Addr: foreignAddr}
		want := []node.Event{{Kind: node.ItemAsked, Hash: id}, {Kind: node.ItemAsked, Hash: someHash}, {Kind: node.ItemStored, Hash: id}}
		for i, e := range r.events {
			if i >= len(want) || e.Kind != want[i].Kind || e.Hash != want[i].Hash || e.From != sender {
				t.Errorf("observed %+v", e)
			}
		}
		if len(r.events) != len(want) {
			t.Errorf("%d events, want %d", len(r.events), len(want))
		}
	})
}
