package views

import (
	"testing"

	"dhtop/dhtcore"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// fixtureLog is a Snapshot whose log has events of every kind, and older ones that are no requests.
func fixtureLog() *dhtcore.Snapshot {
	s := fixture()
	s.Names = map[dhtcore.ID]string{s.Hashes.Top[0].InfoHash: s.Hashes.Top[0].Name, s.Hashes.Top[2].InfoHash: s.Hashes.Top[2].Name}
	for i := range s.Events {
		e := s.Events[i]
		if e.Kind == dhtcore.Requested {
			continue
		}
		s.Quiet = append(s.Quiet, e)
		if e.Kind == dhtcore.Warning {
			s.Warnings = append(s.Warnings, e)
		}
	}
	return s
}

func TestTheLogLooksAsInTheGoldensInEveryStyle(t *testing.T) {
	at := func(level screen.LogLevel, row int) func(*theme.Theme) *screen.State {
		return func(th *theme.Theme) *screen.State {
			st := fixtureState(th)
			st.Pane, st.LogLevel = screen.LogPane, level
			st.Lists[screen.LogList].Row = row
			return st
		}
	}
	none := func() *dhtcore.Snapshot { s := fixtureLog(); s.Warnings = nil; return s }
	still := func(th *theme.Theme) *screen.State { // 30 events have come since it is read
		s, st := fixtureLog(), at(screen.EveryEvent, 5)(th)
		s.Events = s.Events[:60]
		st.Follow(s)
		return st
	}
	compareScenes(t, "log", []scene{
		{"everything", fixtureLog, at(screen.EveryEvent, 3)},
		{"findings", fixtureLog, at(screen.Findings, 0)},
		{"no_warnings", none, at(screen.Warnings, 0)},
		{"still", fixtureLog, still},
	})
}

func TestTheLogFillsEverySizeExactly(t *testing.T) {
	s := fixtureLog()
	for i := -1; i <= 210; i += 7 {
		st := fixtureState(theme.New("dark"))
		st.Pane = screen.LogPane
		for _, size := range [...]struct{ w, h int }{{i, 24}, {80, i}} {
			lines, _ := Frame(s, st, size.w, size.h)
			check(t, "log", lines, size.w, size.h)
		}
	}
}
