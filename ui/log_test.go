package ui

import (
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/dhtcore"
	"dhtop/views/screen"
)

// eventful is a scene with a request, a lookup with two findings, a node that joined, and a warning, in this order.
func eventful() *dhtcore.Snapshot {
	s := addLookup(scene("aa", "bb", "cc"), "bb")
	node, at := netip.MustParseAddrPort("198.51.100.7:6881"), time.Now().Add(-time.Minute)
	for i, e := range []dhtcore.Event{
		{Kind: dhtcore.Requested, Hash: hash("aa"), ID: hash("77"), Addr: netip.MustParseAddrPort("203.0.113.5:1")},
		{Kind: dhtcore.LookupStarted, Hash: hash("bb")},
		{Kind: dhtcore.Found, Hash: hash("bb"), ID: hash("02"), Addr: node, N: 7, New: 7},
		{Kind: dhtcore.NodeJoined, ID: hash("02"), Addr: node},
		{Kind: dhtcore.Found, Hash: hash("bb"), ID: hash("03"), Addr: node, N: 9, New: 2},
		{Kind: dhtcore.Warning, Text: "a flooding source is blocked", Addr: node},
	} {
		e.Seq, e.At = uint64(i+1), at.Add(time.Duration(i)*time.Second)
		s.Events = append(s.Events, e)
	}
	s.Quiet, s.Warnings = s.Events[1:], s.Events[5:]
	return s
}

// more adds a request to the log of a scene.
func more(s *dhtcore.Snapshot, digits string) *dhtcore.Snapshot {
	next := *s
	e := dhtcore.Event{Seq: s.Events[len(s.Events)-1].Seq + 1, At: time.Now(), Kind: dhtcore.Requested, Hash: hash(digits)}
	next.Events = append(slices.Clip(s.Events), e)
	return &next
}

func TestTheLogIsReachedByKeyTabNameAndClick(t *testing.T) {
	play(t, func(s *stage) {
		s.show(eventful())
		shown := func(how string) {
			t.Helper()
			if s.m.state.Pane != screen.LogPane {
				t.Errorf("%s leads to %v", how, s.m.state.Pane)
			}
			s.keys("1")
		}
		s.keys("E")
		s.sees(" log ──", "◂ everything ▸ ── 4 lines", "▌", "a flooding source is blocked", "finding     bbbbbbbb…", "9 peers from 2 nodes")
		shown("the key")
		s.keys("1", "shift+tab")
		shown("tab")
		s.keys(":")
		s.typed("log of")
		s.keys("enter")
		shown("the palette")
		s.clicks("┌ now")
		shown("a click")
	})
}

func TestTheLogHasLevels(t *testing.T) {
	play(t, func(s *stage) {
		s.show(eventful())
		s.keys("E", "right")
		s.sees("log: no requests", "◂ no requests ▸ ── 3 lines")
		s.seesNot("requested ")
		s.keys("right")
		s.sees("◂ findings ▸ ── 2 lines", "a flooding source", "9 peers from 2 nodes")
		s.seesNot("joined")
		s.keys("right")
		s.sees("◂ warnings ▸ ── 1 line", "a flooding source")
		s.seesNot("finding ")
		s.keys("right", "left", "left", "left", "left")
		s.sees("◂ everything ▸ ── 4 lines")
		quiet := eventful()
		quiet.Warnings = nil
		s.keys("left")
		s.show(quiet)
		s.sees("Nothing of this level yet")
		s.keys("enter")
		s.sees("nothing of this level yet: left and right change it")
	})
}

func TestTheLogStandsStillWhileItIsRead(t *testing.T) {
	play(t, func(s *stage) {
		snap := eventful()
		s.show(snap)
		s.keys("E")
		snap = more(snap, "dd")
		s.show(snap)
		s.sees("requested   dddddddd…") // the top is followed
		s.keys("j", "j")
		before := s.m.state.LogRow(s.m.snap).Seq
		snap = more(more(snap, "ee"), "ff")
		s.show(snap)
		s.seesNot("eeeeeeee…")
		s.sees("stands still: 2 newer, g shows them")
		if now := s.m.state.LogRow(s.m.snap).Seq; now != before {
			t.Errorf("the selection went from %d to %d", before, now)
		}
		s.keys("g")
		s.show(more(snap, "ab"))
		s.sees("requested   eeeeeeee…", "requested   abababab…")
		s.seesNot("stands still")
	})
}

func TestTheLogIsFiltered(t *testing.T) {
	play(t, func(s *stage) {
		s.show(eventful())
		for filter, lines := range map[string]int{"kind:requested": 1, "flood": 1, "hash:bb": 1, "peers>5": 1, "level:warnings": 1,
			"net:198.51.": 3, "name:aa": 1, "joined": 1, "!kind:warning": 3, "name of bb": 1} {
			s.keys("E", "/")
			s.typed(filter)
			s.keys("enter")
			if got := len(s.m.state.LogRows(s.m.snap)); got != lines {
				t.Errorf("%s: %d lines, want %d\n%s", filter, got, lines, s.screen())
			}
			s.keys("esc")
		}
		s.keys("/")
		s.typed("zzz zzz")
		s.keys("enter")
		s.sees("No line of the log passes the filter")
	})
}

func TestEnterOpensWhatALineOfTheLogIsAbout(t *testing.T) {
	play(t, func(s *stage) {
		s.show(eventful())
		s.keys("E", "enter") // the warning
		s.sees("doctor")
		s.keys("esc", "j", "enter") // the lookup
		s.sees(" lookup " + strings.Repeat("bb", 20))
		s.keys("esc")
		s.sees(" log ──", "▌")
		if row := s.m.state.Lists[screen.LogList].Row; row != 1 {
			t.Errorf("back at row %d", row)
		}
		s.keys("j", "enter") // the node
		s.sees(" node " + strings.Repeat("02", 20))
		s.keys("esc", "G", "enter") // the request
		s.sees("hash " + strings.Repeat("aa", 20))
		s.keys("esc", "l")
		if len(s.started) != 1 || s.started[0] != hash("aa") {
			t.Errorf("looked up %v", s.started)
		}
	})
}

func TestTheLogIsExportedWithTheFindingsOneByOne(t *testing.T) {
	play(t, func(s *stage) {
		t.Chdir(t.TempDir())
		s.show(eventful())
		s.keys("E", "right", "right", "e")
		s.sees("4 events: ndjson")
		s.keys("enter", "enter")
		files, err := os.ReadDir(".")
		if err != nil || len(files) != 1 {
			t.Fatal(files, err)
		}
		got, err := os.ReadFile(files[0].Name())
		if err != nil {
			t.Fatal(err)
		}
		var kinds []string
		for line := range strings.Lines(string(got)) {
			_, rest, _ := strings.Cut(line, `"kind":"`)
			kind, _, _ := strings.Cut(rest, `"`)
			kinds = append(kinds, kind)
		}
		if strings.Join(kinds, " ") != "lookup_started found found warning" {
			t.Errorf("wrote %s", got)
		}
	})
}

func TestTheLogIsMasked(t *testing.T) {
	play(t, func(s *stage) {
		s.show(eventful())
		s.send(tea.WindowSizeMsg{Width: 160, Height: 45})
		s.keys("P", "E")
		s.seesNoAddress("198.51.100.")
		s.seesNoAddress("203.0.113.")
	})
}
