package ui

import (
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/dhtcore"
	"dhtop/ui/terminal"
	"dhtop/views/theme"
)

// rendered is a renderer on a file, and a terminal that only knows how to place lines.
type rendered struct {
	*renderer
	read  int64
	lines []string
}

func renderOn(s *stage) *rendered {
	f, err := os.CreateTemp(s.TempDir(), "")
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { f.Close() })
	return &rendered{renderer: &renderer{Model: s.m, out: terminal.NewOutput(f, func() { s.Error("the terminal was lost") })}}
}

var placed = regexp.MustCompile(`\x1b\[(\d*);?1?H`)

// follow does what was written since the last call, and returns how many lines were placed and how many
// frames that was in.
func (p *rendered) follow(t *testing.T) (placings, frames int) {
	t.Helper()
	all, err := os.ReadFile(p.out.Name())
	if err != nil {
		t.Fatal(err)
	}
	fresh := string(all[p.read:])
	p.read = int64(len(all))
	frames = strings.Count(fresh, "\x1b[?2026h")
	fresh = strings.NewReplacer("\x1b[?2026h", "", "\x1b[?2026l", "").Replace(fresh)
	if last := strings.LastIndex(fresh, "\x1b[2J"); last >= 0 {
		p.lines, fresh = make([]string, p.height), fresh[last:]
	}
	at := placed.FindAllStringSubmatchIndex(fresh, -1)
	for i, m := range at {
		y := 1
		if m[2] < m[3] {
			y, _ = strconv.Atoi(fresh[m[2]:m[3]])
		}
		end := len(fresh)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		p.lines[y-1] = fresh[m[1]:end]
	}
	return len(at), frames
}

func (p *rendered) holds(t *testing.T) {
	t.Helper()
	if got, want := strings.Join(p.lines, "\n"), p.Model.View(); got != want {
		t.Fatalf("the terminal shows\n%s\nand not\n%s", got, want)
	}
}

func TestAFrameIsOneWriteOfTheLinesThatChanged(t *testing.T) {
	play(t, func(s *stage) {
		p := renderOn(s)
		p.Update(tea.WindowSizeMsg{Width: 100, Height: 24})
		if lines, frames := p.follow(t); lines != 24 || frames != 1 {
			t.Errorf("%d lines in %d frames at first", lines, frames)
		}
		p.holds(t)
		p.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("j")})
		if lines, frames := p.follow(t); lines != 2 || frames != 1 {
			t.Errorf("%d lines in %d frames for a selection", lines, frames)
		}
		p.holds(t)
		p.Update(tickMsg(-1))
		if lines, frames := p.follow(t); lines != 0 || frames != 0 {
			t.Errorf("%d lines in %d frames for nothing", lines, frames)
		}
		p.Update(tea.ClearScreen())
		if lines, frames := p.follow(t); lines != 24 || frames != 1 {
			t.Errorf("%d lines in %d frames for the whole", lines, frames)
		}
		p.holds(t)
	})
}

func TestTheMouseIsTakenAndLeft(t *testing.T) {
	play(t, func(s *stage) {
		p := renderOn(s)
		p.Update(tea.DisableMouse())
		p.Update(tea.EnableMouseCellMotion())
		got, err := os.ReadFile(p.out.Name())
		if err != nil {
			t.Fatal(err)
		}
		if left, taken := strings.Index(string(got), terminal.DisableMouse), strings.Index(string(got), terminal.EnableMouse); left < 0 || taken < left {
			t.Errorf("wrote %q", got)
		}
	})
}

// TestAStormOfSizes resizes a thousand times, as somebody who drags the corner of the window, and worse.
func TestAStormOfSizes(t *testing.T) {
	play(t, func(s *stage) {
		p := renderOn(s)
		r := rand.New(rand.NewPCG(1, 2))
		for i := range 1000 {
			size := tea.WindowSizeMsg{Width: r.IntN(302) - 1, Height: r.IntN(302) - 1}
			p.Update(size)
			if i%7 == 0 {
				s.keys(strconv.Itoa(1 + i%7))
			}
			if size.Width > 0 && size.Height > 0 {
				s.screen()
			}
		}
		p.follow(t)
		p.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
		p.follow(t)
		p.holds(t)
	})
}

// crowd is a Snapshot with as many hashes as there can be.
func crowd() *dhtcore.Snapshot {
	s := scene()
	for i := range dhtcore.MaxHashes {
		s.Hashes.Top = append(s.Hashes.Top, dhtcore.HashRow{Rank: i + 1, InfoHash: dhtcore.ID{byte(i), byte(i >> 8)},
			Requests: uint64(9000 - i), Name: fmt.Sprintf("name %d", i), FirstSeen: s.Started, LastSeen: s.At})
	}
	s.Hashes.Seen = dhtcore.MaxHashes
	return s
}

// bench measures what happens to a renderer of 200x60 with a full ranking.
func bench(b *testing.B, step func(p *renderer, snap **dhtcore.Snapshot)) {
	snap := crowd()
	f, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	m := newModel(b.Context(), Core{Snapshot: func() *dhtcore.Snapshot { return snap }, RankBy: func(dhtcore.Order) {}, WatchHash: func(dhtcore.ID) error { return nil },
		WatchPackets: func(bool, *dhtcore.PacketFilter) error { return nil }}, Config{Theme: theme.New("dark")}, f)
	p := &renderer{Model: m, out: terminal.NewOutput(f, func() {})}
	p.Update(tea.WindowSizeMsg{Width: 200, Height: 60})
	b.ReportAllocs()
	for b.Loop() {
		step(p, &snap)
	}
}

// BenchmarkFrameOfANewSnapshot has every count and two ranks changed since the frame before.
func BenchmarkFrameOfANewSnapshot(b *testing.B) {
	this, next := crowd(), crowd()
	for i := range next.Hashes.Top {
		next.Hashes.Top[i].Requests++
	}
	next.Hashes.Top[3], next.Hashes.Top[4] = next.Hashes.Top[4], next.Hashes.Top[3]
	bench(b, func(p *renderer, snap **dhtcore.Snapshot) {
		this, next = next, this
		*snap = this
		p.refresh(time.Now())
		p.render()
	})
}

func BenchmarkView(b *testing.B) {
	bench(b, func(p *renderer, _ **dhtcore.Snapshot) {
		p.changes++
		p.Model.View()
	})
}

func BenchmarkFrameWhenNothingChanged(b *testing.B) {
	bench(b, func(p *renderer, _ **dhtcore.Snapshot) {
		p.refresh(time.Now())
		p.render()
	})
}

func BenchmarkKeyToFrame(b *testing.B) {
	down := true
	bench(b, func(p *renderer, _ **dhtcore.Snapshot) {
		key := "j"
		if down = !down; down {
			key = "k"
		}
		p.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(key)})
	})
}
