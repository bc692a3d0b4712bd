package cli_test

import (
	"context"
	"net/netip"
	"os/exec"
	"testing"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/needs"
	"dhtop/dhtcore/testnet"
)

// What the clients suffer: above all, replies to get_peers that are lost or cut.
var worldFaults = []string{
	"in get_peers drop=0.2 truncate=0.1 duplicate=0.2 reorder=0.2 delay=100ms jitter=50ms",
	"both drop=0.05 truncate=0.02 duplicate=0.1 reorder=0.1 delay=50ms",
}

const (
	worldNodes = 60
	worldSeed  = 4
)

// openWorld runs the embedded network with our node in it, whose address it returns.
func openWorld(t *testing.T, demo dhtcore.Demo) (*dhtcore.Explorer, netip.AddrPort) {
	t.Helper()
	demo.Nodes, demo.Seed = worldNodes, worldSeed
	for _, text := range worldFaults {
		f, err := dhtcore.ParseFault(text)
		if err != nil {
			t.Fatal(err)
		}
		demo.Faults = append(demo.Faults, f)
	}
	e, err := dhtcore.Open(dhtcore.Config{Demo: &demo, NoIPv6: true, Limits: dhtcore.DemoLimits(), Store: "none"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- e.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	eventually(t, "our own node in the network", e.Joined)
	return e, e.Snapshot().Nodes[0].Addr
}

// wantFaults checks that something of everything happened.
func wantFaults(t *testing.T, e *dhtcore.Explorer) {
	t.Helper()
	n := e.Lab().Faulted
	if n.Dropped == 0 || n.Delayed == 0 || n.Duplicated == 0 || n.Reordered == 0 || n.Truncated == 0 {
		t.Errorf("of all the faults that were to happen, these did: %+v", n)
	}
	t.Logf("%+v", n)
}

func TestForeignClientsFindPeersInADemoWithFaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		open func(*testing.T) foreign
	}{
		{"libtorrent", openLibtorrent},
		{"webtorrent", openWebtorrent},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			client := c.open(t).(*script)
			e, ours := openWorld(t, dhtcore.Demo{})
			client.start(loopback(0), ours.String())
			for rank := range 2 {
				hash := testnet.InfoHash(worldSeed, rank).String()
				peers := do[[]string](client, command{Do: "seek", InfoHash: hash})
				if len(peers) == 0 {
					t.Errorf("it found no peer of %s", hash)
				}
			}
			wantFaults(t, e)
		})
	}
}

// Transmission refuses loopback addresses. It has found peers if it has the metadata of a magnet link, which only they
// have.
func TestTransmissionFindsPeersInADemoWithFaults(t *testing.T) {
	t.Parallel()
	daemon := needs.Program(t, "transmission-daemon", "transmission-daemon")
	if !inOwnNetwork(t) {
		return
	}
	network := netip.MustParsePrefix("10.78.0.0/16")
	if out, err := exec.Command("ip", "addr", "add", testnet.FirstIP(network).String()+"/16", "dev", "lo").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	e, ours := openWorld(t, dhtcore.Demo{Net: network})
	known := []netip.AddrPort{ours} // from an earlier run, as Transmission takes minutes from one node alone
	for _, c := range e.Snapshot().Nodes[0].Contacts {
		known = append(known, c.Addr)
	}
	api := startTransmission(t, daemon, known)
	hash := testnet.InfoHash(worldSeed, 0).String()
	addMagnet(t, api, "magnet:?xt=urn:btih:"+hash)
	began := time.Now()
	for !hasMetadata(t, api) {
		if time.Since(began) > 2*transmissionPatience {
			t.Fatalf("transmission found no peer of %s in %s; faults %+v", hash, time.Since(began), e.Lab().Faulted)
		}
		time.Sleep(100 * time.Millisecond)
	}
	wantFaults(t, e)
}
