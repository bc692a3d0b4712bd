package simnet

import (
	"context"
	"errors"
	"net/netip"
	"sync"
	"testing"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// ourBatch is how many packets our node reads at once, as in earnest.
const ourBatch = 64

// ourClient is a node of ours with the lookups of ours. Nothing limits what it sends.
type ourClient struct {
	*node.Node
	shared  *lookup.Shared
	stop    context.CancelFunc
	running sync.WaitGroup
}

func newOurClient(t testing.TB) *ourClient {
	t.Helper()
	conn, err := node.Listen(netip.MustParseAddrPort("127.0.0.1:0"), ourBatch)
	if err != nil {
		t.Fatal(err)
	}
	c := &ourClient{shared: lookup.NewShared()}
	c.Node = node.New(node.Config{ID: wire.RandomID(), Conn: conn, Batch: ourBatch, Observe: c.observe})
	ctx, stop := context.WithCancel(context.Background())
	c.stop = stop
	c.running.Go(func() { c.Run(ctx) }) //nolint:errcheck // ends with the test
	return c
}

// observe hands Shared the replies that come after a lookup's end, as the Explorer does.
func (c *ourClient) observe(e node.Event) {
	switch e.Kind {
	case node.RepliedLate:
		c.shared.Replied(e.From, e.RTT)
	case node.NeverReplied:
		c.shared.Failed(e.From)
	}
}

func (c *ourClient) addr() netip.AddrPort { return c.Addr() }

func (c *ourClient) close() {
	c.stop()
	c.running.Wait()
}

// config is a lookup as the Explorer configures it.
func (c *ourClient) config(target wire.ID, method wire.Method) lookup.Config {
	return lookup.Config{Target: target, Method: method, Querier: c.Node, Self: []wire.ID{c.ID()},
		Believe: c.Believes, Seeds: c.Closest(target, 2*lookup.DefaultK), Shared: c.shared}
}

// join finds our neighbourhood and then fills the buckets that are left with room.
func (c *ourClient) join(ctx context.Context, seeds []wire.Contact) error {
	cfg := c.config(c.ID(), wire.FindNode)
	cfg.Seeds = seeds
	if s := lookup.New(cfg).Run(ctx); s.Replied == 0 {
		return errors.New("nobody answers")
	}
	for _, target := range c.Underfull() {
		c.findNode(ctx, target)
	}
	return nil
}

func (c *ourClient) findNode(ctx context.Context, target wire.ID) {
	lookup.New(c.config(target, wire.FindNode)).Run(ctx)
}

func (c *ourClient) getPeers(ctx context.Context, hash wire.ID, tell func([]netip.AddrPort)) error {
	cfg := c.config(hash, wire.GetPeers)
	cfg.Observe = func(o lookup.Outcome) { tell(o.Fresh) }
	if s := lookup.New(cfg).Run(ctx); s.Err != "" {
		return errors.New(s.Err)
	}
	return nil
}
