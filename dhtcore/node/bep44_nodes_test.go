package node_test

import (
	"context"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/anacrolix/dht/v2/krpc"
	"github.com/anacrolix/torrent/bencode"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

func TestTheLargestItemsLeaveRoomForFewerNodes(t *testing.T) {
	onAir(t, node.Config{}, func(r *rig) {
		r.meet(20)
		it := signed("996:"+strings.Repeat("x", 996), 1<<62)
		if e := r.write(mutable(it), string(it.Value)).Error(); e != nil {
			t.Fatal(e)
		}
		tid := strings.Repeat("t", 32)
		at := it.Target()
		r.send("d1:ad2:id20:" + string(foreignID[:]) + target(at) + "4:wantl2:n42:n6ee1:q3:get1:t" + bstr(tid) + "1:y1:qe")
		answer := r.receive()
		var m wire.Message
		if err := wire.Scan([]byte(answer), &m); err != nil || len(answer) > 1400 {
			t.Fatalf("%d bytes: %v", len(answer), err)
		}
		got := m.Reply(nodeAddr, 0)
		if got.Item == nil || len(got.Nodes) != 5 {
			t.Fatalf("%d nodes, item %v", len(got.Nodes), got.Item)
		}
		got.Item.Salt = it.Salt // which no reply repeats
		if err := got.Item.Check(); err != nil {
			t.Error(err)
		}
	})
}

func TestOurOwnGetAndPutReachAnotherNode(t *testing.T) {
	onAir(t, node.Config{}, func(r *rig) {
		other := node.New(node.Config{ID: foreignID, Conn: r.listen(netip.MustParseAddrPort("10.0.0.9:6881"))})
		ctx, cancel := context.WithCancel(context.Background())
		defer synctest.Wait()
		defer cancel()
		go other.Run(ctx) //nolint:errcheck // ends with the test
		to := wire.Contact{Addr: nodeAddr}
		it := signed(helloWorld, 3)
		it.CAS, it.HasCAS = 2, true
		first, err := other.Query(ctx, to, wire.Query{Method: wire.Get, Target: it.Target()})
		if err != nil || first.Item != nil || first.Token == nil {
			t.Fatalf("%+v, %v", first, err)
		}
		if _, err := other.Query(ctx, to, wire.Query{Method: wire.Put, Token: first.Token, Item: it}); err != nil {
			t.Fatal(err)
		}
		second, err := other.Query(ctx, to, wire.Query{Method: wire.Get, Target: it.Target()})
		if err != nil || second.Item == nil {
			t.Fatalf("%+v, %v", second, err)
		}
		second.Item.Salt = it.Salt
		if err := second.Item.Check(); err != nil || second.Item.Target() != it.Target() || string(second.Item.Value) != helloWorld {
			t.Errorf("%+v, %v", second.Item, err)
		}
		third, err := other.Query(ctx, to, wire.Query{Method: wire.Get, Target: it.Target(), Item: &wire.Item{Seq: 3, HasSeq: true}})
		if err != nil || third.Item == nil || third.Item.Value != nil || third.Item.Seq != 3 {
			t.Errorf("%+v, %v", third.Item, err)
		}
		if s := r.node.Stats(); s.Methods[wire.Get].In != 3 || s.Methods[wire.Put].In != 1 {
			t.Errorf("stats %+v", s)
		}
	})
}

// anacrolix's Server sends a sequence number with immutable items as well, and "k" and "sig" if they are
// not left out for being zero.
func TestItemsAsAnacrolixPutsThemAreStored(t *testing.T) {
	onAir(t, node.Config{}, func(r *rig) {
		it := signed("5:value", 4)
		seq, none := int64(4), int64(0)
		for _, c := range []struct {
			a    krpc.MsgArgs
			want string
		}{
			{krpc.MsgArgs{V: "value", Seq: &seq, K: [32]byte(it.Key), Sig: [64]byte(it.Sig), Salt: it.Salt}, it.Target().String()},
			{krpc.MsgArgs{V: "Hello World!", Seq: &none}, bep44Vectors[2].target},
		} {
			c.a.ID, c.a.Token = krpc.ID(foreignID), *r.ask(query("get", target(someHash))).R.Token
			if e := r.ask(string(bencode.MustMarshal(krpc.Msg{Q: "put", T: "aa", Y: "q", A: &c.a}))).Error(); e != nil {
				t.Error(e)
			}
			if got := r.read(c.want, ""); got.V == nil {
				t.Errorf("nothing is stored at %s", c.want)
			}
		}
	})
}
