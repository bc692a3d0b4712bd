package report

import (
	"encoding/json"
	"net/netip"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore"
)

func TestWhatTheRouterForwardsStandsInTheStats(t *testing.T) {
	at, outer := netip.MustParseAddrPort("0.0.0.0:6881"), netip.MustParseAddrPort("203.0.113.7:7000")
	s := &dhtcore.Snapshot{Nodes: []dhtcore.Vantage{{Addr: at, Mapped: outer}}}
	s.PortMap = dhtcore.PortMapState{On: true,
		Routers:  []dhtcore.PortMapRouter{{Phase: dhtcore.PortMapped, Gateway: netip.MustParseAddr("192.168.1.1"), Protocol: "PCP", External: outer.Addr()}},
		Mappings: []dhtcore.PortMapping{{Bound: at, Internal: netip.MustParseAddrPort("192.168.1.20:6881"), External: outer, Until: time.Unix(0, 0)}}}
	document := func(o Options) string {
		b, err := json.Marshal(NewStats(s, o))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	plain, masked := document(Options{}), document(Options{MaskAddrs: true})
	for _, want := range []string{`"mapped":"203.0.113.7:7000"`, `"port_map":{"routers":[{"family":"IPv4","phase":"mapped","gateway":"192.168.1.1","protocol":"PCP","name":null,"external":"203.0.113.7","why":null}]`,
		`"mappings":[{"transport":"udp","addr":"0.0.0.0:6881","internal":"192.168.1.20:6881","external":"203.0.113.7:7000","until":"1970-01-01T00:00:00.000Z","why":null}]`} {
		if !strings.Contains(plain, want) {
			t.Errorf("no %s in %s", want, plain)
		}
	}
	if strings.Contains(masked, "203.0.113.7") || strings.Contains(masked, "192.168.1.20") {
		t.Errorf("masked: %s", masked)
	}
	s.PortMap = dhtcore.PortMapState{}
	if off := document(Options{}); !strings.Contains(off, `"port_map":null`) {
		t.Errorf("off: %s", off)
	}
}
