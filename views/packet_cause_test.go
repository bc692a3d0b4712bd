package views

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/wire"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

func TestAnOpenPacketSaysWhichLookupItBelongsTo(t *testing.T) {
	s, st := packetFixture(theme.New("mono"), 0)
	row := 0
	for p := s.Packets.Log[row]; p.Way != wire.Out || p.Kind != wire.KindQuery || !p.HasTarget; p = s.Packets.Log[row] {
		row++
	}
	st.Lists[screen.PacketList].Row = row
	p := s.Packets.Log[row]
	teller := wire.Contact{ID: dhtcore.ID{7}, Addr: netip.MustParseAddrPort("198.51.100.7:6881")}
	s.Lookups = []dhtcore.LookupState{{Target: p.Target, Method: p.Method, Started: p.At.Add(-time.Second), Elapsed: 3 * time.Second, Steps: []dhtcore.Step{
		{Contact: teller, Round: 1},
		{Contact: wire.Contact{ID: dhtcore.ID{8}, Addr: p.Addr}, Asked: time.Second, Round: 2, Referrer: teller.ID, Referrers: 3},
	}}}
	open := func(w, h int) string {
		screen.PacketList.Context().Open(st, s)
		lines, _ := Frame(s, st, w, h)
		return strings.Join(strings.Fields(strings.Join(lines, " ")), " ")
	}
	const why = "Why: lookup, round 2, told by 198.51.100.7:6881 and 2 others."
	for _, size := range [][2]int{{200, 60}, {120, 30}, {80, 24}} {
		if all := open(size[0], size[1]); !strings.Contains(all, why) {
			t.Errorf("at %v: %s", size, all)
		}
	}
	st.Masked = true
	if all := open(120, 30); !strings.Contains(all, "told by 198.51.100.x and 2 others") || strings.Contains(all, "100.7") {
		t.Errorf("masked: %s", all)
	}
	st.Masked = false
	s.Lookups[0].Steps[1].Referrer = dhtcore.ID{}
	if all := open(120, 30); !strings.Contains(all, "Why: lookup, round 2, a node known before.") {
		t.Error(all)
	}
	s.Lookups = nil
	if all := open(120, 30); strings.Contains(all, "Why:") {
		t.Error(all)
	}
}
