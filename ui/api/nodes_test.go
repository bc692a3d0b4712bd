package api

import (
	"cmp"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"testing"

	"dhtop/views/report"
)

// TestNodesAreSortedAsTheirOrderSays has a check for every order that can be asked for.
func TestNodesAreSortedAsTheirOrderSays(t *testing.T) {
	t.Parallel()
	url, e := servingExplorer(t, lively(), Config{})
	eventually(t, "nodes", func() bool { return len(e.Snapshot().Nodes[0].Contacts) > 7 })
	last := func(n *report.Node) string { b, _ := n.LastSeen.MarshalJSON(); return string(b) }
	first := func(n *report.Node) string { b, _ := n.FirstSeen.MarshalJSON(); return string(b) }
	for _, c := range []struct {
		query   string
		compare func(a, b report.Node) int
	}{
		{"sort=distance", byBucket},
		{"sort=first_seen", func(a, b report.Node) int { return -cmp.Compare(first(&a), first(&b)) }},
		{"sort=first_seen&order=asc", func(a, b report.Node) int { return cmp.Compare(first(&a), first(&b)) }},
		{"sort=last_seen", func(a, b report.Node) int { return -cmp.Compare(last(&a), last(&b)) }},
		{"sort=rtt_ms&filter=rtt%3E0", func(a, b report.Node) int { return cmp.Compare(a.RTTMS, b.RTTMS) }},
		{"sort=rtt_ms&order=desc&filter=rtt%3E0", func(a, b report.Node) int { return -cmp.Compare(a.RTTMS, b.RTTMS) }},
		{"sort=client&filter=client~.", func(a, b report.Node) int { return cmp.Compare(a.Client, b.Client) }},
		{"sort=addr", func(a, b report.Node) int {
			return netip.MustParseAddrPort(a.Addr).Compare(netip.MustParseAddrPort(b.Addr))
		}},
	} {
		got, response := answer[[]report.Node](t, request(t, url+"/api/v1/nodes?identity=1&"+c.query, nil))
		if response.StatusCode != http.StatusOK || len(got) < 2 || !slices.IsSortedFunc(got, c.compare) {
			t.Errorf("%s: %s, %d nodes, not in order", c.query, response.Status, len(got))
		}
	}
}

func TestAMaskedFilterOfNodesSeesNetworksAlone(t *testing.T) {
	t.Parallel()
	url, e := servingExplorer(t, lively(), Config{Mask: true})
	eventually(t, "nodes", func() bool { return len(e.Snapshot().Nodes[0].Contacts) > 0 })
	count := func(filter string) int {
		got, _ := answer[[]report.Node](t, request(t, url+"/api/v1/nodes?filter="+filter, nil))
		return len(got)
	}
	addr := e.Snapshot().Nodes[0].Contacts[0].Addr
	if n := count("addr:" + addr.String()); n != 0 {
		t.Errorf("a whole address finds %d nodes", n)
	}
	if n := count("port=" + strconv.Itoa(int(addr.Port()))); n != 0 {
		t.Errorf("a port finds %d nodes", n)
	}
	if n := count("net:127.0.0.0/8"); n == 0 {
		t.Error("a network finds no node")
	}
}
