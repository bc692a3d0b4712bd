package views

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"dhtop/dhtcore"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

var every = map[string]func(*dhtcore.Snapshot, *screen.State, int, int) []string{
	"overview": Overview, "hashes": Hashes, "table": Table, "lookups": Lookups, "crawl": Crawl, "events": Events, "packets": PacketLog,
	"help": Help, "status": Status, "hints": Hints,
	"frame": func(s *dhtcore.Snapshot, st *screen.State, w, h int) []string {
		lines, _ := Frame(s, st, w, h)
		return lines
	},
}

// ours reports whether what follows an ESC is a sequence of a frame: a look, or the column after a cluster.
func ours(after string) bool {
	if !strings.HasPrefix(after, "[") {
		return false
	}
	end := strings.TrimLeft(after[1:], "0123456789;")
	number := after[1 : len(after)-len(end)]
	return strings.HasPrefix(end, "m") || strings.HasPrefix(end, "G") && number != "" && !strings.Contains(number, ";")
}

// check fails unless lines are exactly h of exactly w cells without a foreign escape sequence.
func check(t *testing.T, name string, lines []string, w, h int) {
	t.Helper()
	if len(lines) != max(h, 0) {
		t.Fatalf("%s at %dx%d: %d lines", name, w, h, len(lines))
	}
	for i, l := range lines {
		if got := ansi.StringWidth(l); got != max(w, 0) {
			t.Fatalf("%s at %dx%d: line %d has %d cells: %q", name, w, h, i, got, l)
		}
		for rest := l; ; {
			_, after, found := strings.Cut(rest, "\x1b")
			if !found {
				break
			}
			if !ours(after) {
				t.Fatalf("%s at %dx%d: a foreign escape sequence in %q", name, w, h, l)
			}
			rest = after
		}
		if !utf8.ValidString(l) || strings.ContainsAny(l, "\a\r\n\t\u202e\u200b\ufeff") {
			t.Fatalf("%s at %dx%d: line %d is not clean: %q", name, w, h, i, l)
		}
	}
}

func FuzzEverySizeIsFilledExactly(f *testing.F) {
	for _, size := range [][2]int{{-1, -1}, {0, 0}, {1, 1}, {39, 7}, {40, 8}, {41, 9}, {59, 15}, {69, 16}, {70, 16}, {99, 20}, {100, 20}, {300, 300}} {
		for flags := range uint16(32) {
			f.Add(int16(size[0]), int16(size[1]), flags, uint8(flags), "a\x1b]52;c;x\x07\x1b[2J\u202e日")
		}
	}
	f.Fuzz(func(t *testing.T, width, height int16, flags uint16, row uint8, name string) {
		w, h := int(width)%302, int(height)%302
		if w < -1 || h < -1 {
			return
		}
		s := fixture()
		switch flags % 5 {
		case 1:
			s = nil
		case 2:
			s = &dhtcore.Snapshot{Notices: []string{name}, Nodes: []dhtcore.Vantage{{}}, Lookups: []dhtcore.LookupState{{}}, Events: []dhtcore.Event{{}}}
		default:
			s.Hashes.Top[0].Name, s.Events[89].Text, s.Lookups[0].Err = name, name, name
			s.Notices = []string{name}
			s.Nodes[0].Contacts[0].Client, s.Lookups[0].Steps[0].Client = name, name
		}
		st := fixtureState(theme.New(theme.Names()[int(flags>>3)%len(theme.Names())]))
		if flags&4 != 0 {
			st.Theme = st.Theme.WithASCII()
			if s != nil {
				s.Lab = fixtureLab(fixture())
				s.Lab.Scenario, s.Lab.Next, s.Lab.Scenarios[0].Name, s.Lab.Scenarios[1].About = name, name, name, name
			}
		}
		st.Pane, st.Zoom, st.Help, st.Masked, st.Frozen = screen.Pane((flags>>5+uint16(row))%uint16(screen.Panes)), flags>>7&1 != 0, flags>>8&3 == 3, flags>>10&1 != 0, flags>>11&1 != 0
		if flags>>12&1 != 0 {
			st.Prompt = &screen.Prompt{Label: "label", Value: name, Cursor: int(row), Err: name, Choices: make([]screen.Key, row%20), Chosen: int(row) - 1}
		}
		if flags>>13&1 != 0 {
			st.Toast.Text = name
			st.Filter, st.Since = screen.Filtered{By: name, Shown: int(width), All: int(height)}, noon
		}
		if st.Pane == screen.TrackerPane && s != nil {
			if s.Tracker = trackerWithSwarms(); row%2 == 0 {
				s.Tracker.Ranking.Rows[0].Name, s.Tracker.Clients[0].Name = name, name
			}
		}
		if st.Doctor = flags>>14&1 != 0; st.Doctor && s != nil {
			s.Warnings, s.Notices = fixture().Events[:row%90], []string{name, name}
		}
		st.Scroll, st.FullDetails = int(row), flags&8 != 0
		for l := range screen.Lists {
			st.Lists[l] = screen.Cursor{Row: int(row), Top: int(flags)}
		}
		for view, draw := range every {
			check(t, view, draw(s, st, w, h), w, h)
		}
	})
}

func TestEveryWidthAndHeightOnce(t *testing.T) {
	s := fixtureTracker()
	for i := -1; i <= 300; i += 7 {
		st := fixtureState(theme.New("dark"))
		st.Pane = screen.Pane(i+1) % screen.Panes
		for view, draw := range every {
			check(t, view, draw(s, st, i, 24), i, 24)
			check(t, view, draw(s, st, 80, i), 80, i)
		}
	}
}

func TestSmallWindowsAskForRoom(t *testing.T) {
	st := fixtureState(theme.New("mono"))
	for _, size := range [][2]int{{39, 20}, {80, 7}} {
		lines, _ := Frame(fixture(), st, size[0], size[1])
		if all := strings.Join(lines, "\n"); !strings.Contains(all, "needs 40x8, has ") {
			t.Errorf("%v: %q", size, all)
		}
	}
}
