package views

import (
	"slices"
	"strings"
	"testing"

	"dhtop/dhtcore"
	"dhtop/views/panes/lookups"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// lookupScenes are what a lookup can have come to, and where the keys are.
var lookupScenes = []struct {
	name  string
	snap  func() *dhtcore.Snapshot
	state screen.State
}{
	{"swarm", fixtureSwarm, screen.State{}},
	{"swarm_zoomed", fixtureSwarm, screen.State{Zoom: true}},
	{"whole", fixtureSwarm, screen.State{Zoom: true, FullDetails: true, Scroll: 5}},
	{"whole_peer_masked", fixtureSwarm, screen.State{Zoom: true, FullDetails: true, Peers: true, Masked: true}},
	{"peers_masked", fixtureSwarm, screen.State{Zoom: true, Peers: true, Masked: true}},
	{"item", fixtureItem, screen.State{}},
	{"nothing", fixtureNothing, screen.State{}},
	{"begun", func() *dhtcore.Snapshot { s := fixtureNothing(); s.Lookups = s.Lookups[1:]; return s }, screen.State{}},
	{"nobody", func() *dhtcore.Snapshot { s := fixtureNothing(); s.Lookups = s.Lookups[2:]; return s }, screen.State{}},
}

func sceneState(st screen.State, th *theme.Theme) *screen.State {
	st.Theme, st.Pane, st.Hints = th, screen.LookupsPane, fixtureState(th).Hints
	st.Lists[screen.StepList].Row, st.Lists[screen.PeerList].Row = 2, 5
	return &st
}

func TestLookupsLookAsInTheGoldensInEveryStyle(t *testing.T) {
	var scenes []scene
	for _, c := range lookupScenes {
		scenes = append(scenes, scene{c.name, c.snap, func(th *theme.Theme) *screen.State { return sceneState(c.state, th) }})
	}
	compareScenes(t, "lookup", scenes)
}

func TestEveryLookupFillsEverySizeExactly(t *testing.T) {
	for _, scene := range lookupScenes {
		for _, st := range []screen.State{scene.state, {Zoom: true}, {Zoom: true, Peers: true}} {
			s := scene.snap()
			for i := -1; i <= 210; i += 3 {
				st := sceneState(st, theme.New("dark"))
				check(t, scene.name, Lookups(s, st, i, 24), i, 24)
				check(t, scene.name, Lookups(s, st, 80, i), 80, i)
				check(t, scene.name, Lookups(s, st, 160, i), 160, i)
			}
		}
	}
}

func TestALookupOfAHybridTorrentNamesTheOtherHash(t *testing.T) {
	s := fixtureSwarm()
	other := dhtcore.ID{0xd2}
	s.SameTorrent = map[dhtcore.ID]dhtcore.ID{s.Lookups[0].Target: other}
	for _, size := range [][2]int{{80, 24}, {160, 45}, {200, 60}} {
		lines := Lookups(s, sceneState(screen.State{}, theme.New("mono")), size[0], size[1])
		check(t, "hybrid", lines, size[0], size[1])
		if size[0] > 80 && !strings.Contains(strings.Join(lines, "\n"), "also d2000000") {
			t.Errorf("%dx%d: the other hash is not on the screen", size[0], size[1])
		}
	}
}

func TestTrailLeadsBackToANodeThatWeKnew(t *testing.T) {
	s := fixtureSwarm()
	lk := &s.Lookups[0]
	order := new(screen.State).StepRows(lk)
	for row := range order {
		st := sceneState(screen.State{Zoom: true}, theme.New("mono"))
		st.Lists[screen.StepList].Row = row
		hops := lookups.TrailOf(st, lk, order, nil).Hops
		last := &lk.Steps[hops[len(hops)-1]]
		if last != &lk.Steps[order[row]] || !lk.Steps[hops[0]].Referrer.Zero() || len(hops) != last.Round {
			t.Fatalf("row %d, of round %d: %v", row, last.Round, hops)
		}
		for i, hop := range hops[1:] {
			if lk.Steps[hop].Referrer != lk.Steps[hops[i]].ID {
				t.Errorf("row %d: %v is not told of by the hop before", row, hop)
			}
		}
	}
}

func TestTrailOfAPeerEndsAtTheNodeThatGaveItFirst(t *testing.T) {
	s := fixtureSwarm()
	lk := &s.Lookups[0]
	st := sceneState(screen.State{Zoom: true, Peers: true}, theme.New("mono"))
	st.Lists[screen.PeerList].Row = 0
	hops := lookups.TrailOf(st, lk, new(screen.State).StepRows(lk), nil).Hops
	if got := lk.Steps[hops[len(hops)-1]].Addr; got != lk.Peers[0].From[0] {
		t.Errorf("ends at %v, want %v", got, lk.Peers[0].From[0])
	}
}

// Steps that tell of each other in a circle, or of nobody that was asked, are what a broken account has.
func TestTrailsEnd(t *testing.T) {
	lk := &fixtureSwarm().Lookups[0]
	for i := range lk.Steps {
		lk.Steps[i].Referrer, lk.Steps[i].Round = lk.Steps[(i+1)%len(lk.Steps)].ID, i%2
	}
	st := sceneState(screen.State{Zoom: true}, theme.New("mono"))
	if hops := lookups.TrailOf(st, lk, new(screen.State).StepRows(lk), nil).Hops; len(hops) > lookups.MaxHops {
		t.Errorf("%d hops", len(hops))
	}
}

func TestMaskHidesWhatRefusalsSay(t *testing.T) {
	s, st := fixtureSwarm(), sceneState(screen.State{Masked: true}, theme.New("mono"))
	all := strings.Join(Lookups(s, st, 200, 60), "\n")
	if strings.Contains(all, "bad token") || !strings.Contains(all, "6 of 8 nodes accepted it") {
		t.Error(all)
	}
	st.Masked = false
	if all = strings.Join(Lookups(s, st, 200, 60), "\n"); !strings.Contains(all, "bad token or malf") {
		t.Error(all)
	}
}

func TestSelectionFollowsThePeer(t *testing.T) {
	s := fixtureSwarm()
	st := sceneState(screen.State{Zoom: true, Peers: true}, theme.New("mono"))
	st.Select(s, screen.PeerList, 4)
	want := st.Peer(s).Addr
	next := fixtureSwarm()
	next.Lookups[0].Peers = slices.Insert(next.Lookups[0].Peers, 0, next.Lookups[0].Peers[9], next.Lookups[0].Peers[8])
	st.Follow(next)
	if got := st.Peer(next).Addr; got != want || st.Lists[screen.PeerList].Row != 6 {
		t.Errorf("the selection is on %v in row %d", got, st.Lists[screen.PeerList].Row)
	}
	st.Select(next, screen.LookupList, 1)
	if st.Lists[screen.PeerList] != (screen.Cursor{}) {
		t.Error("another lookup keeps the row of the last one")
	}
}

func BenchmarkLookup(b *testing.B) {
	for _, scene := range lookupScenes[:2] {
		b.Run(scene.name, func(b *testing.B) {
			s, st := scene.snap(), sceneState(scene.state, theme.New("dark"))
			b.ReportAllocs()
			for b.Loop() {
				Frame(s, st, 200, 60)
			}
		})
	}
}

func TestALookupAllocatesLittle(t *testing.T) {
	for _, scene := range lookupScenes {
		s, st := scene.snap(), sceneState(scene.state, theme.New("dark"))
		if n := testing.AllocsPerRun(20, func() { Frame(s, st, 200, 60) }); n > 35 {
			t.Errorf("%s: %v allocations", scene.name, n)
		}
	}
}
