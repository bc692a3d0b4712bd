package wire

import (
	"bytes"
	"strings"
	"testing"
)

func TestTheFiltersOfAScrapeAreReadBackAsTheyWereWritten(t *testing.T) { // BEP 33
	seeds, peers := bytes.Repeat(b("s"), FilterLen), bytes.Repeat(b("p"), FilterLen)
	packet := AppendReply(nil, idOf(alice), b("aa"), external,
		&Answer{SeedFilter: seeds, PeerFilter: peers, Nodes: b(node4), Token: b("tk"), Values: b("axje.u"), ValueLen: 6})
	m := scan(t, string(packet))
	agree(t, packet, &m, foreign(t, packet))
	r := m.Reply(external, 0)
	if r.SeedFilter == nil || r.PeerFilter == nil || string(r.SeedFilter[:]) != string(seeds) || string(r.PeerFilter[:]) != string(peers) {
		t.Errorf("filters %v and %v", r.SeedFilter, r.PeerFilter)
	}
	if len(r.Peers) != 1 || len(r.Nodes) != 1 || string(r.Token) != "tk" {
		t.Errorf("the rest of it: %+v", r)
	}
}

func TestAFilterOfTheWrongLengthIsNoneAndTheReplyIsStillOfUse(t *testing.T) {
	good := "256:" + strings.Repeat("f", FilterLen)
	for _, bad := range []string{"0:", "255:" + good[4:259], "257:" + good[4:] + "f", "i256e", "le"} {
		m := scan(t, reply("4:BFpe"+good+"4:BFsd"+bad+"2:id20:"+alice))
		if r := m.Reply(external, 0); r.SeedFilter != nil || r.PeerFilter == nil || m.Invalid != "" || r.From.ID != idOf(alice) {
			t.Errorf("%.20q: %+v", bad, r)
		}
	}
}
