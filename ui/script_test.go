package ui

import (
	"bytes"
	"errors"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"dhtop/dhtcore"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// stage is a Model with a core that the test plays, and what the Model asked of it.
type stage struct {
	*testing.T
	m            *Model
	snap         *dhtcore.Snapshot
	taken        int // Snapshots that the Model asked for
	started      []dhtcore.ID
	told         []announced
	named        []dhtcore.ID
	scraped      []dhtcore.ID
	crawling     []bool
	scaled       []float64
	limits       dhtcore.Limits // what ScaleLimits returns
	zoomed       []byte
	watched      subscriptions // what WatchPackets was told last
	noted        []string      // what was put into the log
	learned      [][]dhtcore.ID
	refuse       error // what the commands that can fail return
	pinged       []int // how often at most; -1 for StopPing
	rankedSwarms []dhtcore.SwarmQuery
	ranked       []dhtcore.Order
	watching     []dhtcore.WatchEntry
	unwatched    []dhtcore.ID
	seen         dhtcore.ID // what WatchHash was told last
	stopped      int        // times that the process was suspended
	term         bytes.Buffer
	quit         bool
}

// announced is a call of StartAnnounce.
type announced struct {
	hash dhtcore.ID
	port uint16
}

// play runs a scenario on a stage of 120x30 with three hashes, a node and no lookup.
func play(t *testing.T, scenario func(s *stage)) {
	synctest.Test(t, func(t *testing.T) {
		s := &stage{T: t, snap: scene("aa", "bb", "cc")}
		s.m = newModel(t.Context(), Core{
			Snapshot:    func() *dhtcore.Snapshot { s.taken++; return s.snap },
			StartLookup: func(id dhtcore.ID) error { s.started = append(s.started, id); return s.refuse },
			StartAnnounce: func(id dhtcore.ID, port uint16) error {
				s.told = append(s.told, announced{id, port})
				return s.refuse
			},
			StartFetchName: func(id dhtcore.ID) error {
				s.named = append(s.named, id)
				return s.refuse
			},
			Watch: func(e dhtcore.WatchEntry) (bool, error) {
				s.watching = append(s.watching, e)
				return true, s.refuse
			},
			Unwatch:     func(id dhtcore.ID) error { s.unwatched = append(s.unwatched, id); return s.refuse },
			StartScrape: func(id dhtcore.ID) (int, error) { s.scraped = append(s.scraped, id); return 3, s.refuse },
			SetCrawl:    func(on bool) { s.crawling = append(s.crawling, on) },
			ScaleLimits: func(f float64) dhtcore.Limits { s.scaled = append(s.scaled, f); return s.limits },
			ZoomCrawl: func(prefix byte) (cells screen.CrawlCells) {
				s.zoomed = append(s.zoomed, prefix)
				cells[0x42].Nodes = len(s.zoomed)
				return cells
			},
			WatchPackets: func(on bool, f *dhtcore.PacketFilter) error {
				s.watched = subscriptions{packets: on, filter: f}
				return nil
			},
			StartPing: func(_ netip.AddrPort, _ dhtcore.ID, times int) error {
				s.pinged = append(s.pinged, times)
				return s.refuse
			},
			StopPing:      func() { s.pinged = append(s.pinged, -1) },
			RankBy:        func(o dhtcore.Order) { s.ranked = append(s.ranked, o) },
			RankSwarmsBy:  func(o dhtcore.SwarmQuery) { s.rankedSwarms = append(s.rankedSwarms, o) },
			WatchHash:     func(id dhtcore.ID) error { s.seen = id; return nil },
			ParseTorrents: dhtcore.ParseTorrents,
			LearnTorrent:  func(t *dhtcore.Torrent) { s.learned = append(s.learned, t.Hashes) },
			Note:          func(text string) { s.noted = append(s.noted, text) },
		}, Config{Theme: theme.New("mono")}, &s.term)
		s.m.stop = func() { s.stopped++ }
		s.m.Init()
		s.send(tea.WindowSizeMsg{Width: 120, Height: 30})
		scenario(s)
	})
}

// hash is the hash that begins with two hex digits.
func hash(digits string) dhtcore.ID {
	var id dhtcore.ID
	if err := id.UnmarshalText([]byte(strings.Repeat(digits, 20))); err != nil {
		panic(err)
	}
	return id
}

// scene is a Snapshot with hashes in the order of their rank.
func scene(hashes ...string) *dhtcore.Snapshot {
	s := &dhtcore.Snapshot{At: time.Now(), Started: time.Now().Add(-time.Minute), Phase: dhtcore.Serving}
	for i, digits := range hashes {
		s.Hashes.Top = append(s.Hashes.Top, dhtcore.HashRow{Rank: i + 1, InfoHash: hash(digits), Requests: uint64(100 - i), Name: "name of " + digits})
	}
	s.Hashes.Seen = len(hashes)
	s.Nodes = []dhtcore.Vantage{{ID: hash("01"), Good: 1, Contacts: []dhtcore.TableNode{{Client: "libtorrent 2.0.8"}}}}
	s.Nodes[0].Contacts[0].ID = hash("02")
	return s
}

// addLookup adds a lookup, the newest, to a Snapshot.
func addLookup(s *dhtcore.Snapshot, digits string) *dhtcore.Snapshot {
	steps := make([]dhtcore.Step, 3)
	for i := range steps {
		steps[i].Round = 1
	}
	s.Lookups = append([]dhtcore.LookupState{{Target: hash(digits), Started: time.Now(), Round: dhtcore.Round{Asked: 3}, Steps: steps}}, s.Lookups...)
	return s
}

// send gives the Model a message and runs what it asks for, ticks excepted.
func (s *stage) send(msg tea.Msg) {
	_, cmd := s.m.Update(msg)
	s.run(cmd)
}

func (s *stage) run(cmd tea.Cmd) { runCommand(cmd, s.send, &s.quit) }

// runCommand runs a command as Bubble Tea does, ticks excepted: the test ticks by itself. send takes its message.
func runCommand(cmd tea.Cmd, send func(tea.Msg), quit *bool) {
	if cmd == nil {
		return
	}
	result := make(chan tea.Msg, 1)
	go func() { result <- cmd() }()
	synctest.Wait()
	select {
	case msg := <-result:
		switch msg := msg.(type) {
		case tea.BatchMsg:
			for _, c := range msg {
				runCommand(c, send, quit)
			}
		case tea.QuitMsg:
			*quit = true
		case nil:
		default:
			send(msg)
		}
	default: // a tick
	}
}

// keys presses keys, written as people do.
func (s *stage) keys(keys ...string) {
	named := map[string]tea.KeyMsg{
		"enter": {Type: tea.KeyEnter}, "esc": {Type: tea.KeyEsc}, "tab": {Type: tea.KeyTab}, "shift+tab": {Type: tea.KeyShiftTab},
		"left": {Type: tea.KeyLeft}, "right": {Type: tea.KeyRight}, "up": {Type: tea.KeyUp}, "down": {Type: tea.KeyDown}, "space": {Type: tea.KeySpace, Runes: []rune{' '}},
		"ctrl+d": {Type: tea.KeyCtrlD}, "ctrl+u": {Type: tea.KeyCtrlU}, "ctrl+c": {Type: tea.KeyCtrlC}, "ctrl+r": {Type: tea.KeyCtrlR}, "ctrl+z": {Type: tea.KeyCtrlZ}, "backspace": {Type: tea.KeyBackspace},
	}
	for _, k := range keys {
		msg, ok := named[k]
		if !ok {
			msg = tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(k)}
		}
		s.send(msg)
	}
}

// typed types text rune by rune.
func (s *stage) typed(text string) {
	for _, r := range text {
		s.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}})
	}
}

// show puts a Snapshot in front of the Model and ticks.
func (s *stage) show(snap *dhtcore.Snapshot) {
	s.snap = snap
	s.send(tickMsg(s.m.timer.tick))
}

// screen is what is on the screen.
func (s *stage) screen() string {
	s.Helper()
	text := s.m.View()
	lines := strings.Split(text, "\n")
	if len(lines) != s.m.height {
		s.Fatalf("%d lines on a screen of %d", len(lines), s.m.height)
	}
	for _, l := range lines {
		if ansi.StringWidth(l) != s.m.width {
			s.Fatalf("a line of %d cells on a screen of %d: %q", ansi.StringWidth(l), s.m.width, l)
		}
	}
	return text
}

// sees fails unless each text is on the screen.
func (s *stage) sees(texts ...string) {
	s.Helper()
	screen := s.screen()
	for _, text := range texts {
		if !strings.Contains(screen, text) {
			s.Fatalf("%q is not on the screen:\n%s", text, screen)
		}
	}
}

// seesNot fails if a text is on the screen.
func (s *stage) seesNot(text string) {
	s.Helper()
	if screen := s.screen(); strings.Contains(screen, text) {
		s.Fatalf("%q is on the screen:\n%s", text, screen)
	}
}

var errRefused = errors.New("too many lookups run: wait for one to end")
