package ui

import (
	"math"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/dhtcore/human"
)

// How often the screen takes a new Snapshot.
const (
	activeInterval = 100 * time.Millisecond // while somebody is at the keys
	idleInterval   = 250 * time.Millisecond // somebody may be looking
	awayInterval   = time.Second            // the terminal has lost the focus, or only the age of a frozen screen moves

	activeFor = 5 * time.Second // after the last key

	mostDoublings  = 4  // of the intervals while somebody may be looking
	leastDoublings = -1 // no faster than frames are written
)

// refreshTimer says when the screen takes its next Snapshot: what the interval depends on, and the pending tick.
type refreshTimer struct {
	done <-chan struct{} // closed at the end of Run, which no tick outlives

	lastKey   time.Time
	blurred   bool      // the terminal has lost the focus
	frozen    bool      // nothing moves on the screen but the age of a picture
	hidden    bool      // another node is on the screen
	doublings int       // of the interval, chosen by the user
	tick      int       // number of the pending tick; any other is stale
	due       time.Time // of the pending tick
}

// tickMsg is the tick of that number.
type tickMsg int

// interval returns how long the next tick takes.
func (r *refreshTimer) interval(now time.Time) time.Duration {
	switch {
	case r.frozen, r.blurred, r.hidden:
		return awayInterval
	case now.Sub(r.lastKey) < activeFor:
		return r.scaled(activeInterval)
	default:
		return r.scaled(idleInterval)
	}
}

// scaled returns an interval at the rate that the user chose.
func (r *refreshTimer) scaled(d time.Duration) time.Duration {
	return time.Duration(float64(d) * math.Exp2(float64(r.doublings)))
}

// faster halves the interval steps times, within bounds.
func (r *refreshTimer) faster(steps int) {
	r.doublings = min(max(r.doublings-steps, leastDoublings), mostDoublings)
}

// schedule starts the next tick. It makes any other stale.
func (r *refreshTimer) schedule(now time.Time) tea.Cmd {
	d := r.interval(now)
	r.tick++
	r.due = now.Add(d)
	tick, done := tickMsg(r.tick), r.done
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

// hurry replaces the pending tick if it is later than the interval now allows.
func (r *refreshTimer) hurry(now time.Time) tea.Cmd {
	if r.due.Sub(now) <= r.interval(now) {
		return nil
	}
	return r.schedule(now)
}

// changeRefresh refreshes the screen more often by steps, and says how often that is.
func changeRefresh(m *Model, steps int) tea.Cmd {
	now := time.Now()
	m.timer.faster(steps)
	m.toast.say(now, "refreshing every %s (idle: %s)",
		human.Duration(m.timer.scaled(activeInterval)), human.Duration(m.timer.scaled(idleInterval)))
	return m.timer.hurry(now)
}

// tick brings the screen up to date.
func (m *Model) tick(t tickMsg, now time.Time) tea.Cmd {
	if int(t) != m.timer.tick {
		return nil
	}
	if m.toast.over(now) {
		m.toast = toast{}
		m.changes++
	}
	m.followLink(now)
	var past tea.Cmd
	switch {
	case m.scrub.on():
		past = m.tickPast(now)
	case m.state.Frozen:
		m.state.FrozenFor = now.Sub(m.frozenAt)
		m.changes++
	default:
		m.refresh(now)
	}
	if m.warnings.show(&m.toast, now) || m.exporting.showProgress(&m.toast, now) {
		m.changes++
	}
	return tea.Batch(past, m.timer.schedule(now))
}
