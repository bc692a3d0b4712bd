package views

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"dhtop/dhtcore"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// betweenTitles separates the titles of columns.
var betweenTitles = regexp.MustCompile(`\s{2,}`)

// titles are those of the list that begins with a title, as far as they are columns.
func titles(lines []string, first string) (found []string) {
	for _, l := range lines {
		if l = strings.NewReplacer("▾", " ", "▴", " ").Replace(l); strings.HasPrefix(strings.TrimSpace(l), first+" ") {
			for _, title := range betweenTitles.Split(strings.TrimSpace(l), -1) {
				if !strings.Contains(title, "─") && !strings.Contains(title, "…") {
					found = append(found, title)
				}
			}
			return found
		}
	}
	return nil
}

// TestAWiderScreenShowsNoFewerColumns goes through whole screens, where details come to stand beside the lists. In a lookup
// the nodes and the peers share the room.
func TestAWiderScreenShowsNoFewerColumns(t *testing.T) {
	s := fixture()
	s.Names = map[dhtcore.ID]string{s.Lookups[0].Target: "debian-13.1.0-amd64-netinst.iso"}
	unnamed := fixture()
	for i := range unnamed.Hashes.Top {
		unnamed.Hashes.Top[i].Name = ""
	}
	for _, c := range []struct {
		snap  *dhtcore.Snapshot
		pane  screen.Pane
		first string
	}{
		{s, screen.HashesPane, "#"}, {unnamed, screen.HashesPane, "#"}, {s, screen.TablePane, "state"},
		{unnamed, screen.LookupsPane, "lookup of"}, {s, screen.PacketsPane, "time"},
		{fixtureTracker(), screen.TrackerPane, "#"}, {unnamedSwarms(), screen.TrackerPane, "#"},
	} {
		st := fixtureState(theme.New("mono"))
		st.Pane = c.pane
		var before []string
		for w := 40; w <= 200; w++ {
			lines, _ := Frame(c.snap, st, w, 24)
			now := titles(lines, c.first)
			for _, title := range before {
				if !slices.Contains(now, title) {
					t.Errorf("%s: %q is shown at %d cells and not at %d", c.pane, title, w-1, w)
				}
			}
			before = now
		}
		if len(before) < 7 {
			t.Errorf("%s at 200 cells: %q", c.pane, before)
		}
	}
}
