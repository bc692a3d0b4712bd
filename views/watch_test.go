package views

import (
	"strings"
	"testing"

	"dhtop/dhtcore"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

func watchLook(change func(*screen.State)) func(*theme.Theme) *screen.State {
	return func(th *theme.Theme) *screen.State {
		st := fixtureState(th)
		st.Pane = screen.WatchPane
		if change != nil {
			change(st)
		}
		return st
	}
}

func watchedRow(row int) func(*screen.State) {
	return func(st *screen.State) { st.Lists[screen.WatchList].Row, st.Zoom = row, true }
}

// oneWatched is a list with one entry that was not looked up yet.
func oneWatched() *dhtcore.Snapshot {
	s := fixtureWatch()
	row := s.Watch.Rows[4]
	s.Watch = &dhtcore.Watch{Rows: []*dhtcore.WatchRow{row}, Entries: 1, Rate: 0.8}
	return s
}

func TestTheWatchListLooksAsInTheGoldensInEveryStyle(t *testing.T) {
	compareScenes(t, "watch", []scene{
		{"fifty", fixtureWatch, watchLook(func(st *screen.State) { st.Lists[screen.WatchList].Row = 2 })},
		{"one", oneWatched, watchLook(nil)},
		{"torrent", fixtureWatch, watchLook(watchedRow(0))},
		{"item", fixtureWatch, watchLook(watchedRow(7))},
		{"masked", fixtureWatch, watchLook(func(st *screen.State) { st.Masked = true })},
		{"pinned", fixtureWatch, watchLook(func(st *screen.State) { st.Pane = screen.OverviewPane })},
	})
}

func TestTheMaskedWatchListShowsNoAddress(t *testing.T) {
	for _, zoom := range []bool{false, true} {
		for row := range 4 {
			st := watchLook(func(st *screen.State) { watchedRow(row)(st); st.Masked, st.Zoom = true, zoom })(theme.New("mono"))
			lines, _ := Frame(fixtureWatch(), st, 200, 60)
			all := strings.Join(lines, "\n")
			for _, hidden := range []string{"203.0.113.7", "198.51.100.9"} {
				if strings.Contains(all, hidden) {
					t.Errorf("row %d, zoom %v: it shows %s\n%s", row, zoom, hidden, all)
				}
			}
		}
	}
}
