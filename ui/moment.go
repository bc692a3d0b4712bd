package ui

import (
	"errors"
	"fmt"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/views/screen"
)

// dayLayouts are the ways to write a time of day; dateLayouts those of a date with one.
var (
	dayLayouts  = []string{"15:04", "15:04:05"}
	dateLayouts = []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04"}
)

// ParseMoment reads a moment of the time from first to last: RFC 3339, a date and a time or a time of day in the zone of
// last, "+10m" from the first on, "-15m" before the last, "start" or "end". A time of day is the latest that is not after
// last. An offset that is too long ends at first or last; any other moment outside is an error.
func ParseMoment(text string, first, last time.Time) (time.Time, error) {
	at, err := parseMoment(strings.TrimSpace(text), first, last)
	switch {
	case err != nil:
		return time.Time{}, err
	case at.Before(first) || at.After(last):
		return time.Time{}, fmt.Errorf("nothing was kept of %s: the past goes from %s to %s",
			at.Format(time.DateTime), first.Format(time.DateTime), last.Format(time.DateTime))
	}
	return at, nil
}

func parseMoment(text string, first, last time.Time) (time.Time, error) {
	switch text {
	case "":
		return time.Time{}, errors.New("a time is missing: type 12:04, -15m or +10m")
	case "start":
		return first, nil
	case "end", "now":
		return last, nil
	}
	if sign := text[0]; sign == '+' || sign == '-' {
		d, err := time.ParseDuration(text[1:])
		if err != nil || d < 0 {
			return time.Time{}, fmt.Errorf("%q is no length of time: type -15m, +1h30m or +90s", text)
		}
		d = min(d, last.Sub(first))
		if sign == '+' {
			return first.Add(d), nil
		}
		return last.Add(-d), nil
	}
	for _, layout := range dayLayouts {
		t, err := time.ParseInLocation(layout, text, last.Location())
		if err != nil {
			continue
		}
		on := func(days int) time.Time {
			y, mo, d := last.AddDate(0, 0, days).Date()
			return time.Date(y, mo, d, t.Hour(), t.Minute(), t.Second(), 0, last.Location())
		}
		if on(0).After(last) {
			return on(-1), nil
		}
		return on(0), nil
	}
	for _, layout := range dateLayouts {
		if t, err := time.ParseInLocation(layout, text, last.Location()); err == nil {
			return t.In(last.Location()), nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no time: type 12:04, 2026-01-02 15:04, -15m (before the end) or +10m (after the start)", text)
}

// askMoment asks when to go.
func askMoment(m *Model) tea.Cmd {
	first, last := m.core.Past.Span()
	hint := fmt.Sprintf("12:04, -15m before the end, +10m after the start; from %s to %s", screen.Clock(first, last), screen.Clock(last, last))
	m.ask("go to time", hint, "", func(m *Model, value string) (tea.Cmd, error) {
		first, last := m.core.Past.Span()
		now := time.Now()
		if v := strings.TrimSpace(value); m.core.Replay == nil && (v == "now" || v == "end") {
			return m.toNow(now), nil
		}
		at, err := ParseMoment(value, first, last)
		if err != nil {
			return nil, err
		}
		return m.seek(at, false, now), nil
	})
	return nil
}
