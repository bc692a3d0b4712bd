package views

import (
	"strings"
	"testing"

	"dhtop/dhtcore"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// begun is a Snapshot of the first second, in which nothing is counted yet.
func begun() *dhtcore.Snapshot {
	s := fixture()
	s.Traffic, s.Tally, s.History = dhtcore.Traffic{}, dhtcore.Tally{}, dhtcore.History{}
	return s
}

func trafficState(view screen.View, kind dhtcore.NetworkKind) func(*theme.Theme) *screen.State {
	return func(th *theme.Theme) *screen.State {
		st := fixtureState(th)
		st.Pane, st.View, st.NetworkKind = screen.TrafficPane, view, kind
		st.Lists[screen.MethodList].Row, st.Lists[screen.FigureList].Row, st.Lists[screen.ClientList].Row = 2, 9, 1
		return st
	}
}

func TestTheTrafficLooksAsInTheGoldensInEveryStyle(t *testing.T) {
	scenes := []scene{
		{"methods", fixture, trafficState(screen.MethodsView, 0)},
		{"clients", fixture, trafficState(screen.ClientsView, 0)},
		{"networks", fixture, trafficState(screen.NetworksView, dhtcore.IPv4By24)},
		{"countries", fixture, trafficState(screen.NetworksView, dhtcore.ByCountry)},
		{"kept", fixture, trafficState(screen.KeptView, 0)},
		{"history", fixture, trafficState(screen.HistoryView, 0)},
	}
	for v := range screen.Views {
		scenes = append(scenes, scene{"begun_" + strings.ReplaceAll(v.String(), " ", "_"), begun, trafficState(v, 0)})
	}
	compareScenes(t, "traffic", scenes)
}

// TestTheHelpExplainsEveryColumnOfTheTraffic holds the titles of the columns against the help.
func TestTheHelpExplainsEveryColumnOfTheTraffic(t *testing.T) {
	for v, words := range map[screen.View][]string{
		screen.MethodsView:  {"asked", "replied", "refused", "silent", "p50", "p95", "p99", "sent", "got", "Queries of others", "answered", "declined", "dropped"},
		screen.ClientsView:  {"replied", "asked", "share"},
		screen.NetworksView: {"nodes", "askers", "share"},
		screen.KeptView:     {"memory", "expire 1 m", "over share", "full"},
		screen.HistoryView:  {"now", "least", "most"},
	} {
		st := trafficState(v, 0)(theme.New("mono"))
		if v == screen.HistoryView {
			for _, f := range dhtcore.Figures {
				words = append(words, strings.Fields(f.Name+" "+f.About+" Normal: "+f.Normal)...)
			}
		}
		st.Help = true
		lines, _ := Frame(fixture(), st, 200, 200)
		all := strings.Join(lines, "\n")
		for _, w := range words {
			if !strings.Contains(all, w) {
				t.Errorf("%s: the help does not explain %q", v, w)
			}
		}
		if !strings.Contains(all, "help: "+v.String()) {
			t.Errorf("%s has no help of its own", v)
		}
	}
}

func TestMaskedNetworksAreNoAddresses(t *testing.T) {
	st := trafficState(screen.NetworksView, dhtcore.IPv4By24)(theme.New("mono"))
	st.Masked = true
	lines, _ := Frame(fixture(), st, 120, 30)
	if all := strings.Join(lines, "\n"); strings.Contains(all, "91.201.41.0") || !strings.Contains(all, "91.201.41.x/24") {
		t.Errorf("%s", all)
	}
}

func TestAFrameOfAnyViewAllocatesLittle(t *testing.T) {
	for v := range screen.Views {
		s, st := fixture(), trafficState(v, dhtcore.IPv4By24)(theme.New("dark"))
		if n := testing.AllocsPerRun(20, func() { Frame(s, st, 200, 60) }); n > 300 {
			t.Errorf("%s: %v allocations", v, n)
		}
	}
}
