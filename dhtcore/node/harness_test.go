package node_test

import (
	"context"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/anacrolix/dht/v2/krpc"
	"github.com/anacrolix/torrent/bencode"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/simnet"
	"dhtop/dhtcore/wire"
)

// rig is a node on the mem and a foreign socket that talks to it byte by byte.
type rig struct {
	t    *testing.T
	mem  *simnet.Memnet
	node *node.Node
	foreign
	at        netip.AddrPort // of the node
	observing sync.Mutex
	events    []node.Event
}

// foreign is a socket that speaks bytes.
type foreign struct {
	conn  node.Conn
	inbox chan string
}

var (
	nodeAddr    = netip.MustParseAddrPort("10.0.0.1:6881")
	foreignAddr = netip.MustParseAddrPort("10.0.0.2:4000")
	foreignID   = wire.ID([]byte("abcdefghij0123456789"))
	someHash    = wire.ID([]byte("mnopqrstuvwxyz123456"))
)

// onAir runs test in a synctest bubble with a node that is running, in a private network.
func onAir(t *testing.T, cfg node.Config, test func(r *rig)) {
	onAirAt(t, nodeAddr, cfg, test)
}

// onAirAt does so with the node bound to the address at.
func onAirAt(t *testing.T, at netip.AddrPort, cfg node.Config, test func(r *rig)) {
	synctest.Test(t, func(t *testing.T) {
		r := &rig{t: t, mem: simnet.NewMemnet(0, 1), at: at}
		cfg.Conn = r.listen(at)
		if cfg.ID.Zero() {
			cfg.ID = wire.ID([]byte("0123456789abcdefghij"))
		}
		cfg.Observe = func(e node.Event) {
			r.observing.Lock() // a query that times out tells of it on a goroutine of its own
			defer r.observing.Unlock()
			r.events = append(r.events, e)
		}
		r.node, r.foreign = node.New(cfg), r.newForeign(foreignAddr)
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan error)
		go func() { done <- r.node.Run(ctx) }()
		defer func() {
			cancel()
			if err := <-done; err != nil {
				t.Errorf("Run: %v", err)
			}
		}()
		test(r)
	})
}

// newForeign opens a socket and reads it until the test ends.
func (r *rig) newForeign(addr netip.AddrPort) foreign {
	f := foreign{r.listen(addr), make(chan string, 1024)}
	go func() {
		defer close(f.inbox)
		for {
			ps := []node.Packet{{Buf: make([]byte, 0, 2048)}}
			if _, err := f.conn.ReadBatch(ps); err != nil {
				return
			}
			select {
			case f.inbox <- string(ps[0].Buf):
			default: // nobody wants to know
			}
		}
	}()
	r.t.Cleanup(func() { f.conn.Close() })
	return f
}

func (r *rig) listen(addr netip.AddrPort) node.Conn {
	r.t.Helper()
	conn, err := r.mem.Listen(addr)
	if err != nil {
		r.t.Fatal(err)
	}
	return conn
}

// send puts one packet to the node and waits until it has been dealt with.
func (r *rig) send(packet string) {
	if _, err := r.conn.WriteBatch([]node.Packet{{Buf: []byte(packet), Addr: r.at}}); err != nil {
		r.t.Fatal(err)
	}
	synctest.Wait()
}

// receive returns the next packet for the foreign socket, "" when there is none within a second.
func (r *rig) receive() string {
	select {
	case p := <-r.inbox:
		return p
	case <-time.After(time.Second):
		return ""
	}
}

// ask sends a query and returns its answer, as anacrolix's decoder reads it. Queries of the node's own
// that arrive meanwhile are passed over.
func (r *rig) ask(query string) (m krpc.Msg) {
	r.t.Helper()
	for r.send(query); ; {
		answer := r.receive()
		if answer == "" {
			r.t.Fatalf("no answer to %q", query)
		}
		if err := bencode.Unmarshal([]byte(answer), &m); err != nil {
			r.t.Fatalf("answer %q: %v", answer, err)
		}
		if m.Y != krpc.YQuery {
			return m
		}
		m = krpc.Msg{}
	}
}

// meet makes the foreign socket's neighbours known to the node.
func (r *rig) meet(n int) (contacts []wire.Contact) {
	for i := range n {
		ip := netip.AddrFrom4([4]byte{10, 1, byte(i >> 8), byte(i)})
		contacts = append(contacts, wire.Contact{ID: wire.RandomID(), Addr: netip.AddrPortFrom(ip, 6881)})
	}
	r.node.Vouch(contacts)
	return contacts
}

// meetAbroad is meet with nodes of the Internet, which strangers may be told of.
func (r *rig) meetAbroad(n int) {
	for i := range n {
		ip := netip.AddrFrom4([4]byte{45, byte(i), 1, 1})
		r.node.Vouch([]wire.Contact{{ID: wire.MakeSecure(wire.RandomID(), ip), Addr: netip.AddrPortFrom(ip, 6881)}})
	}
}

func query(method, args string) string {
	return "d1:ad2:id20:" + string(foreignID[:]) + args + "e1:q" + bstr(method) + "1:t2:aa1:y1:qe"
}

func bstr(s string) string {
	b, _ := bencode.Marshal(s)
	return string(b)
}

func infoHash(h wire.ID) string { return "9:info_hash" + bstr(string(h[:])) }
func target(h wire.ID) string   { return "6:target" + bstr(string(h[:])) }

func TestRunEndsWhenTheSocketIsLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn, err := simnet.NewMemnet(0, 1).Listen(nodeAddr)
		if err != nil {
			t.Fatal(err)
		}
		n := node.New(node.Config{ID: foreignID, Conn: conn})
		conn.Close()
		if err := n.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "closed") {
			t.Fatalf("Run on a closed socket: %v", err)
		}
	})
}

func contains(s string, all ...string) bool {
	for _, part := range all {
		if !strings.Contains(s, part) {
			return false
		}
	}
	return true
}

// decodes reads p into m as anacrolix's decoder does, and reports whether it could.
func decodes(p string, m *krpc.Msg) bool { return bencode.Unmarshal([]byte(p), m) == nil }

// answerOneQuery has the node ping the foreign socket at addr, which replies.
func (r *rig) answerOneQuery(addr netip.AddrPort) {
	r.t.Helper()
	done := make(chan error, 1)
	go func() {
		_, err := r.node.Ping(context.Background(), wire.Contact{Addr: addr})
		done <- err
	}()
	synctest.Wait()
	for {
		var q wire.Message
		p := r.receive()
		if p == "" || wire.Scan([]byte(p), &q) != nil {
			r.t.Fatal("no ping")
		}
		if q.Kind == wire.KindQuery {
			r.send("d1:rd2:id20:" + string(foreignID[:]) + "e1:t" + bstr(string(q.TID)) + "1:y1:re")
			break
		}
	}
	if err := <-done; err != nil {
		r.t.Fatal(err)
	}
}
