package report

import (
	"bytes"
	"net/netip"
	"testing"
	"time"

	"dhtop/dhtcore"
)

func TestPeersThatCannotBeAreCountedInEveryForm(t *testing.T) {
	l := dhtcore.LookupState{Target: dhtcore.ID{0xab}, Done: true, Steps: []dhtcore.Step{{FalsePeers: 3}, {}, {FalsePeers: 1}}}
	out := NewLookup(&l, Options{Steps: true})
	if out.FalsePeers != 4 || out.Steps[0].FalsePeers != 3 || out.PeersEstimate != nil {
		t.Errorf("%+v", out)
	}
	var plain bytes.Buffer
	const want = "# ab00000000000000000000000000000000000000: 0 peers, 0 nodes asked, 0 replied, 0 ms, 4 false peers left out\n"
	if err := WritePeers(&plain, &l, Options{}); err != nil || plain.String() != want {
		t.Errorf("%q, %v, want %q", plain.String(), err, want)
	}
}

func TestPeersAsCSVHaveALineEach(t *testing.T) {
	l := dhtcore.LookupState{Target: dhtcore.ID{0xab}, Peers: []dhtcore.Peer{
		{Addr: addr("198.51.100.17:51413"), Found: 110 * time.Millisecond, From: []netip.AddrPort{addr("192.0.2.1:1"), addr("192.0.2.2:1")}},
		{Addr: addr("[2001:db8::1]:6881"), Found: time.Second},
	}}
	const hash = "ab00000000000000000000000000000000000000"
	for mask, want := range map[bool]string{
		false: hash + ",198.51.100.17:51413,2,110\n" + hash + ",[2001:db8::1]:6881,0,1000\n",
		true:  hash + ",198.51.100.0/24,2,110\n" + hash + ",2001:db8::/48,0,1000\n",
	} {
		var got bytes.Buffer
		if err := WritePeersCSV(&got, &l, Options{MaskAddrs: mask}); err != nil || got.String() != want {
			t.Errorf("%q, %v, want %q", got.String(), err, want)
		}
	}
}
