package dhtcore

import (
	"net/netip"
	"testing"

	"dhtop/dhtcore/wire"
)

func TestAGivenPublicIPIsShownAndEveryVantageHasASecureIDOfItsOwnThere(t *testing.T) {
	cfg := offline("")
	cfg.PublicIP, cfg.Vantages = netip.MustParseAddr("124.31.75.21"), MaxVantages
	e, err := Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	prefixes := map[[2]byte]bool{}
	for _, n := range e.Snapshot().Nodes {
		if n.External != netip.AddrPortFrom(cfg.PublicIP, n.Addr.Port()) || n.Mode != ModeServing {
			t.Errorf("seen at %s, %s", n.External, n.Mode)
		}
		if !wire.Secure(n.ID, cfg.PublicIP) {
			t.Errorf("%s is not secure", n.ID)
		}
		prefixes[[2]byte(n.ID[:2])] = true
	}
	if len(prefixes) != MaxVantages {
		t.Errorf("%d prefixes for %d vantages", len(prefixes), MaxVantages)
	}
}

func TestAPublicIPSaysNothingOfTheOtherFamily(t *testing.T) {
	cfg := offline("")
	cfg.PublicIP = netip.MustParseAddr("2a00::1")
	e, err := Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if n := e.Snapshot().Nodes[0]; n.External.IsValid() {
		t.Errorf("the IPv4 identity is seen at %s", n.External)
	}
}

func TestTheModeIsInTheSnapshot(t *testing.T) {
	for bind, want := range map[string]Mode{"127.0.0.1": ModeServing, "0.0.0.0": ModeProving} {
		cfg := offline("")
		cfg.Bind = []netip.Addr{netip.MustParseAddr(bind)}
		for _, cfg.ReadOnly = range []bool{false, true} {
			e, err := Open(cfg)
			if err != nil {
				t.Fatal(err)
			}
			if cfg.ReadOnly {
				want = ModeReadOnly
			}
			if got := e.Snapshot().Nodes[0].Mode; got != want {
				t.Errorf("bound to %s, read-only %v: %s, want %s", bind, cfg.ReadOnly, got, want)
			}
			e.Close()
		}
	}
}
