package views

import (
	"net/netip"
	"strings"
	"testing"

	"dhtop/dhtcore"
	"dhtop/dhtcore/geo"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

func TestAddressesHaveTheirPlacesWhereFilesTellThem(t *testing.T) {
	s := fixture()
	known := map[netip.Addr]dhtcore.Place{}
	at := dhtcore.Place{Country: "DE", ASN: 24940, Org: "Hetzner"}
	for i := range s.Nodes {
		for j := range s.Nodes[i].Contacts {
			known[s.Nodes[i].Contacts[j].Addr.Addr()] = at
		}
	}
	for _, p := range s.Packets.Log {
		known[p.Addr.Addr()] = at
	}
	for i := range s.Lookups {
		for j := range s.Lookups[i].Steps {
			known[s.Lookups[i].Steps[j].Addr.Addr()] = at
		}
	}
	for _, pane := range []screen.Pane{screen.TablePane, screen.PacketsPane, screen.LookupsPane} {
		st := fixtureState(theme.New("mono"))
		st.Pane, st.Zoom = pane, pane == screen.LookupsPane
		lines, _ := Frame(s, st, 200, 60)
		if strings.Contains(strings.Join(lines, "\n"), "DE AS24940") {
			t.Errorf("%s: a place without files", pane)
		}
		st.Places = dhtcore.NewPlaces(geo.Given(known))
		lines, _ = Frame(s, st, 200, 60)
		if !strings.Contains(strings.Join(lines, "\n"), "DE AS24940") {
			t.Errorf("%s shows no place", pane)
		}
	}
}
