package ui

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/dhtcore"
)

// tape is a Past that a test fills.
type tape struct {
	mu     sync.Mutex
	snaps  []*dhtcore.Snapshot // the oldest first
	asked  int
	damage time.Time // at this moment and later
}

func (t *tape) Span() (first, last time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.snaps) == 0 {
		return first, last
	}
	return t.snaps[0].At, t.snaps[len(t.snaps)-1].At
}

func (t *tape) At(at time.Time) (*dhtcore.Snapshot, time.Time, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.asked++
	if !t.damage.IsZero() && !at.Before(t.damage) {
		return nil, at, errors.New("a part of the recording is damaged")
	}
	i, found := slices.BinarySearchFunc(t.snaps, at, func(s *dhtcore.Snapshot, at time.Time) int { return s.At.Compare(at) })
	if !found {
		i--
	}
	s := t.snaps[max(i, 0)]
	return s, s.At, nil
}

// pastOf fills a tape with a picture every so often, up to now. Each has one hash more than the one before, and hashes
// are news.
func pastOf(ago, every time.Duration) *tape {
	t, now := new(tape), time.Now()
	for at := now.Add(-ago); !at.After(now); at = at.Add(every) {
		s := scene("aa", "bb", "cc")
		s.At = at
		s.Hashes.Seen = len(t.snaps)
		s.Hashes.Top[0].Name = "at " + at.Format("15:04:05")
		t.snaps = append(t.snaps, s)
	}
	return t
}

// playPast runs a scenario at the end of a past.
func playPast(t *testing.T, ago, every time.Duration, scenario func(s *stage, p *tape)) {
	play(t, func(s *stage) {
		p := pastOf(ago, every)
		s.m.core.Past = p
		now := scene("aa", "bb", "cc")
		now.Hashes.Top[0].Name = "it is now"
		s.show(now)
		scenario(s, p)
	})
}

func (s *stage) seesTime(ago time.Duration) {
	s.Helper()
	s.sees("at " + time.Now().Add(-ago).Format("15:04:05"))
}

func TestBracesMoveTheScreenThroughTime(t *testing.T) {
	playPast(t, time.Hour, time.Second, func(s *stage, _ *tape) {
		s.keys("2")
		s.sees("it is now")
		s.keys("}")
		s.sees("this is now: { goes back in time")
		s.keys("{")
		s.seesTime(time.Second)
		s.sees("space returns to now")
		s.keys("3", "{", "1", "2") // in every pane, and panes change
		s.seesTime(2 * time.Second)
		s.keys("}")
		s.seesTime(time.Second)
		s.keys("}")
		s.sees("it is now")
		s.seesNot("space returns to now")
		s.keys("{", "{", "space")
		s.sees("it is now")
	})
}

func TestStepsGrowWhileTheyAreRepeatedAndShrinkWhenTheyTurn(t *testing.T) {
	playPast(t, 10*time.Hour, 10*time.Second, func(s *stage, p *tape) {
		for range 30 {
			s.keys("{")
		}
		first, last := p.Span()
		if back := last.Sub(s.m.scrub.shown); back < 8*time.Hour {
			t.Errorf("30 keys go back %v", back)
		}
		s.keys("{", "{", "{", "{", "{")
		s.sees("this is the oldest picture there is")
		if !s.m.scrub.shown.Equal(first) {
			t.Errorf("the oldest picture is of %v, not %v", s.m.scrub.shown, first)
		}
		before := s.m.scrub.shown
		s.keys("}")
		if step := s.m.scrub.shown.Sub(before); step <= 0 || step > 15*time.Minute {
			t.Errorf("after a turn a step is %v", step)
		}
		time.Sleep(time.Minute)
		before = s.m.scrub.shown
		s.keys("{")
		if step := before.Sub(s.m.scrub.shown); step != 10*time.Second {
			t.Errorf("after a rest a step is %v, not the next picture", step)
		}
		s.keys("}")
		if !s.m.scrub.shown.Equal(before) {
			t.Errorf("a step forward leads from %v to %v", before, s.m.scrub.shown)
		}
	})
}

func TestTheScreenGoesToATime(t *testing.T) {
	playPast(t, time.Hour, time.Second, func(s *stage, _ *tape) {
		s.keys("2", "@")
		s.sees("go to time ▏", "12:04, -15m before the end")
		s.typed("-15m")
		s.keys("enter")
		s.seesTime(15 * time.Minute)
		want := time.Now().Add(-40 * time.Minute)
		s.keys("@")
		s.typed(want.Format("15:04:05"))
		s.keys("enter")
		s.seesTime(40 * time.Minute)
		s.keys("@")
		s.typed("noon")
		s.keys("enter")
		s.sees(`! "noon" is no time: type 12:04`)
		s.keys("esc", "@")
		s.typed(time.Now().Add(-2 * time.Hour).Format("15:04"))
		s.keys("enter")
		s.sees("nothing was kept of")
		s.keys("esc", "@")
		s.keys("now", "enter")
		s.sees("it is now")
		s.keys("@", "end", "enter") // typed faster than it is read: no key of that name
		s.sees("it is now")
	})
}

func TestMomentsAreReadAsPeopleWriteThem(t *testing.T) {
	zone := time.FixedZone("", 3600)
	first, last := time.Date(2026, 11, 28, 22, 0, 0, 0, zone), time.Date(2026, 11, 29, 8, 30, 0, 0, zone)
	for text, want := range map[string]string{
		"start": "28 22:00:00", "end": "29 08:30:00", "+10m": "28 22:10:00", "-1h30m": "29 07:00:00", "08:15": "29 08:15:00", "-11h": "28 22:00:00", "+11h": "29 08:30:00", "23:59:58": "28 23:59:58",
		"2026-11-29 01:02": "29 01:02:00", "2026-11-29T01:02:03Z": "29 02:02:03", " 2026-11-29T01:02:03+01:00": "29 01:02:03",
	} {
		if got, err := ParseMoment(text, first, last); err != nil || got.Format("02 15:04:05") != want {
			t.Errorf("%q is %v, %v; not %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "+", "-", "--5m", "+5", "12", "25:00", "21:59", "09:00", "2026-11-28"} {
		if got, err := ParseMoment(text, first, last); err == nil {
			t.Errorf("%q is %v", text, got)
		}
	}
}

func TestThePastTakesNoCommands(t *testing.T) {
	playPast(t, time.Hour, time.Second, func(s *stage, _ *tape) {
		s.keys("2", "{", "l")
		s.sees(time.Now().Add(-time.Second).Format("15:04:05") + ", not now: space returns to now")
		if line := s.hintLine(); strings.Contains(line, "look up") {
			t.Errorf("the hints are %q", line)
		}
		s.keys("j")
		if line := s.hintLine(); !strings.Contains(line, "space now") {
			t.Errorf("the hints are %q", line)
		}
		s.keys("space", "l")
		s.sees("looking up")
		if len(s.started) != 1 {
			t.Errorf("%d lookups", len(s.started))
		}
	})
}

func TestAnOldPictureCanBeSortedFilteredAndSelectedIn(t *testing.T) {
	playPast(t, time.Hour, time.Second, func(s *stage, p *tape) {
		for _, snap := range p.snaps {
			snap.Hashes.Top[2].Sources = 99
		}
		s.keys("2", "G", "{")
		s.sees("▌   3 ")
		for s.m.state.HashOrder().Column != dhtcore.BySources {
			s.keys(">")
		}
		if rows := s.m.state.Ranked(s.m.snap); rows[0].InfoHash != hash("cc") {
			t.Fatalf("by sources the first is %v", rows[0].InfoHash)
		}
		ranked := len(s.ranked)
		s.keys("/")
		s.typed("name of bb")
		s.keys("enter", "{")
		s.sees("name of bb", "1 of 3")
		s.seesNot("name of cc")
		if len(s.ranked) != ranked {
			t.Error("the node was asked for a ranking of the past")
		}
		s.keys("space")
		if len(s.ranked) == ranked {
			t.Error("the node was not asked for a ranking of now")
		}
	})
}

func TestAgesAreThoseOfThePicture(t *testing.T) {
	playPast(t, time.Hour, time.Second, func(s *stage, p *tape) {
		for _, snap := range p.snaps {
			snap.Hashes.Top[0].LastSeen = snap.At.Add(-7 * time.Second)
		}
		s.keys("2", "@")
		s.typed("-30m")
		s.keys("enter")
		s.sees(" 7 s")
		s.sees("30 m ago")
		time.Sleep(10 * time.Minute)
		s.send(tickMsg(s.m.timer.tick))
		s.sees(" 7 s", "40 m ago")
	})
}

func TestTheScrubLineShowsWhereAndWhatHappened(t *testing.T) {
	playPast(t, time.Hour, 10*time.Second, func(s *stage, p *tape) {
		at := func(ago time.Duration) time.Time { return time.Now().Add(-ago) }
		for _, snap := range p.snaps {
			for _, ago := range []time.Duration{50 * time.Minute, 20 * time.Minute} {
				if !at(ago).After(snap.At) {
					snap.Warnings = append(snap.Warnings, dhtcore.Event{Kind: dhtcore.Warning, At: at(ago)})
				}
			}
			for _, ago := range []time.Duration{40 * time.Minute, time.Minute} { // the later one pushes the other out
				if !at(ago).After(snap.At) {
					snap.Lookups = []dhtcore.LookupState{{Started: at(ago)}}
				}
			}
		}
		s.keys("@")
		s.typed("-30m")
		s.keys("enter")
		line := s.scrubLine()
		i, j, k, l := strings.Index(line, "!"), strings.Index(line, "·"), strings.Index(line, "█"), strings.LastIndex(line, "!")
		if i < 0 || j < i || k < j || l < k {
			t.Errorf("the scrub line is %q", line)
		}
		if p.asked > 110 {
			t.Errorf("%d pictures were unpacked for it", p.asked)
		}
		s.send(tea.WindowSizeMsg{Width: 60, Height: 10})
		s.sees("30 m ago")
		if line := s.scrubLine(); strings.Contains(line, "█") {
			t.Errorf("a low screen has the scrub line %q", line)
		}
	})
}

// scrubLine is the line above the hints.
func (s *stage) scrubLine() string {
	lines := strings.Split(s.screen(), "\n")
	return lines[len(lines)-2]
}

func TestAClickOnTheScrubLineGoesThere(t *testing.T) {
	playPast(t, time.Hour, time.Second, func(s *stage, _ *tape) {
		s.keys("{")
		s.send(tea.MouseMsg{X: 60, Y: 28, Action: tea.MouseActionPress, Button: tea.MouseButtonLeft})
		if ago := time.Since(s.m.scrub.shown); ago < 25*time.Minute || ago > 35*time.Minute {
			t.Errorf("a click in the middle of an hour goes back %v", ago)
		}
	})
}

func TestADamagedPartIsSaidAndLeft(t *testing.T) {
	playPast(t, time.Hour, time.Second, func(s *stage, p *tape) {
		s.keys("2", "@")
		s.typed("-30m")
		s.keys("enter")
		p.damage = time.Now().Add(-30*time.Minute + 1)
		s.keys("}")
		s.sees("! a part of the recording is damaged")
		s.seesTime(30 * time.Minute)
		s.keys("{")
		s.keys("{")
		s.seesTime(30*time.Minute + time.Second)
	})
}

func TestNoKeyBreaksThePast(t *testing.T) {
	playPast(t, time.Hour, time.Second, func(s *stage, _ *tape) {
		for _, size := range []tea.WindowSizeMsg{{Width: 1, Height: 1}, {Width: 40, Height: 8}, {Width: 200, Height: 60}} {
			s.send(size)
			for _, pane := range []string{"1", "2", "3", "4", "5", "6", "9", "E"} {
				for _, a := range Actions() {
					if a.Group == groupProgram && a.Name != "help" {
						continue
					}
					s.keys(pane, "{")
					s.keys(KeyName(a.Keys[0]))
					s.screen()
					s.keys("esc", "esc")
				}
			}
		}
	})
}

func TestWithoutAPastBracesSayWhy(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("{")
		s.sees("nothing earlier is kept here")
		s.m.core.Past = new(tape)
		s.keys("{")
		s.sees("nothing earlier is kept yet: try again in a moment")
		if line := s.hintLine(); strings.Contains(line, "{") {
			t.Errorf("the hints are %q", line)
		}
	})
}

func TestAReplayPlaysPausesAndStaysAtItsEnd(t *testing.T) {
	play(t, func(s *stage) {
		p := pastOf(time.Minute, time.Second)
		first, last := p.Span()
		s.m.core = Core{Snapshot: func() *dhtcore.Snapshot { return p.snaps[0] }, Past: p, ReadOnly: "a recording takes no commands",
			Replay: &Replay{Start: first.Add(10 * time.Second), Speed: 2}}.whole()
		s.run(s.m.begin(time.Now()))
		at := func(want time.Duration) {
			t.Helper()
			s.send(tickMsg(s.m.timer.tick))
			if got := s.m.scrub.shown.Sub(first); got != want {
				t.Fatalf("%v after its start, not %v", got, want)
			}
		}
		s.keys("2")
		at(10 * time.Second)
		s.sees("playing 2×", "space pauses")
		time.Sleep(5 * time.Second)
		at(20 * time.Second)
		s.keys("space")
		s.sees("paused", "space plays")
		time.Sleep(time.Minute)
		at(20 * time.Second)
		s.keys("{")
		at(19 * time.Second)
		s.keys("space", "+")
		s.sees("the speed is 4×")
		time.Sleep(5 * time.Second)
		at(39 * time.Second)
		s.keys("l")
		s.sees("a recording takes no commands")
		time.Sleep(time.Hour)
		at(time.Minute)
		s.keys("j")
		s.sees("the end, so far")
		s.keys("}")
		s.sees("this is the end of the recording")
		grown := scene("aa")
		grown.At = last.Add(2 * time.Second)
		p.snaps = append(p.snaps, grown)
		time.Sleep(time.Second)
		at(time.Minute + 2*time.Second)
	})
}

func TestAReplayLeavesOutWhatWasNotRecorded(t *testing.T) {
	play(t, func(s *stage) {
		p := pastOf(10*time.Second, time.Second)
		for _, snap := range p.snaps[5:] {
			snap.At = snap.At.Add(8 * time.Hour)
		}
		next := func(at time.Time) time.Time {
			for _, snap := range p.snaps {
				if snap.At.After(at) {
					return snap.At
				}
			}
			return time.Time{}
		}
		s.m.core = Core{Snapshot: func() *dhtcore.Snapshot { return p.snaps[0] }, Past: p, ReadOnly: "no", Replay: &Replay{Speed: 1, Next: next}}.whole()
		s.run(s.m.begin(time.Now()))
		for range 5 {
			time.Sleep(time.Second)
			s.send(tickMsg(s.m.timer.tick))
		}
		s.sees("nothing was recorded for 8 h")
		if !s.m.scrub.shown.Equal(p.snaps[5].At) {
			t.Errorf("it shows %v", s.m.scrub.shown)
		}
	})
}

func TestTheBannerSaysThatAPictureIsAwaited(t *testing.T) {
	playPast(t, time.Hour, time.Second, func(s *stage, _ *tape) {
		_, unpack := s.m.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'{'}})
		s.sees(time.Now().Add(-time.Second).Format("15:04:05") + "  one moment, the past is unpacked")
		s.run(unpack)
		s.sees("1 s ago (the node keeps running)")
	})
}
