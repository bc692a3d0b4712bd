package ui

import (
	"math"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/dhtcore/human"
)

// How often the screen looks for a new Snapshot.
const (
	paceActive = 100 * time.Millisecond // while somebody is at the keys
	paceIdle   = 250 * time.Millisecond // somebody may be looking
	paceAway   = time.Second            // the terminal has lost the focus, or only the age of a frozen picture moves

	activeFor = 5 * time.Second // after the last key

	slowest = 4  // doublings of these while somebody may be looking
	fastest = -1 // no faster than frames are written
)

// pace is what the interval depends on, and the tick that is pending.
type pace struct {
	lastKey time.Time
	blurred bool
	slower  int       // doublings of the interval, fastest to slowest
	tick    int       // number of the pending tick; any other is stale
	due     time.Time // when it comes
}

// tickMsg is the tick of that number.
type tickMsg int

func (m *Model) interval(now time.Time) time.Duration {
	switch {
	case m.state.Frozen, m.pace.blurred:
		return paceAway
	case now.Sub(m.pace.lastKey) < activeFor:
		return m.pace.stretch(paceActive)
	default:
		return m.pace.stretch(paceIdle)
	}
}

// stretch is an interval at the pace that the user chose.
func (p *pace) stretch(d time.Duration) time.Duration {
	return time.Duration(float64(d) * math.Exp2(float64(p.slower)))
}

// changePace refreshes the screen more often by steps, and tells how often that is.
func (m *Model) changePace(steps int) tea.Cmd {
	now := time.Now()
	m.pace.slower = min(max(m.pace.slower-steps, fastest), slowest)
	m.say(now, "refreshing every %s (idle: %s)", human.Duration(m.pace.stretch(paceActive)), human.Duration(m.pace.stretch(paceIdle)))
	return m.hurry(now)
}

// schedule starts the next tick. There is never more than one that counts, and none outlives Run.
func (m *Model) schedule(now time.Time) tea.Cmd {
	d := m.interval(now)
	m.pace.tick++
	m.pace.due = now.Add(d)
	tick, done := tickMsg(m.pace.tick), m.done
	return func() tea.Msg {
		t := time.NewTimer(d)
		defer t.Stop()
		select {
		case <-t.C:
			return tick
		case <-done:
			return nil
		}
	}
}

// hurry replaces the pending tick when it is further off than the pace now asks for.
func (m *Model) hurry(now time.Time) tea.Cmd {
	if m.pace.due.Sub(now) <= m.interval(now) {
		return nil
	}
	return m.schedule(now)
}

// tick brings the screen up to date.
func (m *Model) tick(t tickMsg, now time.Time) tea.Cmd {
	if int(t) != m.pace.tick {
		return nil
	}
	if m.toast.over(now) {
		m.toast = toast{}
		m.changes++
	}
	if m.state.Frozen {
		m.state.FrozenFor = now.Sub(m.frozenAt)
		m.changes++
	} else {
		m.refresh(now)
	}
	m.tellWarning(now)
	m.progress(now)
	return m.schedule(now)
}
