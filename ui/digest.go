package ui

import (
	"strings"
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
	// digestFor is how long the digest stays, unless a key removes it.
	digestFor = time.Minute
	// freshPicture is how old the picture may be that a digest is made of.
	freshPicture = time.Minute
)

// welcomeBack tells somebody who presses the first key after a while what happened meanwhile.
func (m *Model) welcomeBack(now time.Time) {
	last := m.timer.lastKey
	if last.IsZero() || now.Sub(last) < awayFor || m.scrub.on() || !m.toast.free() {
		return
	}
	m.tellDigest(now, "while you were away, "+human.Age(now.Sub(last))+": ", last)
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
	m.tellDigest(now, "in the last "+human.Age(now.Sub(since))+": ", since)
}

// tellDigest shows what happened since a moment, if anything did.
func (m *Model) tellDigest(now time.Time, intro string, since time.Time) {
	d := dhtcore.DigestOf(m.raw, since)
	if len(d.Lines) == 0 || now.Sub(m.raw.At) > freshPicture { // a recording is of another time
		return
	}
	clauses, alerts := make([]string, len(d.Lines)), false
	for i := range d.Lines {
		clauses[i] = d.Lines[i].Text
		alerts = alerts || len(d.Lines[i].Alerts) > 0
	}
	text := intro + strings.Join(clauses, "; ")
	if alerts {
		text += "; 8 shows the alerts"
	}
	m.toast = toast{screen.Toast{Text: text}, now.Add(digestFor), false}
}
