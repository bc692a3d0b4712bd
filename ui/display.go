package ui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/views/theme"
)

// freeze stops the refresh of the screen, or resumes it at once. It returns from the past, and pauses a recording.
func freeze(m *Model) tea.Cmd {
	now := time.Now()
	switch {
	case m.scrub.on() && m.core.Replay != nil:
		return m.playOrPause(now)
	case m.scrub.on():
		return m.toNow(now)
	}
	m.state.Frozen = !m.state.Frozen
	m.timer.frozen = m.state.Frozen
	if m.state.Frozen {
		m.frozenAt, m.state.FrozenFor = now, 0
		return nil
	}
	m.refresh(now)
	return m.timer.schedule(now)
}

// mask hides addresses and our own ID, or shows them.
func mask(m *Model) tea.Cmd {
	m.state.Masked = !m.state.Masked
	m.retransform()
	if m.state.Masked {
		m.toast.say(time.Now(), "addresses and our own ID are masked, in copies and exports too")
	} else {
		m.toast.say(time.Now(), "addresses are shown")
	}
	return nil
}

// nextTheme switches to the next theme.
func nextTheme(m *Model) tea.Cmd {
	if m.state.Theme == nil {
		return nil
	}
	next := *theme.New(theme.Next(m.state.Theme.Name))
	next.ASCII, next.Blocks = m.state.Theme.ASCII, m.state.Theme.Blocks
	m.state.Theme = &next
	m.toast.say(time.Now(), "theme %s: --theme %s keeps it", next.Name, next.Name)
	return nil
}

// ResetCounters resets the counters, or restores them.
func resetCounters(m *Model) tea.Cmd {
	now := time.Now()
	if m.transform.RestoreCounters() {
		m.state.Since = time.Time{}
		m.toast.say(now, "showing all counts again")
	} else {
		m.transform.ResetCounters(m.raw)
		m.state.Since = m.raw.At
		m.toast.say(now, "counters are reset; ctrl+r restores them")
	}
	m.retransform()
	return nil
}
