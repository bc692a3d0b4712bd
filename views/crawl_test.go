package views

import (
	"math"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// crawlScenes are how a crawl can stand, and what is shown of it.
var crawlScenes = []struct {
	name  string
	snap  func() *dhtcore.Snapshot
	parts bool
}{
	{"sweeping", fixture, false},
	{"deeper", fixture, true},
	{"begun", crawlBegun, false},
	{"resting", crawlResting, false},
	{"off", func() *dhtcore.Snapshot { s := fixture(); s.Crawl = dhtcore.CrawlStats{}; return s }, false},
}

// crawlBegun is a crawl that has asked only the nodes of the routing table, without a limit.
func crawlBegun() *dhtcore.Snapshot {
	s := fixture()
	s.Crawl = dhtcore.CrawlStats{Running: true, Packets: 12, Queries: 12}
	s.Crawl.Cells[0x2d].Nodes = 1
	s.Traffic.Limits, s.NetworkSize = dhtcore.Limits{}, dhtcore.Size{}
	return s
}

// crawlResting is a crawl after its sweep that has done what it never should, and met who lies.
func crawlResting() *dhtcore.Snapshot {
	s := fixture()
	c := &s.Crawl
	c.Resting, c.Swept, c.ETA, c.Cursor, c.IntervalViolations, c.Collapses, c.Rate = true, 1, 50*time.Hour, dhtcore.ID{}, 3, 1, 0
	c.Recapture.High = math.Inf(1)
	return s
}

func crawlState(parts bool, th *theme.Theme) *screen.State {
	st := fixtureState(th)
	st.Pane = screen.CrawlPane
	st.Lists[screen.CellList].Row, st.Lists[screen.PartList].Row = 0x69, 0x1f
	if parts {
		st.Parts = fixtureParts()
	}
	return st
}

func TestCrawlsLookAsInTheGoldensInEveryStyle(t *testing.T) {
	var scenes []scene
	for _, c := range crawlScenes {
		scenes = append(scenes, scene{c.name, c.snap, func(th *theme.Theme) *screen.State { return crawlState(c.parts, th) }})
	}
	compareScenes(t, "crawl", scenes)
}

func TestEveryCrawlFillsEverySizeExactly(t *testing.T) {
	for _, scene := range crawlScenes {
		s := scene.snap()
		for i := -1; i <= 210; i += 3 {
			st := crawlState(scene.parts, theme.New("dark"))
			check(t, scene.name, Crawl(s, st, i, 24), i, 24)
			check(t, scene.name, Crawl(s, st, 80, i), 80, i)
			check(t, scene.name, Crawl(s, st, 160, i), 160, i)
		}
	}
}

func TestTheStripMarksTheSelectedCellAndTheCursor(t *testing.T) {
	s := fixture()
	s.Crawl.Cursor = dhtcore.ID{0xc1}
	st := crawlState(false, theme.New("mono"))
	st.Lists[screen.CellList].Row = 0x42
	lines := Crawl(s, st, 80, 21)
	const laneLabel = 13 // cells to the left of the strip
	at := func(label string, x int) rune {
		for _, l := range lines {
			if strings.HasPrefix(l, " "+label+" ") {
				return []rune(l)[laneLabel+x]
			}
		}
		t.Fatalf("no row %s:\n%s", label, strings.Join(lines, "\n"))
		return 0
	}
	if r := at("40", 2); r != theme.Selected {
		t.Errorf("cell 42 shows %q", r)
	}
	if r := at("c0", 0); r == theme.Up {
		t.Errorf("cell c0 shows %q", r)
	}
	if all := strings.Join(lines, "\n"); strings.Count(all, string(theme.Up)) != 1 {
		t.Errorf("the cursor is not shown once:\n%s", all)
	}
}

func TestTheCursorInsideACell(t *testing.T) {
	s := fixture()
	for _, c := range []struct {
		cursor  dhtcore.ID
		cell    int
		deep    bool
		resting bool
		want    int
	}{
		{dhtcore.ID{0x69, 0x80}, 0, false, false, 0x69},
		{dhtcore.ID{0x69, 0x80}, 0x69, true, false, 0x80},
		{dhtcore.ID{0x69, 0x80}, 0x68, true, false, screen.KeyCells},
		{dhtcore.ID{0x69, 0x80}, 0x6a, true, false, -1},
		{dhtcore.ID{}, 7, false, true, screen.KeyCells},
	} {
		st := crawlState(c.deep, theme.New("mono"))
		st.Lists[screen.CellList].Row = c.cell
		s.Crawl.Cursor, s.Crawl.Resting = c.cursor, c.resting
		if got := st.SweptCell(s); got != c.want {
			t.Errorf("%+v: at %d", c, got)
		}
	}
}

func BenchmarkCrawl(b *testing.B) {
	for _, scene := range crawlScenes[:2] {
		b.Run(scene.name, func(b *testing.B) {
			s, st := scene.snap(), crawlState(scene.parts, theme.New("dark"))
			b.ReportAllocs()
			for b.Loop() {
				Frame(s, st, 200, 60)
			}
		})
	}
}

func TestACrawlAllocatesLittle(t *testing.T) {
	for _, scene := range crawlScenes {
		s, st := scene.snap(), crawlState(scene.parts, theme.New("dark"))
		if n := testing.AllocsPerRun(20, func() { Frame(s, st, 200, 60) }); n > 20 {
			t.Errorf("%s: %v allocations", scene.name, n)
		}
	}
}
