package views

import (
	"testing"
	"time"

	"dhtop/dhtcore"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// fixturePast is a moment of twelve hours in which something happened.
func fixturePast() *screen.Past {
	ago := func(d time.Duration) time.Time { return noon.Add(-d) }
	return &screen.Past{At: noon, Ago: 3 * time.Minute, First: ago(9 * time.Hour), Last: noon.Add(3 * time.Hour), Step: 10 * time.Second,
		Marks: []screen.PastMark{{At: ago(8 * time.Hour), Kind: screen.LookupMark}, {At: ago(8 * time.Hour), Kind: screen.WarningMark},
			{At: ago(5 * time.Hour), Kind: screen.LookupMark}, {At: ago(time.Hour), Kind: screen.AlertMark}, {At: noon.Add(time.Hour), Kind: screen.WarningMark}}}
}

func TestThePastLooksAsInTheGoldensInEveryStyle(t *testing.T) {
	bare := func() *dhtcore.Snapshot { // as recordings are: without what one Viewer looks at
		s := fixture()
		s.Packets, s.Detail, s.Pings, s.Ranking = dhtcore.Packets{}, nil, nil, dhtcore.Ranking{}
		return s
	}
	in := func(pane screen.Pane, change func(*screen.State)) func(*theme.Theme) *screen.State {
		return func(th *theme.Theme) *screen.State {
			st := fixtureState(th)
			st.Pane, st.Past = pane, fixturePast()
			change(st)
			return st
		}
	}
	recording := func(playing bool, at time.Time) func(*screen.State) {
		return func(st *screen.State) {
			st.Past.Recording, st.Past.Playing, st.Past.Speed, st.Past.Step, st.Past.At = true, playing, 2, 0, at
		}
	}
	compareScenes(t, "past", []scene{
		{"overview", bare, in(screen.OverviewPane, func(*screen.State) {})},
		{"hash", bare, in(screen.HashesPane, func(st *screen.State) { st.Zoom = true })},
		{"packets", bare, in(screen.PacketsPane, func(*screen.State) {})},
		{"playing", bare, in(screen.TablePane, recording(true, noon))},
		{"ended", bare, in(screen.LookupsPane, recording(false, fixturePast().Last))},
	})
}

func TestThePastFillsEverySizeExactly(t *testing.T) {
	s := fixture()
	for i := -1; i <= 210; i += 7 {
		st := fixtureState(theme.New("dark"))
		st.Pane, st.Past = screen.Pane(i+1)%screen.Panes, fixturePast()
		st.Past.First = noon.Add(-time.Duration(i) * time.Hour)
		for _, size := range [...]struct{ w, h int }{{i, 24}, {80, i}} {
			lines, _ := Frame(s, st, size.w, size.h)
			check(t, "past", lines, size.w, size.h)
		}
	}
}

func TestAPlaceOnTheScrubLineIsAMomentAndBack(t *testing.T) {
	p := fixturePast()
	for x := range 100 {
		if at := p.Moment((float64(x) + 0.5) / 100); p.Place(at, 100) < x-1 || p.Place(at, 100) > x+1 {
			t.Errorf("cell %d is %v, which is cell %d", x, at, p.Place(at, 100))
		}
	}
	still := &screen.Past{First: noon, Last: noon, At: noon}
	if x := still.Place(noon, 10); x != 9 {
		t.Errorf("of one picture the place is %d", x)
	}
}
