package views

import (
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"dhtop/dhtcore"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// sortedBy are the orders of a State whose ranking is sorted so.
func sortedBy(by dhtcore.Column, reverse bool) (o [screen.Lists]screen.Order) {
	o[screen.HashList] = screen.Order{By: int(by), Reverse: reverse}
	return o
}

// at is the cursors of a State with that row of the ranking selected.
func at(row int) (c [screen.Lists]screen.Cursor) {
	c[screen.HashList].Row = row
	return c
}

// hashScenes are what the hashes pane can show, and how it is looked at.
var hashScenes = []struct {
	name  string
	snap  func() *dhtcore.Snapshot
	state screen.State
}{
	{"detail", fixtureHash, screen.State{Lists: at(3)}},
	{"detail_zoomed", fixtureHash, screen.State{Lists: at(3), Zoom: true}},
	{"detail_masked", fixtureHash, screen.State{Lists: at(3), Zoom: true, Masked: true}},
	{"own_tracker", fixtureOwnTracker, screen.State{Lists: at(3), Zoom: true}},
	{"trackers", fixtureTrackers, screen.State{Lists: at(3), Zoom: true}},
	{"bare", fixtureBare, screen.State{Lists: at(3), Zoom: true}},
	{"quiet", fixtureQuiet, screen.State{Lists: at(3), Zoom: true}},
	{"by_name", fixtureHash, screen.State{Orders: sortedBy(dhtcore.ByName, false)}},
	{"hour_by_vantages", fixtureHash, screen.State{Orders: sortedBy(dhtcore.ByVantages, true), Window: dhtcore.LastHour}},
	{"alike", fixtureHash, screen.State{Alike: true}},
	{"none_alike", fixtureBare, screen.State{Alike: true}},
	{"folded", fixtureSampled, screen.State{Lists: at(11)}},
	{"fold_opened", fixtureSampled, screen.State{Lists: at(11), Unfolded: true}},
	{"none_lately", fixtureBare, screen.State{Window: dhtcore.LastMinutes}},
}

func TestHashesLookAsInTheGoldensInEveryStyle(t *testing.T) {
	var scenes []scene
	for _, c := range hashScenes {
		scenes = append(scenes, scene{c.name, c.snap, func(th *theme.Theme) *screen.State { return hashState(c.state, th) }})
	}
	compareScenes(t, "hashes", scenes)
}

func TestHashesFillEverySizeExactly(t *testing.T) {
	for _, scene := range hashScenes {
		s := scene.snap()
		for i := -1; i <= 210; i += 3 {
			st := hashState(scene.state, theme.New("dark"))
			check(t, scene.name, Hashes(s, st, i, 24), i, 24)
			check(t, scene.name, Hashes(s, st, 80, i), 80, i)
			check(t, scene.name, Hashes(s, st, 200, i), 200, i)
		}
	}
}

func TestEveryColumnOfTheLedgerIsShownAndMarkedWhenSorted(t *testing.T) {
	titles := [dhtcore.Columns]string{dhtcore.ByRequests: "req", dhtcore.ByRawRequests: "raw", dhtcore.ByRate: "/min", dhtcore.BySources: "src",
		dhtcore.ByAnnounces: "ann", dhtcore.BySamples: "smp", dhtcore.ByTracked: "trk", dhtcore.ByPeers: "peers", dhtcore.BySeeds: "seeds", dhtcore.ByPeersEstimate: "leech",
		dhtcore.ByVantages: "vant", dhtcore.ByFirstSeen: "first", dhtcore.ByLastSeen: "seen", dhtcore.ByInfoHash: "hash", dhtcore.ByName: "name"}
	s := fixtureHash()
	for by := range dhtcore.Columns {
		for _, size := range sizes {
			st := hashState(screen.State{Orders: sortedBy(by, false)}, theme.New("mono"))
			lines := Hashes(s, st, size.w, size.h)
			mark := "▾"
			if st.Ascends(screen.HashList) {
				mark = "▴"
			}
			if title := titles[by]; title == "" || !strings.Contains(lines[1], title+mark) {
				t.Errorf("%dx%d by %s: %q", size.w, size.h, st.OrderName(screen.HashList), lines[1])
			}
		}
	}
	s.Hashes.Top[1].Tracked = 7         // of all zeros, the column is left out
	for _, w := range []int{210, 179} { // beside the detail, and without it
		header := Hashes(s, hashState(screen.State{}, theme.New("mono")), w, 60)[1]
		for _, title := range append(titles[:], "#", "trend") {
			if !strings.Contains(header, title) {
				t.Errorf("%q is not in %q", title, header)
			}
		}
	}
}

func TestTheRankingOfTheCoreIsShownAsSoonAsThereIsOne(t *testing.T) {
	s, st := fixtureHash(), hashState(screen.State{}, theme.New("mono"))
	if got := st.Ranked(s); &got[0] != &s.Hashes.Top[0] {
		t.Error("the ranking by requests is made anew")
	}
	st.Select(s, screen.HashList, 3)
	want := st.Hash(s).InfoHash
	if name := st.SortBy(s, 3); name != "sources" || st.HashOrder() != (dhtcore.Order{Column: dhtcore.BySources}) {
		t.Fatalf("sorted by %s: %+v", name, st.HashOrder())
	}
	st.ReverseOrder(s)
	order := dhtcore.Order{Column: dhtcore.BySources, Ascending: true}
	rows := st.Ranked(s)
	if st.HashOrder() != order || rows[0].Sources != 118-59 || rows[0].Rank != 1 || st.Lists[screen.HashList].Row != 56 || st.Hash(s).InfoHash != want {
		t.Errorf("first %+v, row %d is selected", rows[0], st.Lists[screen.HashList].Row)
	}
	if again := st.Ranked(s); &again[0] != &rows[0] {
		t.Error("a picture is sorted twice")
	}
	next := fixtureHash()
	next.Ranking = dhtcore.Ranking{Order: order, Rows: slices.Clone(next.Hashes.Top[2:6])}
	st.Follow(next)
	if got := st.Ranked(next); len(got) != 4 || st.Lists[screen.HashList].Row != 1 || st.Hash(next).InfoHash != want {
		t.Errorf("%d rows, row %d is selected", len(got), st.Lists[screen.HashList].Row)
	}
}

func TestSourcesAreNetworksAndHiddenWhenMasked(t *testing.T) {
	s := fixtureHash()
	for _, masked := range []bool{false, true} {
		st := hashState(screen.State{Lists: at(3), Zoom: true, Masked: masked}, theme.New("mono"))
		all := strings.Join(Hashes(s, st, 120, 40), "\n")
		if strings.Contains(all, "/24") == masked || strings.Contains(all, ".x  ") != masked {
			t.Errorf("masked %v:\n%s", masked, all)
		}
		for _, src := range s.Detail.Sources {
			if strings.Contains(all, src.Addr.Addr().String()) {
				t.Errorf("%v is whole on the screen", src.Addr)
			}
		}
	}
}

func TestADetailIsThatOfTheSelectedHashOrNone(t *testing.T) {
	s, st := fixtureHash(), hashState(screen.State{Lists: at(2), Zoom: true}, theme.New("mono"))
	if all := strings.Join(Hashes(s, st, 120, 40), "\n"); strings.Contains(all, "/24") || strings.Contains(all, "≡") {
		t.Errorf("the third hash has the sources of the fourth:\n%s", all)
	}
}

func TestWhatOnlyTheStoreKnowsWasSeenByNoVantageThatIsKnown(t *testing.T) {
	s := fixtureHash()
	s.Hashes.Top[0].Vantages = 0
	lines := Hashes(s, hashState(screen.State{}, theme.New("mono")), 179, 20)
	x := ansi.StringWidth(lines[1][:strings.Index(lines[1], "vant")])
	for row, want := range map[int]string{2: "–", 3: "2"} {
		if got := strings.TrimSpace(ansi.Cut(lines[row], x, x+4)); got != want {
			t.Errorf("row %d: vant is %q, want %q: %q", row, got, want, lines[row])
		}
	}
}

func TestAHashIsNotRankedAmongThoseThatAreNewOnly(t *testing.T) {
	s, st := fixtureHash(), hashState(screen.State{Lists: at(3), Zoom: true}, theme.New("mono"))
	if title := Hashes(s, st, 200, 60)[0]; !strings.Contains(title, "#4 by requests of 12,408 ") {
		t.Errorf("the title is %q", title)
	}
	s.Hashes.Seen, st.Since = 0, noon
	if title := Hashes(s, st, 200, 60)[0]; !strings.Contains(title, "#4 by requests ") {
		t.Errorf("the title is %q", title)
	}
}

func BenchmarkHashes(b *testing.B) {
	for _, scene := range hashScenes[:2] {
		b.Run(scene.name, func(b *testing.B) {
			s, st := scene.snap(), hashState(scene.state, theme.New("dark"))
			b.ReportAllocs()
			for b.Loop() {
				Frame(s, st, 200, 60)
			}
		})
	}
}

func TestHashesAllocateLittle(t *testing.T) {
	for _, scene := range hashScenes {
		s, st := scene.snap(), hashState(scene.state, theme.New("dark"))
		st.Follow(s)
		if n := testing.AllocsPerRun(20, func() { Frame(s, st, 200, 60) }); n > 48 {
			t.Errorf("%s: %v allocations", scene.name, n)
		}
	}
}

func TestAClickOnAHeaderFindsItsOrder(t *testing.T) {
	s, st := fixtureHash(), hashState(screen.State{}, theme.New("mono"))
	lines, _ := Frame(s, st, 80, 24)
	x := strings.Index(lines[2], "src") // ASCII up to there but for the mark behind req
	x = ansi.StringWidth(lines[2][:x])
	if at := At(s, st, 80, 24, x, 2); at.List != screen.HashList || at.Order != int(dhtcore.BySources) {
		t.Errorf("%+v in %q", at, lines[2])
	}
}

func FuzzHashesFillEverySizeExactly(f *testing.F) {
	for i, size := range sizes {
		f.Add(int16(size.w), int16(size.h), uint8(i), uint8(3), hostile[2]+hostile[3])
	}
	f.Fuzz(func(t *testing.T, width, height int16, n, row uint8, foreign string) {
		w, h := int(width)%302, int(height)%302
		if w < -1 || h < -1 {
			return
		}
		scene := hashScenes[int(n)%len(hashScenes)]
		s, st := scene.snap(), hashState(scene.state, theme.New("dark"))
		st.Lists[screen.HashList].Row = int(row)
		for i := range s.Hashes.Top {
			s.Hashes.Top[i].Name, s.Hashes.Top[i].Related = foreign, int(n)
		}
		for _, info := range s.Metadata {
			info.Name, info.Files[0].Path, info.FileCount, info.PieceLength = foreign, foreign, int(width), int64(height)
		}
		if s.Detail != nil && len(s.Detail.Sources) > 0 {
			s.Detail.Sources[0].Client, s.Detail.Related[0].Name = foreign, foreign
			s.Detail.History.Hour[0], s.Detail.Since = uint32(width), noon
		}
		check(t, scene.name, Hashes(s, st, w, h), w, h)
	})
}
