package ui

import (
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/screen"
)

const (
	// awayFor is how long without a key somebody was away.
	awayFor = time.Hour
	// attachedAfter is how far back the digest of a node reaches to which somebody attaches.
	attachedAfter = 24 * time.Hour
	// freshPicture is how old the picture may be that a digest is made of.
	freshPicture = time.Minute
)

// welcomeBack tells somebody what happened meanwhile who presses the first key after a while. The key has done its work.
func (m *Model) welcomeBack(now time.Time) {
	last := m.timer.lastKey
	if last.IsZero() || now.Sub(last) < awayFor || m.scrub.on() || !m.toast.free() {
		return
	}
	m.tellDigest(now, "while you were away, "+human.Age(now.Sub(last)), last)
}

// welcome tells somebody who has attached to a node what happened there lately, where something of the watch list did. It
// does so once.
func (m *Model) welcome(now time.Time) {
	if m.welcomed || m.core.Link == nil || m.raw.Started.IsZero() || !m.toast.free() {
		return // it is told when the toast of the connection has gone
	}
	m.welcomed = true
	since := now.Add(-attachedAfter)
	if since.Before(m.raw.Started) {
		since = m.raw.Started
	}
	if d := dhtcore.DigestOf(m.raw, since); len(d.Lines) == 0 || len(d.Lines[0].Alerts) == 0 {
		return
	}
	m.tellDigest(now, "in the last "+human.Age(now.Sub(since)), since)
}

// tellDigest lays what happened since a moment over the pane, if anything did.
func (m *Model) tellDigest(now time.Time, title string, since time.Time) {
	if now.Sub(m.raw.At) > freshPicture { // a recording is of another time
		return
	}
	if d := screen.NewDigest(m.raw, title, since); d != nil {
		m.state.Digest, m.state.Lists[screen.DigestList] = d, screen.Cursor{}
		m.changes++
	}
}

// openDigest opens what the selected line is about: an entry of the watch list, several, our own node, or the ranking.
func (m *Model) openDigest() {
	d := m.state.Digest
	line := &d.Lines[screen.Clamp(m.state.Lists[screen.DigestList].Row, len(d.Lines))]
	m.state.Digest = nil
	switch {
	case len(line.Targets) == 1:
		m.openAlert(line.Targets[0])
	case len(line.Targets) > 1:
		m.goTo(screen.WatchPane, false) // where those with alerts are first
		m.state.Select(m.snap, screen.WatchList, 0)
	case len(line.Alerts) > 0:
		m.state.Doctor = true
	default:
		m.goTo(screen.HashesPane, false)
	}
}
