package cli_test

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"net"
	"sync"
	"testing"

	"github.com/anacrolix/dht/v2"
	"github.com/anacrolix/dht/v2/bep44"
	"github.com/anacrolix/dht/v2/exts/getput"
	"github.com/anacrolix/dht/v2/krpc"
	"github.com/anacrolix/torrent/bencode"
	"golang.org/x/time/rate"
)

// anacrolix runs nodes of github.com/anacrolix/dht in this process.
type anacrolix struct {
	t   *testing.T
	all []*anacrolixNode
}

type anacrolixNode struct {
	*dht.Server
	conn  *countingConn
	dhtop string
}

func openAnacrolix(t *testing.T) foreign { return &anacrolix{t: t} }

func (c *anacrolix) start(ip, dhtop string) string {
	conn, err := net.ListenPacket("udp4", net.JoinHostPort(ip, "0"))
	if err != nil {
		c.t.Fatal(err)
	}
	n := &anacrolixNode{conn: &countingConn{PacketConn: conn, sent: map[string]map[string]int{}}, dhtop: dhtop}
	cfg := dht.NewDefaultServerConfig()
	cfg.Conn = n.conn
	cfg.StartingNodes = func() ([]dht.Addr, error) { return dht.ResolveHostPorts([]string{dhtop}) }
	cfg.SendLimiter = rate.NewLimiter(rate.Inf, 0) // the default is one for all nodes of the process
	if n.Server, err = dht.NewServer(cfg); err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(n.Close)
	if _, err := n.BootstrapContext(c.t.Context()); err != nil {
		c.t.Fatal(err)
	}
	c.all = append(c.all, n)
	return conn.LocalAddr().String()
}

func (c *anacrolix) announce(node int, hash string, port int) string {
	c.traverse(node, hash, dht.AnnouncePeer(dht.AnnouncePeerOpts{Port: port, ImpliedPort: port == 0}))
	own := c.all[node].conn.LocalAddr().(*net.UDPAddr)
	if port == 0 {
		port = own.Port
	}
	return krpc.NodeAddr{IP: own.IP, Port: port}.String()
}

func (c *anacrolix) find(node int, hash string) []string { return c.traverse(node, hash) }

// traverse looks hash up and returns the peers that dhtop told.
func (c *anacrolix) traverse(node int, hash string, opts ...dht.AnnounceOpt) (peers []string) {
	var target [20]byte
	if _, err := hex.Decode(target[:], []byte(hash)); err != nil {
		c.t.Fatal(err)
	}
	n := c.all[node]
	a, err := n.AnnounceTraversal(target, opts...)
	if err != nil {
		c.t.Fatal(err)
	}
	defer a.Close()
	for values := range a.Peers { // closed once the announces are out, too
		if values.Addr.String() != n.dhtop {
			continue
		}
		for _, peer := range values.Peers {
			peers = append(peers, peer.String())
		}
	}
	return peers
}

func (c *anacrolix) put(node int, value string, seed, salt []byte) (target string) {
	item := func(seq int64) bep44.Put {
		var key ed25519.PrivateKey
		if seed != nil {
			key = ed25519.NewKeyFromSeed(seed)
		}
		it, err := bep44.NewItem(value, salt, seq, 0, key)
		if err != nil {
			c.t.Fatal(err)
		}
		return it.ToPut()
	}
	first := item(0)
	at := first.Target()
	ctx, cancel := context.WithTimeout(c.t.Context(), patience)
	defer cancel()
	if _, err := getput.Put(ctx, at, c.all[node].Server, salt, func(found int64) bep44.Put { return item(found + 1) }); err != nil {
		c.t.Fatal(err)
	}
	return hex.EncodeToString(at[:])
}

func (c *anacrolix) get(node int, target string, _, salt []byte) (value string) {
	var at bep44.Target
	if _, err := hex.Decode(at[:], []byte(target)); err != nil {
		c.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(c.t.Context(), patience)
	defer cancel()
	got, _, err := getput.Get(ctx, at, c.all[node].Server, nil, salt)
	if err != nil {
		return ""
	}
	if err := bencode.Unmarshal(got.V, &value); err != nil {
		c.t.Fatal(err)
	}
	return value
}

func (c *anacrolix) nodes(node int) (addrs []string) {
	for _, info := range c.all[node].Nodes() {
		addrs = append(addrs, info.Addr.String())
	}
	return addrs
}

func (c *anacrolix) sent(node int, hash string) int {
	n := c.all[node]
	n.conn.mu.Lock()
	defer n.conn.mu.Unlock()
	return n.conn.sent[n.dhtop][hash]
}

// countingConn counts the get_peers that pass, by where they go and the hash.
type countingConn struct {
	net.PacketConn
	mu   sync.Mutex
	sent map[string]map[string]int
}

func (c *countingConn) WriteTo(b []byte, to net.Addr) (int, error) {
	var m krpc.Msg
	if err := bencode.Unmarshal(b, &m); err == nil && m.Q == "get_peers" {
		c.mu.Lock()
		if c.sent[to.String()] == nil {
			c.sent[to.String()] = map[string]int{}
		}
		c.sent[to.String()][m.A.InfoHash.String()]++
		c.mu.Unlock()
	}
	return c.PacketConn.WriteTo(b, to)
}
