package simnet

import (
	"context"
	"net"
	"net/netip"
	"testing"

	"github.com/anacrolix/dht/v2"
	"github.com/anacrolix/dht/v2/int160"
	"github.com/anacrolix/dht/v2/krpc"
	"github.com/anacrolix/dht/v2/traversal"
	"golang.org/x/time/rate"

	"dhtop/dhtcore/wire"
)

// anacrolixClient is a Server of github.com/anacrolix/dht, as its users run one but without a limit on
// what it sends.
type anacrolixClient struct {
	*dht.Server
	seeds []dht.Addr
}

func newAnacrolixClient(t testing.TB) *anacrolixClient {
	t.Helper()
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &anacrolixClient{}
	cfg := dht.NewDefaultServerConfig()
	cfg.Conn = conn
	cfg.SendLimiter = rate.NewLimiter(rate.Inf, 0)
	cfg.StartingNodes = func() ([]dht.Addr, error) { return c.seeds, nil }
	if c.Server, err = dht.NewServer(cfg); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *anacrolixClient) addr() netip.AddrPort {
	return c.Addr().(*net.UDPAddr).AddrPort()
}

func (c *anacrolixClient) close() { c.Close() }

func (c *anacrolixClient) join(ctx context.Context, seeds []wire.Contact) error {
	for _, s := range seeds {
		c.seeds = append(c.seeds, dht.NewAddr(net.UDPAddrFromAddrPort(s.Addr)))
	}
	_, err := c.BootstrapContext(ctx)
	go c.TableMaintainer() // ends some time after close
	return err
}

// findNode does what the Server's own refresh of a bucket does: it offers no lookup of nodes.
func (c *anacrolixClient) findNode(ctx context.Context, target wire.ID) {
	op := traversal.Start(traversal.OperationInput{
		Target: krpc.ID(target),
		DoQuery: func(_ context.Context, addr krpc.NodeAddr) traversal.QueryResult {
			to := dht.NewAddr(addr.UDP())
			return c.FindNode(to, int160.FromByteArray(target), dht.QueryRateLimiting{}).TraversalQueryResult(addr)
		},
		NodeFilter: c.TraversalNodeFilter,
	})
	if start, err := c.TraversalStartingNodes(); err == nil {
		op.AddNodes(start)
		select {
		case <-op.Stalled():
		case <-ctx.Done():
		}
	}
	op.Stop()
	<-op.Stopped()
}

func (c *anacrolixClient) getPeers(ctx context.Context, hash wire.ID, tell func([]netip.AddrPort)) error {
	a, err := c.AnnounceTraversal(hash)
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, a.Close)
	defer stop()
	for answer := range a.Peers { // closed when the traversal has stalled
		peers := make([]netip.AddrPort, 0, len(answer.Peers))
		for _, p := range answer.Peers {
			ip, _ := netip.AddrFromSlice(p.IP)
			peers = append(peers, netip.AddrPortFrom(ip.Unmap(), uint16(p.Port)))
		}
		tell(peers)
	}
	return ctx.Err()
}
