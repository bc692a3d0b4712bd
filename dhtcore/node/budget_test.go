package node_test

import (
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/anacrolix/dht/v2/krpc"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

const bigItem = "996:" // with 996 bytes after it: the longest value of BEP 44

var bigValue = bigItem + strings.Repeat("x", 996)

func bigTarget() wire.ID {
	it := wire.Item{Value: []byte(bigValue)}
	return it.Target()
}

// stranger is a socket at a public address, which is a source of its own.
func (r *rig) stranger(i int) foreign {
	return r.newForeign(netip.AddrPortFrom(netip.AddrFrom4([4]byte{9, 1, byte(i >> 8), byte(i)}), 6881))
}

// floodWithGets has sources send get queries for a large item, each rate of them a second, and returns the bytes that
// came in and went out. each is called after every second.
func (r *rig) floodWithGets(sources, rate, seconds int, each func()) (in, out uint64) {
	var all []foreign
	for i := range sources {
		all = append(all, r.stranger(i))
	}
	flood := []node.Packet{{Buf: []byte(query("get", target(bigTarget()))), Addr: nodeAddr}}
	before := r.node.Stats()
	for range seconds {
		for range rate {
			for _, f := range all {
				f.conn.WriteBatch(flood) //nolint:errcheck // never fails
			}
			time.Sleep(time.Second / time.Duration(rate))
			synctest.Wait()
		}
		if each != nil {
			each()
		}
		for _, f := range all {
			for len(f.inbox) > 0 {
				<-f.inbox
			}
		}
	}
	s := r.node.Stats()
	return s.BytesIn - before.BytesIn, s.BytesOut - before.BytesOut
}

// 2.2 Mbit/s of get, whose source addresses are forged, for ten seconds: what the victims receive.
func TestAFloodOfGetsIsNotReflected(t *testing.T) {
	unbounded := node.DefaultLimits()
	unbounded.InboundBytes = 0
	for _, c := range []struct {
		name    string
		limits  node.Limits
		sources int
		most    float64
	}{
		{"60 sources", node.DefaultLimits(), 60, 1},
		{"6 sources", node.DefaultLimits(), 6, 3.2},
		{"60 sources, without a limit on bytes", unbounded, 60, 20},
	} {
		onAir(t, node.Config{Limits: c.limits}, func(r *rig) {
			r.meetAbroad(20)
			if e := r.write("", bigValue).Error(); e != nil {
				t.Fatal(e)
			}
			in, out := r.floodWithGets(c.sources, 45, 10, nil)
			factor := float64(out) / float64(in)
			t.Logf("%s: %d bytes in, %d out, factor %.1f", c.name, in, out, factor)
			if factor > c.most {
				t.Errorf("%s: factor %.1f, at most %.1f", c.name, factor, c.most)
			}
			if c.most > 3 && factor < 2.5 {
				t.Errorf("%s: factor %.1f: the flood is no flood", c.name, factor)
			}
		})
	}
}

// While sixty sources flood the node with gets, others ask for items and scrapes, and store items.
func TestHonestAskersOfItemsAndScrapesAreServedDuringAFloodOfGets(t *testing.T) {
	onAir(t, node.Config{Limits: node.DefaultLimits()}, func(r *rig) {
		r.meetAbroad(20)
		if e := r.write("", bigValue).Error(); e != nil {
			t.Fatal(e)
		}
		r.foreign = r.stranger(999)
		token := *r.ask(query("get_peers", infoHash(someHash))).R.Token
		if e := r.ask(query("announce_peer", infoHash(someHash)+"4:porti51413e4:seedi1e5:token"+bstr(token))).Error(); e != nil {
			t.Fatal(e)
		}
		asked, items, filters, puts := 0, 0, 0, 0
		r.floodWithGets(60, 45, 10, func() {
			r.foreign = r.stranger(1000 + asked)
			asked++
			answered := func(q string) krpc.Msg {
				r.send(q)
				for {
					var m krpc.Msg
					if p := r.receive(); p == "" || decodes(p, &m) && m.Y != krpc.YQuery {
						return m
					}
				}
			}
			if m := answered(query("get", target(bigTarget()))); m.R != nil && string(m.R.V) == bigValue {
				items++
			}
			if m := answered(query("get_peers", infoHash(someHash)+"6:scrapei1e")); m.R != nil && m.R.BFsd != nil && len(m.R.Values) == 1 {
				filters++
			}
			if m := answered(query("get", target(someHash))); m.R != nil && m.R.Token != nil {
				if m := answered(query("put", "5:token"+bstr(*m.R.Token)+"1:v5:hello")); m.R != nil {
					puts++
				}
			}
		})
		if items != asked || filters != asked || puts != asked {
			t.Errorf("of %d askers %d got the item, %d the filters, and %d stored one", asked, items, filters, puts)
		}
	})
}

func TestAnUnprovenSourceGetsThreeTimesItsBytesBeyondItsAllowance(t *testing.T) {
	onAir(t, node.Config{Limits: node.Limits{InboundBytes: 1 << 20}}, func(r *rig) {
		r.meetAbroad(20)
		if e := r.write("", bigValue).Error(); e != nil {
			t.Fatal(e)
		}
		r.foreign = r.stranger(1)
		q := query("get", target(bigTarget()))
		whole, in, out := 0, 0, 0
		for range 100 {
			r.send(q)
			p := r.receive()
			if strings.Contains(p, bigItem) {
				whole++
			}
			in, out = in+len(q), out+len(p)
			if !strings.Contains(p, "5:token8:") {
				t.Fatalf("no token in %q", p)
			}
		}
		if whole < 6 || whole > 10 || out > 3*in+(10<<10) {
			t.Errorf("%d whole answers, %d bytes for %d", whole, out, in)
		}
		if s := r.node.Stats(); s.Shortened != uint64(100-whole) || s.OverBudget != 0 {
			t.Errorf("%d were shortened, %d dropped", s.Shortened, s.OverBudget)
		}
		r.write("", helloWorld) // echoes a token
		for range 20 {
			if m := r.ask(q); string(m.R.V) != bigValue {
				t.Fatalf("no item for a source that echoed a token: %+v", m.R)
			}
		}
	})
}

func TestASourceThatRepliedToUsIsProven(t *testing.T) {
	onAir(t, node.Config{Limits: node.Limits{InboundBytes: 1 << 20}}, func(r *rig) {
		if e := r.write("", bigValue).Error(); e != nil {
			t.Fatal(e)
		}
		r.foreign = r.stranger(1)
		whole := func() (n int) {
			for range 30 {
				if m := r.ask(query("get", target(bigTarget()))); m.R.V != nil {
					n++
				}
			}
			return n
		}
		if n := whole(); n == 30 {
			t.Error("every answer to a stranger is whole")
		}
		r.answerOneQuery(r.conn.LocalAddr())
		if n := whole(); n != 30 {
			t.Errorf("%d of 30 answers are whole", n)
		}
	})
}

func TestAShortReplyKeepsATokenNodesAndPeers(t *testing.T) {
	onAir(t, node.Config{Limits: node.Limits{InboundBytes: 1 << 20}}, func(r *rig) {
		r.meetAbroad(20)
		for i := range 60 {
			r.foreign = r.stranger(100 + i)
			token := *r.ask(query("get_peers", infoHash(someHash))).R.Token
			r.ask(query("announce_peer", infoHash(someHash)+"4:porti51413e5:token"+bstr(token)))
		}
		r.foreign = r.stranger(1)
		q := query("get_peers", infoHash(someHash))
		for i := range 60 {
			m := r.ask(q)
			if m.R.Token == nil || len(m.R.Nodes) < 4 || len(m.R.Values) < 4 {
				t.Fatalf("reply %d has %d nodes and %d peers", i, len(m.R.Nodes), len(m.R.Values))
			}
		}
		if r.node.Stats().Shortened == 0 {
			t.Error("no reply was short")
		}
	})
}
