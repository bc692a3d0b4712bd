package ui

import (
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore"
)

// counted is a scene with something in every view of the traffic pane.
func counted() *dhtcore.Snapshot {
	s := scene("aa")
	s.Traffic.Methods[dhtcore.GetPeers].Out = 4711
	s.Tally.Clients.Rows = []dhtcore.ClientRow{{Name: "libtorrent", Askers: 3}, {Name: "Transmission", Repliers: 2}}
	s.Tally.Networks.By[dhtcore.IPv4By16] = []dhtcore.NetworkRow{{Prefix: netip.MustParsePrefix("203.0.0.0/16"), Nodes: 5}}
	s.Tally.Networks.By[dhtcore.IPv4By24] = []dhtcore.NetworkRow{{Prefix: netip.MustParsePrefix("203.0.113.0/24"), Nodes: 5}}
	s.Tally.Kept.Swarms.Swarms = 9
	s.History.Samples = []dhtcore.HistorySample{{At: s.At}}
	s.History.Samples[0].Values[9] = 123
	return s
}

func TestLeftAndRightTurnTheViewsOfTheTrafficPane(t *testing.T) {
	play(t, func(s *stage) {
		s.show(counted())
		s.keys("9")
		s.sees("▌traffic", "traffic by method", "4,711")
		s.keys("right")
		s.sees("▌clients", "libtorrent", "Transmission")
		s.keys("right")
		s.sees("▌networks", "203.0.0.0/16")
		s.keys("w")
		s.sees("IPv4 by /24", "203.0.113.0/24")
		s.keys("w")
		s.sees("IPv6 by /32", "No node and no asker")
		s.keys("w", "w")
		s.sees("IPv4 by /16") // countries need files
		s.keys("right")
		s.sees("▌kept here", "swarms")
		s.keys("right")
		s.sees("▌history", "RTT, median", "123 ms")
		s.keys("right")
		s.sees("▌traffic")
		s.keys("left")
		s.sees("▌history")
		s.keys("1", "left")
		s.sees("only the keyspace of the crawl has columns: 6 shows it")
	})
}

func TestClientsAndNetworksAreFiltered(t *testing.T) {
	play(t, func(s *stage) {
		s.show(counted())
		s.keys("9", "right", "/")
		s.typed("replied>1")
		s.keys("enter")
		s.sees("Transmission")
		s.seesNot("libtorrent")
		s.keys("esc", "right", "/")
		s.typed("nodes>9")
		s.keys("enter")
		s.sees("networks, IPv4 by /16")
		s.seesNot("203.0.0.0/16")
	})
}

func TestTheHelpOfTheTrafficPaneIsThatOfItsView(t *testing.T) {
	play(t, func(s *stage) {
		s.show(counted())
		s.keys("9", "right", "?")
		s.sees("help: clients", "Which programs the hosts of the last hour run")
		s.keys("right") // the help lies over the views
		s.sees("help: clients")
		s.keys("esc", "right", "?")
		s.sees("help: networks")
	})
}

func TestThePaletteFindsTheViewsByName(t *testing.T) {
	play(t, func(s *stage) {
		s.show(counted())
		s.keys(":")
		s.typed("clients")
		s.keys("enter")
		s.sees("traffic by method")
	})
}

func TestAClientStaysSelectedWhereverItMoves(t *testing.T) {
	play(t, func(s *stage) {
		s.show(counted())
		s.keys("9", "right", "j")
		s.sees("▌ Transmission")
		next := counted()
		next.Tally.Clients.Rows[0], next.Tally.Clients.Rows[1] = next.Tally.Clients.Rows[1], next.Tally.Clients.Rows[0]
		s.show(next)
		s.sees("▌ Transmission")
	})
}

func TestWhatIsCountedCanBeExported(t *testing.T) {
	dir := t.TempDir()
	play(t, func(s *stage) {
		s.show(counted())
		s.keys("9")
		for i, want := range []string{"get_peers,4711,", `"libtorrent"`, "203.0.0.0/16,5,0,", "", `"RTT, median",ms,123`} {
			if want != "" {
				path := filepath.Join(dir, string(rune('a'+i)))
				s.keys("e", "enter")
				for range 60 {
					s.keys("backspace")
				}
				s.typed(path)
				s.keys("enter")
				time.Sleep(time.Second)
				if got, err := os.ReadFile(path); err != nil || !strings.Contains(string(got), want) {
					t.Errorf("%q, %v, want %q", got, err, want)
				}
			} else {
				s.keys("e")
				s.sees("nothing to export in this pane")
			}
			s.keys("right")
		}
	})
}
