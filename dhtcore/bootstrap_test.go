package dhtcore

import (
	"net/netip"
	"testing"
)

// A node on the default bind joins a network of this machine through a host that the user names; that
// host's word about its own network is believed.
func TestAnUnspecifiedBindJoinsALocalNetworkThroughANamedHost(t *testing.T) {
	demo := start(t, demoConfig())
	eventually(t, demo, "demo", func(s *Snapshot) bool { return s.Nodes[0].Good >= 8 })
	e := start(t, Config{Bind: []netip.Addr{netip.IPv4Unspecified()}, Bootstrap: demo.network.Bootstrap()})
	s := eventually(t, e, "local network", func(s *Snapshot) bool { return s.Nodes[0].Good >= 8 })
	if s.Nodes[0].Mode != ModeProving {
		t.Errorf("the mode is %s", s.Nodes[0].Mode)
	}
}
