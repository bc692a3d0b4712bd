package node_test

import (
	"context"
	"math/rand/v2"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// The steps of a play: what a source does next.
const (
	stepRaw   = iota // sends the fuzzer's bytes
	stepQuery        // sends a well-formed query, with a token that the node gave to it or to another
	stepOdd          // the same, with some bytes changed
	stepReply        // replies to the last query that it had from the node
	stepPause        // nobody does anything for a while
	stepAsked        // the node queries it
	stepBurst        // sends one query many times
	steps
)

const (
	fuzzSources = 4
	stranger    = fuzzSources - 1 // neither echoes a token nor replies: it is never proven
)

// play is a node among a few sources that do what a fuzzer says.
type play struct {
	*rig
	input   []byte
	sources [fuzzSources]actor
	began   time.Time
	sent    uint64 // packets
}

type actor struct {
	foreign
	id      wire.ID
	addr    netip.AddrPort
	token   []byte   // the last that the node gave to it
	query   []byte   // the last transaction ID of a query from the node
	in, out int      // bytes to the node, and of its replies and errors
	tids    [][]byte // of its queries
}

func (p *play) byte() byte {
	if len(p.input) == 0 {
		return 0
	}
	b := p.input[0]
	p.input = p.input[1:]
	return b
}

func (p *play) bytes(n int) []byte {
	b := p.input[:min(n, len(p.input))]
	p.input = p.input[len(b):]
	return b
}

// hash returns one of a few info_hashes and targets, which so meet again.
func (p *play) hash() wire.ID { return wire.ID{0: p.byte() % 3, 19: 1} }

// step lets one source do one thing.
func (p *play) step() {
	kind, who := p.byte(), p.byte()
	a := &p.sources[who%fuzzSources]
	switch kind % steps {
	case stepRaw:
		p.send(a, p.bytes(int(p.byte()%64)))
	case stepQuery:
		p.send(a, p.query(a))
	case stepOdd:
		packet := p.query(a)
		for range 1 + p.byte()%4 {
			packet[int(p.byte())*7%len(packet)] = p.byte()
		}
		p.send(a, packet)
	case stepReply:
		if a != &p.sources[stranger] {
			fields := replyFields[p.byte()%byte(len(replyFields))] + replyFields[p.byte()%byte(len(replyFields))]
			p.send(a, []byte("d1:rd2:id20:"+string(a.id[:])+fields+string(p.bytes(int(p.byte()%16)))+"e1:t"+bstr(string(a.query))+"1:y1:re"))
		}
	case stepPause:
		time.Sleep(time.Second << (p.byte() % 14))
		synctest.Wait()
		p.collect()
	case stepBurst:
		packet := p.query(a)
		for range 1 + p.byte()%64 {
			p.send(a, packet)
		}
	case stepAsked:
		go p.node.Query(context.Background(), wire.Contact{ID: a.id, Addr: a.addr}, //nolint:errcheck // either way
			wire.Query{Method: wire.Ping + wire.Method(p.byte())%5, Target: p.hash()})
		synctest.Wait()
		p.collect()
	}
}

// replyFields are what a reply may hold, right and wrong.
var replyFields = []string{
	"", "5:nodes26:abcdefghij0123456789\x09\x01\x00\x01\x1a\xe1", "5:nodes27:abcdefghij0123456789\x09\x01\x00\x01\x1a\xe1x",
	"6:nodes626:abcdefghij0123456789\x09\x01\x00\x01\x1a\xe1", "5:tokeni7e", "5:token2:tk", "6:valuesl6:axje.ue", "6:values12:axje.uaxje.u",
	"7:samples20:abcdefghij0123456789", "8:intervali-1e", "8:interval1:x", "3:numi-5e", "2:id3:abc", "1:v5:value", "3:seqi1e", "1:k3:abc",
}

// query is a well-formed query of a's.
func (p *play) query(a *actor) []byte {
	q := wire.Query{Method: wire.Ping + wire.Method(p.byte())%(wire.Methods-1), Target: p.hash(), Want: wire.Want(p.byte() % 4)}
	q.Port, q.ImpliedPort, q.Seed, q.Scrape = uint16(p.byte()), p.byte()%2 == 0, p.byte()%2 == 0, p.byte()%2 == 0
	if a != &p.sources[stranger] {
		if q.Token = a.token; p.byte()%4 == 0 {
			q.Token = p.sources[p.byte()%fuzzSources].token
		}
	}
	q.Item = signed("7:value "+string(rune('a'+p.byte()%26)), int64(p.byte()%4))
	if p.byte()%2 == 0 {
		q.Item = &wire.Item{Value: []byte(bigValue)}
	}
	return wire.AppendQuery(nil, a.id, []byte{p.byte(), 'x'}, p.byte()%8 == 0, &q)
}

func (p *play) send(a *actor, packet []byte) {
	var m wire.Message
	if wire.Scan(packet, &m) == nil && m.Kind == wire.KindQuery {
		a.tids = append(a.tids, m.TID)
	}
	a.in += len(packet)
	p.sent++
	a.conn.WriteBatch([]node.Packet{{Buf: packet, Addr: p.at}}) //nolint:errcheck // never fails
	synctest.Wait()
	p.collect()
}

// collect takes in what the node sent, and checks it.
func (p *play) collect() {
	for i := range p.sources {
		for a := &p.sources[i]; len(a.inbox) > 0; {
			p.check(a, []byte(<-a.inbox))
		}
	}
}

func (p *play) check(a *actor, packet []byte) {
	var m wire.Message
	if err := wire.Scan(packet, &m); err != nil || m.Invalid != "" || len(packet) > 1400 {
		p.t.Fatalf("the node sent %d bytes: %q: %v, invalid %q", len(packet), packet, err, m.Invalid)
	}
	if m.Kind == wire.KindQuery {
		a.query = m.TID
		return
	}
	a.out += len(packet)
	known := false
	for _, tid := range a.tids {
		known = known || string(tid) == string(m.TID)
	}
	if !known {
		p.t.Fatalf("%q has a transaction ID that its receiver never sent", packet)
	}
	if m.Token != nil {
		a.token = m.Token
	}
	r := m.Reply(p.at, 0)
	for _, peer := range r.Peers {
		if !p.knows(peer.Addr()) {
			p.t.Fatalf("%s is a peer, and sent nothing", peer)
		}
	}
	if it := r.Item; it != nil && it.Value != nil {
		it.Salt = []byte("salt")
		if err := it.Check(); err != nil {
			p.t.Fatalf("%q holds an item that is wrong: %v", packet, err)
		}
	}
}

func (p *play) knows(ip netip.Addr) bool {
	for i := range p.sources {
		if p.sources[i].addr.Addr() == ip {
			return true
		}
	}
	return false
}

// end checks the counts, and that the node answers somebody new.
func (p *play) end() {
	time.Sleep(10 * time.Second)
	synctest.Wait()
	p.collect()
	s := p.node.Stats()
	sorted := s.Malformed + s.Unsolicited + s.RepliesIn + s.ErrorsIn + s.Flooded
	for _, m := range s.Methods {
		sorted += m.In
	}
	if s.PacketsIn != p.sent || sorted != p.sent {
		p.t.Errorf("of %d packets %d came in and %d were sorted: %+v", p.sent, s.PacketsIn, sorted, s)
	}
	minutes := int(time.Since(p.began)/time.Minute) + 2
	if a := &p.sources[stranger]; a.out > 3*a.in+8<<10*minutes {
		p.t.Errorf("the stranger sent %d bytes and got %d in %d minutes", a.in, a.out, minutes)
	}
	for _, e := range p.events {
		if e.Kind == node.Announced && e.Peer.Addr() != e.From.Addr.Addr() {
			p.t.Errorf("%s announced %s", e.From.Addr, e.Peer)
		}
	}
	p.foreign = p.stranger(5000)
	if m := p.ask(query("ping", "")); m.R == nil {
		p.t.Errorf("a ping afterwards: %+v", m)
	}
}

// FuzzNode plays series of packets from several sources, with tokens and time, against a whole node.
func FuzzNode(f *testing.F) {
	f.Add([]byte("\x01\x00\x02\x00\x00"))                                                             // a get_peers
	f.Add([]byte("\x01\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x03\x00\x00\x09")) // and an announce
	f.Add([]byte("\x05\x01\x02\x00\x03\x01\x20\x05nodes26:aaaaaaaaaaaaaaaaaaaaaaaaaa"))               // a reply to the node
	f.Add([]byte("\x00\x02\x1ed1:ad2:id20:aaaaaaaaaaaaaaaaaa\x04\x00\x0c\x02\x01\x05\x00\x00\x00\x00"))
	f.Add([]byte("\x01\x03\x05\x00\x00\x01\x03\x05\x00\x00\x04\x03\x08\x01\x03\x05\x00\x00"))
	f.Fuzz(func(t *testing.T, input []byte) {
		if len(input) > 2000 {
			return
		}
		stage(t, input)
	})
}

// stage plays what the bytes of input say, and returns the counts of the node.
func stage(t *testing.T, input []byte) (s node.Stats) {
	onAir(t, node.Config{Limits: node.DefaultLimits()}, func(r *rig) {
		p := &play{rig: r, input: input, began: time.Now()}
		for i := range p.sources {
			a := &p.sources[i]
			a.foreign = r.stranger(i)
			a.addr, a.id = a.conn.LocalAddr(), wire.ID{0: byte(i) << 5, 1: 7}
		}
		for len(p.input) > 0 && !t.Failed() {
			p.step()
		}
		p.end()
		s = r.node.Stats()
	})
	return s
}

// What the fuzzer plays is worth checking: random plays reach all that a node does.
func TestRandomPlaysReachWhatANodeDoes(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var all node.Stats
	for range 60 {
		input := make([]byte, 1000)
		for i := range input {
			input[i] = byte(r.Uint32())
		}
		all = all.Add(stage(t, input))
	}
	m := all.Methods
	for what, n := range map[string]uint64{
		"announces": m[wire.AnnouncePeer].RepliesOut, "refused announces": m[wire.AnnouncePeer].ErrorsOut, "puts": m[wire.Put].RepliesOut,
		"refused puts": m[wire.Put].ErrorsOut, "gets": m[wire.Get].RepliesOut, "replies to us": all.RepliesIn, "malformed packets": all.Malformed,
		"unsolicited replies": all.Unsolicited, "odd fields": all.LeftOut, "our timeouts": all.TimedOut, "short replies": all.Shortened,
	} {
		if n == 0 {
			t.Errorf("no %s in %+v", what, all)
		}
	}
}
