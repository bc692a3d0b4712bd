package ui

import (
	"time"

	"dhtop/dhtcore"
	"dhtop/ui/transform"
	"dhtop/views/screen"
)

// followLink brings what the screen says of the connection to a node elsewhere up to date, and shows the errors of
// commands that it has refused meanwhile.
func (m *Model) followLink(now time.Time) {
	if m.core.Late != nil {
		for err := m.core.Late(); err != nil; err = m.core.Late() {
			m.toast.complain(now, err.Error())
			m.changes++
		}
	}
	if m.core.Link == nil {
		return
	}
	link, before := m.core.Link(), m.state.Link
	if before != nil && link == *before {
		return
	}
	m.state.Link = &link
	m.changes++
	if before == nil {
		before = new(screen.Link)
	}
	if link.Shown && !before.Shown && m.targets == nil && m.toast.free() {
		m.toast.say(now, "attached to %s, which goes on when you quit", link.Name)
	}
	for _, news := range []struct{ was, is string }{{before.Lacks, link.Lacks}, {before.ReadOnly, link.ReadOnly}} {
		if news.is != "" && news.is != news.was {
			m.toast.say(now, "%s", news.is)
			m.toast.until = now.Add(badToastFor)
		}
	}
}

// restarted forgets what was known of a run of a node elsewhere that has ended, as the numbers of its
// events begin anew, and keeps what is selected until the new run knows it.
func (m *Model) restarted(s *dhtcore.Snapshot) {
	if m.core.Link == nil || m.raw.Started.IsZero() || s.Started.Equal(m.raw.Started) {
		return
	}
	m.warnings.seen = 0
	m.highlights = transform.Highlights{}
	m.transform.RestoreCounters()
	m.state.Since = time.Time{}
	m.state.Await()
}
